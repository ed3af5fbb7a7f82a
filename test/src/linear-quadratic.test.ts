import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { controlledRate } from '../../src/control/control-set.ts';
import { linearQuadraticSolution } from '../../src/exact/linear-quadratic.ts';
import { formula } from '../../src/formula/expression.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import type { ControlSet, Exact, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { inLanes } from '../lanes.ts';
import { slowFast } from '../problems.ts';

const real = (names: readonly string[]): ControlSet => ({
  kind: 'box',
  names,
  lower: names.map(() => -Infinity),
  upper: names.map(() => Infinity),
});

/** With y in the dynamics, the drift and the costs, cross terms and affine ones. */
const line = slowFast({
  slow: ['2*u + y - x/2 + 0.3'],
  potential: '(y - x/2 - 0.1)^2',
  controls: real(['u']),
  runningCost: 'x^2/2 + 0.4*y^2 + (u + 0.3*y + 0.2*x)^2/2 + 0.2*u - 0.1*y + 0.05',
  terminalCost: formula('(x - 0.4)^2/4 + 1', ['x']),
});

/** n = m = 2, two controls in the cost together, noise that is no gradient. */
const plane: Problem = (() => {
  const [x, y, u] = [axisNames('x', 2), axisNames('y', 2), ['v', 'w']];
  const of = (text: string) => formula(text, x, y, u);
  return {
    ...line,
    controls: real(u),
    slowDrift: [of('v + y1 + 0.3*y2'), of('w - 0.2*y1 + 0.8*y2 - v/4')],
    fast: {
      kind: 'drift',
      drift: [formula('x1/2 - y1 - 0.4*y2', x, y), formula('0.6*y1 - 1.5*y2 + 0.2', x, y)],
    },
    runningCost: of('(x1^2 + x2^2)/2 + v^2 + v*w/2 + w^2/2 + (y1 - w)^2/4 + v/5'),
    terminalCost: formula('(x1^2 + x1*x2 + x2^2)/4 - x1/3', x),
  };
})();

type Known = Required<Pick<Exact, 'value' | 'feedback' | 'limit'>>;
const knownOf = (problem: Problem) => linearQuadraticSolution(problem) as Known;

/** Differences of fourth order, exact for quadratics; of order h⁴ in τ. */
const H = 5e-3;
const first = (g: (z: number) => number, z: number, h = H) =>
  (8 * (g(z + h) - g(z - h)) - (g(z + 2 * h) - g(z - 2 * h))) / (12 * h);
const second = (g: (z: number) => number, z: number) =>
  (16 * (g(z + H) + g(z - H)) - (g(z + 2 * H) + g(z - 2 * H)) - 30 * g(z)) / (12 * H * H);
const moved = (point: readonly number[], i: number, value: number) => point.map((own, k) => (k === i ? value : own));

const coordinate = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const points = (dimension: number) => fc.array(coordinate, { minLength: dimension, maxLength: dimension });

describe.each([
  ['on the line', line],
  ['in the plane', plane],
])('%s', (_, problem) => {
  const known = knownOf(problem);
  const { length } = problem.slowDrift;

  const inPlane = length > 1;
  inLanes([1, 0.1, 0.02], (epsilon) => epsilon === 0.1 || !inPlane)(
    'Vᵉ solves its equation, and u* attains the minimum there, ε = %s',
    (epsilon) => {
      fc.assert(
        fc.property(points(length), points(length), points(length), (x, y, away) => {
          const V = (tau: number, a: readonly number[], b: readonly number[]) =>
            known.value({ tau, epsilon, x: a, y: b });
          const tau = 0.4;
          const p = x.map((own, i) => first((z) => V(tau, moved(x, i, z), y), own));
          const u = known.feedback({ tau, epsilon, x, y });
          const least = controlledRate(problem, x, y, p, u);
          const other = away.slice(0, u.length).map((step, c) => u[c] + step);
          expect(controlledRate(problem, x, y, p, other)).toBeGreaterThan(least - 1e-9);
          const mixing = y.reduce((total, own, k) => {
            const along = (z: number) => V(tau, x, moved(y, k, z));
            return total + problem.fast.drift[k](x, y) * first(along, own) + second(along, own);
          }, 0);
          const slope = first((t) => V(t, x, y), tau, H / 4);
          // h⁴V⁗⁗ in τ and round-off over h² and ε: measured 2e-8.
          expect(Math.abs(slope - least - mixing / epsilon)).toBeLessThan(2e-7);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('Vᵉ and v are f at τ = 0, and Vᵉ tends to v with order 1 in ε', () => {
    const [x, y] = [
      [0.7, -0.4],
      [0.3, 0.6],
    ].map((point) => point.slice(0, length));
    expect(known.value({ tau: 0, epsilon: 0.1, x, y })).toBeCloseTo(slowTerminal(problem)(x), 14);
    expect(known.limit(0, x)).toBeCloseTo(slowTerminal(problem)(x), 14);
    const gap = (epsilon: number) => known.value({ tau: 1, epsilon, x, y }) - known.limit(1, x);
    expect(gap(1e-4) / gap(1e-5)).toBeCloseTo(10, 1);
    expect(gap(1e-5) / gap(1e-6)).toBeCloseTo(10, 2);
    expect(Math.abs(gap(1e-8))).toBeLessThan(3e-8);
    // Two short extrapolations in ε must agree with v to round-off.
    expect(Math.abs((10 * gap(1e-7) - gap(1e-6)) / 9)).toBeLessThan(1e-11);
  });
});

describe('a solution is attached only where it is proved', () => {
  const without = (change: Partial<Problem>) => linearQuadraticSolution({ ...line, ...change });
  const names = [['x'], ['y'], ['u']] as const;
  test.each<[string, Partial<Problem>]>([
    ['a bounded U', { controls: { kind: 'box', names: ['u'], lower: [-30], upper: [30] } }],
    ['a U bounded on one side', { controls: { kind: 'box', names: ['u'], lower: [0], upper: [Infinity] } }],
    ['φ quadratic in u', { slowDrift: [formula('u - u^2', ...names)] }],
    ['a cost that is not quadratic', { runningCost: formula('u^2/2 + x^4', ...names) }],
    ['a cost that is quadratic at many points only', { runningCost: formula('u^2/2 + exp(-40*(x-9)^2)', ...names) }],
    ['a cost concave in x', { runningCost: formula('u^2/2 - x^2', ...names) }],
    ['no cost of the control', { runningCost: formula('x^2', ...names) }],
    ['no running cost', { runningCost: undefined }],
    ['a terminal cost with a kink', { terminalCost: formula('abs(x)', ['x']) }],
    ['a closure', { terminalCost: (x) => x[0] ** 2 }],
    ['a source', { source: { decay: 1, value: () => 0 } }],
  ])('not with %s', (_, change) => {
    expect(without({})).toBeDefined();
    expect(without(change)).toBeUndefined();
  });

  test('without v where the fast process has no invariant measure', () => {
    const escaping = { kind: 'drift', drift: [formula('y', ['x'], ['y'])] } as const;
    expect(without({ fast: escaping })?.limit).toBeUndefined();
    expect(without({ fast: escaping })?.value).toBeDefined();
  });
});
