/**
 * IMEX Euler for ∂_τV = M V + L V/ε, asymptotic preserving (Jin 1999; docs/theory.md §4.2 and §4.10):
 *
 *   V* = V + dt·M V  (explicit),   (I − (dt/ε) L_h) V⁺ = V*  (implicit, one line solve per x-node).
 *
 * Order 1; for monotone differences monotone and sup-norm stable under their own bound alone, uniformly in ε. As ε → 0
 * the resolvent tends to the projection on the stationary measure of this very L_h, the step to averaged Euler on the
 * same grid.
 */

import type { Differencing } from '../differencing/differencing.ts';
import { upwind } from '../differencing/upwind.ts';
import type { Phase, StepProgram } from '../kernel/kernel.ts';
import { type Equation, effectiveEquation, epsilonEquation } from './equation.ts';
import type { Discretisation } from './field-slots.ts';

/** out = the value after one step of IMEX Euler; of the effective equation: after one averaged Euler step. */
export function euler(equation: Equation, differencing: Differencing, dt: number, out: number): Phase[] {
  const { value } = equation;
  const right = equation.sourced(out, out, dt, dt);
  return [
    equation.move({ out, add: value, value }, differencing, dt),
    ...right.phases,
    ...equation.resolvent(out, right.slot, dt),
  ];
}

/** One step of IMEX Euler for the ε-HJB problem, from the terminal values `start` (one per slow node). */
export function imexEuler(
  problem: Discretisation,
  dt: number,
  epsilon: number,
  start: Float64Array,
  differences: Differencing<Float64Array> = { kind: upwind },
): StepProgram {
  const equation = epsilonEquation(problem, epsilon, start);
  return equation.program(euler(equation, equation.differencing(differences), dt, equation.next), dt);
}

/** One Euler step of the effective equation, v ← v + dt Σ_j π_j (M v)(·, y_j): the ε → 0 limit of `imexEuler`. */
export function averagedEuler(
  problem: Discretisation,
  dt: number,
  measure: Float64Array,
  start: Float64Array,
  differences: Differencing<Float64Array> = { kind: upwind },
): StepProgram {
  const equation = effectiveEquation(problem, measure, start);
  return equation.program(euler(equation, equation.differencing(differences), dt, equation.next), dt);
}
