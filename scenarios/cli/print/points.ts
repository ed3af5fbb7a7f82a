/** Points, their coordinates and the values found there. */
import type { Outcome } from '../../../solvers/index.ts';
import { shownInterval } from '../../grids.ts';
import { columns, comparison } from './layout.ts';

/** The coordinates by their names: {x: 1}, or {x1: 1, x2: 0}. */
export function named(names: readonly string[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** x = 1, y = 0. */
export function shownPoint(names: readonly string[], point: readonly number[]): string {
  return point.map((value, i) => `${names[i]} = ${value}`).join(', ');
}

/** One number for one dimension, a list for several: x: 1, or x: [1, 0]. */
export function scalarOrList(values: readonly number[]): number | readonly number[] {
  return values.length === 1 ? values[0] : values;
}

/** 401 × 101 nodes. */
export function shownNodes(axes: readonly { nodes: number }[]): string {
  return `${axes.map(({ nodes }) => nodes).join(' × ')} nodes`;
}

/** 401 × 101 nodes, x ∈ [-2.5, 2.5], y ∈ [-4.5, 4.5]. */
export function shownGrid(axes: readonly { name: string; lower: number; upper: number; nodes: number }[]): string {
  const boxes = axes.map((axis) => `${axis.name} ∈ ${shownInterval(axis)}`);
  return `${shownNodes(axes)}, ${boxes.join(', ')}`;
}

/** A value at a point, beside the filtered one where there is one and the exact one where it is known. */
export interface PointValue {
  readonly value: number | null;
  readonly filtered?: number | null;
  readonly exact?: number;
  readonly error?: number;
  readonly filteredError?: number;
}

/** A value beside others; null where the solution diverged, whatever numbers it left behind. */
export function compared(
  { outcome }: { readonly outcome: Outcome },
  value: number,
  { exact, filtered }: Pick<PointValue, 'exact' | 'filtered'>,
): PointValue {
  if (outcome.status === 'diverged' || !Number.isFinite(value)) return { value: null };
  const found = filtered === undefined ? { value } : { value, filtered };
  if (exact === undefined || !Number.isFinite(exact)) return found;
  const beside = typeof filtered === 'number' ? { filteredError: Math.abs(filtered - exact) } : {};
  return { ...found, exact, error: Math.abs(value - exact), ...beside };
}

/** The points with their values. */
export function pointTable(
  names: readonly string[],
  points: readonly (readonly number[])[],
  at: readonly PointValue[],
  label: string,
): string {
  const { header, cells } = comparison(at, label);
  return columns(
    [...names, ...header],
    points.map((point, k) => [...point.map(String), ...cells[k]]),
  );
}

/** JSON has no infinity, such as the standard error of one path. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
