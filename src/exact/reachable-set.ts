/**
 * The semi-exact limit value for n = m = 1 without running cost (docs/theory.md §7.2).
 *
 * The effective velocities at x fill [s₋(x), s₊(x)] = [∫min_u φ dμ_x, ∫max_u φ dμ_x] (extended controls ν(y)), so
 *   v(τ,x) = min f over [X₋(τ), X₊(τ)],   X±' = s±(X±), X±(0) = x.
 * s± by kink-resolved Gibbs quadrature, interpolated in x at Chebyshev points; the flow by RK4.
 */

import { negated } from '../formula/algebra.ts';
import { treeIn } from '../formula/formula.ts';
import { globalMinimiser } from '../formula/global-minimum.ts';
import type { Tree } from '../formula/tree.ts';
import { supportAt } from '../measure/fast-box.ts';
import { gibbsMeasure } from '../measure/gibbs-measure.ts';
import { termsOf } from '../model/general-terms.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { intervalsAlong } from './slopes-along.ts';

/** Chebyshev points are doubled until s± is reproduced to this size between them. */
const TOLERANCE = 1e-10;
const MOST_POINTS = 513;
const FLOW_STEPS = 128;
/** Relative to 1 + |v|. */
const ACCURATE = 1e-7;

export interface ReachableSet {
  /** [X₋(τ), X₊(τ)] from x, and the error of its ends as steps and interpolation tell it. */
  interval(tau: number, x: number): Interval & { readonly error: number };
  /** min f over it; NaN where its error or that of the minimum is above 1e-7 of its size. */
  value(tau: number, x: number): number;
}

/**
 * The reachable intervals of the effective differential inclusion from starting points in `domain`, where formulas show
 * how f, φ and b depend on x; null where φ or b jumps along x or changes faster than s± is looked at, where s± is not
 * reproduced, and for a problem with general terms: noise in x leaves no reachable interval.
 */
export function reachableSet(problem: Problem, domain: Interval): ReachableSet | null {
  if (termsOf(problem).length > 0) return null;
  const withoutCost: Problem = { ...problem, runningCost: undefined };
  const speeds = (x: number): [number, number] => {
    const measure = gibbsMeasure(withoutCost, [x], supportAt(withoutCost, [x]));
    return [-measure.meanHamiltonian([1]), measure.meanHamiltonian([-1])];
  };
  const range = reachOf(domain, speeds, problem.horizon);
  const intervals = intervalsAlong(problem, range);
  const tree = treeIn(problem.terminalCost, ...namesOf(problem));
  if (tree === undefined || intervals > MOST_POINTS / 2) return null;
  const [leastOf, negatedLeast] = [tree, negated(tree)].map(leastOver);
  const slowest = chebyshevInterpolant((x) => speeds(x)[0], range, intervals);
  const fastest = chebyshevInterpolant((x) => speeds(x)[1], range, intervals);
  if (slowest === null || fastest === null) return null;
  const ends = (tau: number, x: number, steps: number) => [flow(slowest, x, tau, steps), flow(fastest, x, tau, steps)];
  const interval = (tau: number, x: number) => {
    const [lower, upper] = ends(tau, x, FLOW_STEPS);
    const [low, high] = ends(tau, x, FLOW_STEPS / 2);
    const error = Math.max(Math.abs(low - lower), Math.abs(high - upper)) + TOLERANCE * (1 + Math.abs(x) + tau);
    return { lower, upper, error };
  };
  return {
    interval,
    value(tau, x) {
      const { lower, upper, error } = interval(tau, x);
      const value = leastOf(lower, upper);
      // f may jump, or fall steeply, at an end: the least over the interval made wider and narrower by its error.
      const least = leastOf(lower - error, upper + error);
      const isWide = lower + error < upper - error;
      const most = isWide ? leastOf(lower + error, upper - error) : -negatedLeast(lower - error, upper + error);
      return most - least <= ACCURATE * (1 + Math.abs(value)) ? value : Number.NaN;
    },
  };
}

/** The minimum of a formula of x over intervals, by interval branch and bound; NaN where it is not found. */
function leastOver(tree: Tree): (lower: number, upper: number) => number {
  const minimise = globalMinimiser(tree, ['x'], []);
  return (lower, upper) => {
    const { status, value } = minimise([], [lower], [upper]);
    return status === 'found' ? value : Number.NaN;
  };
}

/** The domain widened until no speed leads out of it within the horizon. */
function reachOf(domain: Interval, speeds: (x: number) => [number, number], horizon: number): Interval {
  const march = (start: number, side: 0 | 1) => {
    let x = start;
    for (let k = 0; k < FLOW_STEPS / 4; k++) x += ((4 * horizon) / FLOW_STEPS) * speeds(x)[side];
    return x;
  };
  const lower = Math.min(domain.lower, march(domain.lower, 0));
  const upper = Math.max(domain.upper, march(domain.upper, 1));
  const margin = 0.05 * (upper - lower);
  return { lower: lower - margin, upper: upper + margin };
}

/** Barycentric interpolation at Chebyshev points (Berrut, Trefethen 2004), their number doubled until accurate. */
function chebyshevInterpolant(
  g: (x: number) => number,
  range: Interval,
  intervals: number,
): ((x: number) => number) | null {
  const middle = (range.lower + range.upper) / 2;
  const radius = (range.upper - range.lower) / 2;
  const points = (count: number) =>
    Array.from({ length: count }, (_, k) => middle - radius * Math.cos((Math.PI * k) / (count - 1)));
  let nodes = points(intervals + 1);
  let values = nodes.map(g);
  while (nodes.length < MOST_POINTS) {
    const current = barycentric(nodes, values);
    const finerNodes = points(2 * nodes.length - 1);
    const finerValues = finerNodes.map((x, k) => (k % 2 === 0 ? values[k / 2] : g(x)));
    const scale = 1 + Math.max(...finerValues.map(Math.abs));
    const error = Math.max(...finerNodes.map((x, k) => Math.abs(current(x) - finerValues[k])));
    nodes = finerNodes;
    values = finerValues;
    if (error <= TOLERANCE * scale) return barycentric(nodes, values);
  }
  return null;
}

function barycentric(nodes: readonly number[], values: readonly number[]): (x: number) => number {
  const last = nodes.length - 1;
  return (x) => {
    let numerator = 0;
    let denominator = 0;
    for (let k = 0; k <= last; k++) {
      const distance = x - nodes[k];
      if (distance === 0) return values[k];
      const weight = ((k % 2 === 0 ? 1 : -1) * (k === 0 || k === last ? 0.5 : 1)) / distance;
      numerator += weight * values[k];
      denominator += weight;
    }
    return numerator / denominator;
  };
}

/** x(τ) of x' = s(x) by the classical Runge–Kutta method. */
function flow(speed: (x: number) => number, start: number, tau: number, steps: number): number {
  const dt = tau / steps;
  let x = start;
  for (let k = 0; k < steps; k++) {
    const k1 = speed(x);
    const k2 = speed(x + (dt / 2) * k1);
    const k3 = speed(x + (dt / 2) * k2);
    const k4 = speed(x + dt * k3);
    x += (dt / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return x;
}
