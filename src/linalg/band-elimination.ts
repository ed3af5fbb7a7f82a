/**
 * Subtraction-free elimination of a banded M-matrix A = killing − L given by rates (Grassmann, Taksar, Heyman 1985).
 *
 * Eliminating state k sends every path i → k → j to rate(i→j) += rate(i→k) rate(k→j)/S_k and what is killed in k to
 * e_i += rate(i→k) e_k/S_k, with S_k = e_k + Σ_{j>k} rate(k→j): the process watched outside k. Nothing is subtracted,
 * so killing 1e-14 times the rates does no harm. Cost size·band², memory size·(2 band + 1).
 */
import type { SparseRates } from './sparse-rates.ts';

export interface BandFactors {
  /** out = A⁻¹ right; `out` may be `right`. */
  solve(out: Float64Array, right: Float64Array): void;
  /** out = A⁻ᵀ right; `out` may be `right`. */
  solveTransposed(out: Float64Array, right: Float64Array): void;
}

/** The largest |i − j| over the jumps i → j. */
export function bandWidth({ size, starts, targets }: SparseRates): number {
  let width = 0;
  for (let i = 0; i < size; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) width = Math.max(width, Math.abs(targets[e] - i));
  }
  return width;
}

/** Eliminates A; some killing must be positive, else the last pivot is 0 and solutions are not finite. */
export function eliminateBand(jumps: SparseRates): BandFactors {
  const { size, starts, targets, rates } = jumps;
  const band = bandWidth(jumps);
  const stride = 2 * band + 1;
  const table = new Float64Array(size * stride);
  for (let i = 0; i < size; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) table[i * stride + band + targets[e] - i] += rates[e];
  }
  const excess = Float64Array.from(jumps.killing);
  const pivots = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const last = Math.min(size - 1, k + band);
    const row = k * stride + band - k;
    let pivot = excess[k];
    for (let j = k + 1; j <= last; j++) pivot += table[row + j];
    pivots[k] = pivot;
    for (let i = k + 1; i <= last; i++) {
      const other = i * stride + band - i;
      const share = table[other + k] / pivot;
      table[other + k] = share;
      if (share === 0) continue;
      excess[i] += share * excess[k];
      for (let j = k + 1; j <= last; j++) table[other + j] += share * table[row + j];
      // The path i → k → i is no jump.
      table[other + i] = 0;
    }
  }
  const factors = { size, band, stride, table, pivots };
  return {
    solve: (out, right) => substitute(out, factors, right),
    solveTransposed: (out, right) => substituteTransposed(out, factors, right),
  };
}

interface Factors {
  readonly size: number;
  readonly band: number;
  readonly stride: number;
  /** Right of the diagonal the rates k → j left when k is eliminated, left of it the shares rate(i→k)/S_k. */
  readonly table: Float64Array;
  readonly pivots: Float64Array;
}

function substitute(out: Float64Array, { size, band, stride, table, pivots }: Factors, right: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * stride + band - i;
    let sum = right[i];
    for (let k = Math.max(0, i - band); k < i; k++) sum += table[row + k] * out[k];
    out[i] = sum;
  }
  for (let k = size - 1; k >= 0; k--) {
    const row = k * stride + band - k;
    const last = Math.min(size - 1, k + band);
    let sum = out[k];
    for (let j = k + 1; j <= last; j++) sum += table[row + j] * out[j];
    out[k] = sum / pivots[k];
  }
}

function substituteTransposed(
  out: Float64Array,
  { size, band, stride, table, pivots }: Factors,
  right: Float64Array,
): void {
  if (out !== right) out.set(right);
  for (let k = 0; k < size; k++) {
    const row = k * stride + band - k;
    const last = Math.min(size - 1, k + band);
    out[k] /= pivots[k];
    for (let j = k + 1; j <= last; j++) out[j] += table[row + j] * out[k];
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * stride + band - i;
    for (let k = Math.max(0, i - band); k < i; k++) out[k] += table[row + k] * out[i];
  }
}
