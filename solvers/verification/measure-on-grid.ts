/**
 * What nodes in y leave out or do not resolve of invariant measures, in sentences and as a share: no number of such a
 * grid has a bound (docs/theory.md §5.5).
 */
import { type Formula, treeIn } from '../../src/formula/formula.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { InputError } from '../../src/input/input-error.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { fastMoments } from '../../src/measure/fast-moments.ts';
import { frozenLattice, type GridFault, gridFaults, LARGEST_OUTSIDE } from '../../src/measure/grid-resolution.ts';
import { type HiddenStructure, hiddenInFields, hiddenInFunction } from '../../src/measure/hidden-structure.ts';
import {
  LARGEST_MISSED,
  type Missed,
  missedMean,
  resolutionOf,
  resolvingNodes,
  wellsOnLine,
} from '../../src/measure/resolution.ts';
import { missedWells, spaceWells } from '../../src/measure/resolution-in-space.ts';
import type { SpaceWell } from '../../src/measure/space-well.ts';
import { oncePerProblem } from '../../src/model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { axisNames, namesOf } from '../../src/model/trees.ts';
import { supportBox } from '../averaging/fast-support.ts';

/** Nodes per slow axis that are looked at where m > 1, by n. */
const LOOKS = { 1: 5, 2: 3 } as const;

/** A function of y in the place of H. */
type Integrand = Formula<(y: Coordinates) => number>;

/** What a grid misses of μ_x at one x: a share of it, and a sentence where that is more than a hundredth. */
interface MissedOnGrid {
  readonly share: number;
  readonly doubt: string | null;
}

/** Cells across structure that is resolved. */
const ACROSS = 4;
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
  const doubt = doubtOnGrid(problem, x, axes, given);
  if (doubt !== null) return { error: Infinity, doubt };
  const { share } = missedOnGrid(problem, x, axes);
  if (share <= ROUND_OFF) return { error: 0, doubt };
  if (axes.length === 1) return { error: missedMean(problem, x, axes[0], h), doubt };
  let [least, most] = [Infinity, -Infinity];
  forEachNode(tensorGrid(axes), (_, y) => {
    const value = h(y);
    least = Math.min(least, value);
    most = Math.max(most, value);
  });
  return { error: share * (most - least), doubt };
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

function onLine(problem: Problem, slow: readonly Axis[], fast: Axis): string[] {
  return [...ofMeasures(problem, slow, fast), ...ofFields(problem, slow, fast)];
}

/** Structure of φ and ℓ between the nodes, at the place of a lattice of x where most is hidden. */
function ofFields(problem: Problem, slow: readonly Axis[], fast: Axis): string[] {
  const found = frozenLattice(slow, LOOKS[slow.length as 1 | 2]).flatMap((x) => {
    const hidden = hiddenInFields(problem, x, fast);
    return hidden === null ? [] : [{ x, hidden }];
  });
  if (found.length === 0) return [];
  const { x, hidden } = found.reduce((worst, each) => (each.hidden.share > worst.hidden.share ? each : worst));
  return [hiddenSentence(x, fast, hidden)];
}

/**
 * A sentence where nodes do not resolve μ_x, or on a line φ and ℓ at frozen x or the function in their place; null
 * where they do, and for closures.
 */
export function doubtOnGrid(problem: Problem, x: Coordinates, axes: readonly Axis[], given?: Integrand): string | null {
  const { doubt } = missedOnGrid(problem, x, axes);
  if (doubt !== null || axes.length > 1) return doubt;
  const [axis] = axes;
  const tree = given === undefined ? undefined : treeIn(given, namesOf(problem)[1]);
  if (given !== undefined && tree === undefined) return null;
  const hidden = tree === undefined ? hiddenInFields(problem, x, axis) : hiddenInFunction(problem, tree, x, axis);
  return hidden === null ? null : hiddenSentence(x, axis, hidden);
}

function hiddenSentence(x: Coordinates, axis: Axis, { at, width }: HiddenStructure): string {
  const { name, lower, upper, spacing } = axis;
  const nodes = Math.ceil((ACROSS * (upper - lower)) / width) + 1;
  return (
    `at x = ${Array.from(x, shown).join(', ')} what is averaged over y has structure about ${shown(width)} wide near ` +
    `${name} = ${shown(at)}, between nodes ${shown(spacing)} apart – they do not see it, and no bound is given – ` +
    `about ${nodes} nodes along ${name} resolve it`
  );
}

function ofMeasures(problem: Problem, slow: readonly Axis[], fast: Axis): string[] {
  return gridFaults(problem, slow, fast).map((fault) => {
    if (fault.kind === 'outside') return leftOut(fault.x, fast, fault.share);
    if (fault.kind === 'bends') return bending(slow[0], fault);
    const { x, missed, nodes } = fault;
    const { at, width, missed: share } = missed;
    return unresolved({ x, axis: fast, spacing: fast.spacing, at: [at], width, share, nodes });
  });
}

function bending({ name, spacing }: Axis, { x, deviations, nodes }: Extract<GridFault, { kind: 'bends' }>): string {
  return (
    `near x = ${shown(x[0])} the mean of the invariant measure bends by ${Number(deviations.toPrecision(2))} of its ` +
    `deviations from one x node to the next (${shown(spacing)}) – what depends on it between nodes is not seen, and ` +
    `no bound is given – about ${nodes} nodes along ${name} resolve it`
  );
}

function inSpace(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): string[] {
  const found = frozenLattice(slow, LOOKS[slow.length as 1 | 2]).map((x) => missedInSpace(problem, x, fast));
  const worst = found.reduce((most, each) => (each.share > most.share ? each : most));
  return worst.doubt === null ? [] : [worst.doubt];
}

/** What the axes miss of μ_x at one x; for m > 1 the wells of a potential that are narrower than two spacings. */
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

function missedInSpace(problem: Problem, x: Coordinates, axes: readonly Axis[]): MissedOnGrid {
  const narrow = missedWells(spaceWells(problem, x, axes), axes);
  if (narrow === null) return { share: 0, doubt: null };
  const { well, axis, share, nodes } = narrow;
  if (share <= LARGEST_MISSED) return { share, doubt: null };
  const [width, { spacing }] = [well.widths[axis], axes[axis]];
  return { share, doubt: unresolved({ x, axis: axes[axis], spacing, at: well.at, width, share, nodes }) };
}

/** A sentence where a y-box leaves out more than 1e-11 of μ_x, m = 1; null else, and where μ_x is not known. */
export function leftOutAt(problem: Problem, x: Coordinates, box: readonly Interval[]): string | null {
  if (box.length > 1) return null;
  try {
    const { outside } = fastMoments(problem, x, box[0]);
    return outside > LARGEST_OUTSIDE ? leftOut(x, box[0], outside) : null;
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

interface Unresolved {
  readonly x: Coordinates;
  readonly axis: Axis;
  readonly spacing: number;
  readonly at: readonly number[];
  readonly width: number;
  readonly share: number;
  readonly nodes: number | null;
}

function unresolved({ x, axis, spacing, at, width, share, nodes }: Unresolved): string {
  const place = placeOf(at);
  const fact =
    width < 2 * spacing
      ? `the invariant measure has a well at ${place} that is ${shown(width)} wide, narrower than two spacings`
      : `the invariant measure changes faster than the y-nodes show, most at ${place}`;
  const remedy = nodes === null ? 'choose a smaller y-box' : `${nodes} nodes along ${axis.name} resolve it`;
  return (
    `${atX(x)} ${fact} (${shown(spacing)}) – ${percent(share)} of it is missed or ` +
    `put elsewhere, and no bound is given – ${remedy}`
  );
}

function leftOut(x: Coordinates, { lower, upper }: Interval, share: number): string {
  return (
    `${atX(x)} the y-box [${shown(lower)}, ${shown(upper)}] leaves out ` +
    `${share.toPrecision(2)} of the invariant measure – the process is reflected there, so that values, H̄ and v are ` +
    'those of another process, and no bound is given – choose a wider domain.y, or leave it out'
  );
}

/** at x = 0.5, or at x = 0.5, 1. */
function atX(x: Coordinates): string {
  return `at x = ${Array.from(x, shown).join(', ')}`;
}

/** y = 0.5, or y = (0.5, 1). */
function placeOf(at: readonly number[]): string {
  return at.length === 1 ? `y = ${shown(at[0])}` : `y = (${at.map(shown).join(', ')})`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
