import { requireOneByOne } from '../../solvers/dimensions.ts';
import { encloseByCell, solveDeltaCell } from '../../solvers/index.ts';
import { compileExpression, parseExpression } from '../../src/problem/expression.ts';
import { InputError } from '../../src/problem/input-error.ts';
import type { Coordinates } from '../../src/problem/problem.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import { MISSING } from '../report/format-number.ts';
import type { Scenario } from '../scenario.ts';
import { budgetJson, shownBudget } from './budget-table.ts';
import { cellBudget } from './cell-budget.ts';
import { type Command, commonFlags, exitCodes, type Given, type Request, scenarioArgument } from './command.ts';
import { mostNodes, pointIn, positiveNumber, wholeNumber } from './flag-values.ts';
import { columns, facts, heading, preciseValue, shownInterval, shownSeconds } from './layout.ts';
import { checkedAssumptions, inScenario, openScenario, printResult } from './opened.ts';
import { namesOf } from './points.ts';

const DEFAULT_NODES = 401;

/** Half their cells still make a ball. */
const FEWEST_BUDGET_NODES = 9;

export const cell: Command = {
  name: 'cell',
  about: 'solve the truncated δ-cell problem on the ball of radius n and print −δω and the exit weight',
  args: {
    ...scenarioArgument,
    at: {
      type: 'string',
      valueHint: 'x=1,p=1,y=0',
      description: 'frozen x, slope p and a point y of the ball (default 0); may be repeated',
    },
    radius: { type: 'string', required: true, valueHint: 'N', description: 'the radius n of the ball' },
    delta: { type: 'string', required: true, valueHint: 'D', description: 'the discount δ > 0' },
    nodes: { type: 'string', valueHint: 'N', description: `nodes across the diameter (default ${DEFAULT_NODES})` },
    integrand: { type: 'string', valueHint: '"y^2"', description: 'a formula h(y) in place of H(x,·,p)' },
    budget: { type: 'boolean', description: 'print how much of the error −δω − H̄ is due to h, δ and n' },
    ...commonFlags,
  },
  examples: [
    'hjb cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3',
    'hjb cell quadratic --at x=1,p=1 --radius 5 --delta 1e-3 --budget',
    'hjb cell separated --at x=0 --radius 6 --delta 3e-4 --integrand "y^2"',
  ],
  run: runCell,
};

async function runCell(request: Request): Promise<number> {
  const { io, given } = request;
  const radius = positiveNumber(given, 'radius') as number;
  const delta = positiveNumber(given, 'delta') as number;
  const nodes = nodesAcross(given);
  const scenario = openScenario(request);
  await inScenario(scenario, () => requireOneByOne(scenario.problem, 'the δ-cell problem'));
  const integrand = integrandOf(given, scenario);
  const points = cellPoints(given, scenario, radius);
  const names = { found: '−δω', value: integrand === undefined ? 'H̄' : '∫h dμ', limit: '' };
  const checked = checkedAssumptions(scenario);
  const started = io.clock();
  const options = points.map(({ x, p }) => ({ x: [x], p: [p ?? 0], radius, delta, nodes, integrand }));
  const found = await inIntegrand(given, scenario, () => options.map((each) => solveDeltaCell(scenario.problem, each)));
  const seconds = io.clock() - started;
  const enclosures = found.map((solution, k) => encloseByCell(scenario.problem, options[k], solution));
  const at = points.map(({ x, p, y }, k) => ({
    x,
    ...(p === undefined ? {} : { p }),
    y,
    minusDeltaOmega: found[k].minusDeltaOmega([y]),
    exitWeight: found[k].exitWeightAt([y]),
    lower: enclosures[k]?.lower ?? null,
    upper: enclosures[k]?.upper ?? null,
  }));
  const questions = points.map(({ y }, k) => ({ options: options[k], y }));
  const budget = given.on('budget')
    ? await inIntegrand(given, scenario, () => cellBudget(scenario.problem, questions))
    : null;
  const traps = new Set(found.flatMap(({ trap }) => (trap === null ? [] : [trap])));
  const warnings = [...checked.warnings, ...traps];
  const formula = given.value('integrand');
  printResult(request, {
    json: {
      command: 'cell',
      scenario: scenario.name,
      radius,
      delta,
      nodes,
      integrand: formula ?? null,
      seconds,
      enclosed: names.value,
      at,
      ...budgetJson(budget, names),
      warnings,
    },
    text: [
      heading(io, `${scenario.title}: δω − Lω = −h in |y| < ${radius}, ω = 0 on the sphere`),
      '\n',
      facts([
        ['h', formula ?? 'H(x,·,p)'],
        ['δ', String(delta)],
        ['grid', `${nodes} nodes, y ∈ ${shownInterval({ lower: -radius, upper: radius })}`],
        ['time', shownSeconds(seconds)],
      ]),
      '\n',
      columns(
        ['x', 'p', 'y', '−δω(y)', 'exit weight', `${names.value} ≥`, `${names.value} ≤`],
        at.map(({ x, p, y, minusDeltaOmega, exitWeight, lower, upper }) => [
          String(x),
          p === undefined ? '–' : String(p),
          String(y),
          preciseValue(minusDeltaOmega),
          exitWeight.toPrecision(3),
          lower === null ? MISSING : preciseValue(lower),
          upper === null ? MISSING : preciseValue(upper),
        ]),
      ),
      shownBudget(
        budget,
        points.map(({ x, y }) => `x = ${x}, y = ${y}`),
        names,
      ),
    ].join(''),
    warnings,
  });
  return exitCodes.done;
}

interface Point {
  readonly x: number;
  /** Absent where an integrand replaces H(x,·,p). */
  readonly p?: number;
  readonly y: number;
}

/** The points of --at, or those of the study at y = 0. */
function cellPoints(given: Given, scenario: Scenario, radius: number): Point[] {
  const [[x], [p], [y]] = [namesOf(scenario).x, namesOf(scenario).p, namesOf(scenario).y];
  const needsSlope = given.value('integrand') === undefined;
  const points = given.values('at').map((text) => pointIn(text, needsSlope ? [x, p] : [x], needsSlope ? [y] : [p, y]));
  if (points.length === 0) return scenario.study.cell.at.map((point) => ({ x: point.x[0], p: point.p[0], y: 0 }));
  return points.map((point) => {
    const at = { x: point.get(x) as number, p: point.get(p), y: point.get(y) ?? 0 };
    if (Math.abs(at.y) <= radius) return at;
    throw new ScenarioError(
      '--at',
      `y = ${at.y} lies outside the ball`,
      `the ball is y ∈ ${shownInterval({ lower: -radius, upper: radius })}`,
      'choose a point inside, or a larger --radius',
    );
  });
}

function nodesAcross(given: Given): number {
  const nodes = wholeNumber(given, 'nodes', 5) ?? DEFAULT_NODES;
  if (given.on('budget') && nodes < FEWEST_BUDGET_NODES) {
    throw new ScenarioError(
      '--budget',
      `--budget compares with half the cells, and there are ${nodes} nodes`,
      'the diameter needs at least 5 nodes',
      `give at least --nodes ${FEWEST_BUDGET_NODES}`,
    );
  }
  if (nodes <= mostNodes) return nodes;
  throw new ScenarioError('--nodes', `--nodes is ${nodes}`, `at most ${mostNodes} fit into memory`, 'give fewer');
}

function integrandOf(given: Given, scenario: Scenario): ((y: Coordinates) => number) | undefined {
  const text = given.value('integrand');
  if (text === undefined) return undefined;
  const { y } = namesOf(scenario);
  try {
    return compileExpression(parseExpression(text, { names: y }), y);
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
