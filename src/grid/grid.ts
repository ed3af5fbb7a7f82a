import { type Axis, coordinate } from './axis.ts';

/**
 * A tensor product of uniform axes. It holds no values.
 * The first axis is contiguous in memory (stride 1): slow axes first, then fast ones,
 * so that line solves in y run over contiguous blocks of x.
 */
export interface Grid {
  readonly axes: readonly Axis[];
  /** Nodes per axis. */
  readonly shape: readonly number[];
  /** How far apart neighbours along an axis stand in memory. */
  readonly strides: readonly number[];
  /** Number of nodes. */
  readonly size: number;
}

/** The tensor product of the axes, first axis fastest. */
export function tensorGrid(axes: readonly Axis[]): Grid {
  const shape = axes.map((axis) => axis.nodes);
  const strides: number[] = [];
  let size = 1;
  for (const nodes of shape) {
    strides.push(size);
    size *= nodes;
  }
  return { axes, shape, strides, size };
}

/** Writes the coordinates of node `index` into `out`. */
export function nodeCoordinates(out: Float64Array, grid: Grid, index: number): void {
  let rest = index;
  for (let axis = 0; axis < grid.axes.length; axis++) {
    out[axis] = coordinate(grid.axes[axis], rest % grid.shape[axis]);
    rest = Math.floor(rest / grid.shape[axis]);
  }
}

/** Calls `visit(index, point)` at every node in memory order; `point` is reused between calls. */
export function forEachNode(grid: Grid, visit: (index: number, point: Float64Array) => void): void {
  const point = new Float64Array(grid.axes.length);
  for (let index = 0; index < grid.size; index++) {
    nodeCoordinates(point, grid, index);
    visit(index, point);
  }
}

/** The coordinates of all nodes in memory order, axis by axis. */
export function nodeColumns(grid: Grid): Float64Array[] {
  const columns = grid.axes.map(() => new Float64Array(grid.size));
  forEachNode(grid, (index, point) => {
    for (let axis = 0; axis < columns.length; axis++) columns[axis][index] = point[axis];
  });
  return columns;
}
