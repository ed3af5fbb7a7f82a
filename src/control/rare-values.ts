/**
 * Values on slow × fast nodes that are made row by row, a fast node at a time, and never stand in memory together:
 * their maximum, and what they exceed with a small probability only.
 */

/** The nodes of rows: `lanes` to a row, `size` in all. */
export interface RowNodes {
  readonly lanes: number;
  readonly size: number;
}

/** Writes out[s] at node from + s. */
export type WriteRow = (out: Float64Array, from: number) => void;

/** Visits all rows; a row is used again by the next one. */
export function eachRow(
  write: WriteRow,
  { lanes, size }: RowNodes,
  visit: (row: Float64Array, from: number) => void,
): void {
  const row = new Float64Array(lanes);
  for (let from = 0; from < size; from += lanes) {
    write(row, from);
    visit(row, from);
  }
}

/** The largest of values ≥ 0. */
export function largestOf(write: WriteRow, nodes: RowNodes): number {
  let largest = 0;
  eachRow(write, nodes, (row) => {
    for (let s = 0; s < row.length; s++) if (row[s] > largest) largest = row[s];
  });
  return largest;
}

interface Rare {
  /** π(x,·) at every node. */
  readonly weights: Float64Array;
  readonly tail: number;
  readonly parts: number;
}

/**
 * The least multiple of 1/parts² of the largest value that is exceeded with at most the probability `tail` under the
 * weights of every lane: first among multiples of 1/parts, then between two of these.
 */
export function rarelyExceeded(write: WriteRow, nodes: RowNodes, { weights, tail, parts }: Rare): number {
  const { lanes } = nodes;
  const largest = largestOf(write, nodes);
  if (largest === 0) return 0;
  const most = parts * parts;
  const scale = most / largest;
  /** m for values in (m, m + 1]·largest/parts². */
  const places = new Int32Array(lanes);
  const place = (row: Float64Array) => {
    for (let s = 0; s < lanes; s++) places[s] = Math.max(0, Math.min(Math.ceil(row[s] * scale), most) - 1);
  };
  const [coarse, beyond] = [new Float64Array(parts * lanes), new Float64Array(lanes)];
  eachRow(write, nodes, (row, from) => {
    place(row);
    for (let s = 0; s < lanes; s++) coarse[Math.floor(places[s] / parts) * lanes + s] += weights[from + s];
  });
  const highest = highestPart(coarse, beyond.slice(), tail);
  const fine = new Float64Array(parts * lanes);
  eachRow(write, nodes, (row, from) => {
    place(row);
    for (let s = 0; s < lanes; s++) {
      const part = places[s] - highest * parts;
      if (part >= parts) beyond[s] += weights[from + s];
      else if (part >= 0) fine[part * lanes + s] += weights[from + s];
    }
  });
  return (largest * (highest * parts + highestPart(fine, beyond, tail) + 1)) / most;
}

/** The highest part at which, from the top, the mass of some lane exceeds `tail`; `beyond` lies above all parts. */
function highestPart(masses: Float64Array, beyond: Float64Array, tail: number): number {
  const lanes = beyond.length;
  let highest = 0;
  for (let s = 0; s < lanes; s++) {
    let part = masses.length / lanes - 1;
    while (part > highest && beyond[s] + masses[part * lanes + s] <= tail) beyond[s] += masses[part-- * lanes + s];
    highest = part;
  }
  return highest;
}
