/**
 * Theorem 3: the feedback of the limit problem is nearly optimal for small ε (a), and the optimal feedbacks of the
 * ε-problems tend to it in L^q(μ_x) (b).
 */
import { type EffectiveSolution, solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { type EpsilonSolution, solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { meanCost, simulateTwoScale } from '../../solvers/trajectories.ts';
import type { MeanEstimate } from '../../src/paths/statistics.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, type SeriesPoint } from './claim.ts';
import { type FeedbackDistances, feedbackDistances, normOf } from './feedback-distance.ts';
import type { Laboratory, Model } from './model.ts';
import { scaleOf } from './value-claims.ts';

/** Values kept on the way to T. */
const SNAPSHOTS = 25;
const DEVIATIONS = 3;
const EXPONENTS = [
  [1, '¹'],
  [2, '²'],
] as const;

export async function controlClaims(model: Model, laboratory: Laboratory): Promise<Claim[]> {
  const { kernel, clock, signal } = laboratory;
  const run = { kernel, clock, signal };
  const on = async (share: number) => {
    const axes = model.axes(share);
    const options = { ...axes, scheme: 'filtered', snapshots: SNAPSHOTS } as const;
    const values: EpsilonSolution[] = [];
    for (const epsilon of model.epsilons.values.slice(0, 3)) {
      values.push(await solveEpsilonHjb(model.problem, { ...options, epsilon }, run));
    }
    const limit = await solveEffectiveHjb(model.problem, { ...options, steps: values[0].steps }, run);
    return { limit, norms: feedbackDistances(model, axes, values, limit) };
  };
  const [fine, coarse] = [await on(1), await on(model.x.length === 1 ? 0.5 : 0.75)];
  return [await costRow(model, laboratory, fine.limit), ...distanceRows(model, fine.norms, coarse.norms)];
}

/** E f(Xᵉ_T) under ν̂(t,x,y) = argmin φ·Dv, extrapolated to ε = 0, beside v. */
async function costRow(model: Model, laboratory: Laboratory, limit: EffectiveSolution): Promise<Claim> {
  const points: SeriesPoint[] = [];
  for (const at of model.epsilons.feedback) {
    const { mean, standardError } = await costOf(model, laboratory, limit, at);
    points.push({ at, figure: mean, error: DEVIATIONS * standardError });
  }
  const [first, middle, last] = points;
  const { figure, error } = extrapolated(middle, last);
  const v = model.limit?.(model.problem.horizon, model.x) ?? sampledCubically(limit, model.x);
  return judged({
    claim: 'Theorem 3.a',
    statement: 'with the feedback ν̂ of the limit problem, E f(Xᵉ_T) → v',
    model: model.name,
    measured: `E f(Xᵉ_T), extrapolated to ε = 0; expected: v`,
    figure,
    error: error + Math.abs(figure - extrapolated(first, last).figure) / 2,
    expected: { kind: 'equal', value: v, tolerance: 0.005 * scaleOf(model) },
    resolution: 0.1 * scaleOf(model),
    series: {
      parameter: 'ε',
      quantity: 'E f(Xᵉ_T) − v',
      points: points.map((point) => ({ ...point, figure: point.figure - v })),
      order: 1,
    },
  });
}

/** The line through two points at ε = 0. */
function extrapolated(coarse: SeriesPoint, fine: SeriesPoint) {
  const share = fine.at / (coarse.at - fine.at);
  return {
    figure: fine.figure + share * (fine.figure - coarse.figure),
    error: Math.hypot((1 + share) * fine.error, share * coarse.error),
  };
}

async function costOf(
  model: Model,
  { signal, seed, kernel }: Laboratory,
  limit: EffectiveSolution,
  epsilon: number,
): Promise<MeanEstimate> {
  const { problem, x, y, paths } = model;
  const control = { kind: 'argmin', value: limit } as const;
  const start = { epsilon, x, y, paths, seed, control, ...model.axes() };
  return meanCost(problem, await simulateTwoScale(problem, start, { signal, threads: kernel.threads }));
}

/** Rows for ‖νᵉ − ν̂‖ in L^q; the bars are the difference between two grids. */
function distanceRows(model: Model, fine: FeedbackDistances, coarse: FeedbackDistances): Claim[] {
  return EXPONENTS.map(([q, sign]) => {
    const norms = (distances: FeedbackDistances) => distances.map((distance) => normOf(distance, q));
    const [figures, others] = [norms(fine), norms(coarse)];
    const epsilons = model.epsilons.values.slice(0, figures.length);
    const points = epsilons.map((at, e): SeriesPoint => {
      return { at, figure: figures[e], error: Math.abs(figures[e] - others[e]) };
    });
    const ratio = (all: readonly number[]) => (all[all.length - 1] === 0 ? 0 : all[all.length - 1] / all[0]);
    return judged({
      claim: 'Theorem 3.b',
      statement: 'νᵉ → ν̂ in L^q(μ_x) where Dv ≠ 0, in the mean over K and t',
      model: model.name,
      measured: `‖νᵉ−ν̂‖ in L${sign}, ε = ${epsilons[epsilons.length - 1]} over ε = ${epsilons[0]}`,
      figure: ratio(figures),
      error: Math.abs(ratio(figures) - ratio(others)),
      expected: { kind: 'below', value: 0.25 },
      resolution: 0.25,
      series: { parameter: 'ε', quantity: `‖νᵉ−ν̂‖ in L${sign}`, points, order: null },
    });
  });
}
