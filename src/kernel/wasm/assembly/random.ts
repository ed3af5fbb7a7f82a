/**
 * Philox4x32-10 and Box–Muller as in src/random, operation by operation, for four paths at once: additions, products,
 * quotients and square roots are exactly rounded everywhere, so both give the same bits.
 */

/** Standard normals of the even step of a pair and of the odd one, for the first two paths and the last two. */
export let even0: v128 = f64x2.splat(0);
export let even2: v128 = f64x2.splat(0);
export let odd0: v128 = f64x2.splat(0);
export let odd2: v128 = f64x2.splat(0);

/** The double 2^52: its last bits count whole units. */
const WHOLE: i64 = 0x4330000000000000;

/** Two independent standard normals of a stream for each of `path`, …, `path` + 3: see src/random/normal.ts. */
export function normalPairs(seedLow: i32, seedHigh: i32, path: i32, pair: i32, stream: i32): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.splat(pair);
  let c1 = i32x4(path, path + 1, path + 2, path + 3);
  let c2 = i32x4.splat(stream);
  let c3 = i32x4.splat(0);
  let k0 = i32x4.splat(seedLow);
  let k1 = i32x4.splat(seedHigh);
  for (let round = 0; round < 10; round++) {
    const left01 = i64x2.extmul_low_i32x4_u(m0, c0);
    const left23 = i64x2.extmul_high_i32x4_u(m0, c0);
    const right01 = i64x2.extmul_low_i32x4_u(m1, c2);
    const right23 = i64x2.extmul_high_i32x4_u(m1, c2);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(right01, right23, 1, 3, 5, 7), c1), k0);
    c1 = v128.shuffle<i32>(right01, right23, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(left01, left23, 1, 3, 5, 7), c3), k1);
    c3 = v128.shuffle<i32>(left01, left23, 0, 2, 4, 6);
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
    k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  const zero = i32x4.splat(0);
  boxMuller(
    v128.shuffle<i32>(c0, zero, 0, 4, 1, 5),
    v128.shuffle<i32>(c1, zero, 0, 4, 1, 5),
    v128.shuffle<i32>(c2, zero, 0, 4, 1, 5),
    v128.shuffle<i32>(c3, zero, 0, 4, 1, 5),
  );
  even0 = cosine;
  odd0 = sine;
  boxMuller(
    v128.shuffle<i32>(c0, zero, 2, 4, 3, 5),
    v128.shuffle<i32>(c1, zero, 2, 4, 3, 5),
    v128.shuffle<i32>(c2, zero, 2, 4, 3, 5),
    v128.shuffle<i32>(c3, zero, 2, 4, 3, 5),
  );
  even2 = cosine;
  odd2 = sine;
}

/** What the last call of `polar` gave. */
let cosine: v128 = f64x2.splat(0);
let sine: v128 = f64x2.splat(0);

/** The transformation of Box and Muller (1958) of four words in lanes of 64 bits. */
// @ts-ignore: decorator of AssemblyScript
@inline
function boxMuller(w0: v128, w1: v128, w2: v128, w3: v128): void {
  const radial = f64x2.mul(f64x2.add(joined(w0, w1), f64x2.splat(0.5)), f64x2.splat(1.1102230246251565e-16));
  const turn = f64x2.mul(joined(w2, w3), f64x2.splat(1.1102230246251565e-16));
  polar(f64x2.sqrt(f64x2.mul(f64x2.splat(-2), logarithm(radial))), turn);
}

/** The upper 27 bits of one word times 2^26 plus the upper 26 of the other. */
// @ts-ignore: decorator of AssemblyScript
@inline
function joined(high: v128, low: v128): v128 {
  return f64x2.add(f64x2.mul(double(i64x2.shr_u(high, 5)), f64x2.splat(67108864)), double(i64x2.shr_u(low, 6)));
}

/** Whole numbers below 2^52 as doubles, exactly. */
// @ts-ignore: decorator of AssemblyScript
@inline
function double(whole: v128): v128 {
  return f64x2.sub(v128.or(whole, i64x2.splat(WHOLE)), f64x2.splat(4503599627370496));
}

/** c0 + z (c1 + z (c2 + …)), as far as the last coefficient given. */
// @ts-ignore: decorator of AssemblyScript
@inline
function horner(c: f64, z: v128, rest: v128): v128 {
  return f64x2.add(f64x2.splat(c), f64x2.mul(z, rest));
}

/** log u for 0 < u ≤ 1 (Sun Microsystems 1993, fdlibm e_log.c): error below 1 unit in the last place. */
// @ts-ignore: decorator of AssemblyScript
@inline
function logarithm(u: v128): v128 {
  // The mantissa is taken in [√½, √2): 0x95f64 carries into bit 20 of the upper word from √2 on.
  const carried = i64x2.add(v128.and(u, i64x2.splat(0x000fffff00000000)), i64x2.splat(0x00095f6400000000));
  const raised = v128.and(i64x2.shr_u(carried, 52), i64x2.splat(1));
  const power = i64x2.add(i64x2.shr_u(u, 52), raised);
  const exponent = f64x2.sub(double(power), f64x2.splat(1023));
  const bits = i64x2.shl(i64x2.sub(i64x2.splat(0x3ff), raised), 52);
  const mantissa = v128.or(v128.and(u, i64x2.splat(0x000fffffffffffff)), bits);
  const f = f64x2.sub(mantissa, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  let t1 = horner(0.22222198432149784, w, f64x2.splat(0.15313837699209373));
  t1 = f64x2.mul(w, horner(0.3999999999940942, w, t1));
  let t2 = horner(0.1818357216161805, w, f64x2.splat(0.14798198605116586));
  t2 = horner(0.2857142874366239, w, t2);
  t2 = f64x2.mul(z, horner(0.6666666666666735, w, t2));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const low = f64x2.mul(exponent, f64x2.splat(1.9082149292705877e-10));
  const tail = f64x2.add(f64x2.mul(s, f64x2.add(half, f64x2.add(t2, t1))), low);
  const high = f64x2.mul(exponent, f64x2.splat(0.6931471803691238));
  return f64x2.sub(high, f64x2.sub(f64x2.sub(half, tail), f));
}

/** r cos 2πt and r sin 2πt for 0 ≤ t < 1 (fdlibm k_cos.c, k_sin.c around the nearest quarter turn). */
// @ts-ignore: decorator of AssemblyScript
@inline
function polar(r: v128, t: v128): void {
  const quarter = f64x2.floor(f64x2.add(f64x2.mul(f64x2.splat(4), t), f64x2.splat(0.5)));
  const rest = f64x2.sub(t, f64x2.mul(f64x2.splat(0.25), quarter));
  const a = f64x2.mul(f64x2.splat(6.283185307179586), rest);
  const z = f64x2.mul(a, a);
  let s = horner(-2.5050760253406863e-8, z, f64x2.splat(1.58969099521155e-10));
  s = horner(2.7557313707070068e-6, z, s);
  s = horner(-0.0001984126982985795, z, s);
  s = horner(0.00833333333332249, z, s);
  s = horner(-0.16666666666666632, z, s);
  s = f64x2.add(a, f64x2.mul(f64x2.mul(a, z), s));
  let c = horner(2.087572321298175e-9, z, f64x2.splat(-1.1359647557788195e-11));
  c = horner(-2.7557314351390663e-7, z, c);
  c = horner(2.480158728947673e-5, z, c);
  c = horner(-0.001388888888887411, z, c);
  c = horner(0.0416666666666666, z, c);
  const half = f64x2.mul(f64x2.splat(0.5), z);
  c = f64x2.sub(f64x2.splat(1), f64x2.sub(half, f64x2.mul(f64x2.mul(z, z), c)));
  // The last two bits of quarter + 2^52 are the quadrant.
  const quadrant = f64x2.add(quarter, f64x2.splat(4503599627370496));
  const swapped = i64x2.ne(v128.and(quadrant, i64x2.splat(1)), i64x2.splat(0));
  const negative = i64x2.shl(v128.and(i64x2.add(quadrant, i64x2.splat(1)), i64x2.splat(2)), 62);
  const negativeSine = i64x2.shl(v128.and(quadrant, i64x2.splat(2)), 62);
  cosine = f64x2.mul(r, v128.xor(v128.bitselect(s, c, swapped), negative));
  sine = f64x2.mul(r, v128.xor(v128.bitselect(c, s, swapped), negativeSine));
}
