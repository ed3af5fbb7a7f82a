/**
 * The y-box: an interval that carries all but 1e-12 of the invariant measure of every frozen x, and 7 deviations. Along
 * x it is searched for by branch and bound: intervals of x whose measures lie within those known are left out.
 */
import { uniformAxis } from '../grid/axis.ts';
import { InputError } from '../input/input-error.ts';
import { ellipticReach, within } from '../model/elliptic.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import { type Coordinates, type Interval, type Problem, united } from '../model/problem.ts';
import { fineScan } from './fine-scan.ts';
import { gibbsMeasure } from './gibbs-measure.ts';
import { landscape } from './landscape.ts';
import { hullOver } from './slow-change.ts';

/** Tail mass left out on each side. */
const TAIL = 5e-13;
const DEVIATIONS = 7;
/** Frozen slow points probed along the x-box to begin with, and intervals of x looked at between them. */
const [PROBES, LOOKS] = [17, 400];
/** How far the measures of an interval of x may stand out, relative to the box. */
const SLACK = 0.02;
/** Logarithm of the density, relative to its maximum, at which a search interval is wide enough. */
const LOG_NEGLIGIBLE = Math.log(1e-22);
/** Points of one scan. */
const SCAN = 1001;
/** Doublings and zooms: 2⁴⁰ times the first search interval is far enough. */
const ATTEMPTS = 40;

/**
 * The y-box for x in `slow`, n = m = 1: the smallest interval, rounded outward, that holds all but 1e-12 of every μ_x
 * and 7 standard deviations; searched for once per problem. Throws InputError if there is none.
 */
export function fastBox(problem: Problem, slow: Interval): Interval {
  return boxOver(problem, [slow.lower, slow.upper]);
}

const boxOver = oncePerProblem((problem, [first, last]): Interval => {
  const probes = Array.from({ length: PROBES }, (_, k) => first + ((last - first) * k) / (PROBES - 1));
  const atProbes = probes.map((x) => boxAt(problem, x));
  const between = extremesBetween(problem, probes, united(atProbes));
  const { lower, upper } = united([...atProbes, ...between.map((x) => boxAt(problem, x))]);
  const unit = 10 ** Math.floor(Math.log10(upper - lower)) / 20;
  const rounded = (multiple: number) => Number((multiple * unit).toPrecision(12));
  return { lower: rounded(Math.floor(lower / unit)), upper: rounded(Math.ceil(upper / unit)) };
});

/** The x between probes, if any, whose measures reach farthest down and up; of closures nothing is known there. */
function extremesBetween(problem: Problem, probes: readonly number[], known: Interval): number[] {
  const found: number[] = [];
  let hull: Interval = { lower: Infinity, upper: -Infinity };
  const add = (x: number, isNew: boolean): boolean => {
    const side = hullOver(problem, [{ lower: x, upper: x }], known);
    if (side === null) return false;
    if (isNew && side.lower < hull.lower) found[0] = x;
    if (isNew && side.upper > hull.upper) found[1] = x;
    hull = united([hull, side]);
    return true;
  };
  if (!probes.every((x) => add(x, false))) return [];
  const spans = probes.slice(1).map((upper, k): Interval => ({ lower: probes[k], upper }));
  for (let looked = 0; spans.length > 0 && looked < LOOKS; looked++) {
    const span = spans.shift() as Interval;
    const slack = SLACK * (hull.upper - hull.lower);
    const held = hullOver(problem, [span], known);
    if (held !== null && held.lower >= hull.lower - slack && held.upper <= hull.upper + slack) continue;
    const middle = (span.lower + span.upper) / 2;
    if (!(middle > span.lower && middle < span.upper)) continue;
    add(middle, true);
    spans.push({ lower: span.lower, upper: middle }, { lower: middle, upper: span.upper });
  }
  return found.filter((x) => x !== undefined);
}

function hullOf(edges: Float64Array): Interval | null {
  return edges.length < 2 ? null : { lower: edges[0], upper: edges[edges.length - 1] };
}

/** All but 1e-12 of μ_x, and 7 standard deviations, for one x. */
function boxAt(problem: Problem, x: number): Interval {
  const wide = supportAt(problem, [x]);
  const measure = gibbsMeasure(problem, [x], wide);
  const mean = measure.mean((y) => y);
  const deviation = Math.sqrt(measure.mean((y) => (y - mean) ** 2));
  const axis = uniformAxis('y', wide.lower, wide.upper, 2001);
  const quantile = (step: 1 | -1) => {
    let mass = 0;
    let y = step === 1 ? wide.lower : wide.upper;
    // A pole beside which no point has mass, or a density that is no number, ends with the interval.
    for (let k = 0; k < axis.nodes && !(mass >= TAIL); k++) {
      mass += measure.density(y) * axis.spacing;
      y += step * axis.spacing;
    }
    return y - 2 * step * axis.spacing;
  };
  const box = {
    lower: Math.min(quantile(1), mean - DEVIATIONS * deviation),
    upper: Math.max(quantile(-1), mean + DEVIATIONS * deviation),
  };
  if (box.upper - box.lower < Infinity) return within(ellipticReach(problem, [x]), box);
  throw new InputError(
    `no y-box carries the invariant measure at x = ${x}`,
    'its moments are no numbers: e^−Φ has no finite integral',
    'give domain.y, or a potential that is finite and grows',
    problem.fast.kind === 'drift' ? 'fastDrift' : 'fastPotential',
  );
}

/**
 * Where μ_x lives, for one x: the density is below 1e-22 of its maximum outside. By widening, then zooming in, with
 * every well of the scan followed to its bottom. Throws InputError if there is no such interval.
 */
export function supportAt(problem: Problem, x: Coordinates): Interval {
  const found = supportFrom(problem, x, { lower: -8, upper: 8 });
  const hull =
    problem.fast.kind === 'potential' ? hullOf(fineScan(problem, x, found)?.edges ?? new Float64Array(0)) : null;
  if (hull === null || (hull.lower >= found.lower && hull.upper <= found.upper)) return found;
  // Mass far out or in a narrow well, which the points have missed.
  return united([found, supportFrom(problem, x, united([found, hull]))]);
}

function supportFrom(problem: Problem, x: Coordinates, start: Interval): Interval {
  const reach = ellipticReach(problem, x);
  let search = within(reach, start);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { points, values, wells, floor } = landscape(problem, x, search, SCAN);
    const significant = (value: number) => floor - value > LOG_NEGLIGIBLE;
    const deep = wells.filter(({ value }) => significant(value)).map(({ index }) => index);
    const held = [values.findIndex(significant), values.findLastIndex(significant), ...deep].filter((k) => k >= 0);
    // Nothing lies beyond a place that the process does not pass.
    const isOpen = (end: number, value: number) => significant(value) && end !== reach.lower && end !== reach.upper;
    if (Number.isFinite(floor) && !isOpen(search.lower, values[0]) && !isOpen(search.upper, values[SCAN - 1])) {
      const [first, last] = [Math.min(...held), Math.max(...held)];
      search = { lower: points[Math.max(0, first - 1)], upper: points[Math.min(SCAN - 1, last + 1)] };
      if (last - first > SCAN / 10) return search;
    } else {
      const width = search.upper - search.lower;
      search = within(reach, { lower: search.lower - width / 2, upper: search.upper + width / 2 });
    }
  }
  throw new InputError(
    `no y-box carries the invariant measure at x = ${Array.from(x).join(', ')}`,
    'e^−Φ never falls below 1e-22 of its maximum: the fast process is not recurrent, or its tails are too heavy',
    'give domain.y, or a fast drift that points inward far from the origin (recurrence)',
    problem.fast.kind === 'drift' ? 'fastDrift' : 'fastPotential',
  );
}
