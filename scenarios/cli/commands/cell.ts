import { compileExpression, parseExpression } from '../../../src/formula/expression.ts';
import { InputError } from '../../../src/input/input-error.ts';
import { atHessian } from '../../../src/model/hessian.ts';
import { type Coordinates, dimensionsOf } from '../../../src/model/problem.ts';
import { shownInterval } from '../../grids.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { formatError, MISSING } from '../../report/format-number.ts';
import type { Scenario } from '../../scenario.ts';
import { type CommandBody, commonFlags, type Given, type Request, scenarioArgument } from '../flags/command.ts';
import { namesOf } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { coordinatesOf, hessianOf, nodesPerFastAxis, pointIn, positiveNumber } from '../flags/values.ts';
import { budgetJson, shownBudget } from '../print/budget.ts';
import { hessianFacts, hessianJson } from '../print/hessian.ts';
import { columns, facts, heading, preciseValue, shownSeconds } from '../print/layout.ts';
import { named, shownPoint } from '../print/points.ts';
import { exitCodeOf, printResult, worstOf } from '../print/result.ts';
import { cellBudget } from './cell-budget.ts';
import { cellPathFlags, cellPaths, cellPathsJson, cellPathsWarnings, shownCellPaths } from './cell-paths.ts';
import { type CellPoint, type CellValue, cellValues, FEWEST_HALVED_NODES } from './cell-values.ts';

const DEFAULT_NODES = { 1: 401, 2: 201, 3: 65 } as const;

export const cell: CommandBody = {
  args: {
    ...scenarioArgument,
    at: {
      value: 'x=1,p=1,y=0',
      multiple: true,
      description: 'frozen x, slope p and a point y of the ball (default 0)',
    },
    M: { value: 'M', description: 'D²v in H(x,y,p,M), a number or m11,m12,m22 (default 0), for noise in x' },
    radius: { required: true, value: 'N', description: 'the radius n of the ball' },
    delta: { required: true, value: 'D', description: 'the discount δ > 0' },
    nodes: { value: 'N', description: 'nodes per axis across the diameter (default 401; m = 2: 201, m = 3: 65)' },
    integrand: { value: '"y^2"', description: 'a formula h(y) in place of H(x,·,p)' },
    budget: { description: 'print how much of the error −δω − H̄ is due to h, δ and n' },
    ...cellPathFlags,
    ...commonFlags,
  },
  examples: [
    'hjb cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3',
    'hjb cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3 --budget',
    'hjb cell quadratic --at x=1,p=1 --radius 2 --delta 0.05 --paths 2000',
    'hjb cell separated --at x=0 --radius 6 --delta 3e-4 --integrand "y^2"',
  ],
  run: runCell,
};

async function runCell(request: Request): Promise<number> {
  const asked = askedCell(request);
  const found = await solved(request, asked);
  printCell(request, asked, found);
  return exitCodeOf(request, worstOf(found.values), asked.names.y);
}

/** The question of a command line. Throws InputError. */
function askedCell({ given }: Request) {
  const radius = positiveNumber(given, 'radius') as number;
  const delta = positiveNumber(given, 'delta') as number;
  const scenario = openScenario({ given });
  const { m } = dimensionsOf(scenario.problem);
  const nodes = nodesPerFastAxis(given, m) ?? DEFAULT_NODES[m];
  refuseFew(given, nodes);
  const integrand = integrandOf(given, scenario);
  const names = namesOf(scenario);
  const points = cellPoints(given, scenario, radius);
  const places = points.map(({ x, y }) => shownPoint([...names.x, ...names.y], [...x, ...y]));
  // What −δω is near: H̄, or the mean of the integrand.
  const mean = integrand === undefined ? 'H̄' : '∫h dμ';
  const M = hessianOf(given, names.x.length);
  return { scenario, names, M, ball: { radius, delta, nodes, integrand }, points, places, mean };
}

type AskedCell = ReturnType<typeof askedCell>;

/** −δω at every point, its budget and the estimates by paths where they are asked for, and every doubt. */
async function solved({ given, io }: Request, { scenario, M, ball, points, places }: AskedCell) {
  const problem = atHessian(scenario.problem, M);
  const checked = checkedAssumptions(scenario);
  const started = io.clock();
  const values = await inIntegrand(given, scenario, () => cellValues(problem, points, ball));
  const seconds = io.clock() - started;
  const questions = values.map(({ x, p, y, controls }) => ({
    options: { x, p: p ?? x.map(() => 0), ...ball },
    y,
    controls,
  }));
  const budget = given.on('budget') ? await inIntegrand(given, scenario, () => cellBudget(problem, questions)) : null;
  const estimates = cellPaths(given, problem, values, ball);
  const doubts = new Set(values.flatMap(({ warnings }) => warnings));
  const warnings = [...checked.warnings, ...doubts, ...cellPathsWarnings(estimates, values, places)];
  return { values, seconds, budget, estimates, warnings };
}

function printCell(
  request: Request,
  { scenario, names, M, ball: { radius, delta, nodes }, places, mean }: AskedCell,
  { values, seconds, budget, estimates, warnings }: Awaited<ReturnType<typeof solved>>,
): void {
  const integrand = request.given.value('integrand') ?? null;
  const m = names.y.length;
  const diameter = { lower: -radius, upper: radius };
  const budgetNames = { found: '−δω', value: mean, limit: '' };
  const at = values.map(({ x, p, y, warnings: _, outcome: __, ...value }, k) => ({
    ...named(names.x, x),
    ...(p === undefined ? {} : named(names.p, p)),
    ...named(names.y, y),
    ...value,
    ...cellPathsJson(estimates, k),
  }));
  printResult(request, {
    json: {
      command: 'cell',
      scenario: scenario.name,
      ...{
        radius,
        delta,
        nodes,
        integrand,
        ...hessianJson(scenario, M),
        seconds,
        enclosed: mean,
        at,
        budget: budgetJson(budget, budgetNames),
        warnings,
      },
    },
    text: [
      heading(request.io, `${scenario.title}: δω − Lω = −h in |y| < ${radius}, ω = 0 on the sphere`),
      '\n',
      facts([
        ['h', integrand ?? 'H(x,·,p)'],
        ...hessianFacts(scenario, M),
        ['δ', String(delta)],
        [
          'grid',
          m === 1 ? `${nodes} nodes, y ∈ ${shownInterval(diameter)}` : `${nodes} nodes across the ball in R^${m}`,
        ],
        ['time', shownSeconds(seconds)],
      ]),
      '\n',
      cellTable(values, names, mean),
      shownCellPaths(estimates, places),
      shownBudget(budget, places, budgetNames),
    ].join(''),
    warnings,
  });
}

function cellTable(found: readonly CellValue[], names: ReturnType<typeof namesOf>, mean: string): string {
  const sloped = found.some(({ p }) => p !== undefined);
  const shown = (value: number | null) => (value === null || !Number.isFinite(value) ? MISSING : preciseValue(value));
  return columns(
    [
      ...names.x,
      ...(sloped ? names.p : []),
      ...names.y,
      '−δω(y)',
      'grid error',
      'exit weight',
      `${mean} ≥`,
      `${mean} ≤`,
    ],
    found.map(({ x, p, y, minusDeltaOmega, gridError, lower, upper, exitWeight, exitWeightError: error }) => [
      ...x.map(String),
      ...(sloped ? names.p.map((_, i) => (p === undefined ? '–' : String(p[i]))) : []),
      ...y.map(String),
      preciseValue(minusDeltaOmega),
      gridError === null || !Number.isFinite(gridError) ? MISSING : formatError(gridError),
      exitWeight.toPrecision(3) + (error === null || error < 1e-3 * exitWeight ? '' : ` ± ${error.toPrecision(2)}`),
      shown(lower),
      shown(upper),
    ]),
  );
}

/** The points of --at, or those of the study at y = 0. */
function cellPoints(given: Given, scenario: Scenario, radius: number): CellPoint[] {
  const { x, p, y } = namesOf(scenario);
  const origin = y.map(() => 0);
  const needsSlope = given.value('integrand') === undefined;
  const [needed, optional] = needsSlope ? [[...x, ...p], y] : [x, [...p, ...y]];
  const points = given.values('at').map((text) => pointIn(text, needed, optional));
  if (points.length === 0) return scenario.study.cell.at.map((point) => ({ ...point, y: origin }));
  return points.map((point) => {
    const slope = p.some((name) => point.has(name)) ? coordinatesOf(point, p) : undefined;
    const at = { x: coordinatesOf(point, x), p: slope, y: coordinatesOf(point, y) };
    if (Math.hypot(...at.y) <= radius) return at;
    throw new ScenarioError(
      '--at',
      `${y.map((name, i) => `${name} = ${at.y[i]}`).join(', ')} lies outside the ball`,
      y.length === 1
        ? `the ball is y ∈ ${shownInterval({ lower: -radius, upper: radius })}`
        : `its radius is ${radius}`,
      'choose a point inside, or a larger --radius',
    );
  });
}

/** Refuses a budget on so few nodes that half the cells make no ball. */
function refuseFew(given: Given, nodes: number): void {
  if (!given.on('budget') || nodes >= FEWEST_HALVED_NODES) return;
  throw new ScenarioError(
    '--budget',
    `--budget compares with half the cells, and there are ${nodes} nodes`,
    'the diameter needs at least 5 nodes',
    `give at least --nodes ${FEWEST_HALVED_NODES}`,
  );
}

function integrandOf(given: Given, scenario: Scenario): ((y: Coordinates) => number) | undefined {
  const text = given.value('integrand');
  if (text === undefined) return undefined;
  const { y } = namesOf(scenario);
  try {
    return compileExpression(parseExpression(text, { names: y, parameters: scenario.parameters }), y);
  } catch (error) {
    throw atIntegrand(error);
  }
}

/** Runs the solver; where an integrand was given, an integrand without a value is its fault, not the scenario's. */
async function inIntegrand<Value>(
  given: Given,
  scenario: Scenario,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await inScenario(scenario, work);
  } catch (error) {
    const own = given.value('integrand') !== undefined && error instanceof InputError;
    throw own && error.fact.startsWith('the integrand') ? atIntegrand(error) : error;
  }
}

function atIntegrand(error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  return new ScenarioError('--integrand', error.fact, error.cause, error.remedy);
}
