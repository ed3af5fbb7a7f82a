/**
 * Whether nodes of R^m, m = 2, 3, resolve the wells of a potential. A well is as wide along an axis as the interval
 * through its bottom on which Φ is less than 2 above it; less than two spacings are too few (resolution.ts). Wells are
 * those of a lattice, and for m = 2 the deepest one by branch and bound; others below the lattice may be missed.
 */
import type { Axis } from '../grid/axis.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, type FastField, type Interval, type Problem } from '../model/problem.ts';
import { namesOf, potentialTree } from '../model/trees.ts';
import { HIGH } from './fine-scan.ts';
import { type MeasureCell, type MeasureCells, measureCells, programWithSlopes, sharesOf } from './measure-cells.ts';
import { countedOf, OVERSHOOT, SPACINGS, trapezoidLoss } from './resolution.ts';
import { nodeValues, type Seen, seenBy } from './seen-by-nodes.ts';
import type { SpaceWell } from './space-well.ts';
import { followedDown, LATTICE, type Well, wellsIn } from './wells.ts';
import { RISE } from './wells-on-line.ts';

/** Of the search for the ends of a well. */
const [DOUBLINGS, HALVINGS] = [80, 30];
/** How much narrower than those of the lattice cells are that show what it may miss, and how many are followed. */
const [NARROWER, MOST] = [4, 64];

/** The wells of Φ(x,·) in the box that carry mass, those with the largest share first; none without a potential. */
export function spaceWells(problem: Problem, x: Coordinates, box: readonly Interval[]): SpaceWell[] {
  const { fast } = problem;
  if (fast.kind === 'drift') return [];
  const { potential } = fast;
  const wells = [...wellsIn(potential, x, box), ...narrowWells(problem, x, box, potential)];
  wells.sort((a, b) => a.value - b.value);
  const floor = wells[0]?.value ?? 0;
  const found = wells
    .filter(({ value }) => value - floor < HIGH)
    .map(({ at, value }) => {
      const widths = at.map((_, axis) => widthAlong(potential, x, { at, value }, { axis, side: box[axis] }));
      return { at, widths, share: widths.reduce((product, width) => product * width, Math.exp(floor - value)) };
    });
  const apart = found.filter(({ at, widths }, k) =>
    found
      .slice(0, k)
      .every((other) => at.some((y, a) => Math.abs(y - other.at[a]) > Math.min(widths[a], other.widths[a]) / 2)),
  );
  const total = apart.reduce((sum, { share }) => sum + share, 0);
  return apart.map((well) => ({ ...well, share: well.share / total })).sort((a, b) => b.share - a.share);
}

/** What the nodes leave of all wells, or count in excess, a share of the measure, and the well of which most is. */
export function missedWells(wells: readonly SpaceWell[], axes: readonly Axis[]) {
  const left = wells.map((well) => {
    const losses = axes.map(({ spacing }, a) => trapezoidLoss(well.widths[a], spacing));
    const axis = losses.indexOf(Math.max(...losses));
    const nodes = Math.ceil(((axes[axis].nodes - 1) * SPACINGS * axes[axis].spacing) / well.widths[axis]) + 1;
    const loss = losses.reduce((sum, each) => sum + each, 0);
    const counted = axes.reduce((product, each, a) => product * countedOf(well.at[a], well.widths[a], each), 1);
    return { well, axis, nodes, share: well.share * Math.max(Math.min(1, loss), counted - 1) };
  });
  if (left.length === 0) return null;
  const worst = left.reduce((most, each) => (each.share > most.share ? each : most));
  return { ...worst, share: left.reduce((sum, { share }) => sum + share, 0) };
}

/** Cells of Φ(x,·) of the box that are looked at. */
const CELLS = { 2: 6000, 3: 6000 } as const;

/** Cells of the box that show where the measure is; null without a potential that knows its formula. */
export function cellsOf(problem: Problem, x: Coordinates, box: readonly Interval[]): MeasureCells | null {
  return cellsOn(problem, [...Array.from(x), ...box.flatMap(({ lower, upper }) => [lower, upper])]);
}

const potentialProgram = oncePerProblem((problem) => {
  const tree = potentialTree(problem);
  const [ofX, ofY] = namesOf(problem);
  return tree === null ? null : programWithSlopes(tree, ofX, ofY);
});

const cellsOn = oncePerProblem((problem, numbers): MeasureCells | null => {
  const program = potentialProgram(problem, []);
  const { n, m } = dimensionsOf(problem);
  if (program === null || m === 1) return null;
  const box = Array.from({ length: m }, (_, a) => ({ lower: numbers[n + 2 * a], upper: numbers[n + 2 * a + 1] }));
  return measureCells(program, numbers.slice(0, n), box, CELLS[m as 2 | 3]);
});

/**
 * Wells that a lattice may miss: the lowest cell in each cell of it, where cells are so much narrower, and the lowest
 * one of all.
 */
function narrowWells(problem: Problem, x: Coordinates, box: readonly Interval[], potential: FastField): Well[] {
  const found = cellsOf(problem, x, box)?.cells ?? [];
  const spacings = box.map(({ lower, upper }) => (upper - lower) / (LATTICE[box.length as 2 | 3] - 1));
  const lowest = new Map<string, MeasureCell>();
  for (const cell of found) {
    if (!cell.half.every((half, a) => half < spacings[a] / NARROWER)) continue;
    const key = cell.middle.map((y, a) => Math.floor((y - box[a].lower) / spacings[a])).join();
    const other = lowest.get(key);
    if (other === undefined || cell.value < other.value) lowest.set(key, cell);
  }
  const seeds = [...lowest.values()].sort((a, b) => a.value - b.value).slice(0, MOST);
  const deepest = found.reduce<MeasureCell | null>(
    (low, cell) => (cell.value < (low?.value ?? Infinity) ? cell : low),
    null,
  );
  return [...(deepest === null ? [] : [deepest]), ...seeds].map(({ middle, half, value }) =>
    followedDown(
      potential,
      x,
      { y: Float64Array.from(middle), value },
      half.map((side) => 2 * side),
    ),
  );
}

/** What nodes miss of e^{−Φ} between them: where, how wide, and how much it is. */
export interface MissedInSpace {
  /** ½ ∫ |ρ − ρ_nodes| dy, ρ_nodes the density whose logarithm is the cubic through four nodes an axis. */
  readonly missed: number;
  readonly at: readonly number[];
  readonly widths: readonly number[];
  /** ρ − ρ_nodes on the cells. */
  readonly differences: Float64Array;
}

/** The same for nodes of axes, m = 2, 3; null without a potential that knows its formula. */
export function missedBetween(problem: Problem, x: Coordinates, axes: readonly Axis[]): MissedInSpace | null {
  const found = cellsOf(problem, x, axes);
  const { fast } = problem;
  if (found === null || fast.kind === 'drift') return null;
  const { cells, mass } = found;
  const seen = seenBy(
    axes,
    nodeValues(axes, (y) => fast.potential(x, y)),
  );
  const shares = sharesOf(cells.map(({ middle, volume }) => ({ volume, value: withinCorners(seen(middle)) })));
  const differences = mass.map((share, k) => share - shares[k]);
  const worst = differences.reduce((top, each, k) => (Math.abs(each) > Math.abs(differences[top]) ? k : top), 0);
  const missed = differences.reduce((sum, each) => sum + Math.abs(each), 0) / 2;
  const { middle, value, half } = cells[worst];
  const bottom = followedDown(
    fast.potential,
    x,
    { y: Float64Array.from(middle), value },
    half.map((side) => 4 * side),
  );
  const widths = axes.map((side, axis) => widthAlong(fast.potential, x, bottom, { axis, side }));
  return { missed, at: bottom.at, widths, differences };
}

/** The cubic, kept near the values at the corners (resolution.ts). */
function withinCorners({ cubic, corners: [low, high] }: Seen): number {
  if (Number.isNaN(cubic)) return high;
  return Math.min(Math.max(cubic, low - OVERSHOOT), high + OVERSHOOT);
}

/** How long the interval through the bottom is on which Φ is less than 2 above it; within the side. */
function widthAlong(
  potential: FastField,
  x: Coordinates,
  { at, value }: Well,
  { axis, side }: { readonly axis: number; readonly side: Interval },
): number {
  const y = Float64Array.from(at);
  const isInside = (distance: number) => {
    y[axis] = at[axis] + distance;
    return potential(x, y) < value + RISE;
  };
  const reach = side.upper - side.lower;
  const oneSide = (sign: 1 | -1): number => {
    let far = reach * 2 ** -DOUBLINGS;
    while (far < reach && isInside(sign * far)) far *= 2;
    let near = far / 2;
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (near + far) / 2;
      if (isInside(sign * middle)) near = middle;
      else far = middle;
    }
    return far;
  };
  return oneSide(1) + oneSide(-1);
}
