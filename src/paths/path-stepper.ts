/** What moves an ensemble: the formulas in plain TypeScript, or a table of them in WebAssembly. */
import type { Interval } from '../model/problem.ts';
import type { Seed } from '../random/normal.ts';

export interface PathStepper {
  /** 'js' or 'wasm'. */
  readonly backend: string;
  readonly threads: number;
  /** Steps that cost hardly more than one; default 1. */
  readonly stepsAtOnce?: number;
  /** Takes `steps` more steps of length dt. */
  advance(steps: number): Promise<void>;
  /** The states now, path after path: entry p·d + i is Z_i of path p. A copy. */
  states(): Float64Array;
  /** The smallest box that holds the states of all steps so far; null where nobody looked. */
  reach(): readonly Interval[] | null;
  close(): Promise<void>;
}

/** An ensemble in plain TypeScript, path after path: `take` moves the state z of a path by step k, in place. */
export function plainStepper(
  states: Float64Array,
  paths: number,
  take: (z: Float64Array, path: number, k: number) => void,
): PathStepper {
  const d = states.length / paths;
  let done = 0;
  return {
    backend: 'js',
    threads: 1,
    async advance(steps) {
      for (let p = 0; p < paths; p++) {
        const z = states.subarray(p * d, (p + 1) * d);
        for (let k = done; k < done + steps; k++) take(z, p, k);
      }
      done += steps;
    },
    states: () => states.slice(),
    reach: () => null,
    close: async () => {},
  };
}

/** An ensemble before its first step. */
export interface EnsembleStart {
  /** Z(0), the same for all paths. */
  readonly initial: readonly number[];
  readonly paths: number;
  readonly seed: Seed;
  readonly dt: number;
  /** Default: its own. */
  readonly noiseOf?: NoiseOf;
}

/**
 * What a step draws: noise of its own, or the sum of that of two steps half as long. Ensembles of both kinds with the
 * same seed follow the same Brownian paths, so that they differ by their time steps and not by chance.
 */
export type NoiseOf = 'step' | 'halves';

/** All paths at the start. */
export function initialStates({ initial, paths }: EnsembleStart, room = paths): Float64Array {
  const d = initial.length;
  const states = new Float64Array(room * d);
  for (let p = 0; p < room; p++) states.set(initial, p * d);
  return states;
}
