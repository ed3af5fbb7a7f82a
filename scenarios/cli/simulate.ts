import { solveEffectiveHjb, solveEpsilonHjb, type TwoScaleEnsemble } from '../../solvers/index.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { extremalControls } from '../../src/problem/hamiltonian.ts';
import { linearGaussianValue } from '../../src/problem/linear-gaussian.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { sampledCubically } from '../grids.ts';
import { packageVersion } from '../package.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import {
  type LimitPath,
  limitPathOf,
  type PathRecord,
  type RecordedControl,
  recordPaths,
} from '../study/path-record.ts';
import { halved, landscapeOf } from '../study/path-study.ts';
import { type Command, commonFlags, exitCodes, type Given, type Request, scenarioArgument } from './command.ts';
import { coordinatesOf, positiveNumber, valuesIn, wholeNumber } from './flag-values.ts';
import { facts, heading, preciseValue, shownSeconds, shownThreads } from './layout.ts';
import { gridFlags, gridsOf, type SolverRun, solving } from './on-grid.ts';
import { cardOf, kernelFlags } from './on-kernel.ts';
import { checkedAssumptions, inScenario, openScenario, printResult } from './opened.ts';
import { named, pointsInside, scalarOrList } from './points.ts';
import { refuseFile, writing } from './study.ts';

/** Values of the Hamilton–Jacobi–Bellman equation kept for a feedback. */
const SNAPSHOTS = 50;
/** Times of the fan on a page. */
const PAGE_RECORDS = 50;
const DEFAULT_PATHS = 20000;
const DEFAULT_SEED = 1;

export const simulate: Command = {
  name: 'simulate',
  about: 'simulate paths of the two-scale system under a control and print E[cost] and E|X_T − X̂_T|²',
  args: {
    ...scenarioArgument,
    epsilon: { type: 'string', required: true, valueHint: 'E', description: 'the scale separation ε > 0' },
    at: { type: 'string', valueHint: 'x=1,y=0', description: 'the start (default: middle of the right side of K)' },
    control: {
      type: 'string',
      valueHint: 'feedback|extended|u=1',
      description: 'argmin of Vᵉ, argmin of the limit v, or a constant (default: feedback, or the only value of U)',
    },
    paths: { type: 'string', valueHint: 'N', description: `paths (default: the scenario's, else ${DEFAULT_PATHS})` },
    seed: { type: 'string', valueHint: 'K', description: `seed (default: the scenario's, else ${DEFAULT_SEED})` },
    records: { type: 'string', valueHint: 'K', description: 'times of the fan of quantiles in the JSON (default 1)' },
    ...gridFlags,
    steps: { type: 'string', valueHint: 'K', description: 'time steps of a path (default: see docs/trajectories.md)' },
    out: {
      type: 'string',
      valueHint: 'DIR',
      description: 'write a page with fans, controls and ends of the paths there',
    },
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb simulate quadratic-uncontrolled --epsilon 0.01 --paths 20000 --seed 1 --at x=1,y=0',
    'hjb simulate quadratic --epsilon 0.1 --control feedback --at x=1,y=0',
    'hjb simulate multiwell --epsilon 0.1 --control extended --at x=1.8,y=0 --json',
  ],
  run: runSimulate,
};

async function runSimulate(request: Request): Promise<number> {
  const { io, given } = request;
  const epsilon = positiveNumber(given, 'epsilon') as number;
  const steps = wholeNumber(given, 'steps', 1);
  const out = given.value('out');
  if (out !== undefined) refuseFile(out);
  const scenario = openScenario(request);
  const { problem } = scenario;
  const paths = wholeNumber(given, 'paths', 1) ?? scenario.study.paths?.count ?? DEFAULT_PATHS;
  const seed = wholeNumber(given, 'seed', 0) ?? scenario.study.paths?.seed ?? DEFAULT_SEED;
  const asked = controlAsked(given, problem);
  const { names, slow, fast } = await inScenario(scenario, () => gridsOf(scenario, request));
  const { x, y } = startOf(given, scenario, { names, slow, fast });
  const fan = wholeNumber(given, 'records', 1) ?? 1;
  const records = out === undefined ? fan : Math.max(fan, PAGE_RECORDS);
  const checked = checkedAssumptions(scenario);
  const found = await solving(request, `paths, ε = ${epsilon}`, scenario, async (run) => {
    const { control, reference } = await controlOf(problem, asked, { epsilon, x, y, slow, fast }, run);
    const limit = await limitPathOf(problem, { control, x, slow, fast, records });
    const options = { epsilon, x, y, control, paths, seed, slow, fast, steps, records };
    const lent = { ...run, threads: run.kernel.threads, card: cardOf(run.kernel) };
    return { ...(await recordPaths(problem, options, limit.ensemble, lent)), limit: limit.path, reference };
  });
  const { ensemble, record, limit, reference } = found;
  const written = out === undefined ? [] : await writtenTo(out, scenario, { ...found, x, y, control: asked.label });
  const { cost, distance } = record;
  const { outcome, tableError, outside } = ensemble;
  const rate = (ensemble.paths * ensemble.steps) / Math.max(ensemble.seconds, 1e-9);
  const end = limit.states[limit.states.length - 1];
  const point = { ...named(names.x, x), ...named(names.y, y) };
  printResult(request, {
    json: {
      command: 'simulate',
      scenario: scenario.name,
      epsilon,
      control: asked.label,
      at: point,
      paths,
      seed,
      steps: ensemble.steps,
      method: ensemble.method,
      backend: ensemble.backend,
      threads: ensemble.threads,
      seconds: ensemble.seconds,
      meanCost: cost.mean,
      standardError: cost.standardError,
      band: [cost.lower, cost.upper],
      value: reference?.value ?? null,
      valueSource: reference?.source ?? null,
      meanSquareError: distance.mean,
      meanSquareStandardError: distance.standardError,
      limit: scalarOrList(end),
      bias: { dt: ensemble.dt, weakOrder: 2, tableError, outside },
      fan: fan > 1 ? shownFan(record, names.x) : null,
      outcome,
      ...(out === undefined ? {} : { written }),
      warnings: checked.warnings,
    },
    text: [
      heading(io, `${scenario.title}: paths up to T = ${problem.horizon}, ε = ${epsilon}, from ${shownPoint(point)}`),
      '\n',
      facts([
        ['control', asked.label],
        ['paths', `${paths}, seed ${seed}, ${ensemble.steps} steps of ${shownMethod(ensemble)}`],
        ['time', `${shownSeconds(ensemble.seconds)}, ${shownWorkers(ensemble)}, ${rate.toPrecision(2)} steps/s`],
        ['E cost', `${preciseValue(cost.mean)} ± ${cost.standardError.toPrecision(2)} (standard error)`],
        ...(reference === null ? [] : [[reference.source, shownReference(reference)] as const]),
        ['E|X_T−X̂_T|²', `${distance.mean.toPrecision(4)} ± ${distance.standardError.toPrecision(2)}`],
        ['… / ε', (distance.mean / epsilon).toPrecision(4)],
        ['tables', `φ ± ${tableError.slowDrift.toPrecision(1)}, b ± ${tableError.fastDrift.toPrecision(1)}`],
        ['outcome', outcome.status],
        ...(written.length === 0 ? [] : [['report', written[0]] as const]),
      ]),
    ].join(''),
    warnings: checked.warnings,
  });
  if (outcome.status === 'converged') return exitCodes.done;
  if (outcome.status === 'cancelled') return exitCodes.cancelled;
  io.stderr.write(`hjb: path ${outcome.path} diverged before t = ${outcome.time} – ${outcome.advice}\n`);
  return exitCodes.notConverged;
}

interface Simulated {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly control: string;
  readonly record: PathRecord;
  readonly limit: LimitPath;
  readonly reference: { readonly value: number; readonly gridError: number } | null;
}

/** The page and the data of an ensemble. */
async function writtenTo(directory: string, scenario: Scenario, found: Simulated): Promise<string[]> {
  const { x, y, control, record, limit, reference } = found;
  const landscape = landscapeOf(scenario.problem, scenario.domain.x);
  const study = { x, y, control, records: [{ ...record, reference }], limit, landscape, notes: [] };
  const { writePaths } = await import('../report/paths-page.ts');
  const origin = { version: packageVersion(), scenario: scenario.name, title: scenario.title };
  return writing(directory, () => writePaths(study, directory, origin));
}

type Asked = { readonly label: string; readonly kind: 'feedback' | 'extended' | 'constant'; readonly u: number[] };

/** What --control says; without it the only control there is, else the feedback. */
function controlAsked(given: Given, problem: Problem): Asked {
  const text = given.value('control');
  const only = extremalControls(problem);
  const { names } = problem.controls;
  if (text === 'feedback' || text === 'extended') return { label: text, kind: text, u: [] };
  if (text === undefined && only.length > 1) return { label: 'feedback', kind: 'feedback', u: [] };
  const u = text === undefined ? [...only[0]] : coordinatesOf(valuesIn(text, '--control', names), names);
  if (text !== undefined) refuseOutside(u, problem);
  return { label: names.map((name, i) => `${name}=${u[i]}`).join(','), kind: 'constant', u };
}

function refuseOutside(u: readonly number[], { controls }: Problem): void {
  const admissible =
    controls.kind === 'box'
      ? u.every((value, i) => value >= controls.lower[i] && value <= controls.upper[i])
      : controls.values.some((each) => each.every((value, i) => value === u[i]));
  if (admissible) return;
  const set =
    controls.kind === 'box'
      ? controls.names.map((name, i) => `${name} in [${controls.lower[i]}, ${controls.upper[i]}]`).join(', ')
      : controls.values.map((each) => each.join(' ')).join(', ');
  throw new ScenarioError(
    '--control',
    `the control ${u.join(', ')} is not admissible`,
    `U is ${set}`,
    'choose one of U',
  );
}

/** The start of the paths: one point of the box. */
function startOf(
  given: Given,
  scenario: Scenario,
  { names, slow, fast }: Omit<ReturnType<typeof gridsOf>, 'fastScheme'>,
) {
  const points = pointsInside(given, scenario, [...names.x, ...names.y], [...slow, ...fast]);
  if (given.values('at').length > 1) {
    throw new ScenarioError('--at', '--at is given twice', 'all paths start at one point', 'run the command twice');
  }
  const point = points[points.length - 1];
  return { x: point.slice(0, slow.length), y: point.slice(slow.length) };
}

interface Posed {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
}

/** The control, and the value its cost is to be compared with. */
async function controlOf(problem: Problem, asked: Asked, { epsilon, x, y, slow, fast }: Posed, run: SolverRun) {
  if (asked.kind === 'constant') {
    const exact = linearGaussianValue(problem)?.({ tau: problem.horizon, epsilon, x, y });
    const reference = exact === undefined ? null : { value: exact, source: 'Vᵉ exact', gridError: 0 };
    return { control: { kind: 'constant', u: asked.u } satisfies RecordedControl, reference };
  }
  // Of order 2, so that its grid error does not hide the statistical one.
  const scheme = 'filtered';
  const halves = { slow: halved(slow), fast: halved(fast), scheme } as const;
  const options = { slow, fast, scheme, snapshots: SNAPSHOTS } as const;
  const feedback = asked.kind === 'feedback';
  const [value, coarse] = feedback
    ? [
        await solveEpsilonHjb(problem, { ...options, epsilon }, run),
        await solveEpsilonHjb(problem, { ...halves, epsilon }, run),
      ]
    : [await solveEffectiveHjb(problem, options, run), await solveEffectiveHjb(problem, halves, run)];
  const at = feedback ? [...x, ...y] : x;
  const [found, before] = [value, coarse].map((field) => sampledCubically(field, at));
  const reference = {
    value: found,
    source: `${feedback ? 'Vᵉ' : 'v'} on this grid`,
    gridError: Math.abs(found - before),
  };
  return { control: { kind: 'argmin', value } satisfies RecordedControl, reference };
}

function shownMethod({ method, dt }: TwoScaleEnsemble): string {
  const name = method === 'heun' ? 'stochastic Heun' : 'exact Ornstein–Uhlenbeck';
  return `${name}, dt = ${dt.toPrecision(3)}`;
}

/** Threads of the processor, or the graphics card that ran. */
function shownWorkers({ backend, threads }: TwoScaleEnsemble): string {
  return backend.startsWith('gpu') ? backend : shownThreads(threads);
}

function shownReference({ value, gridError }: { readonly value: number; readonly gridError: number }): string {
  return gridError === 0 ? preciseValue(value) : `${preciseValue(value)} ± ${gridError.toPrecision(2)} (grid)`;
}

/** "x = 1, y = 0". */
function shownPoint(point: Readonly<Record<string, number>>): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

/** Quantiles of every slow variable by its name. */
function shownFan({ times, fans }: PathRecord, names: readonly string[]) {
  const quantiles = Object.fromEntries(names.map((name, i) => [name, fans[i].values]));
  const means = fans.map(({ mean }) => mean);
  return { times, levels: fans[0].levels, ...quantiles, mean: means.length === 1 ? means[0] : means };
}
