/** Jump rates along the axes of a tensor grid in y, and how those of frozen slow points are written into them. */
import { type Allocate, onHeap } from '../grid/allocate.ts';
import type { Grid } from '../grid/grid.ts';
import { driftFactorsAlong } from './drift-factors.ts';
import { type FastScheme, rateOf } from './fast-generator.ts';

/** Jump rates along one fast axis, per unit of fast time; the neighbours stand `stride` fast nodes apart. */
export interface FastDirection {
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly nodes: number;
  readonly stride: number;
  /** Whether the lines along the axis have the same rates, bit for bit. */
  readonly alike?: boolean;
}

/** Where rates are kept, whether b and r are the same at every x, and along which axes all lines are alike. */
interface WritingOptions {
  readonly allocate?: Allocate;
  readonly isStill?: boolean;
  readonly alike?: readonly boolean[];
}

/** The rates of every axis; where b is the same at every x the first lane alone has been written. */
export function ratesOn(
  grid: Grid,
  lanes: number,
  { allocate = onHeap, isStill = false, alike = [] }: WritingOptions,
  write: (directions: readonly FastDirection[]) => void,
): FastDirection[] {
  const directions = grid.shape.map((nodes, axis): FastDirection => {
    const [up, down] = [allocate(lanes * grid.size), allocate(lanes * grid.size)];
    return { up, down, nodes, stride: grid.strides[axis], alike: alike[axis] };
  });
  write(directions);
  if (isStill) for (const { up, down } of directions) for (const rates of [up, down]) repeatFirst(rates, lanes);
  return directions;
}

/** Which lane of which axis is written. */
interface LaneOf {
  readonly scheme: FastScheme;
  readonly grid: Grid;
  readonly axis: number;
  readonly lane: number;
  readonly lanes: number;
}

/** Rates of a lane from the rises along the edges that start at its nodes, and α on the nodes where it is not 1. */
export function writeLane(
  { up, down, stride }: FastDirection,
  rises: Float64Array,
  of: LaneOf,
  alpha: Float64Array | undefined,
): void {
  const { scheme, grid, axis, lane, lanes } = of;
  const { spacing } = grid.axes[axis];
  const rate = rateOf[scheme];
  const factors = scheme === 'corrected' ? driftFactorsAlong(rises, grid, axis) : null;
  for (let j = 0; j < grid.size; j++) {
    if (isLast(grid, j, axis)) continue;
    const factor = factors?.[j] ?? 1;
    up[j * lanes + lane] = factor * rate(rises[j], spacing);
    down[(j + stride) * lanes + lane] = factor * rate(-rises[j], spacing);
  }
  for (let j = 0; alpha !== undefined && j < grid.size; j++) {
    up[j * lanes + lane] *= alpha[j];
    down[j * lanes + lane] *= alpha[j];
  }
}

/** A value that is found when it is first asked for. */
export function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

/** A row with every entry `lanes` times. */
export function repeated(row: Float64Array, lanes: number): Float64Array {
  const field = new Float64Array(row.length * lanes);
  for (let j = 0; j < row.length; j++) field.fill(row[j], j * lanes, (j + 1) * lanes);
  return field;
}

/** Gives every lane the entries of the first. */
function repeatFirst(field: Float64Array, lanes: number): void {
  for (let k = 0; k < field.length; k += lanes) field.fill(field[k], k, k + lanes);
}

/** Whether a node is the last one along an axis. */
export function isLast({ shape, strides }: Grid, node: number, axis: number): boolean {
  return Math.floor(node / strides[axis]) % shape[axis] === shape[axis] - 1;
}

/** The largest total rate out of a node. */
export function largestRateOf(directions: readonly FastDirection[]): number {
  let largest = 0;
  for (let k = 0; k < directions[0].up.length; k++) {
    let total = 0;
    for (const { up, down } of directions) total += up[k] + down[k];
    largest = Math.max(largest, total);
  }
  return largest;
}
