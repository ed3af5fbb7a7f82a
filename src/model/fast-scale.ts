/**
 * Noise of the fast variables that is not √2, dY_k = b_k/ε dt + r_k/√ε dB_k. With α_k = r_k²/2 > 0
 *
 *   L = Σ_k α_k (∂²_k + (b_k/α_k) ∂_k):
 *
 * along every axis L is α_k times the generator of a process with the drift b_k/α_k and the noise √2.
 */
import { isNumber, numberTree, quotient, squared } from '../formula/algebra.ts';
import { type Formula, fromTrees, treeIn } from '../formula/formula.ts';
import { intervalProgram } from '../formula/interval.ts';
import { dependsOn, jumpAlong, type Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import { oncePerProblem } from './once-per-problem.ts';
import { dimensionsOf, type FastField, type Interval, type Problem } from './problem.ts';
import { namesOf } from './trees.ts';

/** How L is made of processes with unit noise. */
export interface FastScale {
  /** The same problem with the drift b_k/α_k and the noise √2. */
  readonly unit: Problem;
  /** α_k(x,y), m components. */
  readonly alpha: readonly Formula<FastField>[];
}

/** The scale of a problem; null where α ≡ 1 by its formulas, or there is no other noise. */
export function fastScale(problem: Problem): FastScale | null {
  const { fast } = problem;
  return fast.kind === 'potential' || fast.noise === undefined ? null : scaleOf(problem, []);
}

const scaleOf = oncePerProblem((problem): FastScale | null => {
  const { fast } = problem;
  const trees = alphaTrees(problem);
  if (fast.kind === 'potential' || trees === null || trees.every((tree) => tree !== null && isNumber(tree, 1))) {
    return null;
  }
  const [ofX, ofY] = namesOf(problem);
  const alpha = (fast.noise ?? []).map((r, k): Formula<FastField> => {
    const tree = trees[k];
    return tree === null ? (x, y) => r(x, y) ** 2 / 2 : fromTrees([{ tree }], ofX, ofY)[0];
  });
  const drift = fast.drift.map((b, k): Formula<FastField> => {
    const [tree, divisor] = [treeIn(b, ofX, ofY), trees[k]];
    if (tree === undefined || divisor === null) return (x, y) => b(x, y) / alpha[k](x, y);
    return isNumber(divisor, 1) ? b : fromTrees([{ tree: quotient(tree, divisor) }], ofX, ofY)[0];
  });
  return { unit: { ...problem, fast: { kind: 'drift', drift }, exact: undefined }, alpha };
});

/** α_k as formulas, null for closures; null where the noise is √2 as no other is given. */
export function alphaTrees(problem: Problem): readonly (Tree | null)[] | null {
  const { fast } = problem;
  if (fast.kind === 'potential' || fast.noise === undefined) return null;
  const [ofX, ofY] = namesOf(problem);
  return fast.noise.map((r) => {
    const tree = treeIn(r, ofX, ofY);
    return tree === undefined ? null : quotient(squared(tree), numberTree(2));
  });
}

/** Whether the formulas of r show that it is a number. */
export function hasConstantNoise(problem: Problem): boolean {
  const names = namesOf(problem).slice(0, 2).flat();
  const trees = alphaTrees(problem) ?? [];
  return trees.every((tree) => tree !== null && !names.some((name) => dependsOn(tree, name)));
}

/** Boxes that are looked at before a sign counts as undecided, and parts of a side that are not halved again. */
const [MOST_BOXES, NARROWEST] = [20_000, 2 ** -40];

/**
 * Throws InputError unless every r_k has values other than 0 all over the box of x and y, decided by enclosures of its
 * formula on parts of the box: where r_k = 0 the process can stay, and L has no rates.
 */
export function requireElliptic(problem: Problem, slow: readonly Interval[], fast: readonly Interval[]): void {
  if (fastScale(problem) === null) return;
  requireOnBox(
    problem,
    [...slow, ...fast].flatMap(({ lower, upper }) => [lower, upper]),
  );
}

const requireOnBox = oncePerProblem((problem, numbers): void => {
  const { fast } = problem;
  const { n } = dimensionsOf(problem);
  const names = namesOf(problem).slice(0, 2);
  const box = names.flat().map((_, k): Interval => ({ lower: numbers[2 * k], upper: numbers[2 * k + 1] }));
  for (const [k, r] of ((fast.kind === 'drift' && fast.noise) || []).entries()) {
    const tree = treeIn(r, ...names);
    if (tree === undefined) throw unknownNoise(problem, k);
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
    return (flags[result] & ~2) === 0 && (lower[result] > 0 || upper[result] < 0);
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
      for (const side of [
        { lower: middle, upper: to },
        { lower: from, upper: middle },
      ]) {
        waiting.push(part.map((each, k) => (k === widest ? side : each)));
      }
    }
    return null;
  };
}

function unknownNoise(problem: Problem, k: number): InputError {
  return new InputError(
    `component ${k + 1} of the fast noise of ${problem.name} is a function without a formula`,
    'that it is nowhere 0 in the y-box, where the process would stay, is decided on its formula',
    "give a formula: formula('0.3*sqrt(y)', ['x'], ['y'])",
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
