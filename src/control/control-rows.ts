/**
 * φ and ℓ of controls on rows of nodes: all slow nodes at one fast node. In a moving frame z = y − m(x) a control also
 * moves z, at −Mφ.
 */
import { type Coordinate, onRows } from '../formula/on-rows.ts';
import { type Grid, nodeColumns, nodeCoordinates } from '../grid/grid.ts';
import { InputError, type Subject } from '../input/input-error.ts';
import type { Matrix } from '../linalg/small-matrix.ts';
import { controlledFields, type Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';

/** Slow × fast nodes; `slope` is M of a moving frame, else empty. */
export interface Nodes {
  readonly slow: Grid;
  readonly fast: Grid;
  readonly slope: Matrix;
}

/** A control on a row of nodes with what it does there. */
export interface ControlRow {
  /** Its components: numbers, or one for every node. */
  readonly control: readonly Coordinate[];
  /** φ, in a moving frame then −Mφ, per axis. */
  readonly drift: readonly Float64Array[];
  /** ℓ; null when the problem has none. */
  readonly cost: Float64Array | null;
}

/** The axes that controls move along. */
export function movedAxesOf({ slow, fast, slope }: Nodes): Grid['axes'] {
  return [...slow.axes, ...(slope.length === 0 ? [] : fast.axes)];
}

/** A row of this control, not yet evaluated. */
export function controlRow(control: readonly Coordinate[], problem: Problem, nodes: Nodes): ControlRow {
  const row = () => new Float64Array(nodes.slow.size);
  return { control, drift: movedAxesOf(nodes).map(row), cost: problem.runningCost === undefined ? null : row() };
}

/** Writes what a control does at the slow nodes and the fast point y. */
export function rowEvaluator(problem: Problem, { slow, slope }: Nodes): (row: ControlRow, y: Float64Array) => void {
  const n = problem.slowDrift.length;
  const rows = onRows(controlledFields(problem), ...namesOf(problem));
  const x = nodeColumns(slow);
  return ({ control, drift, cost }, y) => {
    const phi = drift.slice(0, n);
    rows(cost === null ? phi : [...phi, cost], x, Array.from(y), control);
    for (let a = 0; a < slope.length; a++) carry(drift[n + a], slope[a], phi);
  };
}

/** out = −(Mφ)_a. */
export function carry(out: Float64Array, slope: readonly number[], phi: readonly Float64Array[]): void {
  out.fill(0);
  for (let i = 0; i < phi.length; i++) {
    const [weight, values] = [slope[i], phi[i]];
    for (let s = 0; s < out.length; s++) out[s] += weight * values[s];
  }
  for (let s = 0; s < out.length; s++) out[s] = -out[s];
}

/** The first of the first `count` values that is not finite, else −1. */
export function firstBad(row: Float64Array, count = row.length): number {
  for (let s = 0; s < count; s++) if (!Number.isFinite(row[s])) return s;
  return -1;
}

/**
 * Throws InputError at the first node where φ of the controls, or else ℓ, is not finite; among several controls there
 * the first one is named.
 */
export function requireFiniteRows(rows: readonly ControlRow[], nodes: Nodes, y: Float64Array): void {
  const n = nodes.slow.axes.length;
  const drifts = rows.flatMap(({ control, drift }) =>
    drift.slice(0, n).map((values) => ({ values, subject: 'slowDrift' as const, control })),
  );
  const costs = rows.flatMap(({ control, cost }) =>
    cost === null ? [] : [{ values: cost, subject: 'runningCost' as const, control }],
  );
  let first = nodes.slow.size;
  let error: InputError | null = null;
  for (const { values, subject, control } of [...drifts, ...costs]) {
    const s = firstBad(values, first);
    if (s < 0) continue;
    first = s;
    const u = control.map((component) => (typeof component === 'number' ? component : component[s]));
    error = notFinite(values[s], subject, placeOf(nodes, s, y, u));
  }
  if (error !== null) throw error;
}

/** The coordinates of slow node s and the fast point y, and the control there. */
export function placeOf({ slow, slope }: Nodes, s: number, y: Float64Array, u?: readonly number[]) {
  const x = new Float64Array(slow.axes.length);
  nodeCoordinates(x, slow, s);
  return { x, [slope.length === 0 ? 'y' : 'z']: y.slice(), ...(u !== undefined && { u }) };
}

/** Above this a product of a control and a coefficient may be no number: the control is the cause. */
const LARGEST_CONTROL = 1e100;

const known: Partial<Record<Subject, string>> = {
  runningCost: 'the running cost ℓ',
  slowNoise: 'the slow noise s',
};

/** φ, s or ℓ has no finite value at a place. */
export function notFinite(
  value: number,
  subject: Subject,
  at: Readonly<Record<string, ArrayLike<number>>>,
): InputError {
  const place = Object.entries(at).map(([name, point]) => `${name} = ${Array.from(point).join(', ')}`);
  const what = known[subject] ?? 'the slow drift φ';
  const isFar = Array.from(at.u ?? []).some((control) => Math.abs(control) > LARGEST_CONTROL);
  return new InputError(
    `${what} is ${value} at ${place.join(', ')}`,
    isFar
      ? 'the control is so large that φ, ℓ leave the range of numbers'
      : 'the formula has no finite value at this node',
    isFar ? 'choose a smaller U' : 'change the formula or choose a domain on which it is finite',
    subject,
  );
}
