import type { TwoScaleEnsemble } from '../../../solvers/index.ts';
import type { Card } from '../../../src/kernel/gpu/gpu.ts';
import { allSchemes } from '../../../src/time/schemes.ts';
import { packageVersion } from '../../package.ts';
import { formatValue, MISSING } from '../../report/format-number.ts';
import type { Scenario } from '../../scenario.ts';
import { integrators, type LimitPath, limitPathOf, type PathRecord, recordPaths } from '../../study/path-record.ts';
import { besideCost, boundOf, landscapeOf, warningsOf } from '../../study/path-study.ts';
import { type Reference, solvedControl } from '../../study/solved-control.ts';
import {
  type CommandBody,
  commonFlags,
  exitCodes,
  type Given,
  type Request,
  scenarioArgument,
} from '../flags/command.ts';
import { gridFlags, gridsOf } from '../flags/grid.ts';
import { cardOf, kernelFlags } from '../flags/kernel.ts';
import { refusePaths } from '../flags/limits.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { pointsInside } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { positiveNumber, wholeNumber } from '../flags/values.ts';
import { facts, heading, shownSeconds, shownThreads, valueWithError } from '../print/layout.ts';
import { finiteOrNull, named, scalarOrList, shownNodes, shownPoint } from '../print/points.ts';
import { printResult } from '../print/result.ts';
import { controlAsked, schemeGiven } from './simulate-control.ts';
import { onFaster, type PathRates, rateRows } from './simulate-faster.ts';
import { solving } from './solving.ts';

/** Times of the fan on a page. */
const PAGE_RECORDS = 50;
const DEFAULT_PATHS = 20000;
const DEFAULT_SEED = 1;

export const simulate: CommandBody = {
  args: {
    ...scenarioArgument,
    epsilon: { required: true, value: 'E', description: 'the scale separation ε > 0' },
    at: { value: 'x=1,y=0', description: 'the start (default: middle of the right side of K)' },
    control: {
      value: 'feedback|extended|u=1',
      description: 'argmin of Vᵉ, argmin of the limit v, or formulas in t, x, y (default: feedback, or the only value)',
    },
    paths: { value: 'N', description: `paths (default: the scenario's, else ${DEFAULT_PATHS})` },
    seed: { value: 'K', description: `seed (default: the scenario's, else ${DEFAULT_SEED})` },
    records: { value: 'K', description: 'times of the fan of quantiles in the JSON (default 1)' },
    ...gridFlags,
    scheme: {
      options: allSchemes.map(({ name }) => name),
      description: `scheme of Vᵉ or v and of its feedback (default: the scenario's, else ${allSchemes[0].name})`,
    },
    steps: { value: 'K', description: 'time steps of a path (default: see docs/trajectories.md)' },
    out: { value: 'DIR', description: 'write a page with fans, controls and ends of the paths there' },
    ...kernelFlags,
    backend: {
      ...kernelFlags.backend,
      options: [...kernelFlags.backend.options, 'fastest'],
      description: `${kernelFlags.backend.description}, or fastest: paths on the one that a short piece shows to be`,
    },
    ...commonFlags,
  },
  examples: [
    'hjb simulate quadratic-uncontrolled --epsilon 0.01 --paths 20000 --seed 1 --at x=1,y=0',
    'hjb simulate quadratic --epsilon 0.1 --control feedback --at x=1,y=0',
    'hjb simulate multiwell --epsilon 0.1 --control extended --at x=1.8,y=0 --json',
    'hjb simulate quadratic --epsilon 0.1 --control "u=1-t" --at x=1,y=0',
  ],
  run: runSimulate,
};

async function runSimulate(request: Request): Promise<number> {
  const { given } = request;
  const epsilon = positiveNumber(given, 'epsilon') as number;
  const steps = wholeNumber(given, 'steps', 1);
  const out = given.value('out');
  if (out !== undefined) refuseFile(out);
  const scenario = openScenario(request);
  const { problem } = scenario;
  const paths = wholeNumber(given, 'paths', 1) ?? scenario.study.paths?.count ?? DEFAULT_PATHS;
  const seed = wholeNumber(given, 'seed', 0) ?? scenario.study.paths?.seed ?? DEFAULT_SEED;
  const fan = wholeNumber(given, 'records', 1) ?? 1;
  const records = out === undefined ? fan : Math.max(fan, PAGE_RECORDS);
  refusePaths(problem, { paths, seed, steps, records });
  const { names, slow, fast } = await inScenario(scenario, () => gridsOf(scenario, request));
  const asked = controlAsked(given, scenario, [...slow, ...fast]);
  const method = schemeGiven(given, scenario, asked);
  const { x, y } = startOf(given, scenario, { names, slow, fast });
  const checked = checkedAssumptions(scenario);
  const found = await solving(request, `paths, ε = ${epsilon}`, scenario, async (run) => {
    const { control, reference } = await solvedControl(problem, asked, { epsilon, x, y, slow, fast, method }, run);
    const limit = await limitPathOf(problem, { control, x, slow, fast, records }, run);
    const options = { epsilon, x, y, control, paths, seed, slow, fast, steps, records };
    const lent = { ...run, threads: run.kernel.threads };
    const recorded = async (card: Card | undefined, rates: PathRates | null = null) => {
      const record = await recordPaths(problem, options, limit.ensemble, { ...lent, card });
      return { ...record, limit: limit.path, reference, rates, card };
    };
    if (given.value('backend') === 'fastest') return onFaster(problem, options, lent, recorded);
    return recorded(cardOf(run.kernel));
  });
  const nodes = shownNodes([...slow, ...fast]);
  const simulated = { ...found, x, y, control: asked.label, nodes };
  const doubts = warningsOf({ ...found.record, reference: found.reference });
  const warnings = [...checked.warnings, ...(found.reference?.warnings ?? []), ...doubts];
  const written = out === undefined ? [] : await writtenTo(out, scenario, simulated, warnings);
  const at = { ...named(names.x, x), ...named(names.y, y) };
  printSimulated(request, scenario, simulated, { at, names: names.x, fan, written, warnings });
  return exitCodeOf(request, found.ensemble);
}

interface Simulated {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly control: string;
  /** Of the value that the cost is compared with. */
  readonly nodes: string;
  readonly ensemble: TwoScaleEnsemble;
  readonly record: PathRecord;
  readonly limit: LimitPath;
  readonly reference: Reference | null;
  /** What --backend fastest has measured. */
  readonly rates: PathRates | null;
  /** The graphics card that took the paths. */
  readonly card: Card | undefined;
}

interface Shown {
  readonly at: Readonly<Record<string, number>>;
  /** Of the slow variables. */
  readonly names: readonly string[];
  /** Times of the fan in the JSON. */
  readonly fan: number;
  readonly written: readonly string[];
  readonly warnings: readonly string[];
}

function printSimulated(request: Request, scenario: Scenario, simulated: Simulated, shown: Shown): void {
  const { io } = request;
  const { ensemble, control, record, card } = simulated;
  const { at, warnings } = shown;
  const title = `${scenario.title}: paths up to T = ${scenario.problem.horizon}, ε = ${ensemble.epsilon}`;
  const integrator = `${integrators[ensemble.method]}, dt = ${ensemble.dt.toPrecision(3)}`;
  const rate = (ensemble.paths * ensemble.steps) / Math.max(ensemble.seconds, 1e-9);
  const workers = card?.name ?? shownThreads(ensemble.threads);
  printResult(request, {
    json: { command: 'simulate', scenario: scenario.name, ...documentOf(simulated, shown), warnings },
    text: [
      heading(io, `${title}, from ${shownPoint(Object.keys(at), Object.values(at))}`),
      '\n',
      facts([
        ['control', control],
        ['paths', `${ensemble.paths}, seed ${ensemble.seed}, ${ensemble.steps} steps of ${integrator}`],
        ['time', `${shownSeconds(ensemble.seconds)}, ${workers}, ${rate.toPrecision(2)} steps/s`],
        ...rateRows(simulated.rates),
        ['E cost', shownCost(record)],
        ...referenceRows(simulated),
        ['time step', shownTimeStep(record)],
        ['E|X_T−X̂_T|²', valueWithError(record.distance.mean, record.distance.standardError)],
        ['… / ε', shownFinite(record.distance.mean / ensemble.epsilon, 4)],
        ...tableRows(ensemble),
        ['outcome', ensemble.outcome.status],
        ...shown.written.slice(0, 1).map((file) => ['report', file] as const),
      ]),
    ].join(''),
    warnings,
  });
}

function documentOf(
  { ensemble, record, limit, reference, control, rates }: Simulated,
  { at, names, fan, written }: Shown,
) {
  const { epsilon, paths, seed, steps, method, backend, threads, seconds, dt, outcome, tableError, outside } = ensemble;
  const { cost, distance, timeStep } = record;
  return {
    epsilon,
    control,
    at,
    paths,
    seed,
    steps,
    method,
    backend,
    threads,
    seconds,
    meanCost: cost.mean,
    standardError: finiteOrNull(cost.standardError),
    band: [finiteOrNull(cost.lower), finiteOrNull(cost.upper)],
    value: reference?.value ?? null,
    valueSource: reference?.source ?? null,
    scheme: reference?.scheme ?? null,
    valueError: reference?.gridError ?? null,
    meanSquareError: distance.mean,
    meanSquareStandardError: finiteOrNull(distance.standardError),
    limit: scalarOrList(limit.states[limit.states.length - 1]),
    bias: {
      dt,
      weakOrder: 2,
      timeStep: timeStep?.mean ?? null,
      timeStepStandardError: timeStep === null ? null : finiteOrNull(timeStep.standardError),
      tableError,
      outside,
    },
    ...(rates === null ? {} : { rates }),
    fan: fan > 1 ? shownFan(record, names) : null,
    outcome,
    ...(written.length === 0 ? {} : { written }),
  };
}

/** The value that the cost is compared with, and by how many standard errors they differ where they should not. */
function referenceRows({ reference, record, nodes }: Simulated): (readonly [string, string])[] {
  if (reference === null) return [];
  const { value, source, gridError, isCost } = reference;
  const { mean, standardError } = record.cost;
  const shown =
    gridError === 0
      ? valueWithError(value, standardError * 1e-2, 'plain')
      : `${formatValue(value)} ± ${gridError.toPrecision(2)} (grid: ${nodes})`;
  const beyond = standardError < Infinity ? Math.max(0, Math.abs(mean - value) - gridError) / standardError : NaN;
  const none = record.paths === 1 ? 'one path tells nothing' : 'without a standard error of E cost this tells nothing';
  const far = Number.isFinite(beyond) ? `E cost is ${beyond.toPrecision(2)} standard errors away` : none;
  return [[source, `${shown}; ${isCost ? far : 'reached as ε → 0'}`]];
}

function shownCost({ paths, cost }: PathRecord): string {
  const shown = valueWithError(cost.mean, cost.standardError);
  return paths > 1 ? `${shown} (standard error)` : `${shown}, of one path: no mean, and no standard error`;
}

function shownTimeStep({ paths, timeStep }: PathRecord): string {
  if (paths === 1) return 'not known from one path';
  if (timeStep === null) return 'weak order 2, its error is not measured on a card';
  return `±${shownFinite(boundOf(timeStep), 2)} in E cost, along the same noise with steps twice as long`;
}

/** What diverged paths leave is no number. */
function shownFinite(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toPrecision(digits) : MISSING;
}

function tableRows({ tableError: { slowDrift, fastDrift } }: TwoScaleEnsemble): (readonly [string, string])[] {
  if (slowDrift === 0 && fastDrift === 0) return [];
  return [['tables', `φ ± ${slowDrift.toPrecision(1)}, b ± ${fastDrift.toPrecision(1)}`]];
}

function exitCodeOf({ io }: Request, { outcome }: TwoScaleEnsemble): number {
  if (outcome.status === 'converged') return exitCodes.done;
  if (outcome.status === 'cancelled') return exitCodes.cancelled;
  io.stderr.write(`hjb: path ${outcome.path} diverged before t = ${outcome.time} – ${outcome.advice}\n`);
  return exitCodes.notConverged;
}

/** The page and the data of an ensemble. */
async function writtenTo(
  directory: string,
  scenario: Scenario,
  found: Simulated,
  warnings: readonly string[],
): Promise<string[]> {
  const { x, y, control, record, limit, reference, nodes } = found;
  const landscape = landscapeOf(scenario.problem, scenario.domain.x);
  const source = reference?.scheme == null ? 'exact' : `by the scheme ${reference.scheme} on ${nodes}`;
  const study = {
    x,
    y,
    control,
    source,
    records: [{ ...record, reference: reference && besideCost(reference) }],
    limit,
    landscape,
  };
  const { writePaths } = await import('../../report/paths-page.ts');
  const origin = { version: packageVersion(), scenario: scenario.name, title: scenario.title, warnings };
  return writing(directory, () => writePaths(study, directory, origin));
}

/** The start of the paths: one point of the box. */
function startOf(
  given: Given,
  scenario: Scenario,
  { names, slow, fast }: Omit<ReturnType<typeof gridsOf>, 'fastScheme'>,
) {
  const points = pointsInside(given, scenario, [...names.x, ...names.y], [...slow, ...fast]);
  const point = points[points.length - 1];
  return { x: point.slice(0, slow.length), y: point.slice(slow.length) };
}

/** Quantiles of every slow variable by its name. */
function shownFan({ times, fans }: PathRecord, names: readonly string[]) {
  const quantiles = Object.fromEntries(names.map((name, i) => [name, fans[i].values]));
  const all = <T>(values: readonly T[]) => (values.length === 1 ? values[0] : values);
  const mean = all(fans.map((fan) => fan.mean));
  const standardError = all(fans.map((fan) => fan.standardError));
  return { times, levels: fans[0].levels, ...quantiles, mean, standardError };
}
