/**
 * Increments of independent Brownian motions over the steps of a path, and what stands for their Lévy areas: the
 * antisymmetric V of weak schemes, with E V_rj = 0, E V_rj² = dt² and no correlation with the increments (Kloeden,
 * Platen 1992, (14.2.8)), here ±dt with equal chance. Over two steps half as long they compose as iterated integrals,
 *
 *   V_rj = V¹_rj + V²_rj + ΔW¹_r ΔW²_j − ΔW²_r ΔW¹_j,
 *
 * which has the same moments: steps twice as long along the same noise differ by the step alone.
 */
import { normalPair, type Seed } from '../random/normal.ts';
import type { NoiseOf } from './path-stepper.ts';

/** Streams of the Brownian motions of the slow variables; those of the fast ones are 0, 1, 2. */
export const SLOW_STREAM = 2 ** 16;
const SIGN_STREAM = 2 ** 17;

/** Streams of the signs of V_rj, one per pair r < j of so many Brownian motions. */
export function signStreams(count: number): number[] {
  return Array.from({ length: (count * (count - 1)) / 2 }, (_, k) => SIGN_STREAM + k);
}

/** What one step draws: ΔW_j at entry j, V_rj at entry r·count + j. */
export interface Increments {
  readonly moved: Float64Array;
  readonly areas: Float64Array;
  /** Draws those of a step of a path. */
  draw(path: number, step: number): void;
}

/** Increments over steps of length dt of the Brownian motions with these streams; drawing does not allocate. */
export function incrementsOf(
  streams: readonly number[],
  { seed, dt, noiseOf }: { readonly seed: Seed; readonly dt: number; readonly noiseOf?: NoiseOf },
): Increments {
  const count = streams.length;
  const [moved, areas] = [new Float64Array(count), new Float64Array(count * count)];
  const all = [...streams, ...signStreams(count)];
  const pairs = all.map(() => new Float64Array(2));
  const halves = noiseOf === 'halves';
  const drawn = halves ? dt / 2 : dt;
  const root = Math.sqrt(drawn);
  let [lastPath, lastPair] = [-1, -1];
  const drawPairs = (path: number, pair: number) => {
    if (path === lastPath && pair === lastPair) return;
    for (let c = 0; c < all.length; c++) normalPair(pairs[c], seed, path, [pair, all[c]]);
    lastPath = path;
    lastPair = pair;
  };
  const signed = (normal: number) => (normal > 0 ? drawn : -drawn);
  const composed = (of: Float64Array, first: Float64Array, second: Float64Array) =>
    signed(of[0]) + signed(of[1]) + drawn * (first[0] * second[1] - first[1] * second[0]);
  return {
    moved,
    areas,
    draw(path, step) {
      drawPairs(path, halves ? step : step >>> 1);
      for (let j = 0; j < count; j++) moved[j] = root * (halves ? pairs[j][0] + pairs[j][1] : pairs[j][step & 1]);
      let sign = count;
      for (let r = 0; r < count; r++) {
        for (let j = r + 1; j < count; j++) {
          const of = pairs[sign++];
          areas[r * count + j] = halves ? composed(of, pairs[r], pairs[j]) : signed(of[step & 1]);
          areas[j * count + r] = -areas[r * count + j];
        }
      }
    },
  };
}
