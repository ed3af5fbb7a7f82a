import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LinearQuadratic, quadraticValue } from '../../src/exact/riccati.ts';
import { type Matrix, product, scaled, sum, transposed } from '../../src/linalg/small-matrix.ts';

/** Computed independently of this program, see test/fixtures/README.md. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/reference-general.json'), 'utf8'));

const diagonal = (entries: readonly number[]) =>
  entries.map((value, i) => entries.map((_, j) => (i === j ? value : 0)));

/**
 * dX = (u + CY) dt + s dW, dY = −KY/ε dt + √(2/ε) dB, costs (q|x|² + |u|²)/2 and g|x|²/2, in z = (x, √ε y).
 */
function coupled({ C, K, s, q, g }: { C: Matrix; K: Matrix; s: number; q: number; g: number }, epsilon: number) {
  const n = C.length;
  const zeros = C.map(() => 0);
  const problem: LinearQuadratic = {
    drift: [
      ...C.map((row) => [...zeros, ...row.map((value) => value / Math.sqrt(epsilon))]),
      ...K.map((row) => [...zeros, ...row.map((value) => -value / epsilon)]),
    ],
    input: [...diagonal(C.map(() => 1)), ...C.map(() => zeros)],
    covariance: diagonal([...zeros.map(() => s * s), ...zeros.map(() => 2)]),
    stateCost: diagonal([...zeros.map(() => q), ...zeros]),
    crossCost: [...C, ...C].map(() => zeros),
    controlCost: diagonal(C.map(() => 1)),
    terminalCost: diagonal([...zeros.map(() => g), ...zeros]),
  };
  const valueAt = (tau: number, x: readonly number[], y: readonly number[]) => {
    const { quadratic, constant } = quadraticValue(problem, tau);
    const z = [...x, ...y.map((value) => Math.sqrt(epsilon) * value)];
    const row = z.map((_, j) => z.reduce((total, value, i) => total + value * quadratic[i][j], 0));
    return row.reduce((total, value, j) => total + value * z[j], 0) / 2 + constant;
  };
  return { problem, valueAt, n };
}

/** P and r by the classical Runge–Kutta method, written as in the head of riccati.ts. */
function integrated(problem: LinearQuadratic, tau: number, steps: number) {
  const { drift, input, covariance, stateCost, crossCost, controlCost, terminalCost } = problem;
  const change = (P: Matrix) => {
    const gain = sum(transposed(crossCost), product(transposed(input), P));
    const half = product(P, drift);
    const inverse = diagonal(controlCost.map((row, i) => 1 / row[i]));
    const spent = product(transposed(gain), product(inverse, gain));
    return {
      P: sum(sum(stateCost, sum(half, transposed(half))), scaled(spent, -1)),
      r: covariance.reduce((total, row, i) => total + (row[i] * P[i][i]) / 2, 0),
    };
  };
  let [P, r]: [Matrix, number] = [terminalCost, 0];
  const h = tau / steps;
  for (let k = 0; k < steps; k++) {
    const first = change(P);
    const second = change(sum(P, scaled(first.P, h / 2)));
    const third = change(sum(P, scaled(second.P, h / 2)));
    const fourth = change(sum(P, scaled(third.P, h)));
    const middle = scaled(sum(second.P, third.P), 2);
    P = sum(P, scaled(sum(sum(first.P, middle), fourth.P), h / 6));
    r += (h / 6) * (first.r + 2 * second.r + 2 * third.r + fourth.r);
  }
  return { P, r };
}

interface Row {
  readonly epsilon: number;
  readonly V: number;
  readonly [coordinate: string]: number;
}

describe('linear-quadratic values agree with those of an independent solver', () => {
  const { c, kappa, horizon, ...line } = reference.lq_1d.model;
  test.each<Row>(reference.lq_1d.value)('on the line, ε = $epsilon, ($x, $y)', ({ epsilon, x, y, V }) => {
    const { valueAt } = coupled({ ...line, C: [[c]], K: [[kappa]] }, epsilon);
    expect(Math.abs(valueAt(horizon, [x], [y]) - V)).toBeLessThan(1e-10);
  });

  test.each<Row>(reference.lq_2d.value)('in the plane, ε = $epsilon, ($x1, $x2)', ({ epsilon, V, ...at }) => {
    const { horizon: T, ...plane } = reference.lq_2d.model;
    const { valueAt } = coupled(plane, epsilon);
    expect(Math.abs(valueAt(T, [at.x1, at.x2], [at.y1, at.y2]) - V)).toBeLessThan(1e-10);
  });
});

describe('the flow of matrices solves the Riccati equation', () => {
  // Runge–Kutta at ‖F‖h = 1/200 is exact to about 1e-11.
  test.each([1, 0.1, 0.02])('without slow noise, ε = %s', (epsilon) => {
    const { problem } = coupled({ ...reference.lq_2d.model, s: 0 }, epsilon);
    const { quadratic, constant } = quadraticValue(problem, 0.8);
    const { P, r } = integrated(problem, 0.8, Math.ceil(400 / epsilon));
    for (const [i, row] of P.entries()) {
      for (const [j, value] of row.entries()) expect(Math.abs(quadratic[i][j] - value)).toBeLessThan(1e-10);
    }
    expect(Math.abs(constant - r)).toBeLessThan(1e-10);
  });

  test('with cross costs and any matrices', () => {
    const entry = fc.double({ min: -1, max: 1, noNaN: true });
    const matrix = (rows: number, columns: number) =>
      fc.array(fc.array(entry, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows });
    // Q = N R⁻¹Nᵀ + AᵀA keeps the cost convex in (z,u).
    fc.assert(
      fc.property(matrix(3, 3), matrix(3, 2), matrix(3, 2), matrix(3, 3), matrix(3, 3), (F, B, N, A, H) => {
        const controlCost = diagonal([1, 2]);
        const problem: LinearQuadratic = {
          drift: F,
          input: B,
          covariance: diagonal([0.5, 0, 2]),
          stateCost: sum(product(N, product(diagonal([1, 1 / 2]), transposed(N))), product(transposed(A), A)),
          crossCost: N,
          controlCost,
          terminalCost: product(transposed(H), H),
        };
        const { quadratic, constant, feedback } = quadraticValue(problem, 0.7);
        const { P, r } = integrated(problem, 0.7, 500);
        const gain = product(diagonal([-1, -1 / 2]), sum(transposed(N), product(transposed(B), P)));
        expect(Math.abs(constant - r)).toBeLessThan(1e-9);
        quadratic.flat().forEach((value, k) => {
          expect(Math.abs(value - P.flat()[k])).toBeLessThan(1e-9);
        });
        feedback.flat().forEach((value, k) => {
          expect(Math.abs(value - gain.flat()[k])).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 40 },
    );
  });
});
