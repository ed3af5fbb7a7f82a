/** The wells of the potential in which the fast process frozen at x lives: local minima of Φ(x,·). */
import { landscape } from '../src/measure/landscape.ts';
import { wellsIn } from '../src/measure/wells.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import { supportBox } from './averaging/fast-support.ts';
import { frozenTerms, requireBox, requireFrozen } from './requirements.ts';

/** A local minimum of Φ(x,·). */
export interface Well {
  /** m components. */
  readonly at: readonly number[];
  /** Φ(x, at); for m = 1 without a potential −∫b dy, 0 in the middle of the box. */
  readonly potential: number;
}

/** Points of the scan on a line: wells wider than two of their distances are found. */
const SCAN = 8001;

/**
 * The wells of Φ(x,·) in a box, by default the support of μ_x; the deepest first. m = 1, or m = 2, 3 with a potential:
 * other drifts have no Φ, and no wells are listed. On the line wells narrower than 1/4000 of the box may be missed, on
 * the plane 1/100, in space 1/20. Throws InputError where Φ or b has no value, and where μ_x has no support.
 */
export function wells(problem: Problem, x: Coordinates, box?: readonly Interval[]): readonly Well[] {
  requireFrozen(problem, { what: 'wells of the potential', takes: frozenTerms }, x);
  requireBox(problem, box);
  const support = box ?? supportBox(problem, x);
  const { fast } = problem;
  if (dimensionsOf(problem).m === 1) {
    const found = landscape(problem, x, support[0], SCAN).wells;
    return found.map(({ at, value }) => ({ at: [at], potential: value })).sort((a, b) => a.potential - b.potential);
  }
  if (fast.kind === 'drift') return [];
  return wellsIn(fast.potential, x, support).map(({ at, value }) => ({ at, potential: value }));
}
