/**
 * The nodes of a uniform grid inside the ball |y| < radius of R^m, with arms to their neighbours or, cut short, to the
 * sphere (Shortley, Weller 1938).
 *
 * The grid is the lattice −radius + k·spacing per axis, `across` nodes on a diameter, both ends included.
 * A node closer than 1e-10 spacings to the sphere belongs to the sphere.
 */
import { type Axis, coordinate, uniformAxis } from './axis.ts';
import type { ConnectedNodes } from './connected-nodes.ts';
import { type Grid, tensorGrid } from './grid.ts';

export interface Ball extends ConnectedNodes {
  readonly radius: number;
  readonly spacing: number;
  /** The tensor grid on the cube around the ball. */
  readonly grid: Grid;
  /** Cube node of every node. */
  readonly cubeNodes: Int32Array;
}

/** Distance to the sphere, in spacings, below which a node counts as on it. */
const ON_SPHERE = 1e-10;

/** The ball with `across` ≥ 5 nodes on every diameter along an axis. Throws RangeError if it is empty. */
export function ballInSpace(dimension: number, radius: number, across: number): Ball {
  if (!(radius > 0) || across < 5) throw new RangeError(`ball of radius ${radius} with ${across} nodes across`);
  const names = dimension === 1 ? ['y'] : Array.from({ length: dimension }, (_, a) => `y${a + 1}`);
  const axes = names.map((name) => uniformAxis(name, -radius, radius, across));
  const grid = tensorGrid(axes);
  const spacing = axes[0].spacing;
  const { numbers, cubeNodes } = numbered(grid, radius - ON_SPHERE * spacing);
  const size = cubeNodes.length;
  const positions = new Int32Array(size * dimension);
  const neighbours = new Int32Array(2 * size * dimension);
  const arms = new Float64Array(2 * size * dimension);
  const points = new Float64Array(size * dimension);
  for (let i = 0; i < size; i++) {
    for (let a = 0; a < dimension; a++) {
      const k = Math.floor(cubeNodes[i] / grid.strides[a]) % across;
      positions[i * dimension + a] = k;
      points[i * dimension + a] = coordinate(axes[a], k);
    }
    const point = points.subarray(i * dimension, (i + 1) * dimension);
    for (let a = 0; a < dimension; a++) {
      for (const side of [0, 1]) {
        const slot = 2 * (i * dimension + a) + side;
        neighbours[slot] = numbers[cubeNodes[i] + (side === 0 ? -1 : 1) * grid.strides[a]];
        arms[slot] = neighbours[slot] >= 0 ? spacing : distanceToSphere(point, a, side === 0 ? -1 : 1, radius);
      }
    }
  }
  const nodes = { dimension, size, grid, points, positions, neighbours, arms, boundary: 'absorbing' as const };
  return { ...nodes, radius, spacing, cubeNodes };
}

function numbered(cube: Grid, reach: number): { numbers: Int32Array; cubeNodes: Int32Array } {
  const numbers = new Int32Array(cube.size).fill(-1);
  const squares = cube.axes.map((axis: Axis) =>
    Float64Array.from({ length: axis.nodes }, (_, k) => coordinate(axis, k) ** 2),
  );
  const inside: number[] = [];
  for (let node = 0; node < cube.size; node++) {
    let [rest, square] = [node, 0];
    for (let a = 0; a < squares.length; a++) {
      square += squares[a][rest % cube.shape[a]];
      rest = Math.floor(rest / cube.shape[a]);
    }
    if (square < reach * reach) {
      numbers[node] = inside.length;
      inside.push(node);
    }
  }
  return { numbers, cubeNodes: Int32Array.from(inside) };
}

/** From a point inside along ±e_axis to the sphere; √(n² − |y'|²) ∓ y_axis, y' the other coordinates. */
function distanceToSphere(point: Float64Array, axis: number, side: 1 | -1, radius: number): number {
  let square = radius * radius;
  for (let a = 0; a < point.length; a++) if (a !== axis) square -= point[a] * point[a];
  return Math.sqrt(square) - side * point[axis];
}
