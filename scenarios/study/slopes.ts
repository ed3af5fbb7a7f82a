/** Slopes of a value function in x. */
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';

/** Central differences over one cell on each side, one-sided at the ends of the box. */
export function slopeAt(v: GridFunction, x: readonly number[]): number[] {
  return v.grid.axes.map(({ lower, upper, spacing }, i) => {
    const [left, right] = [Math.max(x[i] - spacing, lower), Math.min(x[i] + spacing, upper)];
    const at = (value: number) =>
      sample(
        v,
        x.map((own, k) => (k === i ? value : own)),
        x.map(() => 1),
      );
    return (at(right) - at(left)) / (right - left);
  });
}

/** The largest difference quotient of neighbours. */
export function steepestSlope({ grid, values }: GridFunction): number {
  return grid.strides.reduce((most, stride, a) => {
    let found = most;
    for (let k = 0; k + stride < values.length; k++) {
      if (Math.floor(k / stride) % grid.shape[a] === grid.shape[a] - 1) continue;
      found = Math.max(found, Math.abs(values[k + stride] - values[k]) / grid.axes[a].spacing);
    }
    return found;
  }, 0);
}

/** Slopes below this part of the steepest are those of a plateau. */
const PLATEAU = 1e-3;

/** p, or 0 on a plateau of v, where every control is optimal and rounding would choose. */
export function flattened(p: readonly number[], steepest: number): readonly number[] {
  return Math.hypot(...p) < PLATEAU * steepest ? p.map(() => 0) : p;
}
