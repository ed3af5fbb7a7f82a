import type { Coordinates, Interval } from '../model/problem.ts';

/** Step of central differences relative to the width of the axis: truncation and round-off both near 1e-10. */
const DIFFERENCE = 1e-5;

/** Central differences, one-sided at the ends of the box: entry [i][k] = ∂field_i/∂z_k. */
export function jacobian(
  fields: readonly ((z: Coordinates) => number)[],
  point: Coordinates,
  sides: readonly Interval[],
): number[][] {
  const shifted = Array.from(point);
  const rows = fields.map(() => new Array<number>(point.length).fill(0));
  for (let k = 0; k < point.length; k++) {
    const { lower, upper } = sides[k];
    const step = DIFFERENCE * (upper - lower);
    const [before, after] = [Math.max(point[k] - step, lower), Math.min(point[k] + step, upper)];
    for (const [end, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      shifted[k] = end;
      for (let i = 0; i < fields.length; i++) rows[i][k] += (sign * fields[i](shifted)) / (after - before);
    }
    shifted[k] = point[k];
  }
  return rows;
}
