/** The section `paths` of a study: ensembles under the optimal feedback, compared with Vᵉ and with the limit. */

import { solveEffectiveHjb } from '../../solvers/index.ts';
import { onlyControl } from '../../src/control/control-set.ts';
import { dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import type { MeanEstimate } from '../../src/paths/statistics.ts';
import type { Run } from '../../src/time/march.ts';
import { type Method, methodOf } from '../../src/time/schemes.ts';
import type { Cell, Column, ConvergenceTable } from '../../src/verification/table.ts';
import { gridLabel } from './cases.ts';
import { finestOf } from './levels.ts';
import { type LimitPath, limitPathOf, type PathLimit, type PathRecord, recordPaths } from './path-record.ts';
import { axesOf, type StudySetup } from './setup.ts';
import {
  type AskedControl,
  feedbackMethod,
  limitNames,
  type Reference,
  snapshotsOn,
  solvedControl,
} from './solved-control.ts';

/** Vᵉ, which the cost of the paths should be, or v, which it tends to as ε → 0. */
type BesideCost = Pick<Reference, 'value' | 'gridError' | 'isCost'>;

/** Paths at several ε from one start, over the landscape f. */
export interface PathStudy {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** 'feedback', 'extended', or a control in words. */
  readonly control: string;
  /** What Vᵉ or v is: computed by which scheme on which nodes, or exact. */
  readonly source: string;
  /** With Vᵉ or v at the start, where it is known. */
  readonly records: readonly (PathRecord & { readonly reference: BesideCost | null })[];
  readonly limit: LimitPath;
  /** f on nodes per slow axis, the first axis contiguous. */
  readonly landscape: { readonly axes: readonly (readonly number[])[]; readonly values: readonly number[] };
}

/** Times at which states are kept. */
const RECORDS = 50;
const LANDSCAPE_NODES = { 1: 241, 2: 61 } as const;

/** Where and how the paths of a study run; null where the scenario asks for none. */
export function pathSetting(setup: StudySetup) {
  const asked = setup.scenario.study.paths;
  if (asked === null) return null;
  const { problem, slow: sides, observe } = setup;
  const n = sides.length;
  const { nx, ny } = finestOf(setup);
  const middle = observe.lower.map((lower, a) => (lower + observe.upper[a]) / 2);
  const u = onlyControl(problem.controls);
  return {
    asked,
    epsilons: asked.epsilon.toSorted((a, b) => b - a),
    start: { x: [observe.upper[0], ...middle.slice(1, n)], y: middle.slice(n) },
    axes: axesOf(setup, { nx, ny }, 'standard'),
    grid: gridLabel(setup, nx, ny),
    method: pathMethod(setup, asked.scheme),
    only: u === null ? null : { kind: 'constant' as const, u },
  };
}

type PathSetting = NonNullable<ReturnType<typeof pathSetting>>;

/** X̂ from the start under the argmin of v, or under the only control. */
export async function pathLimit({ problem }: StudySetup, setting: PathSetting, run: Run): Promise<PathLimit> {
  const { asked, axes, method, only, start } = setting;
  const options = { ...limitNames(method), snapshots: snapshotsOn(axes.slow), ...axes };
  const control = only ?? { kind: 'argmin' as const, value: await solveEffectiveHjb(problem, options, run) };
  return limitPathOf(problem, { control, x: start.x, ...axes, records: RECORDS, seed: asked.seed }, run);
}

/** The ensemble at one ε, with Vᵉ or v at its start. */
export async function pathRecord(
  { problem }: StudySetup,
  { asked, start, axes, method, only }: PathSetting,
  { epsilon, limit }: { readonly epsilon: number; readonly limit: PathLimit },
  run: Run & { readonly threads?: number },
): Promise<PathStudy['records'][number]> {
  const wanted: AskedControl = only === null ? { kind: 'feedback' } : { kind: 'given', control: only };
  const placed = { ...start, ...axes, epsilon };
  const { control, reference } = await solvedControl(problem, wanted, { ...placed, method }, run);
  const options = { ...placed, control, paths: asked.count, seed: asked.seed, records: RECORDS };
  const lent = { threads: run.threads, signal: run.signal };
  const { record } = await recordPaths(problem, options, limit, lent);
  return { ...record, reference: reference && besideCost(reference) };
}

/** The section of a study whose ensembles are found. */
export function pathStudy(
  { problem, slow }: StudySetup,
  { start, only, method, grid }: PathSetting,
  { limit, records }: { readonly limit: PathLimit; readonly records: PathStudy['records'] },
): PathStudy {
  const held = only?.u.length === 0 ? 'no control' : `u = ${only?.u.join(', ')}`;
  const control = only === null ? 'feedback' : held;
  const source = only === null ? `by the scheme ${method.scheme.name} on ${grid} nodes` : 'exact';
  return { ...start, control, source, records, limit: limit.path, landscape: landscapeOf(problem, slow, start.y) };
}

/** What a record keeps of a reference. */
export function besideCost({ value, gridError, isCost }: Reference): BesideCost {
  return { value, gridError, isCost };
}

/** The scheme of Vᵉ and of its feedback: that of study.paths, else that of the study. */
function pathMethod(setup: StudySetup, scheme: string | null): Method {
  return feedbackMethod(scheme === null ? setup.method : methodOf('epsilon', { scheme }));
}

/** f on nodes of the x-box; g(·,y) at the start's y where the terminal cost depends on y. */
export function landscapeOf(problem: Problem, slow: readonly Interval[], y: readonly number[]): PathStudy['landscape'] {
  const count = LANDSCAPE_NODES[dimensionsOf(problem).n];
  const axes = slow.map(({ lower, upper }) =>
    Array.from({ length: count }, (_, k) => lower + ((upper - lower) * k) / (count - 1)),
  );
  const points = axes.reduceRight<number[][]>(
    (rest, axis) => rest.flatMap((point) => axis.map((value) => [value, ...point])),
    [[]],
  );
  return { axes, values: points.map((point) => problem.terminalCost(point, y)) };
}

/** E cost beside Vᵉ or v, and E|X_T−X̂_T|² with its order in ε; columns without any entry are left out. */
export function pathTable({ x, y, control, source, records }: PathStudy): ConvergenceTable {
  const rows = records.map((record, k) => tableRow(record, k === 0 ? null : records[k - 1]));
  const known = records.flatMap(({ reference }) => (reference === null ? [] : [reference.isCost ? 'Vᵉ' : 'v']))[0];
  const from = `x = ${x.join(', ')}, y = ${y.map((value) => Number(value.toPrecision(4))).join(', ')}`;
  return {
    name: 'paths',
    title: 'Paths: cost and distance from the limit',
    caption:
      `Ensembles from ${from} under ${ARGMINS[control] ?? control}.` +
      (known === undefined ? '' : ` ${known}: ${source}.`),
    columns: COLUMNS.filter(({ key }) => rows.some((row) => (row[key] ?? null) !== null)),
    rows,
    series: [],
    notes: known === undefined ? [] : [known === 'v' ? TENDS : AGREEMENT],
  };
}

/** Controls that have names. */
const ARGMINS: Record<string, string> = { feedback: 'the argmin of Vᵉ', extended: 'the argmin of v' };

const COLUMNS: readonly Column[] = [
  { key: 'epsilon', label: 'ε', kind: 'parameter' },
  { key: 'paths', label: 'paths', kind: 'count' },
  { key: 'steps', label: 'steps', kind: 'count' },
  { key: 'cost', label: 'E cost', kind: 'value' },
  { key: 'statistical', label: '3 s.e.', kind: 'error' },
  { key: 'timeStep', label: 'time step', kind: 'error' },
  { key: 'value', label: 'Vᵉ', kind: 'value' },
  { key: 'limit', label: 'v', kind: 'value' },
  { key: 'grid', label: 'grid error', kind: 'error' },
  { key: 'difference', label: '|E cost−Vᵉ|', kind: 'error' },
  { key: 'verdict', label: 'verdict', kind: 'verdict' },
  { key: 'distance', label: 'E|X_T−X̂_T|²', kind: 'error' },
  { key: 'meanDifference', label: '|E X_T−E X̂_T|', kind: 'error' },
  { key: 'meanDifferenceError', label: '3 s.e. of it', kind: 'error' },
  { key: 'order', label: 'order', kind: 'order' },
];

/** Whether two figures differ by no more than their stated errors. */
export type Agreement = 'agrees' | 'differs';

/** Where there is a Vᵉ to agree with. */
const AGREEMENT =
  'E cost and Vᵉ agree where they differ by no more than 3 standard errors, the error of the time step and the ' +
  'grid error of a computed Vᵉ, told by its changes on coarser grids.';

/** Where there is a v. */
const TENDS =
  'E cost tends to v as ε → 0; the grid error is that of the computed v, told by its changes on coarser grids.';

function tableRow(
  record: PathStudy['records'][number],
  before: PathStudy['records'][number] | null,
): Record<string, Cell> {
  const { epsilon, paths, steps, cost, distance, meanDifference, timeStep } = record;
  return {
    epsilon,
    paths,
    steps,
    cost: cost.mean,
    statistical: 3 * cost.standardError,
    timeStep: timeStep === null ? null : boundOf(timeStep),
    ...comparedWith(record),
    distance: distance?.mean ?? null,
    meanDifference: meanDifference && Math.max(...meanDifference.map(({ mean }) => Math.abs(mean))),
    meanDifferenceError: meanDifference && 3 * Math.max(...meanDifference.map(({ standardError }) => standardError)),
    order: fallOf(before, record),
  };
}

/** The order in ε by which E|X_T−X̂_T|² falls. */
function fallOf(before: PathRecord | null, { distance, epsilon }: PathRecord): number | null {
  if (before?.distance == null || distance === null) return null;
  return Math.log(before.distance.mean / distance.mean) / Math.log(before.epsilon / epsilon);
}

/** The error of the time step in the mean, as far as chance lets see: 3 standard errors on top. */
export function boundOf({ mean, standardError }: MeanEstimate): number {
  return Math.abs(mean) + 3 * standardError;
}

/** Where the cost of the paths is not Vᵉ within all errors, where a grid is too coarse to tell, where a box is left. */
export function pathWarnings(study: PathStudy): string[] {
  return study.records.flatMap(warningsOf);
}

/** What is doubtful about an ensemble. */
export function warningsOf(record: PathStudy['records'][number]): string[] {
  const { epsilon, cost, timeStep, warnings } = record;
  const reference = record.reference?.isCost === true ? record.reference : null;
  const steps = timeStep === null ? 0 : boundOf(timeStep);
  const chance = 3 * cost.standardError;
  const grid = reference?.gridError ?? 0;
  const doubts: readonly (readonly [boolean, string, string])[] = [
    [
      !Number.isFinite(cost.mean),
      'the mean cost of the paths is no finite number: f or ℓ has no finite value somewhere along a path',
      'look for poles, roots and logarithms in f and ℓ, or take more steps',
    ],
    [
      comparedWith(record).verdict === 'differs',
      'the cost of the paths and Vᵉ differ by more than their errors',
      'refine the grid of Vᵉ, widen the box, or take more paths',
    ],
    [
      grid > chance + 0.1 * Math.abs(reference?.value ?? 0),
      `Vᵉ is known to ±${grid.toPrecision(2)} only, which tells little beside the cost of the paths`,
      'refine its grid',
    ],
    [
      steps > chance,
      `the time step may be worth ${steps.toPrecision(2)} in the cost, more than chance`,
      'take more steps',
    ],
  ];
  const compared = doubts.filter(([holds]) => holds);
  return [...compared.map(([, fact, remedy]) => `at ε = ${epsilon} ${fact} – ${remedy}`), ...warnings];
}

/** Of sums that have no other error: paths without noise that matters. */
const ROUNDING = 1e-12;

const UNKNOWN = { value: null, limit: null, grid: null, difference: null, verdict: null };

function comparedWith({ reference, cost, timeStep }: PathStudy['records'][number]) {
  if (reference === null) return UNKNOWN;
  if (!reference.isCost) return { ...UNKNOWN, limit: reference.value, grid: reference.gridError };
  const difference = Math.abs(cost.mean - reference.value);
  const rounding = ROUNDING * Math.max(1, Math.abs(reference.value));
  const chance = 3 * cost.standardError;
  const errors = chance + reference.gridError + (timeStep === null ? 0 : boundOf(timeStep)) + rounding;
  const verdict: Agreement = difference <= errors ? 'agrees' : 'differs';
  return { ...UNKNOWN, value: reference.value, grid: reference.gridError, difference, verdict };
}
