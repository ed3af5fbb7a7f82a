/**
 * L_h on a line at one frozen x: solves by elimination without subtraction, and the ergodic pair by the renewal formula
 * at a reference node r, the most likely one. Off r let −L_h a = 1 and −L_h g = h with a_r = g_r = 0: a is the mean
 * time to reach r and g the cost collected on the way. Then χ = c·a − g, and row r gives
 *
 *   c (1 + Σ_k rate(r→k) a_k) = h_r + Σ_k rate(r→k) g_k,
 *
 * the mean cost of a cycle over its mean duration. For h ≥ 0 nothing is subtracted. π is subtraction-free, and Σπh
 * itself is known to a few units of round-off per node: that bounds c where the enclosure by χ is wider, with high
 * barriers above all.
 */
import { type Axis, coordinates, uniformAxis } from '../grid/axis.ts';
import { type Grid, tensorGrid } from '../grid/grid.ts';
import { sample } from '../grid/grid-function.ts';
import { eliminateLines, solveLines } from '../linalg/tridiagonal.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { encloseMean, weightedMean } from './enclosed-mean.ts';
import { type FastBoundary, type FastGenerator, type FastScheme, fastGenerator } from './fast-generator.ts';
import type { BallGenerator, ErgodicPair, FrozenGenerator } from './frozen-generator.ts';

/**
 * Rounding of Σπh on a line: weights are products of one quotient of rates per node, each accurate to four units of
 * round-off, and so is their sum.
 */
const ROUNDING = 8 * Number.EPSILON;
const OVERFLOW =
  'the corrector exceeds the numbers of the machine: it grows like the time between wells, e^barrier. ' +
  'c = Σπh and its bounds hold; for χ take a flatter potential or a box with one well';

/** On all nodes of the only axis, reflecting. */
export function lineOnAxis(
  problem: Problem,
  x: Coordinates,
  [axis]: readonly Axis[],
  scheme?: FastScheme,
): FrozenGenerator {
  return onLine(fastGenerator(problem, [x], axis, { scheme }), tensorGrid([axis]));
}

/** On the nodes strictly inside the interval |y| < radius. */
export function lineOnDiameter(
  problem: Problem,
  x: Coordinates,
  { radius, across, boundary }: { readonly radius: number; readonly across: number; readonly boundary: FastBoundary },
  scheme?: FastScheme,
): BallGenerator {
  const diameter = uniformAxis('y', -radius, radius, across);
  const { spacing } = diameter;
  const interior = uniformAxis('y', -radius + spacing, radius - spacing, across - 2);
  const whole = tensorGrid([diameter]);
  return {
    ...onLine(fastGenerator(problem, [x], interior, { scheme, boundary }), tensorGrid([interior])),
    dimension: 1,
    radius,
    spacing,
    points: coordinates(interior),
    extended: (inside, onSphere) => ({ grid: whole, values: Float64Array.from([onSphere, ...inside, onSphere]) }),
    sampled: (field, _, y) => sample(field, y, [3]),
  };
}

function onLine(generator: FastGenerator, grid: Grid): FrozenGenerator {
  const last = generator.nodes - 1;
  return {
    nodes: { grid, isCut: (node) => node === 0 || node === last },
    killing: generator.killing ?? new Float64Array(generator.nodes),
    peclet: 0,
    apply: generator.apply,
    solve(discount, right) {
      const values = new Float64Array(right.length);
      generator.solve(values, discount, right);
      return { values, enclosure: null };
    },
    stationary: () => ({ weights: generator.stationary(), stalled: null }),
    pair: (h) => pairOnLine(generator, h),
    remedy: null,
  };
}

function pairOnLine(generator: FastGenerator, h: Float64Array): ErgodicPair {
  const weights = generator.stationary();
  const { constant, corrector } = renewalPair(generator, h, weights);
  const mean = weightedMean(weights, h);
  const rounding = ROUNDING * h.length * weightedMean(weights, h.map(Math.abs));
  const residual = encloseMean(generator, h, weights, corrector);
  const isTight = residual.upper - residual.lower <= 2 * rounding;
  const enclosure = isTight ? residual : { lower: mean - rounding, upper: mean + rounding };
  const isKnown = corrector.every(Number.isFinite);
  const stalled = isKnown ? null : { residual: 2 * rounding, advice: OVERFLOW };
  return { constant: isKnown ? constant : mean, corrector, weights, ...enclosure, stalled };
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
