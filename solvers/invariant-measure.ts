/**
 * The invariant measure μ_x of the fast process frozen at x, two ways: Gibbs quadrature of e^{−Φ}/∫e^{−Φ}, and the
 * stationary vector of the discrete generator L_h. With a potential the second is exactly Gibbs on the nodes.
 *
 * Local entropy (Chaudhari et al. 2019): F(x) = log∫e^{−Φ(x,y)}dy, ∇F(x) = −∫D_xΦ dμ_x; deep relaxation has
 * D_xΦ = γ(x−y).
 */
import { type Axis, coordinates } from '../src/grid/axis.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { supportAt } from '../src/problem/fast-box.ts';
import { gibbsMeasure } from '../src/problem/gibbs-measure.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import { requireOneByOne } from './dimensions.ts';

export interface InvariantMeasure {
  readonly x: Coordinates;
  readonly interval: Interval;
  readonly mean: number;
  readonly covariance: number;
  /** F(x), null without a potential (then F is defined up to a function of x). */
  readonly localEntropy: number | null;
  /** ∇F(x), null without a potential. */
  readonly gradient: number | null;
  /** ∫e^{−Φ(x,y)}dy, null without a potential. */
  readonly normalizer: number | null;
  density(y: number): number;
}

/** Step of the central difference for ∂_xΦ of a general potential; error about 1e-10 of its scale. */
const DIFFERENCE = 1e-5;

/** μ_x, its moments and the local entropy for m = 1, near round-off. `interval` defaults to the support of μ_x. */
export function invariantMeasure(problem: Problem, x: Coordinates, interval?: Interval): InvariantMeasure {
  requireOneByOne(problem, 'the invariant measure');
  const support = interval ?? supportAt(problem, x[0]);
  const measure = gibbsMeasure(problem, x, support);
  const mean = measure.mean((y) => y);
  const hasPotential = problem.fastPotential !== undefined;
  return {
    x,
    interval: support,
    mean,
    covariance: measure.mean((y) => (y - mean) ** 2),
    localEntropy: hasPotential ? measure.logNormalizer : null,
    gradient: hasPotential ? -measure.mean((y) => potentialSlope(problem, x, y)) : null,
    normalizer: hasPotential ? Math.exp(measure.logNormalizer) : null,
    density: measure.density,
  };
}

/** ∂_xΦ(x,y). */
function potentialSlope(problem: Problem, x: Coordinates, y: number): number {
  if (problem.deepRelaxation !== undefined) return problem.deepRelaxation.gamma * (x[0] - y);
  const potential = problem.fastPotential;
  if (potential === undefined) return Number.NaN;
  return (potential([x[0] + DIFFERENCE], [y]) - potential([x[0] - DIFFERENCE], [y])) / (2 * DIFFERENCE);
}

/** The stationary vector of L_h at frozen x: Σ_j weights_j = 1, weights·L_h = 0. */
export function stationaryMeasure(
  problem: Problem,
  x: Coordinates,
  axis: Axis,
  scheme?: FastScheme,
): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  requireOneByOne(problem, 'the stationary measure');
  const generator = fastGenerator(problem, [x], axis, { scheme });
  return { nodes: coordinates(axis), weights: generator.stationary() };
}
