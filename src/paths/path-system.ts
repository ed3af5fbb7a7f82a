/**
 * A stochastic differential equation as data: with additive noise
 *
 *   dZ_i = F_i(t,Z) dt + σ_i dW_i,   i = 1, …, d,   W_i independent,
 *
 * or dZ = F(t,Z) dt + Σ_j B_j(t,Z) dW_j in the sense of Itô. (Sε) is the first with Z = (X,Y), F = (φ, b/ε),
 * σ = (0, √(2/ε)), the general system the second; an ordinary differential equation is the first with σ = 0.
 */
import { dependsOn } from '../formula/tree.ts';
import { fastNoise } from '../model/fast-diffusion.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { atEpsilon } from './centred-drift.ts';
import { SLOW_STREAM } from './increments.ts';

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
  /** σ, d components; 0 where there is a diffusion. */
  readonly noise: readonly number[];
  /** B, in place of σ. */
  readonly diffusion?: Diffusion;
}

/** The noise B(t,z) of independent Brownian motions W_j. */
export interface Diffusion {
  /** The stream of random numbers of every W_j. */
  readonly streams: readonly number[];
  /** B(t,z) into `out`, row after row: B_ij at entry i·streams.length + j; does not allocate. */
  readonly at: (out: Float64Array, t: number, z: Float64Array) => void;
  /** Whether B is the same everywhere and always. */
  readonly isConstant: boolean;
  /** Whether some coefficient of B depends on a component that W_j moves. */
  readonly isSeen: readonly boolean[];
}

/** Whether a system has noise. */
export function isNoisy({ noise, diffusion }: PathSystem): boolean {
  return diffusion !== undefined || noise.some((sigma) => sigma !== 0);
}

/** A control as a function of time and state; the result may be reused by the next call. */
export type ControlLaw = (t: number, x: Coordinates, y: Coordinates) => Coordinates;

/**
 * (Sε) under a control law, Z = (X, Y) with n + m components (Bardi, Kouhkouh 2023, (CSε)), and ∫e^{−λt}ℓ dt as a last
 * one where there is a running cost. With s or r it has a diffusion: the columns of s, then r/√ε on the diagonal.
 */
export function twoScaleSystem(given: Problem, epsilon: number, control: ControlLaw): PathSystem {
  const problem = atEpsilon(given, epsilon);
  const { n, m } = dimensionsOf(problem);
  const { runningCost, discount = 0 } = problem;
  const dimension = n + m + (runningCost === undefined ? 0 : 1);
  const x = new Float64Array(n);
  const y = new Float64Array(m);
  const at = (t: number, z: Float64Array) => {
    for (let i = 0; i < n; i++) x[i] = z[i];
    for (let i = 0; i < m; i++) y[i] = z[n + i];
    return control(t, x, y);
  };
  const isGeneral = hasNoiseTerms(problem);
  return {
    title: titleOf(problem),
    dimension,
    drift(out, t, z) {
      const u = at(t, z);
      for (let i = 0; i < n; i++) out[i] = problem.slowDrift[i](x, y, u);
      for (let i = 0; i < m; i++) out[n + i] = problem.fast.drift[i](x, y) / epsilon;
      if (runningCost === undefined) return;
      const cost = runningCost(x, y, u);
      out[n + m] = discount === 0 ? cost : Math.exp(-discount * t) * cost;
    },
    noise: Array.from({ length: dimension }, (_, i) => (!isGeneral && i >= n && i < n + m ? fastNoise(epsilon) : 0)),
    ...(isGeneral && { diffusion: twoScaleDiffusion(problem, epsilon, at, [x, y]) }),
  };
}

/** Whether s or r is given. */
export function hasNoiseTerms({ slowNoise, fast }: Problem): boolean {
  return slowNoise !== undefined || (fast.kind === 'drift' && fast.noise !== undefined);
}

/** The two-scale system in one line. */
export function titleOf({ slowNoise, fast }: Problem): string {
  const slow = slowNoise === undefined ? '' : ' + s(X,Y,u) dW';
  const noise = fast.kind === 'drift' && fast.noise !== undefined ? 'r(X,Y)/√ε' : '√(2/ε)';
  return `dX = φ(X,Y,u) dt${slow}, dY = b(X,Y)/ε dt + ${noise} ${slow === '' ? 'dW' : 'dB'}`;
}

function twoScaleDiffusion(
  problem: Problem,
  epsilon: number,
  at: (t: number, z: Float64Array) => Coordinates,
  [x, y]: readonly [Float64Array, Float64Array],
): Diffusion {
  const { n, m } = dimensionsOf(problem);
  const { slowNoise = [], fast } = problem;
  const columns = slowNoise[0]?.length ?? 0;
  const count = columns + m;
  const scale = 1 / Math.sqrt(epsilon);
  const fastTerms = fast.kind === 'drift' ? fast.noise : undefined;
  return {
    streams: Array.from({ length: count }, (_, j) => (j < columns ? SLOW_STREAM + j : j - columns)),
    at(out, t, z) {
      const u = at(t, z);
      out.fill(0);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < columns; j++) out[i * count + j] = slowNoise[i][j](x, y, u);
      }
      for (let k = 0; k < m; k++) {
        out[(n + k) * count + columns + k] = (fastTerms === undefined ? Math.SQRT2 : fastTerms[k](x, y)) * scale;
      }
    },
    ...whatNoiseSees(problem),
  };
}

/** Proved on the formulas of s and r; closures see everything. */
export function whatNoiseSees(problem: Problem): Pick<Diffusion, 'isConstant' | 'isSeen'> {
  const { slowNoise = [], fast } = problem;
  const [ofX, ofY, ofU] = namesOf(problem);
  const rows = [...slowNoise.flat(), ...((fast.kind === 'drift' && fast.noise) || [])];
  const trees = treesIn(rows, [ofX, ofY, ofU]);
  const sees = (name: string) => trees === null || trees.some((tree) => dependsOn(tree, name));
  // A control may be a feedback, which sees x and y.
  const byControl = ofU.some(sees);
  const isSeenBySome = (names: readonly string[]) => byControl || names.some(sees);
  return {
    isConstant: !isSeenBySome([...ofX, ...ofY]),
    isSeen: [...(slowNoise[0] ?? []).map(() => isSeenBySome(ofX)), ...ofY.map((name) => isSeenBySome([name]))],
  };
}

/**
 * The fast process frozen at x: the overdamped Langevin equation dY = b(x,Y) dt + √2 dW (E'), in its own time, with
 * r(x,Y) in the place of √2 where it is given.
 */
export function langevinSystem(problem: Problem, x: Coordinates): PathSystem {
  const { m } = dimensionsOf(problem);
  const { fast } = problem;
  const noise = fast.kind === 'drift' ? fast.noise : undefined;
  const streams = Array.from({ length: m }, (_, k) => k);
  const { isConstant } = whatNoiseSees({ ...problem, slowNoise: undefined });
  const at = (out: Float64Array, _t: number, y: Float64Array) => {
    out.fill(0);
    noise?.forEach((r, k) => {
      out[k * m + k] = r(x, y);
    });
  };
  return {
    title: `dY = b(x,Y) dt + ${noise === undefined ? '√2' : 'r(x,Y)'} dW`,
    dimension: m,
    drift(out, _t, y) {
      for (let i = 0; i < m; i++) out[i] = problem.fast.drift[i](x, y);
    },
    noise: new Array(m).fill(noise === undefined ? fastNoise(1) : 0),
    ...(noise && { diffusion: { streams, at, isConstant, isSeen: streams.map(() => true) } }),
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
