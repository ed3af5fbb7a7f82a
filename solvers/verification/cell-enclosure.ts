/**
 * Two-sided bounds of H̄ from a solution of the truncated δ-cell problem. The mean of L_hχ with the stationary vector π
 * of L_h (reflecting ends) vanishes for every grid function χ, so that with z = h − L_hχ (docs/theory.md §5.4)
 *
 *   Z min_{∉T} z + Σ_T πz ≤ Σ_j π_j h_j ≤ Z max_{∉T} z + Σ_T πz.
 *
 * χ = ω itself falls to 0 at the sphere within a boundary layer. With the exit weight w = E e^{−δτ_n} the function
 *
 *   χ = ω + c w,   δχ − L_hχ = −h,   χ = c on the sphere,   c = ω(0)/(1 − w(0)) = χ(0),
 *
 * has none, z = −δχ is as flat as −δ times the corrector, and −δc is close to H̄ even where −δω(0) is not.
 */

import { hamiltonianAt } from '../../src/control/hamiltonian.ts';
import { encloseMean, weightedMean } from '../../src/generator/enclosed-mean.ts';
import { frozenOnBall } from '../../src/generator/frozen-at.ts';
import type { Grid } from '../../src/grid/grid.ts';
import { type CellAverages, cellAverages, type JumpCell } from '../../src/measure/cell-averages.ts';
import { type Breaks, driftJumps, integrandBreaks, slowBreaks, weightBreaks } from '../../src/model/breaks.ts';
import { atHessian } from '../../src/model/hessian.ts';
import { dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { sourceOn } from '../cell-source.ts';
import type { DeltaCellOptions, DeltaCellSolution } from '../delta-cell.ts';
import { beyondSphere, type WeighedBall } from './beyond-sphere.ts';
import { mixingWarnings } from './cell-mixing.ts';
import { meanErrorOnGrid, missedByBall } from './measure-on-grid.ts';
import { minimisationError } from './minimisation-error.ts';
import { jumpBound, quadratureBound } from './quadrature-bound.ts';

/** A solution of the δ-cell problem; what is said about reading −δω(0) as H̄ is not needed. */
export type Solved = Omit<DeltaCellSolution, 'trap' | 'doubts' | 'warnings'>;
/** The cell problem that was solved: x̄, p̄, M̄ and what replaces h or the rates. */
export type Frozen = Pick<DeltaCellOptions, 'x' | 'p' | 'M' | 'integrand' | 'fastScheme'>;

/**
 * An interval that holds H̄ = ∫h dμ: the discrete enclosure, widened by a bound of the quadrature error on the y-nodes,
 * by what lies outside the ball (beyond-sphere.ts) and, where the measure of L_h is itself O(h²) off (m > 1 without
 * potential or with upwind rates), by the change of Σπh from twice the spacing. Null where none can be told.
 */
export function encloseByCell(problem: Problem, frozen: Frozen, solution: Solved): CellBounds | null {
  const found = encloseOrExplain(problem, frozen, solution);
  return typeof found === 'string' ? null : found;
}

/** An interval that holds H̄, with what widens it. */
export interface CellBounds extends Interval {
  /** What the minimisation over U adds to the upper end. */
  readonly controls: number;
  /** Σπ|h| inside the ball, beside which the bounds are wide or narrow. */
  readonly size: number;
  /** What jumps of h leave in −δω where means over cells stand in their place. */
  readonly jumps: number;
  /** Where −δω(0) is no good H̄ for all that: it lies outside the bounds, or they are wide. */
  readonly warnings: readonly string[];
}

/** The interval of `encloseByCell`, or a sentence that says why there is none. */
export function encloseOrExplain(given: Problem, frozen: Frozen, solution: Solved): CellBounds | string {
  const problem = atHessian(given, frozen.M);
  const axes = solution.grid.axes;
  const integrand = frozen.integrand ?? hamiltonianAt(problem, frozen.x, frozen.p);
  const onGrid = meanErrorOnGrid(problem, frozen.x, axes, integrand, frozen.integrand);
  const doubt = onGrid.doubt ?? missedByBall(problem, frozen.x, solution.radius);
  if (doubt !== null) return `There are no bounds of H̄: ${doubt}.`;
  const inside = insideOf(problem, frozen, solution);
  if (typeof inside === 'string') return `There are no bounds of H̄: ${inside}.`;
  const beyond = beyondSphere(inside);
  if (typeof beyond === 'string') return `There are no bounds of H̄: ${beyond}. Enlarge the radius.`;
  // H̄(1 + m) = Σπh + ∫_outside h, in units of the mass inside, m the mass outside.
  const error =
    inside.error + onGrid.error + beyond.moment + beyond.mass * Math.abs(weightedMean(inside.weights, inside.h));
  // The mean inside lies between the least and the largest h, whatever ω proves.
  const lower = Math.max(
    inside.lower,
    inside.h.reduce((a, b) => Math.min(a, b), Infinity),
  );
  const upper = Math.min(
    inside.upper,
    inside.h.reduce((a, b) => Math.max(a, b), -Infinity),
  );
  if (!(lower <= upper)) return 'There are no bounds of H̄: the δ-cell problem was not solved.';
  const size = weightedMean(inside.weights, inside.h.map(Math.abs));
  const { controls, jumps } = inside;
  const bounds = { lower: lower - error, upper: upper + error + controls, size };
  return { ...bounds, controls, jumps, warnings: mixingWarnings(problem, solution, bounds) };
}

/** The discrete enclosure of the mean inside the ball, its error, and the measure there. */
interface Inside extends Interval, WeighedBall {
  readonly error: number;
  readonly controls: number;
  readonly jumps: number;
}

function insideOf(problem: Problem, frozen: Frozen, solution: Solved): Inside | string {
  const { radius } = solution;
  const across = solution.grid.shape[0];
  const { generator, weights, stalled } = measureOnBall(problem, frozen, radius, across);
  if (stalled !== null) return 'the stationary vector of the ball was not found';
  const { grid, among, isCut } = generator.nodes;
  // In space on all of the cube: second differences at the sphere need what lies beyond.
  const onGrid = meansOn(problem, frozen, grid);
  const weightsOnGrid = among === undefined ? weights : new Float64Array(grid.size);
  among?.forEach((node, i) => {
    weightsOnGrid[node] = weights[i];
  });
  const inside = (values: Float64Array) =>
    among === undefined ? values : Float64Array.from(among, (node) => values[node]);
  const h = inside(onGrid.values);
  // A line has its nodes alone, the fields of a solution have those on the sphere too.
  const whole = withoutLayer(solution);
  const chi = among === undefined ? whole.slice(1, -1) : inside(whole);
  const breaks = weightBreaks(problem, frozen.x);
  const { dimension, spacing, points } = generator;
  return {
    ...encloseMean(generator, h, weights, chi, isCut),
    error:
      quadratureBound(grid, onGrid, weightsOnGrid, breaks) +
      measureError(problem, frozen, { weights, h, nodes: across, radius }),
    jumps: jumpsError(grid, onGrid.jumps, { weights: weightsOnGrid, breaks }, solution),
    controls: controlsError(problem, frozen, grid, weightsOnGrid),
    ...{ dimension, radius, spacing, points, weights, h },
  };
}

/** h on all nodes of a grid, its means over cells where it may jump. */
function meansOn(problem: Problem, { x, p, integrand }: Frozen, grid: Grid): CellAverages {
  const breaks = integrand === undefined ? slowBreaks(problem, x) : integrandBreaks(problem, integrand);
  return cellAverages(grid, integrand ?? hamiltonianAt(problem, x, p), breaks);
}

/**
 * What jumps of h leave in −δω: as in Σπh (quadrature-bound.ts), for the discounted occupation from any point, which is
 * π and δ times a function with the slope of |y|/2 (m = 1), log|y|/2π or 1/4π|y| at that point.
 */
function jumpsError(
  grid: Grid,
  jumps: readonly JumpCell[],
  { weights, breaks }: { readonly weights: Float64Array; readonly breaks: Breaks },
  { delta, radius }: Solved,
): number {
  const h = grid.axes[0].spacing;
  const [height, doubt] = jumps.reduce(
    ([most, open], cell) => [Math.max(most, cell.height), Math.max(open, cell.doubt)],
    [0, 0],
  );
  const heights = grid.axes.length === 1 ? jumps.reduce((sum, cell) => sum + cell.height, 0) : 2 * height;
  return jumpBound(grid, jumps, weights, breaks) + delta * ((heights * h ** 2) / 8 + doubt * h * radius);
}

/** The stationary vector of L_h on the nodes of the ball, the sphere reflecting. */
function measureOnBall(problem: Problem, { x, fastScheme }: Frozen, radius: number, across: number) {
  const generator = frozenOnBall(problem, x, { radius, across, boundary: 'reflecting' }, fastScheme);
  return { generator, ...generator.stationary() };
}

/**
 * In space without Gibbs weights the change of Σπh from twice the spacing, three times an error of order 2; twice it
 * where b jumps, for order 1.
 */
function measureError(
  problem: Problem,
  frozen: Frozen,
  fine: { readonly radius: number; readonly nodes: number; readonly weights: Float64Array; readonly h: Float64Array },
): number {
  const isGibbs = problem.fast.kind === 'potential' && frozen.fastScheme !== 'upwind';
  if (isGibbs || dimensionsOf(problem).m === 1) return 0;
  const coarse = measureOnBall(problem, frozen, fine.radius, Math.max(5, Math.ceil(fine.nodes / 2)));
  const { nodes } = coarse.generator;
  const { values } = sourceOn(problem, frozen, nodes);
  const change = Math.abs(weightedMean(fine.weights, fine.h) - weightedMean(coarse.weights, values));
  return driftJumps(problem, frozen.x, nodes.grid.axes) ? 2 * change : change;
}

function controlsError(problem: Problem, frozen: Frozen, grid: Grid, weights: Float64Array): number {
  return frozen.integrand === undefined ? minimisationError(problem, frozen, grid, weights) : 0;
}

/** χ = ω + c w at all nodes. Where w(0) rounds to 1 the process never mixes, and χ = ω is all there is. */
function withoutLayer({ grid, values, exitWeight, delta, minusDeltaOmega, exitWeightAt }: Solved) {
  const origin = grid.axes.map(() => 0);
  const staying = 1 - exitWeightAt(origin);
  const c = staying > 0 ? -minusDeltaOmega(origin) / delta / staying : 0;
  return values.map((omega, j) => omega + c * exitWeight.values[j]);
}
