/**
 * The fast generator on a tensor grid in y as directions, one per fast axis: L_h = Σ_a L_a, every L_a a birth–death
 * chain on the lines of its axis. For a gradient drift the resolvent may be taken line by line,
 *
 *   (I − κL)⁻¹ ≈ [Π_a (I − (κ/s) L_a)⁻¹]^s,   s sub-sweeps,
 *
 * monotone, and every factor keeps the same Gibbs measure (locally one-dimensional splitting; docs/theory.md §4.8), and
 * so for noise in detailed balance (balanced-operator.ts). For
 * a drift without potential the factors keep different measures and the splitting tends to a wrong one as κ → ∞: there
 * the resolvent is solved unsplit, in the plane of both fast axes.
 */

import type { Axis } from '../grid/axis.ts';
import { type Grid, nodeColumns, tensorGrid } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import { stationaryPlanes } from '../linalg/plane-elimination.ts';
import { gibbsWeights } from '../measure/gibbs-weights.ts';
import { fastScale } from '../model/fast-scale.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { alphaRow, requireEllipticAt } from './alpha-rows.ts';
import { balancedOperator } from './balanced-operator.ts';
import { driftFactor } from './drift-factors.ts';
import { type FastDirection, isLast, largestRateOf, once, ratesOn, repeated, writeLane } from './fast-directions.ts';
import { type FastScheme, fastGenerator, rateOf } from './fast-generator.ts';
import type { FastOperator, FastOperatorOptions } from './fast-operator-parts.ts';
import { potentialField, toGibbsWeights } from './gibbs-field.ts';
import { potentialRow, risesAlike, thetaRises } from './rises.ts';
import { chooseFastSolve, type FastSolve, requirePlane } from './splitting.ts';

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
    if (problem.fast.kind === 'potential') return gibbsOperator(problem, slow, axes, options);
    const scale = fastScale(problem);
    const isBalanced = scale?.isGradient === true && options.scheme !== 'upwind';
    return isBalanced
      ? balancedOperator(problem, scale, { slow, axes, options })
      : planeOperator(problem, slow, axes, options);
  }
  const generator = fastGenerator(problem, slow, axes[0], options);
  const { lanes, nodes, up, down, largestRate, stationary } = generator;
  const fastSolve = { kind: 'lines', subSweeps: 1 } as const;
  const directions = [{ up, down, nodes, stride: 1 }];
  return { lanes, nodes, directions, fastSolve, largestRate, stationary: once(stationary) };
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
  const points = slow.slice(0, distinct);
  const phi = potentialField(problem, points, grid);
  const alike = axes.map((_, axis) => risesAlike(problem, axis));
  const directions = ratesOn(grid, lanes, { ...options, alike }, (written) =>
    writeGibbsRates(written, { phi, grid, lanes, scheme }),
  );
  const potentials = potentialRow(problem, nodeColumns(grid));
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
    // Exactly stationary, since the rates are in detailed balance with e^−Φ on the nodes.
    stationary: once(() => {
      toGibbsWeights(phi, distinct);
      return distinct === lanes ? phi : repeated(phi, lanes);
    }),
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
  requireEllipticAt(problem, slow, axes);
  const along = axes.map(({ spacing }, axis) => {
    const lengths = columns[axis].map((_, j) => (isLast(grid, j, axis) ? 0 : spacing));
    return { rises: thetaRises(problem, columns, { axis, lengths }), alpha: alphaRow(problem, columns, axis) };
  });
  const distinct = slow.slice(0, options.isStill === true ? 1 : lanes);
  const { scheme = 'scharfetter-gummel' } = options;
  const directions = ratesOn(grid, lanes, options, (written) => {
    for (const [lane, x] of distinct.entries()) {
      for (const [axis, direction] of written.entries())
        writeLane(direction, along[axis].rises(x), { scheme, grid, axis, lane, lanes }, along[axis].alpha?.(x));
    }
  });
  const chains = [directions[0], directions[1]] as const;
  return {
    lanes,
    nodes: grid.size,
    directions,
    fastSolve: { kind: 'planes' },
    largestRate: largestRateOf(directions),
    stationary: once(() => {
      const [shape, strides] = [grid.shape, grid.strides].map(([a, b]) => [a, b] as const);
      return stationaryPlanes({ lanes, shape, strides, along: chains });
    }),
  };
}

interface GibbsField {
  /** Φ on the nodes of all lanes, or of the first one. */
  readonly phi: Float64Array;
  readonly grid: Grid;
  readonly lanes: number;
  readonly scheme: FastScheme;
}

/** Rates from the rises of Φ along the edges; of lines that are alike those of the first one. */
function writeGibbsRates(directions: readonly FastDirection[], { phi, grid, lanes, scheme }: GibbsField): void {
  const rate = rateOf[scheme];
  const written = phi.length / grid.size;
  for (const [axis, { up, down, stride, nodes, alike }] of directions.entries()) {
    const { spacing } = grid.axes[axis];
    const step = stride * written;
    for (let j = 0; j < grid.size; j++) {
      if (isLast(grid, j, axis)) continue;
      const first = (Math.floor(j / stride) % nodes) * stride;
      if (alike === true && first < j) {
        up.copyWithin(j * lanes, first * lanes, (first + 1) * lanes);
        down.copyWithin((j + stride) * lanes, (first + stride) * lanes, (first + stride + 1) * lanes);
        continue;
      }
      const edge = Math.floor(j / stride) % nodes;
      const isBent = scheme === 'corrected' && edge > 0 && edge < nodes - 2;
      for (let lane = 0; lane < written; lane++) {
        const at = j * written + lane;
        const rise = phi[at + step] - phi[at];
        const factor = isBent ? driftFactor(phi[at] - phi[at - step], rise, phi[at + 2 * step] - phi[at + step]) : 1;
        up[j * lanes + lane] = factor * rate(rise, spacing);
        down[(j + stride) * lanes + lane] = factor * rate(-rise, spacing);
      }
    }
  }
}
