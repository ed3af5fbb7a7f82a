/**
 * D_xV of a computed value function as a function of (t,x,y), n, m ≤ 2, and the feedback it gives,
 *
 *   ν(t,x,y) ∈ argmin_{u∈U} [φ(x,y,u)·D_xV(T−t,x,y) + ℓ(x,y,u)],
 *
 * with tr(a D²_xV), a = ½ssᵀ, beside it where the control is in the noise of x; minimised as in H. Derivatives are
 * central differences on the nodes and multilinear between them; φ, s and ℓ are taken at the point itself, so the
 * control that is simulated is admissible everywhere and its cost is no less than Vᵉ. (Interpolating the closed-loop
 * drift would smear its kink where u switches, and be faster than any control can be.) A value without y, the limit v,
 * gives the limit feedback ν̂.
 */

import { noiseSeesControl } from '../control/noise-rates.ts';
import { minimumOver } from '../control/pointwise-minimum.ts';
import type { Grid } from '../grid/grid.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../model/problem.ts';
import { curvatureEntries, withTraceInCost } from './controlled-noise.ts';
import { cellOf } from './drift-table.ts';
import type { ControlLaw } from './path-system.ts';

/** Slopes for equally long windows of time. */
export interface ValueSlopes {
  readonly horizon: number;
  readonly grid: Grid;
  /** Per window and slow axis the field ∂V/∂x_i on the nodes. */
  readonly windows: readonly (readonly Float64Array[])[];
  /** Per window the entries of D²_xV in the order of curvatureEntries, where the control is in the noise of x. */
  readonly curvatures?: readonly (readonly Float64Array[])[];
}

/** The slopes of values on x × y nodes, or on x nodes only, given in the order of the windows. */
export function valueSlopes(problem: Problem, grid: Grid, values: readonly Float64Array[]): ValueSlopes {
  const { horizon, slowDrift } = problem;
  const windows = values.map((value) => slowDrift.map((_, i) => slopeAlong(grid, value, i)));
  if (!noiseSeesControl(problem)) return { horizon, grid, windows };
  const entries = curvatureEntries(slowDrift.length);
  const curvature = (value: Float64Array, k: number) =>
    entries.map(([i, j]) => (i === j ? curvatureAlong(grid, value, i) : slopeAlong(grid, windows[k][i], j)));
  return { horizon, grid, windows, curvatures: values.map(curvature) };
}

/** ∂²V/∂x_i² on the nodes: central differences, at an end that of its neighbour. */
function curvatureAlong({ shape, strides, axes }: Grid, value: Float64Array, i: number): Float64Array {
  const [nodes, stride] = [shape[i], strides[i]];
  return value.map((_, k) => {
    const place = Math.floor(k / stride) % nodes;
    const at = k + stride * (place === 0 ? 1 : place === nodes - 1 ? -1 : 0);
    return (value[at + stride] - 2 * value[at] + value[at - stride]) / axes[i].spacing ** 2;
  });
}

/** ∂V/∂x_i on the nodes: central differences, one-sided at the ends. */
export function slopeAlong({ shape, strides, axes }: Grid, value: Float64Array, i: number): Float64Array {
  const [stride, { spacing }] = [strides[i], axes[i]];
  const lines = shape[i] * stride;
  const slope = new Float64Array(value.length);
  const along = (from: number, to: number, down: number, up: number) => {
    const width = ((down + up) / stride) * spacing;
    for (let k = from; k < to; k++) slope[k] = (value[k + up] - value[k - down]) / width;
  };
  for (let first = 0; first < value.length; first += lines) {
    const end = first + lines;
    along(first, first + stride, 0, stride);
    along(first + stride, end - stride, stride, stride);
    along(end - stride, end, stride, 0);
  }
  return slope;
}

/** The window of a time; a hair of slack keeps a time at the seam in the later one, whatever its rounding. */
export function windowAt(horizon: number, windows: number, t: number): number {
  return Math.min(Math.max(Math.floor((t / horizon) * windows + 1e-9), 0), windows - 1);
}

/** ν as a function of (t,x,y). */
export function argminLaw(problem: Problem, slopes: ValueSlopes): ControlLaw {
  const { horizon, grid, windows, curvatures } = slopes;
  if (curvatures !== undefined) return argminWithNoise(problem, slopes, curvatures);
  const { leastAt } = minimumOver(problem);
  const slope = new Float64Array(dimensionsOf(problem).n);
  const point = new Float64Array(grid.axes.length);
  const read = multilinear(grid);
  return (t, x, y) => {
    for (let a = 0; a < point.length; a++) point[a] = a < x.length ? x[a] : y[a - x.length];
    read(slope, windows[windowAt(horizon, windows.length, t)], point);
    return leastAt(x, y, slope).control;
  };
}

/** The argmin with tr(a D²_xV). */
function argminWithNoise(
  problem: Problem,
  { horizon, grid, windows }: ValueSlopes,
  curvatures: NonNullable<ValueSlopes['curvatures']>,
): ControlLaw {
  const { leastAt } = minimumOver(withTraceInCost(problem));
  const { n, m } = dimensionsOf(problem);
  const [slope, second] = [new Float64Array(n), new Float64Array(curvatures[0].length)];
  const point = new Float64Array(grid.axes.length);
  const beside = new Float64Array(m + second.length);
  const read = multilinear(grid);
  return (t, x, y) => {
    for (let a = 0; a < point.length; a++) point[a] = a < n ? x[a] : y[a - n];
    const window = windowAt(horizon, windows.length, t);
    read(slope, windows[window], point);
    read(second, curvatures[window], point);
    for (let k = 0; k < m; k++) beside[k] = y[k];
    beside.set(second, m);
    return leastAt(x, beside, slope).control;
  };
}

/** The corners of the cell around a point, and their weights in a multilinear interpolation continued outside. */
export interface Corners {
  readonly nodes: Int32Array;
  readonly weights: Float64Array;
  /** Moves to the cell of a point. */
  moveTo(point: Coordinates): void;
}

/** Corners on a grid; moving them does not allocate. */
export function cornersOn({ axes, strides }: Grid): Corners {
  const count = 2 ** axes.length;
  const nodes = new Int32Array(count);
  const weights = new Float64Array(count);
  const shares = new Float64Array(axes.length);
  const moveTo = (point: Coordinates) => {
    let first = 0;
    for (let a = 0; a < axes.length; a++) {
      const position = (point[a] - axes[a].lower) / axes[a].spacing;
      const cell = cellOf(position, axes[a].nodes);
      shares[a] = position - cell;
      first += cell * strides[a];
    }
    for (let corner = 0; corner < count; corner++) {
      let [weight, k] = [1, first];
      for (let a = 0; a < axes.length; a++) {
        const upper = (corner >> a) & 1;
        weight *= upper === 1 ? shares[a] : 1 - shares[a];
        k += upper * strides[a];
      }
      nodes[corner] = k;
      weights[corner] = weight;
    }
  };
  return { nodes, weights, moveTo };
}

/** Several fields at a point, linear along every axis and continued outside; does not allocate. */
export function multilinear(grid: Grid) {
  const { nodes, weights, moveTo } = cornersOn(grid);
  return (out: Float64Array, fields: readonly Float64Array[], point: Coordinates): void => {
    moveTo(point);
    out.fill(0);
    for (let c = 0; c < nodes.length; c++) {
      for (let i = 0; i < fields.length; i++) out[i] += weights[c] * fields[i][nodes[c]];
    }
  };
}
