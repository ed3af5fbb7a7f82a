/**
 * Exit from the ball D_n = {|y| < n} of the fast process frozen at x, m = 1, and the discounted integral
 *
 *   −ω(y) = E_y ∫₀^{τ_n} h(Y_t) e^{−δt} dt
 *
 * of the truncated δ-cell problem, by Monte Carlo: Heun steps of dY = b dt + √2 dW, and the probability that a Brownian
 * bridge between two steps has touched the sphere, exp(−(n∓y)(n∓y')/dt) at each end (Gobet 2000): without it a path
 * would leave √dt too late. For ω the paths are not stopped but weighted with the probability to be inside.
 */
import { normalPair, type Seed, uniform } from '../random/normal.ts';
import { type MeanEstimate, meanOf } from './statistics.ts';

export interface ExitOptions {
  /** b(x,·) at the frozen x. */
  readonly drift: (y: number) => number;
  readonly radius: number;
  /** Y(0). */
  readonly initial: number;
  readonly dt: number;
  readonly paths: number;
  readonly seed: Seed;
}

/** What remains of the discounted weight when a path is given up: below any statistical error. */
const NEGLIGIBLE = 1e-9;

/** The discounted integral of h until the exit, and the exit weight E_y e^{−δτ_n}; bias O(dt), from the sphere. */
export function discountedUntilExit(
  options: ExitOptions & { readonly integrand: (y: number) => number; readonly discount: number },
): { readonly integral: MeanEstimate; readonly exitWeight: MeanEstimate } {
  const { integrand, discount, dt, paths, initial } = options;
  const decay = Math.exp(-discount * dt);
  const integrals = new Float64Array(paths);
  const weights = new Float64Array(paths);
  for (let p = 0; p < paths; p++) {
    const path = heunPath(options, p);
    let [weight, left, y] = [1, 0, initial];
    for (let k = 0; weight > NEGLIGIBLE; k++) {
      const next = path(k);
      const stays = 1 - touching(options, y, next);
      const later = weight * decay * stays;
      // Half the loss of a step happens before its middle: the trapezoidal rule for the integral and for the exit.
      integrals[p] += (dt / 2) * (weight * integrand(y) + (later === 0 ? 0 : later * integrand(next)));
      left += weight * Math.sqrt(decay) * (1 - stays);
      weight = later;
      y = next;
    }
    weights[p] = left;
  }
  return { integral: meanOf(integrals), exitWeight: meanOf(weights) };
}

/** Exit times τ_n path by path, ∞ for those still inside at `horizon`; the exit is put in the middle of its step. */
export function exitTimes(options: ExitOptions & { readonly horizon: number }): Float64Array {
  const { dt, horizon, initial, seed } = options;
  const steps = Math.ceil(horizon / dt);
  return Float64Array.from({ length: options.paths }, (_, p) => {
    const path = heunPath(options, p);
    let y = initial;
    for (let k = 0; k < steps; k++) {
      const next = path(k);
      // Stream 1: stream 0 moves the path.
      if (uniform(seed, p, [k, 1]) <= touching(options, y, next)) return (k + 0.5) * dt;
      y = next;
    }
    return Number.POSITIVE_INFINITY;
  });
}

/** The steps of path p, to be asked for in order. */
function heunPath({ drift, dt, seed, initial }: ExitOptions, p: number): (k: number) => number {
  const normals = new Float64Array(2);
  const noise = Math.sqrt(2 * dt);
  let y = initial;
  return (k) => {
    if (k % 2 === 0) normalPair(normals, seed, p, [k / 2, 0]);
    const kick = noise * normals[k % 2];
    const here = drift(y);
    const predicted = y + dt * here + kick;
    y = y + dt * (0.5 * (here + drift(predicted))) + kick;
    return y;
  };
}

/** The probability that a bridge from y to next of variance 2dt has touched the sphere; 1 outside. */
function touching({ radius, dt }: ExitOptions, y: number, next: number): number {
  if (Math.abs(y) >= radius || Math.abs(next) >= radius) return 1;
  const above = Math.exp((-(radius - y) * (radius - next)) / dt);
  const below = Math.exp((-(radius + y) * (radius + next)) / dt);
  return Math.min(1, above + below);
}
