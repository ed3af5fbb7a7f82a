/** Line solves in y, vectorised over x, and IMEX Euler fused with them. */
import { SIZE, STRIP, upwind, upwind2 } from './difference';

/**
 * IMEX Euler with one moving candidate without cost, n = 1, the sweep fused with the forward elimination:
 * out = (I − κL)⁻¹ (V + dt·min(top, moving)); top is 0 where a control can rest, else infinite. V and out differ.
 */
export function imex(
  out: usize, value: usize, rate: usize, carry: usize, gain: usize, pass: usize,
  lanes: i32, nodes: i32, first: i32, last: i32, dt: f64, top: f64,
): void {
  const step = (<usize>lanes) * SIZE;
  const dt2 = f64x2.splat(dt);
  const top2 = f64x2.splat(top);
  for (let j = 0; j < nodes; j++) {
    const begin = (<usize>(j * lanes)) * SIZE;
    let o = begin + (<usize>first) * SIZE;
    const end = begin + (<usize>last) * SIZE;
    if (first == 0) {
      const slope = load<f64>(rate + o) * (load<f64>(value + o + SIZE) - load<f64>(value + o));
      eliminate(out, value, carry, slope, o, step, j, dt, top);
      o += SIZE;
    }
    const stop = last == lanes ? end - SIZE : end;
    if (j > 0) {
      let r = rate + o;
      let v = value + o;
      let w = out + o;
      let m = carry + o;
      let before = w - step;
      for (; o + STRIP <= stop; o += STRIP) {
        v128.store(w, eliminated(r, v, m, before, dt2, top2), 0);
        v128.store(w, eliminated(r + 16, v + 16, m + 16, before + 16, dt2, top2), 16);
        v128.store(w, eliminated(r + 32, v + 32, m + 32, before + 32, dt2, top2), 32);
        v128.store(w, eliminated(r + 48, v + 48, m + 48, before + 48, dt2, top2), 48);
        r += STRIP;
        v += STRIP;
        w += STRIP;
        m += STRIP;
        before += STRIP;
      }
    }
    for (; o < stop; o += SIZE) {
      eliminate(out, value, carry, upwind(load<f64>(rate + o), value + o, SIZE), o, step, j, dt, top);
    }
    if (last == lanes) {
      const slope = load<f64>(rate + o) * (load<f64>(value + o) - load<f64>(value + o - SIZE));
      eliminate(out, value, carry, slope, o, step, j, dt, top);
    }
  }
  backward(out, gain, pass, lanes, nodes, first, last);
}

// @ts-ignore: decorator
@inline
function eliminated(r: usize, v: usize, m: usize, before: usize, dt: v128, top: v128): v128 {
  // pmin(a, b) is b < a ? b : a, which keeps a NaN slope.
  const slope = f64x2.pmin(upwind2(v128.load(r), v, SIZE), top);
  const moved = f64x2.add(v128.load(v), f64x2.mul(dt, slope));
  return f64x2.add(moved, f64x2.mul(v128.load(m), v128.load(before)));
}

// @ts-ignore: decorator
@inline
function eliminate(
  out: usize, value: usize, carry: usize, slope: f64, o: usize, step: usize, j: i32, dt: f64, top: f64,
): void {
  let moved = load<f64>(value + o) + dt * (top < slope ? top : slope);
  if (j > 0) moved += load<f64>(carry + o) * load<f64>(out + o - step);
  store<f64>(out + o, moved);
}

/** R_j = r_j + carry_j R_{j−1}; `out` may be `right`. */
function forward(out: usize, right: usize, carry: usize, lanes: i32, nodes: i32, first: i32, last: i32): void {
  const step = (<usize>lanes) * SIZE;
  for (let j = 0; j < nodes; j++) {
    let o = (<usize>(j * lanes + first)) * SIZE;
    const end = (<usize>(j * lanes + last)) * SIZE;
    if (j == 0) {
      if (out != right) memory.copy(out + o, right + o, end - o);
      continue;
    }
    for (; o + 16 <= end; o += 16) {
      const carried = f64x2.mul(v128.load(carry + o), v128.load(out + o - step));
      v128.store(out + o, f64x2.add(v128.load(right + o), carried));
    }
    if (o < end) store<f64>(out + o, load<f64>(right + o) + load<f64>(carry + o) * load<f64>(out + o - step));
  }
}

/** w_j = gain_j R_j + pass_j w_{j+1}, in place. */
function backward(out: usize, gain: usize, pass: usize, lanes: i32, nodes: i32, first: i32, last: i32): void {
  const step = (<usize>lanes) * SIZE;
  for (let j = nodes - 1; j >= 0; j--) {
    let o = (<usize>(j * lanes + first)) * SIZE;
    const end = (<usize>(j * lanes + last)) * SIZE;
    if (j + 1 < nodes) {
      let w = out + o;
      let g = gain + o;
      let h = pass + o;
      let after = w + step;
      for (; o + STRIP <= end; o += STRIP) {
        v128.store(w, substituted(w, g, h, after), 0);
        v128.store(w, substituted(w + 16, g + 16, h + 16, after + 16), 16);
        v128.store(w, substituted(w + 32, g + 32, h + 32, after + 32), 32);
        v128.store(w, substituted(w + 48, g + 48, h + 48, after + 48), 48);
        w += STRIP;
        g += STRIP;
        h += STRIP;
        after += STRIP;
      }
    }
    for (; o < end; o += SIZE) {
      let w = load<f64>(gain + o) * load<f64>(out + o);
      if (j + 1 < nodes) w += load<f64>(pass + o) * load<f64>(out + o + step);
      store<f64>(out + o, w);
    }
  }
}

// @ts-ignore: decorator
@inline
function substituted(w: usize, g: usize, h: usize, after: usize): v128 {
  const own = f64x2.mul(v128.load(g), v128.load(w));
  return f64x2.add(own, f64x2.mul(v128.load(h), v128.load(after)));
}

/** The line systems in y with right side `right`; `out` may be `right`. */
export function solve(
  out: usize, right: usize, carry: usize, gain: usize, pass: usize, lanes: i32, nodes: i32, first: i32, last: i32,
): void {
  forward(out, right, carry, lanes, nodes, first, last);
  backward(out, gain, pass, lanes, nodes, first, last);
}
