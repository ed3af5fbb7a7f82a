/** Where a node of a row stands on an axis. */
import type { Grid } from '../grid/grid.ts';
import type { RowSweep } from './differencing.ts';
import type { AxisAt } from './feet.ts';

/** Slow node s of a row: its index in the coefficient arrays, and in V. */
export interface NodeAt {
  readonly s: number;
  readonly node: number;
  readonly value: number;
}

/** A node on axis i, the slow axes first. */
export function axisAt({ slow, across = [] }: RowSweep, i: number, { s, node, value: at }: NodeAt): AxisAt {
  const n = slow.shape.length;
  if (i < n) return { at, place: placeOf(slow, i, s), last: slow.shape[i] - 1, stride: slow.strides[i] };
  const { nodes, stride } = across[i - n];
  const row = (node - s) / slow.size;
  return { at, place: Math.floor(row / stride) % nodes, last: nodes - 1, stride: stride * slow.size };
}

/** The position of slow node s along axis i. */
function placeOf({ shape, strides }: Grid, i: number, s: number): number {
  return Math.floor(s / strides[i]) % shape[i];
}
