/**
 * Error bounds of the values of a study at points of K, part by part: grids in x (with the steps in time) and in
 * y, steps that levels do not refine, the boxes, what f may dip between nodes, the minimum over U.
 */
import { tensorGrid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { valleys } from '../../src/time/value-floor.ts';
import { type BoxError, boxCases, boxError, boxToTake, costOfBox, type Place } from './box-error.ts';
import type { Solution } from './case-pieces.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import { mapNodes } from './field.ts';
import { fastLevels } from './grid-tables.ts';
import { boundLevels, finestOf, threeLevels } from './levels.ts';
import { changeAround, type Refinement, refinementError } from './refined-values.ts';
import { axesOf, type StudySetup } from './setup.ts';
import { type Solved, solutionOf } from './solved.ts';
import { limitStart } from './terminal-mean.ts';

/** The cases that bounds need beside those of the table and of the truncation. */
export function boundCases(setup: StudySetup): Case[] {
  const all = [...setup.epsilon, 'limit' as const];
  const ofEach = all.flatMap((epsilon) => [
    ...boundLevels(setup).map((nx) => slowCase(setup, epsilon, nx)),
    ...lastFastLevels(setup).map((ny) => fastCase(setup, epsilon, ny)),
    halvedCase(setup, epsilon),
  ]);
  return [...ofEach, ...boxCases(setup)];
}

/** A bound, or why there is none. */
export type ErrorBound =
  | { readonly kind: 'known'; readonly bound: number }
  | { readonly kind: 'box'; readonly box: BoxError; readonly rest: number }
  | { readonly kind: 'unknown' };

/**
 * The error bound of the value on the finest grid at a place: the parts below summed. Unknown where one of them is,
 * where nodes in y do not hold and resolve the invariant measure, and where the x-box is too small.
 */
export function errorBound(setup: StudySetup, solved: Solved, place: Place): ErrorBound {
  const { box, ...parts } = boundParts(setup, solved, place);
  const rest = Object.values(parts).reduce((sum, part) => sum + part);
  const { doubts } = solutionOf(solved, slowCase(setup, place.epsilon, finestOf(setup).nx));
  const cost = costOfBox(box, rest);
  if (doubts.length > 0 || !Number.isFinite(rest + box.change)) return { kind: 'unknown' };
  return cost === null ? { kind: 'box', box, rest } : { kind: 'known', bound: rest + cost };
}

/** Why rows of the table have no bound for the x-box, and which box to take; none where all have one. */
export function boxNotes(setup: StudySetup, found: readonly ErrorBound[]): string[] {
  const small = found.flatMap((each) => (each.kind === 'box' ? [each.box.change] : []));
  if (small.length === 0) return [];
  const rows = small.length === found.length ? 'any row' : `${small.length} of ${found.length} rows`;
  const changed = Number(Math.max(...small).toPrecision(2));
  return [
    `No bound is known in ${rows}: the x-box is too small for the dynamics. A quarter more of it changes a value ` +
      `by ${changed}, which is not small beside the other parts, or does not shrink with wider boxes. Take at least ` +
      `${boxToTake(setup)}, and more where this stays.`,
  ];
}

/** What is refined, truncated and minimised, part by part. */
export function boundParts(setup: StudySetup, solved: Solved, place: Place) {
  const solutions = boundLevels(setup).map((nx) => solutionOf(solved, slowCase(setup, place.epsilon, nx)));
  return {
    slow: slowError(setup, place, solutions),
    time: timeError(setup, solved, place, solutions),
    fast: fastError(setup, solved, place),
    box: boxError(setup, solved, place),
    sampling: samplingError(setup),
    controls: solutions[solutions.length - 1].controlsError,
  };
}

/** How far f, or ḡ, dips between nodes at the bottom of its valleys: all that a plateau at a minimum can miss. */
function samplingError(setup: StudySetup): number {
  const { nx, ny } = finestOf(setup);
  const grid = tensorGrid(axesOf(setup, { nx, ny }, 'standard').slow);
  const start = limitStart(setup);
  const bottoms = valleys(start, grid, Float64Array.from(mapNodes(grid.axes, start)));
  return bottoms.reduce((most, { node, bottom }) => Math.max(most, node - bottom), 0);
}

/**
 * The error in x and t from all x-levels, of order 1 whatever the scheme claims: a kink may pass through the
 * point. Rounded numbers of steps do not follow dx: the size of a level is then that of the two which was refined
 * less. Levels without a node at the point differ by interpolation too: the larger one of what they show with it
 * and without.
 */
function slowError(setup: StudySetup, { point }: Place, solutions: readonly Solution[]): number {
  const last = solutions.length - 1;
  const ofX = solutions.map(({ grid }) => (solutions[last].grid.axes[0].nodes - 1) / (grid.axes[0].nodes - 1));
  const ofT = solutions.map(({ steps }) => solutions[last].steps / steps);
  const isRefined = (sizes: readonly number[], k: number) => sizes[k - 1] > REFINED * sizes[k];
  const lesser = ofX.map((size, k) => Math.min(size, ofT[k]));
  const sizes = isRefined(ofT, last) ? lesser : ofX;
  const first = last > 1 && !isRefined(sizes, last - 1) ? last - 1 : 0;
  const together = ofX.every((size, k) => Math.abs(ofT[k] / size - 1) < TOGETHER);
  const refinement = { levels: solutions.slice(first), sizes: sizes.slice(first), powers: [1, 2] } as const;
  const boundOf = (found: Refinement) => {
    const known = refinementError(setup, point, found);
    return together ? known : Math.max(known, changeAround(setup, point, found));
  };
  const between = interpolationError(setup, point, solutions[last]);
  const smooth = boundOf({ ...refinement, degree: setup.degree.map(() => 3) }) + between;
  return between === 0 ? smooth : Math.max(smooth, boundOf({ ...refinement, degree: setup.degree }));
}

/** The ratio from which a level counts as refined; how far steps may be from the ratio of cells to go with them. */
const [REFINED, TOGETHER] = [1.1, 0.1];

/** What a value between nodes owes to interpolation of the degree of the table: its distance from the cubic one. */
function interpolationError({ degree }: StudySetup, point: readonly number[], finest: GridFunction): number {
  return Math.abs(
    sample(finest, point, degree) -
      sample(
        finest,
        point,
        degree.map(() => 3),
      ),
  );
}

/** The error in y from up to three levels on the coarsest x-grid, of order 2. */
function fastError(setup: StudySetup, solved: Solved, { epsilon, point }: Place): number {
  const nodes = lastFastLevels(setup);
  const levels = nodes.map((ny) => solutionOf(solved, fastCase(setup, epsilon, ny)));
  return refinementError(setup, point, {
    levels,
    sizes: nodes.map((ny) => 1 / (ny - 1)),
    powers: [2, 4],
    degree: setup.degree,
  });
}

/** Up to three numbers of nodes in y, the last that of all values. */
function lastFastLevels(setup: StudySetup): readonly number[] {
  const all = fastLevels(setup);
  const last = all.indexOf(setup.fine.ny);
  return last > 1 ? all.slice(last - 2, last + 1) : threeLevels(all[last - 1], all[last]);
}

/**
 * What levels in x do not see of the error in t, of order 1: steps are whole numbers and do not follow dx, or are not
 * refined at all. Two levels of sizes s_x and s_t in those of the finest, whose error in t is e, differ by
 * (s_t − s_x) e more than if they did; the grid convergence index divides that by s_x − 1. What halved steps change on
 * the coarsest grid shows e.
 */
function timeError(
  setup: StudySetup,
  solved: Solved,
  { epsilon, point }: Place,
  solutions: readonly Solution[],
): number {
  const [before, finest] = solutions.slice(-2);
  const ofX = (finest.grid.axes[0].nodes - 1) / (before.grid.axes[0].nodes - 1);
  const unseen = Math.abs(finest.steps / before.steps - ofX) / (ofX - 1);
  const halved = halvedCase(setup, epsilon);
  const [whole, half] = [{ ...halved, timeFactor: 1 }, halved].map((wanted) => solutionOf(solved, wanted));
  const change = Math.abs(sample(half, point, setup.degree) - sample(whole, point, setup.degree));
  return OF_TWO * unseen * 2 * change * (whole.steps / finest.steps);
}

/** The safety factor of two levels, which show no order (Roache 1994). */
const OF_TWO = 3;

function slowCase(setup: StudySetup, epsilon: Place['epsilon'], nx: number): Case {
  const { ny } = finestOf(setup);
  return epsilon === 'limit' ? effectiveCase(nx, ny) : valueCase(epsilon, nx, ny);
}

function fastCase({ coarse }: StudySetup, epsilon: Place['epsilon'], ny: number): Case {
  return epsilon === 'limit' ? effectiveCase(coarse.nx, ny, { steps: 'same' }) : valueCase(epsilon, coarse.nx, ny);
}

function halvedCase(setup: StudySetup, epsilon: Place['epsilon']): Case {
  return { ...fastCase(setup, epsilon, lastFastLevels(setup)[0]), timeFactor: 2 };
}
