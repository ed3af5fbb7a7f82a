/**
 * The slow sweep of any kind of differencing, for any number of slow axes and candidates, and its average over y.
 */
import { addRowSlopes, addRowViscosity } from './across-rows';
import { addInner, addSlopes } from './along-axis';
import { INTERPOLATION, SIZE } from './difference';
import { lowerBetween } from './edges';
import { leastOfFamily } from './family';
import { leastOfFormulas } from './formula-family';
import { feetOnLine, lowerOnLine, runAt } from './on-line';
import { longFeet, stand } from './node';
import { addNoise } from './noise';
import { addColumns } from './noise-columns';
import { feetOnPlane, lowerOnRay, runOf } from './on-plane';
import { Sweep } from './sweep-list';

/**
 * target(s) = the least change per unit of time of all candidates on lanes [first, last) of row j; `row` is where it
 * starts in the coefficient fields, in bytes. `trial` is a row of scratch, `axes` NODE_SCRATCH bytes of it.
 */
function increments(
  target: usize, trial: usize, axes: usize, sweep: Sweep, v: usize, row: usize, j: i32, first: i32, last: i32,
): void {
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  if (sweep.count == 0) memory.fill(target + from, 0, to - from);
  for (let c = 0; c < sweep.count; c++) {
    const dest = c == 0 ? target : trial;
    const cost = sweep.cost(c);
    if (cost == 0) memory.fill(dest + from, 0, to - from);
    else memory.copy(dest + from, cost + row + from, to - from);
    const long = sweep.isLong(c, j);
    if (sweep.kind != INTERPOLATION) {
      if (long && sweep.listed != 0) slopesBesideRuns(sweep, dest, c, v, row, j, first, last);
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
}

/** What dt times the least of all candidates is bounded by: 0 where a control can rest or there is none, else ∞. */
// @ts-ignore: decorator
@inline
function mostOf(sweep: Sweep): f64 {
  return sweep.rest != 0 || sweep.count + sweep.families + sweep.formulas == 0 ? 0 : Infinity;
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
      least = min(least, leastOfFamily(sweep, f, axes, v + o, row + o, j, steepest));
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
  const onLine = sweep.onLine();
  const runs = sweep.runs(c, j);
  const level = onLine ? runs : runs + 4;
  const count = load<i32>(level);
  let from = first;
  for (let k = 0; k < count && from < last; k++) {
    const to = min(onLine ? runAt(level, k).first : runOf(level, k).from(0), last);
    if (from < to) slopes(sweep, dest, c, v, row, j, from, to);
    from = max(from, onLine ? runAt(level, k).last : runOf(level, k).to(last));
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
  let stride = 1;
  for (let axis = 0; axis < sweep.axes; axis++) {
    const extent = sweep.extent(axis);
    addInner(target, sweep.viscosity(axis) + row, v, stride, extent, 1, dt, first, last);
    stride *= extent;
  }
  const j = <i32>(row / ((<usize>stride) * SIZE));
  for (let a = 0; a < sweep.across; a++) {
    const reach = (<usize>sweep.lineStride(a)) * (<usize>stride) * SIZE;
    const viscosity = sweep.viscosity(sweep.axes + a) + row;
    addRowViscosity(target, viscosity, v, reach, sweep.place(a, j), sweep.lineNodes(a), dt, first, last);
  }
}

/** target = min(factor·target, most). */
function scaled(target: usize, factor: f64, most: f64, first: i32, last: i32): void {
  const factors = f64x2.splat(factor);
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) {
    v128.store(target + o, f64x2.min(f64x2.mul(factors, v128.load(target + o)), f64x2.splat(most)));
  }
  if (o < end) store<f64>(target + o, min(factor * load<f64>(target + o), most));
}

/** out = add + min(factor·slope, most). */
function advanced(out: usize, add: usize, slope: usize, factor: f64, most: f64, first: i32, last: i32): void {
  const factors = f64x2.splat(factor);
  const top = f64x2.splat(most);
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const change = f64x2.min(f64x2.mul(factors, v128.load(slope + o)), top);
    v128.store(out + o, f64x2.add(v128.load(add + o), change));
  }
  if (o < end) store<f64>(out + o, load<f64>(add + o) + min(factor * load<f64>(slope + o), most));
}

/** target = min(target, trial). */
function lower(target: usize, trial: usize, first: i32, last: i32): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + 16 <= end; o += 16) v128.store(target + o, f64x2.min(v128.load(target + o), v128.load(trial + o)));
  if (o < end) store<f64>(target + o, min(load<f64>(target + o), load<f64>(trial + o)));
}

/** out = add + increment of V on rows [start, end). `trial` is three rows of scratch and NODE_SCRATCH bytes. */
export function sweep(
  out: usize, add: usize, value: usize, list: usize, trial: usize,
  lanes: i32, start: i32, end: i32, first: i32, last: i32, dt: f64,
): void {
  const pitch = (<usize>lanes) * SIZE;
  const slope = trial + pitch;
  const axes = trial + 3 * pitch;
  const sweep = changetype<Sweep>(list);
  const most = mostOf(sweep);
  for (let j = start; j < end; j++) {
    const row = (<usize>j) * pitch;
    increments(slope, trial, axes, sweep, value + row, row, j, first, last);
    if (sweep.viscosities == 0 && sweep.noise == 0 && sweep.columns == 0) {
      advanced(out + row, add + row, slope, dt, most, first, last);
    } else {
      scaled(slope, dt, most, first, last);
      addNoise(slope, sweep, value + row, row, j, first, last, dt);
      addColumns(slope, sweep, value + row, row, j, first, last, dt, axes);
      if (sweep.viscosities != 0) viscous(slope, list, value + row, row, first, last, dt);
      sum(out + row, add + row, slope, first, last);
    }
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
  const sweep = changetype<Sweep>(list);
  const most = mostOf(sweep);
  const total = slope + pitch;
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  memory.fill(total + from, 0, to - from);
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>j) * pitch;
    increments(slope, trial, axes, sweep, value, row, j, first, last);
    scaled(slope, dt, most, first, last);
    addNoise(slope, sweep, value, row, j, first, last, dt);
    addColumns(slope, sweep, value, row, j, first, last, dt, axes);
    weigh(total, weights + row, slope, first, last);
  }
  if (sweep.viscosities != 0) viscous(total, list, value, 0, first, last, dt);
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
