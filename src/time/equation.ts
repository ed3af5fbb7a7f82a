/**
 * The ε-problem and the effective equation as one interface, so that a time step is written once for both:
 *
 *   ∂_τV = M V + L V/ε  on slow × fast nodes,      ∂_τv = Σ_j π_j (M v)(·, y_j)  on slow nodes.
 *
 * They differ in the kind of a phase only. As ε → 0 the resolvent tends to the projection w ↦ Σ_j π_j w_j, so a step of
 * the first tends to the same step of the second if a resolvent stands between every two sweeps.
 */

import { averaged } from '../control/slow-hamiltonian.ts';
import type { Differencing, Minimum } from '../differencing/differencing.ts';
import { DRIFT_SHARE } from '../differencing/second-difference.ts';
import type { FastOperator } from '../generator/fast-operator-parts.ts';
import type { Phase, StepProgram, Term } from '../kernel/kernel.ts';
import { type DirectionSlots, type Discretisation, type FieldSlots, fieldSlots } from './field-slots.ts';
import { averageSource, type SampledSource } from './source.ts';

/** A step in time for given differences: out = the value after it. */
export type TimeStep = (equation: Equation, differencing: Differencing, dt: number, out: number) => Phase[];

/** The phases a time step is composed of, for the ε-problem or the effective equation. */
export interface Equation {
  /** The value before a step, and where the step leaves the one after it. */
  readonly value: number;
  readonly next: number;
  /** One more field like the value. */
  work(): number;
  /** A field of zeros of x alone. */
  slowField(): number;
  /** The differencing with its fields as slots: of (x,y), or averaged over y. */
  differencing(differencing: Differencing<Float64Array>): Differencing;
  /** out = add + dt·(M value − λ value), in a step in time of length `foot`. */
  move(step: Move, differencing: Differencing, dt: number, foot: number): Phase[];
  /** out = (I − (dt/ε)L)⁻¹ right, for several fast axes line by line or unsplit; in the limit out = right. */
  resolvent(out: number, right: number, dt: number): Phase[];
  /** out = add + (dt/ε) L value; in the limit out = add. */
  diffuse(step: Move, dt: number): Phase[];
  /** Where out + factor·s stands, s the source `elapsed` after the start of the step: without one, in `from` itself. */
  sourced(out: number, from: number, factor: number, elapsed: number): Sourced;
  /** A step of length dt from these phases. */
  program(phases: readonly Phase[], dt: number): StepProgram;
}

/** A field with a source added by `phases`. */
export interface Sourced {
  readonly slot: number;
  readonly phases: readonly Phase[];
}

/** Slots of a sum: out = add + something of value. */
export interface Move {
  readonly out: number;
  readonly add: number;
  readonly value: number;
}

/** The ε-problem from the terminal values `start`: g on slow × fast nodes, or one value per slow node. */
export function epsilonEquation(problem: Discretisation, epsilon: number, start: Float64Array): Equation {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const moved = slots.moved();
  const directions = slots.rates();
  const value = slots.value(start);
  const next = slots.work();
  const source = sourceIn(slots, problem.source);
  return {
    value,
    next,
    work: slots.work,
    slowField: slots.slowField,
    differencing: (differencing) => withFields(differencing, slots.add),
    move: (step, differencing, dt, foot) => [
      {
        kind: 'sweep',
        ...step,
        minimum,
        differencing,
        dt,
        ...sharedFeet(problem, slots, differencing, foot),
        ...moved,
      },
      ...discounted(step, dt, problem.discount),
    ],
    resolvent: (out, right, dt) => resolventPhases({ out, right }, problem.fast, directions, epsilon / dt),
    diffuse: ({ out, add, value: V }, dt) =>
      directions.map((direction, k): Phase => {
        return { kind: 'generator', out, add: k === 0 ? add : out, value: V, ...direction, factor: dt / epsilon };
      }),
    sourced: source.added,
    program: (phases, dt) => slots.program(value, next, [...phases, ...source.decayed(dt)]),
  };
}

/** The resolvent for `killing` = ε/dt: one solve per axis and sub-sweep, or one solve in the plane. */
function resolventPhases(
  { out, right }: { readonly out: number; readonly right: number },
  { fastSolve, directions }: FastOperator,
  slots: readonly DirectionSlots[],
  killing: number,
): Phase[] {
  if (fastSolve.kind === 'planes') {
    // Rows along the shorter axis: memory and time grow with the square of their width.
    const [a, b] = directions[0].nodes <= directions[1].nodes ? [0, 1] : [1, 0];
    const shape = [directions[a].nodes, directions[b].nodes] as const;
    const strides = [directions[a].stride, directions[b].stride] as const;
    return [{ kind: 'solve-plane', out, right, along: [slots[a], slots[b]], shape, strides, killing }];
  }
  const { subSweeps } = fastSolve;
  return Array.from({ length: subSweeps }, () => slots)
    .flat()
    .map((direction, k) => ({
      kind: 'solve',
      out,
      right: k === 0 ? right : out,
      ...direction,
      killing: killing * subSweeps,
    }));
}

/** The effective equation with the stationary `measure` π_j(x), from the terminal values `start`. */
export function effectiveEquation(problem: Discretisation, measure: Float64Array, start: Float64Array): Equation {
  const slots = fieldSlots(problem);
  const minimum: Minimum = slots.minimum();
  const weights = slots.add(measure);
  const value = slots.slowField(start);
  const next = slots.slowField(start);
  const source = sourceIn(slots, averageSource(problem.source, measure, problem.grid.size));
  const copied = (out: number, from: number): Phase[] => (out === from ? [] : [combined(out, [[from, 1]])]);
  return {
    value,
    next,
    work: slots.slowField,
    slowField: slots.slowField,
    differencing: (differencing) =>
      withFields(differencing, (field) => slots.add(averaged(field, measure, problem.grid.size))),
    move: (step, differencing, dt, foot) => [
      {
        ...{ kind: 'average', ...step, weights, minimum, differencing, dt },
        ...sharedFeet(problem, slots, differencing, foot),
      },
      ...discounted(step, dt, problem.discount),
    ],
    resolvent: copied,
    diffuse: ({ out, add }) => copied(out, add),
    sourced: source.added,
    program: (phases, dt) => slots.program(value, next, [...phases, ...source.decayed(dt)]),
  };
}

/** Noise in x takes half of a node, so that feet of the drift are those of a step twice as long. */
function sharedFeet({ slow, discount }: Discretisation, slots: FieldSlots, differencing: Differencing, dt: number) {
  // What a discount takes of a node; steps are bound so that it takes half at most.
  const foot = dt / Math.max(0.5, 1 - dt * discount);
  return { foot: slow.noise === null ? foot : foot / DRIFT_SHARE, ...slots.noise(differencing, foot) };
}

/** out −= dt·λ value. */
function discounted({ out, value }: Move, dt: number, discount: number): Phase[] {
  if (discount === 0) return [];
  const terms = [
    [out, 1],
    [value, -dt * discount],
  ] as const;
  return [combined(out, terms)];
}

/** The phases of a source as a field of a step program: e^{−λτⁿ} s at the start of step n. */
function sourceIn(slots: FieldSlots, source: SampledSource | null) {
  if (source === null) {
    return { added: (_out: number, from: number): Sourced => ({ slot: from, phases: [] }), decayed: () => [] };
  }
  const field = slots.add(source.values.slice());
  const after = (elapsed: number) => Math.exp(-source.decay * elapsed);
  const added = (out: number, from: number, factor: number, elapsed: number): Sourced => ({
    slot: out,
    phases: [
      combined(out, [
        [from, 1],
        [field, factor * after(elapsed)],
      ]),
    ],
  });
  return { added, decayed: (dt: number) => [combined(field, [[field, after(dt)]])] };
}

/** out = Σ factor·field, from pairs of a field and its factor. */
export function combined(out: number, terms: readonly (readonly [field: number, factor: number])[]): Phase {
  return { kind: 'combine', out, terms: terms.map(([field, factor]): Term => ({ field, factor })) };
}

function withFields(differencing: Differencing<Float64Array>, add: (field: Float64Array) => number): Differencing {
  return { ...differencing, viscosity: differencing.viscosity?.map(add) };
}
