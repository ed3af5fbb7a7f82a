import { gaussLegendre } from '../grid/quadrature.ts';
import { supportAt } from './fast-box.ts';
import { gibbsMeasure } from './gibbs-measure.ts';
import type { Coordinates, Interval, Problem } from './problem.ts';

const RULE = gaussLegendre(8);
const PANELS = 50;

/** The mass of the invariant measure μ_x outside a y-box, m = 1. Throws InputError where μ_x does not decay. */
export function tailMass(problem: Problem, x: Coordinates, box: Interval): number {
  const support = supportAt(problem, x);
  const measure = gibbsMeasure(problem, x, support);
  const mass = (lower: number, upper: number) => {
    const width = Math.max(0, upper - lower) / PANELS;
    let sum = 0;
    for (let k = 0; k < PANELS; k++) {
      RULE.nodes.forEach((node, i) => {
        sum += RULE.weights[i] * measure.density(lower + (k + node) * width);
      });
    }
    return sum * width;
  };
  return (
    mass(support.lower, Math.min(box.lower, support.upper)) + mass(Math.max(box.upper, support.lower), support.upper)
  );
}
