/** The control set U as points: lattices of its boxes, membership, and the rate φ·p + ℓ at one control. */
import { boxesOf, type ControlBox, type ControlSet, type Coordinates, type Problem } from '../model/problem.ts';

/** The lattice with `levels` equidistant values per control, both ends included: 2 gives the corners of the box. */
export function controlLattice({ lower, upper }: ControlBox, levels: number): readonly (readonly number[])[] {
  const values = lower.map((low, c) => {
    const last = low === upper[c] ? 0 : levels - 1;
    // Half the width of any interval is a number.
    const place = (i: number) => low + 2 * (((upper[c] / 2 - low / 2) * i) / last);
    return Array.from({ length: last + 1 }, (_, i) => (i === last ? upper[c] : i === 0 ? low : place(i)));
  });
  return product(values);
}

/** The box with ends to look at formulas by: an endless one, or one beyond a million, moves to `reach` from 0. */
export function withFiniteEnds({ lower, upper }: ControlBox, reach = 1): ControlBox {
  return {
    lower: lower.map((end, c) => (end < -FAR ? Math.min(-reach, upper[c] - reach) : end)),
    upper: upper.map((end, c) => (end > FAR ? Math.max(reach, lower[c] + reach) : end)),
  };
}
const FAR = 1e6;

/** All ways to take one entry of every list, the last list varying fastest. */
export function product(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((rows, values) => rows.flatMap((row) => values.map((v) => [...row, v])), [[]]);
}

/** The only control there is, or null: a problem without controls has the empty one. */
export function onlyControl(controls: ControlSet): readonly number[] | null {
  const [first, ...others] = boxesOf(controls);
  return others.length === 0 && first.lower.every((low, c) => low === first.upper[c]) ? first.lower : null;
}

/** Whether some control has no end. */
export function isEndless(controls: ControlSet): boolean {
  return boxesOf(controls).some(({ lower, upper }) => ![...lower, ...upper].every(Number.isFinite));
}

/** Whether u is a point of U. */
export function isAdmissible(controls: ControlSet, u: Coordinates): boolean {
  if (u.length !== controls.names.length) return false;
  return boxesOf(controls).some(({ lower, upper }) => lower.every((low, i) => u[i] >= low && u[i] <= upper[i]));
}

/** φ(x,y,u)·p + ℓ(x,y,u). */
export function controlledRate(
  problem: Problem,
  x: Coordinates,
  y: Coordinates,
  p: Coordinates,
  u: Coordinates,
): number {
  let rate = problem.runningCost?.(x, y, u) ?? 0;
  for (let i = 0; i < problem.slowDrift.length; i++) rate += problem.slowDrift[i](x, y, u) * p[i];
  return rate;
}
