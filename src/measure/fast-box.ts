/**
 * The y-box: an interval that carries all but 1e-12 of the invariant measure of every frozen x, and 7 deviations.
 */
import { uniformAxis } from '../grid/axis.ts';
import { InputError } from '../input/input-error.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { gibbsMeasure } from './gibbs-measure.ts';
import { landscape } from './landscape.ts';

/** Tail mass left out on each side. */
const TAIL = 5e-13;
const DEVIATIONS = 7;
/** Frozen slow points probed along the x-box. */
const PROBES = 17;
/** Logarithm of the density, relative to its maximum, at which a search interval is wide enough. */
const LOG_NEGLIGIBLE = Math.log(1e-22);
/** Points of one scan. */
const SCAN = 1001;
/** Doublings and zooms: 2⁴⁰ times the first search interval is far enough. */
const ATTEMPTS = 40;

/**
 * The smallest such interval, rounded outward, for x in `slow` (n = m = 1); searched for once per problem. Throws
 * InputError if there is none.
 */
export function fastBox(problem: Problem, slow: Interval): Interval {
  return boxOver(problem, [slow.lower, slow.upper]);
}

const boxOver = oncePerProblem((problem, [first, last]): Interval => {
  const spans = Array.from({ length: PROBES }, (_, k) => boxAt(problem, first + ((last - first) * k) / (PROBES - 1)));
  const lower = Math.min(...spans.map((span) => span.lower));
  const upper = Math.max(...spans.map((span) => span.upper));
  const unit = 10 ** Math.floor(Math.log10(upper - lower)) / 20;
  const rounded = (multiple: number) => Number((multiple * unit).toPrecision(12));
  return { lower: rounded(Math.floor(lower / unit)), upper: rounded(Math.ceil(upper / unit)) };
});

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
    while (mass < TAIL) {
      mass += measure.density(y) * axis.spacing;
      y += step * axis.spacing;
    }
    return y - 2 * step * axis.spacing;
  };
  return {
    lower: Math.min(quantile(1), mean - DEVIATIONS * deviation),
    upper: Math.max(quantile(-1), mean + DEVIATIONS * deviation),
  };
}

/**
 * Where μ_x lives, for one x: the density is below 1e-22 of its maximum outside. By widening, then zooming in, with
 * every well of the scan followed to its bottom. Throws InputError if there is no such interval.
 */
export function supportAt(problem: Problem, x: Coordinates): Interval {
  let search: Interval = { lower: -8, upper: 8 };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { points, values, wells, floor } = landscape(problem, x, search, SCAN);
    const significant = (value: number) => floor - value > LOG_NEGLIGIBLE;
    const deep = wells.filter(({ value }) => significant(value)).map(({ index }) => index);
    const held = [values.findIndex(significant), values.findLastIndex(significant), ...deep].filter((k) => k >= 0);
    if (Number.isFinite(floor) && !significant(values[0]) && !significant(values[SCAN - 1])) {
      const [first, last] = [Math.min(...held), Math.max(...held)];
      search = { lower: points[first - 1], upper: points[last + 1] };
      if (last - first > SCAN / 10) return search;
    } else {
      const width = search.upper - search.lower;
      search = { lower: search.lower - width / 2, upper: search.upper + width / 2 };
    }
  }
  throw new InputError(
    `no y-box carries the invariant measure at x = ${Array.from(x).join(', ')}`,
    'e^−Φ never falls below 1e-22 of its maximum: the fast process is not recurrent, or its tails are too heavy',
    'give domain.y, or a fast drift that points inward far from the origin (recurrence)',
    problem.fast.kind === 'drift' ? 'fastDrift' : 'fastPotential',
  );
}
