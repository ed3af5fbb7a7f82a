/**
 * Whether where(l < r, a, b) jumps as a variable moves: the places at which l − r changes its sign are sought along the
 * variable, at a few values of the other names, and the branches compared there. A gap that is found is one; none found
 * is no proof, as places between the points that are looked at may be missed.
 */
import { difference } from './algebra.ts';
import { compileTogether } from './program.ts';
import type { Tree } from './tree.ts';

/** Values of a where on both sides of a place, as a variable moves through it. */
export interface Gap {
  readonly at: number;
  readonly sides: readonly [number, number];
}

/** Round-off of the branches, and of the place times their slopes, beside their size. */
const ROUND_OFF = 2 ** -30;
/** Values of the other names: nothing about them is special. */
const OTHERS = [0.437, -1.291, 2.613, -0.083];
/** ±2^k and 7 points between two of these, for k from −6 to 10, and 0: where the places are sought. */
const POINTS = Array.from({ length: 128 }, (_, k) => 2 ** (k / 8 - 6));
const ALONG = [...POINTS.map((point) => -point).reverse(), 0, ...POINTS];

/** A gap of a where along a variable; null where none is found. Other calls in it are not looked at. */
export function gapAlong(
  { operands: [condition, a, b] }: { readonly operands: readonly Tree[] },
  name: string,
): Gap | null {
  if (condition.kind !== 'call') return null;
  const others = namesOf([condition, a, b]).filter((other) => other !== name);
  const lead = difference(condition.operands[0], condition.operands[1]);
  const [leadAt, ...branches] = compileTogether([lead, a, b], [name, ...others]);
  for (const [k, shift] of OTHERS.entries()) {
    if (k > 0 && others.length === 0) break;
    const point = Float64Array.from([0, ...others.map((_, i) => shift + i * Math.SQRT2)]);
    const signAt = (x: number) => {
      point[0] = x;
      return Math.sign(leadAt(point));
    };
    for (let i = 1; i < ALONG.length; i++) {
      const at = placeBetween(signAt, ALONG[i - 1], ALONG[i]);
      if (at === null) continue;
      point[0] = at;
      const [first, second] = branches.map((branch) => branch(point));
      if (Math.abs(first - second) > ROUND_OFF * (1 + Math.abs(first))) return { at, sides: [first, second] };
    }
  }
  return null;
}

/** Where a sign changes; null where it is the same at both ends. */
function placeBetween(signAt: (x: number) => number, from: number, to: number): number | null {
  const start = signAt(from);
  if (start === 0) return from;
  if (!(start * signAt(to) < 0)) return null;
  let [left, right] = [from, to];
  for (let middle = left / 2 + right / 2; middle > left && middle < right; middle = left / 2 + right / 2) {
    if (signAt(middle) === start) left = middle;
    else right = middle;
  }
  return right;
}

function namesOf(trees: readonly Tree[]): readonly string[] {
  const found = new Set<string>();
  const visit = (tree: Tree): void => {
    if (tree.kind === 'name') found.add(tree.name);
    if (tree.kind === 'call') tree.operands.forEach(visit);
  };
  trees.forEach(visit);
  return [...found];
}
