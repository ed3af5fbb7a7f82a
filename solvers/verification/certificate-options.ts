import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import type { Method } from '../../src/time/schemes.ts';
import type { Box } from '../../src/verification/norms.ts';
import { type EffectiveHjbOptions, type EffectiveSolution, solveEffectiveBy } from '../effective-hjb.ts';
import { type EpsilonHjbOptions, solveEpsilonBy } from '../epsilon-hjb.ts';

/** The options of the solve that is certified: of the ε-problem with `epsilon`, of the effective equation without. */
export type CertificateOptions = (EpsilonHjbOptions | (EffectiveHjbOptions & { readonly epsilon?: undefined })) & {
  /** The compact set K in (x,y), in a moving frame in (x,z). */
  readonly observe: Box;
  /** What these options led to, where it is known already; else it is solved for. */
  readonly solution?: EffectiveSolution;
  /** sup over K of |change of V| when the x-box grows by 25 %, where it is known already; else it is solved for. */
  readonly domainChange?: number;
};

/** The same with the method that their names mean. */
export type ByMethod = CertificateOptions & { readonly method: Method };

/** Solves the problem that is certified. Throws an AbortError where the run is cancelled. */
export async function solved(problem: Problem, options: ByMethod, run: Run): Promise<EffectiveSolution> {
  const { epsilon, method } = options;
  const solution =
    epsilon === undefined
      ? await solveEffectiveBy(problem, method, options, run)
      : await solveEpsilonBy(problem, method, { ...options, epsilon }, run);
  if (solution.outcome.status === 'cancelled') throw new DOMException('the certificate was cancelled', 'AbortError');
  return solution;
}
