/**
 * Exit from the ball D_n = {|y| < n} ⊂ R^m of the fast process frozen at x, and the discounted integral
 *
 *   −ω(y) = E_y ∫₀^{τ_n} h(Y_t) e^{−δt} dt
 *
 * of the truncated δ-cell problem, by Monte Carlo: Heun steps of dY = b dt + √2 dW, and the probability that a Brownian
 * bridge between two steps has touched the sphere, exp(−d d'/dt) with d, d' the distances of its ends to the sphere
 * (Gobet 2000, with the tangent plane in its place): without it a path would leave √dt too late. Curvature is a drift
 * (m−1)/|y| of |Y|, and a bridge does not see a drift: what is left is of order dt. For ω the paths are not stopped
 * but weighted with the probability to be inside.
 *
 * With r(x,Y) dB in place of √2 dW the steps are those of Platen, of weak order 2 (platen.ts), and the bridge has the
 * variance σ² = Σ_k r_k² ν_k² along ν = y/|y|: distances s, s' are those in the coordinate ∫dy/σ, in which the
 * noise is 1, by the trapezoidal rule from y to the sphere, and the probability is exp(−2 s s'/dt). In this coordinate
 * there is the drift −σ'/2 as well: of order dt again.
 */
import { reached, type Watch } from '../input/watch.ts';
import { FAST_VARIANCE } from '../model/fast-diffusion.ts';
import type { Coordinates } from '../model/problem.ts';
import { normalPair, type Seed, uniform } from '../random/normal.ts';
import { incrementsOf } from './increments.ts';
import type { Diffusion } from './path-system.ts';
import { platenStep } from './platen.ts';
import { type MeanEstimate, meanOf } from './statistics.ts';

export interface ExitOptions {
  /** b(x,·) at the frozen x; writes its m components. */
  readonly drift: (out: Float64Array, y: Float64Array) => void;
  /** r(x,·) at the frozen x where it is not √2: m components on the diagonal. */
  readonly diffusion?: Diffusion;
  readonly radius: number;
  /** Y(0), m coordinates, |Y(0)| < radius. */
  readonly initial: Coordinates;
  readonly dt: number;
  readonly paths: number;
  readonly seed: Seed;
  readonly watch: Watch;
}

/** Paths from one look at the outside world to the next. */
const WATCHED = 16;

/** What remains of the discounted weight when a path is given up: a share of sup|h| below any statistical error. */
const NEGLIGIBLE = 1e-6;

/** Steps until nothing of the weight remains on a path that never leaves. */
export function mostSteps(discount: number, dt: number): number {
  return Math.ceil(-Math.log(NEGLIGIBLE) / (discount * dt));
}

/** The discounted integral of h until the exit, and the exit weight E_y e^{−δτ_n}; bias O(dt), from the sphere. */
export function discountedUntilExit(
  options: ExitOptions & { readonly integrand: (y: Float64Array) => number; readonly discount: number },
): { readonly integral: MeanEstimate; readonly exitWeight: MeanEstimate } {
  const { integrand, discount, dt, paths } = options;
  const decay = Math.exp(-discount * dt);
  const integrals = new Float64Array(paths);
  const weights = new Float64Array(paths);
  forEachPath(options, (path, p) => {
    let [weight, left, here] = [1, 0, integrand(path.y)];
    for (let k = 0; weight > NEGLIGIBLE; k++) {
      const stays = 1 - path.step(k);
      const later = weight * decay * stays;
      const there = later === 0 ? 0 : integrand(path.y);
      // Half the loss of a step happens before its middle: the trapezoidal rule for the integral and for the exit.
      integrals[p] += (dt / 2) * (weight * here + later * there);
      left += weight * Math.sqrt(decay) * (1 - stays);
      weight = later;
      here = there;
    }
    weights[p] = left;
  });
  return { integral: meanOf(integrals), exitWeight: meanOf(weights) };
}

/** Exit times τ_n path by path, ∞ for those still inside at `horizon`; the exit is put in the middle of its step. */
export function exitTimes(options: ExitOptions & { readonly horizon: number }): Float64Array {
  const { dt, horizon, seed } = options;
  const steps = Math.ceil(horizon / dt);
  const times = new Float64Array(options.paths).fill(Number.POSITIVE_INFINITY);
  forEachPath(options, (path, p) => {
    for (let k = 0; k < steps; k++) {
      // Stream 1: no other one is stream 1.
      if (uniform(seed, p, [k, 1]) > path.step(k)) continue;
      times[p] = Math.min((k + 0.5) * dt, horizon);
      return;
    }
  });
  return times;
}

/** Path after path, watched now and then and at the end. */
function forEachPath(options: ExitOptions, follow: (path: ExitPath, p: number) => void): void {
  const { diffusion } = options;
  const pathOf = diffusion === undefined ? (p: number) => heunPath(options, p) : noisyPaths(options, diffusion);
  for (let p = 0; p < options.paths; p++) {
    if (p % WATCHED === 0) reached(options.watch, p / options.paths);
    follow(pathOf(p), p);
  }
  reached(options.watch, 1);
}

/** `step(k)`, to be asked for in order, moves y and returns the probability to have touched the sphere. */
interface ExitPath {
  readonly y: Float64Array;
  readonly step: (k: number) => number;
}

/** Paths with noise r. Their motions have the streams of `diffusion`, of which 1 is none. */
function noisyPaths({ drift, dt, radius, seed, initial }: ExitOptions, diffusion: Diffusion): (p: number) => ExitPath {
  const m = initial.length;
  const increments = incrementsOf(diffusion.streams, { seed, dt });
  const system = { title: '', dimension: m, drift: (out: Float64Array, _t: number, y: Float64Array) => drift(out, y) };
  const move = platenStep({ ...system, noise: [] }, diffusion, { dt, initial: Array.from(initial) });
  const [noise, foot] = [new Float64Array(m * m), new Float64Array(m)];
  /** σ along the normal through y, at a point of it. */
  const noiseAlong = (y: Float64Array, size: number, at: Float64Array) => {
    diffusion.at(noise, 0, at);
    let variance = 0;
    for (let k = 0; k < m; k++) variance += noise[k * m + k] ** 2 * (size === 0 ? 1 / m : (y[k] / size) ** 2);
    return Math.sqrt(variance);
  };
  /** The distance to the sphere in the coordinate in which the noise along the normal is 1. */
  const distanceOf = (y: Float64Array) => {
    const size = length(y);
    for (let k = 0; k < m; k++) foot[k] = size === 0 ? y[k] : (y[k] * radius) / size;
    return (radius - size) * 0.5 * (1 / noiseAlong(y, size, y) + 1 / noiseAlong(y, size, foot));
  };
  return (p) => {
    const y = Float64Array.from(initial);
    let distance = distanceOf(y);
    const step = (k: number) => {
      increments.draw(p, k);
      move(y, k, increments);
      const before = distance;
      distance = distanceOf(y);
      return before <= 0 || distance <= 0 ? 1 : Math.exp((-2 * before * distance) / dt);
    };
    return { y, step };
  };
}

/** Path p with noise √2. */
function heunPath({ drift, dt, radius, seed, initial }: ExitOptions, p: number): ExitPath {
  const y = Float64Array.from(initial);
  const m = y.length;
  const [here, there, predicted, kick] = [0, 1, 2, 3].map(() => new Float64Array(m));
  const normals = new Float64Array(2);
  const noise = Math.sqrt(FAST_VARIANCE * dt);
  let distance = radius - length(y);
  const step = (k: number) => {
    for (let i = 0; i < m; i++) {
      const draw = k * m + i;
      if (draw % 2 === 0) normalPair(normals, seed, p, [draw / 2, 0]);
      kick[i] = noise * normals[draw % 2];
    }
    drift(here, y);
    for (let i = 0; i < m; i++) predicted[i] = y[i] + dt * here[i] + kick[i];
    drift(there, predicted);
    for (let i = 0; i < m; i++) y[i] += (dt / 2) * (here[i] + there[i]) + kick[i];
    const before = distance;
    distance = radius - length(y);
    return before <= 0 || distance <= 0 ? 1 : Math.exp((-before * distance) / dt);
  };
  return { y, step };
}

/** |y|; does not allocate. */
function length(y: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < y.length; i++) squares += y[i] * y[i];
  return Math.sqrt(squares);
}
