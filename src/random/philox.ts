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
  let [c0, c1, c2, c3] = words;
  let k0 = keyLow;
  let k1 = keyHigh;
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

/** The upper 32 bits of the product of two 32-bit words, by halves: no partial sum exceeds 2³³. */
function highWord(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  const carried = aLow * bHigh + (middle % 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carried / 65536)) | 0;
}
