/**
 * How far a diffusion is from degenerate: the least eigenvalue of a = ½ssᵀ or α = ½rrᵀ over boxes, between bounds that
 * hold, and a point at which it is 0 where one is proved: it is 0 there by intervals, or det s changes its sign nearby.
 */
import { negated, numberTree, product, squared, sum, zero } from '../formula/algebra.ts';
import { middleOf } from '../formula/interval.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import type { Effort } from './constants.ts';
import { enclosedEntries } from './enclosed-entries.ts';
import { cutOff, type Field, hasEndlessControls, REACH } from './fields.ts';
import { type Bounds, symmetricEigenvalueBounds } from './matrix-bounds.ts';
import { type Box, supremum } from './supremum.ts';

/** The infimum of λ_min over the boxes, between bounds; `zeroAt` is a point where it is proved to vanish. */
export interface Ellipticity {
  readonly least: Bounds;
  readonly zeroAt: readonly number[] | null;
  /** Whether it vanishes at every point: fewer Brownian motions than variables. */
  readonly isEverywhere: boolean;
}

/** What 0 becomes by rounding outwards a few times. */
const LEAST = 64 * Number.MIN_VALUE;

/** Corners and middles of a box that are looked at. */
const MOST_POINTS = 3 ** 6;

/** Of ½ssᵀ for the coefficients of a field, row by row with so many columns. `effort` as for constants. */
export function ellipticityOf(field: Field, columns: number, { effort }: Effort = {}): Ellipticity {
  const { formulas, names } = field;
  const rows = formulas.trees.length / columns;
  const entry = (i: number, k: number) => formulas.trees[i * columns + k];
  const moving = Array.from({ length: columns }, (_, k) => k).filter((k) =>
    Array.from({ length: rows }, (_, i) => entry(i, k)).some((tree) => !isZero(tree)),
  );
  const s = Array.from({ length: rows }, (_, i) => moving.map((k) => entry(i, k)));
  const matrix = s.flatMap((row) => s.map((other) => halfProduct(row, other)));
  const entries = enclosedEntries(matrix.map(negated), { names, jumps: formulas.jumps, given: formulas.trees });
  const over = (from: ArrayLike<number>, to: ArrayLike<number>): Bounds => {
    entries.evaluate(from, to);
    return symmetricEigenvalueBounds(entries.lower, entries.upper, rows);
  };
  const isEverywhere = moving.length < rows;
  const boxes = hasEndlessControls(field) ? cutOff(field, REACH).boxes : field.boxes;
  const places = boxes.map(pointsOf);
  // Of one variable the bounds at a point are those of a square: 0 is 0 up to the least double.
  const met = rows === 1 ? places.flat().find((point) => over(point, point).lower >= -LEAST) : undefined;
  const zeroAt = isEverywhere ? places[0][0] : (met ?? crossing(field, s, places));
  if (zeroAt !== null) return { least: { lower: 0, upper: 0 }, zeroAt, isEverywhere };
  const { lower, upper } = supremum({ ...entries, over }, field.boxes, 0, effort);
  return { least: { lower: Math.max(0, -upper), upper: Math.max(0, -lower) }, zeroAt, isEverywhere };
}

function isZero(tree: Tree): boolean {
  return tree.kind === 'number' && tree.value === 0;
}

function halfProduct(a: readonly Tree[], b: readonly Tree[]): Tree {
  const whole = a.reduce<Tree>((total, tree, k) => sum(total, productOf(tree, b[k])), zero);
  return product(numberTree(0.5), whole);
}

/** A product; the square of a root is what stands below it, so that it has slopes at its end. */
function productOf(a: Tree, b: Tree): Tree {
  return a === b ? squared(a) : product(a, b);
}

/** Corners, middles and zeros of the sides of a box, as many as are looked at; endless sides are cut off. */
function pointsOf({ lower, upper }: Box): readonly number[][] {
  return lower.reduce<number[][]>(
    (points, end, k) => {
      const [low, high] = [Math.max(end, Math.min(-REACH, upper[k])), Math.min(upper[k], Math.max(REACH, end))];
      const middle = low < 0 && high > 0 ? 0 : middleOf(low, high);
      const places = low === high ? [low] : points.length * 3 > MOST_POINTS ? [middle] : [low, middle, high];
      return points.flatMap((point) => places.map((place) => [...point, place]));
    },
    [[]],
  );
}

/** A point near which det s = 0, since it is continuous and has both signs in one box; null where that is not seen. */
function crossing(
  { formulas, names }: Field,
  s: readonly (readonly Tree[])[],
  places: readonly (readonly number[][])[],
) {
  if (s.some((row) => row.length !== s.length) || s.length > 2) return null;
  const determinant = s.length === 1 ? s[0][0] : sum(product(s[0][0], s[1][1]), negated(product(s[0][1], s[1][0])));
  if (formulas.jumps.some(({ name }) => dependsOn(determinant, name))) return null;
  const found = enclosedEntries([determinant], { names, jumps: formulas.jumps, given: formulas.trees });
  /** 1, −1, or 0 where the sign is not certain. */
  const sign = (point: readonly number[]): number => {
    found.evaluate(point, point);
    return found.lower[0] > 0 ? 1 : found.upper[0] < 0 ? -1 : 0;
  };
  for (const points of places) {
    const above = points.find((point) => sign(point) > 0);
    const below = points.find((point) => sign(point) < 0);
    if (above !== undefined && below !== undefined && isContinuous(above, below)) return bisected(above, below, sign);
  }
  return null;

  /** Whether the formula has a value on the whole box between two points. */
  function isContinuous(a: readonly number[], b: readonly number[]): boolean {
    found.evaluate(
      a.map((value, k) => Math.min(value, b[k])),
      a.map((value, k) => Math.max(value, b[k])),
    );
    return found.flags[0] === 0;
  }
}

/** The middle of neighbours between which the sign changes. */
function bisected(
  above: readonly number[],
  below: readonly number[],
  sign: (point: readonly number[]) => number,
): readonly number[] {
  let [high, low] = [above, below];
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = high.map((value, k) => value / 2 + low[k] / 2);
    const here = sign(middle);
    if (here === 0) return middle;
    if (here > 0) high = middle;
    else low = middle;
  }
  return high;
}
