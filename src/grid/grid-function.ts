import { InputError } from '../input/input-error.ts';
import { coordinate } from './axis.ts';
import type { Grid } from './grid.ts';

/** Values on the nodes of a grid. */
export interface GridFunction {
  readonly grid: Grid;
  /** values[k] at node k, first axis fastest: node (i₁, i₂, …) is k = Σ_a i_a·strides[a]. */
  readonly values: Float64Array;
}

/** A number for every axis, by its name: { x: 1, y: 0 }. */
export type NamedPoint = Readonly<Record<string, number>>;

/** The numbers in the order of the axes. Throws InputError for a name that is missing and for one that is no axis. */
export function pointOn(axes: readonly string[], point: NamedPoint): number[] {
  const missing = axes.find((name) => !Object.hasOwn(point, name));
  const foreign = Object.keys(point).find((name) => !axes.includes(name));
  if (missing === undefined && foreign === undefined) return axes.map((name) => point[name]);
  const fact = foreign === undefined ? `${missing} is missing` : `${foreign} is not the name of an axis`;
  throw new InputError(fact, `the axes are ${axes.join(', ')}`, 'give one number for each of them');
}

/**
 * The value at a point inside the grid by tensor-product Lagrange interpolation of degree `degree` along every axis
 * (1 is monotone; 3, the default, has error O(h⁴) for smooth functions). Exact for polynomials of that degree. Point
 * and degrees go by the names of the axes, { x: 1, y: 0 }, or are lists in their order. Throws RangeError if the point
 * lies outside, and InputError for names that are not those of the axes.
 */
export function sample(
  f: GridFunction,
  point: ArrayLike<number> | NamedPoint,
  degree: readonly number[] | NamedPoint = f.grid.axes.map(() => 3),
): number {
  const inOrder = (given: ArrayLike<number> | NamedPoint) =>
    isList(given)
      ? given
      : pointOn(
          f.grid.axes.map(({ name }) => name),
          given,
        );
  return sampleAt(f, inOrder(point), inOrder(degree));
}

function isList(given: ArrayLike<number> | NamedPoint): given is ArrayLike<number> {
  return Array.isArray(given) || ArrayBuffer.isView(given);
}

function sampleAt(f: GridFunction, point: ArrayLike<number>, degree: ArrayLike<number>): number {
  const stencils = f.grid.axes.map((axis, a) => {
    const position = (point[a] - axis.lower) / axis.spacing;
    if (!(position >= -1e-9 && position <= axis.nodes - 1 + 1e-9)) {
      throw new RangeError(`${axis.name} = ${point[a]} lies outside [${axis.lower}, ${axis.upper}]`);
    }
    const points = Math.min(degree[a] + 1, axis.nodes);
    const centred = Math.floor(position) - Math.floor((points - 1) / 2);
    const first = Math.min(Math.max(centred, 0), axis.nodes - points);
    return lagrangeWeights(new Array<number>(points).fill(0), first, position).map((weight, k) => ({
      weight,
      offset: (first + k) * f.grid.strides[a],
    }));
  });
  const sum = (axis: number, offset: number): number =>
    axis < 0
      ? f.values[offset]
      : stencils[axis].reduce(
          (total, entry) => (entry.weight === 0 ? total : total + entry.weight * sum(axis - 1, offset + entry.offset)),
          0,
        );
  return sum(stencils.length - 1, 0);
}

/** Lagrange weights of the nodes first, first+1, … (unit spacing) at `position`, as many as `weights` has entries. */
export function lagrangeWeights<Weights extends number[] | Float64Array>(
  weights: Weights,
  first: number,
  position: number,
): Weights {
  for (let k = 0; k < weights.length; k++) {
    let weight = 1;
    for (let l = 0; l < weights.length; l++) if (l !== k) weight *= (position - first - l) / (k - l);
    weights[k] = weight;
  }
  return weights;
}

/** The indices of the nodes with every coordinate inside the box; the compact set K of an error norm. */
export function nodesInside(grid: Grid, lower: readonly number[], upper: readonly number[]): Int32Array {
  const ranges = grid.axes.map((axis, a) => {
    const slack = 1e-9 * axis.spacing;
    return Array.from({ length: axis.nodes }, (_, i) => i).filter(
      (i) => coordinate(axis, i) >= lower[a] - slack && coordinate(axis, i) <= upper[a] + slack,
    );
  });
  let indices = [0];
  for (let a = grid.axes.length - 1; a >= 0; a--) {
    indices = indices.flatMap((base) => ranges[a].map((i) => base + i * grid.strides[a]));
  }
  return Int32Array.from(indices).sort();
}
