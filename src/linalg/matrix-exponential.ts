/** exp(A) − I of small matrices, and the matrix of a Lyapunov equation. */
import { product } from './small-matrix.ts';

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
    const next = product(scaled, result);
    result = scaled.map((row, i) => row.map((value, j) => value + next[i][j] / k));
  }
  for (let k = 0; k < halvings; k++) {
    const square = product(result, result);
    result = result.map((row, i) => row.map((value, j) => 2 * value + square[i][j]));
  }
  return result;
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
