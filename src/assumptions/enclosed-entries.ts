/**
 * Bounds of several formulas with jumps over a box: natural ones, intersected with the mean-value form where the
 * formulas have neither kink nor jump on the box.
 */
import { derivative } from '../formula/derivative.ts';
import { type IntervalProgram, intervalProgram, middleOf } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { leastChange, sumAbove, sumBelow } from '../formula/outward.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import type { Jump } from './lifted-jumps.ts';

/** The last box that was evaluated. */
export interface EnclosedEntries {
  /** Bounds of every entry; infinite where nothing is known. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The flags of every entry, of the natural bounds. */
  readonly flags: Uint8Array;
  /** By variable: how much the entries may change along it, 0 where they do not depend on it. */
  readonly influence: Float64Array;
  /** How many operations one evaluation is. */
  readonly operations: number;
  readonly evaluate: (from: ArrayLike<number>, to: ArrayLike<number>) => void;
}

/** What the entries are made of: the formulas as written, whose numbers mean themselves, and their jumps. */
interface EntryOrigin {
  readonly names: readonly string[];
  readonly jumps: readonly Jump[];
  readonly given: readonly Tree[];
}

/** Compiles entries in the names and in the jumps of their origin. */
export function enclosedEntries(entries: readonly Tree[], { names, jumps, given }: EntryOrigin): EnclosedEntries {
  const variables = [...names, ...jumps.flatMap(({ name, impulse }) => [name, impulse])];
  const switches = jumps.flatMap((jump) => [jump.argument, jump.besides ?? jump.argument, jump.call]);
  const slopes = entries.flatMap((entry) => names.map((name) => derivative(entry, name)));
  const written = [...switches, ...given];
  const program = intervalProgram([...written, ...entries, ...slopes], variables, written.length);
  const [count, n] = [entries.length, names.length];
  const state: State = {
    program,
    first: written.length,
    depends: entries.map((entry) => names.map((name) => isTouched(entry, name, jumps))),
    lower: new Float64Array(count),
    upper: new Float64Array(count),
    flags: new Uint8Array(count),
    influence: new Float64Array(n),
    middle: new Float64Array(n),
    centre: { lower: new Float64Array(count), upper: new Float64Array(count) },
  };
  /** Bounds of the entries without their slopes; whether no jump is met. */
  const natural = (from: ArrayLike<number>, to: ArrayLike<number>): boolean => {
    for (let k = 0; k < n; k++) {
      program.lower[k] = from[k];
      program.upper[k] = to[k];
    }
    const isCalm = setJumps(program, jumps, n);
    program.run(written.length + count, 3 * jumps.length);
    return isCalm;
  };
  const evaluate = (from: ArrayLike<number>, to: ArrayLike<number>): void => {
    let isPoint = true;
    for (let k = 0; k < n; k++) {
      state.middle[k] = middleOf(from[k], to[k]);
      isPoint &&= from[k] === to[k];
    }
    if (!isPoint) {
      natural(state.middle, state.middle);
      read(state, state.centre);
    }
    const isCalm = natural(from, to);
    read(state, state);
    if (isPoint) return;
    program.run(program.results.length, written.length + count);
    state.influence.fill(0);
    for (let e = 0; e < count; e++) {
      const isSmooth = isCalm && state.flags[e] === 0;
      narrow(state, e, isSmooth, { from, to });
      if (!isSmooth) spread(state, e, { from, to });
    }
  };
  const { lower, upper, flags, influence } = state;
  return { lower, upper, flags, influence, operations: program.lower.length, evaluate };
}

interface State {
  readonly program: IntervalProgram;
  /** Where the entries begin among the results. */
  readonly first: number;
  /** Entry by variable. */
  readonly depends: readonly (readonly boolean[])[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly flags: Uint8Array;
  readonly influence: Float64Array;
  readonly middle: Float64Array;
  /** The entries at the middle. */
  readonly centre: { readonly lower: Float64Array; readonly upper: Float64Array };
}

interface Sides {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
}

/** Adds the influence of the slopes of an entry, and where it is smooth takes the mean-value form. */
function narrow(state: State, e: number, isSmooth: boolean, { from, to }: Sides): void {
  const { program, first, centre, middle, influence, lower, upper } = state;
  const [count, n] = [lower.length, influence.length];
  let [least, most] = [centre.lower[e], centre.upper[e]];
  for (let k = 0; k < n; k++) {
    const slope = program.results[first + count + e * n + k];
    const isOpen = (program.flags[slope] & EMPTY) !== 0;
    const low = isOpen ? Number.NEGATIVE_INFINITY : program.lower[slope];
    const high = isOpen ? Number.POSITIVE_INFINITY : program.upper[slope];
    const steepness = Math.max(-low, high);
    if (steepness > 0) influence[k] += (to[k] - from[k]) * Math.min(steepness, LARGE);
    least = sumBelow(least, leastChange(low, high, from[k], to[k], middle[k]));
    most = sumAbove(most, -leastChange(-high, -low, from[k], to[k], middle[k]));
  }
  if (!isSmooth) return;
  if (least > lower[e]) lower[e] = least;
  if (most < upper[e]) upper[e] = most;
}

/** Adds what a kink or a jump on the box owes to every variable: slopes do not tell. */
function spread({ lower, upper, depends, influence }: State, e: number, { from, to }: Sides): void {
  const size = Math.min(LARGE, Math.max(1, upper[e] - lower[e]));
  for (let k = 0; k < influence.length; k++) if (depends[e][k]) influence[k] += (to[k] - from[k]) * size;
}

/** In the place of infinite influence. */
const LARGE = 1e100;

/** Whether an entry depends on a variable, by itself or by a jump. */
function isTouched(entry: Tree, name: string, jumps: readonly Jump[]): boolean {
  if (dependsOn(entry, name)) return true;
  return jumps.some(
    (jump, j) =>
      (dependsOn(entry, jump.name) || dependsOn(entry, jump.impulse)) && isTouched(jump.call, name, jumps.slice(0, j)),
  );
}

/** Sets jumps and impulses from their arguments on the box; whether no argument may be 0. */
function setJumps(program: IntervalProgram, jumps: readonly Jump[], n: number): boolean {
  const { lower, upper, flags, results } = program;
  let isCalm = true;
  for (let j = 0; j < jumps.length; j++) {
    program.run(3 * j + 3, 3 * j);
    const [argument, besides, value] = results.slice(3 * j, 3 * j + 3);
    const variable = n + 2 * j;
    const isOpen = flags[argument] !== 0 && (flags[argument] & EMPTY) !== 0;
    const mayJump =
      isOpen ||
      (lower[argument] <= 0 &&
        upper[argument] >= 0 &&
        (jumps[j].besides === undefined || lower[besides] <= 0 || (flags[besides] & EMPTY) !== 0));
    lower[variable] = lower[value];
    upper[variable] = upper[value];
    if (isOpen) {
      lower[variable] = -4;
      upper[variable] = 4;
    }
    lower[variable + 1] = 0;
    upper[variable + 1] = mayJump ? Number.POSITIVE_INFINITY : 0;
    isCalm &&= !mayJump;
  }
  return isCalm;
}

/** Copies the bounds and flags of the entries. */
function read({ program, first, flags }: State, { lower, upper }: State['centre']): void {
  for (let e = 0; e < lower.length; e++) {
    const entry = program.results[first + e];
    const isOpen = (program.flags[entry] & EMPTY) !== 0;
    lower[e] = isOpen ? Number.NEGATIVE_INFINITY : program.lower[entry];
    upper[e] = isOpen ? Number.POSITIVE_INFINITY : program.upper[entry];
    flags[e] = program.flags[entry];
  }
}
