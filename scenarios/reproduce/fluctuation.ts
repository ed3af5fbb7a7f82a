/**
 * The size of the fluctuation of Xᵉ around its limit at a fixed control (Theorem 1; docs/theory.md §8.4):
 *
 *   E|X_T − X̂_T|² ≈ ε tr Σ(T),   Σ' = JΣ + ΣJᵀ + A(X̂_t),   Σ(0) = 0,   J = Dφ̄(X̂_t),
 *   A = 2∫(φ−φ̄)⊗(−L)⁻¹(φ−φ̄) dμ, symmetric part,
 *
 * for n = 1 the integral ε∫e^{2∫φ̄′}A ds. A comes from a cell problem per component, J from differences of φ̄.
 */

import { evenAxes, solveErgodicCell, supportBox } from '../../solvers/index.ts';
import { onNodes } from '../../solvers/workbench.ts';
import { type Coordinates, dimensionsOf } from '../../src/model/problem.ts';
import { averagedDrift, entropicDescent, type Model, upperEnd } from './model.ts';

/** Steps of the Runge–Kutta method for Σ; twice as many points of the limit. */
const STEPS = 4;
/** Nodes on the longest side of the y-box; those of half the spacing are taken too. */
const CELL_NODES = { 1: 201, 2: 33, 3: 25 } as const;
const DIFFERENCE = 1e-3;

type Matrix = readonly (readonly number[])[];

/** tr Σ(T) along the limit from x. */
export function fluctuation(model: Model): number {
  const dt = model.problem.horizon / STEPS;
  const points = entropicDescent(model, 2 * STEPS).map((x) => ({ A: diffusion(model, x), J: jacobian(model, x) }));
  let sigma: Matrix = points[0].A.map((row) => row.map(() => 0));
  for (let k = 0; k < STEPS; k++) {
    const [start, middle, end] = points.slice(2 * k);
    const first = growth(start, sigma);
    const second = growth(middle, combined(sigma, dt / 2, first));
    const third = growth(middle, combined(sigma, dt / 2, second));
    const fourth = growth(end, combined(sigma, dt, third));
    sigma = combined(combined(sigma, dt / 6, combined(first, 1, fourth)), dt / 3, combined(second, 1, third));
  }
  return sigma.reduce((trace, row, i) => trace + row[i], 0);
}

/** JΣ + ΣJᵀ + A. */
function growth({ A, J }: { readonly A: Matrix; readonly J: Matrix }, sigma: Matrix): Matrix {
  const inner = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  return A.map((row, i) => row.map((value, j) => value + inner(J[i], sigma[j]) + inner(J[j], sigma[i])));
}

/** a + factor·b. */
function combined(a: Matrix, factor: number, b: Matrix): Matrix {
  return a.map((row, i) => row.map((value, j) => value + factor * b[i][j]));
}

/** A(x) at the upper end of U, of order 4 in the spacing of the cell problems (Richardson). */
function diffusion(model: Model, x: readonly number[]): Matrix {
  const nodes = CELL_NODES[dimensionsOf(model.problem).m];
  const coarse = diffusionOn(model, x, nodes);
  const fine = diffusionOn(model, x, 2 * nodes - 1);
  return combined(fine, 1 / 3, combined(fine, -1, coarse));
}

/** With H − Lχ = c, (−L)⁻¹(φ−φ̄) is −χ of the cell problem with integrand φ. */
function diffusionOn({ uncontrolled: problem }: Model, x: readonly number[], nodes: number): Matrix {
  const u = upperEnd(problem);
  const axes = evenAxes(supportBox(problem, x), nodes);
  const cells = problem.slowDrift.map((drift) => {
    const integrand = (y: Coordinates) => drift(x, y, u);
    const cell = solveErgodicCell(problem, { x, p: x, axes, integrand });
    return { ...cell, deviation: onNodes(cell.grid, integrand).map((value) => value - cell.constant) };
  });
  const half = cells.map(({ deviation, weights }) =>
    cells.map(({ corrector }) => -weights.reduce((sum, weight, j) => sum + weight * deviation[j] * corrector[j], 0)),
  );
  return half.map((row, i) => row.map((value, j) => value + half[j][i]));
}

/** ∂φ̄ᵢ/∂xⱼ. */
function jacobian(model: Model, x: readonly number[]): Matrix {
  const columns = x.map((_, j) => {
    const [up, down] = [1, -1].map((sign) => averagedDrift(model, x.with(j, x[j] + sign * DIFFERENCE)));
    return up.map((value, i) => (value - down[i]) / (2 * DIFFERENCE));
  });
  return x.map((_, i) => columns.map((column) => column[i]));
}
