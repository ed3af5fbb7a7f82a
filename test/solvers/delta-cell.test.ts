import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { expectOrder } from '../expect-order.ts';
import { ornsteinUhlenbeck, reference } from '../problems.ts';

interface Row {
  kappa: number;
  m: number;
  radius: number;
  delta: number;
  minus_delta_w0: number;
  minus_delta_w_at_r1: number;
}

const rows: Row[] = reference.delta_cell.rows.filter((row: Row) => row.m === 1);
const square = (y: ArrayLike<number>) => y[0] ** 2;
const solve = ({ kappa, radius, delta }: Row, nodes: number) =>
  solveDeltaCell(ornsteinUhlenbeck(kappa), { x: [0], p: [0], radius, delta, nodes, integrand: square });

/** E_y e^{−δτ_n} = M(δ/2κ, 1/2, κy²/2)/M(δ/2κ, 1/2, κn²/2) (Kummer), b = −κy. */
function exactExitWeight({ kappa, radius, delta }: Row, y: number): number {
  const kummer = (a: number, b: number, z: number) => {
    let [term, sum] = [1, 1];
    for (let k = 0; k < 500; k++) {
      term *= ((a + k) / (b + k)) * (z / (k + 1));
      sum += term;
    }
    return sum;
  };
  const a = delta / (2 * kappa);
  return kummer(a, 0.5, (kappa * y * y) / 2) / kummer(a, 0.5, (kappa * radius * radius) / 2);
}

describe('the truncated δ-cell problem', () => {
  test.each(rows)('−δω at radius $radius equals the Kummer solution to 1e-4 at 801 nodes', (row) => {
    const solution = solve(row, 801);
    expect(Math.abs(solution.minusDeltaOmega([0]) - row.minus_delta_w0)).toBeLessThan(1e-4);
    expect(Math.abs(solution.minusDeltaOmega([1]) - row.minus_delta_w_at_r1)).toBeLessThan(1e-4);
  });

  test.each(rows)('−δω at radius $radius converges with order 2 in h', (row) => {
    const nodes = [201, 401, 801, 1601];
    const errors = nodes.map((count) => Math.abs(solve(row, count).minusDeltaOmega([0]) - row.minus_delta_w0));
    expectOrder(
      errors,
      nodes.map((count) => 1 / (count - 1)),
      { expected: 2, within: 0.1 },
    );
  });

  test.each(rows)('the exit weight at radius $radius equals its Kummer formula', (row) => {
    const solution = solve(row, 1601);
    for (const y of [0, 1, 0.9 * row.radius]) {
      const exact = exactExitWeight(row, y);
      expect(Math.abs(solution.exitWeightAt([y]) - exact)).toBeLessThan(2e-4 * exact); // measured 4.7e-6, order h²
    }
  });

  test('δ → 0 at fixed radius tends to 0 and not to H̄, and is flagged with the remedy', () => {
    const fixed = { ...rows[1], radius: 3 };
    const values = [1e-2, 1e-3, 1e-4, 1e-6].map((delta) => solve({ ...fixed, delta }, 801));
    for (let k = 1; k < values.length; k++) {
      expect(values[k].minusDeltaOmega([0])).toBeLessThan(values[k - 1].minusDeltaOmega([0]));
    }
    expect(values[3].minusDeltaOmega([0])).toBeLessThan(1e-4);
    for (const { trap } of values) expect(trap).toMatch(/leaves the ball of radius 3 .* is not H̄\. Enlarge the radius/);
    expect(values[2].trap).toMatch(/−δω\(0\) = 0\.003791 .*\(6 gives 0\.9992\)/);
  });

  test('δ and n refined together are not flagged once the exit weight is small', () => {
    expect(solve(rows[4], 801).trap).toBeNull();
    expect(solve(rows[0], 801).trap).not.toBeNull();
  });

  test('tiny discounts keep full relative accuracy on fine grids', () => {
    // On all of R: −δω(0) = δ A, A = 2mB/δ, B = 1/(δ+2κ); the ball of radius 9 leaves e^{−40} at most.
    const delta = 1e-4;
    const solution = solve({ ...rows[0], kappa: 1, radius: 9, delta }, 40001);
    const whole = 2 / (delta + 2);
    // Discretisation h²/12·O(1) = 2e-8; Thomas elimination loses 1.8e-6 here (docs/theory.md §2.4).
    expect(Math.abs(solution.minusDeltaOmega([0]) - whole)).toBeLessThan(5e-8);
  });
});
