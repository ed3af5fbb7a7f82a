/** target += rate·difference of V along an axis, for every kind of differencing that goes axis by axis. */

/** Bytes of a double. */
export const SIZE: usize = 8;
/** Bytes of four vectors: the unrolled body of a loop. */
export const STRIP: usize = 64;

/** The kinds of src/differencing, by the numbers in their records; the last one takes feet only (feet.ts). */
export const UPWIND: i32 = 0;
export const WENO: i32 = 1;
const CENTRAL: i32 = 2;
export const INTERPOLATION: i32 = 3;

/** Where stencils lie inside the axis. */
export function addInside(
  kind: i32, target: usize, rate: usize, v: usize, reach: usize, floor: f64, from: i32, to: i32,
): void {
  if (kind == UPWIND) addPairs(UPWIND, target, rate, v, reach, floor, from, to);
  else if (kind == WENO) addPairs(WENO, target, rate, v, reach, floor, from, to);
  else addPairs(CENTRAL, target, rate, v, reach, floor, from, to);
}

/** Where stencils reach beyond an end, but not at an end; `edge` as in slope1. */
export function addNearEnd(
  kind: i32, target: usize, rate: usize, v: usize, reach: usize, floor: f64, edge: i32, from: i32, to: i32,
): void {
  for (let i = from; i < to; i++) {
    const o = (<usize>i) * SIZE;
    const slope = slope1(kind, load<f64>(rate + o), v + o, reach, floor, edge);
    store<f64>(target + o, load<f64>(target + o) + slope);
  }
}

// @ts-ignore: decorator
@inline
function addPairs(
  kind: i32, target: usize, rate: usize, v: usize, reach: usize, floor: f64, from: i32, to: i32,
): void {
  const floor2 = f64x2.splat(floor);
  let o = (<usize>from) * SIZE;
  const end = (<usize>to) * SIZE;
  for (; o + 16 <= end; o += 16) {
    const slope = slope2(kind, v128.load(rate + o), v + o, reach, floor2);
    v128.store(target + o, f64x2.add(v128.load(target + o), slope));
  }
  if (o < end) {
    store<f64>(target + o, load<f64>(target + o) + slope1(kind, load<f64>(rate + o), v + o, reach, floor, 0));
  }
}

/** rate·difference at two neighbouring nodes whose stencils lie inside the axis; `floor` is for WENO. */
// @ts-ignore: decorator
@inline
function slope2(kind: i32, rate: v128, v: usize, reach: usize, floor: v128): v128 {
  if (kind == UPWIND) return upwind2(rate, v, reach);
  if (kind == WENO) return weno2(rate, v, reach, floor);
  const across = f64x2.sub(v128.load(v + reach), v128.load(v - reach));
  return f64x2.mul(rate, f64x2.mul(across, f64x2.splat(0.5)));
}

/** The same at one node; `edge` is 1 (2) where the nodes two cells back (ahead) are missing, 3 where both are. */
// @ts-ignore: decorator
@inline
function slope1(kind: i32, rate: f64, v: usize, reach: usize, floor: f64, edge: i32): f64 {
  if (kind == UPWIND) return upwind(rate, v, reach);
  if (kind == WENO) return weno(rate, v, reach, floor, edge);
  return rate * ((load<f64>(v + reach) - load<f64>(v - reach)) * 0.5);
}

/** The difference that a rate of the sign of `side`, ±1, meets. */
export function oneSided(kind: i32, side: f64, v: usize, reach: usize, floor: f64, edge: i32): f64 {
  return side * slope1(kind, side, v, reach, floor, edge);
}

// @ts-ignore: decorator
@inline
function upwind(rate: f64, v: usize, reach: usize): f64 {
  const here = load<f64>(v);
  return rate > 0 ? rate * (load<f64>(v + reach) - here) : rate * (here - load<f64>(v - reach));
}

// @ts-ignore: decorator
@inline
function upwind2(rate: v128, v: usize, reach: usize): v128 {
  const here = v128.load(v);
  const forward = f64x2.sub(v128.load(v + reach), here);
  const backward = f64x2.sub(here, v128.load(v - reach));
  return f64x2.mul(rate, v128.bitselect(forward, backward, f64x2.gt(rate, f64x2.splat(0))));
}

/** Third order (src/differencing/weno.ts); beyond the axis the difference is extrapolated. */
function weno(rate: f64, v: usize, reach: usize, floor: f64, edge: i32): f64 {
  const forward = rate > 0;
  const toward: isize = forward ? <isize>reach : -(<isize>reach);
  const here = load<f64>(v);
  const next = load<f64>(v + toward);
  const ahead = next - here;
  const behind = here - load<f64>(v - toward);
  const missing = forward ? edge & 2 : edge & 1;
  const beyond = missing ? 2 * ahead - behind : load<f64>(v + 2 * toward) - next;
  const outer = beyond - ahead;
  const inner = ahead - behind;
  const a = floor + inner * inner;
  const b = floor + outer * outer;
  const weight = (a * a) / (a * a + 2 * (b * b));
  return abs(rate) * ((ahead + behind - weight * (outer - inner)) * 0.5);
}

// @ts-ignore: decorator
@inline
function weno2(rate: v128, v: usize, reach: usize, floor: v128): v128 {
  const side = f64x2.gt(rate, f64x2.splat(0));
  const here = v128.load(v);
  const up = v128.load(v + reach);
  const down = v128.load(v - reach);
  const next = v128.bitselect(up, down, side);
  const ahead = f64x2.sub(next, here);
  const behind = f64x2.sub(here, v128.bitselect(down, up, side));
  const beyond = f64x2.sub(v128.bitselect(v128.load(v + 2 * reach), v128.load(v - 2 * reach), side), next);
  const outer = f64x2.sub(beyond, ahead);
  const inner = f64x2.sub(ahead, behind);
  const a = f64x2.add(floor, f64x2.mul(inner, inner));
  const b = f64x2.add(floor, f64x2.mul(outer, outer));
  const aa = f64x2.mul(a, a);
  const weight = f64x2.div(aa, f64x2.add(aa, f64x2.mul(f64x2.splat(2), f64x2.mul(b, b))));
  const third = f64x2.sub(f64x2.add(ahead, behind), f64x2.mul(weight, f64x2.sub(outer, inner)));
  return f64x2.mul(f64x2.abs(rate), f64x2.mul(third, f64x2.splat(0.5)));
}
