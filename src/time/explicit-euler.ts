/**
 * Explicit Euler in x and y, the baseline that shows why y must be implicit:
 *
 *   V⁺ = V + dt (M V + L_h V/ε),   monotone iff dt (Σ_i|φ_i|/dx_i + (1/ε) max rate out of a y-node) ≤ 1,
 *
 * so the number of steps grows like 1/ε.
 */
import type { StepProgram } from '../kernel/kernel.ts';
import type { FastGenerator } from '../operator/fast-generator.ts';
import type { SlowHamiltonian } from '../operator/slow-hamiltonian.ts';
import { type Discretisation, fieldSlots } from './field-slots.ts';

/** One explicit Euler step for the ε-HJB problem, from the terminal values `start` (one per slow node). */
export function explicitEuler(problem: Discretisation, dt: number, epsilon: number, start: Float64Array): StepProgram {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const { up, down } = slots.rates();
  const value = slots.value(start);
  const next = slots.work();
  const moved = slots.work();
  return slots.program(value, next, [
    { kind: 'sweep', out: moved, add: value, value, minimum, differencing: { kind: 'upwind' }, dt },
    { kind: 'generator', out: next, add: moved, value, up, down, factor: dt / epsilon },
  ]);
}

/** Largest monotone step of `explicitEuler`. */
export function explicitStableStep(slow: SlowHamiltonian, fast: FastGenerator, epsilon: number): number {
  return 1 / (1 / slow.stableStep + fast.largestRate / epsilon);
}
