/** How a sweep of line solves contracts as κ → ∞: the maximal correlation, not the linear one, and of every frozen x. */
import { describe, expect, test } from 'vitest';
import { sweepContraction } from '../../src/generator/gibbs-sweep.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../../src/grid/grid.ts';

function gridOf(...nodes: number[]): Grid {
  return tensorGrid(nodes.map((count, a) => uniformAxis(`y${a + 1}`, -6, 6, count)));
}

function weightsOf(grid: Grid, density: (y: Float64Array) => number): Float64Array {
  const weights = new Float64Array(grid.size);
  forEachNode(grid, (j, y) => {
    weights[j] = density(y);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function contraction(grid: Grid, ...densities: ((y: Float64Array) => number)[]): number {
  const measures = densities.map((density) => weightsOf(grid, density));
  return sweepContraction({ grid, lanes: measures.length, weightsAt: (lane) => measures[lane] }, 1);
}

const gaussian = (rho: number) => (y: Float64Array) =>
  Math.exp(-(y[0] ** 2 - 2 * rho * y[0] * y[1] + y[1] ** 2) / 2 / (1 - rho ** 2));

describe('the contraction of a sweep of conditional expectations', () => {
  test.each([0.3, 0.6, 0.9])('is ρ² for a Gaussian measure with correlation %f', (rho) => {
    // Power iteration stops when it moves by 1 % of 1 − ρ²; measured 4e-4, 3e-3, 4e-3 below.
    expect(Math.abs(contraction(gridOf(61, 61), gaussian(rho)) - rho ** 2)).toBeLessThan(0.02 * (1 - rho ** 2) + 1e-3);
  });

  test('is 0 for independent variables, and where all mass is at one node', () => {
    expect(contraction(gridOf(21, 31), (y) => Math.exp(-(y[0] ** 4) / 50 - y[1] ** 2 + y[1]))).toBe(0);
    expect(contraction(gridOf(21, 31), (y) => Math.exp(-1e6 * (y[0] ** 2 + y[1] ** 2)))).toBe(0);
  });

  test('is the square of the maximal correlation where the linear one is 0', () => {
    // Weights 1 + t·e(y₁)e(y₂) on 3 × 3 nodes with e = (1, −2, 1)/√2: E e = 0, E e² = 1, E e(y₁)e(y₂) = t.
    const e = (y: number) => (y === 0 ? -2 : 1) / Math.SQRT2;
    expect(contraction(gridOf(3, 3), (y) => 1 + 0.45 * e(y[0]) * e(y[1]))).toBeCloseTo(0.45 ** 2, 12);
  });

  test('is large on a ring, where y₁² nearly determines y₂² and the linear correlation is 0', () => {
    const ring = (y: Float64Array) => Math.exp(-8 * ((y[0] / 4) ** 2 + (y[1] / 4) ** 2 - 1) ** 2);
    expect(contraction(gridOf(49, 49), ring)).toBeGreaterThan(0.65); // measured 0.69
  });

  test('is the largest over all frozen x, wherever it stands', () => {
    const lanes = Array.from({ length: 40 }, (_, lane) => gaussian(lane === 17 ? 0.9 : 0));
    expect(contraction(gridOf(31, 31), ...lanes)).toBeCloseTo(contraction(gridOf(31, 31), gaussian(0.9)), 1);
  });

  test('is found behind a frozen x whose slowest function is orthogonal to it', () => {
    // First a function of y₁² counts, then y₁ itself.
    const even = (y: Float64Array) => 1 + 0.45 * Math.cos(y[0]) * Math.cos(y[1]);
    const lone = contraction(gridOf(31, 31), gaussian(0.7));
    expect(Math.abs(contraction(gridOf(31, 31), even, gaussian(0.7)) - lone)).toBeLessThan(0.01);
  });

  test('is the spectral radius of Gauss–Seidel for a Gaussian measure of three variables', () => {
    // Precision with 1 on the diagonal and q beside it: (Jacobi radius)² = 2q² (Young 1954; Roberts, Sahu 1997).
    const q = 0.5;
    const chain = (y: Float64Array) =>
      Math.exp(-(y[0] ** 2 + y[1] ** 2 + y[2] ** 2 + 2 * q * (y[0] * y[1] + y[1] * y[2])) / 2);
    expect(Math.abs(contraction(gridOf(25, 25, 25), chain) - 2 * q * q)).toBeLessThan(0.01); // measured 3e-3
  });
});
