/** The Hamiltonian H(x,y,p) = −min_{u∈U} [φ(x,y,u)·p + ℓ(x,y,u)] at frozen x and p. */
import type { Coordinates, Problem } from '../model/problem.ts';
import { minimumOver } from './pointwise-minimum.ts';

/**
 * y ↦ H(x,y,p) = −min_{u∈U} [φ(x,y,u)·p + ℓ(x,y,u)], never above it and below by the error of the minimisation at most.
 * Throws InputError for a closure on an endless U; the function throws it where φ·p + ℓ has no lower bound over U.
 */
export function hamiltonianAt(problem: Problem, x: Coordinates, p: Coordinates): (y: Coordinates) => number {
  const { leastAt } = minimumOver(problem);
  return (y) => -leastAt(x, y, p).value;
}

/**
 * y ↦ the error of the minimisation in H(x,y,p): H lies between the value of hamiltonianAt and that plus this. Null
 * where there is none.
 */
export function hamiltonianError(
  problem: Problem,
  x: Coordinates,
  p: Coordinates,
): ((y: Coordinates) => number) | null {
  const { kind, leastAt } = minimumOver(problem);
  return kind === 'corners' || kind === 'quadratic' ? null : (y) => leastAt(x, y, p).error;
}
