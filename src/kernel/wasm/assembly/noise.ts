/** Second differences of V for noise in x: src/differencing/second-difference.ts. */
import { addCurvature } from './along-axis';
import { SIZE } from './difference';
import { axisOf } from './feet';
import { Sweep } from './sweep-list';

/** target += dt·Σ_i ν_i D²V/2 on lanes [first, last) of row j, for noise that no control moves. */
export function addNoise(
  target: usize, sweep: Sweep, v: usize, row: usize, j: i32, first: i32, last: i32, dt: f64,
): void {
  if (sweep.noise == 0) return;
  let stride = 1;
  for (let axis = 0; axis < sweep.axes; axis++) {
    const extent = sweep.extent(axis);
    const cells = sweep.cellsOfNoise(axis, j);
    const factor = dt / <f64>(cells * cells);
    addAlong(target, sweep.noiseRate(axis) + row, v, stride, extent, cells, factor, first, last);
    stride *= extent;
  }
}

function addAlong(
  target: usize, rate: usize, v: usize, stride: i32, extent: i32, cells: i32, dt: f64, first: i32, last: i32,
): void {
  const block = stride * extent;
  const reach = (<usize>(cells * stride)) * SIZE;
  let i = first;
  while (i < last) {
    const inside = i % block;
    const start = i - inside;
    const place = inside / stride;
    const centre = centreOf(place, cells, extent - 1);
    if (centre == place) {
      const to = min(last, start + (extent - cells) * stride);
      addCurvature(target, rate, v, reach, dt, i, to);
      i = to;
    } else {
      const to = min(last, start + (place + 1) * stride);
      const shift = <isize>((centre - place) * stride) * <isize>SIZE;
      for (; i < to; i++) {
        const o = (<usize>i) * SIZE;
        const curvature = curvatureAt(<usize>(<isize>(v + o) + shift), reach);
        store<f64>(target + o, load<f64>(target + o) + dt * load<f64>(rate + o) * curvature * 0.5);
      }
    }
  }
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

/** D²V/2 along a slow axis at a node that stands on its axes. */
export function halfCurvature(sweep: Sweep, axes: usize, i: i32, v: usize, j: i32): f64 {
  const axis = axisOf(axes, i);
  const cells = sweep.cellsOfNoise(i, j);
  const shift = <isize>(centreOf(axis.place, cells, axis.last) - axis.place) * <isize>axis.reach;
  return curvatureAt(<usize>(<isize>v + shift), <usize>(cells * axis.reach)) / <f64>(2 * cells * cells);
}
