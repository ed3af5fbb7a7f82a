/**
 * Coefficients without a formula: slopes between points of a lattice. They are lower bounds of the constants, up to
 * round-off, and prove nothing else.
 */
import { controlLattice, isEndless, withFiniteEnds } from '../control/control-set.ts';
import { uniformAxis } from '../grid/axis.ts';
import { forEachNode, tensorGrid } from '../grid/grid.ts';
import { boxesOf, type Coordinates, dimensionsOf, type Interval, type Problem } from '../model/problem.ts';
import { namedPlace } from './assumption.ts';
import { type AssumptionBox, REACH } from './fields.ts';
import { jacobian } from './jacobian.ts';
import { type Bounds, largestEigenvalue, spectralNorm, symmetricPart } from './matrix-bounds.ts';

/** What is said of a constant that was found on points. */
export const POINTS_ALONE = 'no formula: points of the box alone';

/** Points per axis by the number of axes. */
const POINTS = [1, 401, 41, 11, 7, 5];
/** Controls tried where U has many. */
const MOST_CONTROLS = 9;

/** What points tell of a supremum: a lower bound and where it was found. */
interface Sampled {
  readonly supremum: Bounds;
  readonly at: Readonly<Record<string, number>> | null;
}

/** Lip(∇f). */
export function sampledGradient(
  gradient: readonly ((y: Coordinates) => number)[],
  fast: readonly Interval[],
  names: readonly string[],
): Sampled {
  return largestOf(fast, names, (y) => spectralNorm(jacobian(gradient, y, fast)));
}

/** sup λ_max(sym D_y b). */
export function sampledContraction(problem: Problem, box: AssumptionBox, names: readonly string[]): Sampled {
  const { n } = dimensionsOf(problem);
  return largestOf([...box.slow, ...box.fast], names, (z) => {
    const [x, y] = [z.slice(0, n), z.slice(n)];
    const fields = problem.fast.drift.map((field) => (at: Coordinates) => field(x, at));
    return largestEigenvalue(symmetricPart(jacobian(fields, y, box.fast)));
  });
}

/** Fields of x, y and u. */
export type SampledFields = readonly ((x: Coordinates, y: Coordinates, u: Coordinates) => number)[];

/** sup of the spectral norm of D_zφ, beside 1 + |u| where U is endless. */
export function sampledLipschitz(problem: Problem, fields: SampledFields, box: AssumptionBox): Bounds {
  return overControls(problem, fields, box, (at, z, sides) => spectralNorm(jacobian(at, z, sides)));
}

/** sup |φ|/(1 + |x|^power + |y|^power), with |u| below where U is endless. */
export function sampledGrowth(problem: Problem, fields: SampledFields, box: AssumptionBox, power: 1 | 2): Bounds {
  const { n } = dimensionsOf(problem);
  return overControls(problem, fields, box, (at, z) => {
    const room = 1 + Math.hypot(...z.slice(0, n)) ** power + Math.hypot(...z.slice(n)) ** power;
    return Math.hypot(...at.map((field) => field(z))) / room;
  });
}

function overControls(
  problem: Problem,
  fields: SampledFields,
  box: AssumptionBox,
  size: (fields: readonly ((z: Coordinates) => number)[], z: Float64Array, sides: readonly Interval[]) => number,
): Bounds {
  const { n } = dimensionsOf(problem);
  const sides = [...box.slow, ...box.fast];
  let lower = 0;
  for (const u of someControls(problem)) {
    const at = fields.map((field) => (z: Coordinates) => {
      const point = Array.from(z);
      return field(point.slice(0, n), point.slice(n), u);
    });
    const found = largestOf(sides, [], (z) => size(at, z, sides)).supremum.lower;
    lower = Math.max(lower, found / (isEndless(problem.controls) ? 1 + Math.hypot(...u) : 1));
  }
  return { lower, upper: Infinity };
}

function someControls({ controls }: Problem): readonly (readonly number[])[] {
  const all = boxesOf(controls).flatMap((side) => controlLattice(withFiniteEnds(side, REACH), 3));
  if (all.length <= MOST_CONTROLS) return all;
  return Array.from({ length: MOST_CONTROLS }, (_, k) => all[Math.round((k * (all.length - 1)) / (MOST_CONTROLS - 1))]);
}

/** The largest value on the product of equidistant points; NaN where a formula has none counts as unbounded. */
function largestOf(
  sides: readonly Interval[],
  names: readonly string[],
  value: (point: Float64Array) => number,
): Sampled {
  const count = POINTS[Math.min(sides.length, POINTS.length - 1)];
  const axes = sides.map(({ lower, upper }, i) => uniformAxis(`axis ${i + 1}`, lower, upper, count));
  let lower = Number.NEGATIVE_INFINITY;
  let at: readonly number[] | null = null;
  forEachNode(tensorGrid(axes), (_, point) => {
    const here = value(point);
    const found = Number.isNaN(here) ? Infinity : here;
    if (!(found > lower)) return;
    lower = found;
    at = Array.from(point);
  });
  return { supremum: { lower, upper: Infinity }, at: at && namedPlace(names, at) };
}
