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

/** Lanes of a row with long feet: their cells, the share of the first axis in them, and the flags of their runs. */
interface LongLanes {
  readonly lane: Int32Array;
  readonly length: Float64Array;
  readonly share: Float64Array;
  readonly flags: Int32Array;
  /** Cells along the first axis. */
  readonly first: Float64Array;
}

/** Room for the lanes of one row. */
export function roomFor({ shape }: Plane): LongLanes {
  const lanes = shape[0] * shape[1];
  const doubles = () => new Float64Array(lanes);
  const [lane, flags] = [new Int32Array(lanes), new Int32Array(lanes)];
  return { lane, flags, length: doubles(), share: doubles(), first: doubles() };
}

/**
 * Appends the runs of row j: the number of levels, then per level the number of its runs and these. Returns where they
 * start; −1, with nothing appended, where no foot is long.
 */
export function appendRow(
  list: WordList,
  moves: readonly Float64Array[],
  j: number,
  plane: Plane,
  lanes: LongLanes,
): number {
  let count = longLanes(lanes, moves, j, plane);
  if (count === 0) return -1;
  const start = list.length;
  let longest = 0;
  for (let l = 0; l < count; l++) longest = Math.max(longest, lanes.length[l]);
  const levels = plane.isRay ? Math.ceil(Math.min(longest, MOST_CELLS)) - 1 : 0;
  push(list, levels + 1);
  for (let level = 0; level <= levels; level++) {
    if (level > 1) count = longerThan(lanes, count, level);
    appendLevel(list, lanes, count, level, plane.shape[0]);
  }
  return start;
}

/** The lanes of row j whose feet are more than a cell away; returns their number. */
function longLanes(
  lanes: LongLanes,
  [one, two]: readonly Float64Array[],
  j: number,
  { shape: [extent, height], foot }: Plane,
): number {
  let count = 0;
  for (let k = 0, s = 0; k < height; k++) {
    for (let i = 0; i < extent; i++, s++) {
      const [d1, d2] = [foot * one[j * extent * height + s], foot * two[j * extent * height + s]];
      const length = Math.abs(d1) + Math.abs(d2);
      if (!(length > 1)) continue;
      const [x, y] = [i + d1, k + d2];
      const isInside = x >= 0 && x <= extent - 1 && y >= 0 && y <= height - 1 && length < MOST_CELLS;
      lanes.lane[count] = s;
      lanes.length[count] = length;
      lanes.first[count] = Math.abs(d1);
      lanes.share[count] = Math.abs(d1) / length;
      lanes.flags[count++] = isInside ? (d1 > 0 ? AHEAD_1 : 0) | (d2 > 0 ? AHEAD_2 : 0) : ALONE;
    }
  }
  return count;
}

/** Keeps the lanes of which more than `level` cells are left; returns their number. */
function longerThan({ lane, length, share, flags }: LongLanes, count: number, level: number): number {
  let kept = 0;
  for (let l = 0; l < count; l++) {
    if (!(length[l] > level)) continue;
    lane[kept] = lane[l];
    length[kept] = length[l];
    share[kept] = share[l];
    flags[kept++] = flags[l];
  }
  return kept;
}

/** Appends the number of runs of a level and these: lanes side by side in one simplex, of one row of lanes. */
function appendLevel(list: WordList, lanes: LongLanes, count: number, level: number, extent: number): void {
  makeRoom(list, 1 + 2 * count);
  const { lane, length, share, first, flags } = lanes;
  const { words } = list;
  const counted = list.length;
  let end = counted + 1;
  let before = -1;
  for (let l = 0; l < count; l++) {
    const s = lane[l];
    const [along, sum] = level === 0 ? [first[l], length[l]] : [level * share[l], level];
    const key = flags[l] === ALONE ? ALONE : simplexAt(along, sum) | flags[l];
    // A run ends with its row of lanes: at the seam the second axis moves on.
    if (key === before && s === lane[l - 1] + 1 && s % extent > 0) words[end - 2] += 1 << 16;
    else {
      words[end++] = s | ((s + 1) << 16);
      words[end++] = key;
      before = key;
    }
  }
  words[counted] = (end - counted - 1) / 2;
  list.length = end;
}

/** The simplex of a point so many cells along the first axis, and in sum, from its lane. */
function simplexAt(along: number, sum: number): number {
  const [whole1, whole2] = [Math.floor(along), Math.floor(sum)];
  return whole1 | (whole2 << 12) | (sum - whole2 >= along - whole1 ? SECOND_FIRST : 0);
}

function makeRoom(list: WordList, words: number): void {
  if (list.length + words <= list.words.length) return;
  const larger = new Int32Array(2 * (list.length + words));
  larger.set(list.words);
  list.words = larger;
}

/** Appends a word. */
export function push(list: WordList, word: number): void {
  makeRoom(list, 1);
  list.words[list.length++] = word;
}
