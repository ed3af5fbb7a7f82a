import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueRange } from '../../solvers/verification/value-range.ts';
import { formula } from '../../src/formula/expression.ts';
import { observedOrders, overallOrder, richardson, richardsonWithin, verdicts } from '../../src/verification/order.ts';
import { slowFast } from '../problems.ts';

const number = fc.double({ min: -5, max: 5, noNaN: true });

const sizes = [0.4, 0.2, 0.1, 0.05, 0.025];

test('the observed order of e = C h^p is p', () => {
  for (const p of [0.5, 1, 2, 4]) {
    const errors = sizes.map((h) => 3 * h ** p);
    for (const order of observedOrders(sizes, errors).slice(1)) expect(order).toBeCloseTo(p, 12);
    const marks = verdicts(errors, observedOrders(sizes, errors), { order: p, floor: 0 });
    expect(marks).toEqual([null, 'as claimed', 'as claimed', 'as claimed', 'as claimed']);
    expect(overallOrder(sizes, errors, marks)).toBeCloseTo(p, 12);
  }
});

test('rows are flagged pre-asymptotic, converged, flat and round-off', () => {
  const errors = [1, 0.7, 0.35, 0.33, 1e-15];
  const orders = observedOrders(sizes, errors);
  expect(verdicts(errors, orders, { order: 1, floor: 1e-14 })).toEqual([
    null,
    'pre-asymptotic',
    'as claimed',
    'flat',
    'round-off',
  ]);
});

test('an exact hit or a missing level has no order', () => {
  expect(observedOrders([2, 1, 0.5], [0, 1, null])).toEqual([null, null, null]);
});

test('Richardson extrapolation removes the leading error and the bound covers the fine value', () => {
  const value = (h: number) => 2 + 0.3 * h;
  const { value: extrapolated, error } = richardson([value(0.2), value(0.1)], { ratio: 2, order: 1 });
  expect(extrapolated).toBeCloseTo(2, 14);
  expect(error).toBeGreaterThan(Math.abs(value(0.1) - 2));
});

test('two levels that agree by chance do not hide the error that a third one shows', () => {
  const { error } = richardson([2.4, 2.1, 2.1], { ratio: 2, order: 1 });
  expect(error).toBeCloseTo(1.25 * 0.15, 12);
});

test('Richardson extrapolation does not leave the range of V, and comes no farther from any value in it', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 2, maxLength: 3 }), number, number, number, (levels, a, b, share) => {
      const range = { lower: Math.min(a, b), upper: Math.max(a, b) };
      const claim = { ratio: 2, order: 1 };
      const [free, held] = [richardson(levels, claim), richardsonWithin(levels, claim, range)];
      const truth = range.lower + Math.abs(share / 5) * (range.upper - range.lower);
      expect(held.value).toBeGreaterThanOrEqual(range.lower);
      expect(held.value).toBeLessThanOrEqual(range.upper);
      expect(Math.abs(held.value - truth)).toBeLessThanOrEqual(Math.abs(free.value - truth) + 1e-12);
      expect(held.error).toBe(free.error);
    }),
  );
});

test('V is in the range of f on the whole space where there is no ℓ, and anywhere else', () => {
  const of = (text: string, runningCost?: string) =>
    valueRange(slowFast({ terminalCost: formula(text, ['x']), runningCost }));
  expect(of('x^2/2').lower).toBeGreaterThanOrEqual(-1e-300);
  expect(of('x^2/2').upper).toBe(Infinity);
  expect(of('sign(x)').upper).toBeCloseTo(1, 12);
  expect(of('x')).toEqual({ lower: Number.NEGATIVE_INFINITY, upper: Infinity });
  expect(of('x^2/2', 'u').lower).toBe(Number.NEGATIVE_INFINITY);
});
