/** Second differences of V for noise in x: src/differencing/second-difference.ts. */
import { addCurvature, addInner } from './along-axis';
import { SIZE, WENO } from './difference';
import { Axis, axisOf } from './feet';
import { Sweep } from './sweep-list';

/** target += dt·Σ_d ν_d D²V/2 on lanes [first, last) of row j, for noise that no control moves. */
export function addNoise(
  target: usize, sweep: Sweep, v: usize, row: usize, j: i32, first: i32, last: i32, dt: f64,
): void {
  if (sweep.noise == 0) return;
  let stride = 1;
  for (let axis = 0; axis < sweep.axes; axis++) {
    const extent = sweep.extent(axis);
    const reach = sweep.noiseReach(axis, j);
    const rate = sweep.noiseRate(axis) + row;
    if (sweep.kind == WENO && reach == 1 && extent > 4) {
      addAccurate(target, rate, v, stride, extent, dt, first, last);
    } else {
      const cells = <i32>reach;
      const share = narrowShare(reach);
      addAlong(target, rate, v, stride, extent, cells, (dt * share) / <f64>(cells * cells), first, last);
      if (share < 1) {
        const more = cells + 1;
        addAlong(target, rate, v, stride, extent, more, (dt * (1 - share)) / <f64>(more * more), first, last);
      }
    }
    stride *= extent;
  }
  for (let k = 0; k < sweep.diagonals; k++) {
    const rate = sweep.noiseRate(sweep.axes + k) + row;
    const reach = sweep.noiseReach(sweep.axes + k, j);
    addDiagonal(target, sweep, sweep.diagonalSide(k), rate, v, reach, dt, first, last);
  }
}

/** The same over `cells` cells along one axis, near its ends as at the nearest node where the arms stay in the box. */
function addAlong(
  target: usize, rate: usize, v: usize, stride: i32, extent: i32, cells: i32, dt: f64, first: i32, last: i32,
): void {
  addInner(target, rate, v, stride, extent, cells, dt, first, last);
  addNearEnds(target, rate, v, stride, extent, cells, cells, dt, first, last);
}

/** The same with differences of order 4, two nodes from an end at least. */
function addAccurate(
  target: usize, rate: usize, v: usize, stride: i32, extent: i32, dt: f64, first: i32, last: i32,
): void {
  const block = stride * extent;
  const reach = (<usize>stride) * SIZE;
  for (let start = first - (first % block); start < last; start += block) {
    const to = min(last, start + (extent - 2) * stride);
    for (let i = max(first, start + 2 * stride); i < to; i++) {
      const o = (<usize>i) * SIZE;
      add(target + o, rate + o, fourthOrder(v + o, reach), dt);
    }
  }
  addNearEnds(target, rate, v, stride, extent, 1, 2, dt, first, last);
}

/** Differences over `cells` cells at the nodes that are less than `margin` from an end. */
function addNearEnds(
  target: usize, rate: usize, v: usize, stride: i32, extent: i32, cells: i32, margin: i32, dt: f64,
  first: i32, last: i32,
): void {
  const block = stride * extent;
  const reach = (<usize>(cells * stride)) * SIZE;
  for (let start = first - (first % block); start < last; start += block) {
    for (let place = 0; place < extent; place++) {
      if (place == margin) place = max(margin, extent - margin);
      const shift = <isize>((centreOf(place, cells, extent - 1) - place) * stride) * <isize>SIZE;
      const to = min(last, start + (place + 1) * stride);
      for (let i = max(first, start + place * stride); i < to; i++) {
        const o = (<usize>i) * SIZE;
        add(target + o, rate + o, curvatureAt(<usize>(<isize>(v + o) + shift), reach), dt);
      }
    }
  }
}

/** The same along the diagonal (side, 1) of two slow axes. */
function addDiagonal(
  target: usize, sweep: Sweep, side: i32, rate: usize, v: usize, reach: f64, dt: f64, first: i32, last: i32,
): void {
  if (sweep.kind == WENO && reach == 1 && min(sweep.extent0, sweep.extent1) > 4) {
    addRows(target, sweep, side, rate, v, 1, 2, dt, first, last);
    return;
  }
  const cells = <i32>reach;
  const share = narrowShare(reach);
  addRows(target, sweep, side, rate, v, cells, cells, (dt * share) / <f64>(cells * cells), first, last);
  if (share == 1) return;
  const more = cells + 1;
  addRows(target, sweep, side, rate, v, more, more, (dt * (1 - share)) / <f64>(more * more), first, last);
}

/** The same over `cells` cells; nodes at least `margin` > `cells` from all ends have the difference of order 4. */
function addRows(
  target: usize, sweep: Sweep, side: i32, rate: usize, v: usize, cells: i32, margin: i32, dt: f64,
  first: i32, last: i32,
): void {
  const extent = sweep.extent0;
  const reach = (<usize>(cells * (extent + side))) * SIZE;
  for (let start = first - (first % extent); start < last; start += extent) {
    const place = start / extent;
    const isInner = place >= margin && place < sweep.extent1 - margin;
    const end = min(last, start + extent);
    const from = isInner ? max(first, start + margin) : end;
    const to = isInner ? min(last, start + extent - margin) : end;
    addNearCorners(target, sweep, rate, v, reach, cells, dt, max(first, start), min(end, from));
    if (from < to) {
      if (margin > cells) addFourthOrder(target, rate, v, reach, dt, from, to);
      else addCurvature(target, rate, v, reach, dt, from, to);
    }
    addNearCorners(target, sweep, rate, v, reach, cells, dt, max(from, to), end);
  }
}

function addFourthOrder(target: usize, rate: usize, v: usize, reach: usize, dt: f64, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const o = (<usize>i) * SIZE;
    add(target + o, rate + o, fourthOrder(v + o, reach), dt);
  }
}

/** Differences along a diagonal as at the nearest node where the arms stay in the box. */
function addNearCorners(
  target: usize, sweep: Sweep, rate: usize, v: usize, reach: usize, cells: i32, dt: f64, from: i32, to: i32,
): void {
  const extent = sweep.extent0;
  for (let i = from; i < to; i++) {
    const o = (<usize>i) * SIZE;
    const along = centreOf(i % extent, cells, extent - 1) - (i % extent);
    const across = centreOf(i / extent, cells, sweep.extent1 - 1) - i / extent;
    const shift = <isize>(along + across * extent) * <isize>SIZE;
    add(target + o, rate + o, curvatureAt(<usize>(<isize>(v + o) + shift), reach), dt);
  }
}

// @ts-ignore: decorator
@inline
function add(target: usize, rate: usize, curvature: f64, dt: f64): void {
  store<f64>(target, load<f64>(target) + dt * load<f64>(rate) * curvature * 0.5);
}

// @ts-ignore: decorator
@inline
function fourthOrder(v: usize, reach: usize): f64 {
  const near = load<f64>(v + reach) + load<f64>(v - reach);
  const far = load<f64>(v + 2 * reach) + load<f64>(v - 2 * reach);
  return (16 * near - 30 * load<f64>(v) - far) / 12;
}

/** The nearest place whose arms stay in the box. */
// @ts-ignore: decorator
@inline
function centreOf(place: i32, cells: i32, last: i32): i32 {
  return min(max(place, cells), last - cells);
}

// @ts-ignore: decorator
@inline
function curvatureAt(v: usize, reach: usize): f64 {
  return load<f64>(v + reach) - 2 * load<f64>(v) + load<f64>(v - reach);
}

/** w of the narrower of two second differences that together reach over κ cells. */
// @ts-ignore: decorator
@inline
function narrowShare(reach: f64): f64 {
  const k = floor(reach);
  const wide = 1 / ((k + 1) * (k + 1));
  return (1 / (reach * reach) - wide) / (1 / (k * k) - wide);
}

/** D²V/2 along a slow axis at a node that stands on its axes. */
export function halfCurvature(sweep: Sweep, axes: usize, i: i32, v: usize, j: i32): f64 {
  const axis = axisOf(axes, i);
  const reach = sweep.noiseReach(i, j);
  if (sweep.kind == WENO && reach == 1 && axis.place >= 2 && axis.place <= axis.last - 2) {
    return fourthOrder(v, <usize>axis.reach) * 0.5;
  }
  const share = narrowShare(reach);
  const narrow = curvatureOver(axis, v, <i32>reach);
  return (share == 1 ? narrow : share * narrow + (1 - share) * curvatureOver(axis, v, <i32>reach + 1)) * 0.5;
}

/** D_k at the nearest node whose arms stay in the box. */
function curvatureOver(axis: Axis, v: usize, cells: i32): f64 {
  const shift = <isize>(centreOf(axis.place, cells, axis.last) - axis.place) * <isize>axis.reach;
  return curvatureAt(<usize>(<isize>v + shift), <usize>(cells * axis.reach)) / <f64>(cells * cells);
}
