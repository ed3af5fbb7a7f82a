/**
 * Cells of a box of R^m that show where e^{−Φ} has its mass, from enclosures of Φ: on most of them Φ changes by 1 at
 * most and the ranges of its slopes times the sides come to a tenth, so that Φ leaves a plane by an eightieth; what the
 * others may hide is a thousandth of the whole (Moore 1966). A well that deep with more of the measure cannot hide
 * between their middles, however narrow.
 */
import { derivative } from '../formula/derivative.ts';
import { type IntervalProgram, intervalProgram, middleOf } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import type { Tree } from '../formula/tree.ts';
import type { Coordinates, Interval } from '../model/problem.ts';
import { type Cell, cellOf, halves, refined, setCell, setFrozen, steepestAxis } from './cells.ts';

/** A cell with bounds of Φ on it and Φ in its middle. */
export interface MeasureCell extends Cell {
  readonly lower: number;
  readonly upper: number;
  readonly value: number;
  /** The part of what it holds that may hide. */
  readonly hidden: number;
  /** To halve it along; −1 where no more is asked. */
  readonly axis: number;
}

/** A partition of a box with its shares of the measure; `isProved`: what the cells may hide is known to be small. */
export interface MeasureCells {
  readonly cells: readonly MeasureCell[];
  readonly mass: Float64Array;
  readonly isProved: boolean;
}

/** The change and the bend of Φ on a cell that is well known, and the part of the measure that may hide in others. */
const [CHANGE, BEND, HIDDEN] = [1, 0.1, 1e-3];

/** Φ and its slopes; `names` of what is frozen, then of y. */
export function programWithSlopes(tree: Tree, frozen: readonly string[], ofY: readonly string[]): IntervalProgram {
  return intervalProgram([tree, ...ofY.map((name) => derivative(tree, name))], [...frozen, ...ofY], 1);
}

/** At most `most` cells of a box for Φ with slopes, its other variables frozen. */
export function measureCells(
  program: IntervalProgram,
  frozen: Coordinates,
  box: readonly Interval[],
  most: number,
): MeasureCells {
  setFrozen(program, frozen);
  let floor = Infinity;
  const judge = (cell: Cell) => {
    const found = judged(program, frozen.length, cell);
    floor = Math.min(floor, found.value);
    return found;
  };
  const { cells, isEnough: isProved } = refined([judge(cellOf(box))], {
    most,
    openOf: ({ volume, lower, hidden, axis }) => (axis < 0 ? 0 : hidden * volume * Math.exp(floor - lower)),
    split: (cell) => halves(cell, cell.axis).map(judge),
    isEnough(found, open) {
      const left = open.reduce((sum, each) => sum + each, 0);
      const known = found.reduce((sum, { volume, upper, axis }) => {
        return axis < 0 && upper < Infinity ? sum + volume * Math.exp(floor - upper) : sum;
      }, 0);
      return left <= HIDDEN * known;
    },
  });
  return { cells, mass: sharesOf(cells), isProved };
}

/** Shares of the cells by Φ in their middles, of sum 1. */
export function sharesOf(cells: readonly Pick<MeasureCell, 'volume' | 'value'>[]): Float64Array {
  const floor = cells.reduce((low, { value }) => Math.min(low, value), Infinity);
  const mass = Float64Array.from(cells, ({ volume, value }) => volume * Math.exp(floor - value));
  const total = mass.reduce((sum, each) => sum + each, 0);
  return mass.map((each) => each / total);
}

function judged(program: IntervalProgram, first: number, cell: Cell): MeasureCell {
  const { lower, upper, flags, results, run } = program;
  const { middle, half, volume } = cell;
  const phi = results[0];
  setCell(program, first, cell, 0);
  run(1);
  const [near, far] = [lower[phi], upper[phi]];
  const value = flags[phi] & EMPTY ? Infinity : middleOf(near, far);
  setCell(program, first, cell, 1);
  run();
  if (flags[phi] & EMPTY) {
    return { middle, half, volume, lower: Infinity, upper: Infinity, value, hidden: 0, axis: -1 };
  }
  let [least, most, change, bend] = [lower[phi], upper[phi], 0, 0];
  let areKnown = flags[phi] === 0;
  for (let a = 0; a < half.length; a++) {
    const slope = results[1 + a];
    areKnown &&= !(flags[slope] & EMPTY);
    change += half[a] * Math.max(-lower[slope], upper[slope]);
    bend += 2 * half[a] * (upper[slope] - lower[slope]);
  }
  if (areKnown && change < Infinity) [least, most] = [Math.max(least, near - change), Math.min(most, far + change)];
  const isSteep = most - least > CHANGE;
  // What leaves a plane by an eighth of its bend; by no more than its range where slopes are not known.
  const hidden = isSteep ? 1 : Math.min(1, areKnown ? bend : Infinity, 8 * (most - least));
  const isOpen = isSteep || hidden > BEND;
  const axis = isOpen ? steepestAxis(cell, along(program, half, isSteep ? reach : range)) : -1;
  return { middle, half, volume, lower: least, upper: most, value, hidden, axis };
}

const reach = (lower: number, upper: number) => Math.max(-lower, upper);
const range = (lower: number, upper: number) => upper - lower;

/** Along every axis half the side times the reach of the slope from 0, or its range. */
function along({ lower, upper, results }: IntervalProgram, half: readonly number[], size: typeof reach): number[] {
  const found: number[] = [];
  for (let a = 0; a < half.length; a++) found.push(half[a] * size(lower[results[1 + a]], upper[results[1 + a]]));
  return found;
}
