/**
 * Operators Σ_i c_i ∂_i + Σ_ik a_ik ∂_i∂_k with polynomial coefficients, on polynomials in z: matrices on monomials
 * where these stay among themselves. c affine and a of degree 2 at most keep the degree.
 */
import { exponentsOf, type NumberPolynomial } from './polynomial-numbers.ts';

/** c and a, polynomials in the same variables. */
export interface PolynomialOperator {
  readonly drift: readonly NumberPolynomial[];
  readonly diffusion: readonly (readonly NumberPolynomial[])[];
}

/** The smallest set of monomials that holds `start` and what the operators make of it; null beyond `most`. */
export function closedUnder(
  operators: readonly PolynomialOperator[],
  start: Iterable<string>,
  most: number,
): string[] | null {
  const found = new Set(start);
  for (const key of found) {
    for (const operator of operators) for (const [made] of imageOf(operator, key)) found.add(made);
    if (found.size > most) return null;
  }
  return [...found].sort((a, b) => totalDegree(a) - totalDegree(b));
}

/** The operator on monomials that it keeps among themselves: column α holds the coefficients of its image of z^α. */
export function matrixOn(keys: readonly string[], operator: PolynomialOperator): number[][] {
  const place = new Map(keys.map((key, i) => [key, i]));
  const matrix = keys.map(() => new Array<number>(keys.length).fill(0));
  for (const [column, key] of keys.entries()) {
    for (const [made, value] of imageOf(operator, key)) matrix[place.get(made) as number][column] += value;
  }
  return matrix;
}

/** z^α, for a monomial written as its exponents. */
function monomialAt(key: string, z: ArrayLike<number>): number {
  return exponentsOf(key).reduce((value, exponent, k) => (exponent === 0 ? value : value * z[k] ** exponent), 1);
}

/** Σ coefficient z^α. */
export function polynomialAt(keys: readonly string[], coefficients: readonly number[], z: ArrayLike<number>): number {
  return coefficients.reduce((total, coefficient, i) => total + coefficient * monomialAt(keys[i], z), 0);
}

export function totalDegree(key: string): number {
  return exponentsOf(key).reduce((total, exponent) => total + exponent, 0);
}

/** Σ c_i α_i z^{α−e_i} + Σ a_ik α_i (α−e_i)_k z^{α−e_i−e_k}, term by term. */
function imageOf({ drift, diffusion }: PolynomialOperator, key: string): (readonly [string, number])[] {
  const alpha = exponentsOf(key);
  return alpha.flatMap((power, i) => {
    if (power === 0) return [];
    const lowered = alpha.map((own, k) => (k === i ? own - 1 : own));
    const second = lowered.flatMap((own, k) => {
      if (own === 0) return [];
      const twice = lowered.map((each, j) => (j === k ? each - 1 : each));
      return times(diffusion[i][k], twice, power * own);
    });
    return [...second, ...times(drift[i], lowered, power)];
  });
}

function times(polynomial: NumberPolynomial, exponents: readonly number[], factor: number) {
  return [...polynomial].flatMap(([key, value]) => {
    const made = exponentsOf(key)
      .map((own, k) => own + exponents[k])
      .join();
    return value === 0 ? [] : [[made, factor * value] as const];
  });
}
