/**
 * The feedback of a computed value function for n = m = 1,
 *
 *   ν(t,x,y) ∈ argmin_{u∈U} [φ(x,y,u) ∂ₓV(T−t,x,y) + ℓ(x,y,u)],
 *
 * over the controls at which H is attained (extremalControls, the fixed candidates of the slow Hamiltonian). ∂ₓV is
 * the central difference on the nodes and linear between them; φ and ℓ are taken at the point itself, so the control
 * that is simulated is admissible everywhere and its cost is no less than Vᵉ. (Interpolating the closed-loop drift
 * would smear its kink where u switches, and be faster than any control can be.)
 */
import type { Axis } from '../grid/axis.ts';
import { extremalControls, minimizer } from '../problem/hamiltonian.ts';
import type { Problem } from '../problem/problem.ts';
import { type DriftTable, interpolate, tableAxis } from './drift-table.ts';
import type { ControlLaw } from './path-system.ts';

/** Tables of (∂ₓV, 0), one for each of equally long windows of time. */
export interface SlopeTables {
  readonly horizon: number;
  readonly windows: readonly DriftTable[];
}

/** The slopes of values on x × y nodes, or on x nodes only (the limit v), given in the order of the windows. */
export function slopeTables(
  horizon: number,
  axes: { readonly x: Axis; readonly y: Axis | null },
  values: readonly Float64Array[],
): SlopeTables {
  const { x } = axes;
  // A value without y is the same on both rows of its table.
  const y = axes.y === null ? { lower: 0, perSpacing: 1, nodes: 2 } : tableAxis(axes.y, axes.y.nodes);
  const windows = values.map((value) => {
    const slopes = new Float64Array(2 * x.nodes * y.nodes);
    for (let k = 0; k < x.nodes * y.nodes; k++) {
      const i = k % x.nodes;
      const row = axes.y === null ? 0 : k - i;
      const [left, right] = [Math.max(i - 1, 0), Math.min(i + 1, x.nodes - 1)];
      slopes[2 * k] = (value[row + right] - value[row + left]) / ((right - left) * x.spacing);
    }
    return { x: tableAxis(x, x.nodes), y, values: slopes };
  });
  return { horizon, windows };
}

/** The window of a time; a hair of slack keeps a time at the seam in the later one, whatever its rounding. */
export function windowAt({ horizon, windows }: SlopeTables, t: number): number {
  return Math.min(Math.max(Math.floor((t / horizon) * windows.length + 1e-9), 0), windows.length - 1);
}

/** ν as a function of (t,x,y). */
export function argminLaw(problem: Problem, slopes: SlopeTables): ControlLaw {
  const controls = extremalControls(problem);
  const slope = new Float64Array(2);
  return (t, x, y) => {
    interpolate(slope, slopes.windows[windowAt(slopes, t)], x[0], y[0]);
    return controls[minimizer(problem, controls, { x, y, p: slope })];
  };
}
