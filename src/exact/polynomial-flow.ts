/**
 * Polynomials along an Ornstein–Uhlenbeck process dY = b(Y)/ε dt + √(2/ε) dW, b affine: L = b·∇ + Δ maps those of
 * degree d to such, so that y ↦ E[h(Y_s) | Y_0 = y] is one whose coefficients are e^{sL/ε}h.
 */
import { exponentialMinusIdentity } from '../linalg/matrix-exponential.ts';
import { inverseOf, transposed } from '../linalg/small-matrix.ts';
import type { Coordinates } from '../model/problem.ts';
import { lastResult } from './last-result.ts';
import { exponentsOf, type NumberPolynomial } from './polynomial-numbers.ts';

/** b, row by row over (y, 1). */
type AffineDrift = readonly (readonly number[])[];

/** ∫₀^τ E[h(Y_s) | Y_0 = y] ds. */
export function polynomialFlow(fast: AffineDrift, h: NumberPolynomial) {
  const { keys, matrix } = generatorOf(fast, h);
  const values = keys.map((key) => h.get(key) ?? 0);
  const coefficientsAt = lastResult((tau: number, epsilon: number) => {
    const augmented = matrix.map((row, i) => [...row.map((value) => (value * tau) / epsilon), values[i] * tau]);
    const flow = exponentialMinusIdentity([...augmented, augmented.map(() => 0).concat(0)]);
    return flow.slice(0, -1).map((row) => row[row.length - 1]);
  });
  return ({ tau, epsilon, y }: { tau: number; epsilon: number; y: Coordinates }): number =>
    coefficientsAt(tau, epsilon).reduce((total, coefficient, i) => total + coefficient * monomialAt(keys[i], y), 0);
}

/** ∫h dμ for the invariant measure of a stable b: the moments are those at which ∫Lq dμ = 0 for every monomial q. */
export function stationaryMean(fast: AffineDrift, h: NumberPolynomial): number {
  const { keys, matrix } = generatorOf(fast, h);
  const [constant = 0, ...values] = keys.map((key) => h.get(key) ?? 0);
  if (values.length === 0) return constant;
  const [ofConstant, ...rest] = matrix;
  const moments = inverseOf(transposed(rest).slice(1));
  return moments.reduce(
    (total, row, k) => total - values[k] * row.reduce((sum, value, j) => sum + value * ofConstant[j + 1], 0),
    constant,
  );
}

/** L on the monomials of at most the degree of h, the constant first: column α holds the coefficients of L y^α. */
function generatorOf(fast: AffineDrift, h: NumberPolynomial) {
  const degree = Math.max(0, ...[...h.keys()].map((key) => sumOf(exponentsOf(key))));
  const keys = monomials(fast.length, degree).sort((a, b) => sumOf(exponentsOf(a)) - sumOf(exponentsOf(b)));
  const place = new Map(keys.map((key, i) => [key, i]));
  const matrix = keys.map(() => new Array<number>(keys.length).fill(0));
  const add = (exponents: readonly number[], column: number, value: number) => {
    if (value !== 0) matrix[place.get(exponents.join()) as number][column] += value;
  };
  for (const [column, key] of keys.entries()) {
    const alpha = exponentsOf(key);
    alpha.forEach((power, k) => {
      const lowered = alpha.map((own, i) => (i === k ? own - 1 : own));
      if (power > 1)
        add(
          alpha.map((own, i) => (i === k ? own - 2 : own)),
          column,
          power * (power - 1),
        );
      if (power === 0) return;
      fast[k].forEach((value, j) => {
        // The last entry belongs to 1.
        add(
          lowered.map((own, i) => (i === j ? own + 1 : own)),
          column,
          power * value,
        );
      });
    });
  }
  return { keys, matrix };
}

function monomials(variables: number, degree: number): string[] {
  let lists: number[][] = [[]];
  for (let k = 0; k < variables; k++) {
    lists = lists.flatMap((list) =>
      Array.from({ length: degree - sumOf(list) + 1 }, (_, exponent) => [...list, exponent]),
    );
  }
  return lists.map((list) => list.join());
}

function monomialAt(key: string, y: Coordinates): number {
  return exponentsOf(key).reduce((value, exponent, k) => value * y[k] ** exponent, 1);
}

function sumOf(list: readonly number[]): number {
  return list.reduce((total, value) => total + value, 0);
}
