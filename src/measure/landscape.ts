/**
 * Φ(x,·) of the frozen fast process along a line, m = 1, with its wells: scanned on equidistant points, every local
 * minimum of the scan followed down, so that wells down to about the distance of the points are seen at full depth.
 *
 * Φ is the given potential, or −∫b dy for a drift (on the line every drift is a gradient), split where b may break;
 * with noise r that of the process with unit noise that has the same invariant measure (fast-scale.ts).
 */
import { coordinates, uniformAxis } from '../grid/axis.ts';
import { gaussLegendre, goldenSection, panelIntegral, settledIntegral } from '../grid/quadrature.ts';
import { InputError } from '../input/input-error.ts';
import { breaksOnLine, driftBreaks, endsOf } from '../model/breaks.ts';
import { requireElliptic } from '../model/elliptic.ts';
import { fastScale, unitNoiseTwin } from '../model/fast-scale.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';

/** Shrinkings of the bracket of a well: to 1e-8 of it, beyond which Φ does not change in its digits. */
const STEPS = 40;
/** Between two points of a scan. */
const RULE = gaussLegendre(5);

export interface Landscape {
  readonly points: Float64Array;
  /** Φ on the points. */
  readonly values: Float64Array;
  /** The local minima, `index` the lowest point beside it. */
  readonly wells: readonly { readonly index: number; readonly at: number; readonly value: number }[];
  /** The least Φ found. */
  readonly floor: number;
  potential(y: number): number;
}

/**
 * Scans Φ(x,·) at `count` points. Throws InputError where Φ or b has no value, and where the noise may be 0; Φ = ∞ is a
 * place without mass.
 */
export function landscape(problem: Problem, x: Coordinates, interval: Interval, count: number): Landscape {
  const points = coordinates(uniformAxis('y', interval.lower, interval.upper, count));
  const frozen = Array.from(x, (value): Interval => ({ lower: value, upper: value }));
  requireElliptic(problem, frozen, [interval]);
  const along = fastScale(problem) === null ? evenly(points) : towardsEnds(points);
  const potential = potentialAlong(unitNoiseTwin(problem), x, along);
  const values = points.map((y) => {
    const value = potential(y);
    if (Number.isNaN(value) || value === -Infinity) throw withoutValue(problem, x, y, value);
    return value;
  });
  const wells = [];
  for (let k = 1; k + 1 < count; k++) {
    if (!(values[k] <= values[k - 1] && values[k] < values[k + 1])) continue;
    const bottom = goldenSection(potential, points[k - 1], points[k + 1], STEPS);
    wells.push({ index: k, ...(bottom.value < values[k] ? bottom : { at: points[k], value: values[k] }) });
  }
  const lowest = values.reduce((low, value) => Math.min(low, value), Infinity);
  return { points, values, wells, floor: wells.reduce((low, { value }) => Math.min(low, value), lowest), potential };
}

function withoutValue(problem: Problem, x: Coordinates, y: number, value: number): InputError {
  const given = problem.fast.kind === 'potential';
  const place = `x = ${Array.from(x).join(', ')}, y = ${y}`;
  return new InputError(
    `${given ? 'the fast potential Φ' : '−∫b of the fast drift b'} is ${value} at ${place}`,
    'the formula has no finite value at this point, and the invariant measure is e^−Φ',
    'change the formula, or give a domain.y on which it is finite',
    given ? 'fastPotential' : 'fastDrift',
  );
}

/** Points in ascending order between which −∫b is taken, the one to the left of a place, and the rule between. */
interface Stations {
  readonly points: Float64Array;
  readonly cellOf: (y: number) => number;
  readonly integral: typeof panelIntegral;
}

function evenly(points: Float64Array): Stations {
  const last = points.length - 1;
  const spacing = points[1] - points[0];
  const cellOf = (y: number) => Math.min(Math.max(Math.floor((y - points[0]) / spacing), 0), last - 1);
  return { points, cellOf, integral: panelIntegral };
}

/** Halvings of the first and the last cell. */
const GRADED = 44;

/** More of them towards the ends, beside which α may vanish and b/α have a pole. */
function towardsEnds(points: Float64Array): Stations {
  const last = points.length - 1;
  const spacing = points[1] - points[0];
  const steps = Array.from({ length: GRADED }, (_, k) => spacing * 2 ** -(k + 1));
  const all = [...points, ...steps.map((step) => points[0] + step), ...steps.map((step) => points[last] - step)];
  const graded = Float64Array.from(new Set(all)).sort();
  return { points: graded, cellOf: (y) => placeOf(graded, y), integral: settledIntegral };
}

function placeOf(points: Float64Array, y: number): number {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle] <= y) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Φ(x,·): the given one, or −∫b by Gauss–Legendre from the nearest point to the left, 0 at the middle point. Between
 * two points the rule is applied on both sides of every break of b, up to rounding of its place.
 */
function potentialAlong(
  problem: Problem,
  x: Coordinates,
  { points, cellOf, integral }: Stations,
): (y: number) => number {
  const at = new Float64Array(1);
  const { fast } = problem;
  if (fast.kind === 'potential') {
    return (y) => {
      at[0] = y;
      return fast.potential(x, at);
    };
  }
  const slope = (y: number) => {
    at[0] = y;
    return -fast.drift[0](x, at);
  };
  const last = points.length - 1;
  const breaks = new Map<number, number[]>();
  for (const end of endsOf(breaksOnLine(driftBreaks(problem, x), { lower: points[0], upper: points[last] }))) {
    breaks.set(cellOf(end), [...(breaks.get(cellOf(end)) ?? []), end]);
  }
  const riseTo = (k: number, y: number) => {
    const inside = breaks.get(k);
    if (inside === undefined) return integral(slope, points[k], y, RULE);
    const ends = [points[k], ...inside.filter((end) => end > points[k] && end < y), y];
    return ends.slice(1).reduce((sum, end, i) => sum + integral(slope, ends[i], end, RULE), 0);
  };
  const rise = (k: number) => riseTo(k, points[k + 1]);
  const known = new Float64Array(points.length);
  const middle = points.length >> 1;
  for (let k = middle; k < last; k++) known[k + 1] = known[k] + rise(k);
  for (let k = middle; k > 0; k--) known[k - 1] = known[k] - rise(k - 1);
  return (y) => known[cellOf(y)] + riseTo(cellOf(y), y);
}
