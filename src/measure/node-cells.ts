/** What nodes stand for: means of a function over the cells of nodes, where smaller cells show that it changes. */
import type { Axis } from '../grid/axis.ts';
import type { Coordinates } from '../model/problem.ts';
import type { Cell } from './cells.ts';
import type { FieldCells } from './field-cells.ts';

/** A part of a cell that is all of it but for rounding. */
const WHOLE = 0.999;

/** The cell of a node: the measure of it, and the mean of the function. */
interface NodeCell {
  readonly indices: readonly number[];
  /** The cell inside whose value is farthest from that of the node. */
  farthest: number;
  mass: number;
  volume: number;
  sum: number;
}

export interface OnCells extends Omit<FieldCells, 'values'> {
  readonly values: Float64Array;
  readonly atNode: (indices: readonly number[]) => number;
  readonly valueAt: (y: Coordinates) => number;
}

/** The cells of nodes that smaller cells lie in: their mass, mean, and half the range of the means around. */
export function nodeCells(axes: readonly Axis[], on: OnCells) {
  const found = shared(axes, on);
  const meanAt = (indices: readonly number[]) => {
    const node = found.get(indices.join());
    return node === undefined || node.volume === 0 ? on.atNode(indices) : node.sum / node.volume;
  };
  return [...found.values()].map(({ indices, farthest, mass }) => {
    const mean = meanAt(indices);
    const around = axes.flatMap(({ nodes }, a) =>
      [indices[a] - 1, indices[a] + 1].filter((i) => i >= 0 && i < nodes).map((i) => meanAt(indices.with(a, i))),
    );
    const room = (Math.max(mean, ...around) - Math.min(mean, ...around)) / 2;
    return { farthest, mass, node: on.atNode(indices), mean, room };
  });
}

/** The parts of all cells that lie in cells of nodes with smaller ones inside. */
function shared(axes: readonly Axis[], { cells, mass, values, atNode, valueAt }: OnCells): Map<string, NodeCell> {
  const found = new Map<string, NodeCell>();
  cells.forEach(({ middle, half }, k) => {
    if (half.every((side, a) => side >= axes[a].spacing / 2)) return;
    const indices = axes.map(({ lower, spacing, nodes }, a) =>
      Math.min(nodes - 1, Math.max(0, Math.round((middle[a] - lower) / spacing))),
    );
    const key = indices.join();
    if (!found.has(key)) found.set(key, { indices, farthest: k, mass: 0, volume: 0, sum: 0 });
  });
  const add = (node: NodeCell, k: number) => {
    const { middle, volume: part } = sharedPart(axes, node.indices, cells[k]);
    if (part === 0) return;
    node.volume += part;
    // Of a larger cell only a part lies here, away from its middle.
    node.sum += part * (part < WHOLE * cells[k].volume ? valueAt(middle) : values[k]);
    node.mass += (mass[k] * part) / cells[k].volume;
    const distance = (cell: number) => Math.abs(values[cell] - atNode(node.indices));
    if (distance(k) > distance(node.farthest)) node.farthest = k;
  };
  cells.forEach(({ middle, half }, k) => {
    const first = axes.map(({ lower, spacing }, a) => Math.floor((middle[a] - half[a] - lower) / spacing + 0.5));
    const last = axes.map(({ lower, spacing }, a) => Math.floor((middle[a] + half[a] - lower) / spacing + 0.5));
    const count = first.reduce((product, i, a) => product * (last[a] - i + 1), 1);
    if (count > found.size) for (const node of found.values()) add(node, k);
    else
      forEachBetween(first, last, (key) => {
        const node = found.get(key);
        if (node !== undefined) add(node, k);
      });
  });
  return found;
}

/** The part of a cell that lies in that of a node. */
function sharedPart(axes: readonly Axis[], indices: readonly number[], { middle, half }: Cell): Omit<Cell, 'half'> {
  let volume = 1;
  const at = axes.map(({ lower, spacing }, a) => {
    const node = lower + indices[a] * spacing;
    const from = Math.max(node - spacing / 2, middle[a] - half[a]);
    const to = Math.min(node + spacing / 2, middle[a] + half[a]);
    volume *= Math.max(0, to - from);
    return (from + to) / 2;
  });
  return { middle: at, volume };
}

function forEachBetween(first: readonly number[], last: readonly number[], visit: (key: string) => void): void {
  const indices = [...first];
  for (;;) {
    visit(indices.join());
    let a = 0;
    while (a < indices.length && indices[a] === last[a]) {
      indices[a] = first[a];
      a++;
    }
    if (a === indices.length) return;
    indices[a]++;
  }
}
