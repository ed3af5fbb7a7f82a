import { isEndless } from '../control/control-set.ts';
import { minimumOver } from '../control/pointwise-minimum.ts';
import { formula } from '../formula/expression.ts';
import { dependsOn } from '../formula/tree.ts';
import { fromPotential } from '../model/fast-diffusion.ts';
import { dimensionsOf, type Exact, type Interval, type Problem } from '../model/problem.ts';
import { controlTrees } from '../model/trees.ts';
import { callOption } from './call-option.ts';
import { exponentialCostSolution } from './exponential-cost.ts';
import { isotropicLimit } from './isotropic.ts';
import { linearGaussianValue } from './linear-gaussian.ts';
import { linearQuadraticSolution } from './linear-quadratic.ts';
import { momentSolution } from './moments.ts';
import { reachableSet } from './reachable-set.ts';
import { reduced } from './reductions.ts';
import { translationInvariantSolution } from './translation-invariant.ts';

/**
 * What is known for every ε: the solution that the problem carries, else the linear-Gaussian Vᵉ (uncontrolled, f
 * quadratic), that of linear-quadratic control (U = Rᵏ), that where nothing but an affine f depends on x, that of an
 * uncontrolled problem whose moments close, that of a call under a square-root variance, or that of an exponential
 * cost; with the discount and a terminal cost in y where they come apart.
 */
export function closedForm(problem: Problem): Exact | undefined {
  if (problem.exact?.value !== undefined) return problem.exact;
  const direct = formOf(problem);
  if (direct !== undefined) return direct;
  const { problem: rest, whole } = reduced(problem);
  const form = rest === problem ? undefined : formOf(rest);
  return form && whole(form);
}

function formOf(problem: Problem): Exact | undefined {
  const gaussian = linearGaussianValue(problem);
  if (gaussian !== undefined) return { value: gaussian, source: 'Vᵉ: moment equations of a linear-Gaussian system' };
  const quadratic = linearQuadraticSolution(problem);
  if (quadratic !== undefined) return { ...quadratic, source: 'Vᵉ, v: Riccati equations of linear-quadratic control' };
  const invariant = translationInvariantSolution(problem);
  if (invariant !== undefined) {
    return { ...invariant, source: 'Vᵉ, v: f(x) and the mean of a polynomial in y along the fast process' };
  }
  const moments = momentSolution(problem);
  if (moments !== undefined) return { ...moments, source: 'Vᵉ, v: moment equations that close' };
  const call = callOption(problem);
  if (call !== undefined) return { ...call, source: 'Vᵉ: transform of a square-root variance; v: Black–Scholes' };
  const exponential = exponentialCostSolution(problem);
  return exponential && { ...exponential, source: 'Vᵉ, v: an exponential of x times Hermite polynomials of y' };
}

/**
 * The problem with every closed or semi-closed form that is known for it: those it carries, `closedForm`, the limit v
 * by reachable intervals (n = m = 1, U compact, no slow noise, no running cost, no source, formulas that do not jump
 * along x), which is Vᵉ where nothing depends on y, and that of the isotropic quadratic loss in the plane. Throws
 * InputError where a limit is looked for and no interval carries μ_x.
 */
export function withKnownSolutions(problem: Problem, slow: readonly Interval[]): Problem {
  const given = problem.exact;
  const closed = closedForm(problem);
  const sources = [given, closed === given ? undefined : closed].flatMap((form) => form?.source ?? []);
  const limit = given?.limit ?? closed?.limit;
  const known = limit === undefined ? limitWithoutNoise(problem, slow) : undefined;
  if (closed === undefined && limit === undefined && known === undefined) return problem;
  const source = [...sources, ...(known === undefined ? [] : [known.source])].join('; ');
  return { ...problem, exact: { ...known, ...closed, limit: limit ?? known?.limit, source } };
}

/** v, and Vᵉ where it is the same, of a problem that `reduced` leaves without general terms. */
function limitWithoutNoise(problem: Problem, slow: readonly Interval[]): Exact | undefined {
  const { problem: rest, whole } = reduced(problem);
  const isStill = isFreeOfY(rest);
  const plain = isStill && rest.fast.kind === 'drift' && rest.fast.noise !== undefined ? withPlainNoise(rest) : rest;
  const form = reachableForm(plain, slow, isStill) ?? isotropicForm(plain, slow);
  return form && whole(form);
}

function reachableForm(problem: Problem, slow: readonly Interval[], isStill: boolean): Exact | undefined {
  const onTheLine = dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1;
  const isFree = problem.runningCost === undefined && problem.source === undefined;
  const reachable = onTheLine && isFree && knowsFastest(problem) ? reachableSet(problem, slow[0]) : null;
  if (reachable === null) return undefined;
  return {
    limit: (tau, x) => reachable.value(tau, x[0]),
    value: isStill ? ({ tau, x }) => reachable.value(tau, x[0]) : undefined,
    source: 'v: minimum of f over the reachable interval of the effective inclusion',
  };
}

function isotropicForm(problem: Problem, slow: readonly Interval[]): Exact | undefined {
  const limit = isotropicLimit(problem, slow);
  return limit && { limit, source: 'v: by symmetry the limit on the line at |x|' };
}

/** Whether φ and ℓ are formulas free of y: Vᵉ is then v, however the fast variables move. */
function isFreeOfY(problem: Problem): boolean {
  const trees = controlTrees(problem);
  if (trees === null) return false;
  const [, y] = trees.names;
  const fields = [...trees.slowDrift, ...(trees.runningCost === undefined ? [] : [trees.runningCost])];
  return !fields.some((tree) => y.some((name) => dependsOn(tree, name)));
}

/** The same problem over an Ornstein–Uhlenbeck process, n = m = 1. */
function withPlainNoise(problem: Problem): Problem {
  const { n, m } = dimensionsOf(problem);
  return n === 1 && m === 1 ? { ...problem, fast: fromPotential(formula('y^2/2', ['x'], ['y'])) } : problem;
}

/** U is bounded and φ is minimised over it, not over samples. */
function knowsFastest(problem: Problem): boolean {
  return !isEndless(problem.controls) && minimumOver(problem).kind !== 'sampled';
}
