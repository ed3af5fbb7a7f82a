import { withKnownSolutions } from '../src/problem/exact.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Exact } from '../src/problem/problem.ts';
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
