/**
 * Long feet along two slow axes, in runs of lanes that see them in the same simplex (src/kernel/wasm/plane-runs.ts).
 * Where a foot leads over an end its lane is looked at alone; where every control may leave there node.ts is asked.
 */
import { SIZE } from './difference';
import { longFeet } from './node';
import { Sweep } from './sweep-list';

/** Parts closer than this are the same. */
const SAME: f64 = 1e-13;

/** A run as its words: its lanes, and the simplex that they see. */
// @ts-ignore: decorator
@unmanaged
export class Run {
  lanes: u32;
  key: u32;

  // @ts-ignore: decorator
  @inline
  from(first: i32): i32 {
    return max(<i32>(this.lanes & 0xffff), first);
  }

  // @ts-ignore: decorator
  @inline
  to(last: i32): i32 {
    return min(<i32>(this.lanes >> 16), last);
  }
}

/** Run k of a level. */
// @ts-ignore: decorator
@inline
export function runOf(level: usize, k: i32): Run {
  return changetype<Run>(level + 4 + (<usize>k) * 8);
}

const AHEAD_1: u32 = 1 << 24;
const AHEAD_2: u32 = 1 << 25;
const SECOND_FIRST: u32 = 1 << 26;
const ALONE: u32 = 1 << 27;

/** dest = (V(foot) − V)/foot + ℓ of candidate c at the nodes of a row whose foot is long. */
export function feetOnPlane(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, first: i32, last: i32, axes: usize,
): void {
  const canLeave = sweep.rest == 0 && sweep.feet == 1;
  const level = sweep.runs(c, j) + 4;
  const count = load<i32>(level);
  for (let k = 0; k < count; k++) {
    const run = runOf(level, k);
    const a = run.from(first);
    const b = run.to(last);
    if (run.key & ALONE) for (let s = a; s < b; s++) footAt(sweep, dest, c, v, row, j, s, axes, canLeave);
    else if (a < b) footRun(sweep, dest, c, v, row, run.key, a, b);
  }
}

/** The first corner of a simplex, in bytes from the node. */
// @ts-ignore: decorator
@inline
function cornerOf(key: u32, reach1: isize, reach2: isize): isize {
  const whole1 = <isize>(key & 0xfff);
  const whole2 = <isize>((key >> 12) & 0xfff);
  return whole1 * reach1 + (whole2 - whole1) * reach2;
}

function footRun(sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, key: u32, first: i32, last: i32): void {
  const across = <isize>sweep.extent0 * <isize>SIZE;
  const reach1 = key & AHEAD_1 ? <isize>SIZE : -(<isize>SIZE);
  const reach2 = key & AHEAD_2 ? across : -across;
  const low = cornerOf(key, reach1, reach2);
  const secondFirst = (key & SECOND_FIRST) != 0;
  const middle = secondFirst ? low + reach2 : low + reach1 - reach2;
  const high = low + reach1;
  const time = f64x2.splat(sweep.foot());
  const whole1 = f64x2.splat(<f64>(key & 0xfff));
  const whole2 = f64x2.splat(<f64>((key >> 12) & 0xfff));
  const one = sweep.rate(c, 0) + row;
  const two = sweep.rate(c, 1) + row;
  const cost = sweep.cost(c);
  for (let s = first; s < last; s += 2) {
    // The last lane of an odd run is taken with the one before it, twice.
    const o = (<usize>(s + 1 == last && s > first ? s - 1 : s)) * SIZE;
    const a1 = f64x2.mul(time, f64x2.abs(v128.load(one + o)));
    const sum = f64x2.add(a1, f64x2.mul(time, f64x2.abs(v128.load(two + o))));
    const part1 = f64x2.sub(a1, whole1);
    const part2 = f64x2.sub(sum, whole2);
    const upper = secondFirst ? part2 : part1;
    const lower = secondFirst ? part1 : part2;
    const base = v128.load(v + o + low);
    const corner = v128.load(v + o + middle);
    const rise = f64x2.mul(lower, f64x2.sub(v128.load(v + o + high), corner));
    const there = f64x2.add(f64x2.add(base, f64x2.mul(upper, f64x2.sub(corner, base))), rise);
    const change = f64x2.div(f64x2.sub(there, v128.load(v + o)), time);
    const value = cost == 0 ? change : f64x2.add(change, v128.load(cost + row + o));
    if (s + 1 == last && s == first) v128.store64_lane(dest + o, value, 0);
    else v128.store(dest + o, value);
  }
}

/** The same at one node. */
function footAt(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, s: i32, axes: usize, canLeave: bool,
): void {
  const foot = sweep.foot();
  const o = (<usize>s) * SIZE;
  const d1 = foot * load<f64>(sweep.rate(c, 0) + row + o);
  const d2 = foot * load<f64>(sweep.rate(c, 1) + row + o);
  if (sweep.feet == 1 && !(abs(d1) + abs(d2) > 1)) return;
  const across = <isize>sweep.extent0 * <isize>SIZE;
  const cells1 = inside(s % sweep.extent0, sweep.extent0, d1);
  const cells2 = inside(s / sweep.extent0, sweep.extent1, d2);
  if (canLeave && !(cells1 == d1 && cells2 == d2)) {
    longFeet(sweep, dest, c, v, row, j, s, s + 1, axes);
    return;
  }
  const change = (valueAt(v + o, across, cells1, cells2) - load<f64>(v + o)) / foot;
  store<f64>(dest + o, sweep.cost(c) == 0 ? change : change + load<f64>(sweep.cost(c) + row + o));
}

/** target = min(target, the least between rest and a candidate without cost whose foot is long), in units of dt. */
export function lowerOnRay(
  sweep: Sweep, target: usize, e: i32, v: usize, row: usize, j: i32, first: i32, last: i32,
): void {
  const c = sweep.edgeEnd(e, 0) < 0 ? sweep.edgeEnd(e, 1) : sweep.edgeEnd(e, 0);
  const runs = sweep.runs(c, j);
  const levels = load<i32>(runs);
  let level = runs + 4;
  for (let t = 0; t < levels; t++) {
    const count = load<i32>(level);
    for (let k = 0; k < count; k++) {
      const run = runOf(level, k);
      const a = run.from(first);
      const b = run.to(last);
      if (run.key & ALONE) {
        if (t == 0) for (let s = a; s < b; s++) lowerAt(sweep, target, c, v, row, s);
      } else if (t > 0 && a < b) lowerRun(sweep, target, c, v, row, run.key, <f64>t, a, b);
    }
    level += 4 + (<usize>count) * 8;
  }
}

/** The feet t cells on the way: two corners a step along the first axis against one along the second apart. */
function lowerRun(
  sweep: Sweep, target: usize, c: i32, v: usize, row: usize, key: u32, t: f64, first: i32, last: i32,
): void {
  const across = <isize>sweep.extent0 * <isize>SIZE;
  const reach1 = key & AHEAD_1 ? <isize>SIZE : -(<isize>SIZE);
  const reach2 = key & AHEAD_2 ? across : -across;
  const low = cornerOf(key, reach1, reach2);
  const high = low + reach1 - reach2;
  const whole = f64x2.splat(<f64>(key & 0xfff));
  const cells = f64x2.splat(t);
  const unit = f64x2.splat(1 / sweep.foot());
  const one = sweep.rate(c, 0) + row;
  const two = sweep.rate(c, 1) + row;
  for (let s = first; s < last; s += 2) {
    const o = (<usize>(s + 1 == last && s > first ? s - 1 : s)) * SIZE;
    const a1 = f64x2.abs(v128.load(one + o));
    const share = f64x2.div(a1, f64x2.add(a1, f64x2.abs(v128.load(two + o))));
    const part = f64x2.sub(f64x2.mul(cells, share), whole);
    const base = v128.load(v + o + low);
    const there = f64x2.add(base, f64x2.mul(part, f64x2.sub(v128.load(v + o + high), base)));
    const change = f64x2.mul(f64x2.sub(there, v128.load(v + o)), unit);
    const value = f64x2.pmin(change, v128.load(target + o));
    if (s + 1 == last && s == first) v128.store64_lane(target + o, value, 0);
    else v128.store(target + o, value);
  }
}

/** The same at one node. */
function lowerAt(sweep: Sweep, target: usize, c: i32, v: usize, row: usize, s: i32): void {
  const foot = sweep.foot();
  const o = (<usize>s) * SIZE;
  const d1 = foot * load<f64>(sweep.rate(c, 0) + row + o);
  const d2 = foot * load<f64>(sweep.rate(c, 1) + row + o);
  const length = abs(d1) + abs(d2);
  if (sweep.feet == 1 && !(length > 1)) return;
  const across = <isize>sweep.extent0 * <isize>SIZE;
  const i = s % sweep.extent0;
  const k = s / sweep.extent0;
  const share = 1 / length;
  let least: f64 = Infinity;
  for (let t: f64 = 1; t < length; t += 1) {
    const cells1 = inside(i, sweep.extent0, t * share * d1);
    least = min(least, valueAt(v + o, across, cells1, inside(k, sweep.extent1, t * share * d2)));
  }
  store<f64>(target + o, min(load<f64>(target + o), (least - load<f64>(v + o)) / foot));
}

/** V at a foot inside the box (src/differencing/feet.ts). */
// @ts-ignore: decorator
@inline
function valueAt(at: usize, across: isize, d1: f64, d2: f64): f64 {
  const reach1 = d1 > 0 ? <isize>SIZE : -(<isize>SIZE);
  const reach2 = d2 > 0 ? across : -across;
  const length = abs(d1) + abs(d2);
  const whole1 = floor(abs(d1));
  const whole2 = floor(length);
  const part1 = abs(d1) - whole1;
  const part2 = length - whole2;
  const low = <isize>at + <isize>whole1 * reach1 + (<isize>whole2 - <isize>whole1) * reach2;
  const lower = min(part1, part2);
  // Parts that differ by rounding are equal: else a corner beyond an end might be read.
  const upper = max(part1, part2) - lower > SAME ? max(part1, part2) : lower;
  let there = (1 - upper) * load<f64>(<usize>low);
  if (upper > lower) {
    const middle = part2 >= part1 ? low + reach2 : low + reach1 - reach2;
    there += (upper - lower) * load<f64>(<usize>middle);
  }
  // With both sums rounded up the corner is a step along the first axis away.
  if (lower > 0) there += lower * load<f64>(<usize>(low + reach1));
  return there;
}

// @ts-ignore: decorator
@inline
function inside(place: i32, extent: i32, d: f64): f64 {
  return min<f64>(max<f64>(d, <f64>-place), <f64>(extent - 1 - place));
}
