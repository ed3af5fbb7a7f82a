import type { DeepRelaxation } from '../model/problem.ts';
import type { RandomStream } from '../random/random-stream.ts';

/** A loss f on R^d with its gradient; both may be called with any point and allocate nothing. */
export interface Objective {
  /** d, the number of variables. */
  readonly dimension: number;
  /** f(x). */
  loss(x: Float64Array): number;
  /** ∇f(x) into `out`, d components. */
  gradient(out: Float64Array, x: Float64Array): void;
  /** Unbiased gradients of a random part of the data; absent where f is no mean over data. */
  readonly minibatches?: Minibatches;
}

/** Gradients of random parts of the data whose mean is ∇f. */
export interface Minibatches {
  /** ∇f of one minibatch drawn from the stream. */
  gradient(out: Float64Array, x: Float64Array, random: RandomStream): void;
  /** What the full gradient costs, in minibatch gradients. */
  readonly perFullGradient: number;
}

/** The loss of a deep-relaxation model as an objective. */
export function objectiveOf({ loss, gradient }: Pick<DeepRelaxation, 'loss' | 'gradient'>): Objective {
  return {
    dimension: gradient.length,
    loss,
    gradient(out, x) {
      for (let i = 0; i < gradient.length; i++) out[i] = gradient[i](x);
    },
  };
}

/** ∇f of a minibatch where the objective has them, else ∇f itself. */
export function sampledGradient(out: Float64Array, objective: Objective, x: Float64Array, random: RandomStream): void {
  if (objective.minibatches === undefined) objective.gradient(out, x);
  else objective.minibatches.gradient(out, x, random);
}
