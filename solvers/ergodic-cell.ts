/**
 * The ergodic pair (c, χ) of the cell problem, m = 1, 2, 3,
 *
 *   H(x̄,y,p̄,M̄) − L_x̄ χ(y) = c,   c = H̄(x̄,p̄,M̄),   Σ_j π_j χ_j = 0,
 *
 * on a reflecting box; where h may jump within the cell of a node h_j is its mean over it (cell-averages.ts).
 *
 * The pair of L_h is found on a line by the renewal formula (frozen-line.ts), in R^m by multigrid (frozen-space.ts),
 * with bounds of c from the residual of χ (enclosed-mean.ts).
 */

import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import { weightedMean } from '../src/generator/enclosed-mean.ts';
import type { FastScheme } from '../src/generator/fast-generator.ts';
import { frozenOnBox } from '../src/generator/frozen-at.ts';
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../src/grid/grid.ts';
import type { Watch } from '../src/input/watch.ts';
import { cellAverages } from '../src/measure/cell-averages.ts';
import { integrandBreaks, slowBreaks, weightBreaks } from '../src/model/breaks.ts';
import { atHessian, type Hessian } from '../src/model/hessian.ts';
import type { Coordinates, Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { requireNoSource } from '../src/time/source.ts';
import { frozenTerms, requireFastAxes, requireFrozen, requireHessian } from './requirements.ts';
import { outcomeOf } from './stalled-outcome.ts';
import { meanErrorOnGrid } from './verification/measure-on-grid.ts';
import { minimisationError } from './verification/minimisation-error.ts';
import { quadratureBound } from './verification/quadrature-bound.ts';

/** Which cell problem is solved, and on which nodes. */
export interface ErgodicCellOptions {
  /** x̄, n components. */
  readonly x: Coordinates;
  /** p̄, n components. */
  readonly p: Coordinates;
  /** M̄ = D²v, n rows; default 0. Of a problem without noise in x it has no part in H. */
  readonly M?: Hessian;
  /** One per fast variable; the box reflects at its sides. */
  readonly axes: readonly Axis[];
  /** Replaces h = H(x̄,·,p̄,M̄). */
  readonly integrand?: (y: Coordinates) => number;
  /** Jump rates of L_h; default exponential fitting (Scharfetter, Gummel 1969). */
  readonly fastScheme?: FastScheme;
}

/** The ergodic pair (c, χ) on the nodes, with bounds of c; fields hold node k at entry k, first axis fastest. */
export interface ErgodicCellSolution {
  readonly grid: Grid;
  /** c, the effective Hamiltonian on these nodes. */
  readonly constant: number;
  /** χ with Σ_j π_j χ_j = 0. */
  readonly corrector: Float64Array;
  /** π, the stationary vector of L_h: weights ≥ 0 of sum 1. */
  readonly weights: Float64Array;
  /** Σ_j π_j h_j. */
  readonly mean: number;
  /** Enclosure of it. */
  readonly lower: number;
  readonly upper: number;
  /** Bound of the quadrature error of the discrete mean, Infinity where the nodes do not resolve the measure. */
  readonly quadratureError: number;
  /** A sentence where they do not; no other number of the solution has a bound then either. */
  readonly warnings: readonly string[];
  /** What the minimisation over U may add to the mean of H. */
  readonly controls: number;
  readonly outcome: Outcome;
}

/**
 * Solves the ergodic cell problem on a reflecting box; second order in h. Throws InputError for x, p or axes that do
 * not fit, for a problem with a source, and where Φ or b has no finite value.
 */
export function solveErgodicCell(given: Problem, options: ErgodicCellOptions, watch: Watch = {}): ErgodicCellSolution {
  requireFrozen(given, { what: 'the ergodic cell problem', takes: frozenTerms }, options.x, options.p);
  requireHessian(given, options.M);
  requireFastAxes(given, options.axes);
  requireNoSource(given, 'the ergodic cell problem');
  const problem = atHessian(given, options.M);
  const { x, p, axes } = options;
  const grid = tensorGrid(axes);
  const breaks = options.integrand === undefined ? slowBreaks(problem, x) : integrandBreaks(problem, options.integrand);
  const integrand = options.integrand ?? hamiltonianAt(problem, x, p);
  const h = cellAverages(grid, integrand, breaks);
  const { error, doubt } = meanErrorOnGrid(problem, x, axes, integrand, options.integrand);
  const { stalled, ...pair } = frozenOnBox(problem, x, axes, options.fastScheme).pair(h.values, watch);
  const { weights } = pair;
  const controls = options.integrand === undefined ? minimisationError(problem, { x, p }, grid, weights) : 0;
  const quadratureError = quadratureBound(grid, h, weights, weightBreaks(problem, x)) + error;
  const warnings = doubt === null ? [] : [doubt];
  const mean = weightedMean(weights, h.values);
  return { grid, ...pair, mean, quadratureError, warnings, controls, outcome: outcomeOf(stalled) };
}

/** A function of y on all nodes. */
export function onNodes(grid: Grid, h: (y: Coordinates) => number): Float64Array {
  const values = new Float64Array(grid.size);
  forEachNode(grid, (index, y) => {
    values[index] = h(y);
  });
  return values;
}
