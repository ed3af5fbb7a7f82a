/** What `solve` and `effective` have in common: the question, the bounds beside the values, the answer in print. */
import type { GridFunction } from '../../../solvers/index.ts';
import { type MethodDiagnostics, undershootBetween } from '../../../solvers/workbench.ts';
import type { MovingFrame } from '../../../src/model/moving-frame.ts';
import type { EquationName } from '../../../src/time/schemes.ts';
import { undershootOf } from '../../../src/time/value-floor.ts';
import type { BudgetNames } from '../../study/budget-advice.ts';
import { controlFacts } from '../../study/control-facts.ts';
import type { Request } from '../flags/command.ts';
import { frameGiven } from '../flags/frame.ts';
import { gridsOf, nodesAsked } from '../flags/grid.ts';
import { refuseSteps } from '../flags/limits.ts';
import { methodGiven } from '../flags/method.ts';
import { namesOf, pointsGiven, pointsInside } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { wholeNumber } from '../flags/values.ts';
import { budgetJson, shownBudget } from '../print/budget.ts';
import { enclosedWhat, enclosureOf, shownEnclosure, withBounds } from '../print/enclosure.ts';
import { facts, heading } from '../print/layout.ts';
import {
  shownFastSolve,
  shownFeet,
  shownFilter,
  shownFrame,
  shownIterations,
  shownMemory,
  shownRepeats,
  shownSharp,
  shownSteps,
} from '../print/method.ts';
import { type PointValue, pointTable, shownPoint } from '../print/points.ts';
import { printResult, shownOutcome } from '../print/result.ts';
import { type BudgetSubject, budgetOf } from './grid-budget.ts';
import { type SharpBeside, sharpJson, sharpWarnings } from './sharp-beside.ts';

/** What a command line asks of a solver on a grid; points are those of its value. Throws InputError. */
export async function askedOnGrid(request: Request, equation: EquationName) {
  const { given } = request;
  const steps = wholeNumber(given, 'steps', 1);
  const method = methodGiven(request, equation);
  const scenario = openScenario(request);
  const { x, y } = namesOf(scenario);
  const axes = equation === 'epsilon' ? [...x, ...y] : x;
  const [nx, ny] = nodesAsked(scenario, request);
  const counts = equation === 'epsilon' ? [...nx, ...ny] : nx;
  refuseSteps(
    steps,
    counts.reduce((product, nodes) => product * nodes, 1),
  );
  // The y-box may take seconds to find: what is wrong with the points is said before.
  pointsGiven(given, axes, scenario.domain.x);
  const moving = await inScenario(scenario, () => frameGiven(given, scenario, method));
  const frame = moving?.frame ?? null;
  const { slow, fast, fastScheme } = await inScenario(scenario, () => gridsOf(scenario, request, moving));
  const points = pointsInside(given, scenario, axes, axes.length > x.length && !frame ? [...slow, ...fast] : slow);
  const checked = checkedAssumptions(scenario);
  // The solve says itself what its y-box leaves out where m = 1.
  const warnings = checked.warnings.filter((warning) => fast.length > 1 || !checked.cut.includes(warning));
  // Along x of the degree that keeps the order of the scheme; cubic in y, where diffusion smooths.
  const degree = axes.map((_, a) => (a < x.length ? method.scheme.interpolation : 3));
  return { steps, method, scenario, axes, frame, slow, fast, fastScheme, points, degree, warnings };
}

type Asked = Awaited<ReturnType<typeof askedOnGrid>>;

type Solution = MethodDiagnostics & GridFunction;

/** The values with their bounds, the budget where it is asked for, and every doubt. */
export async function judged<Value extends PointValue>(
  request: Request,
  asked: Asked,
  {
    solution,
    values,
    sharp,
    ...subject
  }: Pick<BudgetSubject, 'observe' | 'solve' | 'limit' | 'exact'> & {
    readonly solution: Solution & { readonly frame: MovingFrame | null };
    readonly values: readonly Value[];
    readonly sharp: SharpBeside;
  },
) {
  const { scenario, slow, fast, fastScheme, degree } = asked;
  const problem = solution.frame?.problem ?? scenario.problem;
  const budget = await budgetOf(request, scenario, { ...subject, problem, slow, fast, fastScheme, solution });
  const enclosure = enclosureOf(scenario, { slow, fast, solution }, degree);
  const warnings = [
    ...asked.warnings,
    ...solution.warnings,
    ...undershootBetween(
      solution,
      values.flatMap(({ value }) => value ?? []),
    ),
    ...sharpWarnings(
      sharp,
      values.map(({ filtered }) => filtered),
    ),
  ];
  return { budget, enclosure, at: withBounds(values, enclosure, budget), sharp, warnings };
}

/** What the two commands print differently. */
interface Shown {
  readonly command: string;
  readonly title: string;
  readonly symbol: string;
  readonly budgetNames: BudgetNames;
  readonly grid: readonly (readonly [string, string])[];
  readonly scheme: string;
  readonly time: string;
  /** Of the ε-problem alone. */
  readonly epsilon?: number;
  readonly nsPerNodeStep?: number;
  readonly fastSolve?: Solution['fastSolve'];
}

/** Prints a solution: what was solved, how, and the values at the points. */
export function printSolution(
  request: Request,
  { asked, solution, found }: { asked: Asked; solution: Solution; found: Awaited<ReturnType<typeof judged>> },
  { title, symbol, budgetNames, grid, scheme, time, ...own }: Shown,
): void {
  const { scenario, method, steps, axes, frame, slow, fast, points } = asked;
  const { outcome, filter, controlsError, iterations } = solution;
  const { budget, enclosure, at, sharp, warnings } = found;
  const gridNames = solution.grid.axes.map(({ name }) => name);
  const places = points.map((point) => shownPoint(axes, point));
  printResult(request, {
    json: {
      command: own.command,
      scenario: scenario.name,
      epsilon: own.epsilon,
      scheme: solution.scheme,
      fast: asked.fastScheme,
      time: solution.time,
      backend: solution.backend,
      threads: solution.threads,
      nodes: { x: slow.map(({ nodes }) => nodes), y: fast.map(({ nodes }) => nodes) },
      steps: solution.steps,
      repeats: solution.repeats,
      seconds: solution.seconds,
      nsPerNodeStep: own.nsPerNodeStep,
      bytes: solution.bytes,
      fastSolve: own.fastSolve,
      frame: frame === null ? 'fixed' : 'moving',
      controlsError,
      ...{ feet: solution.feet, filter, undershoot: undershootOf(solution.values, solution.floor) },
      iterations: iterations ?? undefined,
      ...{ outcome, sharp: sharpJson(sharp), enclosed: enclosedWhat(enclosure), at },
      ...{ ...budgetJson(budget, budgetNames), warnings },
    },
    text: [
      `${heading(request.io, `${scenario.title}: ${title}`)}\n`,
      facts([
        ...grid,
        ['scheme', scheme],
        ['steps', shownSteps(solution, steps, method)],
        ...shownRepeats(solution.repeats),
        ...shownFeet(solution.feet),
        ...shownFrame(frame),
        ...shownFastSolve(solution.fastSolve, fast.length),
        ...controlFacts(solution),
        ...shownFilter(filter),
        ...shownIterations(iterations),
        ['time', time],
        ['memory', shownMemory(solution.bytes)],
        ['enclosure', shownEnclosure(enclosure, solution, method)],
        ...shownSharp(sharp),
        ['outcome', shownOutcome(outcome, gridNames)],
      ]),
      `\n${pointTable(axes, points, at, symbol)}${shownBudget(budget, places, budgetNames)}`,
    ].join(''),
    warnings,
  });
}
