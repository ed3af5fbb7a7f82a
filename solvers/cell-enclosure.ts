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
import { uniformAxis } from '../src/grid/axis.ts';
import { type Ball, ballInSpace } from '../src/grid/ball.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import { fastGenerator } from '../src/operator/fast-generator.ts';
import { jumpGenerator } from '../src/operator/jump-generator.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import type { Interval, Problem } from '../src/problem/problem.ts';
import type { DeltaCellOptions, DeltaCellSolution } from './delta-cell.ts';
import { encloseMean, onNodes } from './ergodic-cell.ts';
import { stationaryWeights } from './fast-support.ts';
import { quadratureBound } from './quadrature-bound.ts';

type Frozen = Pick<DeltaCellOptions, 'x' | 'p' | 'integrand' | 'fastScheme'>;

/**
 * An interval that holds H̄ = ∫h dμ: the discrete enclosure, widened by a bound of the quadrature error on the y-nodes
 * and by the mass outside the ball, continued as a geometric tail. Null where the weights do not decay at the sphere.
 * For m > 1 and a drift without potential the measure of L_h is itself O(h²) off, which is not part of it.
 */
export function encloseByCell(problem: Problem, frozen: Frozen, solution: DeltaCellSolution): Interval | null {
  const { lower, upper, error } = (problem.fastDimension === 1 ? onDiameter : onBall)(problem, frozen, solution);
  return Number.isFinite(error) ? { lower: lower - error, upper: upper + error } : null;
}

interface Widened extends Interval {
  readonly error: number;
}

function onDiameter(problem: Problem, frozen: Frozen, solution: DeltaCellSolution): Widened {
  const [diameter] = solution.grid.axes;
  const reach = solution.radius - diameter.spacing;
  const interior = uniformAxis('y', -reach, reach, diameter.nodes - 2);
  const generator = fastGenerator(problem, [frozen.x], interior, { scheme: frozen.fastScheme });
  const grid = tensorGrid([interior]);
  const h = onNodes(grid, integrandOf(problem, frozen));
  const weights = generator.stationary();
  const chi = withoutLayer(solution).slice(1, -1);
  const isEnd = (j: number) => j === 0 || j === h.length - 1;
  const error = quadratureBound(grid, h, weights) + beyondEnds(h, weights);
  return { ...encloseMean(generator, h, weights, chi, isEnd), error };
}

function onBall(problem: Problem, frozen: Frozen, solution: DeltaCellSolution): Widened {
  const ball = ballInSpace(problem.fastDimension, solution.radius, solution.grid.shape[0]);
  const whole = { ...ball, arms: ball.arms.map(() => ball.spacing), boundary: 'reflecting' as const };
  const generator = jumpGenerator(problem, frozen.x, whole, frozen.fastScheme);
  const { weights } = stationaryWeights(generator);
  const onCube = onNodes(ball.grid, integrandOf(problem, frozen));
  const weightsOnCube = new Float64Array(ball.grid.size);
  ball.cubeNodes.forEach((node, i) => {
    weightsOnCube[node] = weights[i];
  });
  const inside = (values: Float64Array) => Float64Array.from(ball.cubeNodes, (node) => values[node]);
  const h = inside(onCube);
  const isCut = cutNodes(ball);
  const outside = weights.reduce((sum, weight, i) => (isCut(i) ? sum + 2 * Math.abs(h[i]) * weight : sum), 0);
  const error = quadratureBound(ball.grid, onCube, weightsOnCube) + outside;
  return { ...encloseMean(generator, h, weights, inside(withoutLayer(solution)), isCut), error };
}

/** Nodes with an arm that ends on the sphere: their mass stands for that beyond it, and L_h is coarse there. */
function cutNodes({ dimension, neighbours }: Ball): (node: number) => boolean {
  return (node) => {
    for (let slot = 2 * dimension * node; slot < 2 * dimension * (node + 1); slot++) {
      if (neighbours[slot] < 0) return true;
    }
    return false;
  };
}

function integrandOf(problem: Problem, { x, p, integrand }: Frozen) {
  return integrand ?? hamiltonianAt(problem, x, p);
}

/** χ = ω + c w at all nodes. Where w(0) rounds to 1 the process never mixes, and χ = ω is all there is. */
function withoutLayer({ grid, values, exitWeight, delta, minusDeltaOmega, exitWeightAt }: DeltaCellSolution) {
  const origin = grid.axes.map(() => 0);
  const staying = 1 - exitWeightAt(origin);
  const c = staying > 0 ? -minusDeltaOmega(origin) / delta / staying : 0;
  return values.map((omega, j) => omega + c * exitWeight.values[j]);
}

/**
 * Σ over both ends of 2|h|·π r/(1 − r), r the ratio of the last two weights: the mass outside if the tails of μ go on
 * at least as steeply (log-concave tails do), twice for the growth of h.
 */
function beyondEnds(h: Float64Array, weights: Float64Array): number {
  const last = h.length - 1;
  const at = (end: number, next: number) => {
    const ratio = weights[end] / weights[next];
    if (weights[end] === 0) return 0;
    return ratio < 1 ? (2 * Math.abs(h[end]) * weights[end] * ratio) / (1 - ratio) : Infinity;
  };
  return at(0, 1) + at(last, last - 1);
}
