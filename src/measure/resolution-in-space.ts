/**
 * Whether nodes of R^m, m = 2, 3, resolve the wells of a potential. A well is as wide along an axis as the interval
 * through its bottom on which Φ is less than 2 above it; less than two spacings are too few (resolution.ts). Wells are
 * those of a lattice, and for m = 2 the deepest one by branch and bound; others below the lattice may be missed.
 */
import { type GlobalMinimiser, globalMinimiser } from '../formula/global-minimum.ts';
import type { Axis } from '../grid/axis.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import type { Coordinates, FastField, Interval, Problem } from '../model/problem.ts';
import { namesOf, potentialTree } from '../model/trees.ts';
import { HIGH } from './fine-scan.ts';
import { countedOf, SPACINGS, trapezoidLoss } from './resolution.ts';
import type { SpaceWell } from './space-well.ts';
import { type Well, wellsIn } from './wells.ts';
import { RISE } from './wells-on-line.ts';

/** Of the search for the ends of a well. */
const [DOUBLINGS, HALVINGS] = [80, 30];
/** How much deeper than those of the lattice the deepest well must be to count as another one. */
const DEEPER = 1e-6;

/** The wells of Φ(x,·) in the box that carry mass, those with the largest share first; none without a potential. */
export function spaceWells(problem: Problem, x: Coordinates, box: readonly Interval[]): SpaceWell[] {
  const { fast } = problem;
  if (fast.kind === 'drift') return [];
  const { potential } = fast;
  const wells = wellsIn(potential, x, box);
  const deepest = deepestWell(problem, x, box);
  if (deepest !== null && !(deepest.value > (wells[0]?.value ?? Infinity) - DEEPER)) wells.unshift(deepest);
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

const minimiserOf = oncePerProblem((problem): GlobalMinimiser | null => {
  const [ofX, ofY] = namesOf(problem);
  const tree = potentialTree(problem);
  return tree === null || ofY.length !== 2 ? null : globalMinimiser(tree, ofY, ofX);
});

function deepestWell(problem: Problem, x: Coordinates, box: readonly Interval[]): Well | null {
  const minimise = minimiserOf(problem, []);
  if (minimise === null) return null;
  const lower = box.map((side) => side.lower);
  const upper = box.map((side) => side.upper);
  const { at, value } = minimise(x, lower, upper);
  return at.length === 0 || !Number.isFinite(value) ? null : { at, value };
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
