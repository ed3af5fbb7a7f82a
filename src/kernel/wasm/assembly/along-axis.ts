/** target += one term of a sweep along one slow axis, on lanes [first, last), ends and edges of the axis apart. */
import { addInside, addNearEnd, SIZE } from './difference';

/** target += r·difference of a kind whose stencils reach `margin` nodes. */
export function addSlopes(
  kind: i32, margin: i32, target: usize, rate: usize, v: usize, stride: i32, extent: i32, floor: f64,
  first: i32, last: i32,
): void {
  const block = stride * extent;
  const reach = (<usize>stride) * SIZE;
  let i = first;
  while (i < last) {
    const inside = i % block;
    const position = inside / stride;
    const start = i - inside;
    if (position == 0 || position == extent - 1) {
      const to = min(last, start + (position + 1) * stride);
      addAtEnd(target, rate, v, position == 0 ? <isize>reach : -(<isize>reach), i, to);
      i = to;
    } else if (position < margin || position >= extent - margin) {
      const to = min(last, start + (position + 1) * stride);
      const edge = (position < margin ? 1 : 0) | (position >= extent - margin ? 2 : 0);
      addNearEnd(kind, target, rate, v, reach, floor, edge, i, to);
      i = to;
    } else {
      const to = min(last, start + (extent - margin) * stride);
      addInside(kind, target, rate, v, reach, floor, i, to);
      i = to;
    }
  }
}

/** The interior difference at an end of an axis; `reach` is ±stride in bytes. */
export function addAtEnd(target: usize, rate: usize, v: usize, reach: isize, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const o = (<usize>i) * SIZE;
    const here = load<f64>(v + o);
    const there = load<f64>(v + o + reach);
    const difference = reach > 0 ? there - here : here - there;
    store<f64>(target + o, load<f64>(target + o) + load<f64>(rate + o) * difference);
  }
}

/** target += dt·ν (V_{+k} − 2V + V_{−k})/2 for k = `cells`, at nodes as far as that from both ends of the axis. */
export function addInner(
  target: usize, rate: usize, v: usize, stride: i32, extent: i32, cells: i32, dt: f64, first: i32, last: i32,
): void {
  const block = stride * extent;
  const reach = (<usize>(cells * stride)) * SIZE;
  for (let start = first - (first % block); start < last; start += block) {
    const from = max(first, start + cells * stride);
    const to = min(last, start + (extent - cells) * stride);
    if (from < to) addCurvature(target, rate, v, reach, dt, from, to);
  }
}

export function addCurvature(
  target: usize, viscosity: usize, v: usize, reach: usize, dt: f64, from: i32, to: i32,
): void {
  const steps = f64x2.splat(dt);
  const two = f64x2.splat(2);
  const half = f64x2.splat(0.5);
  let o = (<usize>from) * SIZE;
  const end = (<usize>to) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const twice = f64x2.mul(two, v128.load(v + o));
    const curvature = f64x2.add(f64x2.sub(v128.load(v + o + reach), twice), v128.load(v + o - reach));
    const part = f64x2.mul(f64x2.mul(f64x2.mul(steps, v128.load(viscosity + o)), curvature), half);
    v128.store(target + o, f64x2.add(v128.load(target + o), part));
  }
  if (o < end) {
    const curvature = load<f64>(v + o + reach) - 2 * load<f64>(v + o) + load<f64>(v + o - reach);
    store<f64>(target + o, load<f64>(target + o) + dt * load<f64>(viscosity + o) * curvature * 0.5);
  }
}
