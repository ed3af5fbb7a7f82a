/**
 * The global minimum of a formula over one or two of its names, with bounds that hold: interval branch and bound
 * (Hansen, Walster 2004). Boxes are left out by their lower bounds, collapsed where the formula is monotone, finished
 * by Newton's method and its tangent where it is convex, else halved, or cut at a kink where the slope turns positive.
 */
import { convexBound, leastCurvature } from './convex-bound.ts';
import { middleOf } from './interval.ts';
import { EMPTY } from './interval-arithmetic.ts';
import { splitPoint } from './local-minimum.ts';
import { candidate, finish, isFinished, type Search, searchFor, tangentBound } from './minimum-search.ts';
import { above } from './outward.ts';
import type { Tree } from './tree.ts';

/** lower ≤ minimum ≤ value; the formula has at most the value at the point `at`; where no point has one, it is ∞. */
export interface GlobalMinimum {
  /**
   * found: the error is round-off (2^-45 of the size of the formula at most); open: more than that, as boxes ran out or
   * the formula jumps at its minimum; unbounded: no lower bound was found; empty: the formula has no value on the box.
   */
  readonly status: 'found' | 'open' | 'unbounded' | 'empty';
  readonly at: readonly number[];
  readonly value: number;
  readonly lower: number;
  /** value − lower, rounded up. */
  readonly error: number;
  /** How many boxes were looked at. */
  readonly boxes: number;
}

/** The minimum for these values of the parameters over the box of the variables, whose ends may be infinite. */
export type GlobalMinimiser = (
  values: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
) => GlobalMinimum;

/** Boxes that are looked at; hard problems of one variable take a hundred. */
const usualBudget = 2000;

/** Unbounded boxes are not halved beyond here. */
const FARTHEST = 2 ** 100;

/**
 * Compiles the search for the minimum of a formula over one or two variables; its other names are parameters. Throws
 * RangeError for more variables, unknown names, and when called with a box whose ends are reversed.
 */
export function globalMinimiser(
  tree: Tree,
  variables: readonly string[],
  parameters: readonly string[],
  budget: number = usualBudget,
): GlobalMinimiser {
  const n = variables.length;
  if (n !== 1 && n !== 2) throw new RangeError(`globalMinimiser: ${n} variables; one or two are minimised over`);
  const { search, setParameters } = searchFor(tree, variables, parameters, budget);
  return (values, lower, upper) => {
    setParameters(values);
    for (let k = 0; k < n; k++) {
      if (!(lower[k] <= upper[k])) throw new RangeError(`globalMinimiser: [${lower[k]}, ${upper[k]}] is no interval`);
      search.lower[k] = lower[k];
      search.upper[k] = upper[k];
      search.narrow[k] = 2 ** -60 * Math.min(upper[k] - lower[k], FARTHEST);
    }
    return minimise(search, budget);
  };
}

function minimise(s: Search, budget: number): GlobalMinimum {
  s.best = s.floor = Number.POSITIVE_INFINITY;
  s.tolerance = s.grain = 0;
  s.isUnbounded = false;
  s.queue.clear();
  s.queue.push(Number.NEGATIVE_INFINITY, s.lower, s.upper);
  let boxes = 0;
  while (boxes < budget && !s.isUnbounded && s.queue.least < s.best - s.tolerance) {
    const bound = s.queue.pop(s.lower, s.upper);
    boxes++;
    examine(s, bound);
  }
  const value = s.best;
  const lower = Math.min(s.floor, s.queue.least, value);
  if (Math.min(s.floor, s.queue.least) === Number.POSITIVE_INFINITY) {
    return { status: 'empty', at: [], value, lower, error: 0, boxes };
  }
  const error = value > lower ? above(value - lower) : 0;
  const isRoundOff = value < Infinity && error <= s.tolerance + 2 ** -45 * Math.abs(value) + 2 ** 45 * s.grain;
  const status = lower === Number.NEGATIVE_INFINITY ? 'unbounded' : isRoundOff ? 'found' : 'open';
  return { status, at: Array.from(s.at), value, lower, error, boxes };
}

/** Finishes the box at hand, or puts parts of it back. `inherited` is a lower bound from the box it is a part of. */
function examine(s: Search, inherited: number): void {
  const { box, n } = s;
  const [q, ...slopes] = box.results;
  let bound = inherited;
  let isContinuous = false;
  do {
    for (let k = 0; k < n; k++) {
      box.lower[k] = s.lower[k];
      box.upper[k] = s.upper[k];
      s.middle[k] = middleOf(s.lower[k], s.upper[k]);
    }
    box.run(1);
    if (box.flags[q] & EMPTY) return;
    bound = Math.max(inherited, box.lower[q]);
    if (isFinished(s, bound)) break;
    isContinuous = box.flags[q] === 0;
    if (isContinuous) box.run(1 + n, 1);
  } while (isContinuous && isCollapsed(s));
  if (isFinished(s, bound)) {
    finish(s, bound);
    return;
  }
  const centre = candidate(s);
  if (!isContinuous) {
    halve(s, bound);
    return;
  }
  bound = Math.max(bound, tangentBound(s, box, centre));
  const hasKinks = slopes.slice(0, n).some((slope) => box.flags[slope] !== 0);
  if (!hasKinks && !isFinished(s, bound)) {
    box.run(box.results.length, 1 + n);
    const curvature = leastCurvature(s);
    if (curvature >= 0) bound = Math.max(bound, convexBound(s, curvature));
  }
  if (isFinished(s, bound)) finish(s, bound);
  else if (!(hasKinks && n === 1 && isCut(s, bound))) halve(s, bound);
}

/** Where a slope has one sign, the minimum is at an end; where the box is endless there, the formula is unbounded. */
function isCollapsed(s: Search): boolean {
  let isChanged = false;
  for (let k = 0; k < s.n; k++) {
    const slope = s.box.results[1 + k];
    if (s.lower[k] === s.upper[k] || s.box.flags[slope] & EMPTY) continue;
    const rises = s.box.lower[slope] >= 0;
    if (!rises && !(s.box.upper[slope] <= 0)) continue;
    const end = rises ? s.lower[k] : s.upper[k];
    if (Number.isFinite(end)) {
      s.lower[k] = s.upper[k] = end;
      isChanged = true;
    } else if (s.box.lower[slope] > 0 || s.box.upper[slope] < 0) {
      s.isUnbounded = true;
      finish(s, Number.NEGATIVE_INFINITY);
    }
  }
  return isChanged;
}

/** Cuts a box at a kink where the slope turns positive; false where there is none, or the box is small already. */
function isCut(s: Search, bound: number): boolean {
  const [lower, upper] = [s.lower[0], s.upper[0]];
  const slope = (x: number) => {
    s.middle[0] = x;
    return s.smooth.slopes[0](s.middle);
  };
  const isSmall = upper - lower <= 2 ** -40 * Math.max(Math.abs(lower), Math.abs(upper));
  if (isSmall || !Number.isFinite(upper - lower) || !(slope(lower) < 0 && slope(upper) > 0)) return false;
  let [from, to] = [lower, upper];
  for (let x = between(from, to); x > from && x < to; x = between(from, to)) {
    if (slope(x) < 0) from = x;
    else to = x;
  }
  // Round-off of the argument makes its sign uncertain nearby.
  const margin = 2 ** -49 * Math.max(Math.abs(from), Math.abs(to));
  let start = lower;
  for (const end of [from - margin, from, to, to + margin, upper]) {
    if (!(end > start)) continue;
    s.lower[0] = start;
    s.upper[0] = start = Math.min(end, upper);
    s.queue.push(bound, s.lower, s.upper);
  }
  return true;
}

/** Halves an interval of doubles: at 0, or by size, or in the middle; an end where nothing is left between. */
function between(from: number, to: number): number {
  if (from < 0 && to > 0) return 0;
  if (from === 0 || to === 0) return (from + to) * 2 ** -60;
  const ratio = Math.abs(from) < Math.abs(to) ? to / from : from / to;
  return ratio > 4 ? Math.sign(to) * Math.sqrt(from / to) * Math.abs(to) : from + (to - from) / 2;
}

/** Halves the box where side times slope is longest; boxes of neighbouring doubles and far ones are finished. */
function halve(s: Search, bound: number): void {
  let widest = -1;
  let most = 0;
  for (let k = 0; k < s.n; k++) {
    const slope = s.box.results[1 + k];
    const place = splitPoint(s.lower[k], s.upper[k]);
    const width = s.upper[k] - s.lower[k];
    if (!(place > s.lower[k] && place < s.upper[k] && Math.abs(place) <= FARTHEST)) continue;
    // One box without a lower bound is enough to know none; the others then only delay the value.
    const isHopeless = width <= s.narrow[k] || s.floor === Number.NEGATIVE_INFINITY;
    if (bound === Number.NEGATIVE_INFINITY && isHopeless) continue;
    const steepness = Math.max(-s.box.lower[slope], s.box.upper[slope]);
    const weight = Number.isFinite(steepness) && steepness > 0 ? width * steepness : width;
    if (!(weight > most)) continue;
    most = weight;
    widest = k;
  }
  if (widest < 0) {
    finish(s, bound);
    return;
  }
  const [lower, upper] = [s.lower[widest], s.upper[widest]];
  s.upper[widest] = splitPoint(lower, upper);
  s.queue.push(bound, s.lower, s.upper);
  s.lower[widest] = s.upper[widest];
  s.upper[widest] = upper;
  s.queue.push(bound, s.lower, s.upper);
}
