import type { Coordinates, Interval } from '../../src/model/problem.ts';
import type { NoiseOf } from '../../src/paths/path-stepper.ts';
import type { PathControl } from './path-control.ts';

/** What an ensemble of the two-scale system is asked for. */
export interface TwoScaleOptions {
  /** ε > 0. */
  readonly epsilon: number;
  /** X(0), n components. */
  readonly x: Coordinates;
  /** Y(0), m components. */
  readonly y: Coordinates;
  /** What steers the paths; its values lie in U. */
  readonly control: PathControl;
  /** Number of paths, up to 2²⁶. */
  readonly paths: number;
  /** A whole number from 0 to 2⁵³ − 1; the same seed gives the same bytes. */
  readonly seed: number;
  /** Where paths are expected, one interval per axis. Tables of drifts grow with the paths that leave the box. */
  readonly slow: Interval | readonly Interval[];
  readonly fast: Interval | readonly Interval[];
  /** Default: the exact step where it applies. */
  readonly method?: PathMethod;
  /**
   * Default: dt ≤ T/200, for Heun also dt ≤ 0.2 ε/κ, under a feedback 0.05 ε/κ. Rounded up to a multiple of 2, of
   * `records` and of the snapshots.
   */
  readonly steps?: number;
  /** Equal parts of [0,T] at whose ends states are kept; default 1. */
  readonly records?: number;
  /** 'formulas' evaluates φ and b themselves; default 'tables' wherever they serve. */
  readonly drift?: 'tables' | 'formulas';
  /** 'halves' follows the Brownian paths of twice as many steps with the same seed, see `timeStepError`. */
  readonly noiseOf?: NoiseOf;
}

/**
 * Stochastic Heun steps, for noise that is the same everywhere; exact Ornstein–Uhlenbeck steps: those need r = √2,
 * s = 0, b = K(m(x) − y), φ affine in y, no running cost and a constant control; or steps of Platen's scheme of weak
 * order 2, for noise that depends on the state.
 */
export type PathMethod = 'ornstein-uhlenbeck' | 'heun' | 'platen';
