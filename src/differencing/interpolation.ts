/**
 * Semi-Lagrangian differences (Falcone, Ferretti 2014, ch. 5): min_u {I[V](x + dt·φ, y) + dt·ℓ} with multilinear
 * interpolation I, monotone for every dt. Over [0,T] the error is a·dt + b·dx²/dt: the feet bend by O(dt²) a step, and
 * each of the T/dt interpolations costs O(dx²). It is least at dt ∝ dx, where it is of order 1.
 */

import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import type { Differences } from './differences.ts';

/** Feet at every node between the extreme ones where they are controls too and cost nothing. */
export function semiLagrangian(slow: SlowHamiltonian): Differences {
  return { kind: 'interpolation', between: slow.fillsInterval };
}

/**
 * The step at which the two terms balance: where φ varies at rate Λ and moves at speed F = Λ·length, F·dt = dx/2. F is
 * the largest speed averaged with the stationary measure; the fastest feet stand in the tails in y, where nothing
 * happens. In the library the error is then within 10 % of its least over all dt (`separated`: 2.6 times).
 */
export function balancedStep(slow: SlowHamiltonian, measure: Float64Array): number {
  return slow.averagedStableStep(measure) / 2;
}
