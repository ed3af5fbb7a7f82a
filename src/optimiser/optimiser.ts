import type { RandomStream } from '../random/random-stream.ts';
import type { LearningRate } from './learning-rate.ts';
import type { Objective } from './objective.ts';

/** The methods of descent by name. */
export type OptimiserName = 'entropy-sgd' | 'deep-relaxation' | 'sgd' | 'gradient-descent';

/** A method as data and a step; the state is all that a step reads and writes besides the random stream. */
export interface Optimiser {
  readonly name: OptimiserName;
  /** The name for display. */
  readonly title: string;
  /** The step as a formula with its numbers. */
  readonly formula: string;
  /** Gradients one step evaluates: of the whole loss, or of a minibatch where the objective has them. */
  readonly gradients: { readonly of: 'loss' | 'minibatch'; readonly perStep: number };
  /** u of the entropic methods. */
  readonly rate?: LearningRate;
  /** One step, in place. Allocates nothing. */
  step(state: OptimiserState, objective: Objective, random: RandomStream): void;
}

/** Fields of d numbers each, and a count. */
export interface OptimiserState {
  /** The iterate. */
  readonly x: Float64Array;
  /** The fast variable of the entropic methods. */
  readonly y: Float64Array;
  /** Running average of the fast variable. */
  readonly mean: Float64Array;
  /** Running average of ν(x,y)(x−y), the drift of x up to −γ. */
  readonly drift: Float64Array;
  /** p, the estimate of the slope of the value. */
  readonly slope: Float64Array;
  /** How often the rate of the limit problem was u₀, and how often it had to choose. */
  readonly chosen: Float64Array;
  /** Room for a gradient. */
  readonly gradient: Float64Array;
}

/** Everything at rest in x; p = 0. */
export function startAt(x: Float64Array): OptimiserState {
  const { length } = x;
  return {
    x: x.slice(),
    y: x.slice(),
    mean: x.slice(),
    drift: new Float64Array(length),
    slope: new Float64Array(length),
    chosen: new Float64Array(2),
    gradient: new Float64Array(length),
  };
}

/** Cost of one step in gradient evaluations, the common unit: a minibatch where there are some, else a gradient. */
export function evaluationsPerStep({ gradients }: Optimiser, { minibatches }: Objective): number {
  return gradients.perStep * (gradients.of === 'loss' ? (minibatches?.perFullGradient ?? 1) : 1);
}
