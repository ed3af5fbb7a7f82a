import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Powers, remainingError } from '../../src/verification/remaining-error.ts';

const coefficient = fc.double({ min: -1, max: 1, noNaN: true });
const orders = fc.constantFrom<Powers>([1, 2], [2, 4]);

/** Values of levels whose error is a hᵖ + b h^q, and that of the finest. */
function refined(sizes: readonly number[], [p, q]: Powers, [a, b]: readonly [number, number]) {
  const errors = sizes.map((size) => a * size ** p + b * size ** q);
  return { levels: { sizes, values: errors.map((error) => 3 + error) }, error: Math.abs(errors[errors.length - 1]) };
}

test('the bound of three halved levels holds any error of two terms, where these cancel in a difference too', () => {
  const unknown = () => Infinity;
  fc.assert(
    fc.property(orders, coefficient, coefficient, (powers, a, b) => {
      const { levels, error } = refined([1, 1 / 2, 1 / 4], powers, [a, b]);
      expect(remainingError(levels, powers, unknown)).toBeGreaterThanOrEqual(error - 1e-12);
    }),
  );
  // The last difference is 0, and so is the grid convergence index of two levels.
  const cancelled = refined([4, 2, 1], [1, 2], [3, -1]);
  expect(cancelled.levels.values[1]).toBe(cancelled.levels.values[2]);
  expect(remainingError(cancelled.levels, [1, 2], unknown)).toBeGreaterThan(cancelled.error);
});

test('where three levels show the order, or not less than half of it, the bound is 1.25 errors', () => {
  const sizes = [1, 1 / 2, 1 / 4];
  for (const powers of [
    [1, 2],
    [2, 4],
  ] as const) {
    for (const part of [1, 0.75]) {
      const { levels, error } = refined(sizes, [part * powers[0], powers[1]], [-0.3, 0]);
      expect(remainingError(levels, powers, () => 0) / error).toBeCloseTo(1.25, 9);
      expect(remainingError(levels, powers, () => 1) / error).toBeLessThan(1.3);
    }
    // Of the higher order: 3.75 errors of p = 1, 6.25 of p = 2.
    const higher = refined(sizes, powers, [0, 1]);
    const bound = remainingError(higher.levels, powers, () => higher.error);
    expect(bound / higher.error).toBeCloseTo(1.25 * (2 ** powers[0] + 1), 9);
  }
});

test('where less than half the order is shown the surroundings decide', () => {
  const { levels } = refined([1, 1 / 2, 1 / 4], [0.2, 2], [1, 0]);
  expect(remainingError(levels, [1, 2], () => 1)).toBeGreaterThan(remainingError(levels, [1, 2], () => 0));
});

test('two levels say what is around the place', () => {
  expect(remainingError({ sizes: [2, 1], values: [3, 3] }, [1, 2], () => 0.5)).toBe(0.5);
});
