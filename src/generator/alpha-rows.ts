/** α_k = r_k²/2 on rows of points at frozen x: what the jump rates of a process with unit noise are multiplied by. */

import { onRows } from '../formula/on-rows.ts';
import { requireElliptic } from '../model/elliptic.ts';
import { fastScale } from '../model/fast-scale.ts';
import { type Coordinates, type Interval, type Problem, united } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import type { RowAt } from './rises.ts';

/** α_axis on a row of points, given coordinate by coordinate; null where the noise is √2. */
export function alphaRow(problem: Problem, points: readonly Float64Array[], axis: number): RowAt | null {
  const scale = fastScale(problem);
  if (scale === null) return null;
  const [ofX, ofY] = namesOf(problem);
  const rows = onRows([scale.alpha[axis]], ofX, ofY);
  const values = new Float64Array(points[0].length);
  return (x) => {
    rows([values], Array.from(x), points);
    return values;
  };
}

/** Throws InputError unless α > 0 in the box of all frozen x and of y. */
export function requireEllipticAt(problem: Problem, slow: readonly Coordinates[], fast: readonly Interval[]): void {
  if (fastScale(problem) === null) return;
  const sides = Array.from(slow[0], (_, i) => united(slow.map((x) => ({ lower: x[i], upper: x[i] }))));
  requireElliptic(problem, sides, fast);
}
