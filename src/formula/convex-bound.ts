import { EMPTY } from './interval-arithmetic.ts';
import { minimiseConvexLine, minimiseConvexPlane } from './local-minimum.ts';
import { candidate, isFinished, type Search, tangentBound } from './minimum-search.ts';
import { leastChange, sumBelow } from './outward.ts';

/** Lower bound of the eigenvalues of the second derivatives over the box; negative or NaN where convexity is open. */
export function leastCurvature({ box, n }: Search): number {
  const seconds = box.results.slice(1 + n);
  if (seconds.some((second) => box.flags[second] & EMPTY)) return Number.NaN;
  const least = (k: number) => box.lower[seconds[k]];
  if (n === 1) return least(0);
  const across = Math.max(-box.lower[seconds[1]], box.upper[seconds[1]]);
  if (across === 0) return Math.min(least(0), least(2));
  // 4 roundings.
  const [half, difference] = [least(0) / 2 + least(2) / 2, least(0) / 2 - least(2) / 2];
  return half - Math.hypot(difference, across) - 2 ** -50 * (Math.abs(half) + Math.abs(difference) + across);
}

/** Lower bound on a box where the formula is convex: its tangent at the point m that Newton's method ends in. */
export function convexBound(s: Search, curvature: number): number {
  if (s.n === 1) minimiseConvexLine(s.smooth, s.lower[0], s.upper[0], s.middle);
  else minimiseConvexPlane(s.smooth, s.lower, s.upper, s.middle);
  const centre = candidate(s);
  s.point.run(1 + s.n, 1);
  const bound = tangentBound(s, s.point, centre, curvature);
  if (s.n === 2 || isFinished(s, bound)) return bound;
  // The minimum lies between points where the sign of the slope is certain.
  const slope = s.point.results[1];
  const [least, most] = [s.point.lower[slope], s.point.upper[slope]];
  const m = s.middle[0];
  const [from, to] = [certain(s, m, -1), certain(s, m, 1)];
  return Math.max(bound, sumBelow(centre, leastChange(least, most, from, to, m)));
}

/** A point near m, in this direction, from which the formula is certain to rise away from m; or the end. */
function certain(s: Search, m: number, direction: 1 | -1): number {
  const { point } = s;
  const slope = point.results[1];
  const end = direction > 0 ? s.upper[0] : s.lower[0];
  let distance = 2 ** -52 * Math.max(Math.abs(m), 2 ** -100);
  for (let tries = 0; tries < 40; tries++) {
    const x = m + direction * distance;
    if (!(direction * x < direction * end)) return end;
    point.lower[0] = point.upper[0] = x;
    point.run(2);
    if (direction > 0 ? point.lower[slope] > 0 : point.upper[slope] < 0) return x;
    distance *= 16;
  }
  return end;
}
