import type { SlowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import { InputError } from '../../src/input/input-error.ts';

/** Throws InputError for what policy iteration is not taught. */
export function refusePolicies({ formulas }: SlowHamiltonian, snapshots: number | null): void {
  if (formulas.length > 0) throw noFormulas();
  if (snapshots !== null) throw noSnapshots();
}

function noFormulas(): InputError {
  return new InputError(
    'implicit steps are not taught minima over intervals of controls in formulas',
    'their policies choose among lists of controls',
    'choose another time, or list the controls as values',
    'control',
  );
}

function noSnapshots(): InputError {
  return new InputError(
    'implicit steps keep no values on the way',
    'policy iteration marches to the horizon in one piece',
    'choose another time',
  );
}
