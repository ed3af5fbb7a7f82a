/**
 * What is known of φ and ℓ on parts of an interval U, for all nodes of a block of the grid at once: bounds of their
 * values, slopes and second derivatives by interval arithmetic (Moore 1966). U is halved where these leave open on
 * which side of 0 φ stands or how the bracket bends, until what is left open is small.
 */

import { type IntervalProgram, intervalProgram } from '../formula/interval.ts';
import { EMPTY, PARTIAL } from '../formula/interval-arithmetic.ts';
import { compileTogether } from '../formula/program.ts';
import { coordinate } from '../grid/axis.ts';
import type { Grid } from '../grid/grid.ts';
import type { WrittenFormulas } from './written-formulas.ts';

/** Pieces of U for all nodes, shared by the nodes of a block of the grid. */
export interface FormulaPieces {
  /**
   * Pieces of U one after another, block by block: their ends, then of φ_1, …, φ_n, ℓ the least and the largest value,
   * slope and second derivative.
   */
  readonly pieces: Float64Array;
  /** Where the pieces of a block start, and those of the last one end. */
  readonly starts: Int32Array;
  /** Slow node s and fast node j stand in block slowBlock[s]·fastBlocks + fastBlock[j]. */
  readonly slowBlock: Int32Array;
  readonly fastBlock: Int32Array;
  readonly fastBlocks: number;
}

/** Doubles of a piece for n components of φ. */
export function pieceSize(n: number): number {
  return 2 + 6 * (n + 1);
}

/** How often the search at a node halves a piece of which it knows too little, and one without any bounds. */
export const HALVINGS = { bounded: 9, blind: 4 } as const;

/** Blocks and pieces at most: of a block, and of all. */
const MOST_BLOCKS = 1024;
const MOST_PIECES = 128;
const MOST_IN_ALL = 32768;
/** A piece is halved where what it leaves open exceeds this part of what the bracket varies by. */
const SMALL = 1e-3;
/** Slopes p it is halved for, in units of those at which φ·p varies as much as ℓ. */
const STEEPNESS = [1 / 8, 1, 8];
/** Controls at which φ and ℓ are looked at to see how much they vary. */
const LOOKS = 33;

interface Nodes {
  readonly slow: Grid;
  readonly fast: Grid;
  /** Whether a coordinate decides how the formulas vary with the control. */
  readonly sees: (name: string) => boolean;
}

/** The pieces for all nodes. */
export function piecesOn(written: WrittenFormulas, { slow, fast, sees }: Nodes): FormulaPieces {
  const { names } = written;
  const n = slow.axes.length;
  const shape = [...slow.shape, ...fast.shape];
  const seen = shape.filter((_, a) => sees(names[a])).length;
  const most = seen === 0 ? 1 : Math.max(1, Math.floor(MOST_BLOCKS ** (1 / seen)));
  const groups = shape.map((nodes, a) => (sees(names[a]) ? Math.min(nodes, most) : 1));
  const groupOf = (a: number, place: number) => Math.floor((place * groups[a]) / shape[a]);
  const blockOf = (grid: Grid, first: number) =>
    Int32Array.from({ length: grid.size }, (_, k) =>
      grid.shape.reduceRight((block, nodes, a) => {
        return block * groups[first + a] + groupOf(first + a, Math.floor(k / grid.strides[a]) % nodes);
      }, 0),
    );
  const axes = [...slow.axes, ...fast.axes];
  const sides = axes.map((axis, a) =>
    Array.from({ length: groups[a] }, (_, group): [number, number] => {
      const places = [...Array(axis.nodes).keys()].filter((place) => groupOf(a, place) === group);
      return [coordinate(axis, places[0]), coordinate(axis, places[places.length - 1])];
    }),
  );
  const fastBlocks = product(groups.slice(n));
  const blocks = product(groups);
  const search = pieceSearch(written, Math.min(MOST_PIECES, Math.floor(MOST_IN_ALL / blocks)));
  const found = Array.from({ length: blocks }, (_, block) => {
    const at = placesOf(Math.floor(block / fastBlocks), groups.slice(0, n));
    at.push(...placesOf(block % fastBlocks, groups.slice(n)));
    return search(at.map((group, a) => sides[a][group]));
  });
  const starts = new Int32Array(blocks + 1);
  found.forEach((pieces, block) => {
    starts[block + 1] = starts[block] + pieces.length * pieceSize(n);
  });
  const pieces = new Float64Array(starts[blocks]);
  found.flat().forEach((piece, k) => {
    pieces.set(piece, k * pieceSize(n));
  });
  return { pieces, starts, slowBlock: blockOf(slow, 0), fastBlock: blockOf(fast, n), fastBlocks };
}

function product(factors: readonly number[]): number {
  return factors.reduce((whole, factor) => whole * factor, 1);
}

/** The groups along the axes of a block, first axis fastest. */
function placesOf(block: number, groups: readonly number[]): number[] {
  let rest = block;
  return groups.map((count) => {
    const place = rest % count;
    rest = Math.floor(rest / count);
    return place;
  });
}

type Interval = readonly [number, number];

/** Pieces of U for a box of (x, y), at most so many. */
function pieceSearch(written: WrittenFormulas, most: number): (box: readonly Interval[]) => readonly Float64Array[] {
  const { names, trees, control, lower, upper, point, isAffine } = written;
  const n = isAffine.length;
  const program = intervalProgram(trees, names, n + 1);
  const values = compileTogether(trees.slice(0, n + 1), names);
  return (box) => {
    const at = point.slice();
    names.forEach((_, k) => {
      const [low, high] = box[k] ?? [point[k], point[k]];
      program.lower[k] = low;
      program.upper[k] = high;
      at[k] = low / 2 + high / 2;
    });
    const varies = values.map((value) => {
      const looks = Array.from({ length: LOOKS }, (_, k) => {
        at[control] = lower + ((upper - lower) * k) / (LOOKS - 1);
        return value(at);
      });
      return Math.max(...looks) - Math.min(...looks);
    });
    const unit = varies.slice(0, n).map((range) => (range > 0 && varies[n] > 0 ? varies[n] / range : 1));
    const open = (piece: Float64Array) =>
      STEEPNESS.reduce((most, times) => {
        const steepness = unit.map((p) => times * p);
        const whole = steepness.reduce((sum, p, i) => sum + p * varies[i], varies[n]);
        const left = openOn(piece, 0, { isAffine, steepness, halvings: 0 });
        return left === 0 ? most : Math.max(most, left / whole);
      }, 0);
    const pieces = [enclosedPiece(program, written, [lower, upper])];
    const left = pieces.map(open);
    while (pieces.length < most) {
      const worst = left.indexOf(Math.max(...left));
      if (!(left[worst] > SMALL)) break;
      const [from, to] = pieces[worst];
      const middle = from < 0 && to > 0 ? 0 : from + (to - from) / 2;
      const halves = [[from, middle] as const, [middle, to] as const].map((ends) =>
        enclosedPiece(program, written, ends),
      );
      pieces.splice(worst, 1, ...halves);
      left.splice(worst, 1, ...halves.map(open));
    }
    return pieces;
  };
}

/** A piece with its bounds; where a formula has no value or jumps, nothing is known of its derivatives. */
function enclosedPiece(
  program: IntervalProgram,
  { control, isAffine }: WrittenFormulas,
  [from, to]: Interval,
): Float64Array {
  const n = isAffine.length;
  const { lower, upper, flags, results } = program;
  lower[control] = from;
  upper[control] = to;
  program.run();
  const piece = new Float64Array(pieceSize(n));
  piece.set([from, to]);
  for (let q = 0; q <= n; q++) {
    let isKnown = true;
    for (let order = 0; order < 3; order++) {
      const result = results[order * (n + 1) + q];
      // A value may jump and still have bounds; of derivatives a jump is a kink, which their bounds enclose.
      const hasBounds = (flags[result] & (PARTIAL | EMPTY)) === 0;
      piece[2 + 6 * q + 2 * order] = isKnown && hasBounds ? lower[result] : -Infinity;
      piece[2 + 6 * q + 2 * order + 1] = isKnown && hasBounds ? upper[result] : Infinity;
      isKnown &&= flags[result] === 0;
    }
    if (isAffine[q]) piece.fill(0, 2 + 6 * q + 4, 2 + 6 * q + 6);
  }
  return piece;
}

/**
 * Most that the least bracket found on a piece may lie above its minimum, for slopes |p_i| ≤ `steepness` at the nodes
 * and after so many halvings: 0 where each side of φ_i = 0 is monotone, convex or concave; else a chord lies at most
 * h²/8 times the second derivative above the bracket, h/4 times the spread of its slopes, and its range.
 */
function openOn(
  pieces: Float64Array,
  at: number,
  {
    isAffine,
    steepness,
    halvings,
  }: { readonly isAffine: readonly boolean[]; readonly steepness: readonly number[]; readonly halvings: number },
): number {
  const n = isAffine.length;
  const bound = (q: number, k: number) => pieces[at + 2 + 6 * q + k];
  let [range, leastSlope, mostSlope] = [bound(n, 1) - bound(n, 0), bound(n, 2), bound(n, 3)];
  let [spread, leastBend, mostBend] = [mostSlope - leastSlope, bound(n, 4), bound(n, 5)];
  let isSplit = true;
  for (let i = 0; i < n; i++) {
    const times = (size: number) => (steepness[i] === 0 ? 0 : steepness[i] * size);
    const [slope, bend] = [most(bound(i, 2), bound(i, 3)), most(bound(i, 4), bound(i, 5))];
    const hasSide = bound(i, 0) >= 0 || bound(i, 1) <= 0 || isAffine[i] || bound(i, 2) >= 0 || bound(i, 3) <= 0;
    isSplit &&= hasSide;
    range += times(bound(i, 1) - bound(i, 0));
    leastSlope -= times(slope);
    mostSlope += times(slope);
    spread += times(hasSide ? bound(i, 3) - bound(i, 2) : 2 * slope);
    leastBend -= times(bend);
    mostBend += times(bend);
  }
  if (leastSlope >= 0 || mostSlope <= 0 || (isSplit && (leastBend >= 0 || mostBend <= 0))) return 0;
  const h = (pieces[at + 1] - pieces[at]) / 2 ** halvings;
  const byBend = isSplit ? (mostBend * h * h) / 8 : Infinity;
  return Math.min(...[byBend, (spread * h) / 4, range].filter((size) => !Number.isNaN(size)), Infinity);
}

/** The largest size of a number between two. */
function most(low: number, high: number): number {
  return Math.max(-low, high);
}

/** The largest of `openOn` over all pieces: how far the minimum of a bracket may lie below what is found. */
export function leftOpen(
  { pieces, starts }: Pick<FormulaPieces, 'pieces' | 'starts'>,
  isAffine: readonly boolean[],
  steepness: readonly number[],
): number {
  let largest = 0;
  const size = pieceSize(isAffine.length);
  for (let at = 0; at < starts[starts.length - 1]; at += size) {
    largest = Math.max(largest, openOn(pieces, at, { isAffine, steepness, halvings: HALVINGS.bounded }));
  }
  return largest;
}
