/** Fast drifts and their speeds, as a stepper needs them. */
import { product } from '../control/control-set.ts';
import { isStable, type Matrix } from '../linalg/small-matrix.ts';
import type { ControlledField, Coordinates, Interval, Problem } from '../model/problem.ts';
import { revertsToMean } from '../model/structure.ts';
import { type DriftTable, tabulate } from './drift-table.ts';

/** Points along an interval at which formulas are looked at. */
const POINTS = 33;
/** The same where there are more than two axes. */
const POINTS_IN_SPACE = 7;

/** K where b(x,y) = b(x,0) − Ky with one stable K for all x, read at one of them, and φ is affine in y; else null. */
export function linearFastDrift(problem: Problem, x: Coordinates): Matrix | null {
  if (!revertsToMean(problem)) return null;
  const { drift } = problem.fast;
  const unit = (j: number) => drift.map((_, k) => (k === j ? 1 : 0));
  const zero = unit(-1);
  const K = drift.map((b) => zero.map((_, j) => b(x, zero) - b(x, unit(j))));
  return K.flat().every(Number.isFinite) && isStable(K) ? K : null;
}

/** The table of ornstein-uhlenbeck.ts, (φ₀, m) and (φ₁, 0) along x, with the error of φ and m between nodes. */
export async function meanReversionTable(
  problem: Problem,
  { u, kappa, slow }: { readonly u: Coordinates; readonly kappa: number; readonly slow: Interval },
  tolerance: number,
  signal?: AbortSignal,
): Promise<{ table: DriftTable; error: readonly [number, number] }> {
  const phi: ControlledField = problem.slowDrift[0];
  const made = await tabulate(
    (out, x, y) => {
      out[0] = phi([x], [y], u);
      out[1] = problem.fast.drift[0]([x], [0]) / kappa;
    },
    [slow, { lower: 0, upper: 1 }],
    tolerance,
    signal,
  );
  const { table, error } = made;
  const row = 2 * table.x.nodes;
  // Affine in y, so that two rows are enough: their difference over the distance 1 is the slope.
  const values = table.values.slice(0, 2 * row);
  for (let k = 0; k < row; k++) values[row + k] = table.values[(table.y.nodes - 1) * row + k] - values[k];
  return { table: { ...table, values, y: { lower: 0, perSpacing: 1, nodes: 2 } }, error };
}

/**
 * A bound of the norm of D_yb on a box, by differences: what a step of Heun must resolve. ‖A‖² ≤ ‖A‖₁‖A‖_∞ for the
 * matrix at every point, which is |∂b/∂y| for m = 1.
 */
export function steepestDrift(
  { fast: { drift } }: Problem,
  { slow, fast }: { readonly slow: readonly Interval[]; readonly fast: readonly Interval[] },
): number {
  const n = slow.length;
  const count = n + fast.length > 2 ? POINTS_IN_SPACE : POINTS;
  let fastest = 0;
  for (const point of product([...slow, ...fast].map((side) => points(side, count)))) {
    const [x, y] = [point.slice(0, n), point.slice(n)];
    const columns = fast.map(({ lower, upper }, j) => {
      const step = (upper - lower) / 1000;
      const moved = (by: number) => y.map((value, k) => (k === j ? value + by : value));
      return drift.map((b) => Math.abs(b(x, moved(step)) - b(x, moved(-step))) / (2 * step));
    });
    const sum = (entries: readonly number[]) => entries.reduce((total, entry) => total + entry, 0);
    const rows = fast.map((_, i) => sum(columns.map((column) => column[i])));
    fastest = Math.max(fastest, Math.sqrt(Math.max(...rows) * Math.max(...columns.map(sum))));
  }
  return fastest;
}

function points({ lower, upper }: Interval, count = POINTS): number[] {
  return Array.from({ length: count }, (_, k) => lower + ((upper - lower) * k) / (count - 1));
}
