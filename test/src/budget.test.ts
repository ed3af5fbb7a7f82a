import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorBudget } from '../../src/verification/budget.ts';
import type { Level } from '../../src/verification/refinement.ts';

const number = fc.double({ min: -5, max: 5, noNaN: true });

describe('the error budget of Q = exact + a·dx + b·dy² + c·ε', () => {
  test('finds every part with its sign, from coarser and finer variations alike', async () => {
    await fc.assert(
      fc.asyncProperty(number, number, number, fc.constantFrom(0.5, 2, 3), async (a, b, c, ratio) => {
        const base = { dx: 0.1, dy: 0.2, epsilon: 0.01 };
        const { parts, discretisation, total } = await errorBudget({
          base,
          solve: async ({ dx, dy, epsilon }: Level) => [7 + a * dx + b * dy * dy + c * epsilon],
          parts: [
            { parameter: 'dx', of: 'discretisation', order: 1, effort: 2, to: { dx: ratio * base.dx } },
            { parameter: 'dy', of: 'discretisation', order: 2, effort: 1, to: { dy: ratio * base.dy } },
            { parameter: 'epsilon', of: 'homogenisation', order: 1, effort: 0, to: { epsilon: 0 } },
          ],
          exact: { value: [7 + c * base.epsilon], limit: [7] },
        });
        const expected = [a * 0.1, b * 0.04, c * 0.01];
        parts.forEach(({ errors }, k) => {
          expect(errors[0]).toBeCloseTo(expected[k], 12);
        });
        expect(discretisation.estimated[0]).toBeCloseTo(discretisation.exact[0] as number, 12);
        expect(total?.estimated[0]).toBeCloseTo(total?.exact[0] as number, 12);
      }),
    );
  });

  test('states what halving a part costs: 4 times for dx with dt, √2 for dy of order 2, nothing for ε', async () => {
    const { parts, total } = await errorBudget({
      base: { dx: 0.1, dy: 0.2, epsilon: 0.01 },
      solve: async ({ dx, dy, epsilon }: Level) => [dx + dy * dy + epsilon, dx - 10 * dy * dy],
      parts: [
        { parameter: 'dx', of: 'discretisation', order: 1, effort: 2, to: { dx: 0.2 } },
        { parameter: 'dy', of: 'discretisation', order: 2, effort: 1, to: { dy: 0.4 } },
        { parameter: 'epsilon', of: 'homogenisation', order: 1, effort: 0, to: { epsilon: 0 } },
      ],
    });
    expect(parts.map(({ costOfHalving }) => costOfHalving)).toEqual([4, Math.SQRT2, 1]);
    expect(total?.largest?.parameter).toBe('dy');
    expect(total?.largest?.largest).toBeCloseTo(0.4, 12);
  });

  test('takes a larger box for an infinite one, and solves equal levels once', async () => {
    let solves = 0;
    const budget = await errorBudget({
      base: { inverseBox: 1, dx: 0.1 },
      solve: async ({ inverseBox }: Level) => {
        solves++;
        return [inverseBox === 1 ? 3.5 : 3];
      },
      parts: [
        { parameter: 'dx', of: 'discretisation', order: 1, effort: 1, to: { dx: 0.2 } },
        {
          parameter: 'inverseBox',
          of: 'discretisation',
          order: Infinity,
          effort: 1,
          from: { dx: 0.2 },
          to: { inverseBox: 0.8 },
        },
      ],
    });
    expect(budget.parts[1].errors).toEqual([0.5]);
    expect([solves, budget.solves]).toEqual([3, 3]);
    expect(budget.total).toBeNull();
  });

  test('refuses a variation that varies nothing', async () => {
    const part = { parameter: 'dx', of: 'discretisation', order: 1, effort: 1, to: { dx: 0.1 } } as const;
    const plan = { base: { dx: 0.1 }, solve: async () => [0], parts: [part] };
    await expect(errorBudget(plan)).rejects.toThrow(/"dx" does not change its size/);
  });

  test('calls a part unknown where further variations say another sign or another size, and the sums with it', async () => {
    const plan = (kinked: number) => ({
      base: { dy: 0.1 },
      solve: async ({ dy }: Level) => [dy * dy * (1 + kinked * Math.sin(1 / dy))],
      parts: [
        {
          ...({ parameter: 'dy', of: 'discretisation', order: 2, effort: 1, to: { dy: 0.2 } } as const),
          checks: [{ dy: 0.15 }, { dy: 0.4 / 3 }],
        },
      ],
    });
    const smooth = await errorBudget(plan(0));
    expect(smooth.parts[0].errors[0]).toBeCloseTo(0.01, 12);
    expect(smooth.parts[0].unknown).toBeNull();
    const rough = await errorBudget(plan(3));
    expect([rough.parts[0].errors[0], rough.discretisation.estimated[0]]).toEqual([Number.NaN, Number.NaN]);
    expect(rough.parts[0].unknown).toMatch(/kinks and on coarse grids/);
  });

  test('a part with a doubt is unknown, and so are the sums of which it may be more than a fifth', async () => {
    const part = {
      parameter: 'dx',
      of: 'discretisation',
      order: 1,
      effort: 1,
      to: { dx: 0.2 },
      doubt: 'b jumps',
    } as const;
    const budget = await errorBudget({ base: { dx: 0.1 }, solve: async ({ dx }: Level) => [dx], parts: [part] });
    expect([budget.parts[0].unknown, budget.parts[0].errors[0]]).toEqual(['b jumps', Number.NaN]);
    expect(budget.discretisation.estimated).toEqual([Number.NaN]);
    const solve = async ({ dx, dt }: Level) => [dx / 100 + dt];
    const beside = { parameter: 'dt', of: 'discretisation', order: 1, effort: 1, to: { dt: 0.2 } } as const;
    const small = await errorBudget({ base: { dx: 0.1, dt: 0.1 }, solve, parts: [part, beside] });
    expect(small.discretisation.estimated[0]).toBeCloseTo(0.1, 12);
  });
});
