/**
 * Exact values of uncontrolled linear-Gaussian problems, any n and m, every ε (THEORY §3.3).
 *
 * With φ, b affine in z = (x,y), one control value and f quadratic, Z_τ is Gaussian and
 *   Vᵉ(τ,x,y) = E f(X_τ) = f(mean) + ½ tr(P Cov),   P = D²f,
 *   mean' = M mean + k,   Cov' = M Cov + Cov Mᵀ + Q,   Q = diag(0, 2/ε).
 * Both linear systems are integrated by one matrix exponential each.
 */
import { expm, matrix as mathMatrix } from 'mathjs';
import { extremalControls } from './hamiltonian.ts';
import type { Exact, Problem } from './problem.ts';

/**
 * The exact value, or undefined where the problem is controlled, has a running cost or is not linear-quadratic
 * (decided by evaluating the formulas at random-free probe points). Relative accuracy about 1e-16·T·(rates)/ε.
 */
export function linearGaussianValue(problem: Problem): Exact['value'] | undefined {
  const controls = extremalControls(problem);
  if (controls.length !== 1 || problem.runningCost !== undefined) return undefined;
  const n = problem.slowDimension;
  const m = problem.fastDimension;
  const u = controls[0];
  const slow = problem.slowDrift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n), u));
  const fast = problem.fastDrift.map((field) => (z: number[]) => field(z.slice(0, n), z.slice(n)));
  const rows = [...slow, ...fast].map((field) => affineRow(field, n + m));
  const hessian = quadraticHessian(problem.terminalCost, n);
  if (rows.some((row) => row === null) || hessian === null) return undefined;
  const system = rows as AffineRow[];

  return ({ tau, epsilon, x, y }) => {
    const scale = (i: number) => (i < n ? 1 : 1 / epsilon);
    const matrix = system.map((row, i) => row.slope.map((value) => value * scale(i)));
    const constant = system.map((row, i) => row.constant * scale(i));
    const noise = matrix.map((row, i) => row.map((_, k) => (i === k && i >= n ? 2 / epsilon : 0)));
    const mean = affineFlow(matrix, constant, [...Array.from(x), ...Array.from(y)], tau);
    const covariance = affineFlow(lyapunov(matrix), noise.flat(), new Array((n + m) ** 2).fill(0), tau);
    let spread = 0;
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) spread += hessian[i][k] * covariance[k * (n + m) + i];
    return problem.terminalCost(mean.slice(0, n)) + spread / 2;
  };
}

interface AffineRow {
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

function affineRow(field: (z: number[]) => number, dimension: number): AffineRow | null {
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

/** The solution at time τ of z' = Mz + k, z(0) = start, by the exponential of the augmented matrix. */
function affineFlow(matrix: number[][], constant: number[], start: number[], tau: number): number[] {
  const augmented = [...matrix.map((row, i) => [...row, constant[i]]), new Array(start.length + 1).fill(0)];
  const flow = expm(mathMatrix(augmented.map((row) => row.map((value) => value * tau)))).toArray() as number[][];
  return start.map((_, i) => flow[i].reduce((sum, value, k) => sum + value * (k < start.length ? start[k] : 1), 0));
}

/** The matrix of C ↦ MC + CMᵀ on row-major C. */
function lyapunov(matrix: number[][]): number[][] {
  const d = matrix.length;
  const entry = (i: number, j: number, k: number, l: number) =>
    (j === l ? matrix[i][k] : 0) + (i === k ? matrix[j][l] : 0);
  return Array.from({ length: d * d }, (_, row) =>
    Array.from({ length: d * d }, (_, col) => entry(Math.floor(row / d), row % d, Math.floor(col / d), col % d)),
  );
}
