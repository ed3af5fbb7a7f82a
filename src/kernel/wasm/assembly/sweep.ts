/**
 * The slow sweep of any kind of differencing, for any number of slow axes and candidates, and its average over y.
 */
import { addRowSlopes, addRowViscosity } from './across-rows';
import { addSlopes, addViscosity } from './along-axis';
import { INTERPOLATION, SIZE } from './difference';
import { lowerBetween } from './edges';
import { leastOfFamily } from './family';
import { leastOfFormulas } from './formula-family';
import { feetOnLine, lowerOnLine } from './on-line';
import { longFeet, stand } from './node';
import { feetOnPlane, lowerOnRay, runOf } from './on-plane';
import { Sweep } from './sweep-list';

/**
 * target(s) = increment on lanes [first, last) of row j; `row` is where it starts in the coefficient fields, in bytes.
 * `trial` is a row of scratch, `axes` NODE_SCRATCH bytes of it.
 */
function increments(
  target: usize, trial: usize, axes: usize, sweep: Sweep, v: usize, row: usize, j: i32, first: i32, last: i32, dt: f64,
): void {
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  const none = sweep.count + sweep.families + sweep.formulas == 0;
  if (sweep.count == 0) memory.fill(target + from, 0, to - from);
  for (let c = 0; c < sweep.count; c++) {
    const dest = c == 0 ? target : trial;
    const cost = sweep.cost(c);
    if (cost == 0) memory.fill(dest + from, 0, to - from);
    else memory.copy(dest + from, cost + row + from, to - from);
    const long = sweep.isLong(c, j);
    if (sweep.kind != INTERPOLATION) {
      if (long && sweep.onPlane()) slopesBesideRuns(sweep, dest, c, v, row, j, first, last);
      else slopes(sweep, dest, c, v, row, j, first, last);
    }
    if (long) {
      if (sweep.onLine()) feetOnLine(sweep, dest, c, v, row, j, first, last);
      else if (sweep.onPlane()) feetOnPlane(sweep, dest, c, v, row, j, first, last, axes);
      else longFeet(sweep, dest, c, v, row, j, first, last, axes);
    }
    if (c > 0) lower(target, trial, first, last);
  }
  for (let e = 0; e < sweep.edges; e++) {
    if (!sweep.isLong(sweep.edgeEnd(e, 0), j) && !sweep.isLong(sweep.edgeEnd(e, 1), j)) continue;
    if (sweep.onLine()) lowerOnLine(sweep, target, e, v, row, j, first, last);
    else if (sweep.isRay(e)) lowerOnRay(sweep, target, e, v, row, j, first, last);
    else lowerBetween(sweep, target, e, v, row, j, first, last, axes);
  }
  if (sweep.families + sweep.formulas > 0) lowerFamilies(sweep, target, v, row, j, first, last, axes);
  scaled(target, dt, sweep.rest != 0 || none, first, last);
}

/** target = min(target, the least of all families), without candidates the latter. */
function lowerFamilies(
  sweep: Sweep, target: usize, v: usize, row: usize, j: i32, first: i32, last: i32, axes: usize,
): void {
  const steepest = sweep.moved() == 1 && sweep.families > 0 ? deepestFalls(v, sweep.extent0) : f64x2.splat(0);
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    stand(sweep, axes, s, j);
    let least = sweep.count == 0 ? Infinity : load<f64>(target + o);
    for (let f = 0; f < sweep.families; f++) {
      least = min(least, leastOfFamily(sweep, f, axes, v + o, row + o, steepest));
    }
    for (let f = 0; f < sweep.formulas; f++) {
      least = min(least, leastOfFormulas(sweep, f, axes, v + o, row + o, s, j));
    }
    store<f64>(target + o, least);
  }
}

/** The deepest falls of a row from a node to the one ahead, and to the one back. */
function deepestFalls(v: usize, extent: i32): v128 {
  let ahead: f64 = 0;
  let back: f64 = 0;
  for (let s = 1; s < extent; s++) {
    const rise = load<f64>(v + (<usize>s) * SIZE) - load<f64>(v + (<usize>(s - 1)) * SIZE);
    ahead = min(ahead, rise);
    back = min(back, -rise);
  }
  return f64x2.replace_lane(f64x2.splat(ahead), 1, back);
}

/** The slopes of lanes whose foot is short: those of long ones are not looked at. */
function slopesBesideRuns(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, first: i32, last: i32,
): void {
  const level = sweep.runs(c, j) + 4;
  const count = load<i32>(level);
  let from = first;
  for (let k = 0; k < count && from < last; k++) {
    const run = runOf(level, k);
    const to = min(<i32>(run.lanes & 0xffff), last);
    if (from < to) slopes(sweep, dest, c, v, row, j, from, to);
    from = max(from, <i32>(run.lanes >> 16));
  }
  if (from < last) slopes(sweep, dest, c, v, row, j, from, last);
}

/** dest += Σ_i r_i·difference_i of candidate c. */
function slopes(sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, first: i32, last: i32): void {
  const kind = sweep.kind;
  const margin = sweep.margin;
  let stride = 1;
  for (let axis = 0; axis < sweep.axes; axis++) {
    const extent = sweep.extent(axis);
    addSlopes(kind, margin, dest, sweep.rate(c, axis) + row, v, stride, extent, sweep.floor(axis), first, last);
    stride *= extent;
  }
  for (let a = 0; a < sweep.across; a++) {
    const axis = sweep.axes + a;
    const reach = (<usize>sweep.lineStride(a)) * (<usize>stride) * SIZE;
    const rate = sweep.rate(c, axis) + row;
    const floor = sweep.floor(axis);
    addRowSlopes(kind, margin, dest, rate, v, reach, sweep.place(a, j), sweep.lineNodes(a), floor, first, last);
  }
}

/** target += dt Σ_i ν_i (second difference)/2 where there is a viscosity. */
function viscous(target: usize, list: usize, v: usize, row: usize, first: i32, last: i32, dt: f64): void {
  const sweep = changetype<Sweep>(list);
  if (sweep.viscosities == 0) return;
  let stride = 1;
  for (let axis = 0; axis < sweep.axes; axis++) {
    const extent = sweep.extent(axis);
    addViscosity(target, sweep.viscosity(axis) + row, v, stride, extent, dt, first, last);
    stride *= extent;
  }
  const j = <i32>(row / ((<usize>stride) * SIZE));
  for (let a = 0; a < sweep.across; a++) {
    const reach = (<usize>sweep.lineStride(a)) * (<usize>stride) * SIZE;
    const viscosity = sweep.viscosity(sweep.axes + a) + row;
    addRowViscosity(target, viscosity, v, reach, sweep.place(a, j), sweep.lineNodes(a), dt, first, last);
  }
}

/** target = factor·target, at most 0 where a control can rest. */
function scaled(target: usize, factor: f64, rest: bool, first: i32, last: i32): void {
  const factors = f64x2.splat(factor);
  const most = rest ? 0 : Infinity;
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) {
    v128.store(target + o, f64x2.min(f64x2.mul(factors, v128.load(target + o)), f64x2.splat(most)));
  }
  if (o < end) store<f64>(target + o, min(factor * load<f64>(target + o), most));
}

/** target = min(target, trial). */
function lower(target: usize, trial: usize, first: i32, last: i32): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) v128.store(target + o, f64x2.min(v128.load(target + o), v128.load(trial + o)));
  if (o < end) store<f64>(target + o, min(load<f64>(target + o), load<f64>(trial + o)));
}

/** out = add + increment of V. `trial` is three rows of scratch and NODE_SCRATCH bytes. */
export function sweep(
  out: usize, add: usize, value: usize, list: usize, trial: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, dt: f64,
): void {
  const pitch = (<usize>lanes) * SIZE;
  const slope = trial + pitch;
  const axes = trial + 3 * pitch;
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>j) * pitch;
    increments(slope, trial, axes, changetype<Sweep>(list), value + row, row, j, first, last, dt);
    viscous(slope, list, value + row, row, first, last, dt);
    sum(out + row, add + row, slope, first, last);
  }
}

/** out(x) = add(x) + Σ_j weights_j · increment(x, y_j). `trial` as for a sweep. */
export function average(
  out: usize, add: usize, value: usize, weights: usize, list: usize, trial: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, dt: f64,
): void {
  const pitch = (<usize>lanes) * SIZE;
  const slope = trial + pitch;
  const axes = trial + 3 * pitch;
  const total = slope + pitch;
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  memory.fill(total + from, 0, to - from);
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>j) * pitch;
    increments(slope, trial, axes, changetype<Sweep>(list), value, row, j, first, last, dt);
    weigh(total, weights + row, slope, first, last);
  }
  viscous(total, list, value, 0, first, last, dt);
  sum(out, add, total, first, last);
}

/** total += weights·values. */
function weigh(total: usize, weights: usize, values: usize, first: i32, last: i32): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const part = f64x2.mul(v128.load(weights + o), v128.load(values + o));
    v128.store(total + o, f64x2.add(v128.load(total + o), part));
  }
  if (o < end) store<f64>(total + o, load<f64>(total + o) + load<f64>(weights + o) * load<f64>(values + o));
}

/** out = a + b. */
function sum(out: usize, a: usize, b: usize, first: i32, last: i32): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) v128.store(out + o, f64x2.add(v128.load(a + o), v128.load(b + o)));
  if (o < end) store<f64>(out + o, load<f64>(a + o) + load<f64>(b + o));
}
