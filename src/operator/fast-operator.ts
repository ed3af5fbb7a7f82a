/**
 * The fast generator on a tensor grid in y as directions, one per fast axis: L_h = Σ_a L_a, every L_a a birth–death
 * chain on the lines of its axis. The resolvent is taken line by line,
 *
 *   (I − κL)⁻¹ ≈ [Π_a (I − (κ/s) L_a)⁻¹]^s,   s sub-sweeps,
 *
 * monotone, and for a gradient drift every factor keeps the same Gibbs measure (locally one-dimensional splitting;
 * THEORY §2.3). As κ → ∞ it is a sweep of the Gibbs sampler, with contraction ρ² in place of 0, ρ the largest
 * correlation between fast variables under μ_x; s is chosen so that ρ^{2s} ≤ 0.1. For a drift without potential the
 * factors keep different measures and the splitting tends to a wrong one, so it is refused.
 */
import type { Axis } from '../grid/axis.ts';
import { forEachNode, tensorGrid } from '../grid/grid.ts';
import { InputError } from '../problem/input-error.ts';
import type { Coordinates, Problem } from '../problem/problem.ts';
import { type Allocate, onHeap } from './candidate-rates.ts';
import { type FastScheme, fastGenerator, scharfetterGummelRate } from './fast-generator.ts';

/** Jump rates along one fast axis; the neighbours stand `stride` fast nodes apart. */
export interface FastDirection {
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly nodes: number;
  readonly stride: number;
}

export interface FastOperator {
  /** Number of frozen slow points. */
  readonly lanes: number;
  /** Number of fast nodes, y₁ running fastest. */
  readonly nodes: number;
  readonly directions: readonly FastDirection[];
  /** s: how often the line solves of all directions are repeated in one resolvent. */
  readonly subSweeps: number;
  /** The largest total rate out of a node. */
  readonly largestRate: number;
  /** π with Σ_j π_j = 1 per frozen x. */
  stationary(): Float64Array;
}

/** Contraction of one resolvent towards the stationary measure, as κ → ∞. */
const CONTRACTION = 0.1;
/** More sub-sweeps than this are refused: variables so correlated want an unsplit solve. */
const MOST_SUB_SWEEPS = 64;

/**
 * L_h at the frozen slow points on the tensor grid of `axes`, reflecting at its sides.
 * Throws InputError for several fast variables without a potential, and for upwind rates of them.
 */
export function fastOperator(
  problem: Problem,
  slow: readonly Coordinates[],
  axes: readonly Axis[],
  options: { readonly scheme?: FastScheme; readonly allocate?: Allocate } = {},
): FastOperator {
  if (axes.length > 1) return splitOperator(problem, slow, axes, options);
  const generator = fastGenerator(problem, slow, axes[0], options);
  const { lanes, nodes, up, down, largestRate, stationary } = generator;
  return { lanes, nodes, directions: [{ up, down, nodes, stride: 1 }], subSweeps: 1, largestRate, stationary };
}

function splitOperator(
  problem: Problem,
  slow: readonly Coordinates[],
  axes: readonly Axis[],
  { scheme = 'scharfetter-gummel', allocate = onHeap }: { readonly scheme?: FastScheme; readonly allocate?: Allocate },
): FastOperator {
  const potential = potentialOf(problem, scheme);
  const grid = tensorGrid(axes);
  const lanes = slow.length;
  const directions = axes.map(
    (axis, a): FastDirection => ({
      up: allocate(lanes * grid.size),
      down: allocate(lanes * grid.size),
      nodes: axis.nodes,
      stride: grid.strides[a],
    }),
  );
  const phi = new Float64Array(grid.size);
  slow.forEach((x, lane) => {
    forEachNode(grid, (j, y) => {
      phi[j] = potential(x, y);
    });
    directions.forEach((direction, a) => {
      fillRates(direction, phi, { lane, lanes, spacing: axes[a].spacing });
    });
  });
  return {
    lanes,
    nodes: grid.size,
    directions,
    subSweeps: subSweepsFor(largestCorrelation(potential, slow, axes)),
    largestRate: largestRateOf(directions),
    stationary: () => {
      const measure = new Float64Array(lanes * grid.size);
      slow.forEach((x, lane) => {
        gibbsWeights(potential, x, axes).forEach((weight, j) => {
          measure[j * lanes + lane] = weight;
        });
      });
      return measure;
    },
  };
}

type Potential = (x: Coordinates, y: Coordinates) => number;

function potentialOf({ name, fastPotential }: Problem, scheme: FastScheme): Potential {
  if (fastPotential === undefined) {
    throw new InputError(
      `the fast drift of ${name} has no potential`,
      'its line solves would keep different measures and tend to a wrong limit as ε → 0',
      'give model.fast.potential if b is a gradient',
      'fastDrift',
    );
  }
  if (scheme === 'upwind') {
    throw new InputError(
      'upwind rates in y are for one fast variable',
      'with several they do not keep the Gibbs measure of the potential',
      'use the scheme scharfetter-gummel',
    );
  }
  return (x, y) => {
    const value = fastPotential(x, y);
    if (Number.isFinite(value)) return value;
    throw new InputError(
      `the fast potential Φ is ${value} at x = ${Array.from(x).join(', ')}, y = ${Array.from(y).join(', ')}`,
      'the formula has no finite value at this node',
      'change the formula or choose a domain on which it is finite',
      'fastPotential',
    );
  };
}

function fillRates(
  { up, down, nodes, stride }: FastDirection,
  phi: Float64Array,
  { lane, lanes, spacing }: { readonly lane: number; readonly lanes: number; readonly spacing: number },
): void {
  for (let j = 0; j < phi.length; j++) {
    if (Math.floor(j / stride) % nodes === nodes - 1) continue;
    const rise = phi[j + stride] - phi[j];
    up[j * lanes + lane] = scharfetterGummelRate(rise, spacing);
    down[(j + stride) * lanes + lane] = scharfetterGummelRate(-rise, spacing);
  }
}

/** e^−Φ on the nodes with sum 1: exactly stationary, since the rates are in detailed balance with it. */
function gibbsWeights(potential: Potential, x: Coordinates, axes: readonly Axis[]): Float64Array {
  const grid = tensorGrid(axes);
  const weights = new Float64Array(grid.size);
  forEachNode(grid, (j, y) => {
    weights[j] = potential(x, y);
  });
  const least = weights.reduce((low, value) => Math.min(low, value), Infinity);
  let total = 0;
  weights.forEach((value, j) => {
    weights[j] = Math.exp(least - value);
    total += weights[j];
  });
  return weights.map((weight) => weight / total);
}

function largestRateOf(directions: readonly FastDirection[]): number {
  let largest = 0;
  for (let k = 0; k < directions[0].up.length; k++) {
    let total = 0;
    for (const { up, down } of directions) total += up[k] + down[k];
    largest = Math.max(largest, total);
  }
  return largest;
}

function subSweepsFor(correlation: number): number {
  const wanted = correlation === 0 ? 1 : Math.ceil(Math.log(CONTRACTION) / (2 * Math.log(correlation)));
  if (wanted <= MOST_SUB_SWEEPS) return Math.max(1, wanted);
  throw new InputError(
    `fast variables are correlated up to ${correlation.toPrecision(4)} under μ_x`,
    `line solves would need ${wanted} sub-sweeps a step`,
    'take fast variables along the axes of the correlation',
    'fastPotential',
  );
}

/** Largest |correlation| of two fast variables under μ_x, over the first, middle and last slow points. */
function largestCorrelation(potential: Potential, slow: readonly Coordinates[], axes: readonly Axis[]): number {
  const picked = [0, Math.floor(slow.length / 2), slow.length - 1].map((lane) => slow[lane]);
  return picked.reduce((most, x) => Math.max(most, correlationAt(potential, x, axes)), 0);
}

function correlationAt(potential: Potential, x: Coordinates, axes: readonly Axis[]): number {
  const weights = gibbsWeights(potential, x, axes);
  const m = axes.length;
  const mean = new Float64Array(m);
  const product = new Float64Array(m * m);
  forEachNode(tensorGrid(axes), (j, y) => {
    for (let a = 0; a < m; a++) {
      mean[a] += weights[j] * y[a];
      for (let b = 0; b < m; b++) product[a * m + b] += weights[j] * y[a] * y[b];
    }
  });
  const covariance = (a: number, b: number) => product[a * m + b] - mean[a] * mean[b];
  let most = 0;
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < a; b++) {
      most = Math.max(most, Math.abs(covariance(a, b)) / Math.sqrt(covariance(a, a) * covariance(b, b)));
    }
  }
  // Round-off of the sums is no correlation.
  return most < 1e-9 ? 0 : most;
}
