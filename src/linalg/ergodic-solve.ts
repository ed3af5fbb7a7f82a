/**
 * The two null problems of an irreducible jump process without killing, A = −L:
 *
 *   π L = 0, Σ_i π_i = 1        and        −L χ = c − h,   c = Σ_i π_i h_i, χ up to a constant.
 *
 * Both are corrected by multigrid for (shift − L), shift 1e-12 of the largest rate. The correction is exact up to
 * multiples of π or of 1, which the normalisation removes, and up to shift over the spectral gap.
 */
import { accelerate, type TwoSum, type Verdict } from './anderson.ts';
import type { Lattice } from './coarsening.ts';
import { rowResidual } from './enclosed-solve.ts';
import { type Multigrid, multigrid } from './multigrid.ts';
import { reverseEntries, type SparseRates, totalRates, withDiscount } from './sparse-rates.ts';

const SHIFT = 1e-12;
/** Σ|πL| over the flux Σ π·total at which π is found; round-off is near 1e-15. */
const BALANCED = 1e-13;
/** Imbalance that is still a stationary vector for every purpose here. */
const NEARLY_BALANCED = 1e-9;

/** Multigrid for (shift − L). */
export function nullSolver(jumps: SparseRates, lattice: Lattice): Multigrid {
  const largest = totalRates(jumps).reduce((a, b) => Math.max(a, b), 0);
  return multigrid(withDiscount(jumps, SHIFT * largest), lattice);
}

export interface StationaryVector {
  readonly weights: Float64Array;
  /** Σ_i |(πL)_i| / Σ_i π_i total_i. */
  readonly imbalance: number;
  readonly converged: boolean;
}

/** π ≥ 0 with Σπ = 1 and πL = 0; NaN where the iteration overflowed. */
export function stationaryVector(jumps: SparseRates, solver: Multigrid): StationaryVector {
  const found = balanced(jumps, solver);
  // What has overflowed will do so again.
  const exact = found.converged || Number.isNaN(found.imbalance) ? null : solver.exactly();
  return exact === null ? found : balanced(jumps, exact);
}

function balanced(jumps: SparseRates, solver: Multigrid): StationaryVector {
  const { size, starts, targets, rates } = jumps;
  const reverse = reverseEntries(jumps);
  const total = totalRates(jumps);
  // Almost singular, one cycle is almost the projection on π: a start, and the direction that keeps Σπ = 1.
  const start = new Float64Array(size);
  solver.cycleTransposed(
    start,
    start.map(() => 1),
  );
  normalize(start);
  const w: TwoSum = { head: start.slice(), tail: new Float64Array(size) };
  const correct = (out: Float64Array, rest: Float64Array) => {
    solver.cycleTransposed(out, rest);
    const sum = out.reduce((a, b) => a + b, 0);
    for (let i = 0; i < size; i++) out[i] -= sum * start[i];
  };
  const residual = (out: Float64Array, { head }: TwoSum) => {
    for (let i = 0; i < size; i++) {
      let sum = -total[i] * head[i];
      for (let e = starts[i]; e < starts[i + 1]; e++) sum += rates[reverse[e]] * head[targets[e]];
      out[i] = sum;
    }
  };
  let imbalance = Infinity;
  const judge = (rest: Float64Array): Verdict => {
    let [gap, flux] = [0, 0];
    for (let i = 0; i < size; i++) {
      gap += Math.abs(rest[i]);
      flux += Math.abs(w.head[i]) * total[i];
    }
    imbalance = gap / flux;
    return { width: imbalance, done: imbalance <= BALANCED };
  };
  accelerate(w, { residual, correct }, judge);
  // Far in the tails, 1e-16 below the largest weight, the last correction may leave either sign.
  const weights = w.head.map((value) => Math.max(value, 0));
  normalize(weights);
  return { weights, imbalance, converged: imbalance <= NEARLY_BALANCED };
}

function normalize(weights: Float64Array): void {
  const sum = weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < weights.length; i++) weights[i] /= sum;
}

/**
 * Improves χ, from 0, until `judge` is content with z = h − Lχ, which is c where χ is exact.
 */
export function solvePoisson(
  jumps: SparseRates,
  solver: Multigrid,
  h: Float64Array,
  judge: (z: Float64Array) => Verdict,
): { readonly values: Float64Array; readonly converged: boolean } {
  const found = corrected(jumps, solver, h, judge);
  const exact = found.converged ? null : solver.exactly();
  return exact === null ? found : corrected(jumps, exact, h, judge);
}

function corrected(jumps: SparseRates, solver: Multigrid, h: Float64Array, judge: (z: Float64Array) => Verdict) {
  const { size } = jumps;
  const w: TwoSum = { head: new Float64Array(size), tail: new Float64Array(size) };
  const minus = h.map((value) => -value);
  const residual = (out: Float64Array, iterate: TwoSum) => rowResidual(out, jumps, minus, iterate);
  const correct = (out: Float64Array, rest: Float64Array) => {
    const level = mean(rest);
    for (let i = 0; i < size; i++) rest[i] -= level;
    solver.cycle(out, rest);
    const constant = mean(out);
    for (let i = 0; i < size; i++) out[i] -= constant;
  };
  const z = new Float64Array(size);
  const { converged } = accelerate(w, { residual, correct }, (rest) => {
    for (let i = 0; i < size; i++) z[i] = -rest[i];
    return judge(z);
  });
  return { values: w.head, converged };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
