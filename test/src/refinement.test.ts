import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { compareLevels, type Level, refine, refinementTable } from '../../src/verification/refinement.ts';

const K = { lower: [-1], upper: [1] };
const halved = (first: number, count: number) => Array.from({ length: count }, (_, k) => first * 0.5 ** k);

/** sin x + error on the nodes of [−2, 2] at spacing dx. */
function withError(dx: number, error: (x: number) => number): GridFunction {
  const axis = uniformAxis('x', -2, 2, Math.round(4 / dx) + 1);
  return { grid: tensorGrid([axis]), values: coordinates(axis).map((x) => Math.sin(x) + error(x)) };
}

const exact = { kind: 'exact', value: ([x]: Float64Array) => Math.sin(x) } as const;

describe('a refinement of synthetic solutions', () => {
  test('observes the order p of an error dx^p in every norm, with the norms of cos x', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0.5, 1, 2, 3), async (p) => {
        const data = await refine({
          levels: halved(0.25, 4).map((dx) => ({ dx })),
          solve: async ({ dx }) => withError(dx, (x) => dx ** p * Math.cos(x)),
          against: exact,
          size: 'dx',
          claimedOrder: p,
          within: K,
        });
        expect(data.series.map(({ norm }) => norm)).toEqual(['supremum', 'L1', 'L2']);
        for (const { overallOrder, verdicts } of data.series) {
          expect(Math.abs((overallOrder as number) - p)).toBeLessThan(0.02); // the norms themselves are O(dx²) off
          expect(verdicts).toEqual([null, 'as claimed', 'as claimed', 'as claimed']);
        }
        const [supremum, L1, L2] = data.series.map(({ errors }) => (errors[3] as number) / data.levels[3].dx ** p);
        expect(supremum).toBeCloseTo(1, 12);
        expect(L1).toBeCloseTo(Math.sin(1), 3);
        expect(L2).toBeCloseTo(Math.sqrt(0.5 + Math.sin(2) / 4), 3);
      }),
    );
  });

  test('estimates the error from the levels alone, and the bound covers it', async () => {
    const data = await refine({
      levels: halved(0.25, 4).map((dx) => ({ dx })),
      solve: async ({ dx }) => withError(dx, (x) => (dx ** 2 + dx ** 3) * Math.cos(x)),
      against: exact,
      size: 'dx',
      claimedOrder: 2,
      within: K,
    });
    const [{ errors, estimates }] = data.series;
    expect(estimates[0]).toBeNull();
    for (const k of [1, 2, 3]) {
      const error = errors[k] as number;
      expect(Math.abs((estimates[k]?.estimate as number) / error - 1)).toBeLessThan(2 * data.levels[k].dx);
      expect(estimates[k]?.bound).toBeGreaterThan(error);
    }
  });

  test('refines several parameters together along a path: orders are those of the path', async () => {
    // e = ε + dx² along ε = dx^2 has order 1 in ε; alone, ε runs into the plateau of dx.
    const solve = async ({ epsilon, dx }: Level) => withError(dx, () => epsilon + dx * dx);
    const common = { solve, against: exact, size: 'epsilon', claimedOrder: 1, within: K };
    const path = await refine({ ...common, levels: halved(0.25, 4).map((dx) => ({ epsilon: dx * dx, dx })) });
    expect(path.series[0].overallOrder).toBeCloseTo(1, 10);
    const alone = await refine({ ...common, levels: [1, 0.1, 0.01, 1e-3].map((epsilon) => ({ epsilon, dx: 0.25 })) });
    expect(alone.series[0].verdicts.slice(2)).toEqual(['pre-asymptotic', 'flat']);
  });

  test('along δ(n) = n^−(4+α) the order in δ is seen', async () => {
    const levels = [2, 3, 4, 5, 6].map((n) => ({ n, delta: n ** -4.5 }));
    const solve = async ({ delta }: Level) => withError(0.125, () => delta);
    const data = await refine({ levels, solve, against: exact, size: 'delta', claimedOrder: 1, within: K });
    expect(data.series[0].overallOrder).toBeCloseTo(1, 10);
  });

  test('against the next level, a fine run and the limit on the same grid', async () => {
    const levels = halved(0.25, 3).map((dx) => ({ dx }));
    const plan = {
      levels,
      solve: async ({ dx }: Level) => withError(dx, () => dx),
      size: 'dx',
      claimedOrder: 1,
      within: K,
    };
    const next = await refine({ ...plan, against: { kind: 'next' } });
    expect(next.series[0].errors[0]).toBeCloseTo(0.125, 12);
    expect(next.series[0].errors[2]).toBeNull();
    const fine = await refine({ ...plan, against: { kind: 'fine', solution: withError(1 / 64, () => 0) } });
    expect(fine.series[0].errors[0]).toBeCloseTo(0.25, 7); // cubic interpolation at nodes that nest
    const limit = await refine({
      ...plan,
      against: { kind: 'limit', solve: async ({ dx }) => withError(dx, () => dx / 2) },
    });
    expect(limit.series[0].errors[0]).toBeCloseTo(0.125, 14);
  });

  test('a limit of the slow axis alone is subtracted at every y', () => {
    const [x, y] = [uniformAxis('x', -1, 1, 5), uniformAxis('y', 0, 1, 3)];
    const slow = { grid: tensorGrid([x]), values: coordinates(x) };
    const grid = tensorGrid([x, y]);
    const both = { grid, values: Float64Array.from({ length: grid.size }, (_, k) => slow.values[k % 5] + k / 100) };
    const box = { lower: [-1, 0], upper: [1, 1] };
    const { series } = compareLevels([both], {
      levels: [{ epsilon: 1 }],
      against: { kind: 'limits', solutions: [slow] },
      size: 'epsilon',
      claimedOrder: 1,
      within: box,
    });
    expect(series[0].errors[0]).toBeCloseTo(0.14, 14);
  });

  test('rounding is recognised, and a size that no level has is refused', async () => {
    const plan = {
      levels: [{ dx: 0.25 }, { dx: 0.125 }],
      solve: async ({ dx }: Level) => withError(dx, () => 1e-17),
      against: exact,
      claimedOrder: 1,
      within: K,
    };
    const { series } = await refine({ ...plan, size: 'dx' });
    expect(series[0].verdicts).toEqual(['round-off', 'round-off']);
    await expect(refine({ ...plan, size: 'dt' })).rejects.toThrow(/level 1 has no positive size "dt"/);
  });

  test('becomes a table with the parameters, all norms, orders, verdicts and estimates', async () => {
    const data = await refine({
      levels: halved(0.25, 3).map((dx) => ({ dx, dt: dx / 4 })),
      solve: async ({ dx }: Level) => withError(dx, () => dx),
      against: exact,
      size: 'dx',
      claimedOrder: 1,
      within: K,
    });
    const about = { name: 'x', title: 't', caption: 'c', error: '|V − exact|', labels: { dt: 'Δt' } };
    const table = refinementTable(data, about);
    expect(table.columns.slice(0, 3).map(({ label }) => label)).toEqual(['dx', 'Δt', 'supremum of |V − exact|']);
    expect(table.series.map(({ overallOrder }) => overallOrder?.toFixed(6))).toEqual([
      '1.000000',
      '1.000000',
      '1.000000',
    ]);
    expect(table.rows[2]).toMatchObject({ dx: 0.0625, dt: 0.015625, supremumVerdict: 'as claimed' });
    expect(table.rows[2].estimate).toBeCloseTo(0.0625, 12);
  });
});
