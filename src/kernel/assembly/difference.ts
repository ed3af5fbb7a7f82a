/** Upwind differences of one node, and of two neighbouring nodes at once. */

/** Bytes of a double. */
export const SIZE: usize = 8;
/** Bytes of four vectors: the unrolled body of a loop. */
export const STRIP: usize = 64;

// @ts-ignore: decorator
@inline
export function upwind(rate: f64, v: usize, stride: usize): f64 {
  const here = load<f64>(v);
  return rate > 0 ? rate * (load<f64>(v + stride) - here) : rate * (here - load<f64>(v - stride));
}

// @ts-ignore: decorator
@inline
export function upwind2(rate: v128, v: usize, stride: usize): v128 {
  const here = v128.load(v);
  const forward = f64x2.sub(v128.load(v + stride), here);
  const backward = f64x2.sub(here, v128.load(v - stride));
  return f64x2.mul(rate, v128.bitselect(forward, backward, f64x2.gt(rate, f64x2.splat(0))));
}

