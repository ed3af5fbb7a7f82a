/** How much of e^{−Φ(x,·)} lies outside a box of R^m, m = 2, 3: on slabs around it that make it twice as wide. */
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import type { MeasureCell } from './measure-cells.ts';
import { cellsOf } from './resolution-in-space.ts';

/** The share of the measure beyond, and the axis along which most of it is; null without a formula of Φ. */
export function beyondBox(problem: Problem, x: Coordinates, box: readonly Interval[]) {
  const inside = cellsOf(problem, x, box);
  if (inside === null) return null;
  const wide = box.map(({ lower, upper }): Interval => {
    const reach = (upper - lower) / 2;
    return { lower: lower - reach, upper: upper + reach };
  });
  const floor = inside.cells.reduce((low, { value }) => Math.min(low, value), Infinity);
  const massOf = (cells: readonly MeasureCell[]) =>
    cells.reduce((sum, { volume, value }) => sum + volume * Math.exp(floor - value), 0);
  const total = massOf(inside.cells);
  const shares = box.map(({ lower, upper }, axis) => {
    const sides = [
      { lower: wide[axis].lower, upper: lower },
      { lower: upper, upper: wide[axis].upper },
    ];
    return sides.reduce((sum, side) => {
      const slab = box.map((own, a) => (a === axis ? side : a < axis ? wide[a] : own));
      return sum + massOf(cellsOf(problem, x, slab)?.cells ?? []) / total;
    }, 0);
  });
  const share = shares.reduce((sum, each) => sum + each, 0);
  return { share: Math.min(1, share / (1 + share)), axis: shares.indexOf(Math.max(...shares)) };
}
