/** What a search for the least value of formulas at a node works on: see least-formula.ts. */
import type { FormulaFamily } from './formula-families.ts';

/** The slopes of V at a node, per axis, and the weight of ℓ. */
export interface SlopesAtNode {
  readonly forward: ArrayLike<number>;
  readonly backward: ArrayLike<number>;
  readonly weight: number;
}

export interface Search {
  forward: ArrayLike<number>;
  backward: ArrayLike<number>;
  weight: number;
  readonly family: FormulaFamily;
  readonly n: number;
  readonly point: Float64Array;
  /** On which side of 0 every φ_i stands on the part at hand: ±1, or 0 where that is not known. */
  readonly sides: number[];
  best: number;
  control: number;
  /** Least and largest slope and second derivative of q on the part at hand, and how its kinks may turn. */
  leastSlope: number;
  mostSlope: number;
  leastBend: number;
  mostBend: number;
  kinksUp: boolean;
  kinksDown: boolean;
}

/** Values this close to the least one count as no less. */
const ROUND_OFF = 2 ** -48;

/** A search that has not begun. */
export function searchOf(family: FormulaFamily): Search {
  const n = family.written.isAffine.length;
  return {
    ...{ forward: [], backward: [], weight: 1, family, n, point: family.written.point.slice() },
    ...{ sides: new Array<number>(n).fill(0), best: Infinity, control: family.written.lower },
    ...{ leastSlope: 0, mostSlope: 0, leastBend: 0, mostBend: 0, kinksUp: false, kinksDown: false },
  };
}

/** q(u), which may be the least. */
export function consider(search: Search, u: number): number {
  const { family, n, point, forward, backward, weight } = search;
  point[family.written.control] = u;
  let value = weight === 0 ? 0 : weight * family.values[n](point);
  for (let i = 0; i < n; i++) {
    const rate = family.values[i](point);
    value += rate > 0 ? rate * forward[i] : rate * backward[i];
  }
  if (value < search.best) {
    search.best = value;
    search.control = u;
  }
  return value;
}

export function threshold({ best }: Search): number {
  return best - ROUND_OFF * Math.abs(best);
}

/** A product with bounds that may be infinite. */
export function times(factor: number, bound: number): number {
  return factor === 0 ? 0 : factor * bound;
}

export function rateAt({ family, point }: Search, i: number, u: number): number {
  point[family.written.control] = u;
  return family.values[i](point);
}

/** Where φ_i, affine or monotone, changes sign between two controls; NaN where it does not. */
export function zeroOf(search: Search, i: number, from: number, to: number): number {
  const { n, family, point } = search;
  const { control } = family.written;
  const rising = rateAt(search, i, to) > 0;
  if (rateAt(search, i, from) > 0 === rising) return Number.NaN;
  let [low, high] = [from, to];
  let u = low + (high - low) / 2;
  let step = Infinity;
  for (let k = 0; k < MOST_STEPS; k++) {
    point[control] = u;
    const rate = family.all[i](point);
    if (rate === 0) return u;
    if (rate > 0 === rising) high = u;
    else low = u;
    const newton = u - rate / family.all[n + 1 + i](point);
    const isUsed = newton > low && newton < high && Math.abs(newton - u) <= step / 2;
    const next = isUsed ? newton : low + (high - low) / 2;
    step = Math.abs(next - u);
    if (!(next > low && next < high)) return u;
    u = next;
    if (step <= 2 ** -53 * Math.abs(u)) return u;
  }
  return u;
}

/** Newton's method needs about five steps, halving fifty-two. */
const MOST_STEPS = 80;

/** Bounds the slope and the second derivative of q on a piece for the sides at hand. */
export function bend(search: Search, at: number): void {
  const { n, family, sides, forward, backward, weight } = search;
  const { pieces } = family;
  const r = at + 2 + 6 * n;
  search.leastSlope = times(weight, pieces[r + 2]);
  search.mostSlope = times(weight, pieces[r + 3]);
  search.leastBend = times(weight, pieces[r + 4]);
  search.mostBend = times(weight, pieces[r + 5]);
  search.kinksUp = false;
  search.kinksDown = false;
  for (let i = 0; i < n; i++) {
    const a = sides[i] < 0 ? backward[i] : forward[i];
    const b = sides[i] > 0 ? forward[i] : backward[i];
    if (a > b) search.kinksUp = true;
    if (a < b) search.kinksDown = true;
    const k = at + 2 + 6 * i;
    search.leastSlope += leastOf(a, b, pieces[k + 2], pieces[k + 3]);
    search.mostSlope -= leastOf(-a, -b, pieces[k + 2], pieces[k + 3]);
    search.leastBend += leastOf(a, b, pieces[k + 4], pieces[k + 5]);
    search.mostBend -= leastOf(-a, -b, pieces[k + 4], pieces[k + 5]);
  }
}

/** The least product of a number between a and b with one between `low` and `high`. */
function leastOf(a: number, b: number, low: number, high: number): number {
  return Math.min(Math.min(times(a, low), times(a, high)), Math.min(times(b, low), times(b, high)));
}

/** q'(u) on the side at hand. */
export function slopeAt(search: Search, u: number): number {
  search.point[search.family.written.control] = u;
  return derivativeAt(search, search.n + 1);
}

/** The derivative of q at the point whose formulas start at `first` in the list. */
function derivativeAt({ family, n, point, sides, forward, backward, weight }: Search, first: number): number {
  let slope = weight === 0 ? 0 : weight * family.all[first + n](point);
  for (let i = 0; i < n; i++) {
    const isAhead = sides[i] === 0 ? family.all[i](point) > 0 : sides[i] > 0;
    slope += (isAhead ? forward[i] : backward[i]) * family.all[first + i](point);
  }
  return slope;
}

/** Newton's method on the slope, negative at `from` and positive at `to`, kept between them, from `start`. */
export function searchValley(search: Search, from: number, to: number, start: number): void {
  const { n } = search;
  let [low, high, u] = [from, to, start];
  let step = Infinity;
  for (let k = 0; k < MOST_STEPS; k++) {
    const slope = slopeAt(search, u);
    if (slope > 0) high = u;
    else if (slope < 0) low = u;
    else break;
    const newton = u - slope / derivativeAt(search, 2 * (n + 1));
    const isUsed = newton > low && newton < high && Math.abs(newton - u) <= step / 2;
    const next = isUsed ? newton : low + (high - low) / 2;
    if (!(next > low && next < high)) break;
    step = Math.abs(next - u);
    u = next;
    // What a step of Newton's method gains beyond the last one is less than that one promised.
    if (step <= 2 ** -53 * Math.abs(u)) break;
    if (isUsed && Math.abs(slope) * step <= 2 ** -54 * Math.abs(search.best)) break;
  }
  consider(search, u);
}
