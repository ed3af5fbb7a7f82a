import {
  averagedSystem,
  effectiveSystem,
  fanOf,
  meanCost,
  meanSquareDistance,
  type PathControl,
  simulateSystem,
  simulateTwoScale,
  solveEffectiveHjb,
  solveEpsilonHjb,
  type TwoScaleEnsemble,
} from '../../solvers/index.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { extremalControls } from '../../src/problem/hamiltonian.ts';
import { linearGaussianValue } from '../../src/problem/linear-gaussian.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import { type Command, commonFlags, exitCodes, type Given, type Request, scenarioArgument } from './command.ts';
import { coordinatesOf, positiveNumber, valuesIn, wholeNumber } from './flag-values.ts';
import { facts, heading, preciseValue, shownSeconds, shownThreads } from './layout.ts';
import { gridFlags, gridsOf, type SolverRun, solving } from './on-grid.ts';
import { cardOf, kernelFlags } from './on-kernel.ts';
import { checkedAssumptions, inScenario, openScenario, printResult } from './opened.ts';
import { pointsInside } from './points.ts';

/** Values of the Hamilton–Jacobi–Bellman equation kept for a feedback. */
const SNAPSHOTS = 50;
/** Steps of the limit system: error about 1e-6. */
const LIMIT_STEPS = 400;
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
  const records = wholeNumber(given, 'records', 1) ?? 1;
  const scenario = openScenario(request);
  const { problem } = scenario;
  const paths = wholeNumber(given, 'paths', 1) ?? scenario.study.paths?.count ?? DEFAULT_PATHS;
  const seed = wholeNumber(given, 'seed', 0) ?? scenario.study.paths?.seed ?? DEFAULT_SEED;
  const grids = await inScenario(scenario, () => gridsOf(scenario, request));
  const [x, y] = startOf(given, scenario, grids);
  const asked = controlAsked(given, problem);
  const checked = checkedAssumptions(scenario);
  const { ensemble, reference, limit } = await solving(request, `paths, ε = ${epsilon}`, scenario, async (run) => {
    const { control, reference } = await controlOf(scenario, asked, { epsilon, x, y, ...grids }, run);
    const limit = await limitPath(problem, control, x, grids);
    const [slow, fast] = [grids.slow[0], grids.fast[0]];
    const start = { epsilon, x: [x], y: [y], paths, seed };
    const options = { ...start, control, slow, fast, steps, records };
    return {
      ensemble: await simulateTwoScale(problem, options, {
        ...run,
        threads: run.kernel.threads,
        card: cardOf(run.kernel),
      }),
      reference,
      limit,
    };
  });
  const cost = meanCost(problem, ensemble);
  const distance = meanSquareDistance(ensemble, limit);
  const { outcome, tableError, outside } = ensemble;
  const rate = (ensemble.paths * ensemble.steps) / Math.max(ensemble.seconds, 1e-9);
  printResult(request, {
    json: {
      command: 'simulate',
      scenario: scenario.name,
      epsilon,
      control: asked.label,
      at: { x, y },
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
      limit: limit.states[limit.states.length - 1][0],
      bias: { dt: ensemble.dt, weakOrder: 2, tableError, outside },
      fan: records > 1 ? shownFan(ensemble) : null,
      outcome,
      warnings: checked.warnings,
    },
    text: [
      heading(io, `${scenario.title}: paths up to T = ${problem.horizon}, ε = ${epsilon}, from x = ${x}, y = ${y}`),
      '\n',
      facts([
        ['control', asked.label],
        ['paths', `${paths}, seed ${seed}, ${ensemble.steps} steps of ${shownMethod(ensemble)}`],
        ['time', `${shownSeconds(ensemble.seconds)}, ${shownWorkers(ensemble)}, ${rate.toPrecision(2)} steps/s`],
        ['E cost', `${preciseValue(cost.mean)} ± ${cost.standardError.toPrecision(2)} (standard error)`],
        ...(reference === null ? [] : [[reference.source, preciseValue(reference.value)] as const]),
        ['E|X_T−X̂_T|²', `${distance.mean.toPrecision(4)} ± ${distance.standardError.toPrecision(2)}`],
        ['… / ε', (distance.mean / epsilon).toPrecision(4)],
        ['tables', `φ ± ${tableError.slowDrift.toPrecision(1)}, b ± ${tableError.fastDrift.toPrecision(1)}`],
        ['outcome', outcome.status],
      ]),
    ].join(''),
    warnings: checked.warnings,
  });
  if (outcome.status === 'converged') return exitCodes.done;
  if (outcome.status === 'cancelled') return exitCodes.cancelled;
  io.stderr.write(`hjb: path ${outcome.path} diverged before t = ${outcome.time} – ${outcome.advice}\n`);
  return exitCodes.notConverged;
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
function startOf(given: Given, scenario: Scenario, { names, slow, fast }: ReturnType<typeof gridsOf>): number[] {
  const points = pointsInside(given, scenario, [...names.x, ...names.y], [...slow, ...fast]);
  if (given.values('at').length > 1) {
    throw new ScenarioError('--at', '--at is given twice', 'all paths start at one point', 'run the command twice');
  }
  return points[points.length - 1];
}

interface Posed {
  readonly epsilon: number;
  readonly x: number;
  readonly y: number;
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
}

/** The control, and the value its cost is to be compared with. */
async function controlOf({ problem }: Scenario, asked: Asked, posed: Posed, run: SolverRun) {
  const { epsilon, x, y, slow, fast } = posed;
  if (asked.kind === 'constant') {
    const exact = linearGaussianValue(problem)?.({ tau: problem.horizon, epsilon, x: [x], y: [y] });
    const reference = exact === undefined ? null : { value: exact, source: 'Vᵉ exact' };
    return { control: { kind: 'constant', u: asked.u } satisfies PathControl, reference };
  }
  // Of order 2, so that its grid error does not hide the statistical one.
  const options = { slow, fast, snapshots: SNAPSHOTS, scheme: 'filtered' } as const;
  if (asked.kind === 'feedback') {
    const value = await solveEpsilonHjb(problem, { ...options, epsilon }, run);
    const reference = { value: sample(value, [x, y], [3, 3]), source: 'Vᵉ on this grid' };
    return { control: { kind: 'argmin', value } satisfies PathControl, reference };
  }
  const value = await solveEffectiveHjb(problem, options, run);
  const reference = { value: sample(value, [x], [3]), source: 'v on this grid' };
  return { control: { kind: 'argmin', value } satisfies PathControl, reference };
}

/** X̂, the averaged system under the same control. */
function limitPath(problem: Problem, control: PathControl, x: number, { slow, fast }: ReturnType<typeof gridsOf>) {
  const system =
    control.kind === 'argmin'
      ? effectiveSystem(problem, control, { slow, fast })
      : averagedSystem(problem, () => (control.kind === 'constant' ? control.u : []), fast[0]);
  return simulateSystem(system, { initial: [x], horizon: problem.horizon, steps: LIMIT_STEPS });
}

function shownMethod({ method, dt }: TwoScaleEnsemble): string {
  const name = method === 'heun' ? 'stochastic Heun' : 'exact Ornstein–Uhlenbeck';
  return `${name}, dt = ${dt.toPrecision(3)}`;
}

/** Threads of the processor, or the graphics card that ran. */
function shownWorkers({ backend, threads }: TwoScaleEnsemble): string {
  return backend.startsWith('gpu') ? backend : shownThreads(threads);
}

function shownFan(ensemble: TwoScaleEnsemble) {
  const { times, levels, values, means } = fanOf(ensemble, 0);
  return { times: [...times], levels, x: values.map((each) => [...each]), mean: [...means] };
}
