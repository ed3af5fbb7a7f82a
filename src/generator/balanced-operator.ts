/**
 * L_h of noise r_k(x,y) in several fast variables in detailed balance: D_k = (b_k − ∂_kα_k)/α_k is a gradient, as
 * formulas show, D = −D_yΨ (model/fast-scale.ts). Ψ on the nodes is −∫D along the axes, edge by edge from a corner,
 * and rates take their rises from it,
 *
 *   rate(j→k) = α_a(y_j) B(Θ_k − Θ_j)/h²,   Θ_k − Θ_j = Ψ_k − Ψ_j − ln α_a(y_k) + ln α_a(y_j),
 *
 * on an edge along the axis a, times a factor of the edge where corrected rates are asked for: in detailed balance with
 * e^−Ψ exactly, so that resolvents may be taken line by line.
 */
import type { Axis } from '../grid/axis.ts';
import { type Grid, nodeColumns, tensorGrid } from '../grid/grid.ts';
import { gibbsWeights } from '../measure/gibbs-weights.ts';
import type { FastScale } from '../model/fast-scale.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { alphaRow, requireEllipticAt } from './alpha-rows.ts';
import { isLast, largestRateOf, once, ratesOn, writeLane } from './fast-directions.ts';
import type { FastOperator, FastOperatorOptions } from './fast-operator-parts.ts';
import { driftRises, type RowAt } from './rises.ts';
import { chooseFastSolve, type FastSolve } from './splitting.ts';

/** Throws InputError where the noise may be 0 in the box, and where neither lines nor planes will do. */
export function balancedOperator(
  problem: Problem,
  { balanced }: FastScale,
  { slow, axes, options }: Frozen,
): FastOperator {
  requireEllipticAt(problem, slow, axes);
  const grid = tensorGrid(axes);
  const lanes = slow.length;
  const columns = nodeColumns(grid);
  const distinct = slow.slice(0, options.isStill === true ? 1 : lanes);
  const potentialOn = potentialRow(balanced, grid, columns);
  const alphaOn = axes.map((_, axis) => alphaRow(problem, columns, axis) as RowAt);
  const { scheme = 'scharfetter-gummel' } = options;
  const directions = ratesOn(grid, lanes, options, (written) => {
    for (const [lane, x] of distinct.entries()) {
      const psi = potentialOn(x);
      for (const [axis, direction] of written.entries()) {
        const alpha = alphaOn[axis](x);
        writeLane(direction, thetaRises(psi, alpha, grid, axis), { scheme, grid, axis, lane, lanes }, alpha);
      }
    }
  });
  const weightsAt = (lane: number) => gibbsWeights(potentialOn(distinct[Math.min(lane, distinct.length - 1)])).weights;
  const solving = once((): FastSolve => {
    const { fastSolve, room = Infinity } = options;
    return chooseFastSolve({ grid, lanes: distinct.length, weightsAt }, { fastSolve, room });
  });
  return {
    lanes,
    nodes: grid.size,
    directions,
    get fastSolve() {
      return solving();
    },
    largestRate: largestRateOf(directions),
    stationary: once(() => {
      const field = new Float64Array(lanes * grid.size);
      for (let lane = 0; lane < lanes; lane++) {
        weightsAt(lane).forEach((weight, j) => {
          field[j * lanes + lane] = weight;
        });
      }
      return field;
    }),
  };
}

/** At which slow points, on which axes and how the rates are wanted. */
interface Frozen {
  readonly slow: readonly Coordinates[];
  readonly axes: readonly Axis[];
  readonly options: FastOperatorOptions;
}

/** Ψ on the nodes, 0 at the first one: along the last axis, whose first nodes are reached along the one before. */
function potentialRow(balanced: Problem, grid: Grid, columns: readonly Float64Array[]): RowAt {
  const along = grid.axes.map(({ spacing }, axis) => {
    const lengths = columns[axis].map((_, j) => (isLast(grid, j, axis) ? 0 : spacing));
    return driftRises(balanced, columns, { axis, lengths });
  });
  const psi = new Float64Array(grid.size);
  return (x) => {
    const rises = along.map((row) => row(x));
    for (let j = 1; j < grid.size; j++) {
      const axis = grid.strides.findLastIndex((stride, a) => Math.floor(j / stride) % grid.shape[a] > 0);
      const before = j - grid.strides[axis];
      psi[j] = psi[before] + rises[axis][before];
    }
    return psi;
  };
}

/** The rises of Θ along the edges of an axis that start at the nodes. */
function thetaRises(psi: Float64Array, alpha: Float64Array, grid: Grid, axis: number): Float64Array {
  const stride = grid.strides[axis];
  return psi.map((value, j) =>
    isLast(grid, j, axis) ? 0 : psi[j + stride] - value - Math.log(alpha[j + stride] / alpha[j]),
  );
}
