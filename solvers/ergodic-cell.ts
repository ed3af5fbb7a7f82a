/**
 * The ergodic pair (c, χ) of the cell problem
 *
 *   H(x̄,y,p̄) − L_x̄ χ(y) = c,   c = H̄(x̄,p̄),   Σ_j π_j χ_j = 0,
 *
 * by the renewal formula at a reference node r (the most likely one). Off r let −L_h a = 1 and −L_h g = h with
 * a_r = g_r = 0: a is the mean time to reach r and g the cost collected on the way. Then χ = c·a − g, and row r gives
 *   c (1 + Σ_k rate(r→k) a_k) = h_r + Σ_k rate(r→k) g_k,
 * the mean cost of a cycle over its mean duration. For h ≥ 0 nothing is subtracted.
 *
 * Discrete enclosure (THEORY §2.4): with z = h − L_hχ for any χ and any set T, here {π_j ≤ 1e-12} and both ends,
 *   Z min_{∉T} z + Σ_T πz ≤ Σ_j π_j h_j ≤ Z max_{∉T} z + Σ_T πz,   Z = Σ_{∉T} π_j.
 */
import { type Axis, coordinates } from '../src/grid/axis.ts';
import { eliminateLines, solveLines } from '../src/linalg/tridiagonal.ts';
import { type FastGenerator, type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import type { Coordinates, Problem } from '../src/problem/problem.ts';
import { requireNoSource } from '../src/time/source.ts';
import { requireOneByOne } from './dimensions.ts';

export interface ErgodicCellOptions {
  readonly x: Coordinates;
  readonly p: Coordinates;
  readonly axis: Axis;
  /** Replaces h = H(x̄,·,p̄). */
  readonly integrand?: (y: Coordinates) => number;
  readonly fastScheme?: FastScheme;
}

export interface ErgodicCellSolution {
  readonly axis: Axis;
  /** c, the effective Hamiltonian on these nodes. */
  readonly constant: number;
  readonly corrector: Float64Array;
  readonly weights: Float64Array;
  /** Enclosure of Σ_j π_j h_j, the discrete mean. */
  readonly lower: number;
  readonly upper: number;
  /** Bound of the quadrature error of the discrete mean, (1/12) Σ_j π_j |h_{j+1} − 2h_j + h_{j−1}|. */
  readonly quadratureError: number;
}

const TAIL_WEIGHT = 1e-12;

/** Solves the ergodic cell problem for m = 1 on reflecting ends; second order in h. */
export function solveErgodicCell(problem: Problem, options: ErgodicCellOptions): ErgodicCellSolution {
  requireOneByOne(problem, 'the ergodic cell problem');
  requireNoSource(problem, 'the ergodic cell problem');
  const { x, p, axis } = options;
  const generator = fastGenerator(problem, [x], axis, { scheme: options.fastScheme });
  const integrand = options.integrand ?? hamiltonianAt(problem, x, p);
  const h = coordinates(axis).map((y) => integrand([y]));
  const weights = generator.stationary();
  const { constant, corrector } = renewalPair(generator, h, weights);
  return {
    axis,
    constant,
    corrector,
    weights,
    ...encloseMean(generator, h, weights, corrector),
    quadratureError: quadratureBound(h, weights),
  };
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
  const mean = corrector.reduce((sum, value, j) => sum + weights[j] * value, 0);
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

/** The discrete enclosure of Σ_j π_j h_j from the residual of any χ; what lies in T is averaged, not maximised. */
export function encloseMean(
  generator: FastGenerator,
  h: Float64Array,
  weights: Float64Array,
  corrector: Float64Array,
): { lower: number; upper: number } {
  const residual = new Float64Array(h.length);
  generator.apply(residual, corrector);
  let [least, greatest, bulk, tail] = [Infinity, -Infinity, 0, 0];
  for (let j = 0; j < h.length; j++) {
    const z = h[j] - residual[j];
    if (weights[j] <= TAIL_WEIGHT || j === 0 || j === h.length - 1) tail += weights[j] * z;
    else {
      least = Math.min(least, z);
      greatest = Math.max(greatest, z);
      bulk += weights[j];
    }
  }
  return { lower: bulk * least + tail, upper: bulk * greatest + tail };
}

/**
 * Bound of Σ_j π_j h_j − ∫h dμ for Gibbs weights: for a smooth integrand decaying at both ends the sum is spectrally
 * accurate, and a kink of h with jump J in slope costs at most J·ρ·spacing²/12 (Euler–Maclaurin, |B₂| ≤ 1/6).
 */
export function quadratureBound(h: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let j = 1; j + 1 < h.length; j++) sum += weights[j] * Math.abs(h[j + 1] - 2 * h[j] + h[j - 1]);
  return sum / 12;
}
