/** What paths are made of once their control is known. */
import type { FormulaSystem } from '../../src/paths/formula-paths.ts';
import type { LinearSystem } from '../../src/paths/ornstein-uhlenbeck-in-space.ts';
import type { PathSystem } from '../../src/paths/path-system.ts';
import type { TableSteps } from '../../src/paths/wasm-paths.ts';
import type { PathMethod } from './path-options.ts';

/** What steps are made of. */
export type PathSteps =
  | TableSteps
  | { readonly formulas: FormulaSystem }
  | { readonly linear: LinearSystem }
  | { readonly system: PathSystem };

/** What is known before the step length is. */
export interface PathsPlan {
  readonly method: PathMethod;
  /** Equally long windows of time with a table each. */
  readonly windows: number;
  readonly tableError: readonly [number, number];
  /** Drifts are interpolated between nodes and known inside the box alone; false where they are affine or formulas. */
  readonly isBoundToBox: boolean;
  /** Initial values of components after (X, Y). */
  readonly extra: readonly number[];
  make(time: StepTime): PathSteps;
}

/** dt, the number of steps on [0,T], and the step length that noise is drawn for: dt, or half of it. */
export interface StepTime {
  readonly dt: number;
  readonly steps: number;
  readonly drawn: number;
}
