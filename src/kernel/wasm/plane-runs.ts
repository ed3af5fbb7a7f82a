/**
 * Long feet along two slow axes in runs of lanes that see them in the same simplex, so that a loop loads neighbours
 * together (assembly/on-plane.ts). Level 0 holds the feet themselves, level t those t cells on the way from rest, t
 * whole (src/differencing/feet.ts). Where a foot leads over an end its lane is listed alone.
 */

/** A run as two words: its lanes, 16 bits each; whole sums W₁, W₂, 12 bits each, then the flags. */
const AHEAD_1 = 1 << 24;
const AHEAD_2 = 1 << 25;
const SECOND_FIRST = 1 << 26;
const ALONE = 1 << 27;
const MOST_LANES = 65535;
const MOST_CELLS = 4095;

/** Where feet are looked for: the slow axes, the time of flight, whether the way from rest counts too. */
export interface Plane {
  readonly shape: readonly number[];
  readonly foot: number;
  readonly isRay: boolean;
}

/** A list of words that grows. */
export interface WordList {
  words: Int32Array;
  length: number;
}

/** Whether the words of a run hold its lanes. */
export function fitsRuns({ shape }: Plane): boolean {
  return shape[0] * shape[1] <= MOST_LANES;
}

/**
 * Appends the runs of row j: the number of levels, then per level the number of its runs and these. Returns where they
 * start; −1, with nothing appended, where no foot is long.
 */
export function appendRow(list: WordList, [one, two]: readonly Float64Array[], j: number, plane: Plane): number {
  const lanes = plane.shape[0] * plane.shape[1];
  let longest = 0;
  for (let k = j * lanes; k < (j + 1) * lanes; k++) {
    longest = Math.max(longest, plane.foot * (Math.abs(one[k]) + Math.abs(two[k])));
  }
  if (!(longest > 1)) return -1;
  const start = list.length;
  const levels = plane.isRay ? Math.ceil(Math.min(longest, MOST_CELLS)) - 1 : 0;
  push(list, levels + 1);
  for (let level = 0; level <= levels; level++) {
    const counted = list.length;
    push(list, 0);
    const count = appendLevel(list, [one, two], j * lanes, { ...plane, level });
    list.words[counted] = count;
  }
  return start;
}

/** The runs of a level; returns their number. */
function appendLevel(
  list: WordList,
  [one, two]: readonly Float64Array[],
  offset: number,
  { shape, foot, level }: Plane & { readonly level: number },
): number {
  const [extent, height] = shape;
  let count = 0;
  let before = -1;
  for (let k = 0; k < height; k++) {
    for (let i = 0; i < extent; i++) {
      const s = k * extent + i;
      const [d1, d2] = [foot * one[offset + s], foot * two[offset + s]];
      const length = Math.abs(d1) + Math.abs(d2);
      if (!(length > 1) || !(length > level)) {
        before = -1;
        continue;
      }
      const [x, y] = [i + d1, k + d2];
      const isInside = x >= 0 && x <= extent - 1 && y >= 0 && y <= height - 1 && length < MOST_CELLS;
      const key = isInside ? keyOf(d1, d2, level) : ALONE;
      // A run ends with its row of lanes: at the seam the second axis moves on.
      if (key === before && i > 0) {
        list.words[list.length - 2] += 1 << 16;
        continue;
      }
      push(list, s | ((s + 1) << 16));
      push(list, key);
      before = key;
      count++;
    }
  }
  return count;
}

/** The simplex of a foot, or of the point `level` cells on the way to it. */
function keyOf(d1: number, d2: number, level: number): number {
  const [a1, length] = [Math.abs(d1), Math.abs(d1) + Math.abs(d2)];
  const first = level === 0 ? a1 : level * (a1 / length);
  const sum = level === 0 ? length : level;
  const [whole1, whole2] = [Math.floor(first), Math.floor(sum)];
  const flags = (d1 > 0 ? AHEAD_1 : 0) | (d2 > 0 ? AHEAD_2 : 0);
  const order = sum - whole2 >= first - whole1 ? SECOND_FIRST : 0;
  return whole1 | (whole2 << 12) | flags | order;
}

/** Appends a word. */
export function push(list: WordList, word: number): void {
  if (list.length === list.words.length) {
    const larger = new Int32Array(2 * list.words.length);
    larger.set(list.words);
    list.words = larger;
  }
  list.words[list.length++] = word;
}
