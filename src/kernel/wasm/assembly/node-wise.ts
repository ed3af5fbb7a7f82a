/** Phases that read no neighbour in x: linear combinations, the filter, the explicit generator. */
import { SIZE } from './difference';

/** out = Σ factor·field over `count` ≤ 4 fields; `out` may be one of them. */
export function combine(
  out: usize, a: usize, b: usize, c: usize, d: usize, count: i32, factors: usize,
  lanes: i32, nodes: i32, first: i32, last: i32,
): void {
  const fa = load<f64>(factors);
  const fb = load<f64>(factors, 8);
  const fc = load<f64>(factors, 16);
  const fd = load<f64>(factors, 24);
  for (let j = 0; j < nodes; j++) {
    let o = (<usize>(j * lanes + first)) * SIZE;
    const end = (<usize>(j * lanes + last)) * SIZE;
    for (; o + 16 <= end; o += 16) {
      let total = f64x2.mul(f64x2.splat(fa), v128.load(a + o));
      if (count > 1) total = f64x2.add(total, f64x2.mul(f64x2.splat(fb), v128.load(b + o)));
      if (count > 2) total = f64x2.add(total, f64x2.mul(f64x2.splat(fc), v128.load(c + o)));
      if (count > 3) total = f64x2.add(total, f64x2.mul(f64x2.splat(fd), v128.load(d + o)));
      v128.store(out + o, total);
    }
    for (; o < end; o += SIZE) {
      let total = fa * load<f64>(a + o);
      if (count > 1) total += fb * load<f64>(b + o);
      if (count > 2) total += fc * load<f64>(c + o);
      if (count > 3) total += fd * load<f64>(d + o);
      store<f64>(out + o, total);
    }
  }
}

/** out = accurate where |accurate − monotone| ≤ reach and accurate ≥ floor, else monotone; counts those in `fallen`. */
export function filter(
  out: usize, accurate: usize, monotone: usize, fallen: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, reach: f64, floor: f64,
): void {
  const from = (<usize>first) * SIZE;
  const to = (<usize>last) * SIZE;
  for (let j = 0; j < nodes; j++) {
    const row = (<usize>(j * lanes)) * SIZE;
    let o = from;
    for (; o + 16 <= to; o += 16) {
      const a = v128.load(accurate + row + o);
      const m = v128.load(monotone + row + o);
      const near = f64x2.le(f64x2.abs(f64x2.sub(a, m)), f64x2.splat(reach));
      const passes = v128.and(near, f64x2.ge(a, f64x2.splat(floor)));
      v128.store(out + row + o, v128.bitselect(a, m, passes));
      const one = v128.andnot(f64x2.splat(1), passes);
      v128.store(fallen + o, f64x2.add(v128.load(fallen + o), one));
    }
    if (o < to) {
      const a = load<f64>(accurate + row + o);
      const m = load<f64>(monotone + row + o);
      const passes = abs(a - m) <= reach && a >= floor;
      store<f64>(out + row + o, passes ? a : m);
      store<f64>(fallen + o, load<f64>(fallen + o) + (passes ? 0 : 1));
    }
  }
}

/** out = add + factor · L value, reflecting ends in y. */
export function generator(
  out: usize, add: usize, value: usize, up: usize, down: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, factor: f64,
): void {
  const step = (<usize>lanes) * SIZE;
  const factors = f64x2.splat(factor);
  for (let j = 0; j < nodes; j++) {
    // At an end the node itself stands in for its missing neighbour: a difference of zero.
    const ahead = j + 1 < nodes ? step : 0;
    const behind = j > 0 ? step : 0;
    let o = (<usize>(j * lanes + first)) * SIZE;
    const end = (<usize>(j * lanes + last)) * SIZE;
    for (; o + 16 <= end; o += 16) {
      const here = v128.load(value + o);
      const rising = f64x2.mul(v128.load(up + o), f64x2.sub(v128.load(value + o + ahead), here));
      const falling = f64x2.mul(v128.load(down + o), f64x2.sub(v128.load(value + o - behind), here));
      const flow = f64x2.mul(factors, f64x2.add(rising, falling));
      v128.store(out + o, f64x2.add(v128.load(add + o), flow));
    }
    if (o < end) {
      const here = load<f64>(value + o);
      const rising = load<f64>(up + o) * (load<f64>(value + o + ahead) - here);
      const falling = load<f64>(down + o) * (load<f64>(value + o - behind) - here);
      store<f64>(out + o, load<f64>(add + o) + factor * (rising + falling));
    }
  }
}
