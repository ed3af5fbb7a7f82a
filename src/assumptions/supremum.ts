/**
 * The supremum of a quantity over boxes with bounds that hold: best first, the box with the largest upper bound is
 * looked at in its middle and halved along the variable that matters most.
 */
import { boxQueue } from '../formula/box-queue.ts';
import { middleOf } from '../formula/interval.ts';
import { splitPoint } from '../formula/local-minimum.ts';
import type { Bounds } from './matrix-bounds.ts';

/** A box by its ends, which may be infinite. */
export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** A number at every point. */
export interface Quantity {
  /** Bounds over all points of a box: the upper one of the supremum; at a point, both are of its value. */
  readonly over: (from: Float64Array, to: Float64Array) => Bounds;
  /** By variable, what the last box owes to its width along it; 0 where nothing. */
  readonly influence: Float64Array;
  /** How many operations one evaluation is. */
  readonly operations: number;
}

/** lower ≤ supremum ≤ upper, and a point where the quantity is at least `lower`. */
export interface Supremum extends Bounds {
  readonly at: readonly number[] | null;
}

/** Relative distance of the bounds that is close enough, unless a threshold lies between them. */
const CLOSE = 1e-3;
const CLOSEST = 1e-10;
/** Boxes narrower than this share of the first one are not halved. */
const NARROWEST = 2 ** -44;
/** Unbounded boxes are not halved beyond here. */
const FARTHEST = 2 ** 60;
/** Operations in one search, some 0.05 s, and boxes in any search. */
const OPERATIONS = 2e6;
const BOXES = { least: 400, most: 20_000 };

/** Bounds of the supremum over a union of boxes; `threshold` is a value that it is to be compared with. */
export function supremum(q: Quantity, boxes: readonly Box[], threshold = Number.NaN, effort = 1): Supremum {
  const n = q.influence.length;
  const budget = Math.round(effort * Math.min(BOXES.most, Math.max(BOXES.least, OPERATIONS / q.operations)));
  const queue = boxQueue(n, 2 * budget + boxes.length + 4);
  const [lower, upper, point] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const widths = Array.from({ length: n }, (_, k) => Math.max(...boxes.map((box) => box.upper[k] - box.lower[k])));
  let [best, floor]: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let at: readonly number[] | null = null;
  const look = (place: (k: number) => number): void => {
    for (let k = 0; k < n; k++) point[k] = place(k);
    const { lower: value } = q.over(point, point);
    if (!(value > best)) return;
    best = value;
    at = Array.from(point);
  };
  const isClose = (bound: number): boolean => {
    const isSplit = best < threshold && threshold <= bound;
    return bound <= best + (isSplit ? CLOSEST : CLOSE) * Math.abs(best);
  };
  const enter = (bound: number): void => {
    look((k) => middleOf(lower[k], upper[k]));
    look((k) => (Math.abs(lower[k]) > Math.abs(upper[k]) ? finite(lower[k]) : finite(upper[k])));
    const above = q.over(lower, upper).upper;
    const own = Number.isNaN(above) ? bound : Math.min(bound, above);
    const side = isClose(own) ? -1 : widest(q.influence, lower, upper, widths);
    if (side < 0) {
      floor = Math.max(floor, own);
      return;
    }
    const end = upper[side];
    const split = splitPoint(lower[side], end);
    upper[side] = split;
    queue.push(-own, lower, upper);
    lower[side] = split;
    upper[side] = end;
    queue.push(-own, lower, upper);
  };
  for (const box of boxes) {
    lower.set(box.lower);
    upper.set(box.upper);
    queue.push(Number.NEGATIVE_INFINITY, lower, upper);
  }
  for (let looks = 0; looks < budget && -queue.least > Math.max(floor, best); looks++) {
    if (isClose(-queue.least)) break;
    enter(-queue.pop(lower, upper));
  }
  return { lower: best, upper: Math.max(floor, -queue.least, best), at };
}

function finite(end: number): number {
  return Number.isFinite(end) ? end : Math.sign(end) * FARTHEST;
}

/** The variable to halve along, −1 where every side is as narrow as it may be. */
function widest(influence: Float64Array, lower: Float64Array, upper: Float64Array, widths: readonly number[]): number {
  let [found, most] = [-1, 0];
  for (let k = 0; k < influence.length; k++) {
    if (!(influence[k] > 0)) continue;
    const place = splitPoint(lower[k], upper[k]);
    const isSplit = place > lower[k] && place < upper[k] && Math.abs(place) <= FARTHEST;
    const width = upper[k] - lower[k];
    if (!isSplit || (Number.isFinite(widths[k]) && width <= NARROWEST * widths[k])) continue;
    const weight = Number.isFinite(influence[k])
      ? influence[k]
      : Number.MAX_VALUE * Math.min(1, width / widths[k] || 1);
    if (!(weight > most)) continue;
    most = weight;
    found = k;
  }
  return found;
}
