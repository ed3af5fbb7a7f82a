import {
  type EpsilonHjbOptions,
  type EpsilonSolution,
  estimateEpsilonHjb,
  type SolveEstimate,
  solveEffectiveHjb,
  solveEpsilonHjb,
} from '../../solvers/index.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import type { FastScheme } from '../../src/generator/fast-generator.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import { sample } from '../../src/grid/grid-function.ts';
import type { MovingFrame } from '../../src/model/moving-frame.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import type { Method } from '../../src/time/schemes.ts';
import { undershootOf } from '../../src/time/value-floor.ts';
import type { Known } from '../../src/verification/budget.ts';
import { axisNames } from '../grids.ts';
import { knownLimit } from '../known-limit.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import { type BudgetSubject, budgetFlag, budgetOf } from './budget.ts';
import { budgetJson, shownBudget } from './budget-table.ts';
import { type Command, commonFlags, type Request, scenarioArgument } from './command.ts';
import { positiveNumber, wholeNumber } from './flag-values.ts';
import { frameFlag, frameGiven, placedIn, requireInFrame, shownFrame } from './frame.ts';
import { facts, heading, shownSeconds, shownThreads } from './layout.ts';
import {
  methodFlags,
  methodGiven,
  methodNames,
  methodWarnings,
  relaxationFlag,
  shownFastSolve,
  shownFilter,
  shownIterations,
  shownMemory,
  shownMethod,
  shownSampling,
  shownSteps,
} from './method.ts';
import { compared, gridFlags, gridsOf, pointTable, shownGrid, solving } from './on-grid.ts';
import { kernelFlags } from './on-kernel.ts';
import { checkedAssumptions, exitCodeOf, inScenario, openScenario, printResult, shownOutcome } from './opened.ts';
import { named, namesOf, pointsGiven, pointsInside, shownPoint } from './points.ts';
import { enclosedWhat, enclosureOf, shownEnclosure, withBounds } from './two-sided.ts';

/** Below this ε the rounding of the closed form, 1e-16/ε, exceeds any grid error. */
const SMALLEST_EXACT_EPSILON = 1e-9;

/** More steps than this take days on the smallest grid. */
const MOST_STEPS = 1e10;

export const solve: Command = {
  name: 'solve',
  about: 'solve the ε-HJB problem and print Vᵉ(τ = T) at points',
  args: {
    ...scenarioArgument,
    epsilon: { type: 'string', required: true, valueHint: 'E', description: 'the scale separation ε > 0' },
    at: { type: 'string', valueHint: 'x=1,y=0', description: 'a point; may be repeated (default: two points of K)' },
    ...gridFlags,
    ...methodFlags(['epsilon']),
    ...relaxationFlag,
    ...frameFlag,
    ...budgetFlag,
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb solve quadratic --epsilon 0.1 --at x=1,y=0 --at x=-1.5,y=0.5',
    'hjb solve quadratic --epsilon 1e-8 --nodes x=201,y=101 --scheme filtered --at x=1,y=0',
    'hjb solve quadratic --epsilon 0.1 --scheme upwind --time explicit --nodes x=51,y=51',
    'hjb solve multiwell --epsilon 1e-3 --nodes x=801,y=201 --json',
  ],
  run: runSolve,
};

async function runSolve(request: Request): Promise<number> {
  const { given } = request;
  const epsilon = positiveNumber(given, 'epsilon') as number;
  const steps = wholeNumber(given, 'steps', 1);
  const method = methodGiven(request, 'epsilon');
  const scenario = openScenario(request);
  const known = namesOf(scenario);
  // The y-box may take seconds to find: what is wrong with the points is said before.
  pointsGiven(given, [...known.x, ...known.y], scenario.domain.x);
  const moving = await inScenario(scenario, () => frameGiven(given, scenario, method));
  const frame = moving?.frame ?? null;
  const { names, slow, fast, fastScheme } = await inScenario(scenario, () => gridsOf(scenario, request, moving));
  const axes = [...names.x, ...names.y];
  const points = pointsInside(given, scenario, axes, frame === null ? [...slow, ...fast] : slow);
  const placed = points.map((point) => placedIn(frame, point, slow.length));
  if (frame !== null) for (const point of placed) requireInFrame(fast, point, slow.length);
  if (!method.time.asymptoticPreserving && steps === undefined)
    refuseEndless(scenario, epsilon, Math.min(...fast.map(({ spacing }) => spacing)));
  const checked = checkedAssumptions(scenario);
  const fastSolve = given.value('relaxation') as FastSolve['kind'] | undefined;
  const of = frame === null ? 'fixed' : 'moving';
  const options = { epsilon, fastScheme, fastSolve, frame: of, ...methodNames(method) } as const;
  const solution = await solving(request, `Vᵉ, ε = ${epsilon}`, scenario, async (run) => {
    const asked = { ...options, slow, fast, steps };
    if (!given.on('quiet')) announce(request, await estimateEpsilonHjb(scenario.problem, asked, run));
    return solveEpsilonHjb(scenario.problem, asked, run);
  });
  const { outcome, seconds } = solution;
  const gridNames = [...slow, ...fast].map(({ name }) => name);
  if (outcome.status === 'cancelled') return exitCodeOf(request, outcome, gridNames);

  const values = points.map((point) => valueAt(scenario.problem, solution, point, method));
  const degree = degreeOf(method.scheme, slow.length, fast.length);
  const budget = await budgetOf(request, scenario, {
    ...budgetSubject(scenario, method, { options, frame, points: placed }),
    slow,
    fast,
    solution,
    exact: { value: values.map(({ exact }) => exact ?? null), limit: exactLimits(request, scenario, points) },
  });
  const enclosure = enclosureOf(scenario, { slow, fast, solution }, degree);
  const at = withBounds(values, enclosure, budget);
  const warnings = [...checked.warnings, ...methodWarnings(scenario, solution, values)];
  const nsPerNodeStep = (1e9 * seconds) / (solution.grid.size * solution.steps);
  const threads = shownThreads(solution.threads);
  printResult(request, {
    json: {
      command: 'solve',
      scenario: scenario.name,
      epsilon,
      scheme: solution.scheme,
      fast: fastScheme,
      time: solution.time,
      backend: solution.backend,
      threads: solution.threads,
      nodes: { x: slow.map(({ nodes }) => nodes), y: fast.map(({ nodes }) => nodes) },
      steps: solution.steps,
      seconds,
      nsPerNodeStep,
      bytes: solution.bytes,
      fastSolve: solution.fastSolve,
      frame: options.frame,
      sampledSpacing: solution.sampledSpacing,
      filter: solution.filter,
      undershoot: undershootOf(solution.values, solution.floor),
      ...(solution.iterations === null ? {} : { iterations: solution.iterations }),
      outcome,
      enclosed: enclosedWhat(enclosure),
      at,
      ...budgetJson(budget, budgetNames),
      warnings,
    },
    text: [
      heading(request.io, `${scenario.title}: Vᵉ at τ = T = ${scenario.problem.horizon}, ε = ${epsilon}`),
      '\n',
      facts([
        ['grid', shownGrid([...slow, ...fast])],
        ['scheme', shownMethod(method, fastScheme, solution.order)],
        ['steps', shownSteps(solution.steps, steps, method)],
        ...shownFrame(frame),
        ...shownFastSolve(solution.fastSolve, fast.length),
        ...shownSampling(solution.sampledSpacing),
        ...shownFilter(solution.filter),
        ...shownIterations(solution.iterations),
        ['time', `${shownSeconds(seconds)}, ${nsPerNodeStep.toPrecision(3)} ns per node and step, ${threads}`],
        ['memory', shownMemory(solution.bytes)],
        ['enclosure', shownEnclosure(enclosure, method)],
        ['outcome', shownOutcome(outcome, gridNames)],
      ]),
      '\n',
      pointTable(axes, points, at, 'Vᵉ'),
      shownBudget(
        budget,
        points.map((point) => shownPoint(axes, point)),
        budgetNames,
      ),
    ].join(''),
    warnings,
  });
  return exitCodeOf(request, outcome, gridNames);
}

/** What the solve will take, on stderr; small solves have no estimate. */
function announce({ io }: Request, estimate: SolveEstimate | null): void {
  if (estimate === null) return;
  const { steps, seconds, bytes } = estimate;
  io.stderr.write(`estimate: ${steps} steps, about ${shownSeconds(seconds)} and ${shownMemory(bytes)}\n`);
}

const budgetNames = { found: 'V', value: 'Vᵉ', limit: 'v' };

/**
 * What a budget solves: Vᵉ on varied grids, and v on the same grid and steps by the same method; explicit steps tend to
 * those of imex as ε → 0.
 */
function budgetSubject(
  { problem }: Scenario,
  { scheme, time }: Method,
  {
    options,
    frame,
    points,
  }: {
    readonly options: Omit<EpsilonHjbOptions, 'slow' | 'fast' | 'fastScheme'> & { readonly fastScheme: FastScheme };
    readonly frame: MovingFrame | null;
    /** As the solutions have them. */
    readonly points: readonly (readonly number[])[];
  },
): Pick<BudgetSubject, 'fastScheme' | 'observe' | 'solve' | 'limit'> {
  const { epsilon, fastScheme } = options;
  const ofLimit = scheme.times.effective.find(({ name }) => name === time.name) ?? scheme.times.effective[0];
  const names = { scheme: scheme.name, fastScheme };
  const { n, m } = dimensionsOf(problem);
  return {
    fastScheme,
    observe: (found) => points.map((point) => sample(found, point, degreeOf(scheme, n, m))),
    solve: (grid, run) => solveEpsilonHjb(problem, { ...options, ...grid }, run),
    limit: {
      epsilon,
      observe: (found) => points.map((point) => sample(found, point.slice(0, n), degreeOf(scheme, n, 0))),
      solve: (grid, run) =>
        solveEffectiveHjb(frame?.problem ?? problem, { ...names, time: ofLimit.name, ...grid }, run),
    },
  };
}

/** v at the points where it is known exactly; computed for a budget alone. */
function exactLimits({ given }: Request, scenario: Scenario, points: readonly (readonly number[])[]): Known {
  const limit = given.on('budget') ? knownLimit(scenario) : undefined;
  const { horizon } = scenario.problem;
  const { n } = dimensionsOf(scenario.problem);
  return points.map((point) => limit?.(horizon, point.slice(0, n)) ?? null);
}

/** Explicit steps resolve the jumps in y: dt·2/(ε dy²) ≤ 1 at least. Throws ScenarioError where they never end. */
export function refuseEndless({ problem }: Scenario, epsilon: number, spacing: number): void {
  const fewest = (problem.horizon * 2) / (epsilon * spacing * spacing);
  if (fewest <= MOST_STEPS) return;
  throw new ScenarioError(
    '--time',
    `--time explicit needs at least ${fewest.toExponential(1).replace('e+', 'e')} steps at ε = ${epsilon}`,
    'its time step is bound by ε dy²/2',
    'use --time imex, whose cost does not depend on ε',
  );
}

/** Along x of the degree that keeps the order of the scheme; cubic in y, where diffusion smooths. */
function valueAt(problem: Problem, solution: EpsilonSolution, point: readonly number[], { scheme }: Method) {
  const { epsilon } = solution;
  const { horizon: tau } = problem;
  const { n, m } = dimensionsOf(problem);
  const [x, y] = [point.slice(0, n), point.slice(n)];
  const known = epsilon < SMALLEST_EXACT_EPSILON ? undefined : (problem.exact?.value ?? linearGaussianValue(problem));
  const exact = known?.({ tau, epsilon, x, y });
  const value = sample(solution, placedIn(solution.frame, point, n), degreeOf(scheme, n, m));
  return { ...named(axisNames('x', n), x), ...named(axisNames('y', m), y), ...compared(solution, value, exact) };
}

/** Degrees of interpolation: those of the scheme between slow nodes, cubic between fast ones. */
function degreeOf({ interpolation }: Method['scheme'], n: number, m: number): (1 | 3)[] {
  return [...new Array(n).fill(interpolation), ...new Array(m).fill(3)];
}
