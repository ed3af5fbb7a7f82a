import { InputError } from '../../src/input/input-error.ts';

/** H̄ where it is a number; NaN where φ·p + ℓ falls without bound in u. */
export function whereFinite(hamiltonian: () => number): number {
  try {
    return hamiltonian();
  } catch (error) {
    if (error instanceof InputError) return Number.NaN;
    throw error;
  }
}
