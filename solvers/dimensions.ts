import { InputError } from '../src/problem/input-error.ts';
import type { Problem } from '../src/problem/problem.ts';
import type { Method } from '../src/time/schemes.ts';

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

/** Throws InputError unless n, m ≤ 2, and n = m = 1 for steps solved by policy iteration. */
export function requireGrid(problem: Problem, { time }: Method, what: string): void {
  const { slowDimension: n, fastDimension: m } = problem;
  if (time.step === null) requireOneByOne(problem, `${what} with ${time.name} steps`);
  if (n <= 2 && m <= 2) return;
  throw new InputError(
    `${what} is solved for n, m ≤ 2, and ${problem.name} has n = ${n}, m = ${m}`,
    'grids in five and more variables do not fit into memory',
    'use a model with fewer variables; `hjb cell`, `hjb hamiltonian` and `hjb check` take three fast ones',
    'domain',
  );
}
