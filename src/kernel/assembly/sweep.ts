/** The slow sweep for any number of slow axes and candidates, its average over y, and the explicit generator. */
import { SIZE, upwind, upwind2 } from './difference';

/** target += r⁺δ⁺V + r⁻δ⁻V on lanes [from, to) strictly inside the axis. */
function addInside(target: usize, rate: usize, v: usize, stride: usize, from: i32, to: i32): void {
  let o = (<usize>from) * SIZE;
  const end = (<usize>to) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const slope = upwind2(v128.load(rate + o), v + o, stride);
    v128.store(target + o, f64x2.add(v128.load(target + o), slope));
  }
  if (o < end) store<f64>(target + o, load<f64>(target + o) + upwind(load<f64>(rate + o), v + o, stride));
}

/** target += r·(V_{+} − V) or r·(V − V_{−}) on lanes [from, to) at an end of an axis; `reach` is ±stride in bytes. */
function addAtEnd(target: usize, rate: usize, v: usize, reach: isize, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const o = (<usize>i) * SIZE;
    const here = load<f64>(v + o);
    const there = load<f64>(v + o + reach);
    const difference = reach > 0 ? there - here : here - there;
    store<f64>(target + o, load<f64>(target + o) + load<f64>(rate + o) * difference);
  }
}

/** target += upwind differences along one axis on lanes [first, last). */
function addUpwind(target: usize, rate: usize, v: usize, stride: i32, extent: i32, first: i32, last: i32): void {
  const block = stride * extent;
  const reach = (<usize>stride) * SIZE;
  let i = first;
  while (i < last) {
    const inside = i % block;
    const position = inside / stride;
    const start = i - inside;
    if (position == 0) {
      const to = min(last, start + stride);
      addAtEnd(target, rate, v, <isize>reach, i, to);
      i = to;
    } else if (position == extent - 1) {
      const to = min(last, start + block);
      addAtEnd(target, rate, v, -(<isize>reach), i, to);
      i = to;
    } else {
      const to = min(last, start + block - stride);
      addInside(target, rate, v, reach, i, to);
      i = to;
    }
  }
}

/**
 * target(s) = min over the candidates (and over 0) on lanes [first, last). `list` points to 32-bit words:
 * axes, extent 1, extent 2, candidates, rest?; then per candidate the addresses of its rates and of its cost (0: none).
 */
function minimum(
  target: usize, trial: usize, list: usize, v: usize, row: usize, first: i32, last: i32,
): void {
  const axes = load<i32>(list);
  const count = load<i32>(list, 12);
  const from = (<usize>first) * SIZE;
  const bytes = (<usize>(last - first)) * SIZE;
  if (count == 0) memory.fill(target + from, 0, bytes);
  for (let c = 0; c < count; c++) {
    const entry = list + 20 + (<usize>(c * (axes + 1))) * 4;
    const dest = c == 0 ? target : trial;
    const cost = <usize>load<u32>(entry + (<usize>axes) * 4);
    if (cost == 0) memory.fill(dest + from, 0, bytes);
    else memory.copy(dest + from, cost + row + from, bytes);
    let stride = 1;
    for (let axis = 0; axis < axes; axis++) {
      const extent = load<i32>(list + 4 + (<usize>axis) * 4);
      addUpwind(dest, <usize>load<u32>(entry + (<usize>axis) * 4) + row, v, stride, extent, first, last);
      stride *= extent;
    }
    if (c > 0) lower(target, trial, first, last);
  }
  if (load<i32>(list, 16) != 0) {
    for (let o = from; o < from + bytes; o += SIZE) store<f64>(target + o, min(load<f64>(target + o), 0));
  }
}

/** target = min(target, trial). */
function lower(target: usize, trial: usize, first: i32, last: i32): void {
  for (let i = first; i < last; i++) {
    const o = (<usize>i) * SIZE;
    store<f64>(target + o, min(load<f64>(target + o), load<f64>(trial + o)));
  }
}

/** out = V + dt · minimum. `trial` is a row of scratch. */
export function sweep(
  out: usize, value: usize, list: usize, trial: usize, lanes: i32, nodes: i32, first: i32, last: i32, dt: f64,
): void {
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>(j * lanes)) * SIZE;
    minimum(out + row, trial, list, value + row, row, first, last);
    for (let i = first; i < last; i++) {
      const o = row + (<usize>i) * SIZE;
      store<f64>(out + o, load<f64>(value + o) + dt * load<f64>(out + o));
    }
  }
}

/** out(x) = v(x) + dt Σ_j weights_j · minimum(x, y_j). `trial` is two rows of scratch. */
export function average(
  out: usize, value: usize, weights: usize, list: usize, trial: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, dt: f64,
): void {
  const slope = trial + (<usize>lanes) * SIZE;
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  memory.fill(out + from, 0, to - from);
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>(j * lanes)) * SIZE;
    minimum(slope, trial, list, value, row, first, last);
    for (let o = from; o < to; o += SIZE) {
      store<f64>(out + o, load<f64>(out + o) + load<f64>(weights + row + o) * load<f64>(slope + o));
    }
  }
  for (let o = from; o < to; o += SIZE) store<f64>(out + o, load<f64>(value + o) + dt * load<f64>(out + o));
}

/** out = add + factor · L value, reflecting ends in y. */
export function generator(
  out: usize, add: usize, value: usize, up: usize, down: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, factor: f64,
): void {
  const step = (<usize>lanes) * SIZE;
  for (let j = 0; j < nodes; j++) {
    for (let i = first; i < last; i++) {
      const o = (<usize>(j * lanes + i)) * SIZE;
      const here = load<f64>(value + o);
      const rising = j + 1 < nodes ? load<f64>(up + o) * (load<f64>(value + o + step) - here) : 0;
      const falling = j > 0 ? load<f64>(down + o) * (load<f64>(value + o - step) - here) : 0;
      store<f64>(out + o, load<f64>(add + o) + factor * (rising + falling));
    }
  }
}
