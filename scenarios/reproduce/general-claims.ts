/**
 * The claims of the general system: noise in x and y, a terminal cost g(x,y) and a discount (Bardi, Kouhkouh,
 * arXiv:2208.00655). Values of an ε and of the limit come from one scheme on one grid with the same steps.
 */
import {
  type EffectiveSolution,
  formula,
  meanCost,
  simulateTwoScale,
  solveEffectiveHjb,
  solveEpsilonHjb,
  stationaryMeasure,
  withKnownSolutions,
} from '../../solvers/index.ts';
import { forEachNode } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { terminalSeesY } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, powerBetween, type SeriesPoint } from './claim.ts';
import type { GeneralModel } from './general-models.ts';
import type { ClaimRun, Effort } from './model.ts';
import { farthest } from './value-claims.ts';

const SCHEME = 'filtered';
const EPSILONS = [0.01, 0.001] as const;
/** With g(x,y) steps must resolve ε, else what a step makes of the layer is part of the distance. */
const RESOLVED = { epsilons: [0.02, 0.01], steps: 1000 } as const;

interface Pair {
  readonly epsilon: number;
  readonly value: GridFunction;
  readonly limit: EffectiveSolution;
}

/** Every claim that a model of the general system is for. */
export async function generalClaims(model: GeneralModel, run: ClaimRun): Promise<Claim[]> {
  const { name } = model;
  const fine = await pairsOn(model, run, 1);
  const coarse = await pairsOn(model, run, 0.5);
  const rows = [orderRow(model, fine, coarse)];
  if (name === 'merton') rows.push(...(await blindRows(model, run, fine, coarse)));
  if (name === 'heston') rows.push(...callRows(model, fine, coarse));
  if (name === 'terminal-in-y') rows.push(await layerRow(model, run));
  if (name === 'state-dependent-noise') rows.push(await costRow(model, run));
  return rows;
}

async function pairsOn(model: GeneralModel, run: ClaimRun, share: number) {
  const { problem } = model;
  const axes = model.axes(share);
  const isLayer = terminalSeesY(problem);
  const steps = isLayer ? RESOLVED.steps * share : undefined;
  const found: Pair[] = [];
  let limit: EffectiveSolution | null = null;
  for (const epsilon of isLayer ? RESOLVED.epsilons : EPSILONS) {
    const value = await solveEpsilonHjb(problem, { ...axes, scheme: SCHEME, epsilon, steps }, run);
    limit ??= await solveEffectiveHjb(problem, { ...axes, scheme: SCHEME, steps: value.steps }, run);
    found.push({ epsilon, value, limit });
  }
  return found;
}

function orderRow(model: GeneralModel, fine: readonly Pair[], coarse: readonly Pair[]): Claim {
  const figures = (pairs: readonly Pair[]) =>
    pairs.map((pair): SeriesPoint => ({ at: pair.epsilon, figure: farthest(model, pair.value, pair.limit), error: 0 }));
  const [own, others] = [figures(fine), figures(coarse)];
  const [order, other] = [own, others].map(([a, b]) => powerBetween(a, b).figure);
  const isLayer = terminalSeesY(model.problem);
  return judged({
    claim: 'Theorem 2, general system',
    statement: 'Vᵉ → v locally uniformly as ε → 0, with noise s(x,y,u) in x; with g(x,y) for τ ≥ τ₀ > 0',
    model: model.name,
    measured: `order in ε of sup|Vᵉ−v| over K${isLayer ? ' at τ = 1' : ''}, same grid`,
    figure: order,
    error: Math.abs(order - other),
    expected: { kind: 'equal', value: 1, tolerance: 0.05 },
    resolution: 0.05,
    series: {
      parameter: 'ε',
      quantity: 'sup|Vᵉ−v|, noise in x',
      points: own.map((point, k) => ({ ...point, error: Math.abs(point.figure - others[k].figure) })),
      order: 1,
    },
  });
}

/** Controls whose values fix φ̄ and ā of Merton's problem, parabolas in u without x. */
const THREE = [0, 1, 2];

/**
 * The problem of a control that does not see Y: φ̄ = ∫φ dμ and s̄² = ∫s² dμ, whose minimum stands outside the average.
 * For φ a parabola in u and s = u√S(y), as in the library's `merton`.
 */
export function blindProblem(problem: Problem, axes: ReturnType<GeneralModel['axes']>) {
  const { grid, weights } = stationaryMeasure(problem, [0], axes.fast);
  const mean = (of: (y: Float64Array) => number) => {
    let sum = 0;
    forEachNode(grid, (j, y) => {
      sum += weights[j] * of(y as Float64Array);
    });
    return sum;
  };
  const drifts = THREE.map((u) => mean((y) => problem.slowDrift[0]([0], y, [u])));
  const bend = (drifts[2] - 2 * drifts[1] + drifts[0]) / 2;
  const slope = drifts[1] - drifts[0] - bend;
  const variance = mean((y) => (problem.slowNoise?.[0][0]([0], y, [1]) ?? 0) ** 2);
  const names = problem.controls.names;
  const of = (text: string) => formula(text, ['x'], ['y'], names);
  const blind: Problem = {
    ...problem,
    name: `${problem.name}, blind`,
    slowDrift: [of(`(${drifts[0]}) + (${slope})*u + (${bend})*u^2`)],
    slowNoise: [[of(`u*sqrt(${variance})`)]],
    exact: undefined,
  };
  return { blind, rate: drifts[0], slope, bend, variance };
}

/** 𝒱 − v for power utility: v by a control that sees Y, 𝒱 by one that does not. */
async function blindRows(model: GeneralModel, run: ClaimRun, fine: readonly Pair[], coarse: readonly Pair[]) {
  const gainOn = async (share: number, [{ limit }]: readonly Pair[]) => {
    const axes = model.axes(share);
    const { blind } = blindProblem(model.problem, axes);
    const value = await solveEffectiveHjb(blind, { ...axes, scheme: SCHEME, steps: limit.steps }, run);
    return sampledCubically(value, [0]) - sampledCubically(limit, [0]);
  };
  const [figure, other] = [await gainOn(1, fine), await gainOn(0.5, coarse)];
  const exact = blindLimit(model) - (model.limit?.(model.problem.horizon, [0]) ?? Number.NaN);
  const gain = {
    claim: 'Corollary, power utility',
    statement: 'lim Vᵉ = v ≤ 𝒱, the value of the averaged drift and noise ∫φ dμ, ∫ssᵀ dμ, in general strictly',
    model: model.name,
    figure,
    error: Math.abs(figure - other),
    series: null,
  } as const;
  return [
    judged({
      ...gain,
      measured: '𝒱 − v at x = 0, what controls ν(y) gain',
      expected: { kind: 'above', value: 0 },
      resolution: 0.5 * exact,
    }),
    judged({
      ...gain,
      measured: '𝒱 − v at x = 0; expected: the exact gain',
      expected: { kind: 'equal', value: exact, tolerance: 0 },
      resolution: 0.1 * exact,
    }),
  ];
}

/** Of f = f(0) e^{px}, averaged drift r + bu + cu² and noise u√S̄: f(0) e^{pT(r − b²/(4(c + pS̄/2)))} (Merton 1969). */
export function blindLimit({ problem, axes }: GeneralModel): number {
  const { rate, slope, bend, variance } = blindProblem(problem, axes(2));
  const [atZero, atOne] = [0, 1].map((x) => problem.terminalCost([x], []));
  const power = Math.log(atOne / atZero);
  return atZero * Math.exp(power * problem.horizon * (rate - slope ** 2 / (4 * (bend + (power * variance) / 2))));
}

/** log-prices of the rows, at the mean variance. */
const LOG_PRICES = [-0.1, 0, 0.1];

function callRows(model: GeneralModel, fine: readonly Pair[], coarse: readonly Pair[]): Claim[] {
  const last = (pairs: readonly Pair[]) => pairs[pairs.length - 1];
  return LOG_PRICES.map((x) => {
    const [figure, other] = [fine, coarse].map((pairs) => sampledCubically(last(pairs).value, [x, 0.04]));
    const expected = model.limit?.(model.problem.horizon, [x]) ?? Number.NaN;
    return judged({
      claim: 'Heston to Black–Scholes',
      statement: 'a call under fast variance tends to the formula of Black and Scholes with the mean variance θ',
      model: model.name,
      measured: `Vᵉ at x = ${x}, y = 0.04, ε = ${last(fine).epsilon}; expected: Black–Scholes`,
      figure,
      error: Math.abs(figure - other) + farthest(model, last(fine).value, last(fine).limit),
      expected: { kind: 'equal', value: expected, tolerance: 0 },
      resolution: 0.02 * expected,
      series: null,
    });
  });
}

/** Where the layer is looked at; steps of a march up to τ = ε, more than its x-grid needs. */
const LAYER_POINT = { x: 0.5, y: -0.7 };
const LAYER_STEPS: Record<Effort, number> = { quick: 100, full: 200 };

/** Vᵉ − v at τ = ε does not vanish: it tends to E g(x,Y) − ḡ(x), Y the fast process at frozen x after unit time. */
async function layerRow(model: GeneralModel, run: ClaimRun): Promise<Claim> {
  const { x, y } = LAYER_POINT;
  const distanceAt = async (epsilon: number, share: number) => {
    const problem = { ...model.problem, horizon: epsilon };
    const options = { ...model.axes(share), scheme: SCHEME, steps: LAYER_STEPS[run.effort] * share } as const;
    const value = await solveEpsilonHjb(problem, { ...options, epsilon }, run);
    const limit = await solveEffectiveHjb(problem, options, run);
    return sampledCubically(value, [x, y]) - sampledCubically(limit, [x]);
  };
  const [larger, smaller] = EPSILONS;
  const figure = await distanceAt(smaller, 1);
  const grid = Math.abs(figure - (await distanceAt(smaller, 0.5)));
  const exact = frozenLayer(model, x, y);
  return judged({
    claim: 'Initial layer',
    statement: 'v(0) = ḡ: (Vᵉ − v)(ε) → E g(x,Y) − ḡ(x) ≠ 0, Y at frozen x after unit time',
    model: model.name,
    measured: `(Vᵉ−v) at τ = ε = ${smaller}, x = ${x}, y = ${y}`,
    figure,
    error: grid + Math.abs(figure - (await distanceAt(larger, 1))),
    expected: { kind: 'equal', value: exact, tolerance: 0 },
    resolution: 0.2 * Math.abs(exact),
    series: null,
  });
}

/** E g(x,Y₁) − ∫g(x,·)dμ_x for b affine, r constant and g quadratic in y: the Gaussian law of Ornstein–Uhlenbeck. */
export function frozenLayer({ problem }: GeneralModel, x: number, y: number): number {
  const drift = (at: number) => problem.fast.drift[0]([x], [at]);
  const kappa = drift(0) - drift(1);
  const mean = drift(0) / kappa;
  const noise = problem.fast.kind === 'drift' ? (problem.fast.noise?.[0]([x], [0]) ?? Math.SQRT2) : Math.SQRT2;
  const stationary = noise ** 2 / (2 * kappa);
  const g = (at: number) => problem.terminalCost([x], [at]);
  const bend = g(1) - 2 * g(0) + g(-1);
  const left = Math.exp(-kappa);
  return g(mean + (y - mean) * left) - g(mean) - (bend / 2) * stationary * left ** 2;
}

const START = { x: [1], y: [0.7], epsilon: 0.1 };
const PATHS: Record<Effort, number> = { quick: 10000, full: 20000 };
/** A mean is within so many standard errors of the true one, in 99.7 of 100 cases. */
const DEVIATIONS = 3;

/** E f(Xᵉ_T) of paths beside the exact Vᵉ. */
async function costRow(model: GeneralModel, { signal, seed, kernel, effort }: ClaimRun): Promise<Claim> {
  const { x, y, epsilon } = START;
  const problem = withKnownSolutions(model.problem, model.observe.x);
  const paths = PATHS[effort];
  const options = { ...START, ...model.axes(1), paths, seed, control: { kind: 'constant', u: [] } } as const;
  const ensemble = await simulateTwoScale(problem, options, { signal, threads: kernel.threads });
  const { mean, standardError } = meanCost(problem, ensemble);
  const exact = problem.exact?.value?.({ tau: problem.horizon, epsilon, x, y }) ?? Number.NaN;
  return judged({
    claim: 'Paths, general system',
    statement: 'E g(Xᵉ_T,Yᵉ_T) = Vᵉ without control',
    model: model.name,
    measured: `E f(Xᵉ_T) at x = ${x}, y = ${y}, ε = ${epsilon}, ${paths} paths; expected: the exact Vᵉ`,
    figure: mean,
    error: DEVIATIONS * standardError,
    expected: { kind: 'equal', value: exact, tolerance: 0 },
    resolution: 0.05 * exact,
    series: null,
  });
}
