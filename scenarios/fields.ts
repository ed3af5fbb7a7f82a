/**
 * Fields as ndarrays, where tables, figures and files cut, transpose and reduce them. ndarray and ndarray-ops build
 * code at run time, which a page with a strict policy forbids: neither src nor solvers may import them.
 */
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import type { GridFunction } from '../src/grid/grid-function.ts';
import type { Interval } from '../src/model/problem.ts';

export type { NdArray } from 'ndarray';

/** The values as an array of the shape of their grid (a view, not a copy). */
export function asArray({ grid, values }: GridFunction): NdArray<Float64Array> {
  return ndarray(values, [...grid.shape], [...grid.strides]);
}

/** Numbers as an array of this shape, the last axis fastest (a view). */
export function arrayOf(values: readonly number[] | Float64Array, shape: readonly number[]): NdArray {
  return ndarray(values as number[], [...shape]);
}

/** The entries of a line. */
export function listOf(line: NdArray): number[] {
  return Array.from({ length: line.shape[0] }, (_, i) => line.get(i));
}

/** The rows of a plane. */
export function rowsOf(plane: NdArray): number[][] {
  return Array.from({ length: plane.shape[0] }, (_, j) => listOf(plane.pick(j, null)));
}

/** All entries, the last axis fastest. */
export function packed(array: NdArray): Float64Array {
  const copy = ndarray(new Float64Array(array.size), array.shape);
  ops.assign<ndarray.Data<number>>(copy, array);
  return copy.data;
}

/** The largest |difference| of neighbours along an axis. */
export function steepestStep(array: NdArray, axis: number): number {
  const shape = array.shape.map((nodes, a) => (a === axis ? nodes - 1 : nodes));
  const right = array.lo(...shape.map((_, a) => (a === axis ? 1 : 0)));
  const steps = ndarray(new Float64Array(right.size), shape);
  ops.sub(steps, right, array.hi(...shape));
  return ops.norminf(steps);
}

/** The smallest and the largest of the finite numbers; [∞, −∞] without any. */
export function extentOf(values: readonly number[]): Interval {
  const finite = ndarray(values.filter(Number.isFinite));
  return { lower: ops.inf(finite), upper: ops.sup(finite) };
}
