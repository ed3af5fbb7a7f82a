/** What the solvers on grids refuse before their first step, asked without a step. */
import { allTerms } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type Method, methodOf } from '../../src/time/schemes.ts';
import { type EffectiveHjbOptions, poseEffectiveHjb } from '../effective-hjb.ts';
import { type EpsilonHjbOptions, poseEpsilonHjb } from '../epsilon-hjb.ts';
import { requireEpsilon, requireMarch } from '../requirements.ts';
import { requireGrid } from './dimensions.ts';
import { type Posed, planOf } from './plan.ts';
import { requirePlaneRoom } from './plane-room.ts';
import { refusePolicies } from './refuse-policies.ts';

/** Throws InputError as `solveEpsilonHjb` does before its first step, in a kernel with `free` bytes. */
export function refuseEpsilonSolve(problem: Problem, options: EpsilonHjbOptions, free: number): void {
  const method = methodOf('epsilon', options);
  requireMarch(problem, options, allTerms);
  requireEpsilon(options.epsilon);
  requireGrid(problem, method, 'the ε-HJB problem');
  requirePlaneRoom(problem, method, options, free);
  refusePosed(poseEpsilonHjb(problem, method, options), method, options);
}

/** Throws InputError as `solveEffectiveHjb` does before its first step. */
export function refuseEffectiveSolve(problem: Problem, options: EffectiveHjbOptions): void {
  const method = methodOf('effective', options);
  requireMarch(problem, options, allTerms);
  requireGrid(problem, method, 'the effective equation');
  refusePosed(poseEffectiveHjb(problem, method, options), method, options);
}

function refusePosed(posed: Posed, { time }: Method, options: EpsilonHjbOptions | EffectiveHjbOptions): void {
  const { slow, snapshots } = planOf(posed, options);
  if (time.steps.kind === 'policy') refusePolicies(slow, snapshots);
}
