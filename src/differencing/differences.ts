/**
 * How a scheme takes differences along the slow axes, with the numbers it needs on given nodes. src/kernel/kernel.ts
 * has the formulas; here stand their coefficients and the largest stable steps.
 */
import type { Candidate } from '../control/candidate-rates.ts';
import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';

export type Differences =
  | { readonly kind: 'upwind' }
  /** Per slow axis what keeps the smoothness weights from dividing by 0, in units of V². */
  | { readonly kind: 'weno'; readonly floors: readonly number[] }
  /** Per slow axis ν_i = α_i/dx_i at every node of slow × fast. */
  | { readonly kind: 'central'; readonly viscosity: readonly Float64Array[] }
  | { readonly kind: 'interpolation'; readonly between: boolean };

export const upwind: Differences = { kind: 'upwind' };

/**
 * The largest dt for which V ↦ V + dt·M V is monotone (WENO: for which the upwind sweep is), or with `measure` the
 * averaged sweep v ↦ v + dt Σ_j π_j M v: 1/max Σ_i|φ_i|/dx_i, for Lax–Friedrichs 1/max Σ_i ν_i, ∞ for interpolation.
 */
export function longestStep(differences: Differences, slow: SlowHamiltonian, measure: Float64Array | null): number {
  if (differences.kind === 'interpolation') return Infinity;
  if (differences.kind !== 'central') return measure === null ? slow.stableStep : slow.averagedStableStep(measure);
  const { viscosity } = differences;
  const total = viscosity[0].map((_, k) => viscosity.reduce((sum, field) => sum + field[k], 0));
  const met = measure === null ? total : averaged(total, measure, slow.slowNodes);
  return 1 / met.reduce((a, b) => Math.max(a, b), 0);
}

/** Σ_j weights_j(x) field(x, y_j), a field of x alone. */
export function averaged(field: Float64Array, weights: Float64Array, slowNodes: number): Float64Array {
  const mean = new Float64Array(slowNodes);
  for (let k = 0; k < field.length; k++) mean[k % slowNodes] += weights[k] * field[k];
  return mean;
}

/** max over the candidates of |φ_i|/dx_i along one axis, at every node. */
export function largestRates(candidates: readonly Candidate[], axis: number, size: number): Float64Array {
  const largest = new Float64Array(size);
  for (const { rates } of candidates) {
    for (let k = 0; k < size; k++) largest[k] = Math.max(largest[k], Math.abs(rates[axis][k]));
  }
  return largest;
}
