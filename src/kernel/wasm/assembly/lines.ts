/** Line solves in y, vectorised over x: the running averages of src/linalg/tridiagonal.ts. */
import { SIZE, STRIP } from './difference';

/**
 * out = (I − κL)⁻¹ right by the factors of the upward elimination; `out` may be `right`. Rows of a line are `pitch`
 * doubles apart, those of its factors `factorPitch`.
 */
export function solve(
  out: usize, right: usize, share: usize, killed: usize, pitch: i32, factorPitch: i32, nodes: i32,
  first: i32, last: i32,
): void {
  const reach = (<usize>pitch) * SIZE;
  const factorReach = (<usize>factorPitch) * SIZE;
  const from = (<usize>first) * SIZE;
  if (out != right) memory.copy(out + from, right + from, (<usize>(last - first)) * SIZE);
  for (let j = 1; j < nodes; j++) {
    const row = (<usize>j) * reach;
    blend(out + row, right + row, share + (<usize>j) * factorReach, out + row - reach, first, last);
  }
  for (let j = nodes - 2; j >= 0; j--) {
    const row = (<usize>j) * reach;
    blend(out + row, out + row, killed + (<usize>j) * factorReach, out + row + reach, first, last);
  }
}

/** out = from + weight·(goal − from) on lanes [first, last), the one operation of a line solve; `out` may be `goal`. */
export function blend(out: usize, goal: usize, weight: usize, from: usize, first: i32, last: i32): void {
  let o = (<usize>first) * SIZE;
  const end = (<usize>last) * SIZE;
  for (; o + STRIP <= end; o += STRIP) {
    v128.store(out + o, towards(from + o, weight + o, v128.load(goal + o)), 0);
    v128.store(out + o, towards(from + o + 16, weight + o + 16, v128.load(goal + o, 16)), 16);
    v128.store(out + o, towards(from + o + 32, weight + o + 32, v128.load(goal + o, 32)), 32);
    v128.store(out + o, towards(from + o + 48, weight + o + 48, v128.load(goal + o, 48)), 48);
  }
  for (; o < end; o += SIZE) {
    const start = load<f64>(from + o);
    store<f64>(out + o, start + load<f64>(weight + o) * (load<f64>(goal + o) - start));
  }
}

/** from + weight·(goal − from). */
// @ts-ignore: decorator
@inline
export function towards(from: usize, weight: usize, goal: v128): v128 {
  const start = v128.load(from);
  return f64x2.add(start, f64x2.mul(v128.load(weight), f64x2.sub(goal, start)));
}
