import { minimumOver } from '../control/pointwise-minimum.ts';
import { boxesOf, dimensionsOf, type Exact, type Interval, type Problem } from '../model/problem.ts';
import { isotropicLimit } from './isotropic.ts';
import { linearGaussianValue } from './linear-gaussian.ts';
import { reachableSet } from './reachable-set.ts';

/**
 * The problem with every closed or semi-closed form that is known for it: those it carries, the linear-Gaussian
 * Vᵉ (uncontrolled, f quadratic), the limit v by reachable intervals (n = m = 1, U bounded, no running cost, no source), and v of
 * the isotropic quadratic loss in the plane.
 */
export function withKnownSolutions(problem: Problem, slow: readonly Interval[]): Problem {
  const given = problem.exact;
  const sources = given === undefined ? [] : [given.source];
  const value = given?.value ?? linearGaussianValue(problem);
  if (given?.value === undefined && value !== undefined)
    sources.push('Vᵉ: moment equations of a linear-Gaussian system');
  let limit: Exact['limit'] = given?.limit;
  const onTheLine = dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1;
  const isFree = problem.runningCost === undefined && problem.source === undefined;
  if (limit === undefined && onTheLine && isFree && knowsFastest(problem)) {
    const reachable = reachableSet(problem, slow[0]);
    limit = (tau, x) => reachable.value(tau, x[0]);
    sources.push('v: minimum of f over the reachable interval of the effective inclusion');
  }
  if (limit === undefined) {
    limit = isotropicLimit(problem, slow);
    if (limit !== undefined) sources.push('v: by symmetry the limit on the line at |x|');
  }
  if (value === undefined && limit === undefined) return problem;
  return { ...problem, exact: { value, limit, source: sources.join('; ') } };
}

/** U is bounded and φ is minimised over it, not over samples. */
function knowsFastest(problem: Problem): boolean {
  const ends = boxesOf(problem.controls).flatMap(({ lower, upper }) => [...lower, ...upper]);
  return ends.every(Number.isFinite) && minimumOver(problem).kind !== 'sampled';
}
