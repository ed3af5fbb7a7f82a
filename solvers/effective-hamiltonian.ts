/**
 * The effective Hamiltonian H̄(x,p,M) = ∫ H(x,y,p,M) dμ_x(y), m = 1, 2, 3, by four routes that must agree
 * (docs/theory.md §5.1):
 *
 *   gibbs       quadrature of H against e^{−Φ}, split where the minimising control switches;
 *   stationary  Σ_j π_j H_j with the stationary vector of the discrete generator, H_j the mean over the cell where H
 *               jumps;
 *   ergodic     the constant of the ergodic pair (c, χ), with its discrete enclosure;
 *   cell        −δω(0) of the truncated δ-cell problem, δ = n^−(4+α), extrapolated to δ = 0.
 */

import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import { weightedMean } from '../src/generator/enclosed-mean.ts';
import { frozenOnBox } from '../src/generator/frozen-at.ts';
import type { Axis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import { InputError } from '../src/input/input-error.ts';
import { requireCount, requireName, requirePositive } from '../src/input/require.ts';
import { reached, type Watch } from '../src/input/watch.ts';
import { cellAverages } from '../src/measure/cell-averages.ts';
import { conditionalHamiltonian } from '../src/measure/conditional-measure.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { driftJumps, slowBreaks, weightBreaks } from '../src/model/breaks.ts';
import { atHessian } from '../src/model/hessian.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { requireNoSource } from '../src/time/source.ts';
import { evenAxes, measureAxes, supportBox } from './averaging/fast-support.ts';
import { type DeltaCellOptions, type DeltaCellSolution, solveDeltaCell, solveOnBall } from './delta-cell.ts';
import { type ErgodicCellSolution, solveErgodicCell } from './ergodic-cell.ts';
import {
  type EffectiveHamiltonian,
  type EffectiveHamiltonianOptions,
  type HamiltonianMethod,
  hamiltonianMethods,
} from './hamiltonian-routes.ts';
import {
  frozenTerms,
  requireBox,
  requireFastScheme,
  requireFrozen,
  requireHessian,
  requireMean,
} from './requirements.ts';
import { encloseOrExplain } from './verification/cell-enclosure.ts';
import { leftOutAt, meanErrorOnGrid, missedOnGrid } from './verification/measure-on-grid.ts';
import { minimisationError } from './verification/minimisation-error.ts';
import { quadratureBound } from './verification/quadrature-bound.ts';

/** m = 1: a quadrature error below 1e-6 at a kink of unit jump; m = 2, 3: below 1e-4 and 1e-3, on at most 10⁶ nodes. */
const DEFAULT_NODES = { 1: 8001, 2: 401, 3: 97 } as const;
/** The default ball reaches beyond the support, less far down for m > 1: the sphere must not be felt where μ lives. */
const BEYOND = { 1: 1, 2: 1.2, 3: 1.2 } as const;
const UNRESOLVED =
  'the y-nodes are farther apart than the measure is wide along an axis – H̄ is a sum over a few of them and has no ' +
  'bound – take more nodes, or the method gibbs where there is a potential';
/** Points per axis of the quadrature in space that wells are looked for on: conditional-measure.ts. */
const QUADRATURE_POINTS = { 2: 501, 3: 41 } as const;
const SAMPLED =
  'φ or ℓ couples three controls or is a function without a formula, and not affine in u: U is sampled, which proves ' +
  'no bound – write formulas in which no more than two controls stand together';
const UNKNOWN =
  '; φ, ℓ or the fast process has functions without a formula, and what their jumps and kinks cost is not known';
const CONVERGED: Outcome = { status: 'converged' };

/**
 * H̄(x,p,M) = ∫H(x,y,p,M) dμ_x(y) by the chosen method, with its error (Bardi, Kouhkouh 2023); gibbs is near round-off.
 * Throws InputError for options that do not fit, for gibbs without a potential, for a problem with a source, and where
 * no box is given and none carries μ_x, or where Φ or b has no finite value.
 */
export function effectiveHamiltonian(
  given: Problem,
  options: EffectiveHamiltonianOptions,
  watch: Watch = {},
): EffectiveHamiltonian {
  requireOptions(given, options);
  const box = options.box ?? supportBox(given, options.x);
  const problem = atHessian(given, options.M);
  const found = withinBox(problem, options, routes[options.method](problem, options, box, watch));
  reached(watch, 1);
  const { value, lower, upper } = found;
  if (found.outcome.status === 'converged') requireMean(value, options.x);
  const error = lower === null || upper === null ? (found.error ?? null) : Math.max(upper - value, value - lower);
  const warning =
    found.controls === Infinity ? SAMPLED : error === Infinity && found.warnings.length === 0 ? UNRESOLVED : null;
  const errorSource = hasUnknownBreaks(problem, options.x) ? `${found.errorSource}${UNKNOWN}` : found.errorSource;
  return { ...found, error, errorSource, warnings: warning === null ? found.warnings : [...found.warnings, warning] };
}

function hasUnknownBreaks(problem: Problem, x: Coordinates): boolean {
  return slowBreaks(problem, x) === 'unknown' || weightBreaks(problem, x) === 'unknown';
}

function requireOptions(problem: Problem, options: EffectiveHamiltonianOptions): void {
  const { x, p, method, nodes, box, radius, alpha, fastScheme } = options;
  requireFrozen(problem, { what: 'the effective Hamiltonian', takes: frozenTerms }, x, p ?? []);
  requireHessian(problem, options.M);
  requireNoSource(problem, 'the effective Hamiltonian');
  requireName(method, hamiltonianMethods, { name: 'method', use: 'routes to H̄ are known by name' });
  if (nodes !== undefined) requireCount(nodes, 5, { name: 'nodes', use: 'a side of the y-box has so many nodes' });
  requireBox(problem, box);
  if (radius !== undefined) requirePositive(radius, { name: 'radius', use: 'the cell problem is solved in a ball' });
  if (alpha !== undefined) requirePositive(alpha, { name: 'alpha', use: 'δ = n^−(4+α) with α > 0' });
  if (fastScheme !== undefined) requireFastScheme(fastScheme);
}

/** No bounds where a box that is given leaves out part of μ_x; a ball says so itself. */
function withinBox(problem: Problem, { x, box, method }: EffectiveHamiltonianOptions, found: Found): Found {
  const doubt = box === undefined || method === 'cell' ? null : leftOutAt(problem, x, box);
  if (doubt === null) return found;
  const ends = found.lower === null ? { error: Infinity } : { lower: -Infinity, upper: Infinity };
  return { ...found, ...ends, warnings: [...found.warnings, doubt] };
}

type Found = Omit<EffectiveHamiltonian, 'error'> & { readonly error?: number };
type Route = (problem: Problem, options: EffectiveHamiltonianOptions, box: readonly Interval[], watch: Watch) => Found;

const routes: Record<HamiltonianMethod, Route> = { gibbs, stationary, ergodic, cell };

function gibbs(problem: Problem, { x, p }: EffectiveHamiltonianOptions, box: readonly Interval[]): Found {
  if (problem.fast.kind === 'drift') {
    throw new InputError(
      `${problem.name} has no potential for the method gibbs`,
      'its fast drift is given as a drift b, and the Gibbs measure needs Φ with b = −D_yΦ',
      'give fast.potential in the scenario, or use --method stationary or ergodic',
      'fastDrift',
    );
  }
  const { value, controls, ...mean } =
    box.length === 1 ? gibbsMeasure(problem, x, box[0]).hamiltonian(p) : conditionalHamiltonian(problem, x, box)(p);
  const errorSource = 'quadrature, tails outside the y-box, and round-off';
  // Lines of points find what is a few of them wide.
  const points = () => measureAxes(problem, box, QUADRATURE_POINTS[box.length as 2 | 3]);
  const doubt = box.length === 1 ? null : missedOnGrid(problem, x, points()).doubt;
  const [error, warnings] = doubt === null ? [mean.error, []] : [Infinity, [doubt]];
  return { value, lower: null, upper: null, error, controls, errorSource, warnings, outcome: CONVERGED };
}

function stationary(
  problem: Problem,
  options: EffectiveHamiltonianOptions,
  box: readonly Interval[],
  watch: Watch,
): Found {
  if (hasDiscreteMeasure(problem, options))
    return onRefinedGrids(problem, options, box, { read: ({ mean }) => mean, watch });
  const axes = measureAxes(problem, box, nodesOf(problem, options));
  const grid = tensorGrid(axes);
  const { x, p } = options;
  const h = cellAverages(grid, hamiltonianAt(problem, x, p), slowBreaks(problem, x));
  // Gibbs on the nodes.
  const { weights } = frozenOnBox(problem, x, axes, options.fastScheme).stationary();
  const value = weightedMean(weights, h.values);
  const onGrid = meanErrorOnGrid(problem, options.x, axes, hamiltonianAt(problem, options.x, options.p));
  const error = quadratureBound(grid, h, weights, weightBreaks(problem, x)) + onGrid.error;
  const controls = minimisationError(problem, options, grid, weights);
  const errorSource = 'quadrature on the y-nodes';
  const [lower, upper] = [value - error, value + error + controls];
  const warnings = onGrid.doubt === null ? [] : [onGrid.doubt];
  return { value, lower, upper, controls, errorSource, warnings, outcome: CONVERGED };
}

function ergodic(
  problem: Problem,
  options: EffectiveHamiltonianOptions,
  box: readonly Interval[],
  watch: Watch,
): Found {
  if (hasDiscreteMeasure(problem, options)) {
    return onRefinedGrids(problem, options, box, { read: ({ constant }) => constant, watch });
  }
  const pair = pairOn(problem, options, evenAxes(box, nodesOf(problem, options)), watch);
  return { ...withQuadrature(pair.constant, pair), errorSource: 'discrete enclosure and quadrature on the y-nodes' };
}

function pairOn(
  problem: Problem,
  { x, p, fastScheme }: EffectiveHamiltonianOptions,
  axes: readonly Axis[],
  watch: Watch,
): ErgodicCellSolution {
  return solveErgodicCell(problem, { x, p, axes, fastScheme }, watch);
}

function withQuadrature(value: number, pair: ErgodicCellSolution) {
  const { lower, upper, quadratureError, warnings, controls, outcome } = pair;
  return {
    value,
    lower: Math.min(lower, value) - quadratureError,
    upper: Math.max(upper, value) + quadratureError + controls,
    controls,
    warnings,
    outcome,
  };
}

/** On a line, or with a potential and exponential fitting, the measure of L_h is Gibbs on the nodes; else O(h²) off. */
function hasDiscreteMeasure({ fast }: Problem, options: EffectiveHamiltonianOptions): boolean {
  return fast.drift.length > 1 && (fast.kind === 'drift' || options.fastScheme === 'upwind');
}

/**
 * The value on the grid, with its change from twice the spacing in the bounds: three times an error of order h². Twice
 * the change where b jumps: there the order is 1.
 */
function onRefinedGrids(
  problem: Problem,
  options: EffectiveHamiltonianOptions,
  box: readonly Interval[],
  { read, watch }: { readonly read: (pair: ErgodicCellSolution) => number; readonly watch: Watch },
): Found {
  const nodes = nodesOf(problem, options);
  const fine = pairOn(problem, options, evenAxes(box, nodes), watch);
  const coarse = pairOn(problem, options, evenAxes(box, Math.max(5, Math.ceil(nodes / 2))), { signal: watch.signal });
  const found = withQuadrature(read(fine), fine);
  const change = Math.abs(read(fine) - read(coarse));
  const error = driftJumps(problem, options.x, fine.grid.axes) ? 2 * change : change;
  return {
    ...found,
    lower: found.lower - error,
    upper: found.upper + error,
    errorSource: 'discrete enclosure, quadrature, and O(h²) of the measure from twice the spacing',
  };
}

function nodesOf(problem: Problem, { nodes }: EffectiveHamiltonianOptions): number {
  return nodes ?? DEFAULT_NODES[dimensionsOf(problem).m];
}

function cell(problem: Problem, options: EffectiveHamiltonianOptions, box: readonly Interval[], watch: Watch): Found {
  const { x, p, fastScheme } = options;
  const reach = box.map(({ lower, upper }) => Math.max(Math.abs(lower), Math.abs(upper)));
  const radius = options.radius ?? Math.max(...reach) * BEYOND[dimensionsOf(problem).m];
  const delta = radius ** -(4 + (options.alpha ?? 0.5));
  const nodes = nodesOf(problem, options);
  const solution = solveDeltaCell(problem, { x, p, radius, delta, nodes, fastScheme }, watch);
  const found = encloseOrExplain(problem, options, solution);
  const enclosure = typeof found === 'string' ? null : found;
  const trap = solution.trap === null ? [] : [solution.trap];
  return {
    value: extrapolated(problem, { x, p, radius, delta, nodes, fastScheme }, solution),
    lower: enclosure?.lower ?? null,
    upper: enclosure?.upper ?? null,
    controls: enclosure?.controls ?? 0,
    errorSource: `discrete enclosure, quadrature on the y-nodes, mass outside the ball${
      hasDiscreteMeasure(problem, options) ? ', and O(h²) of the measure from twice the spacing' : ''
    }`,
    warnings: typeof found === 'string' ? [...trap, found] : trap,
    outcome: solution.outcome,
  };
}

/** −δω(0) = H̄ − δχ(0) + O(δ²): from δ and δ/2 without its first error, unless the process leaves the ball. */
function extrapolated(problem: Problem, options: DeltaCellOptions, solution: DeltaCellSolution): number {
  const origin = new Array<number>(dimensionsOf(problem).m).fill(0);
  const value = solution.minusDeltaOmega(origin);
  if (solution.trap !== null) return value;
  return 2 * solveOnBall(problem, { ...options, delta: options.delta / 2 }).minusDeltaOmega(origin) - value;
}
