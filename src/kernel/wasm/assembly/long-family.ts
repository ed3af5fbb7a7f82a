/**
 * One control of a family along one axis, with feet of any length: short ones by the bracket of differences, long ones
 * by the value at the foot, at nodes, at stationary points between two nodes and at the ends of U.
 */
import { SIZE } from './difference';
import { leastOnLine, leastQuadratic, rootOf, term } from './family';
import { axisOf, footDifference } from './feet';
import { EDGE, markLeaving } from './node';
import { Sweep } from './sweep-list';

/** The least over U in units of dt; `steepest` holds the deepest fall of V per cell ahead and back in this row, ≤ 0. */
export function leastOnFeet(
  sweep: Sweep, axes: usize, v: usize, at: usize, lower: f64, upper: f64, steepest: v128,
): f64 {
  const unit = 1 / sweep.foot();
  const pieces = cutAt(axes, unit, lower, upper);
  let least: f64 = Infinity;
  for (let k = 0; k < pieces; k++) {
    const low = load<f64>(cut(axes, k));
    const high = load<f64>(cut(axes, k + 1));
    if (isShort(axes, unit, low, high)) least = min(least, leastOnLine(axes, 1, low, high));
  }
  for (let k = 0; k < pieces; k++) {
    const low = load<f64>(cut(axes, k));
    const high = load<f64>(cut(axes, k + 1));
    if (!isShort(axes, unit, low, high)) least = leastOfPiece(sweep, axes, v, at, low, high, steepest, least);
  }
  return least;
}

/** The ends of pieces of U, in scratch memory. */
// @ts-ignore: decorator
@inline
function cut(axes: usize, k: i32): usize {
  return axes + EDGE + (<usize>k) * SIZE;
}

/** Cuts U where the foot is one cell away, ahead or back; returns the number of pieces. */
function cutAt(axes: usize, unit: f64, lower: f64, upper: f64): i32 {
  let count = 1;
  store<f64>(cut(axes, 0), lower);
  for (let r = 0; r < 4; r++) {
    const value = r < 2 ? unit : -unit;
    const root = rootOf(term(axes, 3, 0, 0) - value, term(axes, 3, 0, 1), term(axes, 3, 0, 2), r & 1);
    if (!(root > lower && root < upper)) continue;
    let k = count++;
    for (; k > 1 && load<f64>(cut(axes, k - 1)) > root; k--) store<f64>(cut(axes, k), load<f64>(cut(axes, k - 1)));
    store<f64>(cut(axes, k), root);
  }
  store<f64>(cut(axes, count), upper);
  return count;
}

function isShort(axes: usize, unit: f64, low: f64, high: f64): bool {
  return abs(rateAt(axes, insideOf(low, high))) < unit;
}

/** A point between two ends, of which one or both may be infinite. */
function insideOf(low: f64, high: f64): f64 {
  if (low > -Infinity && high < Infinity) return (low + high) / 2;
  if (low > -Infinity) return low + 1 + abs(low);
  return high < Infinity ? high - 1 - abs(high) : 0;
}

// @ts-ignore: decorator
@inline
function rateAt(axes: usize, u: f64): f64 {
  return term(axes, 3, 0, 0) + term(axes, 3, 0, 1) * u + term(axes, 3, 0, 2) * (u * u);
}

/** The least of `least` and of the long feet of a piece, which all lead to the same side. */
function leastOfPiece(
  sweep: Sweep, axes: usize, v: usize, at: usize, low: f64, high: f64, steepest: v128, least: f64,
): f64 {
  const foot = sweep.foot();
  const ahead = rateAt(axes, insideOf(low, high)) > 0;
  const axis = axisOf(axes, 0);
  const reach = ahead ? axis.reach : -axis.reach;
  const room = ahead ? axis.last - axis.place : axis.place;
  const side: f64 = ahead ? 1 : -1;
  const here = load<f64>(v);
  const first = room == 0 ? 0 : load<f64>(v + <usize>(<isize>reach)) - here;
  const fall = min<f64>(ahead ? f64x2.extract_lane(steepest, 0) : f64x2.extract_lane(steepest, 1), 0);
  // V(foot) − V ≥ first + (|d| − 1)·fall; where that is no less than what is known, no foot need be looked at.
  const a = first / foot - fall / foot + fall * side * term(axes, 3, 0, 0) + term(axes, 3, 1, 0);
  const b = fall * side * term(axes, 3, 0, 1) + term(axes, 3, 1, 1);
  const c = fall * side * term(axes, 3, 0, 2) + term(axes, 3, 1, 2);
  if (leastQuadratic(a, b, c, low, high) >= least) return least;

  let best = min(atFoot(sweep, axes, v, at, low), atFoot(sweep, axes, v, at, high));
  best = min(best, atTurn(sweep, axes, v, at, 0, low, high));
  // The end of the piece where feet are longest, for a rate that is affine; else the whole piece stands for the rest.
  const affine = term(axes, 3, 0, 2) == 0;
  const rises = side * term(axes, 3, 0, 1) > 0;
  for (let t = 0; t <= room; t++) {
    const passed = load<f64>(v + <usize>(<isize>t * <isize>reach));
    const start = affine ? ((side * <f64>t) / foot - term(axes, 3, 0, 0)) / term(axes, 3, 0, 1) : NaN;
    const from = affine && rises ? max(low, min(high, start)) : low;
    const to = affine && !rises ? min(high, max(low, start)) : high;
    // Beyond node t: V(foot) − V ≥ V_t − V + (|d| − t)·fall.
    const rest = (passed - here - <f64>t * fall) / foot + fall * side * term(axes, 3, 0, 0) + term(axes, 3, 1, 0);
    if (leastQuadratic(rest, b, c, from, to) >= min(best, least)) break;
    for (let second = 0; second < 2; second++) {
      const value = (side * <f64>t) / foot;
      const root = rootOf(term(axes, 3, 0, 0) - value, term(axes, 3, 0, 1), term(axes, 3, 0, 2), second);
      if (root > low && root < high) best = min(best, atFoot(sweep, axes, v, at, root));
    }
    if (t == room) break;
    const next = load<f64>(v + <usize>(<isize>(t + 1) * <isize>reach));
    const slope = side * (next - passed);
    best = min(best, atTurn(sweep, axes, v, at, slope, low, high));
  }
  return min(best, least);
}

/** The value at the stationary point of slope·r(u) + ℓ(u), if it lies inside. */
function atTurn(sweep: Sweep, axes: usize, v: usize, at: usize, slope: f64, low: f64, high: f64): f64 {
  const bend = term(axes, 3, 1, 2) + slope * term(axes, 3, 0, 2);
  if (!(bend > 0)) return Infinity;
  const u = -(term(axes, 3, 1, 1) + slope * term(axes, 3, 0, 1)) / (2 * bend);
  return u > low && u < high ? atFoot(sweep, axes, v, at, u) : Infinity;
}

/** (V(foot) − V)/foot + ℓ(u); ∞ at an infinite end. */
function atFoot(sweep: Sweep, axes: usize, v: usize, at: usize, u: f64): f64 {
  if (u - u != 0) return Infinity;
  axisOf(axes, 0).cells = sweep.foot() * rateAt(axes, u);
  markLeaving(sweep, axes, at);
  const cost = term(axes, 3, 1, 0) + term(axes, 3, 1, 1) * u + term(axes, 3, 1, 2) * (u * u);
  return footDifference(axes, 1, v) / sweep.foot() + cost;
}
