import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { linearQuadraticSolution } from '../../src/exact/linear-quadratic.ts';
import { translationInvariantSolution } from '../../src/exact/translation-invariant.ts';
import { formula } from '../../src/formula/expression.ts';
import type { Exact, Problem } from '../../src/model/problem.ts';
import { inSpace, slowFast } from '../problems.ts';

const real = { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] } as const;
const names = [['x'], ['y'], ['u']] as const;

/** Log utility: φ = r + sλu − s²u²/2, λ = l₀ + l₁y, f = −x. */
const [r, s, l0, l1] = [0.02, 0.4, 0.3, 0.2];
const merton = slowFast({
  slow: [`${r} + ${s}*u*(${l0} + ${l1}*y) - ${s}^2*u^2/2`],
  potential: 'y^2/2',
  controls: real,
  terminalCost: formula('-x', ['x']),
});

type Known = Required<Pick<Exact, 'value' | 'feedback' | 'limit'>>;
const knownOf = (problem: Problem) => translationInvariantSolution(problem) as Known;

describe("Merton's problem with logarithmic utility", () => {
  const { value, feedback, limit } = knownOf(merton);

  test('has the value of the closed form at every ε', () => {
    const at = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(1, 0.1, 1e-3, 1e-8),
        fc.double({ min: 0, max: 2, noNaN: true }),
        at,
        at,
        (e, t, x, y) => {
          const [once, twice] = [-Math.expm1(-t / e), -Math.expm1((-2 * t) / e)];
          const gained =
            (l0 ** 2 + l1 ** 2) * t + 2 * l0 * l1 * y * e * once + l1 ** 2 * (y ** 2 - 1) * (e / 2) * twice;
          expect(Math.abs(value({ tau: t, epsilon: e, x: [x], y: [y] }) - (-x - r * t - gained / 2))).toBeLessThan(
            1e-13,
          );
        },
      ),
    );
  });

  test('has the control λ/s and the limit ∫λ²dμ', () => {
    expect(feedback({ tau: 1, epsilon: 0.1, x: [2], y: [0.7] })[0]).toBeCloseTo((l0 + l1 * 0.7) / s, 14);
    expect(limit(1.5, [2])).toBeCloseTo(-2 - 1.5 * (r + (l0 ** 2 + l1 ** 2) / 2), 14);
  });
});

test('a U that u* does not leave within any deviation that counts is as good as R', () => {
  const wide = { ...merton, controls: { ...real, lower: [-20], upper: [20] } };
  const at = { tau: 1, epsilon: 1, x: [0], y: [1] };
  expect(knownOf(wide).value(at)).toBe(knownOf(merton).value(at));
  // Computed elsewhere, by hand.
  expect(knownOf(wide).value(at)).toBeCloseTo(-0.12292723352971346, 14);
  expect(knownOf(wide).value({ ...at, epsilon: 0.1, x: [1], y: [0] })).toBeCloseTo(-1.084000000002061, 14);
});

test('is the linear-quadratic value where a problem is of both kinds', () => {
  const problem: Problem = {
    ...merton,
    slowDrift: [formula('2*u + y', ...names)],
    runningCost: formula('u^2/2 + u*y/3 + (y - 1)^2', ...names),
    fast: { kind: 'drift', drift: [formula('0.3 - 2*y', ['x'], ['y'])] },
  };
  const [known, other] = [knownOf(problem), linearQuadraticSolution(problem) as Known];
  for (const epsilon of [1, 0.1, 1e-4]) {
    const at = { tau: 0.8, epsilon, x: [0.4], y: [-0.9] };
    expect(known.value(at)).toBeCloseTo(other.value(at), 12);
    expect(known.feedback(at)[0]).toBeCloseTo(other.feedback(at)[0], 12);
  }
  expect(known.limit(0.8, [0.4])).toBeCloseTo(other.limit(0.8, [0.4]), 12);
});

test('is the linear-Gaussian value without control, fixed controls put in', () => {
  const problem: Problem = {
    ...inSpace(2, { slow: ['u*(y1 - 2*y2)'], drift: ['y2/2 - y1', '1/4 - 2*y2 - y1/3'] }),
    controls: { kind: 'box', names: ['u'], lower: [0.5], upper: [0.5] },
    terminalCost: formula('3*x - 1', ['x']),
  };
  const known = knownOf(problem);
  const gaussian = linearGaussianValue(problem) as Known['value'];
  const at = { tau: 1.3, epsilon: 0.2, x: [0.4], y: [-0.9, 0.5] };
  expect(known.value(at)).toBeCloseTo(gaussian(at), 13);
  expect(known.limit(1.3, [0.4])).toBeCloseTo(gaussian({ ...at, epsilon: 1e-8 }), 7);
});

test('moments of degree four: ∫y₁⁴ dμ = 3 and ∫y₁²y₂² dμ = 1 for the standard normal law', () => {
  const base = inSpace(2);
  const [x, y] = [['x'], ['y1', 'y2']];
  const of = (cost: string) => {
    const problem = { ...base, runningCost: formula(cost, x, y, ['u']), terminalCost: formula('0', x) };
    return knownOf({ ...problem, controls: { kind: 'values', names: ['u'], values: [[0]] } }).limit(1, [0]);
  };
  expect(of('y1^4')).toBeCloseTo(3, 13);
  expect(of('y1^2*y2^2')).toBeCloseTo(1, 13);
  expect(of('y1*y2^3 + y2')).toBeCloseTo(0, 13);
});

describe('a solution is attached only where it is proved', () => {
  test.each<[string, Partial<Problem>]>([
    ['f not affine', { terminalCost: formula('-exp(x)', ['x']) }],
    ['φ depending on x', { slowDrift: [formula('u - u^2/2 - x/9', ...names)] }],
    ['a control that depends on x', { runningCost: formula('(u + x)^2', ...names), terminalCost: formula('0', ['x']) }],
    ['a U that u* may leave', { controls: { kind: 'box', names: ['u'], lower: [-8], upper: [20] } }],
    ['several boxes', { controls: { kind: 'values', names: ['u'], values: [[0], [1]] } }],
    ['a curvature that changes with y', { slowDrift: [formula('u - (1 + y^2)*u^2/2', ...names)] }],
    ['no least control', { slowDrift: [formula('u + u^2/2', ...names)] }],
    ['a cost of y that is no polynomial', { runningCost: formula('cos(y)', ...names) }],
    ['noise that is not Gaussian', { fast: { kind: 'drift', drift: [formula('y - y^3', ['x'], ['y'])] } }],
    ['noise that depends on x', { fast: { kind: 'drift', drift: [formula('x - y', ['x'], ['y'])] } }],
  ])('not with %s', (_, change) => {
    expect(translationInvariantSolution(merton)).toBeDefined();
    expect(translationInvariantSolution({ ...merton, ...change })).toBeUndefined();
  });
});
