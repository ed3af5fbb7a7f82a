/**
 * Whether the nodes of a grid in (x,y), m = 1, hold and resolve the invariant measure at every x node: looked at node
 * by node, but where enclosures prove that measures of neighbours differ little (slow-change.ts).
 */
import { product } from '../control/control-set.ts';
import { type Axis, coordinate, coordinates, uniformAxis } from '../grid/axis.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { type FastMoments, fastMoments } from './fast-moments.ts';
import { enclosuresOf } from './fine-scan.ts';
import { LARGEST_MISSED, type Missed, resolutionOf, resolvingNodes } from './resolution.ts';
import { densityChange } from './slow-change.ts';

/** Neighbours whose densities differ by no more than a factor e³ share one look. */
const SHARED = 3;
/** Nodes per slow axis that are looked at of a closure. */
const OF_CLOSURE = 5;
/** Nodes of one axis that are looked at, and of a plane. */
const [MOST, MOST_IN_PLANE] = [401, 160];
/** Deviations by which the mean may bend between neighbouring x nodes. */
const MOST_BEND = 1;
/** What a y-box chosen by default leaves out, 1e-12, with room for the quadrature. */
export const LARGEST_OUTSIDE = 1e-11;

/** What is wrong with a grid at the x where it is worst. */
export type GridFault = { readonly x: readonly number[] } & (
  | { readonly kind: 'outside'; readonly share: number }
  | { readonly kind: 'unresolved'; readonly missed: Missed; readonly nodes: number | null }
  | { readonly kind: 'bends'; readonly deviations: number; readonly nodes: number }
);

/**
 * The faults of a grid, at most one of each kind: mass of μ_x outside the cells of the y-nodes, more than 1e-11; a μ_x
 * that y-nodes do not resolve; a mean of μ_x that bends by more than a deviation between neighbouring x nodes (n = 1,
 * formulas). Throws InputError where μ_x does not decay.
 */
export function gridFaults(problem: Problem, slow: readonly Axis[], fast: Axis): readonly GridFault[] {
  const isFormula = enclosuresOf(problem, []) !== null;
  const isLine = slow.length === 1 && isFormula;
  const looks = isFormula ? looksAt(problem, slow, fast) : frozenLattice(slow, OF_CLOSURE);
  // An end node has the rates and the weight of a whole cell: the process is reflected half a spacing beyond it.
  const half = fast.spacing / 2;
  const cells = { lower: fast.lower - half, upper: fast.upper + half };
  const found = looks.map((x) => ({
    x,
    resolution: resolutionOf(problem, x, fast),
    moments: fastMoments(problem, x, cells),
  }));
  const faults: GridFault[] = [];
  const far = found.reduce((most, each) => (each.moments.outside > most.moments.outside ? each : most));
  if (far.moments.outside > LARGEST_OUTSIDE) faults.push({ kind: 'outside', x: far.x, share: far.moments.outside });
  // What a box cuts is no question of nodes.
  const inside = found.filter(({ moments }) => !(moments.outside > LARGEST_MISSED));
  const worst = inside.reduce(
    (most, each) => (each.resolution.missed > most.resolution.missed ? each : most),
    inside[0] ?? far,
  );
  if (inside.length > 0 && !worst.resolution.isResolved) {
    const nodes = resolvingNodes(problem, worst.x, fast, worst.resolution);
    faults.push({ kind: 'unresolved', x: worst.x, missed: worst.resolution, nodes });
  }
  const bend = isLine ? largestBend(slow[0], found) : null;
  return bend === null ? faults : [...faults, bend];
}

/** Where the mean is farthest from that between its neighbours, in deviations, if that is more than one. */
function largestBend(
  slow: Axis,
  found: readonly { readonly x: readonly number[]; readonly moments: FastMoments }[],
): GridFault | null {
  const sorted = [...found].sort((a, b) => a.x[0] - b.x[0]);
  let worst: { readonly x: readonly number[]; readonly deviations: number } | null = null;
  for (let k = 1; k + 1 < sorted.length; k++) {
    const [before, here, after] = sorted.slice(k - 1, k + 2);
    // Where nodes share a look their measures are alike.
    if (after.x[0] - before.x[0] > 2.5 * slow.spacing || !(after.x[0] - before.x[0] > 1.5 * slow.spacing)) continue;
    const bend = Math.abs(before.moments.mean - 2 * here.moments.mean + after.moments.mean);
    const deviations = bend / here.moments.deviation;
    if (deviations > MOST_BEND && !(worst !== null && worst.deviations >= deviations)) {
      worst = { x: here.x, deviations };
    }
  }
  if (worst === null) return null;
  const nodes = Math.ceil((slow.nodes - 1) * Math.sqrt(worst.deviations / MOST_BEND)) + 1;
  return { kind: 'bends', ...worst, nodes };
}

/** Points along x on which a y-box is held against the measures. */
const POINTS = 401;

/** The x with the largest mass of μ_x outside an interval of y, n = m = 1; null for closures. */
export function worstOutside(
  problem: Problem,
  slow: Interval,
  box: Interval,
): { readonly x: number; readonly mass: number } | null {
  if (enclosuresOf(problem, []) === null) return null;
  const looks = lookedAt(problem, uniformAxis('x', slow.lower, slow.upper, POINTS), box);
  const masses = looks.map(([x]) => ({ x, mass: fastMoments(problem, [x], box).outside }));
  return masses.reduce((most, each) => (each.mass > most.mass ? each : most));
}

function looksAt(problem: Problem, slow: readonly Axis[], fast: Interval): readonly (readonly number[])[] {
  return slow.length === 1 ? lookedAt(problem, slow[0], fast) : lookedAtInPlane(problem, slow, fast);
}

/** Nodes from one index to another along every axis, and by how much densities change there. */
interface Patch {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly change: number;
}

/**
 * One node for all of a patch of the plane where densities change little; patches where they may change most are halved
 * first, and of those left after so many looks the node in the middle is taken; corners always.
 */
function lookedAtInPlane(problem: Problem, slow: readonly Axis[], fast: Interval): number[][] {
  const middleOf = ({ first, last }: Omit<Patch, 'change'>) =>
    slow.map((axis, i) => coordinate(axis, (first[i] + last[i]) >> 1));
  const judged = (first: readonly number[], last: readonly number[]): Patch => {
    const sides = slow.map((axis, i) => ({ lower: coordinate(axis, first[i]), upper: coordinate(axis, last[i]) }));
    const isNode = first.every((index, i) => index === last[i]);
    const change = isNode ? 0 : densityChange(problem, { sides, inside: middleOf({ first, last }) }, fast);
    return { first, last, change };
  };
  const sizeOf = ({ first, last }: Patch) => first.reduce((size, index, i) => size * (last[i] - index + 1), 1);
  const left = [
    judged(
      slow.map(() => 0),
      slow.map(({ nodes }) => nodes - 1),
    ),
  ];
  while (left.length < MOST_IN_PLANE) {
    left.sort((a, b) => (a.change === b.change ? sizeOf(b) - sizeOf(a) : b.change - a.change));
    const [{ first, last, change }] = left;
    if (!(change > SHARED)) break;
    const lengths = slow.map(({ spacing }, i) => (last[i] - first[i]) * spacing);
    const axis = lengths.indexOf(Math.max(...lengths));
    const cut = (first[axis] + last[axis]) >> 1;
    left.splice(0, 1, judged(first, last.with(axis, cut)), judged(first.with(axis, cut + 1), last));
  }
  return [...frozenLattice(slow, 2), ...left.map(middleOf)];
}

/** One node for all between which densities change little. */
function lookedAt(problem: Problem, slow: Axis, fast: Interval): number[][] {
  const nodes = coordinates(slow);
  const last = nodes.length - 1;
  const found = [[nodes[0]], [nodes[last]]];
  let [first, count] = [0, nodes.length];
  while (first <= last && found.length < MOST) {
    const end = Math.min(last, first + count - 1);
    const inside = nodes[(first + end) >> 1];
    const span = { sides: [{ lower: nodes[first], upper: nodes[end] }], inside: [inside] };
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
  return product(
    slow.map((axis) => {
      const count = Math.min(axis.nodes, most);
      return Array.from({ length: count }, (_, k) =>
        coordinate(axis, Math.round((k * (axis.nodes - 1)) / (count - 1))),
      );
    }),
  );
}
