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

/** out = accurate where |accurate − monotone| ≤ reach, else monotone; counts the latter per lane in `fallen`. */
export function filter(
  out: usize, accurate: usize, monotone: usize, fallen: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, reach: f64,
): void {
  for (let j = 0; j < nodes; j++) {
    for (let i = first; i < last; i++) {
      const o = (<usize>(j * lanes + i)) * SIZE;
      const a = load<f64>(accurate + o);
      const m = load<f64>(monotone + o);
      if (abs(a - m) <= reach) store<f64>(out + o, a);
      else {
        store<f64>(out + o, m);
        const count = fallen + (<usize>i) * SIZE;
        store<f64>(count, load<f64>(count) + 1);
      }
    }
  }
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
