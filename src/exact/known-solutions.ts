import { isEndless } from '../control/control-set.ts';
import { minimumOver } from '../control/pointwise-minimum.ts';
import { termsOf } from '../model/general-terms.ts';
import { dimensionsOf, type Exact, type Interval, type Problem } from '../model/problem.ts';
import { isotropicLimit } from './isotropic.ts';
import { linearGaussianValue } from './linear-gaussian.ts';
import { linearQuadraticSolution } from './linear-quadratic.ts';
import { reachableSet } from './reachable-set.ts';
import { translationInvariantSolution } from './translation-invariant.ts';

/**
 * What is known for every ε: the solution that the problem carries, else the linear-Gaussian Vᵉ (uncontrolled, f
 * quadratic), that of linear-quadratic control (U = Rᵏ), or that where nothing but an affine f depends on x.
 */
export function closedForm(problem: Problem): Exact | undefined {
  if (problem.exact?.value !== undefined) return problem.exact;
  if (termsOf(problem).length > 0) return undefined;
  const gaussian = linearGaussianValue(problem);
  if (gaussian !== undefined) return { value: gaussian, source: 'Vᵉ: moment equations of a linear-Gaussian system' };
  const quadratic = linearQuadraticSolution(problem);
  if (quadratic !== undefined) return { ...quadratic, source: 'Vᵉ, v: Riccati equations of linear-quadratic control' };
  const invariant = translationInvariantSolution(problem);
  const source = 'Vᵉ, v: f(x) and the mean of a polynomial in y along an Ornstein–Uhlenbeck process';
  return invariant && { ...invariant, source };
}

/**
 * The problem with every closed or semi-closed form that is known for it: those it carries, `closedForm`, the limit v
 * by reachable intervals (n = m = 1, U compact, no running cost, no source, formulas that do not jump along x), and
 * that of the isotropic quadratic loss in the plane. Throws InputError where a limit is looked for and no interval
 * carries μ_x.
 */
export function withKnownSolutions(problem: Problem, slow: readonly Interval[]): Problem {
  const given = problem.exact;
  const closed = closedForm(problem);
  const sources = [given, closed === given ? undefined : closed].flatMap((form) => form?.source ?? []);
  let limit: Exact['limit'] = given?.limit ?? closed?.limit;
  const onTheLine = dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1;
  const isFree = problem.runningCost === undefined && problem.source === undefined;
  const isPlain = termsOf(problem).length === 0;
  if (limit === undefined && isPlain && onTheLine && isFree && knowsFastest(problem)) {
    const reachable = reachableSet(problem, slow[0]);
    if (reachable !== null) {
      limit = (tau, x) => reachable.value(tau, x[0]);
      sources.push('v: minimum of f over the reachable interval of the effective inclusion');
    }
  }
  if (limit === undefined && isPlain) {
    limit = isotropicLimit(problem, slow);
    if (limit !== undefined) sources.push('v: by symmetry the limit on the line at |x|');
  }
  if (closed === undefined && limit === undefined) return problem;
  return { ...problem, exact: { ...closed, limit, source: sources.join('; ') } };
}

/** U is bounded and φ is minimised over it, not over samples. */
function knowsFastest(problem: Problem): boolean {
  return !isEndless(problem.controls) && minimumOver(problem).kind !== 'sampled';
}
