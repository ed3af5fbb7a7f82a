/** The refinement driver on the uncontrolled quadratic, whose Vᵉ is known for every ε. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { type Level, refine } from '../../src/verification/refinement.ts';
import { quadratic } from '../problems.ts';

const problem = withKnownSolutions(quadratic([1, 1]), [{ lower: -4, upper: 4 }]);
const K = { lower: [-1, -1], upper: [1, 1] };
const fast = [uniformAxis('y', -7, 7, 161)];
const slow = (dx: number) => [uniformAxis('x', -4, 4, Math.round(8 / dx) + 1)];

const solve = ({ dx, dt, epsilon }: Level) =>
  solveEpsilonHjb(problem, { epsilon, slow: slow(dx), fast, steps: Math.round(1 / dt) });

const exact = {
  kind: 'exact',
  value: ([x, y]: Float64Array, { epsilon }: Level) => problem.exact!.value!({ tau: 1, epsilon, x: [x], y: [y] }),
} as const;

describe('the uncontrolled quadratic', () => {
  test('has order 1 in dx and dt refined together, in L∞, L1 and L2, against the exact Vᵉ', async () => {
    const levels = [1, 2, 4].map((k) => ({ dx: 0.08 / k, dt: 1 / (288 * k), epsilon: 0.1 }));
    const data = await refine({ levels, solve, against: exact, size: 'dx', claimedOrder: 1, within: K });
    for (const { orders, verdicts } of data.series) {
      expect(Math.abs((orders[2] as number) - 1)).toBeLessThan(0.05); // measured below
      expect(verdicts[2]).toBe('as claimed');
    }
    // What the levels say of themselves agrees with the exact error.
    const [{ errors, estimates }] = data.series;
    expect(Math.abs((estimates[2]?.estimate as number) / (errors[2] as number) - 1)).toBeLessThan(0.1);
    expect(estimates[2]?.bound).toBeGreaterThan(errors[2] as number);
  });

  test('has order 1 in ε against the limit on the same grid and steps', async () => {
    const levels = [1e-2, 1e-3, 1e-4].map((epsilon) => ({ epsilon, dx: 0.08, dt: 1 / 288 }));
    const limit = ({ dx, dt }: Level) =>
      solveEffectiveHjb(problem, { slow: slow(dx), fast, steps: Math.round(1 / dt) });
    const data = await refine({
      levels,
      solve,
      against: { kind: 'limit', solve: limit },
      size: 'epsilon',
      claimedOrder: 1,
      within: K,
    });
    for (const { overallOrder } of data.series) expect(Math.abs((overallOrder as number) - 1)).toBeLessThan(0.02);
  });

  test('ε together with dx and dt has order 1 along the path, against the exact limit', async () => {
    const levels = [1, 2, 4].map((k) => ({ epsilon: 0.02 / k, dx: 0.08 / k, dt: 1 / (288 * k) }));
    const data = await refine({
      levels,
      solve,
      against: { kind: 'exact', value: ([x]) => problem.exact!.limit!(1, [x]) },
      size: 'epsilon',
      claimedOrder: 1,
      within: K,
    });
    for (const { orders } of data.series) expect(Math.abs((orders[2] as number) - 1)).toBeLessThan(0.05);
  });
});
