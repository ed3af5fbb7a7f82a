/**
 * Error bounds of the values of a study at points of K, part by part: grids in x (with the steps in time) and in
 * y, the boxes, what f may dip between nodes, the minimum over U. A difference between levels passes through 0 at
 * some points without an error that is small: where three levels do not show the order, it is looked at around the
 * point.
 */
import { type MethodDiagnostics, terminalValues } from '../../solvers/workbench.ts';
import { type Grid, tensorGrid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { valleys } from '../../src/time/value-floor.ts';
import { type Powers, type Refined, remainingError, signedChange } from '../../src/verification/remaining-error.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import { WIDER, widerSolutions } from './domain-table.ts';
import { fastLevels } from './grid-tables.ts';
import { finestOf } from './levels.ts';
import { axesOf, type StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';

type Solution = GridFunction & Pick<MethodDiagnostics, 'controlsError' | 'doubts' | 'steps'>;

/** A row of the table of values: a point (x,y) at one ε, or x alone in the limit. */
export interface Place {
  readonly epsilon: number | 'limit';
  readonly point: readonly number[];
}

/** The cases that bounds need beside those of the table and of the truncation. */
export function boundCases(setup: StudySetup): Case[] {
  const all = [...setup.epsilon, 'limit' as const];
  return all.flatMap((epsilon) => lastFastLevels(setup).map((nodes) => fastCase(setup, epsilon, nodes)));
}

/**
 * The error bound of the last of `solutions`, one for every x-level, at a point: the parts below summed; null where
 * one of them is unknown.
 */
export function errorBound(
  setup: StudySetup,
  solved: Solved,
  place: Place,
  solutions: readonly Solution[],
): number | null {
  const { doubts } = solutions[solutions.length - 1];
  const known = boundParts(setup, solved, place, solutions).reduce((sum, part) => sum + part);
  // Nodes in y that do not hold and resolve the invariant measure say nothing of what they miss.
  return doubts.length === 0 && Number.isFinite(known) ? known : null;
}

/** In the order of the text above. */
function boundParts(setup: StudySetup, solved: Solved, place: Place, solutions: readonly Solution[]): number[] {
  const finest = solutions[solutions.length - 1];
  return [
    slowError(setup, place, solutions),
    fastError(setup, solved, place),
    boxError(setup, solved, place),
    samplingError(setup),
    finest.controlsError,
  ];
}

/** How far f dips between nodes at the bottom of its valleys: all that a plateau at the value of a minimum can miss. */
function samplingError(setup: StudySetup): number {
  const { nx, ny } = finestOf(setup);
  const grid = tensorGrid(axesOf(setup, { nx, ny }, 'standard').slow);
  const bottoms = valleys(setup.problem, grid, terminalValues(setup.problem, grid));
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
  const levels = nodes.map((ny) => solvedCase(solved, fastCase(setup, epsilon, ny)));
  return refinementError(setup, point, {
    levels,
    sizes: nodes.map((ny) => 1 / (ny - 1)),
    powers: [2, 4],
    degree: setup.degree,
  });
}

/** Levels, coarse to fine, with the sizes of what is refined and the powers of these in the error. */
interface Refinement {
  readonly levels: readonly GridFunction[];
  readonly sizes: readonly number[];
  readonly powers: Powers;
  /** Of interpolation along every axis. */
  readonly degree: readonly number[];
}

function refinementError(setup: StudySetup, point: readonly number[], refinement: Refinement): number {
  const { powers } = refinement;
  return remainingError(valuesAt(point, refinement), powers, () => changeAround(setup, point, refinement));
}

function valuesAt(point: readonly number[], { levels, sizes, degree }: Refinement): Refined {
  return { sizes, values: levels.map((level) => sample(level, point, degree)) };
}

function changeAround(setup: StudySetup, point: readonly number[], refinement: Refinement): number {
  const { levels, powers } = refinement;
  return sizeAround(setup, point, levels[0].grid, (at) => signedChange(valuesAt(at, refinement), powers));
}

/** How far around a point a difference is looked at, a part of the width of K; how many times its own counts. */
const [AROUND, AT_MOST] = [1 / 8, 2];

/**
 * The size of a signed error at a point. Where neighbours, a part of K away along every axis and inside the grid, have
 * another sign, it passes through 0 there: then the largest size among them; else that, but twice its own at most.
 */
function sizeAround(
  setup: StudySetup,
  point: readonly number[],
  { axes }: Grid,
  errorAt: (at: readonly number[]) => number,
): number {
  const { lower, upper } = setup.observe;
  const neighbours = point.reduce<number[][]>(
    (found, value, a) =>
      found.flatMap((start) => {
        const reach = AROUND * (upper[a] - lower[a]);
        const ends = [Math.max(value - reach, axes[a].lower), Math.min(value + reach, axes[a].upper)];
        return [ends[0], value, ends[1]].map((moved) => [...start, moved]);
      }),
    [[]],
  );
  const errors = neighbours.map(errorAt);
  const [least, most] = [Math.min(...errors), Math.max(...errors)];
  const largest = Math.max(most, -least);
  return least < 0 && most > 0 ? largest : Math.min(largest, AT_MOST * Math.abs(errorAt(point)));
}

/** What 25 % more of the x-box and of the y-box change at a point: coarsest level, ε of the grid tables. */
function boxError(setup: StudySetup, solved: Solved, { epsilon, point }: Place): number {
  return WIDER.reduce((sum, box) => {
    const { value, limit } = widerSolutions(setup, solved, box);
    const [narrow, wide] = epsilon === 'limit' ? limit : value;
    return sum + Math.abs(sample(wide, point, setup.degree) - sample(narrow, point, setup.degree));
  }, 0);
}

/** Up to three numbers of nodes in y, the last that of all values; a third one is coarser by the same ratio. */
function lastFastLevels(setup: StudySetup): readonly number[] {
  const all = fastLevels(setup);
  const last = all.indexOf(setup.fine.ny);
  if (last > 1) return all.slice(last - 2, last + 1);
  const [next, finest] = [all[last - 1], all[last]];
  const coarsest = Math.ceil((next - 1) ** 2 / (finest - 1)) + 1;
  return coarsest < FEWEST ? [next, finest] : [coarsest, next, finest];
}

/** A level in y with fewer nodes says nothing of the order. */
const FEWEST = 7;

function fastCase({ coarse }: StudySetup, epsilon: number | 'limit', ny: number): Case {
  return epsilon === 'limit' ? effectiveCase(coarse.nx, ny, { steps: 'same' }) : valueCase(epsilon, coarse.nx, ny);
}

function solvedCase(solved: Solved, wanted: Case): GridFunction {
  return wanted.kind === 'value' ? solved.value(wanted) : solved.effective(wanted);
}
