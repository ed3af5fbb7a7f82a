import { requireOneByOne } from '../../solvers/dimensions.ts';
import { effectiveHamiltonian, type HamiltonianMethod, hamiltonianMethods } from '../../solvers/index.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import { type Command, commonFlags, exitCodes, type Given, type Request, scenarioArgument } from './command.ts';
import { coordinatesOf, mostNodes, pointIn, positiveNumber, wholeNumber } from './flag-values.ts';
import { columns, facts, heading, preciseValue, shownSeconds } from './layout.ts';
import { checkedAssumptions, inScenario, openScenario, printResult } from './opened.ts';
import { namesOf } from './points.ts';

export const hamiltonian: Command = {
  name: 'hamiltonian',
  about: 'print the effective Hamiltonian H̄(x,p) by one of four routes that must agree',
  args: {
    ...scenarioArgument,
    method: {
      type: 'enum',
      options: [...hamiltonianMethods],
      description: 'the route (default: gibbs with a potential, else ergodic)',
    },
    at: { type: 'string', valueHint: 'x=1,p=1', description: 'a point; may be repeated (default: those of the study)' },
    nodes: {
      type: 'string',
      valueHint: 'N',
      description: 'nodes in y for stationary, ergodic and cell (default 8001)',
    },
    radius: {
      type: 'string',
      valueHint: 'R',
      description: 'radius of the ball for cell (default: it holds the measure)',
    },
    alpha: { type: 'string', valueHint: 'A', description: 'δ = R^−(4+A) for cell (default 0.5)' },
    ...commonFlags,
  },
  examples: [
    'hjb hamiltonian quadratic --at x=1,p=1 --at x=0,p=-1',
    'hjb hamiltonian quadratic --method cell --radius 5 --at x=1,p=1 --json',
  ],
  run: runHamiltonian,
};

async function runHamiltonian(request: Request): Promise<number> {
  const { io, given } = request;
  const radius = positiveNumber(given, 'radius');
  const alpha = positiveNumber(given, 'alpha');
  const nodes = nodesInY(given);
  const scenario = openScenario(request);
  const method = methodOf(given, scenario);
  await inScenario(scenario, () => requireOneByOne(scenario.problem, 'the effective Hamiltonian'));
  const points = slopePoints(given, scenario);
  const checked = checkedAssumptions(scenario);
  const started = io.clock();
  const found = await inScenario(scenario, () =>
    points.map(({ x, p }) => effectiveHamiltonian(scenario.problem, { x, p, method, nodes, radius, alpha })),
  );
  const seconds = io.clock() - started;
  const at = points.map(({ x, p }, k) => {
    const { value, lower, upper, errorSource } = found[k];
    return { x: x[0], p: p[0], value, lower, upper, errorSource };
  });
  const warnings = [...checked.warnings, ...unusedFlags(given, method), ...found.flatMap((each) => each.warnings)];
  printResult(request, {
    json: { command: 'hamiltonian', scenario: scenario.name, method, seconds, at, warnings },
    text: [
      heading(io, `${scenario.title}: the effective Hamiltonian H̄(x,p)`),
      '\n',
      facts([
        ['method', `${method}, ${descriptions[method]}`],
        ['accuracy', at[0].errorSource],
        ['time', shownSeconds(seconds)],
      ]),
      '\n',
      hamiltonianTable(at),
    ].join(''),
    warnings,
  });
  return exitCodes.done;
}

const descriptions: Record<HamiltonianMethod, string> = {
  gibbs: 'quadrature of H against the Gibbs measure',
  stationary: 'stationary vector of the discrete generator',
  ergodic: 'constant of the ergodic pair (c, χ)',
  cell: '−δω(0) of the truncated δ-cell problem',
};

interface Row {
  readonly x: number;
  readonly p: number;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

function hamiltonianTable(at: readonly Row[]): string {
  const enclosed = at.some(({ lower }) => lower !== null);
  const shown = (value: number | null) => (value === null ? '–' : preciseValue(value));
  return columns(
    ['x', 'p', 'H̄', ...(enclosed ? ['lower', 'upper'] : [])],
    at.map(({ x, p, value, lower, upper }) => [
      String(x),
      String(p),
      preciseValue(value),
      ...(enclosed ? [shown(lower), shown(upper)] : []),
    ]),
  );
}

function methodOf(given: Given, { problem }: Scenario): HamiltonianMethod {
  const usual = problem.fastPotential === undefined ? 'ergodic' : 'gibbs';
  return (given.value('method') ?? usual) as HamiltonianMethod;
}

function unusedFlags(given: Given, method: HamiltonianMethod): string[] {
  const used: Record<HamiltonianMethod, readonly string[]> = {
    gibbs: [],
    stationary: ['nodes'],
    ergodic: ['nodes'],
    cell: ['nodes', 'radius', 'alpha'],
  };
  return ['nodes', 'radius', 'alpha']
    .filter((flag) => given.value(flag) !== undefined && !used[method].includes(flag))
    .map((flag) => `--${flag} changes nothing – the method ${method} does not use it – leave it out`);
}

function nodesInY(given: Given): number | undefined {
  const nodes = wholeNumber(given, 'nodes', 5);
  if (nodes === undefined || nodes <= mostNodes) return nodes;
  throw new ScenarioError('--nodes', `--nodes is ${nodes}`, `at most ${mostNodes} fit into memory`, 'give fewer');
}

/** The points (x, p) of --at, or those of the study. */
export function slopePoints(given: Given, scenario: Scenario): { x: readonly number[]; p: readonly number[] }[] {
  const { x, p } = namesOf(scenario);
  const points = given.values('at').map((text) => pointIn(text, [...x, ...p]));
  if (points.length === 0) return [...scenario.study.cell.at];
  return points.map((point) => ({ x: coordinatesOf(point, x), p: coordinatesOf(point, p) }));
}
