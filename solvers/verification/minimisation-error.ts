import { hamiltonianError } from '../../src/control/hamiltonian.ts';
import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';

/** Nodes of less weight together carry no more than round-off of a mean. */
const TAIL_WEIGHT = 1e-14;

/**
 * The part `controls` of the error of H̄ = Σ_j π_j H_j: H lies between what was found and that plus the error of the
 * minimisation over U, so that H̄ may be larger by the largest of these where there is mass. 0 where φ, ℓ are affine or
 * quadratic in u, ∞ where U was sampled.
 */
export function minimisationError(
  problem: Problem,
  { x, p }: { readonly x: Coordinates; readonly p: Coordinates },
  grid: Grid,
  weights: Float64Array,
): number {
  const errorAt = hamiltonianError(problem, x, p);
  if (errorAt === null) return 0;
  let most = 0;
  forEachNode(grid, (j, y) => {
    if (weights[j] > TAIL_WEIGHT) most = Math.max(most, errorAt(y));
  });
  return most;
}
