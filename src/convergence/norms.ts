import { coordinate } from '../grid/axis.ts';
import { type GridFunction, nodesInside, sample } from '../grid/grid-function.ts';

/** The compact set K of an error norm: a box in the coordinates of a grid. */
export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** sup over the nodes of `f` inside K of |f − g(point)|. Throws RangeError if K holds no node. */
export function supremumError(f: GridFunction, box: Box, g: (point: Float64Array) => number): number {
  const inside = nodesInside(f.grid, box.lower, box.upper);
  if (inside.length === 0) throw new RangeError('the compact set K contains no node of the grid');
  const point = new Float64Array(f.grid.axes.length);
  let supremum = 0;
  for (const index of inside) {
    let rest = index;
    for (let a = 0; a < point.length; a++) {
      point[a] = coordinate(f.grid.axes[a], rest % f.grid.shape[a]);
      rest = Math.floor(rest / f.grid.shape[a]);
    }
    supremum = Math.max(supremum, Math.abs(f.values[index] - g(point)));
  }
  return supremum;
}

/** sup over the nodes of the coarser function inside K of |coarse − fine|; exact node values where the grids nest. */
export function supremumDifference(coarse: GridFunction, fine: GridFunction, box: Box): number {
  const cubic = fine.grid.axes.map(() => 3);
  return supremumError(coarse, box, (point) => sample(fine, point, cubic));
}
