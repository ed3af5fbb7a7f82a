/**
 * A drift of n = m = 1 as a table on a rectangle, linear along each axis between nodes and continued outside. Nodes are
 * doubled along the axis that needs it until the interpolation error, measured at points between nodes, is below the
 * tolerance; an affine drift needs 2 × 2 nodes and has no error but rounding. A drift that jumps has an error of half
 * the jump on any nodes: where refining gains nothing it ends.
 */
import { nextTask } from '../kernel/next-task.ts';
import type { Interval } from '../model/problem.ts';

/** Two fields of (x,y) at once, into `out`: (φ, b) or whatever a stepper reads. */
export type PairField = (out: Float64Array, x: number, y: number) => void;

export interface TableAxis {
  readonly lower: number;
  readonly perSpacing: number;
  readonly nodes: number;
}

export interface DriftTable {
  readonly x: TableAxis;
  readonly y: TableAxis;
  /** Entries 2(j·nx + i) and the next: the pair at node (i, j). */
  readonly values: Float64Array;
}

export interface Tabulated {
  readonly table: DriftTable;
  /** Largest distance found between the table and each of the two fields. */
  readonly error: readonly [number, number];
  /** The largest entry of each field. */
  readonly scale: readonly [number, number];
}

/** More nodes than this do not help: the table leaves the caches. */
const MOST_NODES = 2 ** 20;
/** From so many nodes on an error that falls to no less than this share, while nodes double at least, is a jump's. */
const [MANY_NODES, HARDLY_LESS] = [100, 0.75];
/** The error is looked for at three points of a cell at least, and at so many points of an axis. */
const PER_CELL = 3;
const PER_AXIS = 1000;
/** On so many lines across. */
const LINES = 17;
/** Points and lines stand off the symmetries of a box, where a drift may happen to be linear. */
const OFFSET = 0.381966;

/** Evaluations of a field between two looks at the outside world: 10 ms where one takes 10 µs. */
const BLOCK = 1000;

/** The field, with a count of its evaluations: after a block of them there is something to wait for. */
interface CountedField {
  readonly at: PairField;
  /** Null within a block. Rejects with the reason of `signal` where it is aborted. */
  pause(): Promise<void> | null;
}

function counted(field: PairField, signal: AbortSignal | undefined): CountedField {
  let count = 0;
  const look = async () => {
    await nextTask();
    signal?.throwIfAborted();
  };
  return {
    at(out, x, y) {
      count++;
      field(out, x, y);
    },
    pause() {
      if (count < BLOCK) return null;
      count = 0;
      return look();
    },
  };
}

/**
 * The table with an error below `tolerance` times the largest entry of each field, or the best within 2²⁰ nodes, or one
 * with the error of a jump. Lets the event loop run between blocks of evaluations; rejects where `signal` is aborted.
 */
export async function tabulate(
  field: PairField,
  box: readonly [Interval, Interval],
  tolerance: number,
  signal?: AbortSignal,
): Promise<Tabulated> {
  const each = counted(field, signal);
  const nodes: [number, number] = [2, 2];
  const before = [Infinity, Infinity];
  for (;;) {
    const table = await filled(each, box, nodes);
    const alongX = await defect(each, box, nodes, 0);
    const alongY = await defect(each, box, nodes, 1);
    // Linear in x between values that are linear in y: |f − IₓI_yf| ≤ sup|f − Iₓf| + sup|f − I_yf|.
    const error: [number, number] = [alongX[0] + alongY[0], alongX[1] + alongY[1]];
    const scale = largest(table);
    const excess = [alongX, alongY].map((e) => Math.max(e[0] / scale[0], e[1] / scale[1]) / tolerance);
    const axis = excess[0] >= excess[1] ? 0 : 1;
    if (!(excess[axis] > 1) || 2 * nodes[0] * nodes[1] > MOST_NODES) return { table, error, scale };
    if (nodes[axis] > MANY_NODES && excess[axis] > HARDLY_LESS * before[axis]) return { table, error, scale };
    before[axis] = excess[axis];
    // The error falls like the square of the spacing: one jump instead of many doublings.
    const wanted = Math.ceil((nodes[axis] - 1) * Math.min(16, Math.max(2, 1.1 * Math.sqrt(excess[axis])))) + 1;
    nodes[axis] = Math.min(wanted, Math.floor(MOST_NODES / nodes[1 - axis]));
  }
}

/** The table of a field on given nodes; lets the event loop run, and rejects where `signal` is aborted. */
export function tableOf(
  field: PairField,
  box: readonly [Interval, Interval],
  nodes: readonly [number, number],
  signal?: AbortSignal,
): Promise<DriftTable> {
  return filled(counted(field, signal), box, nodes);
}

async function filled(
  field: CountedField,
  box: readonly [Interval, Interval],
  nodes: readonly [number, number],
): Promise<DriftTable> {
  const [nx, ny] = nodes;
  const values = new Float64Array(2 * nx * ny);
  const pair = new Float64Array(2);
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      field.at(pair, between(box[0], i / (nx - 1)), between(box[1], j / (ny - 1)));
      values.set(pair, 2 * (j * nx + i));
      const pause = field.pause();
      if (pause !== null) await pause;
    }
  }
  return { x: tableAxis(box[0], nx), y: tableAxis(box[1], ny), values };
}

export function tableAxis({ lower, upper }: Interval, nodes: number): TableAxis {
  return { lower, perSpacing: (nodes - 1) / (upper - lower), nodes };
}

/** The pair at a point; operation by operation what src/kernel/wasm/assembly/paths.ts does. Does not allocate. */
export function interpolate(out: Float64Array, { x, y, values }: DriftTable, atX: number, atY: number): void {
  const px = (atX - x.lower) * x.perSpacing;
  const py = (atY - y.lower) * y.perSpacing;
  const i = cellOf(px, x.nodes);
  const j = cellOf(py, y.nodes);
  for (let c = 0; c < 2; c++) {
    const corner = 2 * (j * x.nodes + i) + c;
    const across = corner + 2 * x.nodes;
    const lower = values[corner] + (px - i) * (values[corner + 2] - values[corner]);
    const upper = values[across] + (px - i) * (values[across + 2] - values[across]);
    out[c] = lower + (py - j) * (upper - lower);
  }
}

/** The cell of a position, the first or last one outside; 0 for no number. */
export function cellOf(position: number, nodes: number): number {
  const cell = Math.floor(position);
  return cell > 0 ? Math.min(cell, nodes - 2) : 0;
}

function between({ lower, upper }: Interval, share: number): number {
  return share === 1 ? upper : lower + (upper - lower) * share;
}

/** Largest distance found of the field from its linear interpolation along one axis, on lines anywhere across. */
async function defect(
  field: CountedField,
  box: readonly [Interval, Interval],
  nodes: readonly [number, number],
  axis: 0 | 1,
) {
  const cells = nodes[axis] - 1;
  const perCell = Math.max(PER_CELL, Math.ceil(PER_AXIS / cells));
  const found: [number, number] = [0, 0];
  const [left, right, exact] = [0, 1, 2].map(() => new Float64Array(2));
  for (let line = 0; line <= LINES; line++) {
    const across = between(box[1 - axis], line === LINES ? 1 : line === 0 ? 0 : (line - OFFSET) / LINES);
    const at = (out: Float64Array, share: number) => {
      const along = between(box[axis], share);
      if (axis === 0) field.at(out, along, across);
      else field.at(out, across, along);
    };
    at(right, 0);
    for (let cell = 0; cell < cells; cell++) {
      const pause = field.pause();
      if (pause !== null) await pause;
      left.set(right);
      at(right, (cell + 1) / cells);
      for (let k = 0; k < perCell; k++) {
        const share = (k + OFFSET) / perCell;
        at(exact, (cell + share) / cells);
        for (const c of [0, 1]) {
          found[c] = Math.max(found[c], Math.abs(exact[c] - left[c] - share * (right[c] - left[c])));
        }
      }
    }
  }
  return found;
}

function largest({ values }: DriftTable): [number, number] {
  const scale: [number, number] = [0, 0];
  for (let k = 0; k < values.length; k++) scale[k % 2] = Math.max(scale[k % 2], Math.abs(values[k]));
  // A field that is 0 on all nodes is taken to be of size 1.
  return [scale[0] || 1, scale[1] || 1];
}
