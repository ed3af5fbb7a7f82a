/**
 * Enclosures of formulas on boxes: intervals that contain every value, rounded outwards. A formula is compiled once to
 * a program on two rows of registers, lower and upper bounds, in which common parts stand once.
 */
import { EMPTY, type IntervalOperation, intervalArithmetic, PARTIAL, type Registers } from './interval-arithmetic.ts';
import { intervalFunctions } from './interval-functions.ts';
import { wellAbove, wellBelow } from './outward.ts';
import { operationNames, programOf, STRIDE } from './program.ts';
import type { Tree } from './tree.ts';

/** Formulas on boxes: set the bounds of registers 0, 1, … to those of the variables, run, read those of `results`. */
export interface IntervalProgram extends Registers {
  /** The register of every formula. */
  readonly results: readonly number[];
  /** Evaluates the first `count` formulas (all); the first `known` (none) are up to date. Does not allocate. */
  readonly run: (count?: number, known?: number) => void;
}

/** Bounds of all values, and PARTIAL, JUMPS and EMPTY (see interval-arithmetic). Flags 0: defined and continuous. */
export interface Enclosure {
  readonly lower: number;
  readonly upper: number;
  readonly flags: number;
}

/** Numbers that differentiation makes (2 · 0.1, log 3) carry the rounding of some thirty operations at most. */
const FOLDED_UNITS = 32;

/**
 * The program of formulas in these variables. Numbers in the first `given` formulas mean themselves; others, which
 * differentiation has made from them, are widened by their rounding. Throws RangeError for unknown names.
 */
export function intervalProgram(
  trees: readonly Tree[],
  names: readonly string[],
  given: number = trees.length,
): IntervalProgram {
  const { code, registers, results, variables } = programOf(trees, names);
  const written = new Map<number, number>();
  for (let k = 0; k < code.length / STRIDE; k++) written.set(code[STRIDE * k + 4], k + 1);
  const exact = new Set<number>();
  for (const tree of trees.slice(0, given)) collectNumbers(tree, exact);
  const lower = new Float64Array(registers.length).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(registers.length).fill(Number.POSITIVE_INFINITY);
  const flags = new Uint8Array(registers.length);
  for (let k = variables; k < registers.length; k++) {
    if (!written.has(k)) setNumber({ lower, upper, flags }, k, registers[k], exact);
  }
  const steps = Array.from({ length: code.length / STRIDE }, (_, k) => operationOf(code[STRIDE * k]));
  const ends: number[] = [];
  for (const result of results) ends.push(Math.max(ends.at(-1) ?? 0, written.get(result) ?? 0));
  const indices = Int32Array.from(code);
  const run = (count = results.length, known = 0): void => {
    for (let k = known === 0 ? 0 : ends[known - 1]; k < ends[count - 1]; k++) {
      const a = indices[STRIDE * k + 1];
      const b = indices[STRIDE * k + 2];
      const c = indices[STRIDE * k + 3];
      const out = indices[STRIDE * k + 4];
      flags[out] = flags[a] | flags[b];
      steps[k](program, a, b, out, c);
    }
  };
  const program: IntervalProgram = { lower, upper, flags, results, run };
  return program;
}

/** A number is its own bounds, widened where it may be rounded; ∞ is no value and means: as large as you like. */
function setNumber(r: Registers, k: number, value: number, exact: ReadonlySet<number>): void {
  if (Number.isNaN(value)) {
    r.flags[k] = PARTIAL | EMPTY;
    return;
  }
  if (!Number.isFinite(value)) r.flags[k] = PARTIAL;
  const units = exact.has(value) || Number.isInteger(value * 1024) ? 0 : FOLDED_UNITS;
  r.lower[k] = units === 0 ? Math.min(value, Number.MAX_VALUE) : wellBelow(value, units);
  r.upper[k] = units === 0 ? Math.max(value, -Number.MAX_VALUE) : wellAbove(value, units);
}

function collectNumbers(tree: Tree, found: Set<number>): void {
  if (tree.kind === 'number') found.add(tree.value);
  if (tree.kind === 'call') for (const operand of tree.operands) collectNumbers(operand, found);
}

function operationOf(number: number): IntervalOperation {
  const name = operationNames[number];
  const operation = intervalArithmetic[name] ?? intervalFunctions[name];
  if (operation === undefined) throw new RangeError(`intervalProgram: unknown operation ${name}`);
  return operation;
}

/** The range of a formula over a box, as a record. For single questions; for many, keep an intervalProgram. */
export function enclosure(tree: Tree, box: Readonly<Record<string, readonly [number, number]>>): Enclosure {
  const names = Object.keys(box);
  const { lower, upper, flags, results, run } = intervalProgram([tree], names);
  names.forEach((name, k) => {
    [lower[k], upper[k]] = box[name];
  });
  run();
  return { lower: lower[results[0]], upper: upper[results[0]], flags: flags[results[0]] };
}

/** A number of the interval: the middle, or a finite number where it is unbounded. */
export function middleOf(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return Number.isFinite(middle) ? middle : Number.isFinite(lower) ? lower : Number.isFinite(upper) ? upper : 0;
}
