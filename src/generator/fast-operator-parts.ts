/** What the fast generator on a tensor grid is to those who use it, and what it is made with. */
import type { Allocate } from '../grid/allocate.ts';
import type { FastDirection } from './fast-directions.ts';
import type { FastScheme } from './fast-generator.ts';
import type { FastSolve, FastSolveChoice } from './splitting.ts';

/** L_h at all frozen slow points, with its stationary measures. */
export interface FastOperator {
  /** Number of frozen slow points. */
  readonly lanes: number;
  /** Number of fast nodes, y₁ running fastest. */
  readonly nodes: number;
  readonly directions: readonly FastDirection[];
  /** How the resolvent is taken; measured when it is first asked for. Throws InputError where no way will do. */
  readonly fastSolve: FastSolve;
  /** The largest total rate out of a node. */
  readonly largestRate: number;
  /** π with Σ_j π_j = 1 per frozen x; found once, to be read only. */
  readonly stationary: () => Float64Array;
}

export interface FastOperatorOptions extends Partial<FastSolveChoice> {
  /** Default: exponential fitting (Scharfetter, Gummel 1969). */
  readonly scheme?: FastScheme;
  readonly allocate?: Allocate;
  /** b is the same at every x: rates are computed once. */
  readonly isStill?: boolean;
}
