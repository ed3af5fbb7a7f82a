/** Formulas that are polynomials with numbers as coefficients: proved by polynomialIn, not fitted. */
import { polynomialIn } from '../formula/polynomial.ts';
import type { Tree } from '../formula/tree.ts';

/** Coefficients by exponents in the order of the names, "2,1" as in formula/polynomial.ts. */
export type NumberPolynomial = ReadonlyMap<string, number>;

/** A formula as a polynomial of at most this total degree; null where that is not proved or a name is left. */
export function polynomialNumbers(tree: Tree, names: readonly string[], degree: number): NumberPolynomial | null {
  const polynomial = polynomialIn(tree, names, degree);
  if (polynomial === null) return null;
  const numbers = new Map<string, number>();
  for (const [key, coefficient] of polynomial) {
    if (coefficient.kind !== 'number') return null;
    numbers.set(key, coefficient.value);
  }
  return numbers;
}

/** "2,0,1" as [2, 0, 1]; of no names, "", as []. */
export function exponentsOf(key: string): number[] {
  return key === '' ? [] : key.split(',').map(Number);
}

/** The row r with formula = r·(names, 1); null where it is not affine. */
export function affineRow(tree: Tree, names: readonly string[]): number[] | null {
  const polynomial = polynomialNumbers(tree, names, 1);
  if (polynomial === null) return null;
  const row = new Array<number>(names.length + 1).fill(0);
  for (const [key, value] of polynomial) row[placesOf(key, names)[0]] = value;
  return row;
}

/** The symmetric matrix M with formula = ½ wᵀMw, w = (names, 1); null where it is not quadratic. */
export function quadraticForm(tree: Tree, names: readonly string[]): number[][] | null {
  const polynomial = polynomialNumbers(tree, names, 2);
  if (polynomial === null) return null;
  const form = [...names, 1].map(() => new Array<number>(names.length + 1).fill(0));
  for (const [key, value] of polynomial) {
    const [i, j = names.length] = placesOf(key, names);
    form[i][j] += value;
    form[j][i] += value;
  }
  return form;
}

/** The places of the factors of a monomial of degree 2 at most; that of the 1 where there is none. */
function placesOf(key: string, names: readonly string[]): number[] {
  const places = exponentsOf(key).flatMap((exponent, i) => new Array<number>(exponent).fill(i));
  return places.length === 0 ? [names.length] : places;
}
