import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bernoulli, type FastBoundary, type FastScheme, fastGenerator } from '../../src/generator/fast-generator.ts';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { potentialOf, slowFast, withoutPotential } from '../problems.ts';

const coefficient = fc.double({ min: -3, max: 3, noNaN: true });

/** Confining potentials with wells, depending on x. */
const potentials = fc.tuple(coefficient, coefficient, coefficient).map(([a, b, c]) =>
  slowFast({
    potential: (x, y) => y[0] ** 4 / 8 + (a * y[0] ** 2) / 2 + b * Math.sin(2 * y[0]) + c * x[0] * y[0],
    drift: (x, y) => -(y[0] ** 3) / 2 - a * y[0] - 2 * b * Math.cos(2 * y[0]) - c * x[0],
  }),
);
const drifts = potentials.map(withoutPotential);
const schemes: readonly FastScheme[] = ['scharfetter-gummel', 'corrected', 'upwind'];
const fitted = ['scharfetter-gummel', 'corrected'] as const;
const boundaries: readonly FastBoundary[] = ['reflecting', 'absorbing'];
const points = [[-1], [0.3], [2]];
const axis = uniformAxis('y', -4, 4, 33);

describe('the fast generator', () => {
  test('every row sums to its killing and off-diagonals are non-negative', () => {
    fc.assert(
      fc.property(
        fc.oneof(potentials, drifts),
        fc.constantFrom(...schemes),
        fc.constantFrom(...boundaries),
        (problem, scheme, boundary) => {
          const L = fastGenerator(problem, points, axis, { scheme, boundary });
          const rowSums = new Float64Array(L.lanes * L.nodes);
          let smallest = 0;
          const unit = new Float64Array(rowSums.length);
          const column = new Float64Array(rowSums.length);
          for (let k = 0; k < unit.length; k++) {
            unit.fill(0)[k] = 1;
            L.apply(column, unit);
            for (let row = 0; row < column.length; row++) {
              if (row !== k) smallest = Math.min(smallest, column[row]);
              rowSums[row] += column[row];
            }
          }
          expect(smallest).toBe(0);
          for (let row = 0; row < rowSums.length; row++) {
            // Three entries of size at most largestRate are added.
            expect(Math.abs(rowSums[row] + (L.killing?.[row] ?? 0))).toBeLessThanOrEqual(
              4 * Number.EPSILON * L.largestRate,
            );
          }
          expect(L.killing === null).toBe(boundary === 'reflecting');
        },
      ),
      { numRuns: 40 },
    );
  });

  test('fitted rates are in detailed balance with the Gibbs weights', () => {
    fc.assert(
      fc.property(potentials, fc.constantFrom(...fitted), (problem, scheme) => {
        const L = fastGenerator(problem, points, axis, { scheme });
        const y = coordinates(axis);
        for (let lane = 0; lane < points.length; lane++) {
          for (let j = 0; j + 1 < axis.nodes; j++) {
            const [low, high] = [j, j + 1].map((i) => potentialOf(problem)(points[lane], [y[i]]));
            // e^{−Φ_j} up_j = e^{−Φ_{j+1}} down_{j+1}, divided by e^{−Φ_j} so that nothing underflows.
            const backward = Math.exp(low - high) * L.down[(j + 1) * points.length + lane];
            const forward = L.up[j * points.length + lane];
            // exp amplifies the rounding of the potentials, of size |Φ| ε.
            const relative = 8 * Number.EPSILON * (1 + Math.abs(low) + Math.abs(high));
            expect(Math.abs(forward - backward)).toBeLessThanOrEqual(relative * forward);
          }
        }
      }),
    );
  });

  test('the Gibbs weights are stationary', () => {
    fc.assert(
      fc.property(potentials, fc.constantFrom(...fitted), (problem, scheme) => {
        const L = fastGenerator(problem, [points[0]], axis, { scheme });
        const y = coordinates(axis);
        const potential = y.map((at) => potentialOf(problem)(points[0], [at]));
        const floor = Math.min(...potential);
        const gibbs = potential.map((value) => Math.exp(floor - value));
        const total = gibbs.reduce((a, b) => a + b);
        const weights = L.stationary();
        for (let j = 0; j < axis.nodes; j++) {
          // Relative accuracy nodes × round-off, amplified by the rounding of the largest potential difference.
          const relative = 4 * Number.EPSILON * (axis.nodes + Math.abs(potential[j]) + Math.abs(potential[0]));
          expect(Math.abs(weights[j] - gibbs[j] / total)).toBeLessThanOrEqual(relative * weights[j] * axis.nodes);
          const inflow = (j > 0 ? weights[j - 1] * L.up[j - 1] : 0) + (weights[j + 1] ?? 0) * (L.down[j + 1] ?? 0);
          const outflow = weights[j] * (L.up[j] + L.down[j]);
          expect(Math.abs(inflow - outflow)).toBeLessThanOrEqual(16 * Number.EPSILON * outflow);
        }
      }),
    );
  });

  test('a drift gives the same rates as its potential up to the sixth-order edge quadrature', () => {
    const problem = slowFast({
      potential: (_x, y) => Math.cos(y[0]) + y[0] ** 2,
      drift: (_x, y) => Math.sin(y[0]) - 2 * y[0],
    });
    const fromPotential = fastGenerator(problem, [[0]], axis);
    const fromDrift = fastGenerator(withoutPotential(problem), [[0]], axis);
    // Gauss with 3 points: h⁷/2016000·max|Φ⁽⁷⁾| = 3e-11 per edge at h = 0.25, times B'/h² ≤ 1/h² = 16.
    for (let j = 0; j < axis.nodes; j++) expect(Math.abs(fromPotential.up[j] - fromDrift.up[j])).toBeLessThan(1e-9);
  });

  test('B(z) = z/(e^z − 1) is 1 at 0, obeys B(−z) = z + B(z) and vanishes without NaN for huge z', () => {
    expect(bernoulli(0)).toBe(1);
    expect(bernoulli(800)).toBe(0);
    expect(bernoulli(-800)).toBe(800);
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (z) => {
        expect(Math.abs(bernoulli(-z) - z - bernoulli(z))).toBeLessThan(1e-13 * (1 + Math.abs(z)));
      }),
    );
  });
});
