/**
 * Where formulas may jump or kink, told by interval arithmetic: a box on which no argument of such a call may take the
 * value at which it breaks has no break, proved with outward rounding; any other box may have one.
 *
 *   jump   sign(a), atan2(a, b), a/b, tan, sec, log, asin, acos, √ and powers, where they may jump or have no value;
 *          where(c, a, b) where c may change, unless a − b is round-off there
 *   kink   |a| where a may be 0, min(a, b) and max(a, b) where a − b may be 0, huber(a, d) where |a| − d may be 0, √a
 *          and a^c (c no whole number) where a may be 0; where(c, a, b) where c may change
 */
import { difference, one, quotient } from './algebra.ts';
import { intervalProgram } from './interval.ts';
import { PARTIAL } from './interval-arithmetic.ts';
import { type Call, call, dependsOn, isJump, type Tree } from './tree.ts';

/** What may be on a box; a larger number is worse. */
export const [SMOOTH, KINK, JUMP] = [0, 1, 2] as const;
type BreakKind = typeof SMOOTH | typeof KINK | typeof JUMP;

/** Asks about a box: set the bounds of the variables, in the order of the names, then call `kind`. */
export interface BreakTest {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Whether a formula may jump or kink on the box; what is named SMOOTH is proved to be. Does not allocate. */
  kind(): BreakKind;
}

/** An interval, mostly of a few units of round-off, that may hold breaks; between two of them there is none. */
export interface Break {
  readonly lower: number;
  readonly upper: number;
  readonly kind: BreakKind;
}

/**
 * The test for formulas in these names as the names `moving` among them move; null where no call in them can break.
 * Calls that depend on a name `apart` are left out. Throws RangeError for unknown names.
 */
export function breakTest(
  trees: readonly Tree[],
  names: readonly string[],
  moving: readonly string[],
  apart: readonly string[] = [],
): BreakTest | null {
  const moves = (tree: Tree) => moving.some((name) => dependsOn(tree, name));
  const isAsked = (tree: Tree) => moves(tree) && !apart.some((name) => dependsOn(tree, name));
  const places = trees.flatMap((tree) => placesIn(tree, moves)).filter(({ flagged }) => isAsked(flagged));
  if (places.length === 0) return null;
  const asked: Tree[] = [];
  const at = (tree: Tree) => {
    const known = asked.indexOf(tree);
    return known >= 0 ? known : asked.push(tree) - 1;
  };
  const tests = places.map(({ flagged, kind, switched, guards }) => ({
    flagged: at(flagged),
    kind,
    switched: switched?.map(at),
    guards: guards.map(({ condition, holds }) => ({ condition: at(condition), holds })),
  }));
  const program = intervalProgram(asked, names);
  const { flags, results, run } = program;
  const isExcluded = ({ condition, holds }: { readonly condition: number; readonly holds: boolean }) =>
    holds ? program.upper[results[condition]] < 1 : program.lower[results[condition]] > 0;
  const kind = (): BreakKind => {
    run();
    let found: BreakKind = SMOOTH;
    for (const test of tests) {
      if (flags[results[test.flagged]] === 0 || test.guards.some(isExcluded)) continue;
      const isMet =
        test.switched !== undefined &&
        (flags[results[test.flagged]] & PARTIAL) === 0 &&
        meet(program, results[test.switched[0]], results[test.switched[1]]);
      if (test.kind === JUMP && !isMet) return JUMP;
      found = KINK;
    }
    return found;
  };
  const [lower, upper] = [program.lower, program.upper].map((row) => row.subarray(0, names.length));
  return { lower, upper, kind };
}

/** A call that may break where `flagged` has a flag and all guards may be as they are named. */
interface Place {
  readonly flagged: Tree;
  readonly kind: typeof KINK | typeof JUMP;
  /** Of where(c, a, b): a and a − b. */
  readonly switched?: readonly [Tree, Tree];
  readonly guards: readonly Guard[];
}

/** The condition of a where in whose branch the call stands, and whether it holds there. */
interface Guard {
  readonly condition: Tree;
  readonly holds: boolean;
}

function placesIn(tree: Tree, moves: (tree: Tree) => boolean, guards: readonly Guard[] = []): readonly Place[] {
  if (tree.kind !== 'call' || !moves(tree)) return [];
  const own: Place[] = [];
  if (mayJump(tree, moves)) own.push({ flagged: tree, kind: JUMP, guards });
  const kink = kinkOf(tree);
  if (kink !== null && moves(kink)) own.push({ flagged: kink, kind: KINK, guards });
  if (tree.operation !== 'where') return [...own, ...tree.operands.flatMap((each) => placesIn(each, moves, guards))];
  const [condition, a, b] = tree.operands;
  if (moves(condition)) own.push({ flagged: condition, kind: JUMP, switched: [a, difference(a, b)], guards });
  const branch = (each: Tree, holds: boolean) => placesIn(each, moves, [...guards, { condition, holds }]);
  return [...own, ...branch(a, true), ...branch(b, false)];
}

/** Both branches of a where count as one beside each other within this share of their size. */
const SAME = 2 ** -40;

function meet({ lower, upper, flags }: ReturnType<typeof intervalProgram>, branch: number, gap: number): boolean {
  const size = SAME * (1 + Math.max(-lower[branch], upper[branch]));
  return (flags[gap] | flags[branch]) === 0 && lower[gap] >= -size && upper[gap] <= size;
}

/** Beside sign and atan2: with poles, or without values somewhere. */
const jumping: ReadonlySet<string> = new Set(['tan', 'sec', 'log', 'log10', 'asin', 'acos', 'sqrt']);

function mayJump({ operation, operands }: Call, moves: (tree: Tree) => boolean): boolean {
  if (operation === '/') return moves(operands[1]);
  return isPower(operation) ? !isWhole(operands[1]) : isJump(operation) || jumping.has(operation);
}

/** A formula that has a flag where the call may kink; null where it has no kinks. */
function kinkOf({ operation, operands: [a, b] }: Call): Tree | null {
  if (operation === 'abs') return call('sign', a);
  if (operation === 'min' || operation === 'max') return call('sign', difference(a, b));
  if (operation === 'huber') return call('sign', difference(call('abs', a), b));
  if (operation === 'sqrt') return quotient(one, a);
  return isPower(operation) && !isWhole(b) ? quotient(one, a) : null;
}

function isPower(operation: string): boolean {
  return operation === '^' || operation === 'pow';
}

/** A power that is a product: it has no breaks. */
function isWhole(exponent: Tree): boolean {
  return exponent.kind === 'number' && Number.isInteger(exponent.value) && exponent.value >= 0;
}

/** Pieces that may hold a break, above which they are halved no more: where a formula breaks all along, say. */
const MOST = 256;
/** Halvings of the interval: to a few units of round-off. */
const HALVINGS = 52;

/**
 * All breaks on a line: `name` runs over [from, to], the other names have the bounds that the test has. None is missed.
 * An interval that is wide beside round-off holds more breaks than could be told apart, or is not decided.
 */
export function breaksAlong(test: BreakTest, name: number, from: number, to: number): Break[] {
  let open: Break[] = [{ lower: from, upper: to, kind: JUMP }];
  for (let level = 0; ; level++) {
    const found: Break[] = [];
    for (const { lower, upper } of open) {
      test.lower[name] = lower;
      test.upper[name] = upper;
      const kind = test.kind();
      if (kind !== SMOOTH) found.push({ lower, upper, kind });
    }
    if (found.length === 0 || found.length > MOST || level === HALVINGS) return merged(found);
    open = found.flatMap(halves);
  }
}

function halves(piece: Break): Break[] {
  const { lower, upper, kind } = piece;
  const middle = lower / 2 + upper / 2;
  if (!(lower < middle && middle < upper)) return [piece];
  return [
    { lower, upper: middle, kind },
    { lower: middle, upper, kind },
  ];
}

function merged(pieces: readonly Break[]): Break[] {
  const whole: Break[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last === undefined || piece.lower > last.upper) whole.push(piece);
    else
      whole[whole.length - 1] = { ...last, upper: piece.upper, kind: last.kind > piece.kind ? last.kind : piece.kind };
  }
  return whole;
}
