/**
 * The minimum over an interval of controls of what a node sees,
 *
 *   q(u) = Σ_i [φ_i(u)⁺ p_i⁺ + φ_i(u)⁻ p_i⁻] + weight·ℓ(u),
 *
 * p_i^± the slopes of V ahead and back, for any formulas φ, ℓ: a value of q, to round-off the least one wherever the
 * pieces of U (formula-pieces.ts) show each side of φ_i = 0 to be monotone, convex or concave. On a convex side
 * Newton's method searches in a bracket; on the others bounds of slopes and second derivatives leave out what is no
 * minimum, the rest is halved HALVINGS times and searched by Newton's method where the slope turns positive. Beside a
 * pole nothing is bounded and halving is sampling, so that it is done less often.
 * src/kernel/wasm/assembly/formula-family.ts does the same, operation by operation.
 */
import { type FormulaFamily, standAt } from './formula-families.ts';
import { HALVINGS, pieceSize } from './formula-pieces.ts';
import {
  bend,
  consider,
  rateAt,
  type Search,
  type SlopesAtNode,
  searchOf,
  searchValley,
  slopeAt,
  threshold,
  times,
  zeroOf,
} from './formula-search.ts';

export interface LeastFormula {
  readonly value: number;
  readonly control: number;
}

/** Every family keeps one, since a node takes less time than making it. */
const searches = new WeakMap<FormulaFamily, Search>();

/** The minimum at slow node s and fast node j. */
export function leastFormula(
  family: FormulaFamily,
  { s, j }: { readonly s: number; readonly j: number },
  slopes: SlopesAtNode,
): LeastFormula {
  const { written, pieces, starts, slowBlock, fastBlock, fastBlocks } = family;
  const n = written.isAffine.length;
  const search = searches.get(family) ?? searchOf(family);
  searches.set(family, search);
  search.forward = slopes.forward;
  search.backward = slopes.backward;
  search.weight = slopes.weight;
  search.best = Infinity;
  search.control = written.lower;
  standAt(search.point, family, s, j);
  const block = slowBlock[s] * fastBlocks + fastBlock[j];
  const size = pieceSize(n);
  consider(search, written.lower);
  for (let at = starts[block]; at < starts[block + 1]; at += size) {
    if (isOpen(search, at)) consider(search, pieces[at + 1]);
  }
  for (let at = starts[block]; at < starts[block + 1]; at += size) {
    if (isOpen(search, at)) searchPiece(search, at);
  }
  return { value: search.best, control: search.control };
}

/** Whether the bounds of φ and ℓ leave it open that q falls below the least value on a piece. */
function isOpen(search: Search, at: number): boolean {
  const { n, forward, backward, weight, family } = search;
  const { pieces } = family;
  let bound = weight === 0 ? 0 : weight * pieces[at + 2 + 6 * n];
  for (let i = 0; i < n; i++) {
    const low = pieces[at + 2 + 6 * i];
    const high = pieces[at + 3 + 6 * i];
    const first = times(low > 0 ? forward[i] : backward[i], low);
    const last = times(high > 0 ? forward[i] : backward[i], high);
    bound += low < 0 && high > 0 ? Math.min(Math.min(first, last), 0) : Math.min(first, last);
  }
  return !(bound >= threshold(search));
}

/** Searches a piece, cut where a φ_i changes sign that is affine or monotone on it. */
function searchPiece(search: Search, at: number): void {
  const { n, sides, family } = search;
  const { pieces, written } = family;
  const from = pieces[at];
  const to = pieces[at + 1];
  for (let i = 0; i < n; i++) {
    const r = at + 2 + 6 * i;
    sides[i] = pieces[r] >= 0 ? 1 : pieces[r + 1] <= 0 ? -1 : 0;
  }
  bend(search, at);
  if (search.leastSlope >= 0 || search.mostSlope <= 0) {
    consider(search, from);
    consider(search, to);
    return;
  }
  const isCut = (i: number) => {
    const r = at + 2 + 6 * i;
    const [low, high] = [pieces[r], pieces[r + 1]];
    return low < 0 && high > 0 && (written.isAffine[i] || pieces[r + 2] >= 0 || pieces[r + 3] <= 0);
  };
  const first = n > 0 && isCut(0) ? zeroOf(search, 0, from, to) : Number.NaN;
  const second = n > 1 && isCut(1) ? zeroOf(search, 1, from, to) : Number.NaN;
  let start = from;
  for (let part = 0; part < 3; part++) {
    let end = to;
    if (first > start && first < end) end = first;
    if (second > start && second < end) end = second;
    for (let i = 0; i < n; i++) if (isCut(i)) sides[i] = rateAt(search, i, start + (end - start) / 2) > 0 ? 1 : -1;
    searchPart(search, at, start, end);
    start = end;
    if (start >= to) return;
  }
}

function searchPart(search: Search, at: number, from: number, to: number): void {
  const first = consider(search, from);
  const last = consider(search, to);
  bend(search, at);
  if (search.leastSlope >= 0 || search.mostSlope <= 0) return;
  if (search.mostBend <= 0 && !search.kinksUp) return;
  if (search.leastBend >= 0 && !search.kinksDown) searchConvex(search, from, to, first, last);
  else narrow(search, from, to, first, last, isBounded(search) ? HALVINGS.bounded : HALVINGS.blind);
}

/** Whether `boundOf` tells anything. */
function isBounded({ leastSlope, mostSlope, mostBend, kinksUp }: Search): boolean {
  return Number.isFinite(mostSlope - leastSlope) || (!kinksUp && Number.isFinite(mostBend));
}

/** Halves what the bounds do not leave out; `first` and `last` are q at the ends. */
function narrow(search: Search, from: number, to: number, first: number, last: number, halvings: number): void {
  if (boundOf(search, to - from, first, last) >= threshold(search)) return;
  const middle = from + (to - from) / 2;
  if (!(middle > from && middle < to)) return;
  if (halvings === 0) {
    if (slopeAt(search, from) < 0 && slopeAt(search, to) > 0) searchValley(search, from, to, middle);
    return;
  }
  const value = consider(search, middle);
  narrow(search, from, middle, first, value, halvings - 1);
  narrow(search, middle, to, value, last, halvings - 1);
}

/** A lower bound of q between two controls h apart, from its values there, its slopes and second derivatives. */
function boundOf(search: Search, h: number, first: number, last: number): number {
  const { leastSlope: a, mostSlope: b, mostBend } = search;
  const bySlope = (b * first - a * last + a * b * h) / (b - a);
  let byBend = -Infinity;
  if (!search.kinksUp) {
    const drop = mostBend * h * h;
    const rise = Math.abs(last - first);
    const isMonotone = 2 * rise >= drop;
    byBend = isMonotone ? Math.min(first, last) : (first + last) / 2 - drop / 8 - (rise * rise) / (2 * drop);
  }
  // Infinite bounds may leave no number.
  return bySlope >= byBend || Number.isNaN(byBend) ? bySlope : byBend;
}

/** q between two controls where it is convex; no search where its tangents at the ends leave no room. */
function searchConvex(search: Search, from: number, to: number, first: number, last: number): void {
  const falls = slopeAt(search, from);
  const rises = slopeAt(search, to);
  if (!(falls < 0 && rises > 0)) return;
  const meet = from + (last - first - rises * (to - from)) / (falls - rises);
  if (first + falls * (meet - from) >= threshold(search)) return;
  searchValley(search, from, to, meet > from && meet < to ? meet : from + (to - from) / 2);
}
