/**
 * Polynomials along a fast process dY = b(Y)/ε dt + r(Y)/√ε dB with b affine and α = ½r² of degree 2 at most:
 * L = b·∇ + tr(αD²) maps those of degree d to such, so that y ↦ E[h(Y_s) | Y_0 = y] is one whose coefficients are
 * e^{sL/ε}h.
 */
import { exponentialMinusIdentity } from '../linalg/matrix-exponential.ts';
import { inverseOf, transposed } from '../linalg/small-matrix.ts';
import type { Coordinates } from '../model/problem.ts';
import { lastResult } from './last-result.ts';
import { comesToRest, fastOperator, type PolynomialFast } from './polynomial-fast.ts';
import { matrixOn, polynomialAt, totalDegree } from './polynomial-generator.ts';
import type { NumberPolynomial } from './polynomial-numbers.ts';

interface At {
  readonly tau: number;
  readonly epsilon: number;
  readonly y: Coordinates;
}

/** ∫₀^τ e^{−λs} E[h(Y_s) | Y_0 = y] ds. */
export function polynomialFlow(fast: PolynomialFast, h: NumberPolynomial, discount = 0) {
  const { keys, matrix } = generatorOf(fast, h);
  const values = keys.map((key) => h.get(key) ?? 0);
  const coefficientsAt = lastResult((tau: number, epsilon: number) => {
    const augmented = matrix.map((row, i) => [
      ...row.map((value, j) => (value * tau) / epsilon - (i === j ? discount * tau : 0)),
      values[i] * tau,
    ]);
    const flow = exponentialMinusIdentity([...augmented, augmented.map(() => 0).concat(0)]);
    return flow.slice(0, -1).map((row) => row[row.length - 1]);
  });
  return ({ tau, epsilon, y }: At): number => polynomialAt(keys, coefficientsAt(tau, epsilon), y);
}

/** E[h(Y_τ) | Y_0 = y]. */
export function polynomialMean(fast: PolynomialFast, h: NumberPolynomial) {
  const { keys, matrix } = generatorOf(fast, h);
  const values = keys.map((key) => h.get(key) ?? 0);
  const coefficientsAt = lastResult((tau: number, epsilon: number) => {
    const flow = exponentialMinusIdentity(matrix.map((row) => row.map((value) => (value * tau) / epsilon)));
    return flow.map((row, i) => row.reduce((total, value, j) => total + value * values[j], values[i]));
  });
  return ({ tau, epsilon, y }: At): number => polynomialAt(keys, coefficientsAt(tau, epsilon), y);
}

/**
 * ∫h dμ for the invariant measure: the moments are those at which ∫Lq dμ = 0 for every monomial q. Undefined where they
 * do not come to rest.
 */
export function stationaryMean(fast: PolynomialFast, h: NumberPolynomial): number | undefined {
  const { keys, matrix } = generatorOf(fast, h);
  if (!comesToRest(fast, 0, totalDegree(keys[keys.length - 1]))) return undefined;
  const [constant = 0, ...values] = keys.map((key) => h.get(key) ?? 0);
  if (values.length === 0) return constant;
  const [ofConstant, ...rest] = matrix;
  const moments = inverseOf(transposed(rest).slice(1));
  return moments.reduce(
    (total, row, k) => total - values[k] * row.reduce((sum, value, j) => sum + value * ofConstant[j + 1], 0),
    constant,
  );
}

/** L on the monomials of at most the degree of h, the constant first. */
function generatorOf(fast: PolynomialFast, h: NumberPolynomial) {
  const degree = Math.max(0, ...[...h.keys()].map(totalDegree));
  const keys = monomials(fast.drift.length, degree).sort((a, b) => totalDegree(a) - totalDegree(b));
  return { keys, matrix: matrixOn(keys, fastOperator(fast, 0)) };
}

function monomials(variables: number, degree: number): string[] {
  let lists: number[][] = [[]];
  for (let k = 0; k < variables; k++) {
    lists = lists.flatMap((list) => {
      const left = degree - totalDegree(list.join());
      return Array.from({ length: left + 1 }, (_, exponent) => [...list, exponent]);
    });
  }
  return lists.map((list) => list.join());
}
