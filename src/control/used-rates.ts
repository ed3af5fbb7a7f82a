/**
 * How fast the controls move that can be minimisers: all candidates, and of a family those that minimise its bracket
 * for some differences |V_{i±1} − V_i| ≤ p_i. A wide or infinite U costs no more than the controls that are used.
 */
import { InputError } from '../input/input-error.ts';
import type { Candidate, CandidateRates } from './candidate-rates.ts';
import { leastOf, type NodeQuadratic, quadraticAt } from './least-quadratic.ts';
import { type Family, quadraticAtNode } from './quadratic-families.ts';
import { signPatterns } from './sign-patterns.ts';
import { usedFormulas } from './used-formulas.ts';

export interface UsedRates {
  /** max |φ_i|/dx_i along one axis at node k. */
  rateAt(axis: number, k: number): number;
  /** max Σ_i|φ_i|/dx_i at node k, over the first `axes`. */
  speedAt(k: number, axes?: number): number;
  /** The same rates as a field. */
  largestRates(axis: number): Float64Array;
  /** min ℓ at node k, at most 0 where a control can rest. */
  leastCost(k: number): number;
}

interface Extent {
  readonly size: number;
  readonly movedAxes: number;
  /** p_i. */
  readonly differences: readonly number[];
}

/** Throws InputError where a minimum over a family is −∞. */
export function usedRates(rates: CandidateRates, { size, movedAxes, differences }: Extent): UsedRates {
  const { candidates, canRest, families, formulas } = rates;
  const searched = formulas.map((family) => usedFormulas(family, differences));
  const fields = [
    ...families.map((family) => usedOf(family, { size, movedAxes, differences })),
    ...searched.map((used) => used.rates),
  ];
  const speedAt = (k: number, axes = movedAxes) => {
    let fastest = speedOf(candidates, k, axes);
    for (const each of fields) {
      let total = 0;
      for (let i = 0; i < axes; i++) total += each[i][k];
      fastest = Math.max(fastest, total);
    }
    return fastest;
  };
  const rateAt = (axis: number, k: number) => {
    let largest = 0;
    for (const candidate of candidates) largest = Math.max(largest, Math.abs(candidate.rates[axis][k]));
    for (const each of fields) largest = Math.max(largest, each[axis][k]);
    return largest;
  };
  return {
    rateAt,
    speedAt,
    largestRates: (axis) => new Float64Array(size).map((_, k) => rateAt(axis, k)),
    leastCost(k) {
      let least = canRest || candidates.length + fields.length === 0 ? 0 : Infinity;
      for (const { cost } of candidates) least = Math.min(least, cost === null ? 0 : cost[k]);
      for (const family of families) least = Math.min(least, leastOf(stillBracket(family, k), family.box).value);
      for (const used of searched) least = Math.min(least, used.costs[k]);
      return least;
    },
  };
}

/** max over the candidates of Σ_i|φ_i|/dx_i at node k, over the first `axes`. */
export function speedOf(candidates: readonly Pick<Candidate, 'rates'>[], k: number, axes = Infinity): number {
  let fastest = 0;
  for (const { rates } of candidates) {
    let total = 0;
    for (let i = 0; i < rates.length && i < axes; i++) total += Math.abs(rates[i][k]);
    if (total > fastest) fastest = total;
  }
  return fastest;
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
      const { value, control } = leastOf({ rates, forward: pattern, backward: pattern, cost }, family.box);
      if (value === -Infinity) throw unbounded();
      return control;
    });
    for (let i = 0; i < movedAxes; i++) largest[i][k] = extentOf(rates[i], controls);
  }
  return largest;
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

function unbounded(): InputError {
  return new InputError(
    'the minimum over the control is −∞',
    'with an infinite end of U the running cost must grow faster than the drift in every unbounded control',
    'add a running cost such as 0.5*u^2, or give the control finite ends',
    'control',
  );
}
