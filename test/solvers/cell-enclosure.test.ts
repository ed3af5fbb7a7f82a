/** The two-sided bounds of H̄ from a δ-cell solution, and the budget of −δω − H̄ in h, δ and n. */
import { describe, expect, test } from 'vitest';
import { cellBudget } from '../../scenarios/cli/cell-budget.ts';
import { encloseByCell } from '../../solvers/cell-enclosure.ts';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import type { Interval } from '../../src/problem/problem.ts';
import { multiwell, ornsteinUhlenbeck, quadratic, reference } from '../problems.ts';

const models = [
  ['quadratic', quadratic()],
  ['multiwell', multiwell()],
] as const;

describe('the enclosure of H̄ by the δ-cell problem', () => {
  test.each(models)('of %s holds the reference, within the ball and in the trap', (name, problem) => {
    for (const { x, p, H } of reference[name].hamiltonian) {
      for (const [radius, delta] of [
        [7, 1e-4],
        [7, 1e-2],
        [4, 1e-3],
        [3.5, 1e-6],
      ]) {
        const options = { x: [x], p: [p], radius, delta, nodes: 801 };
        const bounds = encloseByCell(problem, options, solveDeltaCell(problem, options));
        expect(bounds?.lower).toBeLessThanOrEqual(H);
        expect(bounds?.upper).toBeGreaterThanOrEqual(H);
      }
    }
  });

  test('has a width of the size of δ, and holds H̄ = 1 where −δω(0) = 0.0038', () => {
    const problem = ornsteinUhlenbeck();
    const square = { x: [0], p: [0], nodes: 401, integrand: (y: ArrayLike<number>) => y[0] ** 2 };
    const trapped = { ...square, radius: 3, delta: 1e-4 };
    const solution = solveDeltaCell(problem, trapped);
    expect(solution.minusDeltaOmega([0])).toBeLessThan(0.004);
    const bounds = encloseByCell(problem, trapped, solution);
    expect(bounds?.lower).toBeLessThan(1);
    expect(bounds?.lower).toBeGreaterThan(0.9); // measured 0.918
    expect(bounds?.upper).toBeGreaterThan(1);
    expect(bounds?.upper).toBeLessThan(1.1); // measured 1.027
    const width = (delta: number) => {
      const options = { ...square, radius: 8, delta };
      const { lower, upper } = encloseByCell(problem, options, solveDeltaCell(problem, options)) as Interval;
      return upper - lower;
    };
    // Quadrature and tails are far below: measured 9.76.
    expect(width(1e-2) / width(1e-3)).toBeGreaterThan(9);
  });

  test('is refused where the weights do not decay towards the sphere', () => {
    const options = { x: [1], p: [1], radius: 0.5, delta: 1e-3, nodes: 101 };
    expect(encloseByCell(quadratic(), options, solveDeltaCell(quadratic(), options))).toBeNull();
  });
});

describe('the budget of −δω(0) − H̄', () => {
  // The kink of H at y = x̄ is a node of every ball here.
  const situations = [
    ['h', { radius: 6, delta: 1e-6, nodes: 49 }],
    ['delta', { radius: 6, delta: 1e-2, nodes: 961 }],
    ['inverseRadius', { radius: 3, delta: 7e-3, nodes: 481 }],
  ] as const;
  test.each(situations)('names %s where it dominates, and adds up to the exact error', async (name, grid) => {
    const options = { x: [1], p: [1], ...grid };
    const { parts, discretisation } = await cellBudget(quadratic(), [{ options, y: [0] }]);
    expect(discretisation.largest?.parameter).toBe(name);
    for (const part of parts) {
      if (part.parameter !== name) expect(part.largest).toBeLessThan(0.1 * (discretisation.largest?.largest ?? 0));
    }
    // Measured 2.6 %, 0.2 % and 3e-5.
    expect(Math.abs(discretisation.estimated[0] / (discretisation.exact[0] as number) - 1)).toBeLessThan(0.1);
  });
});
