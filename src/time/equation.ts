/**
 * The ε-problem and the effective equation as one interface, so that a time step is written once for both:
 *
 *   ∂_τV = M V + L V/ε  on slow × fast nodes,      ∂_τv = Σ_j π_j (M v)(·, y_j)  on slow nodes.
 *
 * They differ in the kind of a phase only. As ε → 0 the resolvent tends to the projection w ↦ Σ_j π_j w_j, so a step of
 * the first tends to the same step of the second if a resolvent stands between every two sweeps.
 */
import type { Differencing, Minimum, Phase, StepProgram, Term } from '../kernel/kernel.ts';
import { averaged, type Differences } from '../operator/differences.ts';
import { type Discretisation, fieldSlots } from './field-slots.ts';

export interface Equation {
  /** The value before a step, and where the step leaves the one after it. */
  readonly value: number;
  readonly next: number;
  /** One more field like the value. */
  work(): number;
  /** A field of zeros of x alone. */
  slowField(): number;
  /** The differences with their coefficients as fields: of (x,y), or averaged over y. */
  differencing(differences: Differences): Differencing;
  /** out = add + dt·M value. */
  move(step: Move, differencing: Differencing, dt: number): Phase;
  /** out = (I − (dt/ε)L)⁻¹ right; in the limit out = right. */
  relax(out: number, right: number, dt: number): Phase[];
  /** out = add + (dt/ε) L value; in the limit out = add. */
  diffuse(step: Move, dt: number): Phase[];
  program(phases: readonly Phase[]): StepProgram;
}

/** Slots of a sum: out = add + something of value. */
export interface Move {
  readonly out: number;
  readonly add: number;
  readonly value: number;
}

/** The ε-problem from the terminal values `start` (one per slow node). */
export function epsilonEquation(problem: Discretisation, epsilon: number, start: Float64Array): Equation {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const { up, down } = slots.rates();
  const value = slots.value(start);
  const next = slots.work();
  return {
    value,
    next,
    work: slots.work,
    slowField: slots.slowField,
    differencing: (differences) => withFields(differences, slots.add),
    move: (step, differencing, dt) => ({ kind: 'sweep', ...step, minimum, differencing, dt }),
    relax: (out, right, dt) => [{ kind: 'solve', out, right, up, down, killing: epsilon / dt }],
    diffuse: (step, dt) => [{ kind: 'generator', ...step, up, down, factor: dt / epsilon }],
    program: (phases) => slots.program(value, next, phases),
  };
}

/** The effective equation with the stationary `measure` π_j(x), from the terminal values `start`. */
export function effectiveEquation(problem: Discretisation, measure: Float64Array, start: Float64Array): Equation {
  const slots = fieldSlots(problem);
  const minimum: Minimum = slots.minimum();
  const weights = slots.add(measure);
  const value = slots.slowField(start);
  const next = slots.slowField(start);
  const copied = (out: number, from: number): Phase[] => (out === from ? [] : [combined(out, [[from, 1]])]);
  return {
    value,
    next,
    work: slots.slowField,
    slowField: slots.slowField,
    differencing: (differences) =>
      withFields(differences, (field) => slots.add(averaged(field, measure, problem.grid.size))),
    move: (step, differencing, dt) => ({ kind: 'average', ...step, weights, minimum, differencing, dt }),
    relax: copied,
    diffuse: ({ out, add }) => copied(out, add),
    program: (phases) => slots.program(value, next, phases),
  };
}

/** out = Σ factor·field, from pairs of a field and its factor. */
export function combined(out: number, terms: readonly (readonly [field: number, factor: number])[]): Phase {
  return { kind: 'combine', out, terms: terms.map(([field, factor]): Term => ({ field, factor })) };
}

function withFields(differences: Differences, add: (field: Float64Array) => number): Differencing {
  if (differences.kind !== 'central') return differences;
  return { kind: 'central', viscosity: differences.viscosity.map(add) };
}
