/**
 * IMEX Euler for ∂_τV = M V + L V/ε, asymptotic preserving (Jin 1999; THEORY §2.3):
 *
 *   V* = V + dt·M V  (explicit),   (I − (dt/ε) L_h) V⁺ = V*  (implicit, one line solve per x-node).
 *
 * Order 1; monotone and sup-norm stable under dt Σ|φ_i|/dx_i ≤ 1 alone, uniformly in ε. As ε → 0 the resolvent tends
 * to the projection on the stationary measure of this very L_h, the step to averaged Euler on the same grid.
 */
import type { StepProgram } from '../kernel/kernel.ts';
import { type Discretisation, fieldSlots } from './field-slots.ts';

const upwind = { kind: 'upwind' } as const;

/** One step of IMEX Euler for the ε-HJB problem, from the terminal values `start` (one per slow node). */
export function imexEuler(problem: Discretisation, dt: number, epsilon: number, start: Float64Array): StepProgram {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const { up, down } = slots.rates();
  const value = slots.value(start);
  const next = slots.work();
  return slots.program(value, next, [
    { kind: 'sweep', out: next, add: value, value, minimum, differencing: upwind, dt },
    { kind: 'solve', out: next, right: next, up, down, killing: epsilon / dt },
  ]);
}

/** One Euler step of the effective equation, v ← v + dt Σ_j π_j (M v)(·, y_j): the ε → 0 limit of `imexEuler`. */
export function averagedEuler(
  problem: Discretisation,
  dt: number,
  measure: Float64Array,
  start: Float64Array,
): StepProgram {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const weights = slots.add(measure);
  const value = slots.add(start);
  const next = slots.add(start.slice());
  return slots.program(value, next, [
    { kind: 'average', out: next, add: value, value, weights, minimum, differencing: upwind, dt },
  ]);
}
