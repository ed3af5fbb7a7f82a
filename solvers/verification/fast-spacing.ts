/**
 * Whether y-cells are narrow enough for an expansion of errors in their width: they are held against the conditional
 * standard deviations of μ_x in its wells, against how far Y comes in the time T, √(2T/ε), and breaks between nodes are
 * named.
 */
import type { Axis } from '../../src/grid/axis.ts';
import { frozenLattice } from '../../src/measure/grid-resolution.ts';
import { wellsOnLine } from '../../src/measure/resolution.ts';
import { spaceWells } from '../../src/measure/resolution-in-space.ts';
import type { SpaceWell } from '../../src/measure/space-well.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { breaksBetweenNodes } from './kinks-between-nodes.ts';

/** The cell that is widest beside a conditional deviation. */
export interface FastSpacing {
  readonly axis: string;
  readonly spacing: number;
  /** The standard deviation along this axis with the others fixed, in the narrowest well that carries mass. */
  readonly deviation: number;
  readonly x: readonly number[];
}

export interface SpacingFacts {
  /** Null where the fast process has no potential, from which the deviations are found. */
  readonly widest: FastSpacing | null;
  /** Why the error due to dy has no expansion in dy, a clause; null where nothing speaks against one. */
  readonly doubt: string | null;
}

/** Wells with less of the measure do not count. */
const LEAST_SHARE = 0.01;
/** Φ rises by 2 over two deviations on both sides. */
const DEVIATIONS_PER_WIDTH = 4;
/** Cells of this many deviations are too wide: twice as wide, they do not see the wells any more. */
const WIDEST = 0.75;
/** Places per axis of x, with one axis and with two. */
const PLACES = [9, 3] as const;

/** dy beside the deviations at a lattice of x; `epsilon` is 0 for the limit. */
export function spacingFacts(
  problem: Problem,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
  epsilon: number,
): SpacingFacts {
  const { slow, fast } = axes;
  const places = frozenLattice(slow, PLACES[Math.min(slow.length, 2) - 1]);
  const widest = places
    .flatMap((x) => spacingsAt(problem, x, fast))
    .reduce<FastSpacing | null>((most, each) => (most === null || ratio(each) > ratio(most) ? each : most), null);
  const reach = Math.sqrt((2 * problem.horizon) / epsilon);
  const cell = Math.max(...fast.map(({ spacing }) => spacing));
  if (places.some((x) => breaksBetweenNodes(problem, x, fast, centreOf(problem, x, fast))))
    return { widest, doubt: 'H or b kink or jump along y, and the sign of the error depends on where between nodes' };
  if (widest !== null && ratio(widest) > WIDEST)
    return { widest, doubt: `cells along ${widest.axis} are too wide beside the conditional deviations of y` };
  if (cell > reach)
    return { widest, doubt: `y moves by ${round(reach)} in the time T, less than a cell of ${round(cell)}` };
  return { widest, doubt: null };
}

/** "y-cells of 0.375 are 0.38 conditional deviations of y wide (x = 0)", for the line of a budget. */
export function describeSpacing({ axis, spacing, deviation, x }: FastSpacing): string {
  return (
    `Cells along ${axis} are ${round(spacing)} wide, ${round(spacing / deviation)} of the smallest conditional ` +
    `standard deviation ${round(deviation)} (at x = ${x.map(round).join(', ')}).`
  );
}

function spacingsAt(problem: Problem, x: readonly number[], fast: readonly Axis[]): FastSpacing[] {
  return wellsAt(problem, x, fast)
    .filter(({ share }) => share >= LEAST_SHARE)
    .flatMap(({ widths }) =>
      fast.map(({ name, spacing }, a) => ({ axis: name, spacing, deviation: widths[a] / DEVIATIONS_PER_WIDTH, x })),
    );
}

/** The bottom of the well with the most of the measure, or the middle of the box. */
function centreOf(problem: Problem, x: readonly number[], fast: readonly Axis[]): readonly number[] {
  const [well] = wellsAt(problem, x, fast);
  return well?.at ?? fast.map(({ lower, upper }) => (lower + upper) / 2);
}

function wellsAt(problem: Problem, x: readonly number[], fast: readonly Axis[]): readonly SpaceWell[] {
  if (problem.fast.kind === 'drift') return [];
  return dimensionsOf(problem).m === 1 ? wellsOnLine(problem, x, fast[0]) : spaceWells(problem, x, fast);
}

function ratio({ spacing, deviation }: FastSpacing): number {
  return spacing / deviation;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
