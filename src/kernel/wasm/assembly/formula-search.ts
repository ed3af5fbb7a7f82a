/** What a search for the least value of formulas at a node works on: src/control/formula-search.ts. */

/** A family as words in memory, written by src/kernel/wasm/formula-words.ts. Addresses of doubles unless said. */
// @ts-ignore: decorator
@unmanaged
export class Formulas {
  /** Places in the table of φ and ℓ, and of these with their slopes and second derivatives. */
  values: u32;
  all: u32;
  /** Coordinates of a point, and which of them is the control. */
  names: i32;
  control: i32;
  /** The ends of U, then a point with the controls that do not move. */
  ends: u32;
  /** Components of φ, and for each a bit: 1 where it is affine. */
  components: i32;
  affine: i32;
  spacing: u32;
  /** 32-bit words: per slow axis the address of the coordinate of every slow node, then per fast axis of fast ones. */
  coordinates: u32;
  fastAxes: i32;
  pieces: u32;
  /** 32-bit words: where the pieces of a block start; the blocks of slow nodes, and of fast ones. */
  starts: u32;
  slowBlock: u32;
  fastBlock: u32;
  fastBlocks: i32;
  /** A byte per node: bit 2i + 1 (2i) is 1 where every control leaves over the upper (lower) end of axis i. */
  leaves: u32;
}

/** Where a search stands, in scratch memory. */
// @ts-ignore: decorator
@unmanaged
export class Search {
  forward0: f64;
  forward1: f64;
  backward0: f64;
  backward1: f64;
  best: f64;
  leastSlope: f64;
  mostSlope: f64;
  leastBend: f64;
  mostBend: f64;
  side0: i32;
  side1: i32;
  kinksUp: i32;
  kinksDown: i32;
}

/** Bytes from a search to its point, and to what formulas give. */
export const POINT: usize = 128;
const OUT: usize = 256;
/** As in src/control/formula-search.ts. */
const ROUND_OFF: f64 = 3.552713678800501e-15;
const MOST_STEPS: i32 = 80;
const HALF_UNIT: f64 = 1.1102230246251565e-16;
const QUARTER_UNIT: f64 = 5.551115123125783e-17;

// @ts-ignore: decorator
@inline
export function word(address: u32, k: i32): i32 {
  return load<i32>(<usize>address + (<usize>k << 2));
}

// @ts-ignore: decorator
@inline
export function ahead(f: Search, i: i32): f64 {
  return i == 0 ? f.forward0 : f.forward1;
}

// @ts-ignore: decorator
@inline
export function back(f: Search, i: i32): f64 {
  return i == 0 ? f.backward0 : f.backward1;
}

// @ts-ignore: decorator
@inline
function sideOf(f: Search, i: i32): i32 {
  return i == 0 ? f.side0 : f.side1;
}

// @ts-ignore: decorator
@inline
export function setSide(f: Search, i: i32, side: i32): void {
  if (i == 0) f.side0 = side;
  else f.side1 = side;
}

/** Entry k of what formulas gave. */
// @ts-ignore: decorator
@inline
function given(f: Search, k: i32): f64 {
  return load<f64>(changetype<usize>(f) + OUT + (<usize>k << 3));
}

// @ts-ignore: decorator
@inline
function setControl(w: Formulas, f: Search, u: f64): void {
  store<f64>(changetype<usize>(f) + POINT + (<usize>w.control << 3), u);
}

// @ts-ignore: decorator
@inline
function callValues(w: Formulas, f: Search): void {
  call_indirect<void>(w.values, changetype<usize>(f) + POINT, changetype<usize>(f) + OUT);
}

// @ts-ignore: decorator
@inline
function callAll(w: Formulas, f: Search): void {
  call_indirect<void>(w.all, changetype<usize>(f) + POINT, changetype<usize>(f) + OUT);
}

/** Entry k of quantity q of the piece at byte `at`. */
// @ts-ignore: decorator
@inline
export function bound(at: usize, q: i32, k: i32): f64 {
  return load<f64>(at + (<usize>(2 + 6 * q + k) << 3));
}

export function consider(w: Formulas, f: Search, u: f64): f64 {
  const n = w.components;
  setControl(w, f, u);
  callValues(w, f);
  let value = given(f, n);
  for (let i = 0; i < n; i++) {
    const rate = given(f, i);
    value += rate > 0 ? rate * ahead(f, i) : rate * back(f, i);
  }
  if (value < f.best) f.best = value;
  return value;
}

// @ts-ignore: decorator
@inline
export function threshold(f: Search): f64 {
  return f.best - ROUND_OFF * abs(f.best);
}

// @ts-ignore: decorator
@inline
export function times(factor: f64, limit: f64): f64 {
  return factor == 0 ? 0 : factor * limit;
}

export function rateAt(w: Formulas, f: Search, i: i32, u: f64): f64 {
  setControl(w, f, u);
  callValues(w, f);
  return given(f, i);
}

export function zeroOf(w: Formulas, f: Search, i: i32, from: f64, to: f64): f64 {
  const n = w.components;
  const rising = rateAt(w, f, i, to) > 0;
  if (rateAt(w, f, i, from) > 0 == rising) return NaN;
  let low = from;
  let high = to;
  let u = low + (high - low) / 2;
  let step: f64 = Infinity;
  for (let k = 0; k < MOST_STEPS; k++) {
    setControl(w, f, u);
    callAll(w, f);
    const rate = given(f, i);
    if (rate == 0) return u;
    if (rate > 0 == rising) high = u;
    else low = u;
    const newton = u - rate / given(f, n + 1 + i);
    const isUsed = newton > low && newton < high && abs(newton - u) <= step / 2;
    const next = isUsed ? newton : low + (high - low) / 2;
    step = abs(next - u);
    if (!(next > low && next < high)) return u;
    u = next;
    if (step <= HALF_UNIT * abs(u)) return u;
  }
  return u;
}

export function bend(w: Formulas, f: Search, at: usize): void {
  const n = w.components;
  f.leastSlope = bound(at, n, 2);
  f.mostSlope = bound(at, n, 3);
  f.leastBend = bound(at, n, 4);
  f.mostBend = bound(at, n, 5);
  f.kinksUp = 0;
  f.kinksDown = 0;
  for (let i = 0; i < n; i++) {
    const a = sideOf(f, i) < 0 ? back(f, i) : ahead(f, i);
    const b = sideOf(f, i) > 0 ? ahead(f, i) : back(f, i);
    if (a > b) f.kinksUp = 1;
    if (a < b) f.kinksDown = 1;
    f.leastSlope += leastOf(a, b, bound(at, i, 2), bound(at, i, 3));
    f.mostSlope -= leastOf(-a, -b, bound(at, i, 2), bound(at, i, 3));
    f.leastBend += leastOf(a, b, bound(at, i, 4), bound(at, i, 5));
    f.mostBend -= leastOf(-a, -b, bound(at, i, 4), bound(at, i, 5));
  }
}

function leastOf(a: f64, b: f64, low: f64, high: f64): f64 {
  return min<f64>(min<f64>(times(a, low), times(a, high)), min<f64>(times(b, low), times(b, high)));
}

export function slopeAt(w: Formulas, f: Search, u: f64): f64 {
  setControl(w, f, u);
  callAll(w, f);
  return derivativeAt(w, f, w.components + 1);
}

/** The derivative of q whose formulas start at `first` among what was given. */
function derivativeAt(w: Formulas, f: Search, first: i32): f64 {
  const n = w.components;
  let slope = given(f, first + n);
  for (let i = 0; i < n; i++) {
    const side = sideOf(f, i);
    const isAhead = side == 0 ? given(f, i) > 0 : side > 0;
    slope += (isAhead ? ahead(f, i) : back(f, i)) * given(f, first + i);
  }
  return slope;
}

export function searchValley(w: Formulas, f: Search, from: f64, to: f64, start: f64): void {
  const n = w.components;
  let low = from;
  let high = to;
  let u = start;
  let step: f64 = Infinity;
  for (let k = 0; k < MOST_STEPS; k++) {
    const slope = slopeAt(w, f, u);
    if (slope > 0) high = u;
    else if (slope < 0) low = u;
    else break;
    const newton = u - slope / derivativeAt(w, f, 2 * (n + 1));
    const isUsed = newton > low && newton < high && abs(newton - u) <= step / 2;
    const next = isUsed ? newton : low + (high - low) / 2;
    if (!(next > low && next < high)) break;
    step = abs(next - u);
    u = next;
    if (step <= HALF_UNIT * abs(u)) break;
    if (isUsed && abs(slope) * step <= QUARTER_UNIT * abs(f.best)) break;
  }
  consider(w, f, u);
}
