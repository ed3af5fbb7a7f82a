/** What ensembles of paths cost, how far they are from a limit, and what their time step is worth. */

import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { hasEnds } from '../../src/paths/degenerate-ends.ts';
import type { Ensemble, PathRun } from '../../src/paths/ensemble.ts';
import { ensembleMean, type MeanEstimate, meanOf, samplesOf, studentFactor } from '../../src/paths/statistics.ts';
import { simulateTwoScale } from '../trajectories.ts';
import { isContinuous } from './path-control.ts';
import type { TwoScaleOptions } from './path-options.ts';

/** ∫e^{−λt}ℓ dt + e^{−λT}g(X_T,Y_T) of a state (X, Y) at T, whose last component is the integral if there is ℓ. */
export function costOf(problem: Problem): (state: Float64Array) => number {
  const { n, m } = dimensionsOf(problem);
  const { terminalCost, runningCost, discount = 0, horizon } = problem;
  const weight = Math.exp(-discount * horizon);
  const paid = n + m;
  return (z) =>
    weight * terminalCost(z.subarray(0, n), z.subarray(n, paid)) + (runningCost === undefined ? 0 : z[paid]);
}

/** E[∫e^{−λt}ℓ dt + e^{−λT}g(X_T,Y_T)] with its standard error: the cost of the control that was simulated. */
export function meanCost(problem: Problem, ensemble: Ensemble): MeanEstimate {
  return ensembleMean(ensemble, costOf(problem));
}

/**
 * E|X_T − X̂_T|² against the path of a limit system, or path by path against several paths of one: along the same noise
 * where both have the same seed and steps.
 */
export function meanSquareDistance(ensemble: Ensemble, limit: Ensemble): MeanEstimate {
  const paths = limit.paths === 1 ? ensemble.paths : Math.min(ensemble.paths, limit.paths);
  const [from, to] = [ensemble, limit].map(({ states }) => states[states.length - 1]);
  const n = limit.dimension;
  const square = (p: number) => {
    const target = limit.paths === 1 ? 0 : p * n;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (from[p * ensemble.dimension + i] - to[target + i]) ** 2;
    return sum;
  };
  return meanOf(Float64Array.from({ length: paths }, (_, p) => square(p)));
}

/** E X_i(T) − E X̂_i(T) of two ensembles with noise of their own, per slow variable. */
export function meanDifferences(ensemble: Ensemble, limit: Ensemble): MeanEstimate[] {
  return Array.from({ length: limit.dimension }, (_, i) => {
    const [one, other] = [ensemble, limit].map((each) => ensembleMean(each, (z) => z[i]));
    const mean = one.mean - other.mean;
    const standardError = Math.hypot(one.standardError, other.standardError);
    const reach = studentFactor(Math.min(ensemble.paths, limit.paths)) * standardError;
    return { mean, standardError, lower: mean - reach, upper: mean + reach };
  });
}

/** Paths whose means with the doubled step are taken: differences along the same noise vary little. */
const COUPLED_PATHS = 4000;

/**
 * What the time step is worth in E g, from the change of the mean where every step is twice as long, along the same
 * Brownian paths, so that chance hardly enters: a third of it at weak order 2 (Talay, Tubaro 1990), all of it where the
 * order is not known to be 2: where the control may jump inside a step, as feedbacks and open loops may, and where the
 * noise vanishes at an end of the state space. Null on a graphics card. Throws InputError as
 * `simulateTwoScale` does.
 */
export async function timeStepError(
  problem: Problem,
  options: TwoScaleOptions,
  { ensemble, g }: { readonly ensemble: Ensemble; readonly g: (state: Float64Array) => number },
  run: PathRun = {},
): Promise<MeanEstimate | null> {
  if (run.card !== undefined) return null;
  const paths = Math.min(ensemble.paths, COUPLED_PATHS);
  const steps = ensemble.steps / 2;
  const doubled = { ...options, paths, steps, records: 1, noiseOf: 'halves' } as const;
  const coarse = await simulateTwoScale(problem, doubled, run);
  const [long, short] = [coarse, ensemble].map((each) => samplesOf(each, g, each.states.length - 1));
  const isSmooth = isContinuous(problem, options.control, ensemble.steps) && !hasEnds(problem, options.y);
  const share = isSmooth ? 1 / 3 : 1;
  return meanOf(long.map((value, p) => share * (value - short[p])));
}
