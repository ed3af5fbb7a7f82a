import { integrate } from '../grid/quadrature.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { supportAt } from './fast-box.ts';
import { gibbsMeasure } from './gibbs-measure.ts';

const PANELS = 50;

/** The mass of the invariant measure μ_x outside a y-box, m = 1. Throws InputError where μ_x does not decay. */
export function tailMass(problem: Problem, x: Coordinates, box: Interval): number {
  const support = supportAt(problem, x);
  const measure = gibbsMeasure(problem, x, support);
  const mass = (lower: number, upper: number) => {
    if (!(lower < upper)) return 0;
    const ends = Array.from({ length: PANELS + 1 }, (_, k) => lower + ((upper - lower) * k) / PANELS);
    return integrate(measure.density, ends).value;
  };
  return (
    mass(support.lower, Math.min(box.lower, support.upper)) + mass(Math.max(box.upper, support.lower), support.upper)
  );
}
