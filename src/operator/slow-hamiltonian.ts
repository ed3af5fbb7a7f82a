/**
 * The discrete slow Hamiltonian, one object with two uses: in the ε-HJB problem node by node, and averaged over y.
 *
 *   (M V)(x,y) = min_{u∈U} Σ_i [φ_i⁺ D_i⁺V + φ_i⁻ D_i⁻V] + ℓ      (Kushner, Dupuis 2001: control-wise upwinding),
 *
 * φ⁺ = max(φ,0), φ⁻ = min(φ,0). Upwinding follows the drift of the *controlled* process; by the sign of p it would not
 * be monotone. V ↦ V + dt·M V is monotone iff dt Σ_i |φ_i|/dx_i ≤ 1 for every candidate control.
 *
 * At the ends of an x-axis the difference is always the interior one; candidate-rates.ts says which drifts it meets.
 */
import type { Grid } from '../grid/grid.ts';
import type { Problem } from '../problem/problem.ts';
import { type Candidate, evaluateCandidates } from './candidate-rates.ts';

export interface EffectiveOperator {
  /** out(x) = Σ_j π_j(x) (M v)(x, y_j), consistent with −H̄(x, Dv) (+ averaged running cost). Does not allocate. */
  apply(out: Float64Array, v: Float64Array): void;
  /** Largest dt for which v ↦ v + dt·(averaged M) v is monotone: 1/max_x Σ_j π_j max_u Σ_i|φ_i|/dx_i. */
  readonly stableStep: number;
}

export interface SlowHamiltonian {
  /** The candidates that move or cost, at least one unless all rest. */
  readonly candidates: readonly Candidate[];
  /** Some candidate neither moves nor costs anywhere: the minimum is at most 0. */
  readonly canRest: boolean;
  /** Spacing of the samples of U when φ or ℓ is not affine in u, else null. */
  readonly sampledSpacing: number | null;
  /** Largest dt for which V ↦ V + dt·M V is monotone. */
  readonly stableStep: number;
  /** out = V + dt·M V. Does not allocate. */
  step(out: Float64Array, V: Float64Array, dt: number): void;
  /** The operator averaged over y with the weights π (Σ_j π_j(x) = 1). */
  average(weights: Float64Array): EffectiveOperator;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function slowHamiltonian(problem: Problem, slow: Grid, fast: Grid): SlowHamiltonian {
  const evaluated = evaluateCandidates(problem, slow, fast);
  const kernel = { ...evaluated, slow, trial: new Float64Array(slow.size) };
  const row = new Float64Array(slow.size);
  return {
    ...evaluated,
    stableStep: 1 / largest(nodeSpeeds(evaluated.candidates, slow.size * fast.size)),
    step(out, V, dt) {
      for (let k0 = 0; k0 < V.length; k0 += slow.size) {
        minimumOverControls(row, kernel, V, { node: k0, value: k0 });
        for (let s = 0; s < slow.size; s++) out[k0 + s] = V[k0 + s] + dt * row[s];
      }
    },
    average: (weights) => ({
      stableStep: 1 / averagedSpeed(evaluated.candidates, slow.size, weights),
      apply(out, v) {
        out.fill(0);
        for (let k0 = 0; k0 < weights.length; k0 += slow.size) {
          minimumOverControls(row, kernel, v, { node: k0, value: 0 });
          for (let s = 0; s < slow.size; s++) out[s] += weights[k0 + s] * row[s];
        }
      },
    }),
  };
}

interface RowKernel {
  readonly candidates: readonly Candidate[];
  readonly canRest: boolean;
  readonly slow: Grid;
  readonly trial: Float64Array;
}

/** Where a row of slow nodes starts: in the coefficient arrays, and in V. */
interface RowStart {
  readonly node: number;
  readonly value: number;
}

/** row(s) = min over the candidates of Σ_i r_i⁺ δ_i⁺V + r_i⁻ δ_i⁻V + ℓ along one row of slow nodes. */
function minimumOverControls(row: Float64Array, kernel: RowKernel, V: Float64Array, start: RowStart): void {
  const { candidates, slow, trial } = kernel;
  if (candidates.length === 0) row.fill(0);
  for (let c = 0; c < candidates.length; c++) {
    const { rates, cost } = candidates[c];
    const target = c === 0 ? row : trial;
    for (let axis = 0; axis < rates.length; axis++) addUpwind(target, slow, axis, rates[axis], V, start);
    if (cost !== null) for (let s = 0; s < slow.size; s++) target[s] += cost[start.node + s];
    if (c > 0) for (let s = 0; s < slow.size; s++) row[s] = Math.min(row[s], trial[s]);
  }
  if (kernel.canRest) for (let s = 0; s < slow.size; s++) row[s] = Math.min(row[s], 0);
}

/**
 * target (+)= r⁺(V_{s+1} − V_s) + r⁻(V_s − V_{s−1}) along one slow axis, the interior difference at both ends.
 * The first axis overwrites the target, the others add to it.
 */
function addUpwind(
  target: Float64Array,
  slow: Grid,
  axis: number,
  rate: Float64Array,
  V: Float64Array,
  start: RowStart,
): void {
  const k0 = start.node;
  const v0 = start.value;
  const stride = slow.strides[axis];
  const block = stride * slow.shape[axis];
  if (axis === 0) target.fill(0);
  for (let first = 0; first < slow.size; first += block) {
    const last = first + block - stride;
    for (let s = first; s < first + stride; s++) target[s] += rate[k0 + s] * (V[v0 + s + stride] - V[v0 + s]);
    for (let s = first + stride; s < last; s++) {
      const r = rate[k0 + s];
      const v = V[v0 + s];
      target[s] += r > 0 ? r * (V[v0 + s + stride] - v) : r * (v - V[v0 + s - stride]);
    }
    for (let s = last; s < last + stride; s++) target[s] += rate[k0 + s] * (V[v0 + s] - V[v0 + s - stride]);
  }
}

/** max over the candidates of Σ_i|φ_i|/dx_i at every node. */
function nodeSpeeds(candidates: readonly Candidate[], size: number): Float64Array {
  const speeds = new Float64Array(size);
  for (const { rates } of candidates) {
    for (let k = 0; k < size; k++) {
      let total = 0;
      for (const rate of rates) total += Math.abs(rate[k]);
      if (total > speeds[k]) speeds[k] = total;
    }
  }
  return speeds;
}

function averagedSpeed(candidates: readonly Candidate[], slowSize: number, weights: Float64Array): number {
  const averaged = new Float64Array(slowSize);
  nodeSpeeds(candidates, weights.length).forEach((speed, k) => {
    averaged[k % slowSize] += weights[k] * speed;
  });
  return largest(averaged);
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
