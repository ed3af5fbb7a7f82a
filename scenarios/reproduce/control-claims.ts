/**
 * Theorem 3: the feedback of the limit problem is nearly optimal for small ε (a), and the optimal feedbacks of the
 * ε-problems tend to it in L^q(μ_x) (b).
 */
import { type EffectiveSolution, solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { type EpsilonSolution, solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import type { Snapshot } from '../../solvers/solve-with-method.ts';
import { meanCost, simulateTwoScale } from '../../solvers/trajectories.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../../src/grid/grid.ts';
import { fastOperator } from '../../src/operator/fast-operator.ts';
import type { MeanEstimate } from '../../src/paths/statistics.ts';
import { slopeAlong } from '../../src/paths/value-slopes.ts';
import { extremalControls, minimizer } from '../../src/problem/hamiltonian.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, type SeriesPoint } from './claim.ts';
import type { Laboratory, Model } from './model.ts';
import { scaleOf } from './value-claims.ts';

/** Values kept on the way to T. */
const SNAPSHOTS = 25;
const DEVIATIONS = 3;
/** ν̂ is undefined where Dv = 0: compared where |Dv| exceeds this share of its largest size on K. */
const SLOPE_SHARE = 0.01;
const EXPONENTS = [1, 2];

export async function controlClaims(model: Model, laboratory: Laboratory): Promise<Claim[]> {
  const { kernel, clock, signal } = laboratory;
  const run = { kernel, clock, signal };
  const axes = model.axes();
  const options = { ...axes, scheme: 'filtered', snapshots: SNAPSHOTS } as const;
  const values: EpsilonSolution[] = [];
  for (const epsilon of model.epsilons.values.slice(0, 3)) {
    values.push(await solveEpsilonHjb(model.problem, { ...options, epsilon }, run));
  }
  const limit = await solveEffectiveHjb(model.problem, { ...options, steps: values[0].steps }, run);
  return [await costRow(model, laboratory, limit), ...distanceRows(model, axes, values, limit)];
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

/** ‖νᵉ − ν̂‖ in L^q(μ_x), averaged over the slow nodes of K and over time, per ε. */
function distanceRows(
  model: Model,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
  values: readonly EpsilonSolution[],
  limit: EffectiveSolution,
): Claim[] {
  const measure = fastOperator(model.problem, pointsOf(tensorGrid(axes.slow)), axes.fast).stationary();
  const squares = values.map((value) => EXPONENTS.map((q) => distance(model, measure, { value, limit, q })));
  return EXPONENTS.map((q, k) => {
    const points = values.map(({ epsilon }, e): SeriesPoint => ({ at: epsilon, figure: squares[e][k], error: 0 }));
    const [first, last] = [points[0], points[points.length - 1]];
    return judged({
      claim: 'Theorem 3.b',
      statement: 'νᵉ → ν̂ in L^q(μ_x) where Dv ≠ 0, in the mean over K and t',
      model: model.name,
      measured: `‖νᵉ−ν̂‖ in L^${q}, ε = ${last.at} over ε = ${first.at}`,
      figure: last.figure === 0 ? 0 : last.figure / first.figure,
      error: 0,
      expected: { kind: 'below', value: 0.25 },
      resolution: 0.25,
      series: { parameter: 'ε', quantity: `‖νᵉ−ν̂‖ in L^${q}`, points, order: null },
    });
  });
}

function pointsOf(grid: Grid): number[][] {
  const points: number[][] = [];
  forEachNode(grid, (_, x) => points.push([...x]));
  return points;
}

interface Compared {
  readonly value: EpsilonSolution;
  readonly limit: EffectiveSolution;
  readonly q: number;
}

function distance(model: Model, measure: Float64Array, { value, limit, q }: Compared): number {
  let [sum, weight] = [0, 0];
  value.history.forEach((snapshot, k) => {
    const part = distanceAt(model, measure, [value.grid, snapshot], [limit.grid, limit.history[k]], q);
    sum += part.sum;
    weight += part.weight;
  });
  return (sum / weight) ** (1 / q);
}

/** Σ π |νᵉ−ν̂|^q over the nodes of K where |Dv| is not small, and Σ π. */
function distanceAt(
  { problem, observe }: Model,
  measure: Float64Array,
  [grid, value]: readonly [Grid, Snapshot],
  [slowGrid, limit]: readonly [Grid, Snapshot],
  q: number,
) {
  const n = slowGrid.axes.length;
  const controls = extremalControls(problem);
  const slopes = slowGrid.axes.map((_, i) => slopeAlong(grid, value.values, i));
  const limits = slowGrid.axes.map((_, i) => slopeAlong(slowGrid, limit.values, i));
  const steepest = limits[0].reduce((most, _, s) => Math.max(most, Math.hypot(...limits.map((slope) => slope[s]))), 0);
  let [sum, weight] = [0, 0];
  forEachNode(grid, (k, point) => {
    const s = k % slowGrid.size;
    const inside = observe.x.every(({ lower, upper }, i) => point[i] >= lower && point[i] <= upper);
    const p = limits.map((slope) => slope[s]);
    if (!inside || Math.hypot(...p) < SLOPE_SHARE * steepest) return;
    const [x, y] = [point.subarray(0, n), point.subarray(n)];
    const own = controls[minimizer(problem, controls, { x, y, p: slopes.map((slope) => slope[k]) })];
    const target = controls[minimizer(problem, controls, { x, y, p })];
    sum += measure[k] * Math.hypot(...Array.from(own, (u, i) => u - target[i])) ** q;
    weight += measure[k];
  });
  return { sum, weight };
}
