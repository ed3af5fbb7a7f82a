/**
 * Properties of a problem, proved by the structure of its formulas (formula/degree.ts): they hold everywhere, for no
 * point is looked at. A closure has those that it declares.
 */
import { degreeIn } from '../formula/degree.ts';
import { type AnyFormula, type Formula, treeIn } from '../formula/formula.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { controlledFields, type Problem } from './problem.ts';
import { namesOf } from './trees.ts';

/** φ and ℓ are affine in u. */
export function isAffineInControl(problem: Problem): boolean {
  return areAffine(problem, controlledFields(problem), 'u');
}

/** φ and ℓ are polynomials of degree 2 at most in the controls together, by their formulas or declared affine. */
export function isQuadraticInControl(problem: Problem): boolean {
  const { controls } = problem;
  const names = namesOf(problem);
  return controlledFields(problem).every((field) => {
    const tree = treeIn(field, ...names);
    const degree = tree === undefined ? degreeOf(problem, field, 'u') : 0;
    return degree <= 2 && (tree === undefined || polynomialIn(tree, controls.names, 2) !== null);
  });
}

/** b = Ax − Ky + c. */
export function hasAffineFastDrift(problem: Problem): boolean {
  return areAffine(problem, problem.fast.drift, 'xy');
}

/** b = g(x) − Ky with any g, and φ = φ₀(x,u) + φ₁(x,u)y. */
export function revertsToMean(problem: Problem): boolean {
  return areAffine(problem, problem.fast.drift, 'y', 'x') && areAffine(problem, problem.slowDrift, 'y');
}

/** φ(·,·,u) and b are affine in (x,y). */
export function isLinear(problem: Problem): boolean {
  return areAffine(problem, problem.slowDrift, 'xy') && hasAffineFastDrift(problem);
}

/** f is a polynomial of degree 2 at most. */
export function hasQuadraticCost(problem: Problem): boolean {
  return degreeOf(problem, problem.terminalCost, 'x') <= 2;
}

/** A function made from a field by moving x and y: affine in u where the field is. */
export function moved<F extends (...points: never[]) => number>(problem: Problem, field: F, made: F): Formula<F> {
  return areAffine(problem, [field], 'u') ? declareAffine(made, 'u') : made;
}

/**
 * The function itself, declared to be affine in the coordinates of these points together: 'u'; 'xy' for φ or b that is
 * linear at fixed u. Of a formula the tree decides.
 *
 * @typeParam F The function; it is changed in place.
 */
export function declareAffine<F extends (...points: never[]) => number>(field: F, ...affineIn: string[]): Formula<F> {
  return Object.assign(field, { affineIn });
}

function areAffine(problem: Problem, fields: readonly AnyFormula[], points: string, apart = ''): boolean {
  return fields.every((field) => degreeOf(problem, field, points, apart) <= 1);
}

/** A bound of the degree in the coordinates of some points; those `apart` as in degreeIn. */
function degreeOf(problem: Problem, field: AnyFormula, points: string, apart = ''): number {
  const names = namesOf(problem);
  const tree = treeIn(field, ...names);
  const of = (letters: string) => [...letters].flatMap((letter) => names['xyu'.indexOf(letter)]);
  if (tree !== undefined) return degreeIn(tree, of(points), of(apart));
  const isDeclared = field.affineIn?.some((set) => [...points, ...apart].every((point) => set.includes(point)));
  return isDeclared === true ? 1 : Number.POSITIVE_INFINITY;
}
