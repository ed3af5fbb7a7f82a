/**
 * Exact values of uncontrolled linear-Gaussian problems, any n and m, every ε (THEORY §3.3).
 *
 * With φ, b affine in z = (x,y), one control value and f quadratic, Z_τ is Gaussian and
 *   Vᵉ(τ,x,y) = E f(X_τ) = f(mean) + ½ tr(P Cov),   P = D²f,
 *   mean' = M mean + k,   Cov' = M Cov + Cov Mᵀ + Q,   Q = diag(0, 2/ε).
 * Both linear systems are integrated by the exponential of their augmented matrix, kept as exp − I.
 */
import { extremalControls } from './hamiltonian.ts';
import type { Exact, Problem } from './problem.ts';

/**
 * The exact value, or undefined where the problem is controlled, has a running cost or source, or is not
 * linear-quadratic (decided by evaluating the formulas at fixed points). Accurate to about 1e-13 down to ε = 1e-8.
 */
export function linearGaussianValue(problem: Problem): Exact['value'] | undefined {
  const controls = extremalControls(problem);
  const { runningCost, source } = problem;
  if (controls.length !== 1 || runningCost !== undefined || source !== undefined) return undefined;
  const n = problem.slowDimension;
  const m = problem.fastDimension;
  const u = controls[0];
  const slow = problem.slowDrift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n), u));
  const fast = problem.fastDrift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n)));
  const rows = [...slow, ...fast].map((field) => affineRow(field, n + m));
  const hessian = quadraticHessian(problem.terminalCost, n);
  if (rows.some((row) => row === null) || hessian === null) return undefined;
  const system = rows as AffineRow[];

  const flowAt = lastResult((tau: number, epsilon: number) => gaussianFlow(system, n, tau, epsilon));
  return ({ tau, epsilon, x, y }) => {
    const { mean, covariance } = flowAt(tau, epsilon);
    const z = [...Array.from(x), ...Array.from(y), 1];
    const expected = z.slice(0, n).map((value, i) => value + dot(mean[i], z));
    let spread = 0;
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) spread += hessian[i][k] * covariance[k * (n + m) + i];
    return problem.terminalCost(expected) + spread / 2;
  };
}

/** The rows of exp − I acting on (z, 1), and the covariance of Z_τ, row-major. */
function gaussianFlow(system: readonly AffineRow[], n: number, tau: number, epsilon: number) {
  const scale = (i: number) => (i < n ? 1 : 1 / epsilon);
  const matrix = system.map((row, i) => row.slope.map((value) => value * scale(i)));
  const constant = system.map((row, i) => row.constant * scale(i));
  const noise = matrix.flatMap((row, i) => row.map((_, k) => (i === k && i >= n ? 2 / epsilon : 0)));
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

/** Remembers the last arguments: a study asks for many points at the same (τ, ε). */
function lastResult<T>(compute: (a: number, b: number) => T): (a: number, b: number) => T {
  let last: { a: number; b: number; result: T } | undefined;
  return (a, b) => {
    if (last === undefined || last.a !== a || last.b !== b) last = { a, b, result: compute(a, b) };
    return last.result;
  };
}

/** A function of a point as constant + slope·point. */
export interface AffineRow {
  readonly constant: number;
  readonly slope: number[];
}

/** Relative size below which a defect from linearity is round-off. */
const LINEAR = 1e-10;

/** Points at which linearity is tried: no accidental zeros of common formulas. */
function probes(dimension: number): number[][] {
  return [0.7310585, -1.3178, 2.2391, -0.4142].map((a, k) =>
    Array.from({ length: dimension }, (_, i) => a * (1 + 0.37 * ((i + k) % 3)) - 0.11 * i),
  );
}

/** The affine function that `field` is at fixed points, null where it is none. */
export function affineRow(field: (z: number[]) => number, dimension: number): AffineRow | null {
  const unit = (i: number) => Array.from({ length: dimension }, (_, k) => (k === i ? 1 : 0));
  const constant = field(new Array(dimension).fill(0));
  const slope = Array.from({ length: dimension }, (_, i) => field(unit(i)) - constant);
  const scale = 1 + Math.abs(constant) + slope.reduce((sum, s) => sum + Math.abs(s), 0);
  const linear = probes(dimension).every((z) => {
    const expected = slope.reduce((sum, s, i) => sum + s * z[i], constant);
    return Math.abs(field(z) - expected) <= LINEAR * scale;
  });
  return linear ? { constant, slope } : null;
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
  const gradient = Array.from({ length: n }, (_, i) => at(i) - at() - hessian[i][i] / 2);
  const scale = 1 + hessian.flat().reduce((sum, value) => sum + Math.abs(value), 0);
  const quadratic = probes(n).every((x) => {
    let expected = at();
    for (let i = 0; i < n; i++) {
      expected += gradient[i] * x[i];
      for (let k = 0; k < n; k++) expected += (hessian[i][k] * x[i] * x[k]) / 2;
    }
    return Math.abs(f(x) - expected) <= LINEAR * scale;
  });
  return quadratic ? hessian : null;
}

/** Terms of the Taylor series at norm ½: the rest is below 1e-22. */
const TAYLOR_TERMS = 18;

/**
 * exp(A) − I by scaling and squaring of the difference, E ← 2E + E². Never adding the I keeps the slow rows, 1/ε times
 * smaller than the fast ones, to full relative accuracy; a library's exp(A) loses them in the squarings, or gives up.
 */
export function exponentialMinusIdentity(matrix: number[][]): number[][] {
  const norm = Math.max(...matrix.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  const halvings = Math.max(0, Math.ceil(Math.log2(2 * norm)));
  const scaled = matrix.map((row) => row.map((value) => value / 2 ** halvings));
  let result = scaled;
  // Horner: A + A²/2 + A³/6 + … = A (I + A/2 (I + A/3 (…))).
  for (let k = TAYLOR_TERMS; k >= 2; k--) {
    const product = multiply(scaled, result);
    result = scaled.map((row, i) => row.map((value, j) => value + product[i][j] / k));
  }
  for (let k = 0; k < halvings; k++) {
    const square = multiply(result, result);
    result = result.map((row, i) => row.map((value, j) => 2 * value + square[i][j]));
  }
  return result;
}

function multiply(a: readonly number[][], b: readonly number[][]): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** The matrix of C ↦ MC + CMᵀ on row-major C. */
export function lyapunov(matrix: number[][]): number[][] {
  const d = matrix.length;
  const entry = (i: number, j: number, k: number, l: number) =>
    (j === l ? matrix[i][k] : 0) + (i === k ? matrix[j][l] : 0);
  return Array.from({ length: d * d }, (_, row) =>
    Array.from({ length: d * d }, (_, col) => entry(Math.floor(row / d), row % d, Math.floor(col / d), col % d)),
  );
}
