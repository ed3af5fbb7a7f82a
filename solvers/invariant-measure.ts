/**
 * The invariant measure μ_x of the fast process frozen at x, m = 1, 2, 3, two ways: quadrature of e^{−Φ}/∫e^{−Φ}, and
 * the stationary vector of the discrete generator L_h. With a potential the second is exactly Gibbs on the nodes.
 *
 * Local entropy (Chaudhari et al. 2019): F(x) = log∫e^{−Φ(x,y)}dy, ∇F(x) = −∫D_xΦ dμ_x; deep relaxation has
 * D_xΦ = γ(x−y).
 */

import type { FastScheme } from '../src/generator/fast-generator.ts';
import { frozenOnBox } from '../src/generator/frozen-at.ts';
import { potentialAt } from '../src/generator/rises.ts';
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../src/grid/grid.ts';
import { sample } from '../src/grid/grid-function.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { gibbsWeights } from '../src/measure/gibbs-weights.ts';
import { type KnownLaw, knownLaw } from '../src/measure/known-law.ts';
import { type Breaks, hasTest, weightBreaks } from '../src/model/breaks.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { measureAxes, supportBox } from './averaging/fast-support.ts';
import { onNodes } from './ergodic-cell.ts';
import { frozenTerms, requireBox, requireFrozen } from './requirements.ts';
import { outcomeOf } from './stalled-outcome.ts';
import { leftOutAt, missedOnGrid } from './verification/measure-on-grid.ts';
import { weightBreakBound } from './verification/weight-breaks.ts';

/** μ_x with its density, moments and local entropy. */
export interface InvariantMeasure {
  readonly x: Coordinates;
  /** Where it lives, one interval per fast axis. */
  readonly box: readonly Interval[];
  /** ∫y dμ_x, m components. */
  readonly mean: readonly number[];
  /** m rows of m entries. */
  readonly covariance: readonly (readonly number[])[];
  /**
   * Estimated error of the mean, the covariance, F and ∇F: on a line that of the quadrature, tails outside the box
   * included; in space the change from twice the spacing, and what kinks of Φ may add.
   */
  readonly error: number;
  /** F(x), null without a potential (then F is defined up to a function of x). */
  readonly localEntropy: number | null;
  /** ∇F(x), n components; null without a potential. */
  readonly gradient: readonly number[] | null;
  /** ∫e^{−Φ(x,y)}dy, null without a potential and where e^F is no number. */
  readonly normalizer: number | null;
  /** The law in closed form, of a process given by its drift and noise whose formulas show one; else null. */
  readonly law: KnownLaw | null;
  /** The density at y, of mass 1 over the box; for m > 1 throws RangeError where y lies outside the box. */
  density(y: Coordinates): number;
  /** What the box leaves out or the nodes do not resolve, in sentences: the error is then ∞; or moments far off. */
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}

/** Step of the central difference for ∂_xΦ of a general potential; error about 1e-10 of its scale. */
const DIFFERENCE = 1e-5;
/** Nodes on the longest side of the box, about 16 deviations: far beyond what the trapezoid rule needs. */
const NODES = { 2: 401, 3: 97 } as const;
const CONVERGED: Outcome = { status: 'converged' };

/**
 * μ_x, its moments and the local entropy (Chaudhari et al. 2019): near round-off with a potential or m = 1, else of
 * order 2 in h. Throws InputError for x or a box that does not fit, where no box is given and none carries μ_x, and
 * where Φ or b has no finite value.
 */
export function invariantMeasure(problem: Problem, x: Coordinates, box?: readonly Interval[]): InvariantMeasure {
  requireFrozen(problem, { what: 'the invariant measure', takes: [...frozenTerms, 'centredDrift'] }, x);
  requireBox(problem, box);
  const support = box ?? supportBox(problem, x);
  const found = dimensionsOf(problem).m === 1 ? onLine(problem, x, support) : inSpace(problem, x, support);
  const law = problem.fast.kind === 'drift' ? knownLaw(problem, x) : null;
  const cut = box === undefined ? null : leftOutAt(problem, x, box);
  const warnings = cut === null ? found.warnings : [...found.warnings, cut];
  const trusted = warnings.length === 0 ? { warnings: unreliable(found) } : { warnings, error: Infinity };
  return { ...found, ...trusted, law };
}

/** Relative to the least variance: above it moments are not to be relied on. */
const TOLERABLE = 1e-2;

/** Where the error of the moments is of their size. */
function unreliable({ x, covariance, error }: Found): string[] {
  const least = Math.min(...covariance.map((row, a) => row[a]));
  if (error <= TOLERABLE * least) return [];
  const [size, variance] = [error.toExponential(1), least.toExponential(1)];
  const cause = 'the nodes do not resolve the measure or its drift, or its tails are too heavy';
  const at = `at x = ${Array.from(x).join(', ')}`;
  const fact = Number.isFinite(error)
    ? `the moments ${at} may be off by ${size}, and the least variance is ${variance}`
    : `the moments ${at} have no bound`;
  return [`${fact} – ${cause} – mind the error before using them`];
}

/** A measure without what its formulas tell. */
type Found = Omit<InvariantMeasure, 'law'>;

function onLine(problem: Problem, x: Coordinates, box: readonly Interval[]): Found {
  const measure = gibbsMeasure(problem, x, box[0]);
  const mean = measure.integral((y) => y);
  const variance = measure.integral((y) => (y - mean.value) ** 2);
  const known = problem.fast.kind === 'potential';
  const gradient = known ? slowAxes(x).map((i) => measure.integral((y) => -potentialSlope(problem, x, [y], i))) : [];
  return {
    x,
    box,
    mean: [mean.value],
    covariance: [[variance.value]],
    error: Math.max(measure.logNormalizerError, ...[mean, variance, ...gradient].map(({ error }) => error)),
    localEntropy: known ? measure.logNormalizer : null,
    gradient: known ? gradient.map(({ value }) => value) : null,
    normalizer: known ? exponential(measure.logNormalizer) : null,
    density: (y) => measure.density(y[0]),
    warnings: [],
    outcome: CONVERGED,
  };
}

function inSpace(problem: Problem, x: Coordinates, box: readonly Interval[]): Found {
  const nodes = NODES[dimensionsOf(problem).m as 2 | 3];
  const on = problem.fast.kind === 'drift' ? stationaryOn : gibbsOn;
  const [fine, coarse] = [nodes, Math.ceil(nodes / 2)].map((count) => on(problem, x, measureAxes(problem, box, count)));
  const { doubt } = missedOnGrid(problem, x, fine.grid.axes);
  const { grid, weights, logNormalizer, outcome } = fine;
  const [moments, coarser] = [momentsOf(fine), momentsOf(coarse)];
  const change = (a: readonly number[], b: readonly number[]) =>
    Math.max(...a.map((value, k) => Math.abs(value - b[k])));
  const known = logNormalizer !== null;
  const breaks = weightBreaks(problem, x);
  const kinks = hasTest(breaks) ? kinksOfMoments(fine, breaks, moments) : 0;
  const volume = grid.axes.reduce((product, { spacing }) => product * spacing, 1);
  const field = { grid, values: weights.map((weight) => weight / volume) };
  return {
    x,
    box,
    ...moments,
    error:
      kinks +
      Math.max(
        change(moments.mean, coarser.mean),
        ...moments.covariance.map((row, a) => change(row, coarser.covariance[a])),
        known ? Math.abs(logNormalizer - (coarse.logNormalizer as number)) : 0,
      ),
    localEntropy: logNormalizer,
    gradient: known ? slowAxes(x).map((i) => -meanOf(fine, (y) => potentialSlope(problem, x, y, i))) : null,
    normalizer: known ? exponential(logNormalizer) : null,
    warnings: doubt === null ? [] : [doubt],
    density: (y) => sample(field, y, new Array(dimensionsOf(problem).m).fill(3)),
    outcome,
  };
}

function exponential(logarithm: number): number | null {
  const value = Math.exp(logarithm);
  return value > 0 && Number.isFinite(value) ? value : null;
}

function slowAxes(x: Coordinates): number[] {
  return Array.from(x, (_, i) => i);
}

interface OnNodes {
  readonly grid: Grid;
  /** Sum 1. */
  readonly weights: Float64Array;
  /** log ∫e^{−Φ}, null without a potential. */
  readonly logNormalizer: number | null;
  readonly outcome: Outcome;
}

/** e^{−Φ} by the trapezoid rule, which converges faster than any power for what is smooth and decays. */
function gibbsOn(problem: Problem, x: Coordinates, axes: readonly Axis[]): OnNodes {
  const grid = tensorGrid(axes);
  const potential = new Float64Array(grid.size);
  forEachNode(grid, (index, y) => {
    potential[index] = potentialAt(problem, x, y);
  });
  const { weights, logSum } = gibbsWeights(potential);
  const logVolume = axes.reduce((sum, { spacing }) => sum + Math.log(spacing), 0);
  return { grid, weights, logNormalizer: logSum + logVolume, outcome: CONVERGED };
}

function stationaryOn(problem: Problem, x: Coordinates, axes: readonly Axis[]): OnNodes {
  return { ...stationaryMeasure(problem, x, axes), logNormalizer: null };
}

function meanOf({ grid, weights }: OnNodes, g: (y: Coordinates) => number): number {
  let sum = 0;
  forEachNode(grid, (index, y) => {
    sum += weights[index] * g(y);
  });
  return sum;
}

function momentsOf(measure: OnNodes): Pick<InvariantMeasure, 'mean' | 'covariance'> {
  const axes = measure.grid.axes.map((_, a) => a);
  const mean = axes.map((a) => meanOf(measure, (y) => y[a]));
  const covariance = axes.map((a) => axes.map((b) => meanOf(measure, (y) => (y[a] - mean[a]) * (y[b] - mean[b]))));
  return { mean, covariance };
}

/** What kinks and jumps of Φ may add to the sums for the mean, the covariance and the mass, the largest of them. */
function kinksOfMoments(
  { grid, weights }: OnNodes,
  breaks: Breaks,
  { mean, covariance }: Pick<InvariantMeasure, 'mean' | 'covariance'>,
): number {
  const bound = (g: (y: Coordinates) => number) => weightBreakBound(grid, onNodes(grid, g), weights, breaks);
  const axes = mean.map((_, a) => a);
  const moments = axes.flatMap((a) => [
    bound((y) => y[a] - mean[a]),
    ...axes.map((b) => bound((y) => (y[a] - mean[a]) * (y[b] - mean[b]) - covariance[a][b])),
  ]);
  return Math.max(
    ...moments,
    bound(() => 1),
  );
}

/** ∂Φ/∂x_i (x,y). */
function potentialSlope(problem: Problem, x: Coordinates, y: Coordinates, i: number): number {
  const { deepRelaxation } = problem.fast;
  if (deepRelaxation !== undefined) return deepRelaxation.gamma * (x[i] - y[i]);
  const moved = (step: number) => Array.from(x, (value, k) => (k === i ? value + step : value));
  return (potentialAt(problem, moved(DIFFERENCE), y) - potentialAt(problem, moved(-DIFFERENCE), y)) / (2 * DIFFERENCE);
}

/**
 * The stationary vector of L_h at frozen x on a reflecting box: weights ≥ 0 of sum 1 with weights·L_h = 0. Throws
 * InputError where Φ or b has no finite value.
 */
export function stationaryMeasure(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  scheme?: FastScheme,
): { readonly grid: Grid; readonly weights: Float64Array; readonly outcome: Outcome } {
  const { nodes, stationary } = frozenOnBox(problem, x, axes, scheme);
  const { weights, stalled } = stationary();
  return { grid: nodes.grid, weights, outcome: outcomeOf(stalled) };
}
