import { InputError } from '../src/problem/input-error.ts';
import type { Problem } from '../src/problem/problem.ts';

/** Throws InputError unless n = m = 1. */
export function requireOneByOne(problem: Problem, what: string): void {
  const { slowDimension: n, fastDimension: m } = problem;
  if (n === 1 && m === 1) return;
  throw new InputError(
    `${what} is solved for n = m = 1, and ${problem.name} has n = ${n}, m = ${m}`,
    'the grids of this version have one slow and one fast axis',
    'use a model with one slow and one fast variable; `hjb check` works in every dimension',
    'domain',
  );
}
