/**
 * The least of one control given by formulas at a node: src/control/least-formula.ts, operation by operation. Formulas
 * are functions (point, out) of the table that src/kernel/wasm/formula-table.js fills.
 */
import { SIZE } from './difference';
import {
  ahead, back, bend, bound, consider, Formulas, POINT, rateAt, Search, searchValley, setSide, slopeAt, threshold, times,
  word, zeroOf,
} from './formula-search';
import { differenceMet, FAMILY } from './node';
import { Sweep } from './sweep-list';

/** As in src/control/formula-pieces.ts. */
const HALVINGS: i32 = 9;
const HALVINGS_BLIND: i32 = 4;

/** The least over U at lane s of row j, in units of dt; `at` is the node in coefficient fields, in bytes. */
export function leastOfFormulas(sweep: Sweep, k: i32, axes: usize, v: usize, at: usize, s: i32, j: i32): f64 {
  const w = sweep.formulaFamily(k);
  const f = changetype<Search>(axes + FAMILY);
  const n = w.components;
  const cells = sweep.cells(at);
  f.forward0 = met(sweep, axes, 0, 1, v, at, cells, w);
  f.backward0 = met(sweep, axes, 0, -1, v, at, cells, w);
  if (n > 1) {
    f.forward1 = met(sweep, axes, 1, 1, v, at, cells, w);
    f.backward1 = met(sweep, axes, 1, -1, v, at, cells, w);
  }
  stand(w, f, s, j);
  const block = word(w.slowBlock, s) * w.fastBlocks + word(w.fastBlock, j);
  const pieces = <usize>w.pieces;
  const first = pieces + (<usize>word(w.starts, block) << 3);
  const last = pieces + (<usize>word(w.starts, block + 1) << 3);
  const size = <usize>(2 + 6 * (n + 1)) << 3;
  f.best = Infinity;
  consider(w, f, load<f64>(<usize>w.ends));
  for (let piece = first; piece < last; piece += size) {
    if (isOpen(w, f, piece)) consider(w, f, load<f64>(piece, 8));
  }
  for (let piece = first; piece < last; piece += size) {
    if (isOpen(w, f, piece)) searchPiece(w, f, piece);
  }
  return f.best;
}

/** The slope that a rate of this sign meets. */
function met(sweep: Sweep, axes: usize, i: i32, side: f64, v: usize, at: usize, cells: i32, w: Formulas): f64 {
  return differenceMet(sweep, axes, i, side, v, at, cells) / load<f64>(<usize>w.spacing + (<usize>i << 3));
}

/** Puts the coordinates of a node into the point. */
function stand(w: Formulas, f: Search, s: i32, j: i32): void {
  const point = changetype<usize>(f) + POINT;
  const fixed = <usize>w.ends + 16;
  for (let k = 0; k < w.names; k++) store<f64>(point + (<usize>k << 3), load<f64>(fixed + (<usize>k << 3)));
  const n = w.components;
  for (let a = 0; a < n + w.fastAxes; a++) {
    const node = a < n ? s : j;
    store<f64>(point + (<usize>a << 3), load<f64>(<usize>(<u32>word(w.coordinates, a)) + (<usize>node << 3)));
  }
}

/** Whether every control leaves over an end at the node that stands at byte `at` of coefficient fields. */
export function allFormulasLeave(w: Formulas, i: i32, side: f64, at: usize): bool {
  return ((load<u8>(<usize>w.leaves + at / SIZE) >> <u8>(2 * i + (side > 0 ? 1 : 0))) & 1) != 0;
}

function isOpen(w: Formulas, f: Search, at: usize): bool {
  const n = w.components;
  let least = bound(at, n, 0);
  for (let i = 0; i < n; i++) {
    const low = bound(at, i, 0);
    const high = bound(at, i, 1);
    const first = times(low > 0 ? ahead(f, i) : back(f, i), low);
    const last = times(high > 0 ? ahead(f, i) : back(f, i), high);
    least += low < 0 && high > 0 ? min<f64>(min<f64>(first, last), 0) : min<f64>(first, last);
  }
  return !(least >= threshold(f));
}

/** Whether φ_i changes sign on a piece and is affine or monotone there. */
function isCut(w: Formulas, at: usize, i: i32): bool {
  if (!(bound(at, i, 0) < 0 && bound(at, i, 1) > 0)) return false;
  return ((w.affine >> i) & 1) != 0 || bound(at, i, 2) >= 0 || bound(at, i, 3) <= 0;
}

function searchPiece(w: Formulas, f: Search, at: usize): void {
  const n = w.components;
  const from = load<f64>(at);
  const to = load<f64>(at, 8);
  for (let i = 0; i < n; i++) setSide(f, i, bound(at, i, 0) >= 0 ? 1 : bound(at, i, 1) <= 0 ? -1 : 0);
  bend(w, f, at);
  if (f.leastSlope >= 0 || f.mostSlope <= 0) {
    consider(w, f, from);
    consider(w, f, to);
    return;
  }
  const first = isCut(w, at, 0) ? zeroOf(w, f, 0, from, to) : NaN;
  const second = n > 1 && isCut(w, at, 1) ? zeroOf(w, f, 1, from, to) : NaN;
  let start = from;
  for (let part = 0; part < 3; part++) {
    let end = to;
    if (first > start && first < end) end = first;
    if (second > start && second < end) end = second;
    for (let i = 0; i < n; i++) {
      if (isCut(w, at, i)) setSide(f, i, rateAt(w, f, i, start + (end - start) / 2) > 0 ? 1 : -1);
    }
    searchPart(w, f, at, start, end);
    start = end;
    if (start >= to) return;
  }
}

function searchPart(w: Formulas, f: Search, at: usize, from: f64, to: f64): void {
  const first = consider(w, f, from);
  const last = consider(w, f, to);
  bend(w, f, at);
  if (f.leastSlope >= 0 || f.mostSlope <= 0) return;
  if (f.mostBend <= 0 && f.kinksUp == 0) return;
  if (f.leastBend >= 0 && f.kinksDown == 0) searchConvex(w, f, from, to, first, last);
  else narrow(w, f, from, to, first, last, isBounded(f) ? HALVINGS : HALVINGS_BLIND);
}

/** Whether `boundOf` tells anything. */
function isBounded(f: Search): bool {
  return isFinite(f.mostSlope - f.leastSlope) || (f.kinksUp == 0 && isFinite(f.mostBend));
}

function narrow(w: Formulas, f: Search, from: f64, to: f64, first: f64, last: f64, halvings: i32): void {
  if (boundOf(f, to - from, first, last) >= threshold(f)) return;
  const middle = from + (to - from) / 2;
  if (!(middle > from && middle < to)) return;
  if (halvings == 0) {
    if (slopeAt(w, f, from) < 0 && slopeAt(w, f, to) > 0) searchValley(w, f, from, to, middle);
    return;
  }
  const value = consider(w, f, middle);
  narrow(w, f, from, middle, first, value, halvings - 1);
  narrow(w, f, middle, to, value, last, halvings - 1);
}

function boundOf(f: Search, h: f64, first: f64, last: f64): f64 {
  const a = f.leastSlope;
  const b = f.mostSlope;
  const bySlope = (b * first - a * last + a * b * h) / (b - a);
  let byBend: f64 = -Infinity;
  if (f.kinksUp == 0) {
    const drop = f.mostBend * h * h;
    const rise = abs(last - first);
    byBend = 2 * rise >= drop ? min<f64>(first, last) : (first + last) / 2 - drop / 8 - (rise * rise) / (2 * drop);
  }
  return bySlope >= byBend || byBend != byBend ? bySlope : byBend;
}

function searchConvex(w: Formulas, f: Search, from: f64, to: f64, first: f64, last: f64): void {
  const falls = slopeAt(w, f, from);
  const rises = slopeAt(w, f, to);
  if (!(falls < 0 && rises > 0)) return;
  const meet = from + (last - first - rises * (to - from)) / (falls - rises);
  if (first + falls * (meet - from) >= threshold(f)) return;
  searchValley(w, f, from, to, meet > from && meet < to ? meet : from + (to - from) / 2);
}
