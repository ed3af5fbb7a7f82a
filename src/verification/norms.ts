/**
 * Norms of errors and differences of grid functions over a compact box K, from the nodes inside K:
 *
 *   supremum  max |e_i|,      L1  Σ w_i |e_i|,      L2  (Σ w_i e_i²)^½,      w_i = |cell_i ∩ K| / |K|,
 *
 * cell_i the points of K nearest to node i, so that Σ w_i = 1: the norms are means over K, L1 ≤ L2 ≤ supremum, and a
 * constant error is its own norm. Where the ends of K are nodes the weights are those of the trapezoidal rule, and
 * L1 and L2 approximate (1/|K|)∫|e| and ((1/|K|)∫e²)^½ with order 2 for smooth |e| and e².
 */
import { type Axis, coordinate } from '../grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../grid/grid.ts';
import { type GridFunction, nodesInside, sample } from '../grid/grid-function.ts';

/** The compact set K of an error norm: a box with one lower and one upper end per axis of a grid. */
export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export const allNorms = ['supremum', 'L1', 'L2'] as const;
/** max, mean of |e|, or root of the mean of e² over K. */
export type Norm = (typeof allNorms)[number];
/** The size of one error in every norm, L1 ≤ L2 ≤ supremum but for rounding. */
export type Norms = Readonly<Record<Norm, number>>;

/** The norms over K of f − g(point), from the nodes of f inside K. Throws RangeError if K holds no node. */
export function errorNorms(f: GridFunction, box: Box, g: (point: Float64Array) => number): Norms {
  const inside = nodesInside(f.grid, box.lower, box.upper);
  if (inside.length === 0) throw new RangeError('the compact set K contains no node of the grid');
  const shares = f.grid.axes.map((axis, a) => sharesOfNodes(axis, box.lower[a], box.upper[a]));
  const point = new Float64Array(f.grid.axes.length);
  let [supremum, sum, squares] = [0, 0, 0];
  for (const index of inside) {
    nodeCoordinates(point, f.grid, index);
    const error = Math.abs(f.values[index] - g(point));
    const weight = shares.reduce(
      (product, share, a) => product * share[Math.floor(index / f.grid.strides[a]) % f.grid.shape[a]],
      1,
    );
    supremum = Math.max(supremum, error);
    sum += weight * error;
    squares += weight * error * error;
  }
  return { supremum, L1: sum, L2: Math.sqrt(squares) };
}

/**
 * The norms over K of coarse − fine, from the nodes of the coarser one; exact node values where the grids nest. Throws
 * RangeError if K holds no node, or one outside the finer grid.
 */
export function differenceNorms(coarse: GridFunction, fine: GridFunction, box: Box): Norms {
  if (onSameNodes(coarse, fine)) {
    const difference = { grid: coarse.grid, values: coarse.values.map((value, k) => value - fine.values[k]) };
    return errorNorms(difference, box, () => 0);
  }
  const cubic = fine.grid.axes.map(() => 3);
  return errorNorms(coarse, box, (point) => sample(fine, point, cubic));
}

/** sup over the nodes of f inside K of |f − g(point)|. Throws RangeError if K holds no node. */
export function supremumError(f: GridFunction, box: Box, g: (point: Float64Array) => number): number {
  return errorNorms(f, box, g).supremum;
}

/** sup over the nodes of the coarser function inside K of |coarse − fine|; exact node values where the grids nest. */
export function supremumDifference(coarse: GridFunction, fine: GridFunction, box: Box): number {
  return differenceNorms(coarse, fine, box).supremum;
}

function onSameNodes(f: GridFunction, g: GridFunction): boolean {
  return f.grid.axes.every((axis, a) => {
    const { lower, upper, nodes } = g.grid.axes[a];
    return axis.lower === lower && axis.upper === upper && axis.nodes === nodes;
  });
}

/** Per node of an axis the part of [lower, upper] that is nearest to it among the nodes inside; equal if it is flat. */
function sharesOfNodes(axis: Axis, lower: number, upper: number): Float64Array {
  const shares = new Float64Array(axis.nodes);
  const inside = Array.from(nodesInside(tensorGrid([axis]), [lower], [upper]));
  inside.forEach((i, k) => {
    const left = k === 0 ? lower : coordinate(axis, i) - axis.spacing / 2;
    const right = k === inside.length - 1 ? upper : coordinate(axis, i) + axis.spacing / 2;
    shares[i] = upper > lower ? (right - left) / (upper - lower) : 1 / inside.length;
  });
  return shares;
}
