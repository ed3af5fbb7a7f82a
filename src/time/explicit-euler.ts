/**
 * Explicit Euler in x and y, the baseline that shows why y must be implicit:
 *
 *   V⁺ = V + dt (M V + L_h V/ε),   monotone iff dt (Σ_i|φ_i|/dx_i + (1/ε) max rate out of a y-node) ≤ 1,
 *
 * so the number of steps grows like 1/ε.
 */

import type { Differencing } from '../differencing/differencing.ts';
import { upwind } from '../differencing/upwind.ts';
import type { FastOperator } from '../generator/fast-operator.ts';
import type { Phase, StepProgram } from '../kernel/kernel.ts';
import { type Equation, epsilonEquation } from './equation.ts';
import type { Discretisation } from './field-slots.ts';

/** out = the value after one step of explicit Euler. */
export function forwardEuler(equation: Equation, differencing: Differencing, dt: number, out: number): Phase[] {
  const { value } = equation;
  const moved = equation.work();
  return [
    equation.move({ out: moved, add: value, value }, differencing, dt),
    ...equation.diffuse({ out, add: moved, value }, dt),
    ...equation.sourced(out, out, dt, 0).phases,
  ];
}

/** One explicit upwind step for the ε-HJB problem, from the terminal values `start` (one per slow node). */
export function explicitEuler(problem: Discretisation, dt: number, epsilon: number, start: Float64Array): StepProgram {
  const equation = epsilonEquation(problem, epsilon, start);
  return equation.program(forwardEuler(equation, { kind: upwind }, dt, equation.next), dt);
}

/** Largest monotone step of explicit Euler, from the largest one of its sweep in x alone. */
export function explicitStableStep(
  sweep: { readonly stableStep: number },
  fast: FastOperator,
  epsilon: number,
): number {
  return 1 / (1 / sweep.stableStep + fast.largestRate / epsilon);
}
