/**
 * What levels of a refinement say of the error of a value at a point of K. A difference between levels passes through
 * 0 at some points without an error that is small: where three levels do not show the order, it is looked at around
 * the point.
 */
import type { Grid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { type Powers, type Refined, remainingError, signedChange } from '../../src/verification/remaining-error.ts';
import type { StudySetup } from './setup.ts';

/** Levels, coarse to fine, with the sizes of what is refined and the powers of these in the error. */
export interface Refinement {
  readonly levels: readonly GridFunction[];
  readonly sizes: readonly number[];
  readonly powers: Powers;
  /** Of interpolation along every axis. */
  readonly degree: readonly number[];
}

export function refinementError(setup: StudySetup, point: readonly number[], refinement: Refinement): number {
  const { powers } = refinement;
  return remainingError(valuesAt(point, refinement), powers, () => changeAround(setup, point, refinement));
}

function valuesAt(point: readonly number[], { levels, sizes, degree }: Refinement): Refined {
  return { sizes, values: levels.map((level) => sample(level, point, degree)) };
}

export function changeAround(setup: StudySetup, point: readonly number[], refinement: Refinement): number {
  const { levels, powers } = refinement;
  return sizeAround(setup, point, levels[0].grid, (at) => signedChange(valuesAt(at, refinement), powers));
}

/** How far around a point a difference is looked at, a part of the width of K; how many times its own counts. */
const [AROUND, AT_MOST] = [1 / 8, 2];

/**
 * The size of a signed error at a point. Where neighbours, a part of K away along every axis and inside the grid, have
 * another sign, it passes through 0 there: then the largest size among them; else that, but twice its own at most.
 */
export function sizeAround(
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
