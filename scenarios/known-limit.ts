import { withKnownSolutions } from '../src/exact/known-solutions.ts';
import { InputError } from '../src/input/input-error.ts';
import type { Exact } from '../src/model/problem.ts';
import type { Scenario } from './scenario.ts';

/** The exact limit where there is one; a fast process without an invariant measure everywhere has none. */
export function knownLimit({ problem, domain }: Scenario): Exact['limit'] {
  try {
    return withKnownSolutions(problem, domain.x).exact?.limit;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
