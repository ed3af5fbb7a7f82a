/**
 * Philox4x32-10: four random words for every counter and key, with no state in between (Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3). Passes BigCrush; tested on their vectors.
 */

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
/** Fractional parts of the golden ratio and of √3 − 1: the key of the next round. */
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/** Replaces the counter in `words` (four 32-bit words) by its random words under the key. */
export function philox(words: Uint32Array, keyLow: number, keyHigh: number): void {
  let c0 = words[0] | 0;
  let c1 = words[1] | 0;
  let c2 = words[2] | 0;
  let c3 = words[3] | 0;
  let k0 = keyLow | 0;
  let k1 = keyHigh | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const left = highWord(MULTIPLIERS[0], c0);
    const right = highWord(MULTIPLIERS[1], c2);
    const low = Math.imul(MULTIPLIERS[0], c0);
    c0 = right ^ c1 ^ k0;
    c1 = Math.imul(MULTIPLIERS[1], c2);
    c2 = left ^ c3 ^ k1;
    c3 = low;
    k0 = (k0 + WEYL[0]) | 0;
    k1 = (k1 + WEYL[1]) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** The upper 32 bits of the product of two 32-bit words, by halves in whole 32-bit arithmetic: no sum exceeds 2³². */
function highWord(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carried = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) | 0;
}
