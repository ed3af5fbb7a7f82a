/**
 * L_h at one frozen x, for solvers that do not see how it is solved: on a line by elimination without subtraction
 * (frozen-line.ts), in R^m, m = 2, 3, by multigrid and enclosures (frozen-space.ts).
 */
import type { Grid } from '../grid/grid.ts';
import type { GridFunction } from '../grid/grid-function.ts';
import type { Watch } from '../input/watch.ts';
import type { Coordinates } from '../model/problem.ts';
import type { MeanBounds } from './enclosed-mean.ts';

export interface FrozenGenerator {
  readonly nodes: FrozenNodes;
  /** Rates out over the boundary; 0 where all sides reflect. */
  readonly killing: Float64Array;
  /** The largest |b|h/α where that decides what a solve is worth; 0 for a potential and on a line. */
  readonly peclet: number;
  /** out = L_h w. */
  apply(out: Float64Array, w: Float64Array): void;
  /** (δ − L_h)⁻¹ r for δ > 0. */
  solve(discount: number, right: Float64Array, asked: Asked): Enclosed;
  /** π ≥ 0 with Σπ = 1 and πL_h = 0, for reflecting sides. */
  stationary(): Stationary;
  /** (c, χ) with h − L_hχ = c, Σπχ = 0, for reflecting sides, and bounds of c. */
  pair(h: Float64Array, watch: Watch): ErgodicPair;
  /** What to change where a solve stalls; null where solves are direct and do not. */
  readonly remedy: ((domain: 'ball' | 'box') => string) | null;
}

/** Where functions stand: the nodes of a tensor grid, or those of them that lie inside a ball. */
export interface FrozenNodes {
  readonly grid: Grid;
  /** Their numbers in the grid; undefined: all of it. */
  readonly among?: Int32Array;
  /** Whether an arm of a node ends on the sphere. */
  readonly isCut: (node: number) => boolean;
}

/** L_h inside the ball |y| < radius, with its nodes as points and what fields on them are on all of it. */
export interface BallGenerator extends FrozenGenerator {
  readonly dimension: 1 | 2 | 3;
  readonly radius: number;
  readonly spacing: number;
  /** Coordinates, `dimension` per node. */
  readonly points: Float64Array;
  /** The field on the cube around the ball, with this value on the sphere and outside. */
  extended(values: Float64Array, onSphere: number): GridFunction;
  /** Its value at a point of the ball. */
  sampled(field: GridFunction, onSphere: number, y: Coordinates): number;
}

/** How accurately a solution is wanted. */
export interface Asked {
  /** The width of its enclosure aimed at, in units of `size`. */
  readonly aim: number;
  /** The size of the right side, which is solved for in units of it. */
  readonly size: number;
  /** Told the width of the enclosure as it narrows; may throw. */
  readonly seen?: (width: number) => void;
}

export interface Enclosed {
  readonly values: Float64Array;
  /** values + [lower, upper] holds the discrete solution at every node; null: direct, to a few units of round-off. */
  readonly enclosure: MeanBounds | null;
}

export interface Stationary {
  readonly weights: Float64Array;
  /** Why they are not balanced, with what is left; null where they are. */
  readonly stalled: Stalled | null;
}

/** What is left where a solve has stalled, and what to change. */
export interface Stalled {
  readonly residual: number;
  readonly advice: string;
}

export interface ErgodicPair extends MeanBounds {
  readonly constant: number;
  readonly corrector: Float64Array;
  readonly weights: Float64Array;
  readonly stalled: Stalled | null;
}
