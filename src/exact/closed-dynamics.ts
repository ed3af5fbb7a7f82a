/**
 * Uncontrolled dynamics whose generator keeps a finite set of monomials, and which live for ever with moments of every
 * order, so that these solve the linear equations of the generator. One of two kinds:
 *
 *   Y alone: b and α free of x, φ = Cx + c(y), a quadratic in x with numbers before its squares, all polynomial in y;
 *   together: φ and b affine, a and α quadratic in (x,y).
 *
 * In the first Y has all moments and X is a linear equation driven by it; in the second the coefficients grow linearly
 * (Øksendal 2003, Theorem 5.2.1; Gronwall). Roots in s and r must stay real where the process lives.
 */
import { onlyControl } from '../control/control-set.ts';
import { numberTree } from '../formula/algebra.ts';
import { substituted, type Tree } from '../formula/tree.ts';
import { diffusionTrees } from '../model/diffusion.ts';
import type { Problem } from '../model/problem.ts';
import { treesOf } from '../model/trees.ts';
import { degreeInY, isNeverNegative, type PolynomialFast, polynomialFast } from './polynomial-fast.ts';
import { type PolynomialOperator, totalDegree } from './polynomial-generator.ts';
import { type NumberPolynomial, polynomialNumbers } from './polynomial-numbers.ts';

/** Of every formula in (x,y). */
const HIGHEST_DEGREE = 6;

export interface ClosedDynamics {
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** φ·D_x + tr(a D_x²) on polynomials in (x,y). */
  readonly slow: PolynomialOperator;
  readonly fast: PolynomialFast;
  /** A formula, with the only control put in, as a polynomial in (x,y); null where it is none. */
  readonly polynomial: (tree: Tree) => NumberPolynomial | null;
}

/** The dynamics as polynomials; null unless the formulas prove them to be of one of the two kinds. */
export function closedDynamics(problem: Problem): ClosedDynamics | null {
  const u = onlyControl(problem.controls);
  const [trees, diffusion] = [treesOf(problem), diffusionTrees(problem)];
  if (u === null || trees === null || diffusion === null) return null;
  const [x, y, controls] = trees.names;
  const z = [...x, ...y];
  const fixed = Object.fromEntries(controls.map((name, c) => [name, numberTree(u[c])]));
  const withControl = (tree: Tree) => substituted(tree, fixed);
  const polynomial = (tree: Tree) => polynomialNumbers(withControl(tree), z, HIGHEST_DEGREE);
  const fast = polynomialFast(trees, diffusion, z);
  const drift = trees.slowDrift.map(polynomial);
  const spread = diffusion.slow.map((row) => row.map(polynomial));
  if (fast === null || !drift.every((each) => each !== null)) return null;
  if (!spread.every((row) => row.every((each) => each !== null))) return null;
  const states = Object.fromEntries(y.map((name, k) => [name, fast.states[k]]));
  if (!isNeverNegative(diffusion.slowRadicands.map(withControl), z, states)) return null;
  if (!isAlone(fast, drift, spread.flat(), x.length) && !areTogether(drift, spread.flat())) return null;
  const none: NumberPolynomial = new Map();
  const slow = {
    drift: z.map((_, i) => drift[i] ?? none),
    diffusion: z.map((_, i) => z.map((_unused, k) => spread[i]?.[k] ?? none)),
  };
  return { x, y, slow, fast, polynomial };
}

type Polynomials = readonly NumberPolynomial[];

/** Every monomial of these as its degrees in x and y. */
function degreesOf(polynomials: Polynomials, n: number): { readonly inX: number; readonly inY: number }[] {
  const keys = polynomials.flatMap((polynomial) => [...polynomial.keys()]);
  return keys.map((key) => ({ inX: totalDegree(key) - degreeInY(key, n), inY: degreeInY(key, n) }));
}

function isAlone({ drift, spread }: PolynomialFast, slowDrift: Polynomials, slowSpread: Polynomials, n: number) {
  const isFree = degreesOf([...drift, ...spread], n).every(({ inX }) => inX === 0);
  const isLinear = degreesOf(slowDrift, n).every(({ inX, inY }) => inX === 0 || (inX === 1 && inY === 0));
  const isQuadratic = degreesOf(slowSpread, n).every(({ inX, inY }) => inX < 2 || (inX === 2 && inY === 0));
  return isFree && isLinear && isQuadratic;
}

/** b and α are of degree 1 and 2 as polynomialFast takes them. */
function areTogether(slowDrift: Polynomials, slowSpread: Polynomials): boolean {
  const isOf = (polynomials: Polynomials, degree: number) =>
    polynomials.every((polynomial) => [...polynomial.keys()].every((key) => totalDegree(key) <= degree));
  return isOf(slowDrift, 1) && isOf(slowSpread, 2);
}
