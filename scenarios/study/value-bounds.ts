/**
 * Error bounds of the values of a study at points of K, part by part: grids in x (with the steps in time) and in y, the
 * boxes, what f may dip between nodes, the minimum over U. A difference between levels passes through 0 at some points
 * without an error that is small: it is looked at around the point.
 */
import { type MethodDiagnostics, terminalValues } from '../../solvers/workbench.ts';
import { type Grid, tensorGrid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { valleys } from '../../src/time/value-floor.ts';
import { richardson } from '../../src/verification/order.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import { WIDER, widerSolutions } from './domain-table.ts';
import { fastLevels } from './grid-tables.ts';
import { finestOf, levels } from './levels.ts';
import { axesOf, type StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';

type Solution = GridFunction & Pick<MethodDiagnostics, 'controlsError' | 'doubts'>;

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
  const { nx } = levels(setup);
  const ratio = (nx[nx.length - 1] - 1) / (nx[nx.length - 2] - 1);
  // Of order 1 whatever the scheme claims: a kink may pass through the point.
  const slowErrorAt = (at: readonly number[]) => {
    const values = solutions.map((solution) => sample(solution, at, setup.degree));
    const change = values[values.length - 1] - values[values.length - 2];
    return Math.sign(change) * richardson(values, { ratio, order: 1 }).error;
  };
  const { controlsError, doubts } = solutions[solutions.length - 1];
  const known =
    sizeAround(setup, place.point, solutions[0].grid, slowErrorAt) +
    fastError(setup, solved, place) +
    boxError(setup, solved, place) +
    samplingError(setup) +
    controlsError;
  // Nodes in y that do not hold and resolve the invariant measure say nothing of what they miss.
  return doubts.length === 0 && Number.isFinite(known) ? known : null;
}

/** How far f dips between nodes at the bottom of its valleys: all that a plateau at the value of a minimum can miss. */
function samplingError(setup: StudySetup): number {
  const { nx, ny } = finestOf(setup);
  const grid = tensorGrid(axesOf(setup, { nx, ny }, 'standard').slow);
  const bottoms = valleys(setup.problem, grid, terminalValues(setup.problem, grid));
  return bottoms.reduce((most, { node, bottom }) => Math.max(most, node - bottom), 0);
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

/**
 * |V on the finest y-grid − V on the next coarser one| around a point, on the coarsest x-grid: bounds the y-error
 * where the spacing is halved; for closer levels by Richardson, order 2.
 */
function fastError(setup: StudySetup, solved: Solved, { epsilon, point }: Place): number {
  const [next, finest] = lastFastLevels(setup);
  const [coarse, fine] = [next, finest].map((ny) => solvedCase(solved, fastCase(setup, epsilon, ny)));
  const ratio = (finest - 1) / (next - 1);
  const differenceAt = (at: readonly number[]) => sample(fine, at, setup.degree) - sample(coarse, at, setup.degree);
  return sizeAround(setup, point, fine.grid, differenceAt) * Math.max(1, 1 / (ratio ** 2 - 1));
}

/** What 25 % more of the x-box and of the y-box change at a point: coarsest level, ε of the grid tables. */
function boxError(setup: StudySetup, solved: Solved, { epsilon, point }: Place): number {
  return WIDER.reduce((sum, box) => {
    const { value, limit } = widerSolutions(setup, solved, box);
    const [narrow, wide] = epsilon === 'limit' ? limit : value;
    return sum + Math.abs(sample(wide, point, setup.degree) - sample(narrow, point, setup.degree));
  }, 0);
}

/** The nodes in y of all values, and those of the level before. */
function lastFastLevels(setup: StudySetup): readonly [number, number] {
  const finest = setup.fine.ny;
  const all = fastLevels(setup);
  return [all[all.indexOf(finest) - 1] ?? all[0], finest];
}

function fastCase({ coarse }: StudySetup, epsilon: number | 'limit', ny: number): Case {
  return epsilon === 'limit' ? effectiveCase(coarse.nx, ny, { steps: 'same' }) : valueCase(epsilon, coarse.nx, ny);
}

function solvedCase(solved: Solved, wanted: Case): GridFunction {
  return wanted.kind === 'value' ? solved.value(wanted) : solved.effective(wanted);
}
