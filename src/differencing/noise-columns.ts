/**
 * Second differences along the columns s_j of noise with cross terms (Camilli, Falcone 1995; Debrabant, Jakobsen 2013):
 *
 *   tr(a D²V) ≈ Σ_j [I V(x + k s_j) − 2V + I V(x − k s_j)]/(2k²),   k ≥ √(2 P dt) for P columns,
 *
 * I the interpolation of feet.ts. They take at most half of a node, P dt/k² ≤ ½, so that they are monotone for every
 * dt; the error is O(k²) of the arms and O(dx²/k²) of the interpolation.
 *
 * An arm that leaves the box ends there: with arms k₊, k₋ ≤ k the weights are k₋/(k²(k₊ + k₋)) and k₊/(k²(k₊ + k₋)),
 * the difference of the column made k₊k₋/k² times as strong. So it is as monotone as the whole one; towards an end the
 * column dies out over a length k s_j, and it has no part at nodes where one of its arms has length 0.
 */
import { axisAt } from './axis-at.ts';
import type { RowStart, RowSweep } from './differencing.ts';
import { type AxisAt, footDifference } from './feet.ts';

/** An arm may lead out of the box by so many cells; they are cut off. */
const ROUND_OFF = 1e-12;

/** row(s) += dt times the second differences along all columns. */
export function addColumns(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, noise, dt } = sweep;
  if (noise?.columns === undefined) return;
  const { slots: columns, arm } = noise.columns;
  const stay = slow.shape.map(() => false);
  for (let s = 0; s < slow.size; s++) {
    const at = { s, node: start.node + s, value: start.value + s };
    const axes = slow.shape.map((_, i) => axisAt(sweep, i, at));
    for (const column of columns) {
      const cells = column.map((slot) => (slot === null ? 0 : arm * slots[slot][at.node]));
      const [ahead, back] = [insidePart(axes, cells, 1), insidePart(axes, cells, -1)];
      if (ahead === 0 || back === 0) continue;
      const reached = (part: number) => {
        const foot = cells.map((d) => part * d);
        return footDifference(V, axes, foot, stay);
      };
      row[s] += ((dt / (arm * arm)) * (back * reached(ahead) + ahead * reached(-back))) / (ahead + back);
    }
  }
}

/** The part of an arm that stays in the box. */
function insidePart(axes: readonly AxisAt[], cells: readonly number[], side: number): number {
  let part = 1;
  for (const [i, { place, last }] of axes.entries()) {
    const room = side * cells[i] > 0 ? last - place : place;
    const length = Math.abs(cells[i]);
    if (part * length > room + ROUND_OFF) part = room / length;
  }
  return part;
}
