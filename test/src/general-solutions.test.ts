/** Closed forms of the general system beside numbers that were found independently (test/fixtures/README.md). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closedForm, withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { formula } from '../../src/formula/expression.ts';
import type { Exact, Problem } from '../../src/model/problem.ts';
import { residualOf } from '../equation-residual.ts';
import { problemOf, REAL, type Texts, UNIT } from '../general-exact.ts';
import { generalReference } from '../general-problems.ts';
import {
  degenerateCross,
  gaussian,
  noisyLine,
  noisyPlane,
  squareRootProcess,
  stateDependentNoise,
  terminalOfBoth,
} from '../reference-problems.ts';

type Known = Required<Pick<Exact, 'value' | 'limit' | 'feedback'>>;
const knownOf = (problem: Problem) => closedForm(problem) as Known;

describe('a linear-Gaussian system with noise in both variables, g(x,y) and a discount', () => {
  const { horizon, k, kappa, r, gxx, gxy, gyy } = generalReference.gauss_terminal_xy.model;
  const known = knownOf(gaussian());

  test.each<{ epsilon: number; x: number; y: number; V: number }>(generalReference.gauss_terminal_xy.value)(
    'has the value of the moment equations, ε = $epsilon, ($x, $y)',
    ({ epsilon, x, y, V }) => {
      expect(Math.abs(known.value({ tau: horizon, epsilon, x: [x], y: [y] }) - V)).toBeLessThan(1e-10);
    },
  );

  test('tends to v, which begins with the average ḡ', () => {
    for (const { x, v } of generalReference.gauss_terminal_xy.limit) {
      expect(Math.abs(known.limit(horizon, [x]) - v)).toBeLessThan(1e-10);
    }
    const initial = ((gxx + (2 * gxy * k) / kappa + (gyy * k ** 2) / kappa ** 2) * 0.7 ** 2) / 2;
    expect(known.limit(0, [0.7])).toBeCloseTo(initial + (gyy * r ** 2) / (2 * kappa), 14);
  });
});

describe('linear-quadratic control with noise in x', () => {
  const [onLine, inPlane] = [noisyLine(), noisyPlane()].map(knownOf);

  test('has the value of an independent Riccati solver, every row', () => {
    for (const { epsilon, x, y, V } of generalReference.lq_1d.value) {
      expect(Math.abs(onLine.value({ tau: 1, epsilon, x: [x], y: [y] }) - V)).toBeLessThan(1e-9);
    }
    for (const { x, v } of generalReference.lq_1d.limit) expect(Math.abs(onLine.limit(1, [x]) - v)).toBeLessThan(1e-9);
    for (const { epsilon, x1, x2, y1, y2, V } of generalReference.lq_2d.value) {
      const at = { tau: generalReference.lq_2d.model.horizon, epsilon, x: [x1, x2], y: [y1, y2] };
      expect(Math.abs(inPlane.value(at) - V)).toBeLessThan(1e-9);
    }
  });

  test('a bounded U is left alone, and so is noise that moves with x or u', () => {
    const problem = noisyLine();
    const controls = { kind: 'box', names: ['u'], lower: [-9], upper: [9] } as const;
    expect(closedForm({ ...problem, controls })).toBeUndefined();
    for (const text of ['x', 'u', 'sin(y)']) {
      expect(closedForm({ ...problem, slowNoise: [[formula(text, ['x'], ['y'], ['u'])]] })).toBeUndefined();
    }
  });
});

describe('a noise that multiplies a polynomial in y', () => {
  const { value, limit } = knownOf(stateDependentNoise());

  test('has the value found by hand', () => {
    expect(Math.abs(value({ tau: 1, epsilon: 0.1, x: [1], y: [0.7] }) - 2.0004621376)).toBeLessThan(1e-10);
  });

  test('is x²e^{−2aτ} + 2[(s₀²+s₁²)J(0) + 2s₀s₁yJ(1/ε) + s₁²(y²−1)J(2/ε)] at every ε, and its limit the first terms', () => {
    const [a, s0, s1] = [0.5, 1, 0.5];
    const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
    const property = fc.property(fc.constantFrom(0.7, 0.1, 1e-4, 1e-8), coordinate, coordinate, (epsilon, x, y) => {
      const tau = 0.8;
      const J = (k: number) => (Math.exp(-k * tau) - Math.exp(-2 * a * tau)) / (2 * a - k);
      const first = x ** 2 * Math.exp(-2 * a * tau) + 2 * (s0 ** 2 + s1 ** 2) * J(0);
      const rest = 2 * (2 * s0 * s1 * y * J(1 / epsilon) + s1 ** 2 * (y ** 2 - 1) * J(2 / epsilon));
      expect(Math.abs(value({ tau, epsilon, x: [x], y: [y] }) - first - rest)).toBeLessThan(1e-12);
      expect(Math.abs(limit(tau, [x]) - first)).toBeLessThan(1e-12);
    });
    fc.assert(property, { numRuns: 40 });
  });
});

describe('a square-root process', () => {
  const [m, nu] = [0.8, 0.6];
  const knownWith = (change: Partial<Texts>) => knownOf(squareRootProcess(m, nu, { controls: undefined, ...change }));

  test('with φ = −uY, f = x has the value x − mτ − (y−m)ε(1−e^{−τ/ε}), u = 1', () => {
    const known = knownOf(squareRootProcess(m, nu));
    for (const epsilon of [1, 0.1, 1e-3, 1e-8]) {
      const [tau, x, y] = [0.7, 0.3, 1.9];
      const exact = x - m * tau + (y - m) * epsilon * Math.expm1(-tau / epsilon);
      expect(Math.abs(known.value({ tau, epsilon, x: [x], y: [y] }) - exact)).toBeLessThan(1e-13);
    }
    expect(known.feedback({ tau: 0.7, epsilon: 0.1, x: [0], y: [0.4] })).toEqual([1]);
    expect(known.limit(0.7, [0.3])).toBeCloseTo(0.3 - m * 0.7, 14);
  });

  test('has the second moment of the Gamma law, m² + ν²m', () => {
    const { limit } = knownWith({ slow: ['y^2'] });
    expect(limit(1, [0])).toBeCloseTo(m ** 2 + nu ** 2 * m, 13);
  });

  test('carries a noise √Y into x: E X² = x² + mτ + …, with the correction of the means', () => {
    const { value } = knownWith({ slow: ['0'], noise: [['sqrt(y)']], terminal: 'x^2' });
    const [tau, epsilon, y] = [0.7, 0.2, 1.5];
    const exact = 0.09 + m * tau - (y - m) * epsilon * Math.expm1(-tau / epsilon);
    expect(value({ tau, epsilon, x: [0.3], y: [y] })).toBeCloseTo(exact, 13);
  });

  test.each([
    ['a drift that leads out of the states', { drift: ['-0.2 - y'] }],
    ['a root of another variable', { noise: [['sqrt(1 + x)']] }],
    ['a root that ends while Y goes on', { noise: [['sqrt(3 - y)']] }],
  ])('is not taken with %s', (_, change) => {
    const texts = { slow: ['-x'], terminal: 'x^2' };
    expect(knownWith(texts)).toBeDefined();
    expect(knownWith({ ...texts, ...change })).toBeUndefined();
  });
});

describe('what comes apart', () => {
  test('g = x²/2 + y² with |u| ≤ 1: max(|x|−τ,0)²/2 + 1 + (y²−1)e^{−2τ/ε}, discounted', () => {
    const problem = terminalOfBoth({ fastNoise: ['sqrt(2)'], discount: 0.3 });
    const { value, limit } = withKnownSolutions(problem, [{ lower: -2, upper: 2 }]).exact as Known;
    for (const [tau, epsilon, x, y] of [
      [0.4, 1, 1.2, 0.5],
      [0.7, 0.1, -0.3, 2],
      [1, 1e-3, -1.8, -1],
    ]) {
      const still = Math.max(Math.abs(x) - tau, 0) ** 2 / 2 + 1;
      const factor = Math.exp(-0.3 * tau);
      const exact = factor * (still + (y ** 2 - 1) * Math.exp((-2 * tau) / epsilon));
      expect(Math.abs(value({ tau, epsilon, x: [x], y: [y] }) - exact)).toBeLessThan(1e-9);
      expect(Math.abs(limit(tau, [x]) - factor * still)).toBeLessThan(1e-9);
    }
  });

  test('noise in x or a product of x and y leaves no reachable interval', () => {
    const texts: Texts = { slow: ['u'], controls: UNIT, drift: ['-y'], terminal: 'x^2/2' };
    const known = (change: Partial<Texts>) =>
      withKnownSolutions(problemOf({ ...texts, ...change }), [{ lower: -2, upper: 2 }]);
    expect(known({ noise: [['0.1']] }).exact).toBeUndefined();
    expect(known({ terminal: 'x^2/2 + x*y' }).exact).toBeUndefined();
    expect(known({ slow: ['u*y'], fastNoise: ['1'] }).exact).toBeUndefined();
  });

  test('ℓ = 1, f = 0 with a discount: (1 − e^{−λτ})/λ, whatever moves', () => {
    const problem = problemOf({
      ...{ slow: ['u*x*y'], noise: [['x']], drift: ['-y'], controls: UNIT },
      ...{ terminal: '0', running: '1', discount: 0.4 },
    });
    const { value, limit } = knownOf(problem);
    expect(value({ tau: 1.3, epsilon: 0.1, x: [2], y: [1] })).toBeCloseTo(-Math.expm1(-0.52) / 0.4, 14);
    expect(limit(1.3, [2])).toBeCloseTo(-Math.expm1(-0.52) / 0.4, 14);
  });

  test('logarithmic utility does not see the noise of the wealth', () => {
    const texts: Texts = {
      ...{ slow: ['0.02 + 0.4*u*(0.3 + 0.2*y) - 0.08*u^2'], drift: ['-y'], controls: REAL },
      terminal: '-x',
    };
    const at = { tau: 1, epsilon: 0.1, x: [1], y: [0] };
    const noisy = knownOf(problemOf({ ...texts, noise: [['0.4*u']] }));
    expect(noisy.value(at)).toBe(knownOf(problemOf(texts)).value(at));
    expect(noisy.feedback(at)).toEqual(knownOf(problemOf(texts)).feedback(at));
    const discounted = knownOf(problemOf({ ...texts, noise: [['0.4*u']], discount: 0.5 }));
    expect(discounted.value(at)).toBeCloseTo(Math.exp(-0.5) * noisy.value(at), 14);
    // X² dW takes means with it: E X_T < x for dX = X² dW.
    expect(closedForm(problemOf({ ...texts, noise: [['x^2']] }))).toBeUndefined();
  });
});

test('the degenerate problem with cross terms has the value e^{−τ/2} sin x₁ sin x₂', () => {
  const point = fc.double({ min: -3, max: 3, noNaN: true });
  const property = fc.property(point, point, fc.constantFrom(0, 0.1), (x1, x2, beta) => {
    const problem = degenerateCross(beta);
    expect(Math.abs(residualOf(problem, 0.1, [[]])(0.4, [x1, x2], [0]))).toBeLessThan(1e-6);
    expect(problem.exact?.limit?.(0.4, [x1, x2])).toBeCloseTo(Math.exp(-0.2) * Math.sin(x1) * Math.sin(x2), 14);
  });
  fc.assert(property, { numRuns: 10 });
});
