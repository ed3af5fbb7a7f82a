/**
 * What the truncation of the boxes costs a value: what a quarter more of each box changes. That is a bound where it
 * shrinks with wider boxes, which a narrower x-box shows.
 */
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { supremumDifference, supremumError } from '../../src/verification/norms.ts';
import { roundingFloor } from '../../src/verification/refinement.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import { WIDER } from './domain-table.ts';
import { sizeAround } from './refined-values.ts';
import { axesOf, type BoxName, type StudySetup } from './setup.ts';
import { type Solved, solutionOf } from './solved.ts';

/** A row of the table of values: a point (x,y) at one ε, or x alone in the limit. */
export interface Place {
  readonly epsilon: number | 'limit';
  readonly point: readonly number[];
}

/** What the boxes cost at a place. */
export interface BoxError {
  /** What a quarter more of each box changes. */
  readonly change: number;
  /** The change by the last quarter of the x-box in that by the quarter before, over K; null where none was. */
  readonly shrinks: number | null;
  /** How far the value moves over K from that of the point, and what it owes to rounding. */
  readonly spread: number;
  readonly floor: number;
}

/** On the coarsest level, at equal spacing and steps: for every ε that moves farther than the moderate one. */
export function boxCases(setup: StudySetup): Case[] {
  const { epsilon, moderate } = setup;
  const all = ['limit' as const, ...epsilon.filter((each) => each >= moderate)];
  const boxes: readonly BoxName[] = narrows(setup) ? [...WIDER, 'narrow-x'] : WIDER;
  return all.flatMap((each) => [
    ...WIDER.map((stepsOf) => boxCase(setup, each, { stepsOf })),
    ...boxes.map((box) => boxCase(setup, each, { box, stepsOf: box === 'narrow-x' ? 'wide-x' : box })),
  ]);
}

/** An ε below the moderate one has the larger error of that and of the limit. */
export function boxError(setup: StudySetup, solved: Solved, { epsilon, point }: Place): BoxError {
  const { moderate, slow } = setup;
  if (epsilon === 'limit' || epsilon >= moderate) return boxErrorAt(setup, solved, { epsilon, point });
  const [own, limit] = [
    boxErrorAt(setup, solved, { epsilon: moderate, point }),
    boxErrorAt(setup, solved, { epsilon: 'limit', point: point.slice(0, slow.length) }),
  ];
  return own.change >= limit.change ? own : limit;
}

function boxErrorAt(setup: StudySetup, solved: Solved, place: Place): BoxError {
  const solve = (choice: BoxChoice) => solutionOf(solved, boxCase(setup, place.epsilon, choice));
  const pairs = WIDER.map((box) => [solve({ stepsOf: box }), solve({ box })] as const);
  const change = pairs.reduce((sum, [own, wide]) => sum + sizeOf(setup, place.point, own, wide), 0);
  const [[own, wide]] = pairs;
  const within = place.epsilon === 'limit' ? setup.observeSlow : setup.observe;
  const value = sample(own, place.point, setup.degree);
  const size = {
    change,
    spread: supremumError(own, within, () => value),
    floor: roundingFloor(own, own.steps),
  };
  if (!narrows(setup)) return { ...size, shrinks: null };
  const narrow = solve({ box: 'narrow-x', stepsOf: 'wide-x' });
  const shrinks = supremumDifference(own, wide, within) / supremumDifference(narrow, own, within);
  return { ...size, shrinks };
}

/** The size of the change from one solution to another: it may pass through 0 at a point. */
function sizeOf(setup: StudySetup, point: readonly number[], own: GridFunction, wide: GridFunction): number {
  const changeAt = (at: readonly number[]) => sample(wide, at, setup.degree) - sample(own, at, setup.degree);
  return sizeAround(setup, point, own.grid, changeAt);
}

/** Whether K fits into the x-box with a quarter less. */
function narrows(setup: StudySetup): boolean {
  const { nx, ny } = setup.coarse;
  const { lower, upper } = setup.observeSlow;
  const { slow } = axesOf(setup, { nx, ny }, 'narrow-x');
  return slow.every((axis, a) => axis.lower <= lower[a] && upper[a] <= axis.upper);
}

type BoxChoice = { readonly box?: BoxName; readonly stepsOf?: BoxName };

function boxCase({ coarse: { nx, ny } }: StudySetup, epsilon: Place['epsilon'], choice: BoxChoice): Case {
  return epsilon === 'limit' ? effectiveCase(nx, ny, choice) : valueCase(epsilon, nx, ny, choice);
}

/** Shrinking by less says nothing of still wider boxes. */
const SHRINKS = 1 / 3;

/** The safety factor of a change of which nothing else is known; the part of the rest that it may then be. */
const [OF_TWO, OF_REST] = [3, 1 / 10];

/** The part of what a value moves over K that the boxes may cost where all else costs less. */
const OF_SPREAD = 1e-3;

/**
 * The part of the boxes in a bound of which the rest is known: what all further quarters change, by the ratio of the
 * last two. Null where it outweighs the rest and is not small beside the values, and where the changes do not shrink
 * and are not small beside the rest; what is rounding counts as it is.
 */
export function costOfBox({ change, shrinks, spread, floor }: BoxError, rest: number): number | null {
  const isShown = shrinks !== null && shrinks <= SHRINKS;
  const cost = change * (isShown ? 1 / (1 - shrinks) : OF_TWO);
  const most = isShown ? Math.max(rest, OF_SPREAD * spread) : OF_REST * rest;
  return cost <= Math.max(most, floor) ? cost : null;
}

/** The x-box with twice the width, in words. */
export function boxToTake({ slow, names }: StudySetup): string {
  const sides = slow.map(({ lower, upper }, a) => {
    const reach = (upper - lower) / 2;
    return `${names[a]} ∈ [${[lower - reach, upper + reach].map((end) => Number(end.toPrecision(3))).join(', ')}]`;
  });
  return sides.join(', ');
}
