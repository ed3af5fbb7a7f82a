/**
 * Nodes whose value stands apart from those around, since a structure that is narrower than the cells of nodes hits
 * them: a mean over nodes counts it for the whole cell. Along an axis with the values f₋₂, …, f₂
 *
 *   A = (3 |f₀ − (−f₋₂ + 4 f₋₁ + 4 f₁ − f₂)/6| − max(|δ²f₋₁|, |δ²f₀|, |δ²f₁|))⁺,
 *
 * which is the height of a single node above the others, and 0 for kinks, jumps between nodes and what is smooth.
 */
import type { Axis } from '../grid/axis.ts';
import { tensorGrid } from '../grid/grid.ts';
import type { Cell } from './cells.ts';

/** Σ over nodes of A, along the axis where it is largest, times the measure of the cell of the node. */
export function countedByLoneNodes(
  axes: readonly Axis[],
  { cells, mass }: { readonly cells: readonly Cell[]; readonly mass: Float64Array },
  valueAt: (indices: readonly number[]) => number,
): number {
  const { strides } = tensorGrid(axes);
  let sum = 0;
  massOfNodes(axes, cells, mass).forEach((held, place) => {
    if (held === 0) return;
    const indices = strides.map((stride, a) => Math.floor(place / stride) % axes[a].nodes);
    sum += held * axes.reduce((most, axis, a) => Math.max(most, apart(axis.nodes, a, indices, valueAt)), 0);
  });
  return sum;
}

function apart(
  nodes: number,
  axis: number,
  indices: readonly number[],
  valueAt: (indices: readonly number[]) => number,
): number {
  const at = indices[axis];
  if (at < 2 || at > nodes - 3) return 0;
  const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((step) => valueAt(indices.with(axis, at + step)));
  const bend = Math.max(Math.abs(a - 2 * b + c), Math.abs(b - 2 * c + d), Math.abs(c - 2 * d + e));
  return Math.max(0, 3 * Math.abs(c - (4 * (b + d) - a - e) / 6) - bend);
}

/** The measure of the cells of nodes: that of each cell in equal parts to the nodes in it, or to the nearest one. */
function massOfNodes(axes: readonly Axis[], cells: readonly Cell[], mass: Float64Array): Float64Array {
  const { size, strides } = tensorGrid(axes);
  const held = new Float64Array(size);
  cells.forEach(({ middle, half }, k) => {
    const ranges = axes.map(({ lower, spacing, nodes }, a) => {
      const inside = (index: number) => Math.min(nodes - 1, Math.max(0, index));
      const first = Math.ceil((middle[a] - half[a] - lower) / spacing);
      const last = Math.ceil((middle[a] + half[a] - lower) / spacing) - 1;
      const nearest = inside(Math.round((middle[a] - lower) / spacing));
      return first > last ? [nearest, nearest] : [inside(first), inside(last)];
    });
    const count = ranges.reduce((product, [first, last]) => product * (last - first + 1), 1);
    for (let n = 0; n < count; n++) {
      let [rest, place] = [n, 0];
      ranges.forEach(([first, last], a) => {
        place += strides[a] * (first + (rest % (last - first + 1)));
        rest = Math.floor(rest / (last - first + 1));
      });
      held[place] += mass[k] / count;
    }
  });
  return held;
}
