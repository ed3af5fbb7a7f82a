/**
 * A stochastic differential equation with additive noise, as data:
 *
 *   dZ_i = F_i(t,Z) dt + σ_i dW_i,   i = 1, …, d,   W_i independent.
 *
 * (Sε) is one with Z = (X,Y), F = (φ, b/ε), σ = (0, √(2/ε)); an ordinary differential equation is one with σ = 0.
 */
import { fastNoise } from '../model/fast-diffusion.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../model/problem.ts';

/** F(t,z) into `out`, d components; does not allocate. */
export type Drift = (out: Float64Array, t: number, z: Float64Array) => void;

/** dZ_i = F_i(t,Z) dt + σ_i dW_i with independent W_i, i = 1, …, d. */
export interface PathSystem {
  /** The equation in one line. */
  readonly title: string;
  /** d. */
  readonly dimension: number;
  /** F. */
  readonly drift: Drift;
  /** σ, d components. */
  readonly noise: readonly number[];
}

/** A control as a function of time and state; the result may be reused by the next call. */
export type ControlLaw = (t: number, x: Coordinates, y: Coordinates) => Coordinates;

/**
 * (Sε) under a control law, Z = (X, Y) with n + m components (Bardi, Kouhkouh 2023, (CSε)), and ∫ℓ dt as a last one
 * where there is a running cost.
 */
export function twoScaleSystem(problem: Problem, epsilon: number, control: ControlLaw): PathSystem {
  const { n, m } = dimensionsOf(problem);
  const { runningCost } = problem;
  const dimension = n + m + (runningCost === undefined ? 0 : 1);
  const x = new Float64Array(n);
  const y = new Float64Array(m);
  return {
    title: 'dX = φ(X,Y,u) dt, dY = b(X,Y)/ε dt + √(2/ε) dW',
    dimension,
    drift(out, t, z) {
      for (let i = 0; i < n; i++) x[i] = z[i];
      for (let i = 0; i < m; i++) y[i] = z[n + i];
      const u = control(t, x, y);
      for (let i = 0; i < n; i++) out[i] = problem.slowDrift[i](x, y, u);
      for (let i = 0; i < m; i++) out[n + i] = problem.fast.drift[i](x, y) / epsilon;
      if (runningCost !== undefined) out[n + m] = runningCost(x, y, u);
    },
    noise: Array.from({ length: dimension }, (_, i) => (i >= n && i < n + m ? fastNoise(epsilon) : 0)),
  };
}

/** The fast process frozen at x: the overdamped Langevin equation dY = b(x,Y) dt + √2 dW (E'), in its own time. */
export function langevinSystem(problem: Problem, x: Coordinates): PathSystem {
  const { m } = dimensionsOf(problem);
  return {
    title: 'dY = b(x,Y) dt + √2 dW',
    dimension: m,
    drift(out, _t, y) {
      for (let i = 0; i < m; i++) out[i] = problem.fast.drift[i](x, y);
    },
    noise: new Array(m).fill(fastNoise(1)),
  };
}

/** Stochastic gradient descent dy = −∇f(y) ds + σ dW; gradient descent with σ = 0. */
export function gradientDescentSystem(
  gradient: readonly ((point: Coordinates) => number)[],
  deviation: number,
): PathSystem {
  return {
    title: deviation === 0 ? 'dy = −∇f(y) ds' : 'dy = −∇f(y) ds + σ dW',
    dimension: gradient.length,
    drift(out, _t, y) {
      for (let i = 0; i < gradient.length; i++) out[i] = -gradient[i](y);
    },
    noise: new Array(gradient.length).fill(deviation),
  };
}
