/**
 * Deep relaxation as software: descend a loss by one of the methods of src/optimiser, with a budget of gradient
 * evaluations, a seeded stream and the learning curve.
 */

import { InputError } from '../src/input/input-error.ts';
import { count } from '../src/input/require.ts';
import { reached, type Watch } from '../src/input/watch.ts';
import type { Objective } from '../src/optimiser/objective.ts';
import { evaluationsPerStep, type Optimiser, type OptimiserState, startAt } from '../src/optimiser/optimiser.ts';
import { refuseOutside } from '../src/optimiser/settings.ts';
import type { RandomStream } from '../src/random/random-stream.ts';

/** A method of descent with its start and its budget. */
export interface OptimiseOptions {
  /** The method; its settings are part of it. */
  readonly optimiser: Optimiser;
  /** d coordinates; not changed. */
  readonly from: ArrayLike<number>;
  /** The budget in gradient evaluations (of minibatches, where the objective has them); the last step stays within. */
  readonly evaluations: number;
  /** The source of noise and of minibatches; the same stream gives the same bytes. */
  readonly random: RandomStream;
  /** Points of the curve after the first; default 100. */
  readonly records?: number;
}

/** f along the way: `loss[k]` after `evaluations[k]` gradient evaluations; the first entry is the start. */
export interface LearningCurve {
  readonly evaluations: readonly number[];
  readonly loss: readonly number[];
}

/** Where a descent ended, and how it came there. */
export interface Optimised {
  /** The last iterate; the last finite one where the method diverged. */
  readonly x: Float64Array;
  /** f(x). */
  readonly loss: number;
  readonly outcome:
    | { readonly status: 'finished'; readonly steps: number }
    | { readonly status: 'diverged'; readonly step: number; readonly advice: string };
  /** f along the way. */
  readonly curve: LearningCurve;
  /** How often the rate of the limit problem was u₀, of how many choices between the ends of U; null if fixed. */
  readonly lowest: { readonly taken: number; readonly of: number } | null;
  /** Where the method diverged, and where the rate of the limit problem was the same all along. */
  readonly warnings: readonly string[];
}

/**
 * A run whose loss stands higher above its start than this many times 1 + |f(x₀)| has diverged, though its numbers are
 * still finite: beyond the stability of a step, f grows by a constant factor per step.
 */
const GROWTH = 1000;

/**
 * Runs a method until its budget is spent. It has diverged in the step that leaves the finite numbers, or at the record
 * of the curve where the loss has grown a thousandfold. The same stream gives the same bytes. Throws InputError for a
 * start of another dimension or without a finite loss, and for a budget below one step.
 */
export function optimise(objective: Objective, options: OptimiseOptions, watch: Watch = {}): Optimised {
  const { optimiser, random, records = 100 } = options;
  refuseNonsense(objective, options);
  const cost = evaluationsPerStep(optimiser, objective);
  const steps = Math.floor(options.evaluations / cost);
  const state = startAt(Float64Array.from(options.from));
  const last = state.x.slice();
  const start = objective.loss(last);
  const curve = { evaluations: [0], loss: [start] };
  const end = (outcome: Optimised['outcome']): Optimised => {
    const lowest = lowestOf(optimiser, state);
    return { x: last, loss: objective.loss(last), outcome, curve, lowest, warnings: warningsOf(outcome, lowest) };
  };
  for (let step = 1; step <= steps; step++) {
    optimiser.step(state, objective, random);
    if (!isFinitePoint(state.x) || !isFinitePoint(state.y)) return end(diverged(step));
    last.set(state.x);
    // The k-th record is taken at the first step that reaches k/records of all steps.
    if (Math.floor((step * records) / steps) === Math.floor(((step - 1) * records) / steps)) continue;
    const loss = objective.loss(last);
    if (!(loss - start <= GROWTH * (1 + Math.abs(start)))) return end(diverged(step));
    curve.evaluations.push(step * cost);
    curve.loss.push(loss);
    reached(watch, step / steps);
  }
  return end({ status: 'finished', steps });
}

function diverged(step: number): Optimised['outcome'] {
  const advice = 'a step is longer than the curvature of the loss allows; shorten step and fast step';
  return { status: 'diverged', step, advice };
}

function warningsOf(outcome: Optimised['outcome'], lowest: Optimised['lowest']): string[] {
  const far = outcome.status === 'diverged' ? [`diverged at step ${outcome.step}: ${outcome.advice}`] : [];
  if (lowest === null || (lowest.taken > 0 && lowest.taken < lowest.of)) return far;
  const end = lowest.taken === 0 ? 'never its lower end: the run is that of the upper one' : 'its lower end all along';
  return [...far, `the rate of the limit problem was ${end}`];
}

function lowestOf({ rate }: Optimiser, { chosen }: OptimiserState): Optimised['lowest'] {
  if (rate?.kind !== 'limit' || rate.lower === rate.upper) return null;
  return { taken: chosen[0], of: chosen[1] };
}

function isFinitePoint(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) return false;
  return true;
}

function refuseNonsense(objective: Objective, options: OptimiseOptions): void {
  const { from, optimiser, evaluations, records = 100 } = options;
  if (from.length !== objective.dimension) {
    throw new InputError(
      `the start has ${from.length} coordinates`,
      `the loss has ${objective.dimension} variables`,
      'give one coordinate per variable',
    );
  }
  const start = Float64Array.from(from);
  const loss = objective.loss(start);
  if (!isFinitePoint(start) || !Number.isFinite(loss)) {
    const shown = start.length > 3 ? 'the start' : `the start (${start.join(', ')})`;
    throw new InputError(`the loss at ${shown} is ${loss}`, 'a descent needs finite numbers', 'start elsewhere');
  }
  const cost = evaluationsPerStep(optimiser, objective);
  if (!(evaluations >= cost && evaluations < Infinity)) {
    throw new InputError(
      `${optimiser.title} needs ${cost} gradient evaluations for one step`,
      `the budget is ${evaluations}`,
      `allow at least ${Math.ceil(cost)}`,
    );
  }
  refuseOutside('optimise', { records }, { records: count });
}
