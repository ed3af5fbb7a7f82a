/** A method of the list of schemes on given nodes: its step bounds and its step program. */

import type { Differencing } from '../differencing/differencing.ts';
import { InputError } from '../input/input-error.ts';
import type { StepProgram } from '../kernel/kernel.ts';
import type { Equation } from './equation.ts';
import type { Discretisation } from './field-slots.ts';
import { filtered } from './filtered.ts';
import type { Method } from './schemes.ts';

export interface StepBounds {
  /** The largest step for which the method is what it claims; ∞ where no bound holds. */
  readonly stableStep: number;
  /** The step taken when none is given. */
  readonly usualStep: number;
}

/** Bounds for the ε-problem, or with a stationary `measure` for the effective equation. */
export function stepBounds(
  { time }: Method,
  problem: Discretisation,
  differencing: Differencing<Float64Array>,
  limit: { readonly epsilon: number } | { readonly measure: Float64Array },
): StepBounds {
  const { slow, fast } = problem;
  const { kind } = differencing;
  const measure = 'measure' in limit ? limit.measure : null;
  if (time.steps.kind === 'policy') {
    return { stableStep: Infinity, usualStep: slow.averagedStableStep(measure ?? fast.stationary()) };
  }
  if (time.stableStep !== undefined) {
    const shared = kind.sharedStep(differencing, slow);
    const stableStep = time.stableStep(shared, fast, 'epsilon' in limit ? limit.epsilon : Infinity);
    return { stableStep, usualStep: stableStep };
  }
  const weights = measure ?? (kind.feet === 'never' ? null : fast.stationary());
  const stableStep = kind.longestStep(differencing, slow, weights);
  return { stableStep, usualStep: kind.usualStep?.(slow, weights ?? fast.stationary()) ?? stableStep };
}

export interface MethodStep {
  readonly program: StepProgram;
  /** Slot of the field that counts per x-node where the filter fell back; null where nothing is filtered. */
  readonly fallen: number | null;
}

/**
 * One step of a method; of a filter `rate` is c in units of V per time, `floor` the least V.
 * Throws InputError for a method whose steps are solved by policy iteration.
 */
export function methodStep(
  { scheme, time: { label, steps } }: Method,
  equation: Equation,
  differencing: Differencing<Float64Array>,
  { dt, rate, floor }: { readonly dt: number; readonly rate: number; readonly floor: number },
): MethodStep {
  if (steps.kind === 'policy') {
    throw new InputError(
      `a step of ${label} is no list of phases`,
      'it is a nonlinear system, solved anew in every step',
      'choose another time',
    );
  }
  const slotted = equation.differencing(differencing);
  const fallen = scheme.monotone === 'filtered' ? equation.slowField() : null;
  const step = fallen === null ? steps.step : filtered(steps.step, { reach: rate * dt, floor, fallen });
  return { program: equation.program(step(equation, slotted, dt, equation.next), dt), fallen };
}
