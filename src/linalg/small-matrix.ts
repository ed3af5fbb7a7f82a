/** Matrices of a few rows, row by row. */

export type Matrix = readonly (readonly number[])[];

/** Whether all eigenvalues have positive real parts (Hurwitz 1895), m ≤ 3. */
export function isStable(K: Matrix): boolean {
  const m = K.length;
  const trace = K.reduce((sum, row, i) => sum + row[i], 0);
  const minor = (i: number, j: number) => K[i][i] * K[j][j] - K[i][j] * K[j][i];
  if (m === 1) return trace > 0;
  if (m === 2) return trace > 0 && minor(0, 1) > 0;
  const second = minor(0, 1) + minor(0, 2) + minor(1, 2);
  const determinant =
    K[0][0] * minor(1, 2) -
    K[0][1] * (K[1][0] * K[2][2] - K[1][2] * K[2][0]) +
    K[0][2] * (K[1][0] * K[2][1] - K[1][1] * K[2][0]);
  return trace > 0 && determinant > 0 && trace * second > determinant;
}

/** K⁻¹ by Gauss–Jordan with the largest pivot of a column. */
export function inverseOf(K: Matrix): number[][] {
  const m = K.length;
  const rows = K.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let p = 0; p < m; p++) {
    const best = rows.reduce((top, row, i) => (i >= p && Math.abs(row[p]) > Math.abs(rows[top][p]) ? i : top), p);
    [rows[p], rows[best]] = [rows[best], rows[p]];
    rows[p] = rows[p].map((value) => value / rows[p][p]);
    for (let i = 0; i < m; i++) {
      if (i !== p) rows[i] = rows[i].map((value, k) => value - rows[i][p] * rows[p][k]);
    }
  }
  return rows.map((row) => row.slice(m));
}

/** out = A v; v may be longer than the rows of A. */
export function apply(out: Float64Array, A: Matrix, v: Float64Array): void {
  for (let i = 0; i < A.length; i++) {
    let sum = 0;
    for (let j = 0; j < A[i].length; j++) sum += A[i][j] * v[j];
    out[i] = sum;
  }
}

/** A B; B has a row. */
export function product(a: Matrix, b: Matrix): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((total, value, k) => total + value * b[k][j], 0)));
}

/** A + B. */
export function sum(a: Matrix, b: Matrix): number[][] {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

/** Every entry times a number. */
export function scaled(a: Matrix, factor: number): number[][] {
  return a.map((row) => row.map((value) => factor * value));
}

/** Aᵀ; A has a row. */
export function transposed(a: Matrix): number[][] {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

/** A + I. */
export function plusIdentity(a: Matrix): number[][] {
  return a.map((row, i) => row.map((value, j) => value + (i === j ? 1 : 0)));
}

/** (A + Aᵀ)/2. */
export function symmetricPart(a: Matrix): number[][] {
  return a.map((row, i) => row.map((value, j) => (value + a[j][i]) / 2));
}

/** Eigenvalues that are this much smaller than the largest entry are the rounding of 0. */
const ROUNDING = 1e-12;

/**
 * Whether a symmetric matrix has no negative eigenvalue, or none that is not positive where `strictly`, but for
 * rounding: by elimination with the largest diagonal entry left.
 */
export function isPositive(a: Matrix, strictly: 'strictly' | 'or zero'): boolean {
  const rest = a.map((row) => [...row]);
  const left = new Set(rest.keys());
  const negligible = ROUNDING * Math.max(...a.flat().map(Math.abs));
  for (let count = 0; count < a.length; count++) {
    const p = [...left].reduce((best, i) => (rest[i][i] > rest[best][best] ? i : best));
    if (!(rest[p][p] > negligible)) {
      const isZero = [...left].every((i) => [...left].every((j) => Math.abs(rest[i][j]) <= negligible));
      return strictly === 'or zero' && isZero;
    }
    left.delete(p);
    for (const i of left) for (const j of left) rest[i][j] -= (rest[i][p] * rest[p][j]) / rest[p][p];
  }
  return true;
}
