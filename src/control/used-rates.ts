/**
 * How fast the controls move that can be minimisers: all candidates, and of a family those that minimise its bracket
 * for some differences V_{i±1} − V_i in given ranges. A wide or infinite U costs no more than the controls that are
 * used.
 */
import type { CandidateRates } from './candidate-rates.ts';
import { reachOf } from './family-reach.ts';
import { leastOf } from './least-quadratic.ts';
import type { NodeBracket, NodeQuadratic } from './node-bracket.ts';
import { quadraticAtNode } from './quadratic-families.ts';
import type { Range } from './ranges.ts';
import { usedFormulas } from './used-formulas.ts';

/** Rows run over the nodes from + s. */
export interface UsedRates {
  /** out[s] = max |φ_i|/dx_i along one axis. */
  rates(out: Float64Array, from: number, axis: number): void;
  /** out[s] = max Σ_i|φ_i|/dx_i over the first `axes`. */
  speeds(out: Float64Array, from: number, axes?: number): void;
  /** out[s] = min ℓ, at most 0 where a control can rest. */
  leastCosts(out: Float64Array, from: number): void;
}

interface Extent {
  readonly size: number;
  readonly movedAxes: number;
  readonly differences: readonly Range[];
}

/** Throws InputError where a minimum over a family is −∞. */
export function usedRates(rates: CandidateRates, { size, movedAxes, differences }: Extent): UsedRates {
  const { candidates, canRest, families, formulas } = rates;
  const searched = formulas.map((family) => usedFormulas(family, differences));
  const fields = [
    ...families.map((family) => reachOf(family, size, differences)),
    ...searched.map((used) => used.rates),
  ];
  const all = [...candidates.map((candidate) => candidate.rates), ...fields];
  const canCostNothing = canRest || candidates.length + fields.length === 0;
  return {
    rates(out, from, axis) {
      out.fill(0);
      for (const each of all) raiseTo(out, each[axis], from);
    },
    speeds: (out, from, axes = movedAxes) => speedsOf(out, all, from, axes),
    leastCosts(out, from) {
      out.fill(canCostNothing ? 0 : Infinity);
      for (const { cost } of candidates) {
        for (let s = 0; s < out.length; s++) out[s] = Math.min(out[s], cost === null ? 0 : cost[from + s]);
      }
      for (const family of families) {
        for (let s = 0; s < out.length; s++) {
          out[s] = Math.min(out[s], leastOf(alone(quadraticAtNode(family.cost, from + s)), family.box).value);
        }
      }
      for (const { costs } of searched) {
        for (let s = 0; s < out.length; s++) out[s] = Math.min(out[s], costs[from + s]);
      }
    },
  };
}

/** out[s] = the largest Σ_i|rates_i| over the first `axes` at node from + s. */
function speedsOf(out: Float64Array, all: readonly (readonly Float64Array[])[], from: number, axes: number): void {
  if (all.length === 0) out.fill(0);
  const next = all.length > 1 ? new Float64Array(out.length) : out;
  for (const [k, rates] of all.entries()) {
    const into = k === 0 ? out : next;
    sizes(into, rates[0], axes > 1 ? rates[1] : null, from);
    for (let i = 2; i < axes; i++) {
      const values = rates[i];
      for (let s = 0; s < into.length; s++) into[s] += Math.abs(values[from + s]);
    }
    if (k > 0) raiseTo(out, next, 0);
  }
}

/** out[s] = |one[from + s]| + |two[from + s]|. */
function sizes(out: Float64Array, one: Float64Array, two: Float64Array | null, from: number): void {
  if (two === null) for (let s = 0; s < out.length; s++) out[s] = Math.abs(one[from + s]);
  else for (let s = 0; s < out.length; s++) out[s] = Math.abs(one[from + s]) + Math.abs(two[from + s]);
}

/** out[s] = max(out[s], |values[from + s]|). */
function raiseTo(out: Float64Array, values: Float64Array, from: number): void {
  for (let s = 0; s < out.length; s++) {
    const value = Math.abs(values[from + s]);
    if (value > out[s]) out[s] = value;
  }
}

/** A quadratic alone. */
function alone(cost: NodeQuadratic): NodeBracket {
  return { rates: [], forward: [], backward: [], cost };
}
