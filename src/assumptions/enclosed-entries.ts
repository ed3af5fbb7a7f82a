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
export interface EntryOrigin {
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
  const trees = [...written, ...entries, ...slopes];
  const program = intervalProgram(trees, variables, written.length);
  const first = written.length;
  const depends = entries.map((entry) => names.map((name) => isTouched(entry, name, jumps)));
  const n = names.length;
  const [lower, upper] = [new Float64Array(entries.length), new Float64Array(entries.length)];
  const flags = new Uint8Array(entries.length);
  const influence = new Float64Array(n);
  const middle = new Float64Array(n);
  const centre = { lower: new Float64Array(entries.length), upper: new Float64Array(entries.length) };
  /** Bounds of the entries without their slopes; whether no jump is met. */
  const natural = (from: ArrayLike<number>, to: ArrayLike<number>): boolean => {
    for (let k = 0; k < n; k++) {
      program.lower[k] = from[k];
      program.upper[k] = to[k];
    }
    const isCalm = setJumps(program, jumps, n);
    program.run(first + entries.length, 3 * jumps.length);
    return isCalm;
  };
  const evaluate = (from: ArrayLike<number>, to: ArrayLike<number>): void => {
    let isPoint = true;
    for (let k = 0; k < n; k++) {
      middle[k] = middleOf(from[k], to[k]);
      isPoint &&= from[k] === to[k];
    }
    if (!isPoint) {
      natural(middle, middle);
      read(program, first, centre.lower, centre.upper);
    }
    const isCalm = natural(from, to);
    read(program, first, lower, upper, flags);
    if (isPoint) return;
    program.run(trees.length, first + entries.length);
    influence.fill(0);
    for (let e = 0; e < entries.length; e++) {
      narrow(e, isCalm && flags[e] === 0, from, to);
      if (!isCalm || flags[e] !== 0) spread(e, from, to);
    }
  };
  /** What a kink or a jump on the box owes to every variable: slopes do not tell. */
  const spread = (e: number, from: ArrayLike<number>, to: ArrayLike<number>): void => {
    const size = Math.min(1e100, Math.max(1, upper[e] - lower[e]));
    for (let k = 0; k < n; k++) if (depends[e][k]) influence[k] += (to[k] - from[k]) * size;
  };
  const narrow = (e: number, isSmooth: boolean, from: ArrayLike<number>, to: ArrayLike<number>): void => {
    let [least, most] = [centre.lower[e], centre.upper[e]];
    for (let k = 0; k < n; k++) {
      const slope = program.results[first + entries.length + e * n + k];
      const isOpen = (program.flags[slope] & EMPTY) !== 0;
      const low = isOpen ? Number.NEGATIVE_INFINITY : program.lower[slope];
      const high = isOpen ? Number.POSITIVE_INFINITY : program.upper[slope];
      const steepness = Math.max(-low, high);
      if (steepness > 0) influence[k] += (to[k] - from[k]) * Math.min(steepness, 1e100);
      least = sumBelow(least, leastChange(low, high, from[k], to[k], middle[k]));
      most = sumAbove(most, -leastChange(-high, -low, from[k], to[k], middle[k]));
    }
    if (!isSmooth) return;
    if (least > lower[e]) lower[e] = least;
    if (most < upper[e]) upper[e] = most;
  };
  return { lower, upper, flags, influence, operations: program.lower.length, evaluate };
}

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

function read(program: IntervalProgram, first: number, lower: Float64Array, upper: Float64Array, flags?: Uint8Array) {
  for (let e = 0; e < lower.length; e++) {
    const entry = program.results[first + e];
    const isOpen = (program.flags[entry] & EMPTY) !== 0;
    lower[e] = isOpen ? Number.NEGATIVE_INFINITY : program.lower[entry];
    upper[e] = isOpen ? Number.POSITIVE_INFINITY : program.upper[entry];
    if (flags !== undefined) flags[e] = program.flags[entry];
  }
}
