/**
 * Cells on which functions of y are known: those of the measure, halved where most of ∫ |g − its tangent| dμ is open by
 * enclosures of g and its slopes, so that what is affine needs none and a spike shows however narrow it is.
 */
import type { IntervalProgram } from '../formula/interval.ts';
import { EMPTY, JUMPS } from '../formula/interval-arithmetic.ts';
import type { Coordinates } from '../model/problem.ts';
import { type Cell, halves, refined, setCell, setFrozen, steepestAxis } from './cells.ts';
import { sharesOf } from './measure-cells.ts';
import type { WeighedCells } from './weighed-cells.ts';

/** A function of y: a program of it and its slopes, x and u frozen, and its values. */
export interface OnFast {
  readonly program: IntervalProgram;
  readonly frozen: Coordinates;
  readonly valueAt: (y: Coordinates) => number;
}

export interface FieldCells {
  readonly cells: readonly Cell[];
  /** Shares of the measure, of sum 1. */
  readonly mass: Float64Array;
  /** The functions in the middles. */
  readonly values: readonly Float64Array[];
}

/** A cell with a lower bound of Φ, Φ and the functions in its middle, and how far they may be from their tangents. */
interface FieldCell extends Cell {
  readonly lower: number;
  readonly value: number;
  readonly atMiddle: readonly number[];
  readonly rest: readonly number[];
  readonly axis: number;
}

/** What may be open of ∫|g − ∫g dμ| dμ; cells by dimension. */
const ENOUGH = 1e-5;
const MOST = { 1: 800, 2: 1500, 3: 2500 } as const;
/** Of the size of a function: rounding. */
const ROUNDING = 1e-13;

/** The cells of the functions. */
export function fieldCells({ cells: start, potentialAt }: WeighedCells, functions: readonly OnFast[]): FieldCells {
  const judge = (cell: Cell, lower: number, value: number) => judged(functions, cell, { lower, value });
  let spreads = functions.map(() => 0);
  let floor = start.reduce((low, { value }) => Math.min(low, value), Infinity);
  let total = 1;
  const { cells } = refined(
    start.filter(({ lower }) => lower < Infinity).map((cell) => judge(cell, cell.lower, cell.value)),
    {
      most: start.length + MOST[(start[0]?.half.length ?? 1) as 1 | 2 | 3],
      openOf({ volume, lower, rest, axis }) {
        if (axis < 0) return 0;
        let most = 0;
        for (let f = 0; f < rest.length; f++) if (rest[f] > 0) most = Math.max(most, rest[f] / spreads[f]);
        return most === 0 ? 0 : ((volume * Math.exp(floor - lower)) / total) * most;
      },
      split: (cell) =>
        halves(cell, cell.axis).map((half) => {
          const value = potentialAt(half.middle);
          return judge(half, Math.min(cell.lower, value), value);
        }),
      isEnough(found, open) {
        // The spreads are those of the cells before; of none nothing is known yet.
        const isKnown = spreads.some((spread) => spread > 0);
        const mass = sharesOf(found);
        spreads = functions.map((_, f) =>
          spreadOf(
            mass,
            Float64Array.from(found, ({ atMiddle }) => atMiddle[f]),
          ),
        );
        floor = found.reduce((low, { value }) => Math.min(low, value), floor);
        total = found.reduce((sum, { volume, value }) => sum + volume * Math.exp(floor - value), 0);
        return isKnown && open.reduce((sum, each) => sum + each, 0) <= ENOUGH;
      },
    },
  );
  const values = functions.map((_, f) => Float64Array.from(cells, ({ atMiddle }) => atMiddle[f]));
  return { cells, mass: sharesOf(cells), values };
}

/** ∫ |g − ∫g dμ| dμ. */
export function spreadOf(mass: Float64Array, values: Float64Array): number {
  const mean = values.reduce((sum, value, k) => sum + mass[k] * value, 0);
  return values.reduce((sum, value, k) => sum + mass[k] * Math.abs(value - mean), 0);
}

function judged(
  functions: readonly OnFast[],
  cell: Cell,
  { lower: floor, value }: { readonly lower: number; readonly value: number },
): FieldCell {
  const changes = cell.half.map(() => 0);
  const atMiddle: number[] = [];
  const rest = functions.map(({ program, frozen, valueAt }) => {
    const { lower, upper, flags, results, run } = program;
    const [g, ...slopes] = results;
    atMiddle.push(valueAt(cell.middle));
    setFrozen(program, frozen);
    setCell(program, frozen.length, cell, 1);
    run();
    if (flags[g] & EMPTY) return 0;
    const range = upper[g] - lower[g];
    const bends = slopes.map((slope, a) =>
      flags[slope] & EMPTY ? Infinity : cell.half[a] * (upper[slope] - lower[slope]),
    );
    const bend = flags[g] & JUMPS ? Infinity : bends.reduce((sum, each) => sum + each, 0);
    for (let a = 0; a < changes.length; a++) changes[a] += bends[a];
    const open = Math.min(range, bend);
    return open > ROUNDING * Math.max(Math.abs(lower[g]), Math.abs(upper[g])) ? open : 0;
  });
  const axis = rest.every((each) => each === 0) ? -1 : steepestAxis(cell, changes);
  return { ...cell, lower: floor, value, atMiddle, rest, axis };
}
