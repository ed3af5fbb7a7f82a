/** Values of mathematical finance beside numbers that were found independently (test/fixtures/README.md). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { closedForm } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import type { Exact, Problem } from '../../src/model/problem.ts';
import { residualOf } from '../equation-residual.ts';
import { UNIT } from '../general-exact.ts';
import { generalReference } from '../general-problems.ts';
import { heston, powerUtility } from '../reference-problems.ts';

type Known = Required<Pick<Exact, 'value' | 'limit' | 'feedback'>>;
const knownOf = (problem: Problem) => closedForm(problem) as Known;

describe('a call under a square-root variance', () => {
  const { horizon } = generalReference.heston.model;
  test('has the semi-closed value of every row, and tends to Black and Scholes', () => {
    for (const { epsilon, y, strike, V } of generalReference.heston.value) {
      const { value } = knownOf(heston(strike));
      expect(Math.abs(value({ tau: horizon, epsilon, x: [0], y: [y] }) - V)).toBeLessThan(1e-8);
    }
    for (const { strike, v } of generalReference.heston.limit) {
      expect(Math.abs(knownOf(heston(strike)).limit(horizon, [0]) - v)).toBeLessThan(1e-8);
      const { value } = knownOf(heston(strike));
      expect(Math.abs(value({ tau: horizon, epsilon: 1e-9, x: [0], y: [0.04] }) - v)).toBeLessThan(1e-9);
    }
  });

  test('deep in and out of the money it is the forward and nothing; a factor and a discount are factors', () => {
    const at = { tau: 0.5, epsilon: 0.3, y: [0.05] };
    const { value } = knownOf(heston(1));
    expect(value({ ...at, x: [4] })).toBeCloseTo(Math.exp(4) - 1, 10);
    expect(Math.abs(value({ ...at, x: [-4] }))).toBeLessThan(1e-12);
    const thrice = knownOf(heston(1, { terminal: 'max(3*exp(x) - 3, 0)', discount: 0.1 }));
    expect(thrice.value({ ...at, x: [0.1] })).toBeCloseTo(3 * Math.exp(-0.05) * value({ ...at, x: [0.1] }), 13);
  });

  test('solves its equation', () => {
    const problem = heston(1);
    const known = { ...problem, exact: closedForm(problem) };
    const point = fc.double({ min: -0.3, max: 0.3, noNaN: true });
    const variance = fc.double({ min: 0.03, max: 0.2, noNaN: true });
    const property = fc.property(fc.constantFrom(1, 0.1), point, variance, (epsilon, x, y) => {
      expect(Math.abs(residualOf(known, epsilon, [[]])(0.8, [x], [y]))).toBeLessThan(1e-6);
    });
    fc.assert(property, { numRuns: 4 });
  });

  test.each([
    ['a price that may have no mean', { slow: ['y'] }],
    ['a put', { terminal: 'max(1 - exp(x), 0)' }],
    ['a rate that moves with x', { slow: ['-y/2 + x'] }],
    ['a variance that is no square root', { fastNoise: ['0.3*y'] }],
  ])('is not taken with %s', (_, change) => {
    expect(closedForm(heston(1, change))).toBeUndefined();
  });
});

describe('power utility', () => {
  const { mu, r, p, s0, amp, horizon } = generalReference.merton.model;
  test('has the value by Feynman–Kac of every row, its control and its limit', () => {
    const known = knownOf(powerUtility());
    for (const { epsilon, y, V_over_exp_pz } of generalReference.merton.rows) {
      const value = known.value({ tau: horizon, epsilon, x: [0.3], y: [y] });
      expect(Math.abs(value / Math.exp(p * 0.3) - V_over_exp_pz)).toBeLessThan(1e-9); // measured 2e-12
    }
    expect(Math.abs(known.limit(horizon, [0]) - generalReference.merton.limit)).toBeLessThan(1e-12);
    const best = ((mu - r) * (1 + amp * Math.sin(0.7))) / ((1 - p) * s0);
    expect(known.feedback({ tau: 1, epsilon: 1, x: [0], y: [0.7] })[0]).toBeCloseTo(best, 10);
  });

  test('c e^{kx} + d with any sign, an exponent with a constant, and a discount', () => {
    const at = { tau: 0.6, epsilon: 0.2, x: [0.1], y: [0.5] };
    const { value } = knownOf(powerUtility());
    const { value: other } = knownOf(powerUtility({ terminal: `3 - 2*exp(${p}*x - 1)`, discount: 0.5 }));
    expect(other(at)).toBeCloseTo(Math.exp(-0.3) * (3 + 2 * p * Math.exp(-1) * value(at)), 12);
    const { value: least } = knownOf(
      powerUtility({ slow: ['cos(y)'], noise: [['1']], terminal: 'exp(x/2)', controls: undefined }),
    );
    const [tau, epsilon] = [0.6, 1e-9];
    // ∫cos dμ = e^{−1/2}.
    const exact = Math.exp(0.05 + tau * (Math.exp(-0.5) / 2 + 1 / 8));
    expect(Math.abs(least({ ...at, tau, epsilon }) - exact)).toBeLessThan(1e-8);
  });

  test('under a share that is held, where h has poles near the line', { tags: ['full'] }, async () => {
    const held = powerUtility({ controls: { kind: 'values', names: ['u'], values: [[2.24]] } });
    const { value, limit } = knownOf(held);
    expect(value({ tau: 1, epsilon: 1e-9, x: [0], y: [1] })).toBeCloseTo(limit(1, [0]), 8);
    const axes = { slow: [uniformAxis('x', -6.5, 6.5, 61)], fast: [uniformAxis('y', -7.5, 7.5, 61)] };
    const solved = await solveEpsilonHjb(held, { ...axes, epsilon: 1, scheme: 'filtered', fastScheme: 'corrected' });
    for (const y of [0, 1]) {
      const exact = value({ tau: 1, epsilon: 1, x: [0], y: [y] });
      expect(Math.abs(sample(solved, [0, y]) / exact - 1)).toBeLessThan(2e-4);
    }
  });

  test.each([
    ['a rate that is not bounded', { slow: ['y'] }],
    ['a rate of x', { slow: ['sin(x)'] }],
    ['two exponents', { terminal: 'exp(x) + exp(-x)' }],
    ['a control at an end for some y, where h has a kink', { controls: { ...UNIT, upper: [2] } }],
    ['a rate with a spike', { slow: ['exp(-(200*(y - 0.123))^2)'], noise: [['1']] }],
    ['a rate that jumps', { slow: ['sign(y)'], noise: [['1']] }],
    ['a fast noise that is not constant', { fastNoise: ['sqrt(1 + y^2)'] }],
  ])('is not taken with %s', (_, change) => {
    expect(closedForm(powerUtility(change))).toBeUndefined();
  });
});
