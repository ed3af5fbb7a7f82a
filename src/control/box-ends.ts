/**
 * What controls do at the ends of the boxes of x and z, on rows of nodes. State constraint, monotone: the outward part
 * of φ is dropped wherever some control does not point outward. Where all controls point outward it is kept
 * (uncontrolled outflow: stable, not monotone, pollutes from the boundary inward; docs/theory.md §3.3).
 */
import { coordinate } from '../grid/axis.ts';
import type { Grid } from '../grid/grid.ts';
import type { Matrix } from '../linalg/small-matrix.ts';
import type { ControlRow } from './control-rows.ts';

type Rows = readonly Pick<ControlRow, 'drift'>[];

/** A node at an end of the x-axis i. */
export interface End {
  readonly i: number;
  readonly s: number;
  readonly outward: -1 | 1;
}

/** The ends of all axes, axis by axis. */
export function endsOf({ axes, shape, strides, size }: Grid): readonly End[] {
  return axes.flatMap((_, i) =>
    Array.from({ length: size }, (_, s) => s).flatMap((s): End[] => {
      const place = Math.floor(s / strides[i]) % shape[i];
      return place === 0 ? [{ i, s, outward: -1 }] : place === shape[i] - 1 ? [{ i, s, outward: 1 }] : [];
    }),
  );
}

/** Drops the outward parts of `rows`, unless all of the fixed controls leave there. */
export function dropOutwardParts(rows: Rows, fixed: Rows, ends: readonly End[], slope: Matrix): void {
  for (const end of ends) if (staysAt(fixed, end)) dropAt(rows, end, slope);
}

function staysAt(fixed: Rows, { i, s, outward }: End): boolean {
  for (const { drift } of fixed) if (drift[i][s] * outward <= 0) return true;
  return false;
}

/** φ_i = 0; what it carried z with goes too. */
function dropAt(rows: Rows, { i, s, outward }: End, slope: Matrix): void {
  for (const { drift } of rows) {
    const part = drift[i][s];
    if (part * outward <= 0) continue;
    drift[i][s] = 0;
    const n = drift.length - slope.length;
    for (let a = 0; a < slope.length; a++) drift[n + a][s] += slope[a][i] * part;
  }
}

/** Drops what points over an end of a fast axis, whose parts stand from component n on. */
export function reflectParts(rows: Rows, fast: Grid, z: Float64Array, n: number): void {
  for (const [a, axis] of fast.axes.entries()) {
    const outward = z[a] === coordinate(axis, 0) ? -1 : z[a] === axis.upper ? 1 : 0;
    if (outward === 0) continue;
    for (const { drift } of rows) {
      const values = drift[n + a];
      for (let s = 0; s < values.length; s++) if (values[s] * outward > 0) values[s] = 0;
    }
  }
}
