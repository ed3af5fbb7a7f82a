import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import { coordinate, uniformAxis } from '../../src/grid/axis.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import type { FastField } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { deltaCellIntegrand, ergodicIntegrand, type SmoothFunction } from '../manufactured.ts';
import { slowFast } from '../problems.ts';

/** Φ = y⁴/4 − y²/2: two wells, drift of cubic growth. */
const twoWells = slowFast({
  potential: (_x, y) => y[0] ** 4 / 4 - y[0] ** 2 / 2,
  drift: (_x, y) => y[0] - y[0] ** 3,
});

const at = { x: [0], p: [0] };

/** ω = (n² − y²)(1 + ½ sin y): 0 on the sphere, neither even nor of one sign of curvature. */
function onBall(n: number): SmoothFunction {
  const [s, c] = [Math.sin, Math.cos];
  return {
    value: (y) => (n * n - y * y) * (1 + s(y) / 2),
    slope: (y) => -2 * y * (1 + s(y) / 2) + ((n * n - y * y) * c(y)) / 2,
    curvature: (y) => -2 * (1 + s(y) / 2) - 2 * y * c(y) - ((n * n - y * y) * s(y)) / 2,
  };
}

/** χ = y sin y + y². */
const chi: SmoothFunction = {
  value: (y) => y * Math.sin(y) + y * y,
  slope: (y) => Math.sin(y) + y * Math.cos(y) + 2 * y,
  curvature: (y) => 2 * Math.cos(y) - y * Math.sin(y) + 2,
};

const nodes = [101, 201, 401, 801];
const sizes = nodes.map((count) => 1 / (count - 1));

describe('manufactured cell problems in a double well', () => {
  test.each([
    [2, 1],
    [3, 0.1],
    [3, 1e-3],
  ])('ω of the δ-cell problem converges with order 2 in h: radius %s, δ = %s', (radius, delta) => {
    const omega = onBall(radius);
    const integrand = deltaCellIntegrand(twoWells, at.x, omega, delta);
    const errors = nodes.map((count) => {
      const { values, grid } = solveDeltaCell(twoWells, { ...at, radius, delta, nodes: count, integrand });
      return values.reduce((most, w, j) => Math.max(most, Math.abs(w - omega.value(coordinate(grid.axes[0], j)))), 0);
    });
    expectOrder(errors, sizes, { expected: 2, within: 0.1 });
  });

  test('the ergodic pair: c to round-off, χ with order 2 in h where the measure lives', () => {
    const constant = 0.7;
    const box = { lower: -4.5, upper: 4.5 };
    const mean = gibbsMeasure(twoWells, at.x, box).mean((y) => chi.value(y));
    const integrand = ergodicIntegrand(twoWells, at.x, chi, constant);
    const errors = nodes.map((count) => {
      const axis = uniformAxis('y', box.lower, box.upper, count);
      const pair = solveErgodicCell(twoWells, { ...at, axes: [axis], integrand });
      // Sums over equidistant nodes are spectrally accurate for smooth densities: only rounding is left.
      expect(Math.abs(pair.constant - constant)).toBeLessThan(1e-11);
      return pair.corrector.reduce((most, value, j) => {
        const y = coordinate(axis, j);
        return Math.abs(y) > 2 ? most : Math.max(most, Math.abs(value - (chi.value(y) - mean)));
      }, 0);
    });
    expectOrder(errors, sizes, { expected: 2, within: 0.1 });
  });
});

test('between wells that are e^740 apart c = Σπh is enclosed, and that χ overflows is told', () => {
  // Φ = k((y − 0.3)² − 1)², symmetric about 0.3: the mean of y is 0.3.
  const k = 740;
  const potential: FastField = (_x, y) => k * ((y[0] - 0.3) ** 2 - 1) ** 2;
  const drift: FastField = (_x, y) => -4 * k * (y[0] - 0.3) * ((y[0] - 0.3) ** 2 - 1);
  const axes = [uniformAxis('y', -0.9, 1.5, 2001)];
  const pair = solveErgodicCell(slowFast({ potential, drift }), { x: [0], p: [0], axes, integrand: (y) => y[0] });
  expect(pair.outcome.status).toBe('stalled');
  expect(pair.lower).toBeLessThanOrEqual(0.3);
  expect(pair.upper).toBeGreaterThanOrEqual(0.3);
  expect(pair.upper - pair.lower).toBeLessThan(1e-10); // 2·8ε·2001·0.7 = 5e-12
  expect(Math.abs(pair.constant - 0.3)).toBeLessThan(1e-11);
});
