/**
 * Whether the nodes of a grid in (x,y), m = 1, hold and resolve the invariant measure at every x node: looked at node by
 * node, but where enclosures prove that measures of neighbours differ little (slow-change.ts).
 */
import { type Axis, coordinate, coordinates } from '../grid/axis.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { enclosuresOf } from './fine-scan.ts';
import { massOutside } from './outside-mass.ts';
import { type Missed, type Resolution, resolutionOf, resolvingNodes } from './resolution.ts';
import { densityChange } from './slow-change.ts';

/** Neighbours whose densities differ by no more than a factor e³ share one look. */
const SHARED = 3;
/** Nodes per slow axis that are looked at where n = 2, and nodes of a closure. */
const [LOOKS, OF_CLOSURE] = [9, 5];
/** Nodes of one axis that are looked at. */
const MOST = 401;
/** What a y-box chosen by default leaves out, 1e-12, with room for the quadrature. */
const LARGEST_OUTSIDE = 1e-11;

/** What is wrong with a y-grid at the x where it is worst. */
export interface GridFault {
  readonly x: readonly number[];
  /** Mass of μ_x outside the y-box, more than 1e-11; or what the nodes miss, with the count that resolves it. */
  readonly kind: 'outside' | 'unresolved';
  readonly share: number;
  readonly missed: Missed | null;
  readonly nodes: number | null;
}

/** The faults of the y-axis over the slow nodes, at most one of each kind. */
export function gridFaults(problem: Problem, slow: readonly Axis[], fast: Axis): readonly GridFault[] {
  const isFormula = enclosuresOf(problem, []) !== null;
  const isLine = slow.length === 1 && isFormula;
  const points = isLine ? lookedAt(problem, slow[0], fast) : frozenLattice(slow, isFormula ? LOOKS : OF_CLOSURE);
  let worst: { readonly x: Coordinates; readonly found: Resolution } | null = null;
  let [outside, where]: [number, Coordinates] = [0, points[0]];
  for (const x of points) {
    const found = resolutionOf(problem, x, fast);
    if (!found.isResolved && (worst === null || found.missed > worst.found.missed)) worst = { x, found };
    const mass = massOutside(problem, x, fast);
    if (mass > outside) [outside, where] = [mass, x];
  }
  const faults: GridFault[] = [];
  if (outside > LARGEST_OUTSIDE) {
    faults.push({ x: Array.from(where), kind: 'outside', share: outside, missed: null, nodes: null });
  }
  if (worst !== null) {
    const { x, found } = worst;
    const nodes = resolvingNodes(problem, x, fast, found);
    faults.push({ x: Array.from(x), kind: 'unresolved', share: found.missed, missed: found, nodes });
  }
  return faults;
}

/** One node for all between which densities change little. */
function lookedAt(problem: Problem, slow: Axis, fast: Axis): number[][] {
  const nodes = coordinates(slow);
  const last = nodes.length - 1;
  const found = [[nodes[0]], [nodes[last]]];
  let [first, count] = [0, nodes.length];
  while (first <= last && found.length < MOST) {
    const end = Math.min(last, first + count - 1);
    const inside = nodes[(first + end) >> 1];
    const span = { lower: nodes[first], upper: nodes[end], inside };
    const change = first === end ? 0 : densityChange(problem, span, fast);
    // As many as promise to change enough and not too much; half of them where nothing is promised.
    const fitting = change === 0 ? 2 * count : Math.floor((0.9 * SHARED * (end - first + 1)) / change);
    if (change <= SHARED) {
      found.push([inside]);
      first = end + 1;
    }
    count = Math.max(1, Math.min(2 * count, change === Infinity ? count >> 1 : fitting));
  }
  return found;
}

/** Nodes spread over the slow axes, both ends included: at most so many per axis. */
export function frozenLattice(slow: readonly Axis[], most: number): number[][] {
  return slow.reduce<number[][]>(
    (points, axis) => {
      const count = Math.min(axis.nodes, most);
      const along = Array.from({ length: count }, (_, k) =>
        coordinate(axis, Math.round((k * (axis.nodes - 1)) / (count - 1))),
      );
      return points.flatMap((point) => along.map((value) => [...point, value]));
    },
    [[]],
  );
}
