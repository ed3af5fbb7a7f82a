/**
 * The discrete slow Hamiltonian, one object with two uses: in the ε-HJB problem node by node, and averaged over y.
 *
 *   (M V)(x,y) = min_{u∈U} Σ_i [φ_i⁺ D_i⁺V + φ_i⁻ D_i⁻V] + ℓ      (Kushner, Dupuis 2001: control-wise upwinding),
 *
 * φ⁺ = max(φ,0), φ⁻ = min(φ,0). Upwinding follows the drift of the *controlled* process; by the sign of p it would not
 * be monotone. V ↦ V + dt·M V is monotone iff dt Σ_i |φ_i|/dx_i ≤ 1 for every candidate control.
 *
 * At the ends of an x-axis the difference is always the interior one; candidate-rates.ts says which drifts it meets.
 * The loops that apply M are phases of src/kernel; here stand its coefficients and bounds.
 */
import type { Grid } from '../grid/grid.ts';
import type { Problem } from '../model/problem.ts';
import { type Candidate, type CandidateOptions, evaluateCandidates } from './candidate-rates.ts';

export interface SlowHamiltonian {
  readonly slowDimension: number;
  readonly slowNodes: number;
  readonly fastNodes: number;
  /** Axes the controls move along: the slow ones, and in a moving frame the fast ones. */
  readonly movedAxes: number;
  /** The candidates that move or cost, at least one unless all rest. */
  readonly candidates: readonly Candidate[];
  /** Some candidate neither moves nor costs anywhere: the minimum is at most 0. */
  readonly canRest: boolean;
  /** Spacing of the samples of U when φ or ℓ is not affine in u, else null. */
  readonly sampledSpacing: number | null;
  /** At each node the controls drift along a whole interval and cost nothing (n = 1, U a box, no ℓ). */
  readonly fillsInterval: boolean;
  /** Largest dt for which V ↦ V + dt·M V is monotone: 1/max Σ_i|φ_i|/dx_i. */
  readonly stableStep: number;
  /** The same for v ↦ v + dt Σ_j π_j M v with weights π(x,y): 1/max_x Σ_j π_j max_u Σ_i|φ_i|/dx_i. */
  averagedStableStep(weights: Float64Array): number;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function slowHamiltonian(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  options: CandidateOptions = {},
): SlowHamiltonian {
  const evaluated = evaluateCandidates(problem, slow, fast, options);
  const { candidates } = evaluated;
  let fastest = 0;
  for (let k = 0; k < slow.size * fast.size; k++) fastest = Math.max(fastest, speedAt(candidates, k));
  return {
    ...evaluated,
    slowDimension: slow.axes.length,
    slowNodes: slow.size,
    fastNodes: fast.size,
    movedAxes: slow.axes.length + (options.slope === undefined ? 0 : fast.axes.length),
    fillsInterval: slow.axes.length === 1 && problem.controls.kind === 'box' && problem.runningCost === undefined,
    stableStep: 1 / fastest,
    averagedStableStep(weights) {
      const speeds = weights.map((_, k) => speedAt(candidates, k, slow.axes.length));
      return 1 / averaged(speeds, weights, slow.size).reduce((a, b) => Math.max(a, b), 0);
    },
  };
}

/** max over the candidates of Σ_i|φ_i|/dx_i at node k, over the first `axes`. */
export function speedAt(candidates: readonly Pick<Candidate, 'rates'>[], k: number, axes = Infinity): number {
  let fastest = 0;
  for (const { rates } of candidates) {
    let total = 0;
    for (let i = 0; i < rates.length && i < axes; i++) total += Math.abs(rates[i][k]);
    if (total > fastest) fastest = total;
  }
  return fastest;
}

/** max over the candidates of |φ_i|/dx_i along one axis, at every node. */
export function largestRates(candidates: readonly Candidate[], axis: number, size: number): Float64Array {
  const largest = new Float64Array(size);
  for (const { rates } of candidates) {
    for (let k = 0; k < size; k++) largest[k] = Math.max(largest[k], Math.abs(rates[axis][k]));
  }
  return largest;
}

/** Σ_j weights_j(x) field(x, y_j), a field of x alone. */
export function averaged(field: Float64Array, weights: Float64Array, slowNodes: number): Float64Array {
  const mean = new Float64Array(slowNodes);
  for (let k = 0; k < field.length; k++) mean[k % slowNodes] += weights[k] * field[k];
  return mean;
}
