import type { SlowHamiltonian } from '../../src/control/slow-hamiltonian.ts';

/**
 * How much larger a value may be than with the exact minimum over U: a minimum that is found e too large at every node
 * adds at most e·T. 0 where φ and ℓ are affine or quadratic in u and for lists; ∞ where U is sampled.
 */
export function controlsErrorOf({ controlsError }: SlowHamiltonian, horizon: number): number {
  return controlsError === 0 ? 0 : horizon * controlsError;
}
