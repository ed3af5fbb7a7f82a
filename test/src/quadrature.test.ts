import { expect, test } from 'vitest';
import { bisect, gaussLegendre } from '../../src/grid/quadrature.ts';

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
