/** What `solve` and `effective` have in common: the question, the bounds beside the values, the answer in print. */
import type { GridFunction } from '../../../solvers/index.ts';
import { type MethodDiagnostics, undershootBetween } from '../../../solvers/workbench.ts';
import type { MovingFrame } from '../../../src/model/moving-frame.ts';
import type { EquationName } from '../../../src/time/schemes.ts';
import { undershootOf } from '../../../src/time/value-floor.ts';
import type { BudgetNames } from '../../study/budget-advice.ts';
import { shownControlsError } from '../../study/control-facts.ts';
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
import { type Fact, printFacts, unprinted } from '../print/fact-list.ts';
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
import { shownOutcome } from '../print/result.ts';
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
  const run = { slow, fast, solution };
  const enclosure = enclosureOf(scenario, run, degree);
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
  const enclosed = shownEnclosure(scenario, run, enclosure);
  return { budget, enclosure, enclosed, at: withBounds(values, enclosure, budget), sharp, warnings };
}

/** What the two commands print differently. */
interface Shown {
  readonly command: string;
  readonly title: string;
  readonly symbol: string;
  readonly budgetNames: BudgetNames;
  readonly grid: string;
  readonly scheme: string;
  readonly time: string;
  /** The nodes of the measure, of the limit alone. */
  readonly measure?: string;
  /** Of the ε-problem alone. */
  readonly epsilon?: number;
  readonly nsPerNodeStep?: number;
}

/** Prints a solution: what was solved, how, and the values at the points. */
export function printSolution(
  request: Request,
  { asked, solution, found }: { asked: Asked; solution: Solution; found: Awaited<ReturnType<typeof judged>> },
  { title, symbol, budgetNames, ...own }: Shown,
): void {
  const { scenario, axes, points } = asked;
  const { budget, enclosure, enclosed, at, sharp, warnings } = found;
  const gridNames = solution.grid.axes.map(({ name }) => name);
  const places = points.map((point) => shownPoint(axes, point));
  const list: Fact[] = [
    ...unprinted({ command: own.command, scenario: scenario.name, epsilon: own.epsilon }),
    ...methodFacts(asked, solution, own),
    {
      key: 'enclosed',
      json: enclosedWhat(enclosure),
      label: 'enclosure',
      text: enclosed,
    },
    { key: 'sharp', json: sharpJson(sharp), label: sharp?.method.scheme.name, text: sharp && shownSharp(sharp) },
    { key: 'outcome', json: solution.outcome, label: 'outcome', text: shownOutcome(solution.outcome, gridNames) },
    { key: 'at', json: at, text: `\n${pointTable(axes, points, at, symbol)}` },
    { key: 'budget', json: budgetJson(budget, budgetNames), text: shownBudget(budget, places, budgetNames) },
  ];
  printFacts(request, `${scenario.title}: ${title}`, { list, warnings });
}

/** How a solution was found, and what it took. */
function methodFacts(
  { method, steps, frame, slow, fast, fastScheme }: Asked,
  solution: Solution,
  own: Omit<Shown, 'title' | 'symbol' | 'budgetNames'>,
): Fact[] {
  const { fastSolve, feet, filter, iterations, repeats, seconds, bytes } = solution;
  const nodes = { x: slow.map((axis) => axis.nodes), y: fast.map((axis) => axis.nodes) };
  const ofValue = own.epsilon !== undefined;
  return [
    { key: 'nodes', json: nodes, label: 'grid', text: own.grid },
    { label: 'measure', text: own.measure },
    { key: 'scheme', json: solution.scheme, label: 'scheme', text: own.scheme },
    ...unprinted({ fast: fastScheme, time: solution.time, backend: solution.backend, threads: solution.threads }),
    { key: 'steps', json: solution.steps, label: 'steps', text: shownSteps(solution, steps, method) },
    { key: 'repeats', json: repeats, label: 'repeated', text: shownRepeats(repeats) },
    { key: 'feet', json: feet, label: 'long feet', text: shownFeet(feet) },
    { key: 'frame', json: frame === null ? 'fixed' : 'moving', label: 'frame', text: shownFrame(frame) },
    {
      key: 'fastSolve',
      json: ofValue ? fastSolve : undefined,
      label: 'in y',
      text: shownFastSolve(fastSolve, fast.length),
    },
    { key: 'controlsError', json: solution.controlsError, label: 'controls', text: shownControlsError(solution) },
    { key: 'filter', json: filter, label: 'filter', text: shownFilter(filter) },
    ...unprinted({ undershoot: undershootOf(solution.values, solution.floor) }),
    { key: 'iterations', json: iterations ?? undefined, label: 'policy iteration', text: shownIterations(iterations) },
    { key: 'seconds', json: seconds, label: 'time', text: own.time },
    ...unprinted({ nsPerNodeStep: own.nsPerNodeStep }),
    { key: 'bytes', json: bytes, label: 'memory', text: shownMemory(bytes) },
  ];
}
