import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import { solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import type { HamiltonianMethod } from '../../solvers/hamiltonian-routes.ts';
import { invariantMeasure } from '../../solvers/invariant-measure.ts';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import type { Problem } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { multiwell, quadratic, reference, slowFast, withoutPotential } from '../problems.ts';

const models: readonly (readonly [string, Problem])[] = [
  ['quadratic', quadratic()],
  ['multiwell', multiwell()],
];
const routes: readonly HamiltonianMethod[] = ['gibbs', 'stationary', 'ergodic'];

describe('the effective Hamiltonian', () => {
  for (const [name, problem] of models) {
    test.each(routes)(`of ${name} equals the reference to 1e-6 by the route %s`, (method) => {
      for (const { x, p, H } of reference[name].hamiltonian) {
        const found = effectiveHamiltonian(problem, { x: [x], p: [p], method });
        expect(Math.abs(found.value - H)).toBeLessThan(1e-6);
        if (found.lower !== null && found.upper !== null) {
          // The enclosure states the quadrature error; round-off of 8001 summands on top.
          expect(found.lower).toBeLessThanOrEqual(H + 1e-12);
          expect(found.upper).toBeGreaterThanOrEqual(H - 1e-12);
          expect(found.upper - found.lower).toBeLessThan(4e-6);
        }
      }
    });

    test(`of ${name} by Gibbs quadrature is exact near round-off`, () => {
      for (const { x, p, H } of reference[name].hamiltonian) {
        const found = effectiveHamiltonian(problem, { x: [x], p: [p], method: 'gibbs' });
        expect(Math.abs(found.value - H)).toBeLessThan(1e-12); // measured 4.4e-16
      }
    });

    test(`of ${name} by −δω(0) = H̄ − δχ(0) + O(δ²), extrapolated, lies in its own enclosure`, () => {
      const radius = 7;
      const delta = radius ** -4.5;
      for (const { x, p, H } of reference[name].hamiltonian) {
        const found = effectiveHamiltonian(problem, { x: [x], p: [p], method: 'cell', radius });
        expect(found.lower).toBeLessThanOrEqual(H);
        expect(found.upper).toBeGreaterThanOrEqual(H);
        const axis = uniformAxis('y', -radius, radius, 8001);
        const { corrector } = solveErgodicCell(problem, { x: [x], p: [p], axes: [axis] });
        const solution = solveDeltaCell(problem, { x: [x], p: [p], radius, delta, nodes: 8001 });
        // ω = χ − c/δ + O(δ); h² terms of both solves are below 1e-6 at 8001 nodes.
        expect(Math.abs(solution.minusDeltaOmega([0]) - (H - delta * corrector[4000]))).toBeLessThan(2e-6);
        expect(Math.abs(found.value - H)).toBeLessThan(2e-6);
      }
    });

    test(`of ${name}: a drift without potential gives the same H̄ by the routes that need none`, () => {
      const drifting = withoutPotential(problem);
      for (const { x, p, H } of reference[name].hamiltonian) {
        for (const method of ['stationary', 'ergodic'] as const) {
          const found = effectiveHamiltonian(drifting, { x: [x], p: [p], method });
          expect(Math.abs(found.value - H)).toBeLessThan(1e-6);
        }
      }
      const query = { x: [1], p: [1], method: 'gibbs' as const };
      expect(() => effectiveHamiltonian(drifting, query)).toThrow(/no potential.*stationary or ergodic/);
    });
  }

  test('by the stationary measure converges with order 2 in h for a kinked integrand', () => {
    // Kink of |y| always on a node: the Euler–Maclaurin constant does not move with h.
    const problem = slowFast({ potential: 'y^2/2', slow: ['u*y'] });
    const sizes = [101, 201, 401, 801];
    const errors = sizes.map((nodes) => {
      const interval = { lower: -8, upper: 8 };
      const query = { x: [0], p: [1], method: 'stationary' as const, nodes, box: [interval] };
      return Math.abs(effectiveHamiltonian(problem, query).value - 0.797884560802865);
    });
    expectOrder(
      errors,
      sizes.map((nodes) => 16 / (nodes - 1)),
      { expected: 2, within: 0.1 },
    );
  });

  test.each(['gibbs', 'stationary', 'cell'] as const)(
    'of an H that has no mean is no number by %s, and says so',
    (method) => {
      const problem = slowFast({ potential: 'y^2/2', slow: ['u*log(y)'] });
      expect(() => effectiveHamiltonian(problem, { x: [0], p: [1], method })).toThrow(/no finite value|no lower bound/);
    },
  );

  test('Gibbs means of docs/theory.md §7.7', () => {
    const mean = (potential: string, g: (y: number) => number) =>
      gibbsMeasure(slowFast({ potential }), [0], { lower: -12, upper: 12 }).mean(g);
    const doubleWell = 'y^4/4 - y^2/2';
    expect(mean('y^2/2', Math.cos)).toBeCloseTo(0.606530659713, 11);
    expect(mean(doubleWell, (y) => y * y)).toBeCloseTo(1.041797296487, 11);
    expect(mean(doubleWell, Math.cos)).toBeCloseTo(0.557367124178, 11);
    expect(mean('y^4', (y) => y * y)).toBeCloseTo(0.33798912003, 10);
  });
});

describe('the invariant measure', () => {
  for (const [name, problem] of models) {
    test(`has the reference local entropy of ${name} to 1e-10`, () => {
      for (const { x, F, dF } of reference[name].local_entropy) {
        const measure = invariantMeasure(problem, [x]);
        expect(Math.abs(measure.localEntropy! - F)).toBeLessThan(1e-10);
        if (dF !== undefined) expect(Math.abs(measure.gradient![0] - dF)).toBeLessThan(1e-10);
      }
    });
  }

  test('of the quadratic loss is N(γx/(γ+a), 1/(γ+a))', () => {
    const measure = invariantMeasure(quadratic(), [0.75]);
    expect(Math.abs(measure.mean[0] - 0.5)).toBeLessThan(1e-12);
    expect(Math.abs(measure.covariance[0][0] - 1 / 3)).toBeLessThan(1e-12);
  });
});

describe('the ergodic pair', () => {
  test('for h = y² and b = −y is c = 1 and χ = (1 − y²)/2 in the bulk', () => {
    // h − Lχ = y² − (y² − 1) ... with χ = −y²/2: Lχ = y² − 1, so h − Lχ = 1.
    const problem = slowFast({ potential: 'y^2/2', runningCost: (_x, y) => -(y[0] ** 2), slow: ['0'] });
    const axis = uniformAxis('y', -8, 8, 3201);
    const { constant, corrector, weights } = solveErgodicCell(problem, { x: [0], p: [0], axes: [axis] });
    const y = coordinates(axis);
    const bulk = [...y.keys()].filter((j) => weights[j] > 1e-9);
    const error = Math.max(...bulk.map((j) => Math.abs(corrector[j] - (1 - y[j] ** 2) / 2)));
    expect(Math.abs(constant - 1)).toBeLessThan(1e-8);
    expect(error).toBeLessThan(5e-4); // h² χ-type error, h = 0.005, grows like y² in the tails
  });

  test('encloses its discrete mean within round-off although the tails are noise', () => {
    const axis = uniformAxis('y', -8, 8, 801);
    const pair = solveErgodicCell(quadratic(), { x: [1], p: [1], axes: [axis] });
    expect(pair.upper - pair.lower).toBeLessThan(1e-6); // measured 3.7e-12
    expect(pair.lower).toBeLessThanOrEqual(pair.constant);
    expect(pair.upper).toBeGreaterThanOrEqual(pair.constant);
  });
});
