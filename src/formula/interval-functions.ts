/** The functions of formulas on intervals; see interval-arithmetic for what bounds and flags mean. */
import { erf } from './error-function.js';
import { ELEMENTARY, EMPTY, type IntervalOperation, JUMPS, PARTIAL, reciprocal, set } from './interval-arithmetic.ts';
import { above, wellAbove, wellBelow } from './outward.ts';
import { logcosh, sigmoid, softplus } from './stable-functions.js';

const TURN = 2 * Math.PI;
/** Units of the last place, twice the largest error: measured below 2.2 for functions with exp inside, 8.5 for erf. */
const HYPERBOLIC = 8;
const ERROR_FUNCTION = 32;

/** Bounds of a value of a function: sin(0), log(1) and the like are 0 exactly, exp(-1000) is not. */
function lowerOf(value: number, at: number, units: number): number {
  return value === 0 && (at === 0 || at === 1) ? 0 : wellBelow(value, units);
}

function upperOf(value: number, at: number, units: number): number {
  return value === 0 && (at === 0 || at === 1) ? 0 : wellAbove(value, units);
}

/** An increasing function within its range. */
function increasing(f: (a: number) => number, least: number, most: number, units: number): IntervalOperation {
  return (r, a, _, out) => {
    const l = r.lower[a];
    const u = r.upper[a];
    set(r, out, Math.max(least, lowerOf(f(l), l, units)), Math.min(most, upperOf(f(u), u, units)));
  };
}

/** Whether peak + k·period lies between the bounds for some whole k; rather yes than no. */
function reaches(lower: number, upper: number, peak: number, period: number): boolean {
  const slack = 2 ** -49 * Math.max(1, Math.abs(lower), Math.abs(upper));
  return peak + period * Math.ceil((lower - slack - peak) / period) <= upper + slack;
}

/** A wave of period 2π with maxima 1 at `peak` and minima −1 half a turn later. */
function wave(f: (a: number) => number, peak: number): IntervalOperation {
  return (r, a, _, out) => {
    const l = r.lower[a];
    const u = r.upper[a];
    if (!(u - l < TURN)) return set(r, out, -1, 1);
    const wide = l < u;
    const first = f(l);
    const last = f(u);
    const lower = Math.max(-1, first < last ? lowerOf(first, l, ELEMENTARY) : lowerOf(last, u, ELEMENTARY));
    const upper = Math.min(1, first < last ? upperOf(last, u, ELEMENTARY) : upperOf(first, l, ELEMENTARY));
    const falls = wide && reaches(l, u, peak + Math.PI, TURN);
    const rises = wide && reaches(l, u, peak, TURN);
    set(r, out, falls ? -1 : lower, rises ? 1 : upper);
  };
}

const cosine = wave(Math.cos, 0);

const tangent: IntervalOperation = (r, a, _, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  if (!(u - l < Math.PI) || (l < u && reaches(l, u, Math.PI / 2, Math.PI))) {
    r.flags[out] |= PARTIAL | JUMPS;
    return set(r, out, -Infinity, Infinity);
  }
  set(r, out, lowerOf(Math.tan(l), l, ELEMENTARY), upperOf(Math.tan(u), u, ELEMENTARY));
};

/** An even function that rises with |a|, at least `least`. */
function valley(f: (a: number) => number, least: number, units: number): IntervalOperation {
  return (r, a, _, out) => {
    const l = r.lower[a];
    const u = r.upper[a];
    const nearest = l > 0 ? l : u < 0 ? u : 0;
    const farthest = Math.max(-l, u);
    set(r, out, Math.max(least, lowerOf(f(nearest), nearest, units)), upperOf(f(farthest), farthest, units));
  };
}

const hyperbolicCosine = valley(Math.cosh, 1, HYPERBOLIC);

/** A monotone function on [from, to] only; `units` of error. */
function within(f: (a: number) => number, from: number, to: number, units: number): IntervalOperation {
  return (r, a, _, out) => {
    if (r.lower[a] < from || r.upper[a] > to) r.flags[out] |= PARTIAL;
    if (r.upper[a] < from || r.lower[a] > to) r.flags[out] |= EMPTY;
    const l = Math.min(to, Math.max(from, r.lower[a]));
    const u = Math.max(from, Math.min(to, r.upper[a]));
    const first = f(l);
    const last = f(u);
    if (first < last) set(r, out, lowerOf(first, l, units), upperOf(last, u, units));
    else set(r, out, lowerOf(last, u, units), upperOf(first, l, units));
  };
}

function logarithm(log: (a: number) => number): IntervalOperation {
  const ofPositive = within(log, 0, Infinity, ELEMENTARY);
  return (r, a, b, out, c) => {
    // log(0) is −∞, not a finite value.
    if (r.lower[a] <= 0) r.flags[out] |= PARTIAL;
    ofPositive(r, a, b, out, c);
  };
}

/** The angle of (b, a): extremes at corners, but for boxes that meet the half-line b ≤ 0, a = 0. */
const angle: IntervalOperation = (r, a, b, out) => {
  const l = r.lower[a];
  const u = r.upper[a];
  if (l <= 0 && u >= 0 && r.lower[b] <= 0) {
    r.flags[out] |= JUMPS;
    return set(r, out, -above(Math.PI), above(Math.PI));
  }
  const ll = Math.atan2(l, r.lower[b]);
  const lu = Math.atan2(l, r.upper[b]);
  const ul = Math.atan2(u, r.lower[b]);
  const uu = Math.atan2(u, r.upper[b]);
  set(r, out, wellBelow(Math.min(ll, lu, ul, uu), ELEMENTARY), wellAbove(Math.max(ll, lu, ul, uu), ELEMENTARY));
};

/** Functions by their names in formulas. */
export const intervalFunctions: Readonly<Record<string, IntervalOperation>> = {
  sin: wave(Math.sin, Math.PI / 2),
  cos: cosine,
  tan: tangent,
  sec: (r, a, b, out) => {
    cosine(r, a, b, out, b);
    reciprocal(r, out);
  },
  asin: within(Math.asin, -1, 1, ELEMENTARY),
  acos: within(Math.acos, -1, 1, ELEMENTARY),
  atan: increasing(Math.atan, -2, 2, ELEMENTARY),
  sinh: increasing(Math.sinh, -Infinity, Infinity, HYPERBOLIC),
  cosh: hyperbolicCosine,
  tanh: increasing(Math.tanh, -1, 1, HYPERBOLIC),
  sech: (r, a, b, out) => {
    hyperbolicCosine(r, a, b, out, b);
    reciprocal(r, out);
  },
  exp: increasing(Math.exp, 0, Infinity, ELEMENTARY),
  log: logarithm(Math.log),
  log10: logarithm(Math.log10),
  sqrt: within(Math.sqrt, 0, Infinity, 1),
  erf: increasing(erf, -1, 1, ERROR_FUNCTION),
  sigmoid: increasing(sigmoid, 0, 1, HYPERBOLIC),
  softplus: increasing(softplus, 0, Infinity, HYPERBOLIC),
  logcosh: valley(logcosh, 0, HYPERBOLIC),
  atan2: angle,
};
