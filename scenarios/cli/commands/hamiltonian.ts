import {
  type EffectiveHamiltonian,
  effectiveHamiltonian,
  type HamiltonianMethod,
  hamiltonianMethods,
} from '../../../solvers/index.ts';
import { dimensionsOf } from '../../../src/model/problem.ts';

import type { Scenario } from '../../scenario.ts';
import { type CommandBody, commonFlags, type Given, type Request, scenarioArgument } from '../flags/command.ts';
import { namesOf } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { coordinatesOf, hessianOf, nodesPerFastAxis, pointIn, positiveNumber } from '../flags/values.ts';
import { hessianFacts, hessianJson } from '../print/hessian.ts';
import { columns, facts, heading, preciseValue, shownSeconds } from '../print/layout.ts';
import { named } from '../print/points.ts';
import { exitCodeOf, printResult, worstOf } from '../print/result.ts';
import { refuseDirectionFlags, runDirections } from './hamiltonian-directions.ts';

export const hamiltonian: CommandBody = {
  args: {
    ...scenarioArgument,
    method: {
      options: [...hamiltonianMethods],
      description: 'the route (default: gibbs with a potential, else ergodic)',
    },
    at: { value: 'x=1,p=1', multiple: true, description: 'a point (default: those of the study)' },
    M: { value: 'M', description: 'D²v in H(x,y,p,M), a number or m11,m12,m22 (default 0), for noise in x' },
    nodes: {
      value: 'N',
      description: 'nodes per y-axis (not for gibbs at single points; default 8001; m = 2: 401, m = 3: 97)',
    },
    radius: { value: 'R', description: 'radius of the ball for cell (default: it holds the measure)' },
    alpha: { value: 'A', description: 'δ = R^−(4+A) for cell (default 0.5)' },
    directions: {
      value: 'K',
      description: 'a table over K directions of p instead, with the velocities of the extended controls (n = 1: 2)',
    },
    x: { value: 'x1=1,x2=0', multiple: true, description: 'with --directions: a point (default: those of the study)' },
    lengths: { value: 'L,…', description: 'with --directions: lengths of p (default 1)' },
    out: {
      value: 'DIR',
      description: 'with --directions: a folder for report.html, hamiltonian.json and directions.csv',
    },
    ...commonFlags,
  },
  examples: [
    'hjb hamiltonian quadratic --at x=1,p=1 --at x=0,p=-1',
    'hjb hamiltonian quadratic --method cell --radius 5 --at x=1,p=1 --json',
    'hjb hamiltonian plane.yaml --directions 32 --x x1=1,x2=0 --out results/plane',
  ],
  run: runHamiltonian,
};

async function runHamiltonian(request: Request): Promise<number> {
  const { io, given } = request;
  if (given.value('directions') !== undefined) return runDirections(request);
  refuseDirectionFlags(given);
  const radius = positiveNumber(given, 'radius');
  const alpha = positiveNumber(given, 'alpha');
  const scenario = openScenario(request);
  const nodes = nodesPerFastAxis(given, dimensionsOf(scenario.problem).m);
  const method = routeOf(given, scenario);
  const names = namesOf(scenario);
  const points = slopePoints(given, scenario);
  const M = hessianOf(given, names.x.length);
  const hessian = hessianFacts(scenario, M);
  const checked = checkedAssumptions(scenario);
  const box = scenario.domain.y ?? undefined;
  const started = io.clock();
  const found = await inScenario(scenario, () =>
    points.map(({ x, p }) => effectiveHamiltonian(scenario.problem, { x, p, M, method, nodes, radius, alpha, box })),
  );
  const seconds = io.clock() - started;
  const at = points.map(({ x, p }, k) => {
    const { value, lower, upper, error, controls, errorSource } = found[k];
    return { ...named(names.x, x), ...named(names.p, p), value, lower, upper, error, controls, errorSource };
  });
  const warnings = [...checked.warnings, ...unusedFlags(given, method), ...found.flatMap((each) => each.warnings)];
  printResult(request, {
    json: {
      command: 'hamiltonian',
      scenario: scenario.name,
      method,
      ...hessianJson(scenario, M),
      seconds,
      at,
      warnings,
    },
    text: [
      heading(io, `${scenario.title}: the effective Hamiltonian H̄(x,p${hessian.length > 0 ? ',M' : ''})`),
      '\n',
      facts([
        ['method', `${method}, ${routes[method]}`],
        ...hessian,
        ['accuracy', found[0].errorSource],
        ['time', shownSeconds(seconds)],
      ]),
      '\n',
      hamiltonianTable(points, found, names),
    ].join(''),
    warnings,
  });
  return exitCodeOf(request, worstOf(found), names.y);
}

const routes: Record<HamiltonianMethod, string> = {
  gibbs: 'quadrature of H against the Gibbs measure',
  stationary: 'stationary vector of the discrete generator',
  ergodic: 'constant of the ergodic pair (c, χ)',
  cell: '−δω(0) of the truncated δ-cell problem, extrapolated to δ = 0',
};

function hamiltonianTable(
  points: readonly { readonly x: readonly number[]; readonly p: readonly number[] }[],
  found: readonly EffectiveHamiltonian[],
  names: { readonly x: readonly string[]; readonly p: readonly string[] },
): string {
  const enclosed = found.some(({ lower }) => lower !== null);
  const shown = (value: number | null) => (value === null || !Number.isFinite(value) ? '–' : preciseValue(value));
  return columns(
    [...names.x, ...names.p, 'H̄', ...(enclosed ? ['lower', 'upper'] : ['error'])],
    found.map(({ value, lower, upper, error }, k) => [
      ...[...points[k].x, ...points[k].p].map(String),
      preciseValue(value),
      ...(enclosed
        ? [shown(lower), shown(upper)]
        : [error === null || !Number.isFinite(error) ? '–' : error.toExponential(1)]),
    ]),
  );
}

function routeOf(given: Given, { problem }: Scenario): HamiltonianMethod {
  const usual = problem.fast.kind === 'drift' ? 'ergodic' : 'gibbs';
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

/** The points (x, p) of --at, or those of the study. */
function slopePoints(given: Given, scenario: Scenario): { x: readonly number[]; p: readonly number[] }[] {
  const { x, p } = namesOf(scenario);
  const points = given.values('at').map((text) => pointIn(text, [...x, ...p]));
  if (points.length === 0) return [...scenario.study.cell.at];
  return points.map((point) => ({ x: coordinatesOf(point, x), p: coordinatesOf(point, p) }));
}
