/**
 * `hjb study`: the ε-HJB problem, the δ-cell problems, H̄ and the effective equation solved on every level of the
 * scenario, compared and tabulated. Five parameters converge (h, dt, ε, δ, n); each table refines one and states what
 * is fixed (docs/theory.md §6.1).
 */

import { doubtsAbout } from '../../src/assumptions/assumption.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { describeProblem } from '../../src/model/describe.ts';
import type { Interval } from '../../src/model/problem.ts';
import { describeMethod } from '../../src/time/describe-method.ts';
import { failuresOf } from '../../src/verification/certificate.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { shownInterval } from '../grids.ts';
import { memoryResults, type Results } from '../run/piece.ts';
import { runName } from '../run/run-name.ts';
import { type Taking, takePieces } from '../run/take-pieces.ts';
import type { Scenario } from '../scenario.ts';
import { effectiveCase, gridLabel, valueCase } from './cases.ts';
import { cellRadii } from './cell-tables.ts';
import { type TableName, tableNames } from './chosen-tables.ts';
import { shownControlsError } from './control-facts.ts';
import { domainTable } from './domain-table.ts';
import { epsilonTable } from './epsilon-table.ts';
import { feedbackTable } from './feedback-table.ts';
import { fastGridTable, slowGridTable, timeTable } from './grid-tables.ts';
import { pathTable, pathWarnings } from './path-study.ts';
import type { MethodChoice, StudySetup } from './setup.ts';
import { doubtsOf, type Solved } from './solved.ts';
import type { Study } from './study.ts';
import type { Parts } from './study-parts.ts';
import { type Found, planStudy, type StudyPlan } from './study-plan.ts';
import { studyVerdict } from './study-verdict.ts';

interface StudyRun extends Partial<Taking> {
  /** Version of the program, kept with the results. */
  readonly version: string;
  /** That of its modules too; default: the version. */
  readonly code?: string;
  /** Scheme and time of the solves; default: the first of the list. */
  readonly method?: MethodChoice;
  /** Where pieces are kept; default: in memory. */
  readonly results?: Results;
}

/** Runs the whole study of a scenario with n, m ≤ 2 in this process. Throws InputError for what cannot be solved. */
export async function runStudy(scenario: Scenario, run: StudyRun): Promise<Study> {
  const { version, code = version, method, results = memoryResults(), ...lent } = run;
  const started = run.clock?.() ?? 0;
  const plan = planStudy(scenario, method);
  await takePieces(plan.pieces, results, { ...lent, kernel: run.kernel ?? (await wasmKernel()) });
  const found = studyOf(plan, (key) => results.read(key), { version, code });
  return { ...found, timings: { seconds: (run.clock?.() ?? 0) - started } };
}

/** The study whose pieces are found. Throws SpoiltEntry where one of them is no longer what was kept. */
export function studyOf(
  plan: StudyPlan,
  read: (key: string) => unknown,
  { version, code }: { readonly version: string; readonly code: string },
): Omit<Study, 'timings'> {
  const { setup, cases, only } = plan;
  const { scenario, problem, method } = setup;
  const all = plan.found(read);
  const { solved, part, paths } = all;
  const { failures, warnings } = doubtsOf(setup, cases, solved);
  const certificates = [part('certificateOfValue'), part('certificateOfLimit')].filter((each) => each !== null);
  const assumptions = needed(part, 'assumptions');
  const found: Omit<Study, 'verdict' | 'timings'> = {
    command: 'study',
    run: runName(plan.pieces, code, only),
    version,
    ...(only === undefined ? {} : { only }),
    scenario: { name: scenario.name, title: scenario.title, source: scenario.source },
    equations: describeProblem(problem),
    assumptions,
    certificates,
    scheme: method.scheme.name,
    time: method.time.name,
    settings: [...partOf(only), ...settings(setup, solved)],
    tables: tableNames.filter((name) => only?.includes(name) ?? true).flatMap((name) => tables[name](plan.setup, all)),
    paths,
    fields: needed(part, 'fields'),
    warnings: [
      ...doubtsAbout(assumptions),
      ...warnings,
      ...failuresOf(certificates),
      ...(paths === null ? [] : pathWarnings(paths)),
    ],
    outcome: failures.length === 0 ? { status: 'converged' } : { status: 'diverged', advice: failures.join('; ') },
  };
  return { ...found, verdict: studyVerdict(found) };
}

/** The tables of a study by their names. */
const tables: Readonly<Record<TableName, (setup: StudySetup, found: Found) => readonly ConvergenceTable[]>> = {
  epsilon: (setup, { solved }) => [epsilonTable(setup, solved)],
  'grid-x': (setup, { solved }) => [slowGridTable(setup, solved)],
  'grid-y': (setup, { solved }) => [fastGridTable(setup, solved)],
  time: (setup, { solved }) => [timeTable(setup, solved)],
  cell: (_, { part }) => needed(part, 'cells').tables,
  'cell-trap': (_, { part }) => given(part, 'trap'),
  'cell-grid': (_, { part }) => given(part, 'cellGrids'),
  hamiltonian: (_, { part }) => [needed(part, 'hamiltonians')],
  values: (_, { part }) => [needed(part, 'values')],
  budget: (_, { part }) => [needed(part, 'budget')],
  domain: (setup, { solved }) => [domainTable(setup, solved)],
  feedback: (setup, { solved }) => [feedbackTable(setup, solved)].filter((table) => table !== null),
  certificates: () => [],
  paths: (_, { paths }) => (paths === null ? [] : [pathTable(paths)]),
};

/** The table of a part, none where the study does not have it. */
function given(part: Found['part'], name: 'trap' | 'cellGrids'): ConvergenceTable[] {
  const found = part(name);
  return found === null || found === undefined ? [] : [found];
}

/** A part that the study has. */
function needed<Name extends keyof Parts>(part: Found['part'], name: Name): NonNullable<Parts[Name]> {
  const found = part(name);
  if (found === null || found === undefined) throw new Error(`a study without ${name}`);
  return found as NonNullable<Parts[Name]>;
}

function partOf(only: readonly TableName[] | undefined): [string, string][] {
  return only === undefined ? [] : [['part', `of a study, the tables ${only.join(', ')} alone`]];
}

/** "[-1, 1] × [0, 2]". */
function shownBox(sides: readonly Interval[]): string {
  return sides.map(shownInterval).join(' × ');
}

function settings(setup: StudySetup, solved: Solved): [string, string][] {
  const { nx, ny } = setup.fine;
  const value = solved.value(valueCase(setup.epsilon[0], nx, ny));
  const effective = solved.effective(effectiveCase(nx, ny));
  const n = setup.slow.length;
  const [dx, dy] = [value.grid.axes[0].spacing, value.grid.axes[n].spacing];
  const chosen = setup.scenario.domain.y === null ? ' (from the tails of the invariant measure)' : '';
  const { observe } = setup;
  const { inX, inT } = describeMethod(setup.method, setup.order);
  const controls = shownControlsError(value);
  return [
    ...Object.entries(setup.scenario.set).map(([name, value]): [string, string] => [`set ${name}`, value]),
    ['T', String(setup.problem.horizon)],
    ['x-box', shownBox(setup.slow)],
    ['y-box', `${shownBox(setup.fast)}${chosen}`],
    ['K', shownBox(observe.lower.map((lower, a) => ({ lower, upper: observe.upper[a] })))],
    [
      'finest grid',
      `${gridLabel(setup, nx, ny)} nodes, dx = ${Number(dx.toPrecision(4))}, dy = ${Number(dy.toPrecision(4))}`,
    ],
    ['scheme', `${inX}, Scharfetter–Gummel in y (order 2), ${inT}`],
    ['steps', `${value.steps} for Vᵉ, ${effective.steps} for v`],
    ...(controls === null ? [] : [['controls', controls] as [string, string]]),
    ...(cellRadii(setup).length > 0
      ? []
      : ([['cells', 'left out: the noise of y vanishes, or has no value, in balls around 0']] as [string, string][])),
    ...(setup.problem.exact === undefined ? [] : ([['exact', setup.problem.exact.source]] as [string, string][])),
  ];
}
