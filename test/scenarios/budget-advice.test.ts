import { expect, test } from 'vitest';
import { adviceOf } from '../../scenarios/study/budget-advice.ts';
import { type BudgetPart, errorBudget } from '../../src/verification/budget.ts';
import type { Level } from '../../src/verification/refinement.ts';

const names = { found: 'V', value: 'Vᵉ', limit: 'v' };
const base = { dx: 0.1, inverseX: 1, epsilon: 0.1 };
const parts: BudgetPart[] = [
  { parameter: 'dx', of: 'discretisation', order: 1, effort: 2, to: { dx: 0.2 } },
  { parameter: 'inverseX', of: 'discretisation', order: Infinity, effort: 1, to: { inverseX: 0.8 } },
  { parameter: 'epsilon', of: 'homogenisation', order: 1, effort: 0, to: { epsilon: 0 } },
];

const advice = async (value: (level: Level) => number) =>
  adviceOf(await errorBudget({ base, parts, solve: async (level) => [value(level)] }), names);

test('the advice is to refine what is largest: a spacing at its cost, ε for nothing, a box by enlarging it', async () => {
  expect(await advice(({ dx, epsilon }) => dx + 3 * epsilon)).toEqual([
    'The largest part of V − Vᵉ is that of dx: refine dx next; a solve with half this part costs 4.0 times this one.',
    'The largest part of V − v is that of ε: take a smaller ε next; a solve with half this part costs as much as this one.',
  ]);
  expect((await advice(({ inverseX }) => (inverseX === 1 ? 1 : 0)))[0]).toMatch(/that of x-box: enlarge it next/);
});

test('a part whose variation had no value is called unknown, and the others are judged', async () => {
  const sentences = await advice(({ dx, inverseX }) => (inverseX === 1 ? dx : Number.NaN));
  expect(sentences[0]).toContain('that of dx');
  expect(sentences.at(-1)).toMatch(
    /part of x-box is unknown, and so are the sums of which it may be more: its variation needs more steps/,
  );
});

test('a part that is unknown at one point is judged by the others', async () => {
  const checked = [{ ...parts[0], checks: [{ dx: 0.15 }] }, parts[1]];
  const jumping = { 0.1: 0, 0.15: 1, 0.2: -1 };
  const solve = async ({ dx, inverseX }: Level) => [10 * dx, inverseX + (jumping[dx as 0.1] ?? 0)];
  const [first, second] = adviceOf(await errorBudget({ base, parts: checked, solve }), names);
  expect(first).toContain('The largest known part of V − Vᵉ is that of dx: refine dx next');
  expect(second).toMatch(/part of dx is unknown/);
});

test('where all parts are round-off there is nothing to advise either', async () => {
  expect(await advice(({ epsilon }) => 3 + 1e-15 * epsilon)).toEqual([]);
});

test('where every part vanishes there is nothing to advise', async () => {
  expect(await advice(() => 7)).toEqual([]);
});
