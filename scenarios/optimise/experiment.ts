import type { Interval } from '../../src/model/problem.ts';
import type { Objective } from '../../src/optimiser/objective.ts';
import type { Optimiser, OptimiserName } from '../../src/optimiser/optimiser.ts';
import type { RandomStream } from '../../src/random/random-stream.ts';

/** How u is chosen: fixed at its upper end, or by the limit problem. */
export type RateName = 'fixed' | 'limit';

/** A loss to descend from random starts. */
export interface Task {
  readonly objective: Objective;
  start(out: Float64Array, random: RandomStream): void;
  /** Other numbers of the end of a run. */
  readonly measures: readonly { readonly label: string; of(x: Float64Array): number }[];
}

/** What to descend, the methods to compare on it, and what to say about where they end. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** The loss and the data in words: label, text. */
  readonly facts: readonly (readonly [string, string])[];
  /** What one gradient evaluation is, for the axis. */
  readonly unit: string;
  readonly evaluations: number;
  /** The usual number of seeds. */
  readonly seeds: number;
  /** What run 0, 1, … descends, whatever the method: always the same loss, or that of other data of the same kind. */
  task(run: number): Task;
  optimiser(name: OptimiserName, rate: RateName): Optimiser;
  /** Boxes by name; a run that ends in none of them ends elsewhere. */
  readonly valleys: readonly { readonly name: string; readonly box: readonly Interval[] }[];
}

/** The methods with a fast variable and a learning rate u. */
export const entropicNames: readonly OptimiserName[] = ['entropy-sgd', 'deep-relaxation'];

/** Every method, the entropic ones first. */
export const optimiserNames: readonly OptimiserName[] = [...entropicNames, 'sgd', 'gradient-descent'];
