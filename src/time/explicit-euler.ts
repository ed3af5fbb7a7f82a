/**
 * Explicit Euler in x and y, the baseline that shows why y must be implicit:
 *
 *   V⁺ = V + dt (M V + L_h V/ε),   monotone iff dt (Σ_i|φ_i|/dx_i + (1/ε) max rate out of a y-node) ≤ 1,
 *
 * so the number of steps grows like 1/ε.
 */
import type { FastGenerator } from '../operator/fast-generator.ts';
import type { SlowHamiltonian } from '../operator/slow-hamiltonian.ts';
import type { Stepper } from './march.ts';

/** One explicit Euler step for the ε-HJB problem. */
export function explicitEuler(slow: SlowHamiltonian, fast: FastGenerator, dt: number, epsilon: number): Stepper {
  const moved = new Float64Array(fast.lanes * fast.nodes);
  const mixed = new Float64Array(fast.lanes * fast.nodes);
  return {
    watched: moved.length,
    advance(V) {
      slow.step(moved, V, dt);
      fast.apply(mixed, V);
      for (let k = 0; k < V.length; k++) V[k] = moved[k] + (dt / epsilon) * mixed[k];
    },
  };
}

/** Largest monotone step of `explicitEuler`. */
export function explicitStableStep(slow: SlowHamiltonian, fast: FastGenerator, epsilon: number): number {
  return 1 / (1 / slow.stableStep + fast.largestRate / epsilon);
}
