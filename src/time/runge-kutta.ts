/**
 * Runge–Kutta methods for ∂_τV = E(V) + L V/ε, E(V) = M V, as rows of coefficients, and the phases of their steps.
 *
 * Convex (Shu, Osher 1988), from w₀ = V:    w_k = κ_k V + (1 − κ_k)(w_{k−1} + dt (E + L/ε)(w_{k−1})).
 *
 * IMEX (Ascher, Ruuth, Spiteri 1997), from W₀ = V, with one γ for all stages and S = (I − dtγL/ε)⁻¹:
 *
 *   W_k = S r_k,   r_k = V + dt Σ_{j<k} (ã_kj E(W_j) + a_kj ℓ_j),   ℓ_j = (W_j − r_j)/(dtγ),   ℓ₀ without weight,
 *
 * so that the fast term is never multiplied out and nothing grows like 1/ε. The last stage is the step (stiffly
 * accurate). With dtE(W_j) read off r_{j+1}, every r_k is a combination of V and earlier r, W, and one sweep.
 */
import { MOST_TERMS, type Phase } from '../kernel/kernel.ts';
import { combined, type TimeStep } from './equation.ts';

/** Steps that are phases: out = the value after one of them. */
export interface Phased {
  readonly kind: 'phases';
  readonly step: TimeStep;
  /** Sweeps in a step. */
  readonly stages: number;
}

/** The steps of a method. */
export function rungeKutta(tableau: Convex | Imex): Phased {
  return tableau.kind === 'convex'
    ? { kind: 'phases', step: convexStep(tableau), stages: tableau.kept.length }
    : { kind: 'phases', step: imexStep(tableau), stages: tableau.rows.length };
}

interface Convex {
  readonly kind: 'convex';
  /** κ_k of every stage: 0 for the first, then more. */
  readonly kept: readonly number[];
}

interface Imex {
  readonly kind: 'imex';
  readonly gamma: number;
  readonly rows: readonly {
    /** ã_kj, j = 0, …, k − 1; the last one is > 0, since dt times a minimum is no minimum for dt < 0. */
    readonly explicit: readonly number[];
    /** a_kj, j = 1, …, k − 1. */
    readonly implicit: readonly number[];
    /** c_k, at which the source is taken implicitly. */
    readonly at: number;
  }[];
}

function convexStep({ kept }: Convex): TimeStep {
  return (equation, differencing, dt, out) => {
    const { value } = equation;
    const stage = kept.length === 1 ? out : equation.work();
    let [from, elapsed] = [value, 0];
    return kept.flatMap((old) => {
      const to = from === stage ? out : stage;
      const phases = [
        ...equation.move({ out: to, add: from, value: from }, differencing, dt, dt),
        ...equation.diffuse({ out: to, add: to, value: from }, dt),
        ...equation.sourced(to, to, dt, elapsed * dt).phases,
      ];
      elapsed = (1 - old) * (elapsed + 1);
      from = old === 0 ? to : out;
      return old === 0 ? phases : [...phases, ...sums(out, [value, to], [old, 1 - old])];
    });
  };
}

function imexStep({ gamma, rows }: Imex): TimeStep {
  const weights = weightsOf({ gamma, rows });
  return (equation, differencing, dt, out) => {
    // V, then r and W of every stage.
    const fields = [equation.value];
    return rows.flatMap(({ explicit, at }, k) => {
      const isLast = k === rows.length - 1;
      const from = fields[2 * k];
      const right = isLast ? (fields[1] ?? out) : equation.work();
      const stage = isLast || k === 0 ? out : equation.work();
      const add = k === 0 ? from : right;
      // Where r is still needed, it stays without the source: with s in W, ℓ = (W − r)/(dtγ) holds s.
      const source = equation.sourced(isLast ? right : stage, right, dt * gamma, dt * at);
      const phases = [
        ...(k === 0 ? [] : sums(right, fields, weights[k])),
        ...equation.move({ out: right, add, value: from }, differencing, dt * explicit[k], dt),
        ...source.phases,
        ...equation.resolvent(stage, source.slot, dt * gamma),
      ];
      fields.push(right, stage);
      return phases;
    });
  };
}

/** Per stage the weights of V, r₁, W₁, r₂, W₂, … in all of r_k but its sweep. */
function weightsOf({ gamma, rows }: Omit<Imex, 'kind'>): number[][] {
  const all: number[][] = [];
  for (const [k, { explicit, implicit }] of rows.entries()) {
    const weights = [1, ...new Array<number>(2 * k).fill(0)];
    for (let j = 0; j < k; j++) {
      const [swept, relaxed] = [explicit[j] / rows[j].explicit[j], implicit[j] / gamma];
      for (const [i, weight] of all[j].entries()) weights[i] -= swept * weight;
      weights[2 * j + 1] += swept - relaxed;
      weights[2 * j + 2] += relaxed;
    }
    all.push(weights);
  }
  return all;
}

/** out = Σ weight·field, as many fields at a time as a phase takes; `out` may be one of the first. */
function sums(out: number, fields: readonly number[], weights: readonly number[]): Phase[] {
  const terms = weights.flatMap((weight, i) => (weight === 0 ? [] : [[fields[i], weight] as const]));
  const phases = [combined(out, terms.slice(0, MOST_TERMS))];
  for (let k = MOST_TERMS; k < terms.length; k += MOST_TERMS - 1) {
    phases.push(combined(out, [[out, 1], ...terms.slice(k, k + MOST_TERMS - 1)]));
  }
  return phases;
}
