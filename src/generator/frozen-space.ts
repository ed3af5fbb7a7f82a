/**
 * L_h in R^m, m = 2, 3, at one frozen x: solves by multigrid until an enclosure of the discrete solution is narrow
 * (linalg/enclosed-solve.ts); the ergodic pair by the Poisson equation, until bounds of c are (enclosed-mean.ts).
 */
import type { Axis } from '../grid/axis.ts';
import { ballInSpace } from '../grid/ball.ts';
import { boxNodes, type ConnectedNodes } from '../grid/connected-nodes.ts';
import { sampleInBall } from '../grid/sample-ball.ts';
import { narrowing, reached, type Watch } from '../input/watch.ts';
import { solveEnclosed } from '../linalg/enclosed-solve.ts';
import { nullSolver, solvePoisson, stationaryVector } from '../linalg/ergodic-solve.ts';
import { multigrid } from '../linalg/multigrid.ts';
import { withDiscount } from '../linalg/sparse-rates.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { meanBetween, TAIL_WEIGHT, weightedMean } from './enclosed-mean.ts';
import type { FastBoundary, FastScheme } from './fast-generator.ts';
import type { BallGenerator, ErgodicPair, FrozenGenerator, Stationary } from './frozen-generator.ts';
import { type JumpGenerator, jumpGenerator } from './jump-generator.ts';
import { meshPeclet, remedyFor } from './mesh-peclet.ts';

/** The width of the bounds of c aimed at, relative to max|h| where μ lives, and above which the solve has stalled. */
const AIM = 1e-10;
const TOLERABLE = 1e-6;

/** On all nodes of a box, reflecting. */
export function spaceOnBox(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  scheme?: FastScheme,
): FrozenGenerator {
  const nodes = boxNodes(axes);
  return inSpace(problem, x, { nodes, scheme });
}

/** On the nodes inside a ball: arms are cut by its sphere, or whole where it reflects. */
export function spaceOnBall(
  problem: Problem,
  x: Coordinates,
  { radius, across, boundary }: { readonly radius: number; readonly across: number; readonly boundary: FastBoundary },
  scheme?: FastScheme,
): BallGenerator {
  const dimension = problem.fast.drift.length as 2 | 3;
  const ball = ballInSpace(dimension, radius, across);
  const { spacing, points, grid, cubeNodes } = ball;
  const nodes = boundary === 'absorbing' ? ball : { ...ball, arms: ball.arms.map(() => spacing), boundary };
  return {
    ...inSpace(problem, x, { nodes, among: cubeNodes, scheme }),
    dimension,
    radius,
    spacing,
    points,
    extended(values, onSphere) {
      const all = new Float64Array(grid.size).fill(onSphere);
      for (let i = 0; i < values.length; i++) all[cubeNodes[i]] = values[i];
      return { grid, values: all };
    },
    sampled: (field, onSphere, y) => sampleInBall(ball, field.values, onSphere, y),
  };
}

interface InSpace {
  readonly nodes: ConnectedNodes;
  readonly among?: Int32Array;
  readonly scheme: FastScheme | undefined;
}

function inSpace(problem: Problem, x: Coordinates, { nodes, among, scheme }: InSpace): FrozenGenerator {
  const generator = jumpGenerator(problem, x, nodes, scheme);
  const { jumps, lattice } = generator;
  const solverFor = lastOne((discount) => {
    const discounted = withDiscount(jumps, discount);
    return { discounted, solver: multigrid(discounted, lattice) };
  });
  return {
    nodes: { grid: nodes.grid, among, isCut: (node) => isCut(nodes, node) },
    killing: jumps.killing,
    peclet: problem.fast.kind === 'drift' ? meshPeclet(generator) : 0,
    apply: generator.apply,
    solve(discount, right, { aim, size, seen }) {
      const { discounted, solver } = solverFor(discount);
      // Solved for a right side of size 1: neither a very small one nor a very large one leaves the range of numbers.
      const unit = size === 0 || size === 1 ? right : right.map((value) => value / size);
      const { values, lower, upper } = solveEnclosed(discounted, solver, unit, aim, seen);
      return {
        values: size === 1 ? values : values.map((value) => size * value),
        enclosure: { lower: size * lower, upper: size * upper },
      };
    },
    stationary: () => stationaryIn(generator),
    pair: (h, watch) => pairInSpace(generator, h, watch),
    remedy: (domain) => remedyFor(generator, domain),
  };
}

/** The same function of a number, which remembers its last answer. */
function lastOne<Value>(make: (number: number) => Value): (number: number) => Value {
  let last: { readonly number: number; readonly value: Value } | null = null;
  return (number) => {
    if (last === null || last.number !== number) last = { number, value: make(number) };
    return last.value;
  };
}

function isCut({ dimension, neighbours }: ConnectedNodes, node: number): boolean {
  for (let slot = 2 * dimension * node; slot < 2 * dimension * (node + 1); slot++) {
    if (neighbours[slot] < 0) return true;
  }
  return false;
}

/** Gibbs weights where there are such, else by multigrid. */
function stationaryIn({ gibbs, jumps, lattice }: JumpGenerator, given = () => nullSolver(jumps, lattice)): Stationary {
  if (gibbs !== null) return { weights: gibbs, stalled: null };
  const { weights, imbalance, converged } = stationaryVector(jumps, given());
  const advice = 'the stationary vector is not balanced: take fewer nodes or a smaller box';
  return { weights, stalled: converged ? null : { residual: imbalance, advice } };
}

function pairInSpace(generator: JumpGenerator, h: Float64Array, watch: Watch): ErgodicPair {
  reached(watch, 0);
  const { jumps, lattice } = generator;
  const solver = nullSolver(jumps, lattice);
  const { weights, stalled } = stationaryIn(generator, () => solver);
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
  const isWithin = (most: number) => stalled === null && (width <= most * scale || scale === 0);
  // |Σπh| ≤ max|h|: an enclosure as wide as that says nothing, and its middle is no value.
  const unknown = isWithin(1) ? {} : { constant: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const advice = () => `the iteration for the ergodic pair stalled: ${remedyFor(generator, 'box')}`;
  return {
    constant: (enclosure.lower + enclosure.upper) / 2,
    corrector: values.map((value) => value - mean),
    weights,
    ...enclosure,
    ...unknown,
    stalled: isWithin(TOLERABLE) ? stalled : { residual: width, advice: advice() },
  };
}
