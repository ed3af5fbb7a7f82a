/**
 * How far the minimisers of a family reach: per axis a field of max |r_i(u)| over the u that minimise Σ_i p_i r_i + ℓ
 * for the corners p of given ranges, and ℓ alone where these hold 0. Equal differences on both sides of a node make of
 * its bracket one quadratic.
 */
import { InputError } from '../input/input-error.ts';
import { leastOf } from './least-quadratic.ts';
import { type NodeQuadratic, quadraticAt } from './node-bracket.ts';
import { type Family, leastRate, type QuadraticField, quadraticAtNode } from './quadratic-families.ts';
import { type Range, signPatterns } from './ranges.ts';

/** On so many nodes, for V_{i±1} − V_i in these ranges. Throws InputError where a minimum is −∞. */
export function reachOf(family: Family, size: number, differences: readonly Range[]): Float64Array[] {
  const reach = family.rates.map(() => new Float64Array(size));
  if (family.noise !== undefined) {
    // Second differences decide too which control is a minimiser: all of them count.
    reach.forEach((field, i) => {
      largestIn(field, family.rates[i], family.box);
    });
    return reach;
  }
  const patterns = signPatterns(differences);
  if (family.box.lower.length === 1) reachOnLine(reach, family, patterns);
  else reachOnFaces(reach, family, patterns);
  return reach;
}

/** out = max |r(u)| over a bounded box. */
export function largestIn(out: Float64Array, rate: QuadraticField, box: Family['box'], from = 0): void {
  for (let s = 0; s < out.length; s++) {
    const at = quadraticAtNode(rate, from + s);
    out[s] = Math.max(-leastRate(at, 1, box), -leastRate(at, -1, box));
  }
}

/** Of one control over all between the least minimiser and the largest. */
function reachOnLine(
  reach: readonly Float64Array[],
  { box, rates, cost }: Family,
  patterns: readonly number[][],
): void {
  const ends = [box.lower[0], box.upper[0]] as const;
  for (let k = 0; k < reach[0].length; k++) {
    let [least, most] = [Infinity, -Infinity];
    for (const pattern of patterns) {
      let [slope, bend] = [valueAt(cost.slope[0], k), valueAt(cost.bend[0], k)];
      for (let i = 0; i < rates.length; i++) {
        slope += pattern[i] * valueAt(rates[i].slope[0], k);
        bend += pattern[i] * valueAt(rates[i].bend[0], k);
      }
      const u = leastOnParabola(slope, bend, ends);
      least = Math.min(least, u);
      most = Math.max(most, u);
    }
    for (let i = 0; i < rates.length; i++) reach[i][k] = steepestBetween(rates[i], k, least, most);
  }
}

/** A u in [low, high] with the least s u + b u². */
function leastOnParabola(s: number, b: number, [low, high]: readonly [number, number]): number {
  const falls = (side: number) => b < 0 || (b === 0 && s * side < 0);
  if ((low === -Infinity && falls(-1)) || (high === Infinity && falls(1))) throw unbounded();
  const turn = b > 0 ? -s / (2 * b) : 0;
  let least = Math.min(Math.max(turn, low), high);
  if (b > 0) return least;
  for (const end of [low, high]) {
    if (Number.isFinite(end) && s * end + b * end * end < s * least + b * least * least) least = end;
  }
  return least;
}

/** max |r(u)| for u between two controls. */
function steepestBetween({ constant, slope, bend }: QuadraticField, k: number, least: number, most: number): number {
  const [c, s, b] = [valueAt(constant, k), valueAt(slope[0], k), valueAt(bend[0], k)];
  const found = Math.max(Math.abs(c + s * least + b * least * least), Math.abs(c + s * most + b * most * most));
  const turn = -s / (2 * b);
  return turn > least && turn < most ? Math.max(found, Math.abs(c + s * turn + b * turn * turn)) : found;
}

function valueAt(field: Float64Array | null, k: number): number {
  return field === null ? 0 : field[k];
}

function reachOnFaces(reach: readonly Float64Array[], family: Family, patterns: readonly number[][]): void {
  for (let k = 0; k < reach[0].length; k++) {
    const rates = family.rates.map((rate) => quadraticAtNode(rate, k));
    const cost = quadraticAtNode(family.cost, k);
    for (const pattern of patterns) {
      const bracket = { rates: [], forward: [], backward: [], cost: sumOf(cost, rates, pattern) };
      const { value, control } = leastOf(bracket, family.box);
      if (value === -Infinity) throw unbounded();
      for (let i = 0; i < rates.length; i++) {
        reach[i][k] = Math.max(reach[i][k], Math.abs(quadraticAt(rates[i], control)));
      }
    }
  }
}

/** Σ_i p_i r_i + ℓ. */
function sumOf(cost: NodeQuadratic, rates: readonly NodeQuadratic[], differences: readonly number[]): NodeQuadratic {
  const of = (pick: (quadratic: NodeQuadratic) => number) => {
    let sum = pick(cost);
    for (let i = 0; i < rates.length; i++) sum += differences[i] * pick(rates[i]);
    return sum;
  };
  return {
    constant: of(({ constant }) => constant),
    slope: Array.from(cost.slope, (_, c) => of(({ slope }) => slope[c])),
    bend: Array.from(cost.bend, (_, c) => of(({ bend }) => bend[c])),
  };
}

function unbounded(): InputError {
  return new InputError(
    'the minimum over the control is −∞',
    'with an infinite end of U the running cost must grow faster than the drift in every unbounded control',
    'add a running cost such as 0.5*u^2, or give the control finite ends',
    'control',
  );
}
