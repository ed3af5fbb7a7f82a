/**
 * Theorem 3: the feedback of the limit problem is nearly optimal for small ε (a), and the optimal feedbacks of the
 * ε-problems tend to it in L^q(μ_x) (b).
 */
import {
  type EffectiveSolution,
  type EpsilonSolution,
  meanCost,
  simulateTwoScale,
  solveEffectiveHjb,
  solveEpsilonHjb,
} from '../../solvers/index.ts';
import { estimateEpsilonSteps } from '../../solvers/workbench.ts';
import { formula } from '../../src/formula/expression.ts';
import { dimensionsOf } from '../../src/model/problem.ts';
import type { MeanEstimate } from '../../src/paths/statistics.ts';
import { type Claim, judged, powerBetween, type SeriesPoint } from './claim.ts';
import { type FeedbackDistances, feedbackDistances, normOf } from './feedback-distance.ts';
import { type ClaimRun, exactGain, type Model } from './model.ts';

/** Values kept on the way to T. */
const SNAPSHOTS = 25;
const DEVIATIONS = 3;
type Exponent = readonly [number, string];
const EXPONENTS: readonly Exponent[] = [
  [1, '¹'],
  [2, '²'],
];
/** So many ε, the largest first; the order is that between the last two. */
const DISTANCES = 3;
/** A filter that acts in Vᵉ and not in v outweighs the difference of their slopes; few nodes in the plane need it. */
const DISTANCE_SCHEME = { 1: 'upwind', 2: 'filtered' } as const;
/** Steps in units of the fewest: where V bends, slopes of ε and of the limit differ by what the steps leave. */
const STEPS = { upwind: 1, filtered: 3 } as const;
/** λ: moves the surfaces of the models on the line by a fraction of the width of μ_x. */
const PRICE = 0.3;
/** Widest bar of a cost, as a share of 𝒱 − v. */
const RESOLUTION = 0.1;

export async function controlClaims(model: Model, run: ClaimRun): Promise<Claim[]> {
  const options = { ...model.axes(), scheme: 'filtered', snapshots: SNAPSHOTS } as const;
  const limit = await solveEffectiveHjb(model.problem, options, run);
  return [await costRow(model, run, limit), ...(await distanceRows(model, run))];
}

/** E f(Xᵉ_T) under ν̂(t,x,y) = argmin φ·Dv, extrapolated to ε = 0, beside v. */
async function costRow(model: Model, run: ClaimRun, limit: EffectiveSolution): Promise<Claim> {
  const points: SeriesPoint[] = [];
  for (const at of model.epsilons.feedback) {
    const { mean, standardError } = await costOf(model, run, limit, at);
    points.push({ at, figure: mean, error: DEVIATIONS * standardError });
  }
  const [first, middle, last] = points;
  const { figure, error } = extrapolated(middle, last);
  // A term dε² leaves −d·middle·last in this figure and −d·first·last in the other.
  const bend = (Math.abs(figure - extrapolated(first, last).figure) * middle.at) / (first.at - middle.at);
  const [v, blind] = [model.limit, model.blindLimit].map((limit) => limit(model.problem.horizon, model.x));
  return judged({
    claim: 'Theorem 3.a',
    statement: 'with the feedback ν̂ of the limit problem, E f(Xᵉ_T) → v',
    model: model.name,
    measured: `E f(Xᵉ_T), extrapolated to ε = 0; expected: v, and not 𝒱 = ${blind.toPrecision(4)}`,
    figure,
    error: error + bend,
    expected: { kind: 'equal', value: v, tolerance: 0 },
    // v must be told apart from 𝒱, what is reached without seeing Y, with room to spare.
    resolution: RESOLUTION * exactGain(model),
    series: {
      parameter: 'ε',
      quantity: '|E f(Xᵉ_T) − v|',
      points: points.map((point) => ({ ...point, figure: Math.abs(point.figure - v) })),
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
  { signal, seed, kernel }: ClaimRun,
  limit: EffectiveSolution,
  epsilon: number,
): Promise<MeanEstimate> {
  const { problem, x, y, paths } = model;
  const control = { kind: 'argmin', value: limit } as const;
  const start = { epsilon, x, y, paths, seed, control, ...model.axes() };
  return meanCost(problem, await simulateTwoScale(problem, start, { signal, threads: kernel.threads }));
}

/**
 * φ is linear in u and there is no running cost, so that on the line feedbacks depend on the sign of the slope alone:
 * all switch at y = x. A price λu moves the surface to where γ(x−y)p = λ, which depends on Dv.
 */
function pricedModel(model: Model): Model {
  if (model.x.length > 1) return model;
  const runningCost = formula(`${PRICE}*u`, ['x'], ['y'], ['u']);
  return { ...model, problem: { ...model.problem, runningCost, exact: undefined } };
}

async function distancesOn(model: Model, run: ClaimRun, share: number) {
  const axes = model.axes(share);
  const scheme = DISTANCE_SCHEME[dimensionsOf(model.problem).n];
  const fewest = estimateEpsilonSteps(model.problem, { ...axes, scheme, epsilon: model.epsilons.values[0] });
  const options = { ...axes, scheme, snapshots: SNAPSHOTS, steps: STEPS[scheme] * fewest } as const;
  const values: EpsilonSolution[] = [];
  for (const epsilon of model.epsilons.values.slice(0, DISTANCES)) {
    values.push(await solveEpsilonHjb(model.problem, { ...options, epsilon }, run));
  }
  const limit = await solveEffectiveHjb(model.problem, options, run);
  return feedbackDistances(model, axes, values, limit);
}

/** Rows for the order in ε of ‖νᵉ − ν̂‖ in L^q; the bars are the difference between two grids. */
async function distanceRows(model: Model, run: ClaimRun): Promise<Claim[]> {
  const priced = pricedModel(model);
  const fine = await distancesOn(priced, run, 1);
  const coarse = await distancesOn(priced, run, model.x.length === 1 ? 0.5 : 0.75);
  return EXPONENTS.map((exponent) => distanceRow(priced, fine, coarse, exponent));
}

function distanceRow(model: Model, fine: FeedbackDistances, coarse: FeedbackDistances, [q, sign]: Exponent): Claim {
  const pointsOf = (own: FeedbackDistances, other: FeedbackDistances) =>
    own.map((distance, e): SeriesPoint => {
      const figure = normOf(distance, q);
      return { at: model.epsilons.values[e], figure, error: Math.abs(figure - normOf(other[e], q)) };
    });
  const [points, others] = [pointsOf(fine, coarse), pointsOf(coarse, fine)];
  const order = (all: readonly SeriesPoint[]) => powerBetween(all[DISTANCES - 2], all[DISTANCES - 1]).figure;
  const price = model.problem.runningCost === undefined ? '' : `, with a price ${PRICE}u`;
  return judged({
    claim: 'Theorem 3.b',
    statement: 'νᵉ → ν̂ in L^q(μ_x) where Dv ≠ 0, in the mean over K and t, as ε^(1/q): the controls are bang-bang',
    model: model.name,
    measured: `order in ε of ‖νᵉ−ν̂‖ in L${sign}${price}`,
    figure: order(points),
    error: Math.abs(order(points) - order(others)),
    expected: { kind: 'equal', value: 1 / q, tolerance: 0.05 / q },
    resolution: 0.05 / q,
    series: { parameter: 'ε', quantity: `‖νᵉ−ν̂‖ in L${sign}`, points, order: 1 / q },
  });
}
