/** What moves an ensemble: the formulas in plain TypeScript, or a table of them in WebAssembly. */
import type { Seed } from '../random/normal.ts';

export interface PathStepper {
  /** 'js' or 'wasm'. */
  readonly backend: string;
  readonly threads: number;
  /** Takes `steps` more steps of length dt. */
  advance(steps: number): Promise<void>;
  /** The states now, path after path: entry p·d + i is Z_i of path p. A copy. */
  states(): Float64Array;
  close(): Promise<void>;
}

/** An ensemble before its first step. */
export interface EnsembleStart {
  /** Z(0), the same for all paths. */
  readonly initial: readonly number[];
  readonly paths: number;
  readonly seed: Seed;
  readonly dt: number;
}

/** All paths at the start. */
export function initialStates({ initial, paths }: EnsembleStart, room = paths): Float64Array {
  const d = initial.length;
  const states = new Float64Array(room * d);
  for (let p = 0; p < room; p++) states.set(initial, p * d);
  return states;
}
