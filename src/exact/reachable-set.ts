/**
 * The semi-exact limit value for n = m = 1 without running cost (docs/theory.md §7.2).
 *
 * The effective velocities at x fill [s₋(x), s₊(x)] = [∫min_u φ dμ_x, ∫max_u φ dμ_x] (extended controls ν(y)), so
 *   v(τ,x) = min f over [X₋(τ), X₊(τ)],   X±' = s±(X±), X±(0) = x.
 * s± by kink-resolved Gibbs quadrature, interpolated in x at Chebyshev points; the flow by RK4.
 */
import { goldenSection } from '../grid/quadrature.ts';
import { supportAt } from '../measure/fast-box.ts';
import { gibbsMeasure } from '../measure/gibbs-measure.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';

/** Chebyshev points are doubled until s± is reproduced to this size between them. */
const TOLERANCE = 1e-10;
const MOST_POINTS = 513;
const FLOW_STEPS = 128;
/** Samples of f on the reachable interval before the golden section. */
const MINIMUM_SAMPLES = 256;

export interface ReachableSet {
  /** [X₋(τ), X₊(τ)] from x. */
  interval(tau: number, x: number): Interval;
  /** min f over it. */
  value(tau: number, x: number): number;
}

/** The reachable intervals of the effective differential inclusion from starting points in `domain`. */
export function reachableSet(problem: Problem, domain: Interval): ReachableSet {
  const withoutCost: Problem = { ...problem, runningCost: undefined };
  const speeds = (x: number): [number, number] => {
    const measure = gibbsMeasure(withoutCost, [x], supportAt(withoutCost, [x]));
    return [-measure.meanHamiltonian([1]), measure.meanHamiltonian([-1])];
  };
  const range = reachOf(domain, speeds, problem.horizon);
  const slowest = chebyshevInterpolant((x) => speeds(x)[0], range);
  const fastest = chebyshevInterpolant((x) => speeds(x)[1], range);
  const interval = (tau: number, x: number) => ({ lower: flow(slowest, x, tau), upper: flow(fastest, x, tau) });
  return {
    interval,
    value(tau, x) {
      const { lower, upper } = interval(tau, x);
      return minimumOn((z) => problem.terminalCost([z] as Coordinates), lower, upper);
    },
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
function chebyshevInterpolant(g: (x: number) => number, range: Interval): (x: number) => number {
  const middle = (range.lower + range.upper) / 2;
  const radius = (range.upper - range.lower) / 2;
  const points = (count: number) =>
    Array.from({ length: count }, (_, k) => middle - radius * Math.cos((Math.PI * k) / (count - 1)));
  let nodes = points(17);
  let values = nodes.map(g);
  for (;;) {
    const current = barycentric(nodes, values);
    const finerNodes = points(2 * nodes.length - 1);
    const finerValues = finerNodes.map((x, k) => (k % 2 === 0 ? values[k / 2] : g(x)));
    const scale = 1 + Math.max(...finerValues.map(Math.abs));
    const error = Math.max(...finerNodes.map((x, k) => Math.abs(current(x) - finerValues[k])));
    nodes = finerNodes;
    values = finerValues;
    if (error <= TOLERANCE * scale || nodes.length >= MOST_POINTS) return barycentric(nodes, values);
  }
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
function flow(speed: (x: number) => number, start: number, tau: number): number {
  const dt = tau / FLOW_STEPS;
  let x = start;
  for (let k = 0; k < FLOW_STEPS; k++) {
    const k1 = speed(x);
    const k2 = speed(x + (dt / 2) * k1);
    const k3 = speed(x + (dt / 2) * k2);
    const k4 = speed(x + dt * k3);
    x += (dt / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return x;
}

/** The minimum of a continuous function on [a, b]: samples, then golden section about the best one. */
function minimumOn(f: (z: number) => number, a: number, b: number): number {
  if (!(a < b)) return f(a);
  const h = (b - a) / MINIMUM_SAMPLES;
  let best = 0;
  const values = Array.from({ length: MINIMUM_SAMPLES + 1 }, (_, k) => f(k === MINIMUM_SAMPLES ? b : a + k * h));
  values.forEach((value, k) => {
    if (value < values[best]) best = k;
  });
  const low = Math.max(a, a + (best - 1) * h);
  const high = Math.min(b, a + (best + 1) * h);
  return Math.min(values[best], goldenSection(f, low, high, 60).value);
}
