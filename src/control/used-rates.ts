/**
 * How fast the controls move that can be minimisers: all candidates, and of a family those that minimise its bracket
 * for some differences |V_{i±1} − V_i| ≤ p_i. A wide or infinite U costs no more than the controls that are used.
 */
import { InputError } from '../input/input-error.ts';
import type { CandidateRates } from './candidate-rates.ts';
import { leastOf, type NodeBracket, type NodeQuadratic, quadraticAt } from './least-quadratic.ts';
import { type Family, quadraticAtNode } from './quadratic-families.ts';

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
  /** p_i. */
  readonly differences: readonly number[];
}

/** Throws InputError where a minimum over a family is −∞. */
export function usedRates(rates: CandidateRates, { size, movedAxes, differences }: Extent): UsedRates {
  const { candidates, canRest, families } = rates;
  const fields = families.map((family) => usedOf(family, { size, movedAxes, differences }));
  const all = [...candidates.map((candidate) => candidate.rates), ...fields];
  const canCostNothing = canRest || candidates.length + families.length === 0;
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
          out[s] = Math.min(out[s], leastOf(stillBracket(family, from + s), family.box).value);
        }
      }
    },
  };
}

/** out[s] = the largest Σ_i|rates_i| over the first `axes` at node from + s. */
function speedsOf(out: Float64Array, all: readonly (readonly Float64Array[])[], from: number, axes: number): void {
  out.fill(0);
  const total = axes === 1 ? out : new Float64Array(out.length);
  for (const rates of all) {
    if (axes === 1) {
      raiseTo(out, rates[0], from);
      continue;
    }
    total.fill(0);
    for (let i = 0; i < axes; i++) {
      const values = rates[i];
      for (let s = 0; s < out.length; s++) total[s] += Math.abs(values[from + s]);
    }
    raiseTo(out, total, 0);
  }
}

/** out[s] = max(out[s], |values[from + s]|). */
function raiseTo(out: Float64Array, values: Float64Array, from: number): void {
  for (let s = 0; s < out.length; s++) {
    const value = Math.abs(values[from + s]);
    if (value > out[s]) out[s] = value;
  }
}

/** ℓ alone. */
function stillBracket(family: Family, k: number) {
  return { rates: [], forward: [], backward: [], cost: quadraticAtNode(family.cost, k) };
}

/** Per axis a field of max |r_i(u)| over the minimisers for differences of ±p_i, and for none. */
function usedOf(family: Family, { size, movedAxes, differences }: Extent): Float64Array[] {
  const largest = Array.from({ length: movedAxes }, () => new Float64Array(size));
  const patterns = signPatterns(differences);
  for (let k = 0; k < size; k++) {
    const rates = family.rates.map((rate) => quadraticAtNode(rate, k));
    const cost = quadraticAtNode(family.cost, k);
    const controls = patterns.map((pattern) => {
      const { value, control } = leastOf(withoutSides(rates, pattern, cost), family.box);
      if (value === -Infinity) throw unbounded();
      return control;
    });
    for (let i = 0; i < movedAxes; i++) largest[i][k] = extentOf(rates[i], controls);
  }
  return largest;
}

/** Σ_i r_i p_i + ℓ, for differences that are the same on both sides. */
function withoutSides(rates: readonly NodeQuadratic[], p: readonly number[], cost: NodeQuadratic): NodeBracket {
  const sum = (of: (quadratic: NodeQuadratic) => number) =>
    rates.reduce((total, rate, i) => total + p[i] * of(rate), of(cost));
  const combined = {
    constant: sum(({ constant }) => constant),
    slope: Array.from(cost.slope, (_, c) => sum(({ slope }) => slope[c])),
    bend: Array.from(cost.bend, (_, d) => sum(({ bend }) => bend[d])),
  };
  return { rates: [], forward: [], backward: [], cost: combined };
}

/** max |r(u)| over these controls; of one control over all between them. */
function extentOf(rate: NodeQuadratic, controls: readonly Float64Array[]): number {
  const at = controls.map((u) => Math.abs(quadraticAt(rate, u)));
  const found = Math.max(...at);
  if (controls[0].length > 1 || rate.bend[0] === 0) return found;
  const turn = -rate.slope[0] / (2 * rate.bend[0]);
  const values = controls.map(([u]) => u);
  const isBetween = turn > Math.min(...values) && turn < Math.max(...values);
  return isBetween ? Math.max(found, Math.abs(quadraticAt(rate, [turn]))) : found;
}

/** All ±p, and 0. */
function signPatterns(differences: readonly number[]): number[][] {
  if (differences.every((p) => p === 0)) return [differences.map(() => 0)];
  const signed = differences.reduce<number[][]>(
    (all, p) =>
      all.flatMap((row) => [
        [...row, p],
        [...row, -p],
      ]),
    [[]],
  );
  return [differences.map(() => 0), ...signed];
}

function unbounded(): InputError {
  return new InputError(
    'the minimum over the control is −∞',
    'with an infinite end of U the running cost must grow faster than the drift in every unbounded control',
    'add a running cost such as 0.5*u^2, or give the control finite ends',
    'control',
  );
}
