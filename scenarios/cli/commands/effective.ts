import { solveEffectiveHjb } from '../../../solvers/index.ts';
import { sample } from '../../../src/grid/grid-function.ts';
import { undershootOf } from '../../../src/time/value-floor.ts';
import { knownLimit } from '../../known-limit.ts';
import { type Command, commonFlags, type Request, scenarioArgument } from '../flags/command.ts';
import { frameFlag, frameGiven } from '../flags/frame.ts';
import { gridFlags, gridsOf } from '../flags/grid.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodGiven, methodNames } from '../flags/method.ts';
import { namesOf, pointsGiven, pointsInside } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { wholeNumber } from '../flags/values.ts';
import { budgetJson, shownBudget } from '../print/budget.ts';
import { enclosedWhat, enclosureOf, shownEnclosure, withBounds } from '../print/enclosure.ts';
import { facts, heading, shownSeconds } from '../print/layout.ts';
import {
  methodWarnings,
  shownFilter,
  shownFrame,
  shownIterations,
  shownMemory,
  shownMethod,
  shownSampling,
  shownSteps,
} from '../print/method.ts';
import { compared, named, pointTable, shownGrid, shownPoint } from '../print/points.ts';
import { exitCodeOf, printResult, shownOutcome } from '../print/result.ts';
import { budgetFlag, budgetOf } from './grid-budget.ts';
import { solving } from './solving.ts';

export const effective: Command = {
  name: 'effective',
  about: 'solve the effective equation and print v(τ = T) at points',
  args: {
    ...scenarioArgument,
    at: { type: 'string', valueHint: 'x=1', description: 'a point; may be repeated (default: two points of K)' },
    ...gridFlags,
    ...methodFlags(['effective']),
    ...frameFlag,
    ...budgetFlag,
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb effective quadratic --at x=1',
    'hjb effective quadratic --scheme filtered --time ssprk3 --at x=1',
    'hjb effective multiwell --nodes x=1601 --at x=0.2 --json',
  ],
  run: runEffective,
};

async function runEffective(request: Request): Promise<number> {
  const { given } = request;
  const steps = wholeNumber(given, 'steps', 1);
  const method = methodGiven(request, 'effective');
  const scenario = openScenario(request);
  // The y-box may take seconds to find: what is wrong with the points is said before.
  pointsGiven(given, namesOf(scenario).x, scenario.domain.x);
  // The frame of `hjb solve`, of which this is the limit.
  const moving = await inScenario(scenario, () => frameGiven(given, scenario, method));
  const frame = moving?.frame ?? null;
  const problem = frame?.problem ?? scenario.problem;
  const { names, slow, fast, fastScheme } = await inScenario(scenario, () => gridsOf(scenario, request, moving));
  const points = pointsInside(given, scenario, names.x, slow);
  const checked = checkedAssumptions(scenario);
  const options = { fastScheme, ...methodNames(method) };
  const solution = await solving(request, 'v', scenario, (run) =>
    solveEffectiveHjb(problem, { ...options, slow, fast, steps }, run),
  );
  const { outcome, seconds } = solution;
  if (outcome.status === 'cancelled') return exitCodeOf(request, outcome, names.x);

  const limit = knownLimit(scenario);
  const { horizon } = scenario.problem;
  const degree = slow.map(() => method.scheme.interpolation);
  const values = points.map((x) => ({
    ...named(names.x, x),
    ...compared(solution, sample(solution, x, degree), limit?.(horizon, x)),
  }));
  const budget = await budgetOf(request, scenario, {
    slow,
    fast,
    fastScheme,
    solution,
    observe: (found) => points.map((x) => sample(found, x, degree)),
    solve: (grid, run) => solveEffectiveHjb(problem, { ...options, ...grid }, run),
    exact: { value: values.map(({ exact }) => exact ?? null) },
  });
  const enclosure = enclosureOf(scenario, { slow, fast, solution: { ...solution, frame } }, degree);
  const at = withBounds(values, enclosure, budget);
  const warnings = [...checked.warnings, ...methodWarnings(scenario, solution, values)];
  printResult(request, {
    json: {
      command: 'effective',
      scenario: scenario.name,
      scheme: solution.scheme,
      fast: fastScheme,
      time: solution.time,
      backend: solution.backend,
      threads: solution.threads,
      nodes: { x: slow.map(({ nodes }) => nodes), y: fast.map(({ nodes }) => nodes) },
      steps: solution.steps,
      seconds,
      bytes: solution.bytes,
      frame: frame === null ? 'fixed' : 'moving',
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
      heading(request.io, `${scenario.title}: v at τ = T = ${horizon}, the limit ε → 0`),
      '\n',
      facts([
        ['grid', shownGrid(slow)],
        ['measure', `on ${shownGrid(fast)}`],
        ['scheme', `averaged ${shownMethod(method, fastScheme)}`],
        ['steps', shownSteps(solution.steps, steps, method)],
        ...shownFrame(frame),
        ...shownSampling(solution.sampledSpacing),
        ...shownFilter(solution.filter),
        ...shownIterations(solution.iterations),
        ['time', shownSeconds(seconds)],
        ['memory', shownMemory(solution.bytes)],
        ['enclosure', shownEnclosure(enclosure, method)],
        ['outcome', shownOutcome(outcome, names.x)],
      ]),
      '\n',
      pointTable(names.x, points, at, 'v'),
      shownBudget(
        budget,
        points.map((point) => shownPoint(names.x, point)),
        budgetNames,
      ),
    ].join(''),
    warnings,
  });
  return exitCodeOf(request, outcome, names.x);
}

const budgetNames = { found: 'v', value: 'exact v', limit: 'exact v' };
