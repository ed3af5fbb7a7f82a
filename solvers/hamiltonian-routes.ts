/** The routes to H̄(x,p,M), what is asked of them and what they answer (effective-hamiltonian.ts). */
import type { FastScheme } from '../src/generator/fast-generator.ts';
import type { Hessian } from '../src/model/hessian.ts';
import type { Coordinates, Interval } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';

/** The routes to H̄: Gibbs quadrature, stationary vector, ergodic pair, truncated δ-cell problem. */
export const hamiltonianMethods = ['gibbs', 'stationary', 'ergodic', 'cell'] as const;
/** A route to H̄. */
export type HamiltonianMethod = (typeof hamiltonianMethods)[number];

/** Where H̄ is wanted, and by which route. */
export interface EffectiveHamiltonianOptions {
  /** n components. */
  readonly x: Coordinates;
  /** The slope D_xv, n components. */
  readonly p: Coordinates;
  /** D²v, a symmetric matrix of n rows; default 0. Of a problem without noise in x it has no part in H. */
  readonly M?: Hessian;
  /** 'gibbs' needs a fast process with a potential; the others do not. */
  readonly method: HamiltonianMethod;
  /**
   * Nodes on the longest side of the y-box (stationary, ergodic) or across the ball (cell), at least 5; default 8001,
   * 401, 97 for m = 1, 2, 3.
   */
  readonly nodes?: number;
  /** One interval per fast axis; default: the support of μ_x. */
  readonly box?: readonly Interval[];
  /** Radius and α of the cell route; default: the ball that holds the support, α = 0.5. */
  readonly radius?: number;
  readonly alpha?: number;
  /** Jump rates of L_h; default exponential fitting (Scharfetter, Gummel 1969). */
  readonly fastScheme?: FastScheme;
}

/** H̄(x,p) with what is known of its error. */
export interface EffectiveHamiltonian {
  /** H̄(x,p); NaN where it was not found. */
  readonly value: number;
  /** An interval that holds H̄ up to what `errorSource` names, or null where the method has none. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The stated error of the value: the farther end of the enclosure where there is one; null if nothing is known. */
  readonly error: number | null;
  /** The part of it that the minimisation over U leaves: 0 where φ, ℓ are affine or quadratic in u, ∞ for samples. */
  readonly controls: number;
  /** What widens the enclosure beyond round-off, in words. */
  readonly errorSource: string;
  /** What is doubtful about the value, in sentences. */
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}
