/** Where paths of the fast variable live: steps of Heun follow the steepness of b there, not in tails none reaches. */

import { uniformAxis } from '../../src/grid/axis.ts';
import { frozenLattice } from '../../src/measure/grid-resolution.ts';
import type { Coordinates, Interval, Problem } from '../../src/model/problem.ts';

/** Of e^−Φ less than 1e-11 of the largest lies beyond: rarer than what 10⁸ paths meet within one relaxation time. */
const HIGH = 25;
const [PLACES, POINTS] = [5, 2001] as const;

/**
 * The part of the y-box where Φ(x,·) is at most 25 above its least value or as high as at the start y, for x in the
 * slow box, with a point more on both sides; m = 1 with a potential. The whole box otherwise.
 */
export function livedBox(
  { fast: noise }: Problem,
  y: Coordinates,
  { slow, fast }: { readonly slow: readonly Interval[]; readonly fast: readonly Interval[] },
): readonly Interval[] {
  if (noise.kind === 'drift' || fast.length > 1) return fast;
  const [{ lower, upper }] = fast;
  const at = (k: number) => lower + ((upper - lower) * k) / (POINTS - 1);
  const start = Math.min(Math.max(y[0], lower), upper);
  let [first, last] = [POINTS - 1, 0];
  const axes = slow.map((side, i) => uniformAxis(`x${i}`, side.lower, side.upper, PLACES));
  for (const x of frozenLattice(axes, PLACES)) {
    const heights = Float64Array.from({ length: POINTS }, (_, k) => noise.potential(x, [at(k)]));
    const floor = heights.reduce((least, height) => Math.min(least, height), Infinity);
    const most = Math.max(HIGH, noise.potential(x, [start]) - floor);
    const isLow = (height: number) => height - floor <= most;
    first = Math.min(first, heights.findIndex(isLow));
    last = Math.max(last, heights.findLastIndex(isLow));
  }
  return first > last ? fast : [{ lower: at(Math.max(0, first - 1)), upper: at(Math.min(POINTS - 1, last + 1)) }];
}
