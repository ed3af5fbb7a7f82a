/** Fewer points and fewer digits for the page; fields.h5 keeps everything. */
import { type NdArray, rowsOf } from '../fields.ts';

/** At most `most` indices of 0 … count−1, evenly spread, both ends included. */
export function sampleIndices(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/** Six significant digits, far below the width of a line; null where there is no number. */
export function shorten(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

/** The rows of a plane, shortened. */
export function shortenedRows(plane: NdArray): (number | null)[][] {
  return rowsOf(plane).map((row) => row.map(shorten));
}

/** The chosen entries, shortened. */
export function pick(values: readonly number[], indices: readonly number[]): (number | null)[] {
  return indices.map((i) => shorten(values[i]));
}

/** Index of the node nearest to a point. */
export function nearest(nodes: readonly number[], point: number): number {
  return nodes.reduce((best, node, i) => (Math.abs(node - point) < Math.abs(nodes[best] - point) ? i : best), 0);
}
