/**
 * Fast processes whose generator L = b·D_y + tr(α D_y²) keeps the degree of polynomials: b affine, α of degree 2 at
 * most, as of Ornstein–Uhlenbeck and of square-root processes (Cox, Ingersoll, Ross 1985). They have moments of every
 * order, which solve linear equations (Filipović, Larsson 2016).
 */
import { enclosure } from '../formula/interval.ts';
import type { Tree } from '../formula/tree.ts';
import { isStable } from '../linalg/small-matrix.ts';
import type { DiffusionTrees } from '../model/diffusion.ts';
import type { Interval } from '../model/problem.ts';
import type { FieldTrees } from '../model/trees.ts';
import type { PolynomialOperator } from './polynomial-generator.ts';
import { affineRow, exponentsOf, type NumberPolynomial, polynomialNumbers } from './polynomial-numbers.ts';

/** b and α as polynomials in some variables, and the intervals in which the fast variables live. */
export interface PolynomialFast {
  readonly drift: readonly NumberPolynomial[];
  readonly spread: readonly NumberPolynomial[];
  readonly states: readonly Interval[];
}

const LINE: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/**
 * The fast process in these variables, those of x and y or of y alone; null unless b and α are such polynomials and
 * every root in r stays real: its radicand is nowhere negative, or affine in y_k with b_k of y_k alone that leads
 * inwards where it is 0.
 */
export function polynomialFast(
  { names, fastDrift }: Pick<FieldTrees, 'names' | 'fastDrift'>,
  { fast, fastRadicands }: DiffusionTrees,
  variables: readonly string[],
): PolynomialFast | null {
  const drift = fastDrift.map((tree) => polynomialNumbers(tree, variables, 1));
  const spread = fast.map((tree) => polynomialNumbers(tree, variables, 2));
  const states = fastRadicands.map((radicand, k) => statesOf(radicand, fastDrift[k], names[1][k], names.flat()));
  if (!drift.every((each) => each !== null) || !spread.every((each) => each !== null)) return null;
  return states.every((each) => each !== null) ? { drift, spread, states } : null;
}

/** Whether formulas are nowhere negative where the fast variables live, whatever the others are. */
export function isNeverNegative(trees: readonly Tree[], names: readonly string[], states: Record<string, Interval>) {
  return trees.every((tree) => {
    const sides = names.map((name) => [name, states[name] ?? LINE] as const);
    const box = sides.map(([name, { lower, upper }]) => [name, [lower, upper]] as const);
    const { lower, flags } = enclosure(tree, Object.fromEntries(box));
    return lower >= 0 && flags === 0;
  });
}

function statesOf(radicand: Tree | undefined, drift: Tree, name: string, names: readonly string[]): Interval | null {
  if (radicand === undefined || isNeverNegative([radicand], names, {})) return LINE;
  const [under, along] = [affineRow(radicand, [name]), affineRow(drift, [name])];
  if (under === null || along === null || under[0] === 0) return null;
  const root = -under[1] / under[0];
  const inwards = (along[0] * root + along[1]) * Math.sign(under[0]) >= 0;
  if (!inwards) return null;
  return under[0] > 0 ? { ...LINE, lower: root } : { ...LINE, upper: root };
}

/** L on polynomials whose last variables are those of y; the first `others` are parameters. */
export function fastOperator({ drift, spread }: PolynomialFast, others: number): PolynomialOperator {
  const size = others + drift.length;
  const none: NumberPolynomial = new Map();
  const row = (i: number) => Array.from({ length: size }, (_, k) => (i === k ? (spread[i - others] ?? none) : none));
  return {
    drift: Array.from({ length: size }, (_, i) => drift[i - others] ?? none),
    diffusion: Array.from({ length: size }, (_, i) => row(i)),
  };
}

/**
 * Whether moments of up to this degree in y come to rest: all eigenvalues of L on them, but for the constants, have
 * negative real parts. Of degree d they are sums of d of those of −b where α grows no faster than linearly in y; for
 * m = 1 they are k b₁ + k(k−1) α₂, k = 1, …, d; for several y with quadratic α it is not decided, and false.
 */
export function comesToRest({ drift, spread }: PolynomialFast, others: number, degree: number): boolean {
  const m = drift.length;
  const coefficient = (polynomial: NumberPolynomial, places: readonly number[]) => {
    const key = Array.from({ length: others + m }, (_, i) => places.filter((k) => others + k === i).length).join();
    return polynomial.get(key) ?? 0;
  };
  const K = drift.map((row) => drift.map((_, k) => -coefficient(row, [k])));
  const isQuadratic = spread.some((alpha) => [...alpha.keys()].some((key) => degreeInY(key, others) > 1));
  if (!isQuadratic) return isStable(K);
  if (m > 1) return false;
  const [slope, growth] = [-K[0][0], coefficient(spread[0], [0, 0])];
  return Array.from({ length: degree }, (_, k) => (k + 1) * (slope + k * growth)).every((value) => value < 0);
}

/** The degree of a monomial in the variables after the first ones. */
export function degreeInY(key: string, others: number): number {
  return exponentsOf(key)
    .slice(others)
    .reduce((total, exponent) => total + exponent, 0);
}
