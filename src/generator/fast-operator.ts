/**
 * The fast generator on a tensor grid in y as directions, one per fast axis: L_h = Σ_a L_a, every L_a a birth–death
 * chain on the lines of its axis. For a gradient drift the resolvent may be taken line by line,
 *
 *   (I − κL)⁻¹ ≈ [Π_a (I − (κ/s) L_a)⁻¹]^s,   s sub-sweeps,
 *
 * monotone, and every factor keeps the same Gibbs measure (locally one-dimensional splitting; docs/theory.md §4.8). For
 * a drift without potential the factors keep different measures and the splitting tends to a wrong one as κ → ∞: there
 * the resolvent is solved unsplit, in the plane of both fast axes.
 */

import { type Allocate, onHeap } from '../grid/allocate.ts';
import type { Axis } from '../grid/axis.ts';
import { type Grid, nodeColumns, tensorGrid } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import { stationaryPlanes } from '../linalg/plane-elimination.ts';
import { gibbsWeights } from '../measure/gibbs-weights.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { type FastScheme, fastGenerator, rateOf } from './fast-generator.ts';
import { driftRises, potentialRow } from './rises.ts';
import { chooseFastSolve, type FastSolve, type FastSolveChoice, requirePlane } from './splitting.ts';

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
  /** How the resolvent is taken; measured when it is first asked for. Throws InputError where no way will do. */
  readonly fastSolve: FastSolve;
  /** The largest total rate out of a node. */
  readonly largestRate: number;
  /** π with Σ_j π_j = 1 per frozen x. */
  stationary(): Float64Array;
}

export interface FastOperatorOptions extends Partial<FastSolveChoice> {
  /** Default: exponential fitting (Scharfetter, Gummel 1969). */
  readonly scheme?: FastScheme;
  readonly allocate?: Allocate;
  /** b is the same at every x: rates are computed once. */
  readonly isStill?: boolean;
}

/**
 * L_h at the frozen slow points on the tensor grid of `axes`, reflecting at its sides.
 * Throws InputError for upwind rates of several fast variables with a potential, for three without one and
 * for a way to solve that does not exist.
 */
export function fastOperator(
  problem: Problem,
  slow: readonly Coordinates[],
  axes: readonly Axis[],
  options: FastOperatorOptions = {},
): FastOperator {
  if (options.fastSolve === 'planes') requirePlane(axes.length);
  if (axes.length > 1) {
    return (problem.fast.kind === 'drift' ? planeOperator : gibbsOperator)(problem, slow, axes, options);
  }
  const generator = fastGenerator(problem, slow, axes[0], options);
  const { lanes, nodes, up, down, largestRate, stationary } = generator;
  const fastSolve = { kind: 'lines', subSweeps: 1 } as const;
  return { lanes, nodes, directions: [{ up, down, nodes, stride: 1 }], fastSolve, largestRate, stationary };
}

/** L_h of a potential on the nodes: in detailed balance with e^−Φ along every axis. */
function gibbsOperator(
  problem: Problem,
  slow: readonly Coordinates[],
  axes: readonly Axis[],
  options: FastOperatorOptions,
): FastOperator {
  const { scheme = 'scharfetter-gummel', fastSolve, room = Infinity } = options;
  if (scheme === 'upwind') {
    throw new InputError(
      'upwind rates in y are for one fast variable',
      'with several they do not keep the Gibbs measure of the potential',
      'use the scheme scharfetter-gummel',
    );
  }
  const grid = tensorGrid(axes);
  const lanes = slow.length;
  // Of a drift that is the same at every x one lane tells all.
  const distinct = options.isStill === true ? 1 : lanes;
  const potentials = potentialRow(problem, nodeColumns(grid));
  const directions = ratesOn(grid, lanes, options, (lane) => {
    const phi = potentials(slow[lane]);
    return (j, axis) => phi[j + grid.strides[axis]] - phi[j];
  });
  // Exactly stationary, since the rates are in detailed balance with e^−Φ on the nodes.
  const weightsAt = (lane: number) => gibbsWeights(potentials(slow[lane])).weights;
  let chosen: FastSolve | null = null;
  return {
    lanes,
    nodes: grid.size,
    directions,
    get fastSolve() {
      chosen ??= chooseFastSolve({ grid, lanes: distinct, weightsAt }, { fastSolve, room });
      return chosen;
    },
    largestRate: largestRateOf(directions),
    stationary: () => {
      const measure = new Float64Array(lanes * grid.size);
      for (let lane = 0; lane < distinct; lane++) {
        weightsAt(lane).forEach((weight, j) => {
          measure[j * lanes + lane] = weight;
        });
      }
      if (distinct < lanes) repeatFirst(measure, lanes);
      return measure;
    },
  };
}

/** L_h of a drift: the rise of its potential along an edge of the grid is that of −b along it. */
function planeOperator(
  problem: Problem,
  slow: readonly Coordinates[],
  axes: readonly Axis[],
  options: FastOperatorOptions,
): FastOperator {
  if (options.fastSolve === 'lines' || axes.length > 2) {
    throw new InputError(
      `the fast drift of ${problem.name} has no potential`,
      'line solves along different axes keep different measures, and unsplit solves are for at most two fast variables',
      'give model.fast.potential if b is a gradient',
      'fastDrift',
    );
  }
  const grid = tensorGrid(axes);
  const lanes = slow.length;
  const columns = nodeColumns(grid);
  const along = axes.map(({ spacing }, axis) => {
    const lengths = columns[axis].map((_, j) => (isLast(grid, j, axis) ? 0 : spacing));
    return driftRises(problem, columns, { axis, lengths });
  });
  const directions = ratesOn(grid, lanes, options, (lane) => {
    const rises = along.map((risesAt) => risesAt(slow[lane]));
    return (j, axis) => rises[axis][j];
  });
  const chains = [directions[0], directions[1]] as const;
  return {
    lanes,
    nodes: grid.size,
    directions,
    fastSolve: { kind: 'planes' },
    largestRate: largestRateOf(directions),
    stationary: () => {
      const [shape, strides] = [grid.shape, grid.strides].map(([a, b]) => [a, b] as const);
      return stationaryPlanes({ lanes, shape, strides, along: chains });
    },
  };
}

/** The rates of every axis from the rise of the potential on the way from a node to the next of an axis. */
function ratesOn(
  grid: Grid,
  lanes: number,
  { scheme = 'scharfetter-gummel', allocate = onHeap, isStill = false }: FastOperatorOptions,
  risesAt: (lane: number) => (node: number, axis: number) => number,
): FastDirection[] {
  const rate = rateOf[scheme];
  const directions = grid.shape.map((nodes, axis): FastDirection => {
    return { up: allocate(lanes * grid.size), down: allocate(lanes * grid.size), nodes, stride: grid.strides[axis] };
  });
  for (let lane = 0; lane < (isStill ? 1 : lanes); lane++) {
    const rise = risesAt(lane);
    for (const [axis, { up, down, stride }] of directions.entries()) {
      const { spacing } = grid.axes[axis];
      for (let j = 0; j < grid.size; j++) {
        if (isLast(grid, j, axis)) continue;
        const towards = rise(j, axis);
        up[j * lanes + lane] = rate(towards, spacing);
        down[(j + stride) * lanes + lane] = rate(-towards, spacing);
      }
    }
  }
  if (isStill) for (const { up, down } of directions) for (const rates of [up, down]) repeatFirst(rates, lanes);
  return directions;
}

/** Gives every lane the entries of the first. */
function repeatFirst(field: Float64Array, lanes: number): void {
  for (let k = 0; k < field.length; k += lanes) field.fill(field[k], k, k + lanes);
}

function isLast({ shape, strides }: Grid, node: number, axis: number): boolean {
  return Math.floor(node / strides[axis]) % shape[axis] === shape[axis] - 1;
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
