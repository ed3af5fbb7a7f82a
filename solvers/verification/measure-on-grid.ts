/**
 * What nodes in y leave out or do not resolve of invariant measures, in sentences and as a share: no number of such a
 * grid has a bound (docs/theory.md §5.5).
 */
import { type Formula, treeIn } from '../../src/formula/formula.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { beyondBox } from '../../src/measure/beyond-box.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { fastMoments } from '../../src/measure/fast-moments.ts';
import { frozenLattice, gridFaults, LARGEST_OUTSIDE } from '../../src/measure/grid-resolution.ts';
import { hiddenInFields, hiddenInFunction, hiddenMean } from '../../src/measure/hidden-structure.ts';
import {
  endsMean,
  type Missed,
  missedMean,
  resolutionOf,
  resolvingNodes,
  wellsOnLine,
} from '../../src/measure/resolution.ts';
import { spaceWells } from '../../src/measure/resolution-in-space.ts';
import { sharpPlaces } from '../../src/measure/sharp-places.ts';
import type { SpaceWell } from '../../src/measure/space-well.ts';
import { fastScale } from '../../src/model/fast-scale.ts';
import { oncePerProblem } from '../../src/model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { axisNames, isSameAtEveryX, namesOf } from '../../src/model/trees.ts';
import { supportBox } from '../averaging/fast-support.ts';
import { type MissedOnGrid, missedInSpace, missedMeanInSpace } from './missed-in-space.ts';
import { atX, bending, hiddenSentence, leftOut, percent, placeOf, shown, unresolved } from './resolution-sentences.ts';

/** Nodes per slow axis that are looked at where m > 1, by n. */
const LOOKS = { 1: 5, 2: 3 } as const;

/** A function of y in the place of H. */
type Integrand = Formula<(y: Coordinates) => number>;

/** A share of the measure that is round-off of its sums. */
const ROUND_OFF = 1e-12;

/**
 * What nodes in y add to the error of a mean of h = H, or `given`, ∞ with a sentence where they do not resolve μ_x or
 * h.
 */
export function meanErrorOnGrid(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  h: (y: Coordinates) => number,
  given?: Integrand,
): { readonly error: number; readonly doubt: string | null } {
  const { doubt, fields } = lookAt(problem, x, axes, given);
  if (doubt !== null) return { error: Infinity, doubt };
  const { share } = missedOnGrid(problem, x, axes);
  const ofEnds = axes.length === 1 && fastScale(problem) !== null ? endsMean(problem, x, axes[0], h) : 0;
  const unseen = (fields === null ? 0 : hiddenMean(fields, axes, h)) + ofEnds;
  if (share <= ROUND_OFF) return { error: unseen, doubt };
  const ofMeasure = axes.length === 1 ? missedMean(problem, x, axes[0], h) : missedMeanInSpace(problem, x, axes, h);
  return { error: unseen + ofMeasure, doubt };
}

/**
 * The doubts about the nodes in y at the x nodes of a grid, m = 1 at every one of them (n = 1); asked for once per
 * problem and grid. Nothing where μ_x is not known.
 */
export function doubtsOfGrid(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): readonly string[] {
  return doubtsOn(
    problem,
    [...slow, ...fast].flatMap(({ lower, upper, nodes }) => [lower, upper, nodes]),
  );
}

const doubtsOn = oncePerProblem((problem, numbers): readonly string[] => {
  const { n, m } = dimensionsOf(problem);
  const names = [...axisNames('x', n), ...axisNames('y', m)];
  const axes = names.map((name, k) => {
    const [lower, upper, nodes] = numbers.slice(3 * k, 3 * k + 3);
    return uniformAxis(name, lower, upper, nodes);
  });
  const [slow, fast] = [axes.slice(0, n), axes.slice(n)];
  try {
    return m === 1 ? onLine(problem, slow, fast[0]) : inSpace(problem, slow, fast);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
});

/** Mass that a y-box may cut off for its effect to be the change from a wider one. */
const LARGEST_CUT = 1e-3;

/**
 * Whether all that is doubtful about nodes in y, m = 1, is what their box cuts off, 1e-3 at most, of which a wider box
 * cuts a quarter or less: twice the change from one to the other then covers what it does to values.
 */
export function isCutAlone(problem: Problem, slow: readonly Axis[], fast: readonly Axis[], wider: Axis): boolean {
  if (fast.length > 1) return false;
  const cutBy = (axis: Axis) => {
    const shares = gridFaults(problem, slow, axis).map((fault) => (fault.kind === 'outside' ? fault.share : Infinity));
    return shares.reduce((sum, share) => sum + share, 0);
  };
  try {
    const cut = cutBy(fast[0]);
    return cut <= LARGEST_CUT && cutBy(wider) <= cut / 4 && ofFields(problem, slow, fast).length === 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function onLine(problem: Problem, slow: readonly Axis[], fast: Axis): string[] {
  return [...ofMeasures(problem, slow, fast), ...ofFields(problem, slow, [fast])];
}

/** Structure of φ and ℓ, and of b in space, between the nodes, at the place of a lattice of x where most is hidden. */
function ofFields(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): string[] {
  const found = frozenLattice(slow, LOOKS[slow.length as 1 | 2]).flatMap((x) => {
    const hidden = hiddenInFields(problem, x, fast)?.hidden ?? null;
    return hidden === null ? [] : [{ x, hidden }];
  });
  if (found.length === 0) return [];
  const { x, hidden } = found.reduce((worst, each) => (each.hidden.share > worst.hidden.share ? each : worst));
  return [hiddenSentence(x, fast, hidden)];
}

/**
 * A sentence where nodes do not resolve μ_x, or φ and ℓ at frozen x or the function in their place; null where they do,
 * and for closures.
 */
export function doubtOnGrid(problem: Problem, x: Coordinates, axes: readonly Axis[], given?: Integrand): string | null {
  return lookAt(problem, x, axes, given).doubt;
}

/** The doubt about nodes, and cells that show the functions of y where they are no polynomials. */
function lookAt(problem: Problem, x: Coordinates, axes: readonly Axis[], given?: Integrand) {
  const tree = given === undefined ? undefined : treeIn(given, namesOf(problem)[1]);
  const fields =
    given === undefined
      ? hiddenInFields(problem, x, axes)
      : tree === undefined
        ? null
        : hiddenInFunction(problem, x, axes, { tree, valueAt: given });
  const hidden = fields?.hidden ?? null;
  const { doubt } = missedOnGrid(problem, x, axes);
  return { fields, doubt: doubt ?? (hidden === null ? null : hiddenSentence(x, axes, hidden)) };
}

function ofMeasures(problem: Problem, slow: readonly Axis[], fast: Axis): string[] {
  return gridFaults(problem, slow, fast).map((fault) => {
    if (fault.kind === 'outside') return leftOut(problem, fault.x, fast, fault.share);
    if (fault.kind === 'bends') return bending(slow[0], fault);
    const { x, missed, nodes } = fault;
    const { at, width, missed: share } = missed;
    return unresolved({ x, axis: fast, spacing: fast.spacing, at: [at], width, share, nodes });
  });
}

function inSpace(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): string[] {
  const lattice = frozenLattice(slow, LOOKS[slow.length as 1 | 2]);
  const places = isSameAtEveryX(problem) ? [lattice[0]] : [...lattice, ...sharpPlaces(problem, slow, fast)];
  const found = places.map((x) => missedInSpace(problem, x, fast));
  const worst = found.reduce((most, each) => (each.doubt !== null && each.share >= most.share ? each : most));
  return [...(worst.doubt === null ? [] : [worst.doubt]), ...ofFields(problem, slow, fast)];
}

/** What the axes miss of μ_x at one x; for m > 1 missed-in-space.ts. */
export function missedOnGrid(problem: Problem, x: Coordinates, axes: readonly Axis[]): MissedOnGrid {
  if (axes.length > 1) return missedInSpace(problem, x, axes);
  const [axis] = axes;
  const found = resolutionOf(problem, x, axis);
  if (found.isResolved) return { share: found.missed, doubt: null };
  return { share: found.missed, doubt: missedSentence(problem, x, axis, found) };
}

function missedSentence(problem: Problem, x: Coordinates, axis: Axis, found: Missed): string {
  const { at, width, missed: share } = found;
  const nodes = resolvingNodes(problem, x, axis, found);
  return unresolved({ x, axis, spacing: axis.spacing, at: [at], width, share, nodes });
}

/** A sentence where a y-box leaves out more than 1e-11 of μ_x; null else, and where μ_x is not known. */
export function leftOutAt(problem: Problem, x: Coordinates, box: readonly Interval[]): string | null {
  if (box.length > 1) {
    const beyond = beyondBox(problem, x, box);
    return beyond === null || beyond.share <= LARGEST_OUTSIDE
      ? null
      : leftOut(problem, x, box[beyond.axis], beyond.share);
  }
  try {
    const { outside } = fastMoments(problem, x, box[0]);
    return outside > LARGEST_OUTSIDE ? leftOut(problem, x, box[0], outside) : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Points of a line beside those of the fine scan on which wells are told apart. */
const WELL_NODES = 401;
/** Mass outside a ball in wells of their own: more cannot be told from the tails inside. */
const LARGEST_BEYOND = 1e-9;

/**
 * A sentence that names a well outside the ball |y| < radius, m = 1 with formulas, or with a potential; null where
 * none holds mass. What the tails of wells inside leave outside is not looked at here.
 */
export function missedByBall(problem: Problem, x: Coordinates, radius: number): string | null {
  const wells = wellsBeyond(problem, x, radius);
  const share = wells.reduce((sum, well) => sum + well.share, 0);
  if (!(share > LARGEST_BEYOND)) return null;
  // Six deviations beyond the bottom.
  const reaches = wells
    .filter((well) => well.share > LARGEST_BEYOND)
    .map(({ at, widths }) => {
      return Math.hypot(...at) + 1.5 * Math.max(...widths);
    });
  return (
    `${atX(x)} the ball of radius ${shown(radius)} misses the well at ${placeOf(wells[0].at)}, ` +
    `which holds about ${percent(share)} of the invariant measure. Enlarge the radius to ` +
    `${Math.ceil(Math.max(...reaches))} or more`
  );
}

function wellsBeyond(problem: Problem, x: Coordinates, radius: number): SpaceWell[] {
  const { m } = dimensionsOf(problem);
  if (m > 1 && problem.fast.kind === 'drift') return [];
  try {
    const wells = m === 1 ? lineWells(problem, x) : spaceWells(problem, x, supportBox(problem, x));
    return wells.filter(({ at }) => Math.hypot(...at) > radius).sort((a, b) => b.share - a.share);
  } catch (error) {
    // No box carries the measure: that is said elsewhere.
    if (error instanceof InputError) return [];
    throw error;
  }
}

function lineWells(problem: Problem, x: Coordinates): SpaceWell[] {
  const { lower, upper } = supportAt(problem, x);
  return wellsOnLine(problem, x, uniformAxis('y', lower, upper, WELL_NODES));
}
