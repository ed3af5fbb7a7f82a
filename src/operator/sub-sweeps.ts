/**
 * How often line solves along every fast axis are repeated in one resolvent: as κ → ∞ they are a sweep of the Gibbs
 * sampler, with contraction ρ² in place of 0, ρ the largest correlation between fast variables under μ_x; s sub-sweeps
 * with ρ^{2s} ≤ 0.1 relax nearly as a resolvent does (THEORY §2.3).
 */
import type { Axis } from '../grid/axis.ts';
import { forEachNode, tensorGrid } from '../grid/grid.ts';
import { InputError } from '../problem/input-error.ts';

/** Contraction of one resolvent towards the stationary measure, as κ → ∞. */
const CONTRACTION = 0.1;
/** More sub-sweeps than this are refused: variables so correlated want other axes. */
const MOST_SUB_SWEEPS = 64;

/** s for `measures`, each the weights of one frozen x on the tensor grid of `axes`. Throws InputError above 64. */
export function subSweepsFor(measures: readonly Float64Array[], axes: readonly Axis[]): number {
  const correlation = measures.reduce((most, weights) => Math.max(most, largestCorrelation(weights, axes)), 0);
  const wanted = correlation === 0 ? 1 : Math.ceil(Math.log(CONTRACTION) / (2 * Math.log(correlation)));
  if (wanted <= MOST_SUB_SWEEPS) return Math.max(1, wanted);
  throw new InputError(
    `fast variables are correlated up to ${correlation.toPrecision(4)} under μ_x`,
    `line solves would need ${wanted} sub-sweeps a step`,
    'take fast variables along the axes of the correlation',
    'fastPotential',
  );
}

/** Largest |correlation| of two fast variables. */
function largestCorrelation(weights: Float64Array, axes: readonly Axis[]): number {
  const m = axes.length;
  const mean = new Float64Array(m);
  const product = new Float64Array(m * m);
  forEachNode(tensorGrid(axes), (j, y) => {
    for (let a = 0; a < m; a++) {
      mean[a] += weights[j] * y[a];
      for (let b = 0; b < m; b++) product[a * m + b] += weights[j] * y[a] * y[b];
    }
  });
  const covariance = (a: number, b: number) => product[a * m + b] - mean[a] * mean[b];
  let most = 0;
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < a; b++) {
      most = Math.max(most, Math.abs(covariance(a, b)) / Math.sqrt(covariance(a, a) * covariance(b, b)));
    }
  }
  // Round-off of the sums is no correlation.
  return most < 1e-9 ? 0 : most;
}
