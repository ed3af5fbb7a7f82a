/** Wells of a potential in R^m, m = 2, 3: local minima on a lattice, followed down by turns along the axes. */
import { uniformAxis } from '../grid/axis.ts';
import { forEachNode, nodeCoordinates, tensorGrid } from '../grid/grid.ts';
import { goldenSection } from '../grid/quadrature.ts';
import type { Coordinates, FastField, Interval } from '../model/problem.ts';

/** Points per axis of the lattice. */
export const LATTICE = { 2: 201, 3: 41 } as const;
/** The deepest minima of the lattice that are followed, how many turns, and shrinkings of the bracket in each. */
const [MOST, TURNS, STEPS] = [64, 4, 30];

export interface Well {
  readonly at: readonly number[];
  readonly value: number;
}

/** The wells of Φ(x,·) in the box, the deepest first; those narrower than the lattice may be missed. */
export function wellsIn(potential: FastField, x: Coordinates, box: readonly Interval[]): Well[] {
  const nodes = LATTICE[box.length as 2 | 3];
  const grid = tensorGrid(box.map(({ lower, upper }, a) => uniformAxis(`y${a + 1}`, lower, upper, nodes)));
  const values = new Float64Array(grid.size);
  forEachNode(grid, (j, y) => {
    values[j] = potential(x, y);
  });
  const isLow = (j: number) =>
    grid.strides.every((stride) => {
      const k = Math.floor(j / stride) % nodes;
      return (k === 0 || values[j] <= values[j - stride]) && (k === nodes - 1 || values[j] < values[j + stride]);
    });
  const lows = Array.from(values.keys())
    .filter(isLow)
    .sort((i, j) => values[i] - values[j]);
  const wells = lows.slice(0, MOST).map((j) => {
    const y = new Float64Array(box.length);
    nodeCoordinates(y, grid, j);
    return followedDown(
      potential,
      x,
      { y, value: values[j] },
      grid.axes.map(({ spacing }) => spacing),
    );
  });
  return wells.sort((a, b) => a.value - b.value);
}

/** From a point down by turns along the axes, in brackets of these sizes. */
export function followedDown(
  potential: FastField,
  x: Coordinates,
  start: { readonly y: Float64Array; readonly value: number },
  spacings: readonly number[],
): Well {
  const { y } = start;
  let value = start.value;
  for (let turn = 0; turn < TURNS; turn++) {
    for (let a = 0; a < y.length; a++) {
      const from = y[a];
      const along = (z: number) => {
        y[a] = z;
        return potential(x, y);
      };
      const found = goldenSection(along, from - spacings[a], from + spacings[a], STEPS);
      y[a] = found.value < value ? found.at : from;
      value = Math.min(value, found.value);
    }
  }
  return { at: Array.from(y), value };
}
