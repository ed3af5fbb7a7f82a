/** What the search for a minimum by boxes works on: compiled formulas, the box at hand, the best value so far. */
import { type BoxQueue, boxQueue } from './box-queue.ts';
import { derivative } from './derivative.ts';
import { type IntervalProgram, intervalProgram } from './interval.ts';
import { EMPTY, PARTIAL } from './interval-arithmetic.ts';
import type { Smooth } from './local-minimum.ts';
import { above, leastChange, sumBelow } from './outward.ts';
import { compileTogether } from './program.ts';
import type { Tree } from './tree.ts';

export interface Search {
  readonly n: number;
  /** The formula, its slopes and its second derivatives on the box at hand: lower, upper. */
  readonly box: IntervalProgram;
  /** The formula and its slopes at one point. */
  readonly point: IntervalProgram;
  readonly smooth: Smooth;
  readonly queue: BoxQueue;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** A point of the box. */
  readonly middle: Float64Array;
  readonly at: Float64Array;
  /** Narrower boxes without a lower bound are given up. */
  readonly narrow: Float64Array;
  /** The least upper bound of the minimum that is known. */
  best: number;
  /** Boxes whose lower bound is within this of the best value are finished. */
  tolerance: number;
  /** What counts as nothing: 2^-90 of the first value. A minimum 0 at a kink would be approached without end. */
  grain: number;
  /** The least lower bound of the boxes that are finished. */
  floor: number;
  /** Whether the formula is known to fall without bound. */
  isUnbounded: boolean;
}

/** A search for the minimum of a formula over one or two variables, and the function that sets its parameters. */
export function searchFor(
  tree: Tree,
  variables: readonly string[],
  parameters: readonly string[],
  budget: number,
): { readonly search: Search; readonly setParameters: (values: ArrayLike<number>) => void } {
  const n = variables.length;
  const slopes = variables.map((name) => derivative(tree, name));
  const curvatures = slopes.flatMap((slope, i) => variables.slice(i).map((name) => derivative(slope, name)));
  const names = [...variables, ...parameters];
  const given = parameters.map(() => 0);
  const compiled = compileTogether([tree, ...slopes, ...curvatures], variables, parameters);
  const [value, ...rest] = compiled.map((each) => (x: Float64Array) => each(x, given));
  const box = intervalProgram([tree, ...slopes, ...curvatures], names, 1);
  const point = intervalProgram([tree, ...slopes], names, 1);
  const search: Search = {
    n,
    box,
    point,
    smooth: { value, slopes: rest.slice(0, n), curvatures: rest.slice(n) },
    // A box that is taken out brings five at most.
    queue: boxQueue(n, 4 * budget + 5),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    middle: new Float64Array(n),
    at: new Float64Array(n),
    narrow: new Float64Array(n),
    best: Number.POSITIVE_INFINITY,
    tolerance: 0,
    grain: 0,
    floor: Number.POSITIVE_INFINITY,
    isUnbounded: false,
  };
  const setParameters = (values: ArrayLike<number>): void => {
    for (let k = 0; k < parameters.length; k++) {
      if (Number.isNaN(values[k])) throw new RangeError(`globalMinimiser: the value of ${parameters[k]} is NaN`);
      given[k] = values[k];
      box.lower[n + k] = box.upper[n + k] = point.lower[n + k] = point.upper[n + k] = values[k];
    }
  };
  return { search, setParameters };
}

/** Whether a box with this lower bound is left out. */
export function isFinished(s: Search, bound: number): boolean {
  return bound >= s.best - s.tolerance;
}

/** Leaves a box out; its lower bound counts for the error. */
export function finish(s: Search, bound: number): void {
  s.floor = Math.min(s.floor, bound);
}

/** The formula at s.middle: its upper bound may be the best one; its lower bound is returned. */
export function candidate(s: Search): number {
  const { point } = s;
  for (let k = 0; k < s.n; k++) point.lower[k] = point.upper[k] = s.middle[k];
  point.run(1);
  const q = point.results[0];
  if (point.flags[q] & EMPTY) return Number.NEGATIVE_INFINITY;
  if (!(point.flags[q] & PARTIAL) && point.upper[q] < s.best) {
    if (s.best === Number.POSITIVE_INFINITY) s.grain = 2 ** -90 * Math.abs(point.upper[q]);
    // 0 without a sign.
    s.best = point.upper[q] + 0;
    s.at.set(s.middle);
    s.tolerance = 8 * (point.upper[q] - point.lower[q]) + 2 ** -50 * Math.abs(s.best) + s.grain;
  }
  return point.lower[q];
}

/**
 * Lower bound over the box of q(m) + slope · (x − m) + curvature |x − m|²/2, m = s.middle, slopes as a program encloses
 * them: on the box it is the mean-value form; at m it is the tangent, which holds where the formula is convex.
 */
export function tangentBound(s: Search, program: IntervalProgram, centre: number, curvature = 0): number {
  let bound = centre;
  for (let k = 0; k < s.n; k++) {
    const slope = program.results[1 + k];
    if (program.flags[slope] & EMPTY) return Number.NEGATIVE_INFINITY;
    const [least, most] = [program.lower[slope], program.upper[slope]];
    const change = leastChange(least, most, s.lower[k], s.upper[k], s.middle[k]);
    const steepest = Math.max(-least, most);
    const parabola = curvature > 0 ? -above(above(steepest * steepest) / curvature / 2) : Number.NEGATIVE_INFINITY;
    bound = sumBelow(bound, Math.max(change, parabola));
  }
  return bound;
}
