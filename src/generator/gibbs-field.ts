/**
 * Φ and its Gibbs weights on the fast nodes of all frozen x at once, a row of lanes at every node: neighbours in memory
 * belong to neighbouring lanes, so that lane after lane would touch all of memory every time.
 */
import { onRows } from '../formula/on-rows.ts';
import { forEachNode, type Grid } from '../grid/grid.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { potentialAt } from './rises.ts';

/** Φ(x_lane, y_j) at j·lanes + lane. Throws InputError where it is not finite, at the first such node of a lane. */
export function potentialField(problem: Problem, slow: readonly Coordinates[], fast: Grid): Float64Array {
  const lanes = slow.length;
  const field = new Float64Array(lanes * fast.size);
  if (problem.fast.kind === 'potential') {
    const rows = onRows([problem.fast.potential], ...namesOf(problem).slice(0, 2));
    const x = Array.from(slow[0], (_, i) => Float64Array.from(slow, (point) => point[i]));
    forEachNode(fast, (j, y) => rows([field.subarray(j * lanes, (j + 1) * lanes)], x, Array.from(y)));
    if (field.every(Number.isFinite)) return field;
  }
  for (const x of slow) forEachNode(fast, (_, y) => potentialAt(problem, x, y));
  return field;
}

/** Turns Φ into e^−Φ with sum 1 in every lane, to the bits of `gibbsWeights`. */
export function toGibbsWeights(field: Float64Array, lanes: number): void {
  const least = new Float64Array(lanes).fill(Infinity);
  const sums = new Float64Array(lanes);
  for (let from = 0; from < field.length; from += lanes) {
    for (let lane = 0; lane < lanes; lane++) least[lane] = Math.min(least[lane], field[from + lane]);
  }
  for (let from = 0; from < field.length; from += lanes) {
    for (let lane = 0; lane < lanes; lane++) {
      const weight = Math.exp(least[lane] - field[from + lane]);
      field[from + lane] = weight;
      sums[lane] += weight;
    }
  }
  for (let from = 0; from < field.length; from += lanes) {
    for (let lane = 0; lane < lanes; lane++) field[from + lane] /= sums[lane];
  }
}
