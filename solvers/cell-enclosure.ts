/**
 * Two-sided bounds of H̄ from a solution of the truncated δ-cell problem. The mean of L_hχ with the stationary vector π
 * of L_h (reflecting ends) vanishes for every grid function χ, so that with z = h − L_hχ (THEORY §2.4)
 *
 *   Z min_{∉T} z + Σ_T πz ≤ Σ_j π_j h_j ≤ Z max_{∉T} z + Σ_T πz.
 *
 * χ = ω itself falls to 0 at the sphere within a boundary layer. With the exit weight w = E e^{−δτ_n} the function
 *
 *   χ = ω + c w,   δχ − L_hχ = −h,   χ = c on the sphere,   c = ω(0)/(1 − w(0)) = χ(0),
 *
 * has none, z = −δχ is as flat as −δ times the corrector, and −δc is close to H̄ even where −δω(0) is not.
 */
import { coordinates, uniformAxis } from '../src/grid/axis.ts';
import { fastGenerator } from '../src/operator/fast-generator.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import type { Interval, Problem } from '../src/problem/problem.ts';
import type { DeltaCellOptions, DeltaCellSolution } from './delta-cell.ts';
import { encloseMean, quadratureBound } from './ergodic-cell.ts';

/**
 * An interval that holds H̄ = ∫h dμ: the discrete enclosure, widened by a bound of the quadrature error on the y-nodes
 * and by the mass outside the ball, continued as a geometric tail. Null where the weights do not decay at both ends.
 */
export function encloseByCell(
  problem: Problem,
  options: Pick<DeltaCellOptions, 'x' | 'p' | 'integrand' | 'fastScheme'>,
  solution: DeltaCellSolution,
): Interval | null {
  const { x, p, fastScheme } = options;
  const interior = interiorOf(solution);
  const generator = fastGenerator(problem, [x], interior, { scheme: fastScheme });
  const integrand = options.integrand ?? hamiltonianAt(problem, x, p);
  const h = coordinates(interior).map((y) => integrand([y]));
  const weights = generator.stationary();
  const outside = contributionOutside(h, weights);
  if (!Number.isFinite(outside)) return null;
  const { lower, upper } = encloseMean(generator, h, weights, withoutLayer(solution));
  const error = quadratureBound(h, weights) + outside;
  return { lower: lower - error, upper: upper + error };
}

function interiorOf({ radius, grid }: DeltaCellSolution) {
  const [diameter] = grid.axes;
  return uniformAxis('y', -radius + diameter.spacing, radius - diameter.spacing, diameter.nodes - 2);
}

/** χ = ω + c w at the interior nodes. Where w(0) rounds to 1 the process never mixes, and χ = ω is all there is. */
function withoutLayer({ values, exitWeight }: DeltaCellSolution): Float64Array {
  const centre = (values.length - 1) >> 1;
  const staying = 1 - exitWeight.values[centre];
  const c = staying > 0 ? values[centre] / staying : 0;
  return values.map((omega, j) => omega + c * exitWeight.values[j]).slice(1, -1);
}

/**
 * Σ over both ends of 2|h|·π r/(1 − r), r the ratio of the last two weights: the mass outside if the tails of μ go on
 * at least as steeply (log-concave tails do), twice for the growth of h.
 */
function contributionOutside(h: Float64Array, weights: Float64Array): number {
  const last = h.length - 1;
  const at = (end: number, next: number) => {
    const ratio = weights[end] / weights[next];
    if (weights[end] === 0) return 0;
    return ratio < 1 ? (2 * Math.abs(h[end]) * weights[end] * ratio) / (1 - ratio) : Infinity;
  };
  return at(0, 1) + at(last, last - 1);
}
