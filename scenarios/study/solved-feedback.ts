/** The control that a solved value gives at τ = T, where there is one to choose. */
import { controlledRate, onlyControl } from '../../src/control/control-set.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import { argminLaw, multilinear, valueSlopes } from '../../src/paths/value-slopes.ts';
import { isPlateau, steepestSlope } from './slopes.ts';

/** u*(x,y) at t = 0; null where V is flat and every control costs the same, so that rounding would choose. */
export type SolvedFeedback = (x: Coordinates, y: Coordinates) => readonly number[] | null;

/** Whether U has more than one point. */
export function hasChoice({ controls }: Problem): boolean {
  return onlyControl(controls) === null;
}

/** argmin_{u∈U} [φ·D_xV + ℓ] with central differences of a value on x × y nodes, or of a limit on x nodes. */
export function solvedFeedback(problem: Problem, value: GridFunction): SolvedFeedback {
  const slopes = valueSlopes(problem, value.grid, [value.values]);
  const law = argminLaw(problem, slopes);
  const read = multilinear(value.grid);
  const p = new Float64Array(problem.slowDrift.length);
  const rest = new Float64Array(p.length);
  const steepest = steepestSlope(value, p.length);
  const few = finiteControls(problem);
  return (x, y) => {
    read(p, slopes.windows[0], [...Array.from(x), ...Array.from(y)]);
    if (few !== null && isPlateau(p, steepest)) {
      const rates = few.map((u) => controlledRate(problem, x, y, rest, u));
      if (rates.every((rate) => rate === rates[0])) return null;
    }
    return Array.from(law(0, x, y));
  };
}
