/** Boxes of R^m that are halved where most is open about a function, all those first that have about as much of it. */
import type { IntervalProgram } from '../formula/interval.ts';
import type { Coordinates, Interval } from '../model/problem.ts';

/** A box by its middle and half its sides. */
export interface Cell {
  readonly middle: readonly number[];
  readonly half: readonly number[];
  readonly volume: number;
}

/** What is open about a cell, ≥ 0, its halves, and when to stop: at `most` cells, or where the rest is small enough. */
export interface Refinement<C extends Cell> {
  readonly most: number;
  readonly openOf: (cell: C) => number;
  readonly split: (cell: C) => readonly C[];
  readonly isEnough: (cells: readonly C[], open: Float64Array) => boolean;
}

/** Cells with this part of the largest open one are halved together. */
const ALIKE = 1 / 64;

/** The cells, and whether what is left open is small enough. */
export function refined<C extends Cell>(start: readonly C[], { most, openOf, split, isEnough }: Refinement<C>) {
  let cells = start;
  for (;;) {
    const open = new Float64Array(cells.length);
    for (let k = 0; k < open.length; k++) open[k] = openOf(cells[k]);
    if (isEnough(cells, open)) return { cells, isEnough: true };
    const largest = open.reduce((top, each) => Math.max(top, each), 0);
    let room = most - cells.length;
    if (room <= 0 || !(largest > 0)) return { cells, isEnough: false };
    const next: C[] = [];
    for (let k = 0; k < open.length; k++) {
      if (open[k] >= ALIKE * largest && room-- > 0) next.push(...split(cells[k]));
      else next.push(cells[k]);
    }
    cells = next;
  }
}

export function cellOf(box: readonly Interval[]): Cell {
  const half = box.map(({ lower, upper }) => (upper - lower) / 2);
  const middle = box.map(({ lower, upper }) => lower / 2 + upper / 2);
  return { middle, half, volume: half.reduce((product, side) => product * 2 * side, 1) };
}

/** The two halves of a cell along an axis. */
export function halves({ middle, half, volume }: Cell, axis: number): readonly Cell[] {
  const quarter = half[axis] / 2;
  const sides = half.slice();
  sides[axis] = quarter;
  return [-quarter, quarter].map((shift) => {
    const place = middle.slice();
    place[axis] += shift;
    return { middle: place, half: sides, volume: volume / 2 };
  });
}

/** Relative size at which a cell is a point. */
const NARROW = 1e-13;

/** The axis along which a function changes most over the cell; −1 where the cell is a point. */
export function steepestAxis({ middle, half }: Cell, changes: readonly number[]): number {
  let [axis, most] = [-1, -1];
  for (let a = 0; a < half.length; a++) {
    if (!(half[a] > NARROW * (1 + Math.abs(middle[a])))) continue;
    // Where nothing is known of the slopes, sides are compared.
    const change = changes.every(Number.isFinite) ? changes[a] : half[a];
    if (change > most) [axis, most] = [a, change];
  }
  return axis;
}

/** Sets the variables of a program after `first` to a cell, or to its middle. */
export function setCell({ lower, upper }: IntervalProgram, first: number, { middle, half }: Cell, part: 0 | 1): void {
  for (let a = 0; a < middle.length; a++) {
    lower[first + a] = middle[a] - part * half[a];
    upper[first + a] = middle[a] + part * half[a];
  }
}

/** Sets the first variables of a program to numbers. */
export function setFrozen({ lower, upper }: IntervalProgram, values: Coordinates): void {
  for (let i = 0; i < values.length; i++) lower[i] = upper[i] = values[i];
}
