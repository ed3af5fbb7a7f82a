/** Slopes of a value function in x. */
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { asArray, steepestStep } from '../fields.ts';

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

/** The largest difference quotient of neighbours along the first axes, by default along all. */
export function steepestSlope(v: GridFunction, axes = v.grid.axes.length): number {
  return Math.max(...v.grid.axes.slice(0, axes).map(({ spacing }, a) => steepestStep(asArray(v), a) / spacing));
}

/** Slopes below this part of the steepest are those of a plateau. */
const PLATEAU = 1e-3;

/** Whether a slope is that of a plateau, where rounding would choose the control. */
export function isPlateau(p: ArrayLike<number>, steepest: number): boolean {
  return Math.hypot(...Array.from(p)) < PLATEAU * steepest;
}

/** p, or 0 on a plateau of v. */
export function flattened(p: readonly number[], steepest: number): readonly number[] {
  return isPlateau(p, steepest) ? p.map(() => 0) : p;
}
