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

/** Throws InputError for three fast variables without potential, and unless n = m = 1 for policy iteration. */
export function requireGrid(problem: Problem, { time }: Method, what: string): void {
  const { fastDimension: m, fastPotential } = problem;
  if (time.step === null) requireOneByOne(problem, `${what} with ${time.name} steps`);
  if (m <= 2 || fastPotential !== undefined) return;
  throw new InputError(
    `${what} with m = ${m} is solved for fast drifts with a potential, and that of ${problem.name} has none`,
    'line solves along different axes keep different measures then, and unsplit solves are for two fast variables',
    'give model.fast.potential if b is a gradient; `hjb cell`, `hjb hamiltonian` and `hjb measure` take any drift',
    'fastDrift',
  );
}
