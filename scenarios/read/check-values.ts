import { controlLattice, product, withFiniteEnds } from '../../src/control/control-set.ts';
import { terminalSeesY } from '../../src/model/general-terms.ts';
import { boxesOf, type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { namesOf } from '../../src/model/trees.ts';
import type { Scenario } from '../scenario.ts';
import { noiseCoefficients, slowOf } from './read-noise.ts';
import type { Reader } from './reader.ts';
import type { ScenarioFile } from './schema.ts';

type Boxes = Pick<Scenario, 'domain' | 'observe'>;

/** A function of the problem to be looked at: how to call it, what to call it, which line it comes from. */
interface Probe {
  readonly symbol: string;
  readonly path: readonly PropertyKey[];
  readonly value: (x: Coordinates, y: Coordinates, u: Coordinates) => number;
  readonly dependsOn: 'x' | 'xy' | 'xyu';
}

/** Points per axis: enough to meet the centre, the ends and the quarters; solvers check the nodes in between. */
const pointsPerAxis = { alone: 21, together: { 2: 21, 3: 11, 4: 7, 5: 5 } as Record<number, number> };

/**
 * Evaluate every formula on a coarse grid over the domain; where it is NaN or infinite refuse it, naming the point.
 * The y-axes run over domain.y, else observe.y, else the range of x (deep relaxation, where Y follows X) or [−3, 3].
 */
export function checkValues(
  reader: Reader,
  problem: Problem,
  { domain, observe }: Boxes,
  model: ScenarioFile['model'],
): void {
  const { n, m } = dimensionsOf(problem);
  const guess = Array.from({ length: m }, () => ({ lower: -3, upper: 3 }));
  const y = domain.y ?? observe.y ?? (problem.fast.deepRelaxation ? domain.x : guess);
  const ys = grid(y, pointsPerAxis.together[n + m]);
  const together = grid(domain.x, pointsPerAxis.together[n + m]);
  const alone = grid(domain.x, pointsPerAxis.alone);
  const us = controlPoints(problem);
  for (const probe of probes(problem, model)) {
    const xs = probe.dependsOn === 'x' ? alone : together;
    const [fast, controls] = [probe.dependsOn === 'x' ? [[]] : ys, probe.dependsOn === 'xyu' ? us : [[]]];
    for (const atX of xs) {
      for (const atY of fast) {
        for (const atU of controls) {
          const value = probe.value(atX, atY, atU);
          if (!Number.isFinite(value)) refuseValue(reader, probe, value, shownPoint(problem, atX, atY, atU));
        }
      }
    }
  }
}

/**
 * A limit and a value given in the scenario must be finite on K at τ = T; at τ = 0 the value is the terminal cost, and
 * so is the limit where that does not depend on y.
 */
export function checkExact(reader: Reader, problem: Problem, { observe }: Boxes): void {
  const { exact, horizon, terminalCost } = problem;
  const { limit, value } = exact ?? {};
  const middle = observe.y?.map(({ lower, upper }) => (lower + upper) / 2) ?? [];
  for (const x of grid(observe.x, pointsPerAxis.alone)) {
    const point = shownPoint(problem, x);
    if (limit !== undefined) {
      refuseInfinite(reader, 'limit', limit(horizon, x), `${point}, tau = ${horizon}`);
      if (!terminalSeesY(problem)) refuseOtherEnd(reader, 'limit', limit(0, x), terminalCost(x, []), point);
    }
    if (value === undefined || middle.length === 0) continue;
    refuseInfinite(
      reader,
      'value',
      value({ tau: horizon, epsilon: 1, x, y: middle }),
      `${point}, tau = ${horizon}, epsilon = 1`,
    );
    for (const y of [middle, ...ends(observe.y ?? [])]) {
      const end = value({ tau: 0, epsilon: 1, x, y });
      refuseOtherEnd(reader, 'value', end, terminalCost(x, y), shownPoint(problem, x, y));
    }
  }
}

function refuseInfinite(reader: Reader, key: 'limit' | 'value', value: number, point: string): void {
  if (!Number.isFinite(value)) refuseValue(reader, { symbol: `exact.${key}`, path: ['exact', key] }, value, point);
}

function refuseOtherEnd(reader: Reader, key: 'limit' | 'value', first: number, known: number, point: string): void {
  if (Math.abs(first - known) <= exactTolerance * (1 + Math.abs(known))) return;
  reader.refuse(
    ['exact', key],
    `exact.${key} is ${first} at tau = 0, ${point}`,
    `with no time to go the value is the terminal cost, ${known}`,
    'correct the formula; tau is the time to go, T − t',
  );
}

/** The two corners of a box on its diagonal. */
function ends(sides: readonly Interval[]): readonly number[][] {
  return [sides.map(({ lower }) => lower), sides.map(({ upper }) => upper)];
}

/** Round-off of a closed form with a few cancellations. */
const exactTolerance = 1e-9;

function probes(problem: Problem, model: ScenarioFile['model']): Probe[] {
  const { fast } = problem;
  const [x, y] = namesOf(problem);
  if (model.kind === 'deep-relaxation' || fast.deepRelaxation) return lossProbes(problem);
  const slow = slowOf(model);
  const given = ['model', 'fast', model.fast.drift === undefined ? 'potential' : 'drift'];
  const coefficients = noiseCoefficients(slow.noise, x);
  return [
    {
      symbol: 'f',
      path: ['model', 'terminal'],
      value: (at, atY) => problem.terminalCost(at, atY),
      dependsOn: terminalSeesY(problem) ? 'xy' : 'x',
    },
    ...problem.slowDrift.map(
      (value, i): Probe => ({ symbol: symbol('φ', i, x), path: [...slow.path, x[i]], value, dependsOn: 'xyu' }),
    ),
    ...(problem.centredDrift ?? []).map(
      (value, i): Probe => ({
        symbol: symbol('g₀', i, x),
        path: ['model', 'slow', 'centred', x[i]],
        value,
        dependsOn: 'xy',
      }),
    ),
    ...(problem.slowNoise ?? []).flatMap((row, i) =>
      row.map((value, j): Probe => {
        const name = row.length * x.length === 1 ? 's' : `s${i + 1}${j + 1}`;
        return { symbol: name, path: coefficients[i][j].path, value, dependsOn: 'xyu' };
      }),
    ),
    ...(fast.kind === 'potential'
      ? [{ symbol: 'Φ', path: given, value: fast.potential, dependsOn: 'xy' } as const]
      : []),
    ...fast.drift.map(
      (value, i): Probe => ({
        symbol: symbol('b', i, y),
        path: given[2] === 'potential' ? given : [...given, y[i]],
        value,
        dependsOn: 'xy',
      }),
    ),
    ...((fast.kind === 'drift' && fast.noise) || []).map(
      (value, i): Probe => ({
        symbol: symbol('r', i, y),
        path: ['model', 'fast', 'noise', y[i]],
        value,
        dependsOn: 'xy',
      }),
    ),
    ...(problem.runningCost
      ? [{ symbol: 'ℓ', path: ['model', 'running'], value: problem.runningCost, dependsOn: 'xyu' } as const]
      : []),
  ];
}

function lossProbes(problem: Problem): Probe[] {
  const [x] = namesOf(problem);
  const path = ['model', 'loss'];
  const { loss, gradient } = problem.fast.deepRelaxation ?? { loss: problem.terminalCost, gradient: [] };
  const slopes = gradient.map(
    (slope, i): Probe => ({ symbol: `∂f/∂${x[i]}`, path, value: (at) => slope(at), dependsOn: 'x' }),
  );
  return [{ symbol: 'f', path, value: (at) => loss(at, []), dependsOn: 'x' }, ...slopes];
}

function symbol(name: string, i: number, names: readonly string[]): string {
  return names.length === 1 ? name : `${name}${i + 1}`;
}

function refuseValue(reader: Reader, probe: Pick<Probe, 'symbol' | 'path'>, value: number, point: string): never {
  return reader.refuse(
    probe.path,
    `${probe.symbol} is ${value} at ${point}`,
    'the formula has no finite value there, and the point lies in the region to be solved',
    'change the formula, or give a domain (x, and y for the fast variables) where it is finite',
  );
}

function grid(intervals: readonly Interval[], points: number): number[][] {
  return product(intervals.map((interval) => spread(interval, points)));
}

/** Equidistant with both ends; the middle of a symmetric interval is exactly 0. */
function spread({ lower, upper }: Interval, points: number): number[] {
  const last = points - 1;
  return Array.from({ length: points }, (_, k) => (lower * (last - k) + upper * k) / last);
}

function controlPoints({ controls }: Problem): readonly (readonly number[])[] {
  return boxesOf(controls).flatMap((box) => controlLattice(withFiniteEnds(box), 2));
}

function shownPoint(problem: Problem, ...point: readonly Coordinates[]): string {
  const names = namesOf(problem);
  const shown = point.flatMap((part, k) =>
    Array.from(part, (value, i) => `${names[k][i]} = ${Number(value.toPrecision(6))}`),
  );
  return shown.join(', ');
}
