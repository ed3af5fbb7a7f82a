/**
 * Standard normals without state: the transformation of Box and Muller (1958) of the words of Philox, so that a draw
 * depends on (seed, path, pair, stream) only. Logarithm, sine and cosine are the polynomials of fdlibm (Sun
 * Microsystems, 1993) in additions, products, quotients and square roots, which every machine rounds alike:
 * src/kernel/wasm/assembly/random.ts gives the same bits.
 */
import { philox } from './philox.ts';

/** A whole number from 0 to 2⁵³ − 1. */
export type Seed = number;

const words = new Uint32Array(4);
const UNIT = 2 ** -53;

/** Two independent standard normals; pair, path and stream are whole numbers below 2³². Does not allocate. */
export function normalPair(
  out: Float64Array,
  seed: Seed,
  path: number,
  [pair, stream]: readonly [number, number],
): void {
  drawWords(seed, path, pair, stream);
  const radial = ((words[0] >>> 5) * 67108864 + (words[1] >>> 6) + 0.5) * UNIT;
  const turn = ((words[2] >>> 5) * 67108864 + (words[3] >>> 6)) * UNIT;
  polar(out, Math.sqrt(-2 * logarithm(radial)), turn);
}

/** A uniform draw of (0, 1], of 53 bits. */
export function uniform(seed: Seed, path: number, [pair, stream]: readonly [number, number]): number {
  drawWords(seed, path, pair, stream);
  return ((words[0] >>> 5) * 67108864 + (words[1] >>> 6) + 0.5) * UNIT;
}

/** The two words of a seed. */
export function seedWords(seed: Seed): readonly [number, number] {
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}

function drawWords(seed: Seed, path: number, pair: number, stream: number): void {
  words[0] = pair;
  words[1] = path;
  words[2] = stream;
  words[3] = 0;
  philox(words, (seed % 2 ** 32) | 0, Math.floor(seed / 2 ** 32) | 0);
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** log u for 0 < u ≤ 1 (fdlibm e_log.c): error below 1 unit in the last place. */
export function logarithm(u: number): number {
  double[0] = u;
  // The mantissa is taken in [√½, √2): 0x95f64 carries into bit 20 of the upper word from √2 on.
  const raised = (((halves[1] & 0xfffff) + 0x95f64) >>> 20) & 1;
  const exponent = (halves[1] >>> 20) + raised - 1023;
  halves[1] = (halves[1] & 0xfffff) | ((0x3ff - raised) << 20);
  const f = double[0] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const t2 = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  const tail = s * (half + (t2 + t1)) + exponent * 1.9082149292705877e-10;
  return exponent * 0.6931471803691238 - (half - tail - f);
}

/** r cos 2πt and r sin 2πt for 0 ≤ t < 1 (fdlibm k_cos.c, k_sin.c around the nearest quarter turn). */
function polar(out: Float64Array, r: number, t: number): void {
  const quarter = Math.floor(4 * t + 0.5);
  const a = 6.283185307179586 * (t - 0.25 * quarter);
  const z = a * a;
  let s = -2.5050760253406863e-8 + z * 1.58969099521155e-10;
  s = 2.7557313707070068e-6 + z * s;
  s = -0.0001984126982985795 + z * s;
  s = 0.00833333333332249 + z * s;
  s = -0.16666666666666632 + z * s;
  s = a + a * z * s;
  let c = 2.087572321298175e-9 + z * -1.1359647557788195e-11;
  c = -2.7557314351390663e-7 + z * c;
  c = 2.480158728947673e-5 + z * c;
  c = -0.001388888888887411 + z * c;
  c = 0.0416666666666666 + z * c;
  c = 1 - (0.5 * z - z * z * c);
  const quadrant = quarter & 3;
  const [cosine, sine] = quadrant & 1 ? [s, c] : [c, s];
  out[0] = r * ((quadrant + 1) & 2 ? -cosine : cosine);
  out[1] = r * (quadrant & 2 ? -sine : sine);
}
