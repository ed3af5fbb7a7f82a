/** What nodes in R^m see of a function around a point: four values along every axis, taken when they are asked for. */
import { type Axis, coordinate } from '../grid/axis.ts';
import { tensorGrid } from '../grid/grid.ts';
import { lagrangeWeights } from '../grid/grid-function.ts';
import type { Coordinates } from '../model/problem.ts';

/** What the nodes around a point say. */
export interface Seen {
  /** The tensor product of cubics through them. */
  readonly cubic: number;
  /** The range of their values, and of those at the corners of the cell the point is in. */
  readonly range: readonly [number, number];
  readonly corners: readonly [number, number];
  /** The largest second differences along the axes, summed. */
  readonly bend: number;
}

/** Nodes whose values are kept. */
const KEPT = 2 ** 22;

/** The values at nodes by their indices. */
export function nodeValues(
  axes: readonly Axis[],
  f: (y: Coordinates) => number,
): (indices: readonly number[]) => number {
  const { strides, size } = tensorGrid(axes);
  const known = new Float64Array(size <= KEPT ? size : 0);
  const isKnown = new Uint8Array(known.length);
  const y = new Float64Array(axes.length);
  return (indices) => {
    let place = 0;
    for (let a = 0; a < axes.length; a++) place += strides[a] * indices[a];
    if (isKnown[place] === 1) return known[place];
    for (let a = 0; a < axes.length; a++) y[a] = coordinate(axes[a], indices[a]);
    const value = f(y);
    if (place < known.length) [known[place], isKnown[place]] = [value, 1];
    return value;
  };
}

/** What nodes with these values see around a point of their box. */
export function seenBy(axes: readonly Axis[], valueAt: (indices: readonly number[]) => number) {
  const m = axes.length;
  const counts = axes.map(({ nodes }) => Math.min(4, nodes));
  const strides = counts.map((_, a) => counts.slice(0, a).reduce((product, count) => product * count, 1));
  const block = new Float64Array(counts.reduce((product, count) => product * count, 1));
  const indices = new Array<number>(m).fill(0);
  const weights = counts.map((count) => new Float64Array(count));
  const cornerAt = new Array<number>(m).fill(0);
  return (y: Coordinates): Seen => {
    const first = axes.map(({ lower, spacing, nodes }, a) => {
      const cell = Math.min(Math.max(Math.floor((y[a] - lower) / spacing), 0), nodes - 2);
      const from = Math.min(Math.max(cell - 1, 0), nodes - counts[a]);
      cornerAt[a] = cell - from;
      lagrangeWeights(weights[a], from, (y[a] - lower) / spacing);
      return from;
    });
    let [cubic, least, most, low, high] = [0, Infinity, -Infinity, Infinity, -Infinity];
    for (let k = 0; k < block.length; k++) {
      let [weight, isCorner] = [1, true];
      for (let a = 0; a < m; a++) {
        const i = Math.floor(k / strides[a]) % counts[a];
        indices[a] = first[a] + i;
        weight *= weights[a][i];
        isCorner &&= i === cornerAt[a] || i === cornerAt[a] + 1;
      }
      const value = valueAt(indices);
      block[k] = value;
      if (weight !== 0) cubic += weight * value;
      [least, most] = [Math.min(least, value), Math.max(most, value)];
      if (isCorner) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
    return { cubic, range: [least, most], corners: [low, high], bend: bendOf(block, counts, strides) };
  };
}

function bendOf(block: Float64Array, counts: readonly number[], strides: readonly number[]): number {
  let sum = 0;
  for (let a = 0; a < counts.length; a++) {
    let largest = 0;
    for (let k = 0; k < block.length; k++) {
      const i = Math.floor(k / strides[a]) % counts[a];
      if (i === 0 || i === counts[a] - 1) continue;
      largest = Math.max(largest, Math.abs(block[k + strides[a]] - 2 * block[k] + block[k - strides[a]]));
    }
    sum += largest;
  }
  return sum;
}
