/**
 * Steps of (Sε) that ε does not bound, for n = m = 1, b(x,y) = κ(m(x) − y), φ(x,y) = φ₀(x) + φ₁(x) y:
 *
 *   over a step Y is the exact Ornstein–Uhlenbeck process around a frozen m, q = e^{−κdt/ε},
 *     Y' = m + (Y−m) q + ζ,    J(m) = ∫Y ds = dt·m + (ε/κ)(1−q)(Y−m) + I,    (ζ, I) Gaussian,
 *   X moves by the trapezoidal rule with the same noise in both stages,
 *     X* = X + Δ(X),   X' = X + (Δ(X) + Δ(X*))/2,   Δ(x) = dt·φ₀(x) + φ₁(x) J(m(x)),   m = (m(X) + m(X*))/2 in Y'.
 *
 * Freezing m at X alone is of weak order 1. With the mean of both ends the error of ∫Y telescopes: the lag
 * (ε/κ)(Y₀ − Y_N) is all that the kernel of the exponential misses, so the weak order is 2 uniformly in ε (tested;
 * docs/theory.md §8.2).
 */
import { FAST_VARIANCE } from '../model/fast-diffusion.ts';
import { normalPair } from '../random/normal.ts';
import { cellOf, type DriftTable } from './drift-table.ts';
import { type EnsembleStart, initialStates, type PathStepper, plainStepper } from './path-stepper.ts';

/** What a step needs besides the table. */
export interface OrnsteinUhlenbeckStep {
  readonly dt: number;
  /** q. */
  readonly decay: number;
  /** (ε/κ)(1−q). */
  readonly lag: number;
  /** ζ = spread·N₁. */
  readonly spread: number;
  /** I = sumOfFirst·N₁ + sumOfSecond·N₂. */
  readonly sumOfFirst: number;
  readonly sumOfSecond: number;
  /** The step half as long; null for that one itself. */
  readonly half: OrnsteinUhlenbeckStep | null;
}

/**
 * The Gaussian (ζ, I) of a step: Var ζ = (1−q²)/κ, I = −(ε/κ)ζ + (√(2ε)/κ)ΔW, Cov(ζ,ΔW) = (√(2ε)/κ)(1−q), so with
 * z = κdt/ε: Cov(ζ,I) = (ε/κ²)(1−q)², Var(I | ζ) = (2ε/κ²) dt (1 − tanh(z/2)/(z/2)).
 */
export function ornsteinUhlenbeckStep(kappa: number, epsilon: number, dt: number): OrnsteinUhlenbeckStep {
  return { ...gaussianStep(kappa, epsilon, dt), half: gaussianStep(kappa, epsilon, dt / 2) };
}

function gaussianStep(kappa: number, epsilon: number, dt: number): OrnsteinUhlenbeckStep {
  const z = (kappa * dt) / epsilon;
  const left = -Math.expm1(-z);
  const spread = Math.sqrt(-Math.expm1(-2 * z) / kappa);
  return {
    dt,
    decay: Math.exp(-z),
    lag: (epsilon / kappa) * left,
    spread,
    sumOfFirst: ((epsilon / kappa ** 2) * left * left) / spread,
    sumOfSecond: (Math.sqrt(FAST_VARIANCE * epsilon * dt) / kappa) * Math.sqrt(unexplained(z)),
    half: null,
  };
}

/** 1 − tanh(z/2)/(z/2), from its series where the difference would cancel. */
function unexplained(z: number): number {
  return z < 0.05 ? (z * z) / 12 - z ** 4 / 120 + (17 * z ** 6) / 20160 : 1 - (2 * Math.tanh(z / 2)) / z;
}

/** The steps in plain TypeScript on a table with rows (φ₀, m) and (φ₁, 0); the oracle of the WebAssembly loop. */
export function plainOrnsteinUhlenbeck(
  table: DriftTable,
  step: OrnsteinUhlenbeckStep,
  start: EnsembleStart,
): PathStepper {
  const states = initialStates(start);
  const draw = start.noiseOf === 'halves' ? drawHalves(step, start) : drawStep(step, start);
  const relaxed = new Float64Array(2);
  const row = 2 * table.x.nodes;
  const { dt, lag } = step;
  const advanceOne = (z: Float64Array) => {
    const [x, y] = z;
    const [kick, sum] = relaxed;
    const moved = (point: number, m: number) =>
      dt * along(table, 0, point) + along(table, row, point) * (dt * m + lag * (y - m) + sum);
    const mean = along(table, 1, x);
    const there = x + moved(x, mean);
    const next = along(table, 1, there);
    const middle = 0.5 * (mean + next);
    z[0] = x + 0.5 * (moved(x, mean) + moved(there, next));
    z[1] = middle + step.decay * (y - middle) + kick;
  };
  return plainStepper(states, start.paths, (z, p, k) => {
    draw(relaxed, p, k);
    advanceOne(z);
  });
}

/** (ζ, I) of step k of a path. */
type Draw = (out: Float64Array, path: number, step: number) => void;

function drawStep({ spread, sumOfFirst, sumOfSecond }: OrnsteinUhlenbeckStep, { seed }: EnsembleStart): Draw {
  const normals = new Float64Array(2);
  return (out, path, step) => {
    normalPair(normals, seed, path, [step, 0]);
    out[0] = spread * normals[0];
    out[1] = sumOfFirst * normals[0] + sumOfSecond * normals[1];
  };
}

/** ζ = q½ζ₁ + ζ₂ and I = I₁ + I₂ + lag½ζ₁ from those of two steps half as long. */
function drawHalves({ half }: OrnsteinUhlenbeckStep, start: EnsembleStart): Draw {
  if (half === null) throw new RangeError('a step made of halves needs them');
  const draw = drawStep(half, start);
  const [first, second] = [new Float64Array(2), new Float64Array(2)];
  return (out, path, step) => {
    draw(first, path, 2 * step);
    draw(second, path, 2 * step + 1);
    out[0] = half.decay * first[0] + second[0];
    out[1] = first[1] + second[1] + half.lag * first[0];
  };
}

/** An entry of the table along x. */
function along({ x, values }: DriftTable, offset: number, point: number): number {
  const position = (point - x.lower) * x.perSpacing;
  const cell = cellOf(position, x.nodes);
  const corner = 2 * cell + offset;
  return values[corner] + (position - cell) * (values[corner + 2] - values[corner]);
}
