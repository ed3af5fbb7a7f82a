/** A method of the list of schemes on given nodes: its step bounds and its step program. */

import { largestOf, rarelyExceeded } from '../control/rare-values.ts';
import { averagedSpeed, type SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import type { Differencing, DifferencingKind } from '../differencing/differencing.ts';
import { DRIFT_SHARE } from '../differencing/second-difference.ts';
import { InputError } from '../input/input-error.ts';
import type { StepProgram } from '../kernel/kernel.ts';
import type { Equation } from './equation.ts';
import type { Discretisation } from './field-slots.ts';
import { filtered } from './filtered.ts';
import { usualArm } from './noise-arms.ts';
import type { Method } from './schemes.ts';

/** The largest Σ_d ν_d of noise between nodes. */
function largestNoise({ noise, slowNodes, fastNodes }: SlowHamiltonian, kind: DifferencingKind): number {
  const nodes = { lanes: slowNodes, size: slowNodes * fastNodes };
  return noise === null ? 0 : largestOf(noise.as(kind.crossTerms).rates, nodes);
}

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
    const weights = measure ?? fast.stationary();
    const bounds = { stableStep: Infinity, usualStep: slow.averagedStableStep(weights) };
    return withDiscount(withNoise(bounds, problem, kind, weights), problem.discount, true);
  }
  if (time.stableStep !== undefined) {
    const shared = kind.sharedStep(differencing, slow);
    const others = largestNoise(slow, kind) + problem.discount;
    const joint = others === 0 ? shared : 1 / (1 / shared + others);
    const stableStep = time.stableStep(joint, fast, 'epsilon' in limit ? limit.epsilon : Infinity);
    return { stableStep, usualStep: stableStep };
  }
  const weights = measure ?? (kind.feet === 'never' ? null : fast.stationary());
  const stableStep = kind.longestStep(differencing, slow, weights);
  const usualStep = kind.usualStep?.(slow, weights ?? fast.stationary()) ?? stableStep;
  const bounds = withNoise({ stableStep, usualStep }, problem, kind, weights ?? fast.stationary());
  return withDiscount(bounds, problem.discount, kind.feet !== 'never' && kind.claims.order === 1);
}

/** A discount takes λdt of a node, of which feet of any length leave half; in an implicit step so much for accuracy. */
function withDiscount({ stableStep, usualStep }: StepBounds, discount: number, isAnyLength: boolean): StepBounds {
  const cut = (step: number) => (isAnyLength ? Math.min(step, 0.5 / discount) : 1 / (1 / step + discount));
  return discount === 0 ? { stableStep, usualStep } : { stableStep: cut(stableStep), usualStep: cut(usualStep) };
}

/** Noise whose second differences are wide takes so many of the steps that differences of a cell would take. */
const NOISE_CELLS = 1 / 256;
/** Probability of the tails to which wide second differences are left where accuracy is asked for. */
const [NOISE_TAIL, PARTS] = [1e-6, 16];

/**
 * Noise in x takes the other half of a node: dt Σ_d ν_d ≤ ½ for differences over a cell. Wide ones are monotone for
 * every dt; the step is then that of an error O(dx), dt·ν̄ = nodes/512 for the mean ν̄ under the measure.
 */
function withNoise(
  { stableStep, usualStep }: StepBounds,
  { slow, grid }: Discretisation,
  kind: DifferencingKind,
  weights: Float64Array,
): StepBounds {
  if (slow.noise === null) return { stableStep, usualStep };
  const noise = slow.noise.as(kind.crossTerms);
  if (noise.columns !== null) {
    const { step } = usualArm(noise, grid, weights);
    return { stableStep: Infinity, usualStep: Math.min(DRIFT_SHARE * usualStep, step) };
  }
  const nodes = { lanes: slow.slowNodes, size: weights.length };
  const rates = (out: Float64Array, from: number) => noise.rates(out, from);
  const within = (step: number, most: number) => Math.min(DRIFT_SHARE * step, (1 - DRIFT_SHARE) / most);
  if (kind.feet === 'never') {
    const most = largestNoise(slow, kind);
    return { stableStep: within(stableStep, most), usualStep: within(usualStep, most) };
  }
  if (kind.claims.order > 1) {
    const rare = rarelyExceeded(rates, nodes, { weights, tail: NOISE_TAIL, parts: PARTS });
    return { stableStep: within(stableStep, rare), usualStep: within(usualStep, rare) };
  }
  const mean = averagedSpeed(rates, nodes, weights);
  const cells = NOISE_CELLS * Math.min(...grid.shape);
  return { stableStep: Infinity, usualStep: within(usualStep, mean / cells) };
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
