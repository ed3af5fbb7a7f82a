/**
 * Steps of (Sε) that ε does not bound, for any n, m: b(x,y) = K(m(x) − y) with one stable K, φ affine in y. As in
 * ornstein-uhlenbeck.ts Y is drawn exactly around a frozen m together with its integral, z = dt/ε,
 *
 *   Y' = m + Q(Y−m) + ζ,   ∫Y ds = dt·m + ε Λ(Y−m) + I,   Q = e^{−Kz},   Λ = ∫₀ᶻ e^{−Ks} ds,
 *
 * and X moves by the trapezoidal rule with the same noise. (ζ, I) is Gaussian: with dZ = −KZ ds + √2 dW, dA = Z ds it
 * has the covariance of (Z_z, εA_z) from 0, which solves a Lyapunov equation (Van Loan 1978). Weak order 2 at every ε.
 */

import { exponentialMinusIdentity, lyapunov } from '../linalg/matrix-exponential.ts';
import { apply, inverseOf, type Matrix } from '../linalg/small-matrix.ts';
import { FAST_VARIANCE } from '../model/fast-diffusion.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../model/problem.ts';
import { normalPair } from '../random/normal.ts';
import { type EnsembleStart, initialStates, type PathStepper, plainStepper } from './path-stepper.ts';

/** What is stepped. */
export interface LinearSystem {
  readonly K: Matrix;
  readonly u: Coordinates;
  readonly epsilon: number;
}

/** What a step of one length needs. */
interface LinearStep {
  readonly decay: Matrix;
  /** εΛ. */
  readonly lag: Matrix;
  /** Lower triangle G of the covariance GGᵀ of (ζ, I), 2m rows. */
  readonly root: Matrix;
}

/** The steps in plain TypeScript under a constant control. */
export function linearPaths(problem: Problem, { K, u, epsilon }: LinearSystem, start: EnsembleStart): PathStepper {
  const { n, m } = dimensionsOf(problem);
  const { dt, paths } = start;
  const states = initialStates(start);
  const step = linearStep(K, epsilon, dt);
  const draw = start.noiseOf === 'halves' ? drawHalves(linearStep(K, epsilon, dt / 2), start) : drawStep(step, start);
  const inverse = inverseOf(K);
  const zero = new Float64Array(m);
  const noise = new Float64Array(2 * m);
  const [moved, again, there] = [0, 1, 2].map(() => new Float64Array(n));
  const [mean, next, sum, rest, away] = [0, 1, 2, 3, 4].map(() => new Float64Array(m));
  /** dt φ₀ + φ₁ ∫Y ds with m frozen at x, and m itself. */
  const displace = (out: Float64Array, meanOut: Float64Array, x: Coordinates, y: Coordinates) => {
    for (let i = 0; i < m; i++) rest[i] = problem.fast.drift[i](x, zero);
    apply(meanOut, inverse, rest);
    for (let i = 0; i < m; i++) away[i] = y[i] - meanOut[i];
    apply(sum, step.lag, away);
    for (let i = 0; i < m; i++) sum[i] += dt * meanOut[i] + noise[m + i];
    for (let i = 0; i < n; i++) {
      const still = problem.slowDrift[i](x, zero, u);
      out[i] = dt * still + (problem.slowDrift[i](x, sum, u) - still);
    }
  };
  const advanceOne = (z: Float64Array) => {
    const [x, y] = [z.subarray(0, n), z.subarray(n)];
    displace(moved, mean, x, y);
    for (let i = 0; i < n; i++) there[i] = x[i] + moved[i];
    displace(again, next, there, y);
    for (let i = 0; i < n; i++) x[i] += 0.5 * (moved[i] + again[i]);
    for (let i = 0; i < m; i++) mean[i] = 0.5 * (mean[i] + next[i]);
    for (let i = 0; i < m; i++) away[i] = y[i] - mean[i];
    apply(rest, step.decay, away);
    for (let i = 0; i < m; i++) y[i] = mean[i] + rest[i] + noise[i];
  };
  return plainStepper(states, paths, (z, p, k) => {
    draw(noise, p, k);
    advanceOne(z);
  });
}

/** (ζ, I) of step k of a path. */
type Draw = (out: Float64Array, path: number, step: number) => void;

/** Normals of streams 0, …, m − 1, a pair each. */
function drawStep({ root }: LinearStep, { seed }: EnsembleStart): Draw {
  const m = root.length / 2;
  const pair = new Float64Array(2);
  const normals = new Float64Array(2 * m);
  return (out, path, step) => {
    for (let c = 0; c < m; c++) {
      normalPair(pair, seed, path, [step, c]);
      normals[c] = pair[0];
      normals[m + c] = pair[1];
    }
    apply(out, root, normals);
  };
}

/** ζ = Q½ζ₁ + ζ₂ and I = I₁ + I₂ + εΛ½ζ₁ from those of two steps half as long. */
function drawHalves(half: LinearStep, start: EnsembleStart): Draw {
  const m = half.decay.length;
  const draw = drawStep(half, start);
  const first = new Float64Array(2 * m);
  const [decayed, lagged] = [new Float64Array(m), new Float64Array(m)];
  return (out, path, step) => {
    draw(first, path, 2 * step);
    draw(out, path, 2 * step + 1);
    apply(decayed, half.decay, first);
    apply(lagged, half.lag, first);
    for (let i = 0; i < m; i++) {
      out[i] += decayed[i];
      out[m + i] += first[m + i] + lagged[i];
    }
  };
}

function linearStep(K: Matrix, epsilon: number, dt: number): LinearStep {
  const z = dt / epsilon;
  const m = K.length;
  const indices = K.map((_, i) => i);
  const zeros = indices.map(() => 0);
  // (Z, ∫Z) without noise: the lower left block of exp is Λ.
  const system = [
    ...K.map((row) => [...row.map((value) => -value), ...zeros]),
    ...indices.map((i) => [...indices.map((j) => (i === j ? 1 : 0)), ...zeros]),
  ];
  const scaled = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((value) => value * z));
  const flow = exponentialMinusIdentity(scaled(system));
  const noise = system.flatMap((row, i) => row.map((_, j) => (i === j && i < m ? FAST_VARIANCE : 0)));
  const augmented = [...lyapunov(system).map((row, i) => [...row, noise[i]]), noise.map(() => 0).concat(0)];
  const moments = exponentialMinusIdentity(scaled(augmented)).map((row) => row[noise.length]);
  const weight = (i: number) => (i < m ? 1 : epsilon);
  const covariance = system.map((row, i) => row.map((_, j) => weight(i) * weight(j) * moments[i * 2 * m + j]));
  return {
    decay: indices.map((i) => indices.map((j) => flow[i][j] + (i === j ? 1 : 0))),
    lag: indices.map((i) => indices.map((j) => epsilon * flow[m + i][j])),
    root: cholesky(covariance),
  };
}

/** G with GGᵀ = C for C ≥ 0; a pivot that rounding made negative is 0. */
function cholesky(C: Matrix): number[][] {
  const G = C.map((row) => row.map(() => 0));
  for (let j = 0; j < C.length; j++) {
    for (let i = j; i < C.length; i++) {
      let left = C[i][j];
      for (let k = 0; k < j; k++) left -= G[i][k] * G[j][k];
      G[i][j] = i === j ? Math.sqrt(Math.max(left, 0)) : G[j][j] === 0 ? 0 : left / G[j][j];
    }
  }
  return G;
}
