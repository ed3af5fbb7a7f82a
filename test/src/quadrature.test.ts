import { expect, test } from 'vitest';
import { convexHull } from '../../src/grid/convex-hull.ts';
import { crossingBetween, cubicThrough, type FourValues, jumpCorrection } from '../../src/grid/jump-correction.ts';
import { bisect, gaussLegendre } from '../../src/grid/quadrature.ts';
import { expectOrder } from '../expect-order.ts';

test('the n-point Gauss-Legendre rule integrates monomials up to degree 2n − 1 exactly', () => {
  for (const points of [1, 2, 3, 8, 16]) {
    const { nodes, weights } = gaussLegendre(points);
    for (let degree = 0; degree < 2 * points; degree++) {
      const sum = nodes.reduce((total, node, i) => total + weights[i] * node ** degree, 0);
      expect(Math.abs(sum - 1 / (degree + 1))).toBeLessThan(4e-15);
    }
  }
});

test('bisection finds a root to the last bits', () => {
  expect(Math.abs(bisect((z) => z ** 2 - 2, 0, 2) - Math.SQRT2)).toBeLessThan(3e-16);
});

test('the sum over nodes with the correction of its jump integrates cubics between two jumps exactly', () => {
  const cubic = (s: number) => 1 - 2 * s + 0.3 * s ** 2 + 0.7 * s ** 3;
  const integral = (s: number) => s - s ** 2 + 0.1 * s ** 3 + 0.175 * s ** 4;
  const around = (j: number): FourValues => [cubic(j - 1), cubic(j), cubic(j + 1), cubic(j + 2)];
  for (const [a, b] of [
    [0.3, 4.8],
    [1, 3.01],
    [0.999, 2.5],
  ]) {
    const [left, right] = [Math.floor(a), Math.floor(b)];
    let sum = jumpCorrection(around(left), a - left) - jumpCorrection(around(right), b - right);
    for (let j = left + 1; j <= right; j++) sum += cubic(j);
    expect(Math.abs(sum - (integral(b) - integral(a)))).toBeLessThan(1e-12); // rounding of values up to 100
  }
});

test('the corrected sum of a function with a jump is of order 5', () => {
  // J = e^{−y²/2}(1 + y) beyond a, 0 before: ∫_a^∞ = ∫_a^∞ e^{−y²/2} + e^{−a²/2}, by Gauss–Legendre.
  const { nodes, weights } = gaussLegendre(60);
  const J = (y: number) => Math.exp((-y * y) / 2) * (1 + y);
  const sizes = [0.2, 0.1, 0.05];
  const errors = sizes.map((h) => {
    let worst = 0;
    for (let a = -0.7; a < 0.8; a += 0.037) {
      const j = Math.floor(a / h);
      let sum = jumpCorrection([J((j - 1) * h), J(j * h), J((j + 1) * h), J((j + 2) * h)], a / h - j);
      for (let i = j + 1; i * h < 12; i++) sum += J(i * h);
      const exact = nodes.reduce((total, node, i) => total + (12 - a) * weights[i] * J(a + (12 - a) * node), 0);
      worst = Math.max(worst, Math.abs(h * sum - exact));
    }
    return worst;
  });
  expectOrder(errors, sizes, { expected: 5, within: 0.1 }); // measured 5.02, 4.97
});

test('a crossing of a cubic is found exactly, at a node as well', () => {
  expect(crossingBetween([-3.2, -1.2, 0.8, 2.8])).toBeCloseTo(0.6, 15);
  expect(crossingBetween([1, 0, -1, -2])).toBe(0);
  expect(crossingBetween([2, 1, 0, -1])).toBe(1);
  expect(cubicThrough([-1, 0, 1, 8])).toEqual([0, 0, 0, 1]);
});

test('a convex hull is counterclockwise, without points inside, on edges or twice', () => {
  const square = [
    [1, 1],
    [0, 0],
    [1, 0],
    [0.5, 0.5],
    [0, 1],
    [0.5, 0],
    [1, 1],
  ];
  expect(convexHull(square)).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ]);
  expect(convexHull([[3], [1], [2]])).toEqual([[1], [3]]);
  expect(convexHull([[2, 2]])).toEqual([[2, 2]]);
  expect(
    convexHull([
      [0, 0],
      [2, 2],
      [1, 1],
    ]),
  ).toEqual([
    [0, 0],
    [2, 2],
  ]);
});
