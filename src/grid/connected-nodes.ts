/** Nodes of a lattice in R^m with their neighbours along the axes: what the rates of a jump process are made on. */
import { type Axis, coordinate } from './axis.ts';
import { type Grid, tensorGrid } from './grid.ts';

export interface ConnectedNodes {
  readonly dimension: number;
  readonly size: number;
  /** The tensor grid the nodes belong to. */
  readonly grid: Grid;
  /** Coordinates, `dimension` per node. */
  readonly points: Float64Array;
  /** Lattice coordinates, `dimension` per node. */
  readonly positions: Int32Array;
  /** Per node and axis the neighbour below, then above; −1 at the boundary. */
  readonly neighbours: Int32Array;
  /** Lengths of these arms; at a cut arm the distance to the boundary. */
  readonly arms: Float64Array;
  /** A jump across the boundary is dropped, or kills. */
  readonly boundary: 'reflecting' | 'absorbing';
}

/** All nodes of the rectangle, numbered as in its tensor grid, with reflecting sides. */
export function boxNodes(axes: readonly Axis[]): ConnectedNodes {
  const grid = tensorGrid(axes);
  const dimension = axes.length;
  const { size } = grid;
  const points = new Float64Array(size * dimension);
  const positions = new Int32Array(size * dimension);
  const neighbours = new Int32Array(2 * size * dimension);
  const arms = new Float64Array(2 * size * dimension);
  for (let i = 0; i < size; i++) {
    for (let a = 0; a < dimension; a++) {
      const k = Math.floor(i / grid.strides[a]) % grid.shape[a];
      positions[i * dimension + a] = k;
      points[i * dimension + a] = coordinate(axes[a], k);
      const slot = 2 * (i * dimension + a);
      neighbours[slot] = k === 0 ? -1 : i - grid.strides[a];
      neighbours[slot + 1] = k === grid.shape[a] - 1 ? -1 : i + grid.strides[a];
      arms[slot] = arms[slot + 1] = axes[a].spacing;
    }
  }
  return { dimension, size, grid, points, positions, neighbours, arms, boundary: 'reflecting' };
}
