/**
 * Deep relaxation as software: descend a loss by one of the methods of src/optimiser, with a budget of gradient
 * evaluations, a seeded stream and the learning curve.
 */
import type { Objective } from '../src/optimiser/objective.ts';
import { evaluationsPerStep, type Optimiser, startAt } from '../src/optimiser/optimiser.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { RandomStream } from '../src/random/random-stream.ts';

export interface OptimiseOptions {
  readonly optimiser: Optimiser;
  /** d coordinates; not changed. */
  readonly from: ArrayLike<number>;
  /** The budget in gradient evaluations (of minibatches, where the objective has them); the last step stays within. */
  readonly evaluations: number;
  readonly random: RandomStream;
  /** Points of the curve after the first; default 100. */
  readonly records?: number;
}

/** f along the way: `loss[k]` after `evaluations[k]` gradient evaluations; the first entry is the start. */
export interface LearningCurve {
  readonly evaluations: readonly number[];
  readonly loss: readonly number[];
}

export interface Optimised {
  /** The last iterate: the one before the failure where the method diverged. */
  readonly x: Float64Array;
  readonly loss: number;
  readonly outcome:
    | { readonly status: 'finished'; readonly steps: number }
    | { readonly status: 'diverged'; readonly step: number; readonly advice: string };
  readonly curve: LearningCurve;
}

/** Runs a method until its budget is spent. The same stream gives the same bytes. Throws InputError. */
export function optimise(objective: Objective, options: OptimiseOptions): Optimised {
  const { optimiser, random, records = 100 } = options;
  refuseNonsense(objective, options);
  const cost = evaluationsPerStep(optimiser, objective);
  const steps = Math.floor(options.evaluations / cost);
  const state = startAt(Float64Array.from(options.from));
  const last = state.x.slice();
  const curve = { evaluations: [0], loss: [objective.loss(state.x)] };
  for (let step = 1; step <= steps; step++) {
    optimiser.step(state, objective, random);
    if (!isFinitePoint(state.x) || !isFinitePoint(state.y)) return diverged(objective, last, step, curve);
    last.set(state.x);
    // The k-th record is taken at the first step that reaches k/records of all steps.
    if (Math.floor((step * records) / steps) === Math.floor(((step - 1) * records) / steps)) continue;
    curve.evaluations.push(step * cost);
    curve.loss.push(objective.loss(state.x));
  }
  return { x: last, loss: objective.loss(last), outcome: { status: 'finished', steps }, curve };
}

function diverged(objective: Objective, x: Float64Array, step: number, curve: LearningCurve): Optimised {
  const advice = 'a step is longer than the curvature of the loss allows; shorten step and fast step';
  return { x, loss: objective.loss(x), outcome: { status: 'diverged', step, advice }, curve };
}

function isFinitePoint(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) return false;
  return true;
}

function refuseNonsense(objective: Objective, { from, optimiser, evaluations }: OptimiseOptions): void {
  if (from.length !== objective.dimension) {
    throw new InputError(
      `the start has ${from.length} coordinates`,
      `the loss has ${objective.dimension} variables`,
      'give one coordinate per variable',
    );
  }
  const cost = evaluationsPerStep(optimiser, objective);
  if (evaluations >= cost) return;
  throw new InputError(
    `${optimiser.title} needs ${cost} gradient evaluations for one step`,
    `the budget is ${evaluations}`,
    `allow at least ${Math.ceil(cost)}`,
  );
}
