/**
 * Arithmetic of formulas on intervals: the result contains the value at every point of the operands, as a real
 * number and as a double, where both are finite all the way. Bounds are rounded outwards (Moore 1966; IEEE 1788);
 * infinite ones mean unbounded. At a pole there is no value, although doubles have one there (1/0, atan(1/0)).
 */

import { above, below, productAbove, productBelow, sumAbove, sumBelow, wellAbove, wellBelow } from './outward.ts';
import { huber } from './stable-functions.js';

/** Some points of the operands have no finite value. */
export const PARTIAL = 1;
/** The value may jump between points of the operands. */
export const JUMPS = 2;
/** No point of the operands has a value; the bounds then mean nothing. */
export const EMPTY = 4;

/** Bounds and flags of numbered quantities. */
export interface Registers {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly flags: Uint8Array;
}

/**
 * Writes register `out` from registers a and b, and c where there are three; its flags are already those of a and b.
 * Does not allocate.
 */
export type IntervalOperation = (r: Registers, a: number, b: number, out: number, c: number) => void;

/**
 * Largest error of powers and most functions in units of the last place, twice: the bounds contain doubles as well as
 * real numbers. Measured in V8 on 20 000 points each: below 0.95, and 1.3 for atan2.
 */
export const ELEMENTARY = 4;

export function set(r: Registers, out: number, lower: number, upper: number): void {
  r.lower[out] = lower;
  r.upper[out] = upper;
}

const add: IntervalOperation = (r, a, b, out) =>
  set(r, out, sumBelow(r.lower[a], r.lower[b]), sumAbove(r.upper[a], r.upper[b]));

const subtract: IntervalOperation = (r, a, b, out) =>
  set(r, out, sumBelow(r.lower[a], -r.upper[b]), sumAbove(r.upper[a], -r.lower[b]));

const multiply: IntervalOperation = (r, a, b, out, c) => {
  if (a === b) square(r, a, b, out, c);
  else product(r, out, r.lower[a], r.upper[a], r.lower[b], r.upper[b]);
};

/** By the signs of the factors: a negative first factor changes the sign of both. */
function product(r: Registers, out: number, al: number, au: number, bl: number, bu: number): void {
  if (au <= 0) {
    if (al < 0) product(r, out, -au, -al, -bu, -bl);
    else set(r, out, 0, 0);
  } else if (al >= 0) {
    const lower = bl >= 0 ? Math.max(0, productBelow(al, bl)) : productBelow(au, bl);
    const upper = bu <= 0 ? Math.min(0, productAbove(al, bu)) : productAbove(au, bu);
    set(r, out, lower, upper);
  } else if (bl >= 0) {
    set(r, out, productBelow(al, bu), productAbove(au, bu));
  } else if (bu <= 0) {
    set(r, out, productBelow(au, bl), productAbove(al, bl));
  } else {
    const lower = Math.min(productBelow(al, bu), productBelow(au, bl));
    set(r, out, lower, Math.max(productAbove(al, bl), productAbove(au, bu)));
  }
}

const divide: IntervalOperation = (r, a, b, out) => quotient(r, out, r.lower[a], r.upper[a], r.lower[b], r.upper[b]);

function quotient(r: Registers, out: number, al: number, au: number, bl: number, bu: number): void {
  if (bl < 0 && bu <= 0) {
    quotient(r, out, -au, -al, -bu, -bl);
  } else if (bl < 0 || bu === 0) {
    r.flags[out] |= PARTIAL | JUMPS;
    set(r, out, -Infinity, Infinity);
  } else {
    // A divisor from 0 upwards: what is negative falls to −∞ there, what is positive rises to ∞.
    if (bl === 0) r.flags[out] |= PARTIAL;
    const least = Math.max(0, bl);
    const lower = al >= 0 ? Math.max(0, below(al / bu)) : below(al / least);
    const upper = au <= 0 ? Math.min(0, above(au / bu)) : above(au / least);
    set(r, out, lower, upper);
  }
}

/** 1/out in the place of out. */
export const reciprocal = (r: Registers, out: number): void => quotient(r, out, 1, 1, r.lower[out], r.upper[out]);

const negate: IntervalOperation = (r, a, _, out) => set(r, out, -r.upper[a], -r.lower[a]);

const square: IntervalOperation = (r, a, _, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  const nearest = l > 0 ? l : u < 0 ? u : 0;
  set(r, out, Math.max(0, below(nearest * nearest)), above(Math.max(l * l, u * u)));
};

/** x^n by multiplication, as programs do it: n roundings. */
const wholePower: IntervalOperation = (r, a, b, out) => {
  const exponent = r.lower[b];
  if (exponent === 0) r.flags[out] = 0;
  powerOf(r, out, r.lower[a], r.upper[a], exponent, ELEMENTARY + Math.abs(exponent));
};

function powerOf(r: Registers, out: number, l: number, u: number, exponent: number, units: number): void {
  const size = Math.abs(exponent);
  const first = raised(l, size);
  const last = raised(u, size);
  if (size % 2 === 1) {
    set(r, out, wellBelow(first, units), wellAbove(last, units));
    if (l >= 0) r.lower[out] = Math.max(0, r.lower[out]);
    if (u <= 0) r.upper[out] = Math.min(0, r.upper[out]);
  } else {
    const least = l > 0 ? first : u < 0 ? last : raised(0, size);
    set(r, out, Math.max(0, wellBelow(least, units)), wellAbove(Math.max(first, last), units));
  }
  if (exponent < 0) reciprocal(r, out);
}

/** As `units` count them: up to 16 by multiplication, which is several times faster. */
function raised(base: number, exponent: number): number {
  if (exponent > 16) return base ** exponent;
  let value = 1;
  for (let k = 0; k < exponent; k++) value *= base;
  return value;
}

const power: IntervalOperation = (r, a, b, out) => {
  const al = r.lower[a];
  const au = r.upper[a];
  const bl = r.lower[b];
  const bu = r.upper[b];
  // a^0 is 1 even where a has no value.
  if (bl === 0 && bu === 0) r.flags[out] = r.flags[b];
  else if (bl <= 0 && bu >= 0 && r.flags[a] & EMPTY) r.flags[out] = r.flags[b] | PARTIAL | JUMPS;
  if (bl === bu && Number.isInteger(bl)) return powerOf(r, out, al, au, bl, ELEMENTARY + Math.min(16, Math.abs(bl)));
  // Negative bases have powers at whole exponents only, of either sign.
  if (al < 0 && au < 0 && bl === bu) r.flags[out] |= EMPTY;
  if (al < 0 || (al === 0 && bl <= 0)) r.flags[out] |= PARTIAL | JUMPS;
  const twoSided = al < 0 && bl !== bu;
  const from = Math.max(0, twoSided ? -au : al);
  const to = Math.max(0, twoSided ? -al : au, au);
  // Monotone in the base and in the exponent: the extremes are at corners.
  const least = Math.min(corner(from, bl), corner(from, bu), corner(to, bl), corner(to, bu));
  const largest = Math.max(corner(from, bl), corner(from, bu), corner(to, bl), corner(to, bu));
  const upper = wellAbove(largest, ELEMENTARY);
  set(r, out, twoSided ? -upper : Math.max(0, wellBelow(least, ELEMENTARY)), upper);
};

/** 1^∞ is 1 here: exponents are unbounded, not infinite. */
function corner(base: number, exponent: number): number {
  return base === 1 ? 1 : base ** exponent;
}

const absolute: IntervalOperation = (r, a, _, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  set(r, out, l > 0 ? l : u < 0 ? -u : 0, Math.max(-l, u));
};

/** At 0 alone all slopes of |a|, so that derivatives enclose those of kinks. */
const signum: IntervalOperation = (r, a, _, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  if (l <= 0 && u >= 0) r.flags[out] |= JUMPS;
  const atZero = l === 0 && u === 0;
  set(r, out, atZero ? -1 : Math.sign(l), atZero ? 1 : Math.sign(u));
};

const smaller: IntervalOperation = (r, a, b, out) =>
  set(r, out, Math.min(r.lower[a], r.lower[b]), Math.min(r.upper[a], r.upper[b]));

const larger: IntervalOperation = (r, a, b, out) =>
  set(r, out, Math.max(r.lower[a], r.lower[b]), Math.max(r.upper[a], r.upper[b]));

/** As sign: where both sides may be equal both answers, so that slopes enclose those on either side. */
const less: IntervalOperation = (r, a, b, out) => {
  const holds = r.upper[a] < r.lower[b];
  const fails = r.lower[a] > r.upper[b];
  if (!holds && !fails) r.flags[out] |= JUMPS;
  set(r, out, holds ? 1 : 0, fails ? 0 : 1);
};

const greater: IntervalOperation = (r, a, b, out, c) => less(r, b, a, out, c);

/** The branch that is chosen, and the hull of both where the condition is open. */
const chosen: IntervalOperation = (r, condition, a, out, b) => {
  const flags = r.flags[condition];
  const takesFirst = r.lower[condition] > 0;
  const takesSecond = r.upper[condition] < 1;
  if (takesFirst !== takesSecond || flags & EMPTY) {
    const branch = takesFirst ? a : b;
    r.flags[out] = flags | r.flags[branch];
    return set(r, out, r.lower[branch], r.upper[branch]);
  }
  r.flags[out] = flags | ((r.flags[a] | r.flags[b]) & ~EMPTY) | (r.flags[a] & r.flags[b]);
  const lower = r.flags[a] & EMPTY ? r.lower[b] : r.lower[a];
  const upper = r.flags[a] & EMPTY ? r.upper[b] : r.upper[a];
  const isOne = r.flags[b] & EMPTY;
  set(r, out, isOne ? lower : Math.min(lower, r.lower[b]), isOne ? upper : Math.max(upper, r.upper[b]));
};

/** huber grows with d; in |a| it grows where d ≥ 0 and falls else. */
const loss: IntervalOperation = (r, a, b, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  const nearest = l > 0 ? l : u < 0 ? -u : 0;
  const farthest = Math.max(-l, u);
  const least = valueOfLoss(r.lower[b] >= 0 ? nearest : farthest, r.lower[b]);
  const most = valueOfLoss(r.upper[b] >= 0 ? farthest : nearest, r.upper[b]);
  set(r, out, wellBelow(least, ELEMENTARY), wellAbove(most, ELEMENTARY));
  if (r.lower[b] >= 0) r.lower[out] = Math.max(0, r.lower[out]);
};

/** As `huber`, at infinite ends too. */
function valueOfLoss(size: number, d: number): number {
  if (d === 0) return 0;
  if (size === Number.POSITIVE_INFINITY || d === Number.NEGATIVE_INFINITY) return d > 0 ? Infinity : -Infinity;
  return huber(size, d);
}

/** Operations by the names that programs give them. */
export const intervalArithmetic: Readonly<Record<string, IntervalOperation>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  negate,
  square,
  'whole power': wholePower,
  '^': power,
  pow: power,
  abs: absolute,
  sign: signum,
  min: smaller,
  max: larger,
  huber: loss,
  '<': less,
  '<=': less,
  '>': greater,
  '>=': greater,
  where: chosen,
};
