import { expect, test } from 'vitest';
import { oncePerProblem } from '../../src/model/once-per-problem.ts';
import { quadratic } from '../problems.ts';

test('an answer is computed once per problem and numbers, what throws again', () => {
  let calls = 0;
  const sum = oncePerProblem((_, numbers) => {
    calls++;
    if (numbers.includes(7)) throw new RangeError('seven');
    return { total: numbers.reduce((a, b) => a + b, 0) };
  });
  const [problem, other] = [quadratic(), quadratic()];
  expect(sum(problem, [1, 2])).toBe(sum(problem, Float64Array.of(1, 2)));
  expect(calls).toBe(1);
  expect(sum(problem, [1, 2.5])).toEqual({ total: 3.5 });
  expect(sum(other, [1, 2])).toEqual({ total: 3 });
  expect(calls).toBe(3);
  for (const _ of [1, 2]) expect(() => sum(problem, [7])).toThrow(/seven/);
  expect(calls).toBe(5);
});
