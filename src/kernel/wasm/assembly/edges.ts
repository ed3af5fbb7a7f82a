/**
 * The controls between two candidates where one of their feet is long, at feet a cell apart (`feetBetween` of
 * src/differencing/feet.ts).
 */
import { SIZE } from './difference';
import { axisOf, footDifference } from './feet';
import { EDGE, markLeaving, speedOf, stand } from './node';
import { Sweep } from './sweep-list';

/** target = min(target, the least between the ends of edge e) on lanes [first, last) of row j, in units of dt. */
export function lowerBetween(
  sweep: Sweep, target: usize, e: i32, v: usize, row: usize, j: i32, first: i32, last: i32, axes: usize,
): void {
  const foot = sweep.foot();
  const from = sweep.edgeEnd(e, 0);
  const to = sweep.edgeEnd(e, 1);
  const moved = sweep.moved();
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    const at = row + o;
    if (sweep.feet == 1) {
      const fast = max(from < 0 ? 0 : speedOf(sweep, from, at), to < 0 ? 0 : speedOf(sweep, to, at));
      if (!(foot * fast > 1)) continue;
    }
    stand(sweep, axes, s, j);
    for (let i = 0; i < moved; i++) {
      store<f64>(start(axes, i), from < 0 ? 0 : foot * load<f64>(sweep.rate(from, i) + at));
      store<f64>(end(axes, i), to < 0 ? 0 : foot * load<f64>(sweep.rate(to, i) + at));
    }
    const least = leastOnEdge(sweep, axes, v + o, costAt(sweep, from, at), costAt(sweep, to, at), at);
    store<f64>(target + o, min(load<f64>(target + o), least));
  }
}

// @ts-ignore: decorator
@inline
function start(axes: usize, i: i32): usize {
  return axes + EDGE + (<usize>i) * SIZE;
}

// @ts-ignore: decorator
@inline
function end(axes: usize, i: i32): usize {
  return axes + EDGE + (<usize>(4 + i)) * SIZE;
}

/** Where the sign changes are kept, in the order of their place on the edge. */
// @ts-ignore: decorator
@inline
function turn(axes: usize, k: i32): usize {
  return axes + EDGE + (<usize>(8 + k)) * SIZE;
}

function costAt(sweep: Sweep, c: i32, at: usize): f64 {
  const cost = c < 0 ? 0 : sweep.cost(c);
  return cost == 0 ? 0 : load<f64>(cost + at);
}

/** The least of (V(foot) − V)/foot + ℓ over the feet of an edge. */
function leastOnEdge(sweep: Sweep, axes: usize, v: usize, costFrom: f64, costTo: f64, at: usize): f64 {
  // Feet a cell apart along the slow axes.
  const moved = sweep.axes;
  let least: f64 = Infinity;
  const turns = sortTurns(axes, moved);
  let low: f64 = 0;
  for (let piece = 0; piece <= turns; piece++) {
    const high = piece == turns ? 1 : load<f64>(turn(axes, piece));
    let a: f64 = 0;
    let b: f64 = 0;
    for (let i = 0; i < moved; i++) {
      a += abs(cellsAt(axes, i, low));
      b += abs(cellsAt(axes, i, high));
    }
    const stop = floor(max(a, b));
    for (let t = ceil(min(a, b)); t <= stop && a != b; t += 1) {
      const theta = low + ((t - a) / (b - a)) * (high - low);
      if (theta > 0 && theta < 1) least = min(least, atTheta(sweep, axes, v, theta, costFrom, costTo, at));
    }
    if (piece < turns) least = min(least, atTheta(sweep, axes, v, high, costFrom, costTo, at));
    low = high;
  }
  return least;
}

// @ts-ignore: decorator
@inline
function cellsAt(axes: usize, i: i32, theta: f64): f64 {
  const a = load<f64>(start(axes, i));
  return a + theta * (load<f64>(end(axes, i)) - a);
}

/** Lists where d_i changes sign along the edge, in ascending order; returns how often. */
function sortTurns(axes: usize, moved: i32): i32 {
  let count = 0;
  for (let i = 0; i < moved; i++) {
    const a = load<f64>(start(axes, i));
    const b = load<f64>(end(axes, i));
    if (!(a * b < 0)) continue;
    const theta = a / (a - b);
    let k = count++;
    for (; k > 0 && load<f64>(turn(axes, k - 1)) > theta; k--) {
      store<f64>(turn(axes, k), load<f64>(turn(axes, k - 1)));
    }
    store<f64>(turn(axes, k), theta);
  }
  return count;
}

function atTheta(sweep: Sweep, axes: usize, v: usize, theta: f64, costFrom: f64, costTo: f64, at: usize): f64 {
  for (let i = 0; i < sweep.moved(); i++) axisOf(axes, i).cells = cellsAt(axes, i, theta);
  markLeaving(sweep, axes, at);
  return footDifference(axes, sweep.moved(), v) / sweep.foot() + (costFrom + theta * (costTo - costFrom));
}
