/**
 * IMEX Euler for ∂_τV = M V + L V/ε, asymptotic preserving (Jin 1999; THEORY §2.3):
 *
 *   V* = V + dt·M V  (explicit),   (I − (dt/ε) L_h) V⁺ = V*  (implicit, one line solve per x-node).
 *
 * Order 1; monotone and sup-norm stable under dt Σ|φ_i|/dx_i ≤ 1 alone, uniformly in ε. As ε → 0 the resolvent tends
 * to the projection on the stationary measure of this very L_h, the step to averaged Euler on the same grid.
 */
import type { FastGenerator } from '../operator/fast-generator.ts';
import type { EffectiveOperator, SlowHamiltonian } from '../operator/slow-hamiltonian.ts';
import type { Stepper } from './march.ts';

/** One step of IMEX Euler for the ε-HJB problem. */
export function imexEuler(slow: SlowHamiltonian, fast: FastGenerator, dt: number, epsilon: number): Stepper {
  const resolvent = fast.resolvent(dt / epsilon);
  const moved = new Float64Array(fast.lanes * fast.nodes);
  return {
    // The line solves carry a non-finite entry to every y of its x, so the first row shows it.
    watched: fast.lanes,
    advance(V) {
      slow.step(moved, V, dt);
      resolvent.apply(V, moved);
    },
  };
}

/** One Euler step of the effective equation, v ← v + dt Σ_j π_j (M v)(·, y_j): the ε → 0 limit of `imexEuler`. */
export function averagedEuler(effective: EffectiveOperator, slowSize: number, dt: number): Stepper {
  const slope = new Float64Array(slowSize);
  return {
    watched: slowSize,
    advance(v) {
      effective.apply(slope, v);
      for (let s = 0; s < slowSize; s++) v[s] += dt * slope[s];
    },
  };
}
