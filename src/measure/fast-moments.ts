import { ellipticReach, within } from '../model/elliptic.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { fineScan } from './fine-scan.ts';
import { potentialOn } from './resolution.ts';
import { tailMass } from './tail-mass.ts';

/** Of μ_x, m = 1: the mass outside an interval, the mean and the deviation; NaN where only the mass is known. */
export interface FastMoments {
  readonly outside: number;
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The moments of μ_x to a few per cent, and the mass outside a y-box to that and 1e-13: on the cells of the fine scan,
 * of a drift within twice the box; the mass by quadrature where there is no formula, or mass at the ends of that.
 * Throws InputError where μ_x does not decay.
 */
export function fastMoments(problem: Problem, x: Coordinates, box: Interval): FastMoments {
  const reach = (box.upper - box.lower) / 2;
  const free = ellipticReach(problem, x);
  const wide = within(free, { lower: box.lower - reach, upper: box.upper + reach });
  const scan = fineScan(problem, x, wide);
  const unknown = () => ({ outside: tailMass(problem, x, box), mean: Number.NaN, deviation: Number.NaN });
  if (scan === null || !scan.isProved || scan.edges.length < 2) return unknown();
  const { edges } = scan;
  const [start, end] = [edges[0], edges[edges.length - 1]];
  const touches = (start <= wide.lower && wide.lower > free.lower) || (end >= wide.upper && wide.upper < free.upper);
  if (problem.fast.kind === 'drift' && touches) return unknown();
  const heights = potentialOn(problem, x, edges);
  const floor = heights.reduce((low, height) => Math.min(low, height), Infinity);
  let [outside, total, first, second] = [0, 0, 0, 0];
  for (let k = 0; k + 1 < edges.length; k++) {
    const [from, to] = [edges[k], edges[k + 1]];
    const mass = exponentialMass(heights[k] - floor, heights[k + 1] - floor, to - from);
    const inside = Math.max(0, Math.min(to, box.upper) - Math.max(from, box.lower)) / (to - from);
    const y = (from + to) / 2;
    total += mass;
    outside += mass * (1 - inside);
    first += mass * y;
    second += mass * y * y;
  }
  const mean = first / total;
  return { outside: outside / total, mean, deviation: Math.sqrt(Math.max(0, second / total - mean * mean)) };
}

/** ∫e^−Φ over a cell on which Φ is linear. */
function exponentialMass(left: number, right: number, width: number): number {
  const rise = right - left;
  if (!Number.isFinite(rise)) return (width * (Math.exp(-left) + Math.exp(-right))) / 2;
  if (Math.abs(rise) < 1e-6) return width * Math.exp(-left);
  return (width * (Math.exp(-left) - Math.exp(-right))) / rise;
}
