/** Nodes one by one, for what lanes cannot share: feet longer than a cell, and families of controls. */
import { INTERPOLATION, oneSided, SIZE, UPWIND, WENO } from './difference';
import { allLeave } from './family';
import { axisOf, footDifference } from './feet';
import { allFormulasLeave } from './formula-family';
import { Sweep } from './sweep-list';

/** Where scratch memory of a node lies: its axes, then the cells of the two ends of an edge, then a family. */
export const EDGE: usize = 160;
export const FAMILY: usize = 512;

/** Puts lane s of row j on its axes. */
export function stand(sweep: Sweep, axes: usize, s: i32, j: i32): void {
  let stride = 1;
  for (let i = 0; i < sweep.axes; i++) {
    const axis = axisOf(axes, i);
    const extent = sweep.extent(i);
    axis.reach = stride * <i32>SIZE;
    axis.place = (s / stride) % extent;
    axis.last = extent - 1;
    stride *= extent;
  }
  for (let a = 0; a < sweep.across; a++) {
    const axis = axisOf(axes, sweep.axes + a);
    axis.reach = stride * sweep.lineStride(a) * <i32>SIZE;
    axis.place = sweep.place(a, j);
    axis.last = sweep.lineNodes(a) - 1;
  }
}

/** Σ_i|r_i| of candidate c at byte `at` of the coefficient fields. */
// @ts-ignore: decorator
@inline
export function speedOf(sweep: Sweep, c: i32, at: usize): f64 {
  let total: f64 = 0;
  for (let i = 0; i < sweep.moved(); i++) total += abs(load<f64>(sweep.rate(c, i) + at));
  return total;
}

/** The same over the slow axes. */
// @ts-ignore: decorator
@inline
function slowSpeedOf(sweep: Sweep, c: i32, at: usize): f64 {
  let total: f64 = 0;
  for (let i = 0; i < sweep.axes; i++) total += abs(load<f64>(sweep.rate(c, i) + at));
  return total;
}

/** The difference along an axis that a rate of the sign of `side` meets, at its ends the interior one. */
export function differenceAt(sweep: Sweep, axes: usize, i: i32, side: f64, v: usize): f64 {
  const axis = axisOf(axes, i);
  const reach = <usize>axis.reach;
  if (axis.place == 0) return load<f64>(v + reach) - load<f64>(v);
  if (axis.place == axis.last) return load<f64>(v) - load<f64>(v - reach);
  const margin = sweep.margin;
  const edge = (axis.place < margin ? 1 : 0) | (axis.place > axis.last - margin ? 2 : 0);
  return oneSided(sweep.kind == INTERPOLATION ? UPWIND : sweep.kind, side, v, reach, sweep.floor(i), edge);
}

/**
 * The difference over `cells` cells that a rate of the sign of `side` meets along an axis
 * (src/differencing/wide-difference.ts); `at` is the node in coefficient fields, in bytes.
 */
export function differenceMet(sweep: Sweep, axes: usize, i: i32, side: f64, v: usize, at: usize, cells: i32): f64 {
  const axis = axisOf(axes, i);
  const room = side > 0 ? axis.last - axis.place : axis.place;
  const leaves = room < cells && leaving(sweep, axes, i, side, at) != 0;
  if (cells == 1) return room == 0 && !leaves ? 0 : differenceAt(sweep, axes, i, side, v);
  const toward = <isize>(side > 0 ? axis.reach : -axis.reach);
  const inside = min(cells, room);
  const end = <usize>(<isize>v + <isize>inside * toward);
  const change = load<f64>(end) - load<f64>(v);
  const beyond = leaves ? <f64>(cells - inside) * (load<f64>(end) - load<f64>(<usize>(<isize>end - toward))) : 0;
  return (side * (change + beyond)) / <f64>cells;
}

/** Whether all controls leave over the ends of the slow axes, into the axes; only those count that a foot passes. */
export function markLeaving(sweep: Sweep, axes: usize, at: usize): void {
  for (let i = 0; i < sweep.moved(); i++) {
    const axis = axisOf(axes, i);
    axis.leaves = 0;
    if (i >= sweep.axes || sweep.feet == 2 || sweep.rest != 0) continue;
    const room = axis.cells > 0 ? axis.last - axis.place : axis.place;
    if (abs(axis.cells) > <f64>room) axis.leaves = leaving(sweep, axes, i, axis.cells > 0 ? 1 : -1, at);
  }
}

/** 1 (2) if every control leaves over the lower (upper) end of an axis, for side −1 (1), seen from that end; else 0. */
export function leaving(sweep: Sweep, axes: usize, i: i32, side: f64, node: usize): i32 {
  if (i >= sweep.axes || sweep.feet == 2 || sweep.rest != 0) return 0;
  const axis = axisOf(axes, i);
  const steps = side > 0 ? axis.last - axis.place : -axis.place;
  const at = node + <usize>(<isize>steps * <isize>axis.reach);
  for (let c = 0; c < sweep.count; c++) {
    if (!(load<f64>(sweep.rate(c, i) + at) * side > 0)) return 0;
  }
  for (let f = 0; f < sweep.families; f++) if (!allLeave(sweep.family(f), i, side, at)) return 0;
  for (let f = 0; f < sweep.formulas; f++) if (!allFormulasLeave(sweep.formulaFamily(f), i, side, at)) return 0;
  return side > 0 ? 2 : 1;
}

/** dest = (V(foot) − V)/foot + ℓ of candidate c at the nodes of a row whose foot is long. */
export function longFeet(
  sweep: Sweep, dest: usize, c: i32, v: usize, row: usize, j: i32, first: i32, last: i32, axes: usize,
): void {
  const foot = sweep.foot();
  const moved = sweep.moved();
  const cost = sweep.cost(c);
  for (let s = first; s < last; s++) {
    const o = (<usize>s) * SIZE;
    const at = row + o;
    if (sweep.feet == 1 && !(foot * speedOf(sweep, c, at) > 1)) continue;
    stand(sweep, axes, s, j);
    // Accurate differences are kept along the slow axes where the foot is long along the others alone.
    const kept = sweep.kind == WENO && !(foot * slowSpeedOf(sweep, c, at) > 1);
    let change: f64 = 0;
    for (let i = 0; i < moved; i++) {
      const rate = load<f64>(sweep.rate(c, i) + at);
      const apart = kept && i < sweep.axes;
      axisOf(axes, i).cells = apart ? 0 : foot * rate;
      if (apart) change += rate * differenceAt(sweep, axes, i, rate > 0 ? 1 : -1, v + o);
    }
    markLeaving(sweep, axes, at);
    change += footDifference(axes, moved, v + o) / foot;
    store<f64>(dest + o, cost == 0 ? change : change + load<f64>(cost + at));
  }
}
