/** Effective drift and diffusion as sums over the nodes of one grid in y: see solvers/homogenize.ts. */
import { weightedMean } from '../../src/generator/enclosed-mean.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../../src/grid/grid.ts';
import type { Watch } from '../../src/input/watch.ts';
import { isReversible } from '../../src/model/fast-scale.ts';
import { type Coordinates, dimensionsOf, type FastField, type Problem } from '../../src/model/problem.ts';
import { isSameAtEveryX } from '../../src/model/trees.ts';
import type { Outcome } from '../../src/time/march.ts';
import { onNodes, solveErgodicCell } from '../ergodic-cell.ts';
import { stationaryMeasure } from '../invariant-measure.ts';

/** Of one grid. */
export interface EffectiveSums {
  /** F, n components. */
  readonly drift: readonly number[];
  /** A, n rows of n entries. */
  readonly diffusion: readonly (readonly number[])[];
  /** ∫g_i dμ_x, and ∫|g_i| dμ_x; none without a centred drift. */
  readonly centre: readonly number[];
  readonly size: readonly number[];
  readonly outcome: Outcome;
}

interface Place {
  readonly x: Coordinates;
  readonly u: Coordinates;
  readonly axes: readonly Axis[];
}

/** Step of central differences in x, relative to 1 + |x|: their error is about 1e-10 of the field. */
const NUDGE = 1e-5;

/** The sums at x on these nodes; errors O(h²). Throws as `solveErgodicCell` does. */
export function effectiveSums(problem: Problem, place: Place, watch: Watch): EffectiveSums {
  const { x, u, axes } = place;
  const { centredDrift = [] } = problem;
  // The fast process alone.
  const fastOnly: Problem = { ...problem, slowNoise: undefined, centredDrift: undefined };
  const cell = (integrand: (y: Coordinates) => number) =>
    solveErgodicCell(fastOnly, { x, p: Array.from(x, () => 0), axes, integrand }, watch);
  const cells = centredDrift.map((g) => cell((y) => -g(x, y)));
  const { weights, outcome } = cells[0] ?? stationaryMeasure(fastOnly, x, axes);
  const nodes: Nodes = { grid: tensorGrid(axes), weights };
  const averaged = averagedCoefficients(problem, x, u, nodes);
  const outcomes = [outcome, ...cells.map((each) => each.outcome)];
  if (centredDrift.length === 0) return { ...averaged, centre: [], size: [], outcome };
  const g = centredDrift.map((each) => onNodes(nodes.grid, (y) => each(x, y)));
  const correctors = cells.map(({ corrector }) => corrector);
  const isSelfAdjoint = dimensionsOf(problem).m === 1 || isReversible(problem);
  const drift = averaged.drift.map((mean, i) =>
    g.reduce((sum, gj, j) => {
      const source = slopeSource(problem, place, nodes.grid, [i, j], correctors[i]);
      if (isSelfAdjoint) return sum + meanProduct(weights, correctors[j], source);
      const solved = cell(
        readOff(
          nodes.grid,
          source.map((value) => -value),
        ),
      );
      outcomes.push(solved.outcome);
      return sum + meanProduct(weights, gj, solved.corrector);
    }, mean),
  );
  const diffusion = averaged.diffusion.map((row, i) =>
    row.map((mean, j) => mean + meanProduct(weights, g[i], correctors[j]) + meanProduct(weights, g[j], correctors[i])),
  );
  return {
    drift,
    diffusion,
    centre: g.map((each) => weightedMean(weights, each)),
    size: g.map((each) => weightedMean(weights, each.map(Math.abs))),
    outcome: outcomes.find(({ status }) => status !== 'converged') ?? outcome,
  };
}

/** Nodes in y with their weights, of sum 1. */
interface Nodes {
  readonly grid: Grid;
  readonly weights: Float64Array;
}

/** ∫φ dμ_x and ∫ssᵀ dμ_x. */
function averagedCoefficients(
  { slowDrift, slowNoise }: Problem,
  x: Coordinates,
  u: Coordinates,
  { grid, weights }: Nodes,
): Pick<EffectiveSums, 'drift' | 'diffusion'> {
  const drift = slowDrift.map(() => 0);
  const diffusion = slowDrift.map(() => slowDrift.map(() => 0));
  forEachNode(grid, (k, y) => {
    const weight = weights[k];
    if (weight === 0) return;
    slowDrift.forEach((phi, i) => {
      drift[i] += weight * phi(x, y, u);
    });
    const rows = (slowNoise ?? []).map((row) => row.map((s) => s(x, y, u)));
    rows.forEach((row, i) => {
      rows.forEach((other, j) => {
        diffusion[i][j] += weight * row.reduce((sum, s, c) => sum + s * other[c], 0);
      });
    });
  });
  return { drift, diffusion };
}

/** ∂_jg_i + (∂_jL)χ_i on the nodes, (∂_jL)χ = Σ_k [∂_{x_j}b_k ∂_kχ + ∂_{x_j}(r_k²/2) ∂_k²χ] by central differences. */
function slopeSource(
  problem: Problem,
  { x, axes }: Place,
  grid: Grid,
  [i, j]: readonly [number, number],
  corrector: Float64Array,
): Float64Array {
  const { centredDrift = [], fast } = problem;
  const source = onNodes(grid, slopeOf(centredDrift[i], x, j));
  const noise = fast.kind === 'drift' ? fast.noise : undefined;
  if (noise === undefined && isSameAtEveryX(problem)) return source;
  axes.forEach(({ spacing, nodes }, k) => {
    const drift = slopeOf(fast.drift[k], x, j);
    const variance = noise === undefined ? null : slopeOf((at, y) => noise[k](at, y) ** 2 / 2, x, j);
    const stride = grid.strides[k];
    forEachNode(grid, (node, y) => {
      const at = Math.floor(node / stride) % nodes;
      // Ends carry no weight; differences there stay inside.
      const [down, up] = [at === 0 ? 0 : stride, at === nodes - 1 ? 0 : stride];
      const [below, here, above] = [corrector[node - down], corrector[node], corrector[node + up]];
      source[node] += (drift(y) * (above - below)) / (((down + up) / stride) * spacing);
      if (variance !== null) source[node] += (variance(y) * (above - 2 * here + below)) / (spacing * spacing);
    });
  });
  return source;
}

/** ∂f/∂x_j at x as a function of y. */
function slopeOf(field: FastField, x: Coordinates, j: number): (y: Coordinates) => number {
  const step = NUDGE * (1 + Math.abs(x[j]));
  const [above, below] = [step, -step].map((by) => Array.from(x, (value, k) => (k === j ? value + by : value)));
  return (y) => (field(above, y) - field(below, y)) / (above[j] - below[j]);
}

/** Values on the nodes as a function that is asked at nodes alone. */
function readOff({ axes, strides }: Grid, values: Float64Array): (y: Coordinates) => number {
  return (y) =>
    values[axes.reduce((node, { lower, spacing }, a) => node + strides[a] * Math.round((y[a] - lower) / spacing), 0)];
}

function meanProduct(weights: Float64Array, a: Float64Array, b: Float64Array): number {
  return weights.reduce((sum, weight, k) => sum + weight * a[k] * b[k], 0);
}
