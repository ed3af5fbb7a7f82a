/**
 * Slopes of an operator with respect to every node, by coloured probes: nodes farther apart than twice the reach are
 * raised at once, so that every changed value has one raised node to answer for it (Curtis, Powell, Reid 1974).
 */
import type { Grid } from '../grid/grid.ts';
import type { FieldMap, Reach } from './certificate-operators.ts';

/** The least slope (S(V + h e_l) − S(V))_k / h found. */
export interface LeastSlope {
  readonly slope: number;
  /** Index k of the node and l of the neighbour raised. */
  readonly node: number;
  readonly neighbour: number;
}

/** What is probed: the map, its reach, and the nodes left out. */
export interface Probed {
  readonly map: FieldMap;
  readonly reach: Reach;
  readonly slow: Grid;
  /** Values per slow node. */
  readonly rows: number;
  readonly leftOut: (node: number) => boolean;
}

/** The least slope of the map at V when nodes are raised by h; slope NaN where a value is not finite. */
export async function leastSlope(probed: Probed, V: Float64Array, h: number): Promise<LeastSlope> {
  const before = await probed.map(V);
  let least: LeastSlope = { slope: Infinity, node: 0, neighbour: 0 };
  for (const colour of coloursOf(probed)) {
    const raised = V.slice();
    forEachOf(probed, colour, (l) => {
      raised[l] += h;
    });
    const after = await probed.map(raised);
    for (let k = 0; k < after.length; k++) {
      const slope = (after[k] - before[k]) / h;
      if (slope >= least.slope || probed.leftOut(k)) continue;
      least = { slope, node: k, neighbour: raisedNear(probed, colour, k) };
      if (Number.isNaN(slope)) return least;
    }
  }
  return least;
}

/** Positions modulo a period, per axis: slow axes first, then y. */
interface Colour {
  readonly offset: readonly number[];
  readonly period: readonly number[];
}

function coloursOf({ reach, slow, rows }: Probed): Colour[] {
  const shape = [...slow.shape, rows];
  const cells = [...reach.slow, reach.fast === 'line' ? rows : reach.fast];
  const period = shape.map((nodes, axis) => Math.min(2 * cells[axis] + 1, nodes));
  let offsets: number[][] = [[]];
  for (const count of period) {
    offsets = offsets.flatMap((offset) => Array.from({ length: count }, (_, c) => [...offset, c]));
  }
  return offsets.map((offset) => ({ offset, period }));
}

function forEachOf({ slow, rows }: Probed, { offset, period }: Colour, visit: (node: number) => void): void {
  const shape = [...slow.shape, rows];
  const strides = [...slow.strides, slow.size];
  const descend = (axis: number, node: number): void => {
    if (axis < 0) {
      visit(node);
      return;
    }
    for (let i = offset[axis]; i < shape[axis]; i += period[axis]) descend(axis - 1, node + i * strides[axis]);
  };
  descend(shape.length - 1, 0);
}

/** The raised node nearest to node k along every axis. */
function raisedNear({ slow, rows }: Probed, { offset, period }: Colour, k: number): number {
  const shape = [...slow.shape, rows];
  const strides = [...slow.strides, slow.size];
  return shape.reduce((node, nodes, axis) => {
    const position = Math.floor(k / strides[axis]) % nodes;
    const nearest = offset[axis] + period[axis] * Math.round((position - offset[axis]) / period[axis]);
    const inside = nearest < 0 ? nearest + period[axis] : nearest >= nodes ? nearest - period[axis] : nearest;
    return node + inside * strides[axis];
  }, 0);
}
