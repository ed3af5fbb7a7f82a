/**
 * Where the noise of the fast variables is nowhere 0, decided by enclosures of the formula of r on parts of a box
 * (Moore 1966). Where r_k = 0 the process can stay, and L has no rates; a process on a line does not pass such a place
 * where its drift points away and is strong enough (Feller 1951), so that its y-box begins beside it.
 */
import { treeIn } from '../formula/formula.ts';
import { intervalProgram } from '../formula/interval.ts';
import { EMPTY, PARTIAL } from '../formula/interval-arithmetic.ts';
import { jumpAlong, type Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import { fastScale, hasConstantNoise, noiseOf } from './fast-scale.ts';
import { oncePerProblem } from './once-per-problem.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from './problem.ts';
import { namesOf } from './trees.ts';

/** Boxes that are looked at before a sign counts as undecided, and parts of a side that are not halved again. */
const [MOST_BOXES, NARROWEST] = [20_000, 2 ** -40];
/** Nothing is looked for beyond; places on both sides of 0 where a part of the line is looked for. */
const [FARTHEST, PLACES] = [2 ** 40, 4];
/** How far out the places stand: the first of these for which r is not 0 at one of them. */
const SCALES = [1, 2 ** 4, 2 ** 8, 2 ** 16, 2 ** 32];

/**
 * Throws InputError unless every r_k has values other than 0 all over the box of x and y, and does not jump in y.
 */
export function requireElliptic(problem: Problem, slow: readonly Interval[], fast: readonly Interval[]): void {
  if (fastScale(problem) === null) return;
  requireOnBox(
    problem,
    [...slow, ...fast].flatMap(({ lower, upper }) => [lower, upper]),
  );
}

/** Whether every r_k is seen to have values other than 0 all over the box, without a jump in y. */
export function isElliptic(problem: Problem, slow: readonly Interval[], fast: readonly Interval[]): boolean {
  try {
    requireElliptic(problem, slow, fast);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * The part of the line on which r(x,·) is nowhere 0, m = 1: all of it for a noise that is a number. Throws InputError
 * where there are several such parts beside 0 or none, since then the y-box must say where the process lives.
 */
export function ellipticReach(problem: Problem, x: Coordinates): Interval {
  const isEndless = fastScale(problem) === null || dimensionsOf(problem).m > 1 || hasConstantNoise(problem);
  return isEndless ? { lower: -Infinity, upper: Infinity } : reachAt(problem, x);
}

/** The interval cut at the ends of the reach. */
export function within(reach: Interval, { lower, upper }: Interval): Interval {
  return { lower: Math.max(lower, reach.lower), upper: Math.min(upper, reach.upper) };
}

const requireOnBox = oncePerProblem((problem, numbers): void => {
  const { n } = dimensionsOf(problem);
  const names = namesOf(problem).slice(0, 2);
  const box = names.flat().map((_, k): Interval => ({ lower: numbers[2 * k], upper: numbers[2 * k + 1] }));
  for (const [k, r] of noiseOf(problem.fast).entries()) {
    const tree = treeIn(r, ...names) as Tree;
    if (names[1].some((name) => jumpAlong(tree, name) !== null)) throw jumpingNoise(problem, k);
    const undecided = signOn(tree, names.flat());
    if (undecided(box) !== null) throw degenerateNoise(problem, k, { undecided, box, n });
  }
});

type Undecided = (box: readonly Interval[]) => readonly Interval[] | null;

/** A function of a box: a part of it on which the formula may be 0 or without a value; null where there is none. */
function signOn(tree: Tree, names: readonly string[]): Undecided {
  const { lower, upper, flags, results, run } = intervalProgram([tree], names);
  const [result] = results;
  const isDecided = (box: readonly Interval[]) => {
    box.forEach((side, k) => {
      [lower[k], upper[k]] = [side.lower, side.upper];
    });
    run();
    return (flags[result] & (PARTIAL | EMPTY)) === 0 && (lower[result] > 0 || upper[result] < 0);
  };
  return (box) => {
    const waiting = [box];
    const widths = box.map((side) => side.upper - side.lower);
    for (let count = 0; waiting.length > 0; count++) {
      const part = waiting.pop() as readonly Interval[];
      if (isDecided(part)) continue;
      const sizes = part.map((side, k) => (widths[k] === 0 ? 0 : (side.upper - side.lower) / widths[k]));
      const widest = sizes.indexOf(Math.max(...sizes));
      if (!(sizes[widest] > NARROWEST) || count > MOST_BOXES) return part;
      const { lower: from, upper: to } = part[widest];
      const middle = from / 2 + to / 2;
      const halves = [
        { lower: middle, upper: to },
        { lower: from, upper: middle },
      ];
      for (const side of halves) waiting.push(part.map((each, k) => (k === widest ? side : each)));
    }
    return null;
  };
}

/** From the first place beside 0 where r is not 0 outwards as far as that is decided. */
const reachAt = oncePerProblem((problem, x): Interval => {
  const names = namesOf(problem).slice(0, 2);
  const undecided = signOn(treeIn(noiseOf(problem.fast)[0], ...names) as Tree, names.flat());
  const frozen = x.map((value): Interval => ({ lower: value, upper: value }));
  const isFree = (one: number, other: number) =>
    undecided([...frozen, { lower: Math.min(one, other), upper: Math.max(one, other) }]) === null;
  const places = Array.from({ length: 2 * PLACES + 1 }, (_, k) => (k - PLACES) / PLACES);
  const found = SCALES.map((scale) => places.map((place) => scale * place).filter((y) => isFree(y, y)));
  const starts = found.find((free) => free.length > 0) ?? [];
  if (starts.length === 0 || !isFree(starts[0], starts[starts.length - 1])) throw severalParts(problem, x);
  const ends = [-FARTHEST, FARTHEST].map((far) => (isFree(starts[0], far) ? far : lastFree(starts[0], far, isFree)));
  return { lower: ends[0] === -FARTHEST ? -Infinity : ends[0], upper: ends[1] === FARTHEST ? Infinity : ends[1] };
});

/** The number farthest from `start` towards `far` up to which r is not 0, a 2⁻⁴⁰th of the way before that ends. */
function lastFree(start: number, far: number, isFree: (one: number, other: number) => boolean): number {
  let [good, bad] = [start, far];
  while (Math.abs(bad - good) > 2 ** -46 * Math.abs(start - good)) {
    const middle = (good + bad) / 2;
    if (isFree(good, middle)) good = middle;
    else bad = middle;
  }
  return bad + 2 ** -40 * (start - bad);
}

function severalParts({ name }: Problem, x: readonly number[]): InputError {
  return new InputError(
    `the fast noise of ${name} may be 0 at several places at x = ${x.join(', ')}`,
    'the process lives on one of the parts of the line between them, and which one is not known',
    'give domain.y, in which the noise has no zero',
    'fastNoise',
  );
}

function jumpingNoise(problem: Problem, k: number): InputError {
  return new InputError(
    `component ${k + 1} of the fast noise of ${problem.name} may jump in y`,
    'the invariant density e^−Θ/α would jump with it, and rates between nodes do not see where',
    'write a noise without sign, atan2 and comparisons of y',
    'fastNoise',
  );
}

interface Degenerate {
  readonly undecided: Undecided;
  readonly box: readonly Interval[];
  readonly n: number;
}

function degenerateNoise(problem: Problem, k: number, { undecided, box, n }: Degenerate): InputError {
  const part = undecided(box) ?? box;
  const letters = namesOf(problem).flat();
  const place = part.map(({ lower, upper }, i) => `${letters[i]} = ${shown(lower / 2 + upper / 2, box[i])}`).join(', ');
  const sides = box.slice(n).map((_, a) => ({ a: n + a, begin: beginOf(undecided, box, n + a) }));
  const found = sides.find(({ begin }) => begin !== null);
  const remedy =
    found === undefined || found.begin === null
      ? 'choose a y-box in which the noise has no zero'
      : `begin the y-box above ${shown(found.begin.zero, box[found.a])}: domain ${letters[found.a]}: ` +
        `[${found.begin.lower}, ${box[found.a].upper}]`;
  return new InputError(
    `component ${k + 1} of the fast noise of ${problem.name} may be 0 or without a value near ${place}`,
    'where the noise is 0 the fast process can stay: rates along y need r ≠ 0 all over the y-box, which its formula ' +
      'must show',
    remedy,
    'fastNoise',
  );
}

/** Where a side may begin so that nothing is undecided, a five hundredth of it above the last zero; null: nowhere. */
function beginOf(
  undecided: Undecided,
  box: readonly Interval[],
  side: number,
): { readonly zero: number; readonly lower: number } | null {
  const { upper } = box[side];
  const isDecided = (lower: number) => undecided(box.map((each, k) => (k === side ? { lower, upper } : each))) === null;
  let [bad, good] = [box[side].lower, upper - (upper - box[side].lower) / 1000];
  if (!isDecided(good)) return null;
  for (let k = 0; k < 40; k++) {
    const middle = (bad + good) / 2;
    if (isDecided(middle)) good = middle;
    else bad = middle;
  }
  const zero = Number(shown(good, box[side]));
  const digits = [1, 2, 3, 4, 5, 6].map((count) => Number((zero + (upper - zero) / 500).toPrecision(count)));
  return { zero, lower: digits.find((lower) => lower > zero && isDecided(lower)) ?? good };
}

/** A place on a side: what is nothing against its width is 0. */
function shown(value: number, { lower, upper }: Interval): string {
  return String(Math.abs(value) < 1e-9 * (upper - lower) ? 0 : Number(value.toPrecision(4)));
}
