import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import { solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import type { HamiltonianMethod } from '../../solvers/hamiltonian-routes.ts';
import { invariantMeasure, stationaryMeasure } from '../../solvers/invariant-measure.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nodeCoordinates } from '../../src/grid/grid.ts';
import type { Coordinates, FastField, Problem } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { inLanes } from '../lanes.ts';
import { inSpace, isotropic, reference, rotational } from '../problems.ts';

interface Row {
  x1: number;
  x2: number;
  p1: number;
  p2: number;
  H: number;
}

const models: readonly (readonly [string, Problem, Row[]])[] = [
  ['isotropic_2d', isotropic(), reference.isotropic_2d.hamiltonian],
  ['rotational_2d', rotational(), reference.rotational_2d.hamiltonian_controlled],
];

describe.each(models)('the effective Hamiltonian of %s', (_name, problem, rows) => {
  const isCheap = (method: string) => method === 'ergodic';
  inLanes(['stationary', 'ergodic', 'cell'] as const, isCheap)('equals the reference by the route %s', (method) => {
    for (const { x1, x2, p1, p2, H } of rows) {
      const found = effectiveHamiltonian(problem, { x: [x1, x2], p: [p1, p2], method, nodes: 201 });
      expect(found.outcome.status).toBe('converged');
      // Asked 1e-3; measured 2.2e-4 by the cell route (δ·χ), 1.2e-4 by the others at 201 nodes.
      expect(Math.abs(found.value - H)).toBeLessThan(5e-4);
      expect(found.lower).toBeLessThanOrEqual(H);
      expect(found.upper).toBeGreaterThanOrEqual(H);
      expect(found.upper! - found.lower!).toBeLessThan(method === 'cell' ? 6e-3 : 1.5e-3);
    }
  });
});

test('Gibbs quadrature gives H̄ of isotropic_2d near round-off, and refuses a drift without potential', () => {
  for (const { x1, x2, p1, p2, H } of reference.isotropic_2d.hamiltonian as Row[]) {
    const found = effectiveHamiltonian(isotropic(), { x: [x1, x2], p: [p1, p2], method: 'gibbs' });
    expect(Math.abs(found.value - H)).toBeLessThan(1e-12); // measured 3.4e-15
  }
  const query = { x: [1, 0], p: [1, 0], method: 'gibbs' as const };
  expect(() => effectiveHamiltonian(rotational(), query)).toThrow(/no potential.*stationary or ergodic/);
});

describe('three fast variables', () => {
  // φ = u(y₁ + y₂ − x): H = |p||y₁ + y₂ − x| under a Gaussian with precision K.
  const K = [
    [1, 0.3, 0],
    [0.3, 2, 0],
    [0, 0, 3],
  ];
  const potential: FastField = (_x, y) =>
    K.reduce((sum, row, i) => sum + row.reduce((part, entry, j) => part + (entry * y[i] * y[j]) / 2, 0), 0);
  const drift = K.map(
    (row): FastField =>
      (_x, y) =>
        -row.reduce((sum, entry, j) => sum + entry * y[j], 0),
  );
  const signed = { kind: 'box', names: ['u'], lower: [-1], upper: [1] } as const;
  const slow = [(x: Coordinates, y: Coordinates, u: Coordinates) => u[0] * (y[0] + y[1] - x[0])];
  const problem: Problem = { ...inSpace(3, { potential, drift, slow }), controls: signed };
  // E|Z| for Z ~ N(−x, s²), s² = (1 + 2 − 2·0.3)/(2 − 0.09): s√(2/π) e^{−x²/2s²} + x erf(x/(s√2)) at x = 0.5.
  const exact = 0.981921511553;

  const routes: HamiltonianMethod[] = ['gibbs', 'stationary', 'ergodic', 'cell'];
  inLanes(routes, (method) => method === 'gibbs' || method === 'stationary')('H̄ by the route %s', (method) => {
    const found = effectiveHamiltonian(problem, { x: [0.5], p: [1], method, nodes: 49 });
    // A kink on a grid of spacing 0.35: measured 1.0e-3 and, by Fubini across the kink, 1e-10.
    expect(Math.abs(found.value - exact)).toBeLessThan(method === 'gibbs' ? 1e-9 : 4e-3);
    if (found.lower === null || found.upper === null) return;
    expect(found.lower).toBeLessThanOrEqual(exact);
    expect(found.upper).toBeGreaterThanOrEqual(exact);
  });

  test('the invariant measure is N(0, K⁻¹) with local entropy log √((2π)³/det K)', { tags: ['full'] }, () => {
    const measure = invariantMeasure(problem, [0.5]);
    const determinant = (2 - 0.09) * 3;
    expect(Math.abs(measure.localEntropy! - 0.5 * Math.log((2 * Math.PI) ** 3 / determinant))).toBeLessThan(1e-12);
    expect(Math.abs(measure.covariance[0][0] - 2 / 1.91)).toBeLessThan(1e-12);
    expect(Math.abs(measure.covariance[0][1] + 0.3 / 1.91)).toBeLessThan(1e-12);
    expect(Math.abs(measure.covariance[2][2] - 1 / 3)).toBeLessThan(1e-12);
  });
});

describe('the invariant measure in the plane', () => {
  test('of the rotating drift has mean K⁻¹Ax and the reference covariance, to 1e-3 and to its own error', () => {
    const measure = invariantMeasure(rotational(), [1, 0]);
    const mean = [6 / 11.25, -3 / 11.25];
    const covariance: number[][] = reference.rotational_2d.stationary_covariance;
    expect(measure.error).toBeLessThan(1e-3); // measured 6e-5
    for (const a of [0, 1]) {
      expect(Math.abs(measure.mean[a] - mean[a])).toBeLessThan(measure.error);
      for (const b of [0, 1]) {
        expect(Math.abs(measure.covariance[a][b] - covariance[a][b])).toBeLessThan(measure.error);
      }
    }
  });

  test('of the isotropic loss has F, ∇F, mean and covariance of N(γx/(γ+a), 1/(γ+a))', () => {
    const measure = invariantMeasure(isotropic(), [0.6, -0.3]);
    expect(Math.abs(measure.localEntropy! - (Math.log((2 * Math.PI) / 3) - 0.45 / 3))).toBeLessThan(1e-12);
    expect(Math.abs(measure.gradient![0] + (2 / 3) * 0.6)).toBeLessThan(1e-12);
    expect(Math.abs(measure.mean[1] + 0.2)).toBeLessThan(1e-12);
    expect(Math.abs(measure.covariance[0][0] - 1 / 3)).toBeLessThan(1e-12);
    expect(Math.abs(measure.density([0.4, -0.2]) - 3 / (2 * Math.PI))).toBeLessThan(1e-6);
  });

  test('the covariance of the stationary vector converges with order 2 for a drift without potential', () => {
    const sizes = [51, 101, 201];
    const errors = sizes.map((nodes) => {
      const axes = [uniformAxis('y1', -5, 5, nodes), uniformAxis('y2', -5, 5, nodes)];
      const { grid, weights, outcome } = stationaryMeasure(rotational(), [0, 0], axes);
      expect(outcome.status).toBe('converged');
      const y = new Float64Array(2);
      const second = weights.reduce((sum, weight, j) => {
        nodeCoordinates(y, grid, j);
        return sum + weight * y[0] ** 2;
      }, 0);
      return Math.abs(second - 1 / 3);
    });
    expectOrder(
      errors,
      sizes.map((nodes) => 10 / (nodes - 1)),
      { expected: 2, within: 0.1 },
    );
  });
});

describe('the manufactured cell problem Φ = |y|² + |y|⁴/2 of docs/theory.md §7.7', () => {
  // χ = sin(y₁) y₂ + |y|², h = Lχ + c with L = Δ − ∇Φ·∇ and c = 0.7.
  const c = 0.7;
  const square = (y: Coordinates) => y[0] ** 2 + y[1] ** 2;
  const chi = (y: Coordinates) => Math.sin(y[0]) * y[1] + square(y);
  const h = (y: Coordinates) => {
    const pull = -(2 + 2 * square(y));
    const radial = y[0] * (Math.cos(y[0]) * y[1] + 2 * y[0]) + y[1] * (Math.sin(y[0]) + 2 * y[1]);
    return c + 4 - Math.sin(y[0]) * y[1] + pull * radial;
  };
  const potential: FastField = (_x, y) => square(y) + square(y) ** 2 / 2;
  const drift = [0, 1].map(
    (a): FastField =>
      (_x, y) =>
        -(2 + 2 * square(y)) * y[a],
  );
  const meanSquare = 0.525135276161;
  const pairAt = (nodes: number, problem: Problem) => {
    const axes = [uniformAxis('y1', -3.2, 3.2, nodes), uniformAxis('y2', -3.2, 3.2, nodes)];
    return solveErgodicCell(problem, { x: [0], p: [0], axes, integrand: h });
  };

  test('has the Gibbs mean ⟨|y|²⟩ of the reference', () => {
    const { covariance } = invariantMeasure(inSpace(2, { potential, drift }), [0]);
    expect(Math.abs(covariance[0][0] + covariance[1][1] - meanSquare)).toBeLessThan(1e-11);
  });

  test('has the constant c exactly, the sum over Gibbs weights being spectrally accurate', () => {
    const { constant, lower, upper } = pairAt(101, inSpace(2, { potential, drift }));
    expect(Math.abs(constant - c)).toBeLessThan(1e-8); // the width of the enclosure, 1e-10 max|h|
    expect(lower).toBeLessThanOrEqual(c + 1e-11);
    expect(upper).toBeGreaterThanOrEqual(c - 1e-11);
  });

  test.each(['potential', 'drift'] as const)('gives χ − ⟨χ⟩ in the bulk with order 2, posed by its %s', (posed) => {
    const problem = inSpace(2, posed === 'potential' ? { potential, drift } : { drift });
    const sizes = [41, 81, 161];
    const errors = sizes.map((nodes) => {
      const { grid, corrector } = pairAt(nodes, problem);
      const y = new Float64Array(2);
      return corrector.reduce((worst, value, j) => {
        nodeCoordinates(y, grid, j);
        return square(y) > 1.5 ? worst : Math.max(worst, Math.abs(value - (chi(y) - meanSquare)));
      }, 0);
    });
    expectOrder(
      errors,
      sizes.map((nodes) => 6.4 / (nodes - 1)),
      { expected: 2, within: 0.1 },
    );
  });

  test('has the constant c from the drift alone: its integrals along edges are exact for polynomials', () => {
    const { constant } = pairAt(101, inSpace(2, { drift }));
    expect(Math.abs(constant - c)).toBeLessThan(1e-8);
  });
});
