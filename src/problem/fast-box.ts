/**
 * The y-box: an interval that carries all but 1e-12 of the invariant measure of every frozen x, and 7 deviations.
 */
import { coordinate, coordinates, uniformAxis } from '../grid/axis.ts';
import { gibbsMeasure } from './gibbs-measure.ts';
import { InputError } from './input-error.ts';
import type { Coordinates, Interval, Problem } from './problem.ts';

/** Tail mass left out on each side. */
const TAIL = 5e-13;
const DEVIATIONS = 7;
/** Frozen slow points probed along the x-box. */
const PROBES = 17;
/** Density, relative to its maximum, at which a search interval is wide enough. */
const NEGLIGIBLE = 1e-22;
/** Doublings and zooms: 2⁴⁰ times the first search interval is far enough. */
const ATTEMPTS = 40;

/** The smallest such interval, rounded outward, for x in `slow` (n = m = 1). Throws InputError if there is none. */
export function fastBox(problem: Problem, slow: Interval): Interval {
  const spans = Array.from({ length: PROBES }, (_, k) =>
    boxAt(problem, slow.lower + ((slow.upper - slow.lower) * k) / (PROBES - 1)),
  );
  const lower = Math.min(...spans.map((span) => span.lower));
  const upper = Math.max(...spans.map((span) => span.upper));
  const unit = 10 ** Math.floor(Math.log10(upper - lower)) / 20;
  const rounded = (multiple: number) => Number((multiple * unit).toPrecision(12));
  return { lower: rounded(Math.floor(lower / unit)), upper: rounded(Math.ceil(upper / unit)) };
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
 * Where μ_x lives, for one x: the density is below 1e-22 of its maximum outside. By widening, then zooming in.
 * Throws InputError if there is no such interval.
 */
export function supportAt(problem: Problem, x: Coordinates): Interval {
  let search: Interval = { lower: -8, upper: 8 };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const axis = uniformAxis('y', search.lower, search.upper, 1001);
    const measure = gibbsMeasure(problem, x, search);
    const densities = Array.from(coordinates(axis), (y) => measure.density(y));
    const highest = Math.max(...densities);
    const significant = (density: number) => density > NEGLIGIBLE * highest;
    if (Number.isFinite(highest) && !significant(densities[0]) && !significant(densities[axis.nodes - 1])) {
      const first = densities.findIndex(significant);
      const last = densities.findLastIndex(significant);
      search = { lower: coordinate(axis, first - 1), upper: coordinate(axis, last + 1) };
      if (last - first > axis.nodes / 10) return search;
    } else {
      const width = search.upper - search.lower;
      search = { lower: search.lower - width / 2, upper: search.upper + width / 2 };
    }
  }
  throw new InputError(
    `no y-box carries the invariant measure at x = ${Array.from(x).join(', ')}`,
    'its density does not decay, or is not finite: the fast process frozen at this x is not recurrent',
    'give domain.y, or a fast drift that points inward far from the origin (recurrence)',
    problem.fastPotential === undefined ? 'fastDrift' : 'fastPotential',
  );
}
