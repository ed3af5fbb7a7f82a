/**
 * The ergodic pair (c, χ) of the cell problem, m = 1, 2, 3,
 *
 *   H(x̄,y,p̄,M̄) − L_x̄ χ(y) = c,   c = H̄(x̄,p̄,M̄),   Σ_j π_j χ_j = 0,
 *
 * on a reflecting box; where h may jump within the cell of a node h_j is its mean over it (cell-averages.ts).
 *
 * m = 1: by the renewal formula at a reference node r (the most likely one). Off r let −L_h a = 1
 * and −L_h g = h with a_r = g_r = 0: a is the mean time to reach r and g the cost collected on the way. Then
 * χ = c·a − g, and row r gives
 *   c (1 + Σ_k rate(r→k) a_k) = h_r + Σ_k rate(r→k) g_k,
 * the mean cost of a cycle over its mean duration. For h ≥ 0 nothing is subtracted. m = 2, 3: by multigrid.
 *
 * Discrete enclosure (docs/theory.md §5.4): with z = h − L_hχ for any χ and tail T = {π_j ≤ 1e-12},
 *   Z min_{∉T} z + Σ_T πz ≤ Σ_j π_j h_j ≤ Z max_{∉T} z + Σ_T πz,   Z = Σ_{∉T} π_j.
 * It stops the iteration, and its middle is c. On a line π is subtraction-free, and Σπh itself is known to a few units
 * of round-off per node: that is the enclosure where it is narrower, with high barriers above all.
 */

import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import { type FastGenerator, type FastScheme, fastGenerator } from '../src/generator/fast-generator.ts';
import { type JumpGenerator, jumpGenerator } from '../src/generator/jump-generator.ts';
import { remedyFor } from '../src/generator/mesh-peclet.ts';
import type { Axis } from '../src/grid/axis.ts';
import { boxNodes } from '../src/grid/connected-nodes.ts';
import { forEachNode, type Grid, tensorGrid } from '../src/grid/grid.ts';
import { narrowing, reached, type Watch } from '../src/input/watch.ts';
import { nullSolver, solvePoisson } from '../src/linalg/ergodic-solve.ts';
import { eliminateLines, solveLines } from '../src/linalg/tridiagonal.ts';
import { cellAverages } from '../src/measure/cell-averages.ts';
import { integrandBreaks, slowBreaks, weightBreaks } from '../src/model/breaks.ts';
import { atHessian, type Hessian } from '../src/model/hessian.ts';
import type { Coordinates, Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { requireNoSource } from '../src/time/source.ts';
import { stationaryWeights } from './averaging/fast-support.ts';
import { frozenTerms, requireFastAxes, requireFrozen, requireHessian } from './requirements.ts';
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

const TAIL_WEIGHT = 1e-12;
/** The width of the enclosure aimed at, relative to max|h| where μ lives, and above which the solve has stalled. */
const AIM = 1e-10;
const TOLERABLE = 1e-6;

/**
 * Rounding of Σπh on a line: weights are products of one quotient of rates per node, each accurate to four units of
 * round-off, and so is their sum.
 */
const ROUNDING = 8 * Number.EPSILON;
const OVERFLOW =
  'the corrector exceeds the numbers of the machine: it grows like the time between wells, e^barrier. ' +
  'c = Σπh and its bounds hold; for χ take a flatter potential or a box with one well';

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
  const pair =
    axes.length === 1 ? pairOnLine(problem, options, h.values) : pairInSpace(problem, options, h.values, watch);
  const { weights } = pair;
  const controls = options.integrand === undefined ? minimisationError(problem, { x, p }, grid, weights) : 0;
  const quadratureError = quadratureBound(grid, h, weights, weightBreaks(problem, x)) + error;
  const warnings = doubt === null ? [] : [doubt];
  return { grid, ...pair, mean: weightedMean(weights, h.values), quadratureError, warnings, controls };
}

/** A function of y on all nodes. */
export function onNodes(grid: Grid, h: (y: Coordinates) => number): Float64Array {
  const values = new Float64Array(grid.size);
  forEachNode(grid, (index, y) => {
    values[index] = h(y);
  });
  return values;
}

type Pair = Omit<ErgodicCellSolution, 'grid' | 'mean' | 'quadratureError' | 'warnings' | 'controls'>;

function pairOnLine(problem: Problem, { x, axes, fastScheme }: ErgodicCellOptions, h: Float64Array): Pair {
  const generator = fastGenerator(problem, [x], axes[0], { scheme: fastScheme });
  const weights = generator.stationary();
  const { constant, corrector } = renewalPair(generator, h, weights);
  const mean = weightedMean(weights, h);
  const rounding = ROUNDING * h.length * weightedMean(weights, h.map(Math.abs));
  const residual = encloseMean(generator, h, weights, corrector);
  const isTight = residual.upper - residual.lower <= 2 * rounding;
  const enclosure = isTight ? residual : { lower: mean - rounding, upper: mean + rounding };
  const isKnown = corrector.every(Number.isFinite);
  const outcome: Outcome = isKnown
    ? { status: 'converged' }
    : { status: 'stalled', residual: 2 * rounding, advice: OVERFLOW };
  return { constant: isKnown ? constant : mean, corrector, weights, ...enclosure, outcome };
}

function pairInSpace(
  problem: Problem,
  { x, axes, fastScheme }: ErgodicCellOptions,
  h: Float64Array,
  watch: Watch,
): Pair {
  reached(watch, 0);
  const generator = jumpGenerator(problem, x, boxNodes(axes), fastScheme);
  const { jumps, lattice } = generator;
  const solver = nullSolver(jumps, lattice);
  const { weights, outcome } = stationaryWeights(generator, solver);
  reached(watch, 0.5);
  const scale = h.reduce((most, value, j) => (weights[j] > TAIL_WEIGHT ? Math.max(most, Math.abs(value)) : most), 0);
  let enclosure = { lower: -Infinity, upper: Infinity };
  const seen = narrowing(watch, AIM * scale, [0.5, 1]);
  const { values } = solvePoisson(jumps, solver, h, (z) => {
    const found = meanBetween(z, weights);
    const width = found.upper - found.lower;
    seen(width);
    if (width < enclosure.upper - enclosure.lower) enclosure = found;
    return { width, done: width <= AIM * scale };
  });
  const mean = weightedMean(weights, values);
  const width = enclosure.upper - enclosure.lower;
  const isWithin = (most: number) => outcome.status === 'converged' && (width <= most * scale || scale === 0);
  // |Σπh| ≤ max|h|: an enclosure as wide as that says nothing, and its middle is no value.
  const unknown = isWithin(1) ? {} : { constant: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  return {
    constant: (enclosure.lower + enclosure.upper) / 2,
    corrector: values.map((value) => value - mean),
    weights,
    ...enclosure,
    ...unknown,
    outcome: isWithin(TOLERABLE) ? outcome : stalled(generator, width),
  };
}

function stalled(generator: JumpGenerator, width: number): Outcome {
  const advice = `the iteration for the ergodic pair stalled: ${remedyFor(generator, 'box')}`;
  return { status: 'stalled', residual: width, advice };
}

/** Σ_j π_j h_j. */
export function weightedMean(weights: Float64Array, h: Float64Array): number {
  return weights.reduce((sum, weight, j) => sum + weight * h[j], 0);
}

function renewalPair(generator: FastGenerator, h: Float64Array, weights: Float64Array) {
  const { nodes, up, down } = generator;
  const reference = weights.indexOf(weights.reduce((a, b) => Math.max(a, b)));
  const time = hittingSum(
    generator,
    reference,
    h.map(() => 1),
  );
  const cost = hittingSum(generator, reference, h);
  const cycle = (start: number, field: Float64Array) =>
    start +
    (reference + 1 < nodes ? up[reference] * field[reference + 1] : 0) +
    (reference > 0 ? down[reference] * field[reference - 1] : 0);
  const constant = cycle(h[reference], cost) / cycle(1, time);
  const corrector = time.map((a, j) => constant * a - cost[j]);
  const mean = weightedMean(weights, corrector);
  return { constant, corrector: corrector.map((value) => value - mean) };
}

/** g with −L_h g = source off the reference node and g = 0 there: the sum collected until the process reaches it. */
function hittingSum(generator: FastGenerator, reference: number, source: Float64Array): Float64Array {
  const stopped = (rates: Float64Array) => rates.map((rate, j) => (j === reference ? 0 : rate));
  const rates = { lanes: 1, nodes: generator.nodes, up: stopped(generator.up), down: stopped(generator.down) };
  const killing = source.map((_, j) => (j === reference ? 1 : 0));
  const sum = new Float64Array(generator.nodes);
  solveLines(sum, eliminateLines(rates, { killing: 0, scale: 1, extra: killing }), stopped(source));
  return sum;
}

/**
 * The discrete enclosure of Σ_j π_j h_j from the residual of any χ on a reflecting generator; nodes `apart`, where the
 * residual is coarse, are averaged like the tails.
 */
export function encloseMean(
  generator: { apply(out: Float64Array, w: Float64Array): void },
  h: Float64Array,
  weights: Float64Array,
  corrector: Float64Array,
  apart: (node: number) => boolean = () => false,
): { lower: number; upper: number } {
  const image = new Float64Array(h.length);
  generator.apply(image, corrector);
  return meanBetween(
    h.map((value, j) => value - image[j]),
    weights,
    apart,
  );
}

/** Bounds of Σπz; the tails, where z is round-off, are averaged, not maximised. */
function meanBetween(
  z: Float64Array,
  weights: Float64Array,
  apart: (node: number) => boolean = () => false,
): { lower: number; upper: number } {
  let [least, greatest, bulk, tail] = [Infinity, -Infinity, 0, 0];
  for (let j = 0; j < z.length; j++) {
    if (weights[j] <= TAIL_WEIGHT || apart(j)) tail += weights[j] * z[j];
    else {
      least = Math.min(least, z[j]);
      greatest = Math.max(greatest, z[j]);
      bulk += weights[j];
    }
  }
  return { lower: bulk * least + tail, upper: bulk * greatest + tail };
}
