/**
 * `hjb study`: the ε-HJB problem, the δ-cell problems, H̄ and the effective equation solved on every level of the
 * scenario, compared and tabulated. Five parameters converge (h, dt, ε, δ, n); each table refines one and states what
 * is fixed (docs/theory.md §6.1).
 */

import { doubtsAbout } from '../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import { describeProblem } from '../../src/model/describe.ts';
import type { Interval } from '../../src/model/problem.ts';
import { describeMethod } from '../../src/time/describe-method.ts';
import { failuresOf } from '../../src/verification/certificate.ts';
import { shownInterval } from '../grids.ts';
import type { Scenario } from '../scenario.ts';
import { budgetTable } from './budget-table.ts';
import { type CasesRun, effectiveCase, gridLabel, type Solved, solveCases, valueCase } from './cases.ts';
import { cellGridTable, deltaTables, hamiltonianTable, runCells, trapTable } from './cell-tables.ts';
import { studyCertificates } from './certificates.ts';
import { checkLevels } from './check-levels.ts';
import { controlFacts } from './control-facts.ts';
import { domainCases, domainTable } from './domain-table.ts';
import { epsilonCases, epsilonTable } from './epsilon-table.ts';
import { feedbackTable } from './feedback-table.ts';
import { fastGridTable, gridCases, slowGridTable, timeTable } from './grid-tables.ts';
import { pathTable, pathWarnings, studyPaths } from './path-study.ts';
import { planeFields } from './plane-fields.ts';
import { type MethodChoice, prepareStudy, type StudySetup } from './setup.ts';
import type { Study } from './study.ts';
import { studyFields } from './study-fields.ts';
import { studyVerdict } from './study-verdict.ts';
import { valueTable, valueTableCases } from './value-tables.ts';

interface StudyRun extends CasesRun {
  /** Seconds from any origin. */
  readonly clock?: () => number;
  /** Version of the program, kept with the results. */
  readonly version: string;
  /** Scheme and time of the solves; default: the first of the list. */
  readonly method?: MethodChoice;
}

/** Runs the whole study of a scenario with n, m ≤ 2. Throws InputError for what cannot be solved. */
export async function runStudy(scenario: Scenario, run: StudyRun): Promise<Study> {
  const started = run.clock?.() ?? 0;
  const setup = prepareStudy(scenario, run.method);
  checkLevels(setup);
  const cases = [...valueTableCases(setup), ...epsilonCases(setup), ...gridCases(setup), ...domainCases(setup)];
  const solved = await solveCases(setup, cases, run);
  if (run.signal?.aborted === true) throw new DOMException('the study was cancelled', 'AbortError');
  const certificates = await studyCertificates(setup, solved, run);
  const cells = runCells(setup);
  const { kernel, signal } = run;
  const paths = await studyPaths(setup, { kernel, signal, threads: kernel?.threads });
  const onLine = setup.slow.length === 1 && setup.fast.length === 1;
  const assumptions = checkAssumptions(setup.problem, setup);
  const found: Omit<Study, 'verdict' | 'timings'> = {
    command: 'study',
    version: run.version,
    scenario: { name: scenario.name, title: scenario.title, source: scenario.source },
    equations: describeProblem(setup.problem),
    assumptions,
    certificates,
    scheme: setup.method.scheme.name,
    time: setup.method.time.name,
    settings: settings(setup, solved),
    tables: [
      epsilonTable(setup, solved),
      slowGridTable(setup, solved),
      fastGridTable(setup, solved),
      timeTable(setup, solved),
      ...deltaTables(setup, cells),
      trapTable(setup),
      cellGridTable(setup),
      hamiltonianTable(setup),
      valueTable(setup, solved),
      await budgetTable(setup, solved),
      domainTable(setup, solved),
      ...[feedbackTable(setup, solved)].filter((table) => table !== null),
      ...(paths === null ? [] : [pathTable(paths)]),
    ],
    paths,
    fields: onLine ? studyFields(setup, solved, cells) : await planeFields(setup, solved, { cells, run }),
    warnings: [
      ...doubtsAbout(assumptions),
      ...solved.warnings,
      ...failuresOf(certificates),
      ...(paths === null ? [] : pathWarnings(paths)),
    ],
    outcome:
      solved.failures.length === 0
        ? { status: 'converged' }
        : { status: 'diverged', advice: solved.failures.join('; ') },
  };
  return { ...found, verdict: studyVerdict(found), timings: { seconds: (run.clock?.() ?? 0) - started } };
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
  return [
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
    ...controlFacts(value),
    ...(setup.problem.exact === undefined ? [] : ([['exact', setup.problem.exact.source]] as [string, string][])),
  ];
}
