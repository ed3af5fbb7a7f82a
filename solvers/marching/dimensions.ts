import { InputError } from '../../src/input/input-error.ts';
import { isReversible } from '../../src/model/fast-scale.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { type EquationName, followsFrame, type Method } from '../../src/time/schemes.ts';

/** Throws InputError unless n = m = 1. */
export function requireOneByOne(problem: Problem, what: string): void {
  const { n, m } = dimensionsOf(problem);
  if (n === 1 && m === 1) return;
  throw new InputError(
    `${what} is solved for n = m = 1, and ${problem.name} has n = ${n}, m = ${m}`,
    'its formulas are those of one slow and one fast variable',
    'use a model with one slow and one fast variable; `hjb check` works in every dimension',
    'domain',
  );
}

/**
 * Throws InputError for three fast variables without potential, and for policy iteration unless m = 1, of the effective
 * equation n = 1.
 */
export function requireGrid(problem: Problem, { time, equation }: Method, what: string): void {
  const { m } = dimensionsOf(problem);
  if (time.steps.kind === 'policy') requireLines(problem, equation, what);
  if (m <= 2 || isReversible(problem)) return;
  throw new InputError(
    `${what} with m = ${m} is solved for fast drifts with a potential, and that of ${problem.name} has none`,
    'line solves along different axes keep different measures then, and unsplit solves are for two fast variables',
    'give model.fast.potential if b is a gradient; `hjb cell`, `hjb hamiltonian` and `hjb measure` take any drift',
    'fastDrift',
  );
}

/** Throws InputError for a method whose differences do not follow a moving frame. */
export function requireMoving({ scheme, time }: Method): void {
  if (followsFrame({ scheme, time })) return;
  throw new InputError(
    `${time.steps.kind === 'policy' ? 'implicit steps are' : `the scheme ${scheme.name} is`} not for a moving frame`,
    'in it the controls move z = y − m(x) too, and this method moves x alone',
    'solve in the fixed frame, or leave the scheme and the time out',
  );
}

/** The system of a policy is solved exactly along lines: in y for the ε-problem, in x for the effective equation. */
function requireLines(problem: Problem, equation: EquationName, what: string): void {
  const [letter, dimension] = equation === 'epsilon' ? ['m', dimensionsOf(problem).m] : ['n', dimensionsOf(problem).n];
  if (dimension === 1) return;
  throw new InputError(
    `${what} with implicit steps is solved for ${letter} = 1, and ${problem.name} has ${letter} = ${dimension}`,
    `the linear system of a policy is solved exactly along one axis of ${letter === 'm' ? 'y' : 'x'}`,
    'leave --time out: the other methods take several variables',
    'domain',
  );
}
