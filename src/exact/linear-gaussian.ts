/**
 * Exact values of uncontrolled linear-Gaussian problems, any n and m, every ε (docs/theory.md §7.3).
 *
 * With φ, b affine in z = (x,y), one control value and f quadratic, Z_τ is Gaussian and
 *   Vᵉ(τ,x,y) = E f(X_τ) = f(mean) + ½ tr(P Cov),   P = D²f,
 *   mean' = M mean + k,   Cov' = M Cov + Cov Mᵀ + Q,   Q = diag(0, 2/ε).
 * Both linear systems are integrated by the exponential of their augmented matrix, kept as exp − I.
 */

import { onlyControl } from '../control/control-set.ts';
import { exponentialMinusIdentity, lyapunov } from '../linalg/matrix-exponential.ts';
import { type AffineRow, affineRows } from '../model/affine-rows.ts';
import { FAST_VARIANCE } from '../model/fast-diffusion.ts';
import { slowTerminal, termsOf } from '../model/general-terms.ts';
import { dimensionsOf, type Exact, type Problem } from '../model/problem.ts';
import { hasQuadraticCost, isLinear } from '../model/structure.ts';
import { lastResult } from './last-result.ts';

/**
 * The exact value, or undefined where the problem is controlled, has a running cost, a source or general terms
 * (moments.ts takes them), or its formulas are not linear-quadratic. Accurate to about 1e-13 down to ε = 1e-8.
 */
export function linearGaussianValue(problem: Problem): Exact['value'] | undefined {
  const u = onlyControl(problem.controls);
  const { runningCost, source } = problem;
  if (u === null || runningCost !== undefined || source !== undefined) return undefined;
  if (termsOf(problem).length > 0 || !isLinear(problem) || !hasQuadraticCost(problem)) return undefined;
  const { n, m } = dimensionsOf(problem);
  const slow = problem.slowDrift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n), u));
  const fast = problem.fast.drift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n)));
  const system = affineRows([...slow, ...fast], n + m);
  const hessian = quadraticHessian(slowTerminal(problem), n);
  if (system === null || hessian === null) return undefined;

  const flowAt = lastResult((tau: number, epsilon: number) => gaussianFlow(system, n, tau, epsilon));
  return ({ tau, epsilon, x, y }) => {
    const { mean, covariance } = flowAt(tau, epsilon);
    const z = [...Array.from(x), ...Array.from(y), 1];
    const expected = z.slice(0, n).map((value, i) => value + dot(mean[i], z));
    let spread = 0;
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) spread += hessian[i][k] * covariance[k * (n + m) + i];
    return slowTerminal(problem)(expected) + spread / 2;
  };
}

/** The rows of exp − I acting on (z, 1), and the covariance of Z_τ, row-major. */
function gaussianFlow(system: readonly AffineRow[], n: number, tau: number, epsilon: number) {
  const scale = (i: number) => (i < n ? 1 : 1 / epsilon);
  const matrix = system.map((row, i) => row.slope.map((value) => value * scale(i)));
  const constant = system.map((row, i) => row.constant * scale(i));
  const noise = matrix.flatMap((row, i) => row.map((_, k) => (i === k && i >= n ? FAST_VARIANCE / epsilon : 0)));
  const augmented = (rows: readonly number[][], last: readonly number[]) => [
    ...rows.map((row, i) => [...row, last[i]].map((value) => value * tau)),
    new Array<number>(last.length + 1).fill(0),
  ];
  const moments = exponentialMinusIdentity(augmented(lyapunov(matrix), noise));
  return {
    mean: exponentialMinusIdentity(augmented(matrix, constant)),
    covariance: moments.slice(0, -1).map((row) => row[row.length - 1]),
  };
}

function quadraticHessian(f: (x: number[]) => number, n: number): number[][] | null {
  const at = (...indices: number[]) => {
    const x = new Array(n).fill(0);
    for (const i of indices) x[i] += 1;
    return f(x);
  };
  const hessian = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, k) => at(i, k) - at(i) - at(k) + at()),
  );
  return hessian.flat().every(Number.isFinite) ? hessian : null;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
