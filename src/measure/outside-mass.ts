import { gaussLegendre, panelIntegral } from '../grid/quadrature.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { fineScan } from './fine-scan.ts';
import { tailMass } from './tail-mass.ts';

const RULE = gaussLegendre(3);

/**
 * The mass of μ_x outside an interval of y, m = 1, to a few per cent and 1e-13: on the cells of the fine scan, of a drift
 * within twice the interval; by quadrature where there is no formula or mass at the ends of that. Throws InputError
 * where μ_x does not decay.
 */
export function massOutside(problem: Problem, x: Coordinates, box: Interval): number {
  const reach = (box.upper - box.lower) / 2;
  const wide = { lower: box.lower - reach, upper: box.upper + reach };
  const scan = fineScan(problem, x, wide);
  const { fast } = problem;
  if (scan === null || !scan.isProved || scan.edges.length < 2) return tailMass(problem, x, box);
  const { edges } = scan;
  const touches = edges[0] <= wide.lower || edges[edges.length - 1] >= wide.upper;
  if (fast.kind === 'drift' && touches) return tailMass(problem, x, box);
  const at = new Float64Array(1);
  const field = fast.kind === 'potential' ? fast.potential : fast.drift[0];
  const valueAt = (y: number) => {
    at[0] = y;
    return fast.kind === 'potential' ? field(x, at) : -field(x, at);
  };
  const heights = new Float64Array(edges.length);
  for (let k = 0; k < edges.length; k++) {
    if (fast.kind === 'potential') heights[k] = valueAt(edges[k]);
    else if (k > 0) heights[k] = heights[k - 1] + panelIntegral(valueAt, edges[k - 1], edges[k], RULE);
  }
  const floor = heights.reduce((low, height) => Math.min(low, height), Infinity);
  let [outside, total] = [0, 0];
  for (let k = 0; k + 1 < edges.length; k++) {
    const [from, to] = [edges[k], edges[k + 1]];
    const mass = exponentialMass(heights[k] - floor, heights[k + 1] - floor, to - from);
    const inside = Math.max(0, Math.min(to, box.upper) - Math.max(from, box.lower)) / (to - from);
    total += mass;
    outside += mass * (1 - inside);
  }
  return outside / total;
}

/** ∫e^−Φ over a cell on which Φ is linear. */
function exponentialMass(left: number, right: number, width: number): number {
  const rise = right - left;
  if (!Number.isFinite(rise)) return (width * (Math.exp(-left) + Math.exp(-right))) / 2;
  if (Math.abs(rise) < 1e-6) return width * Math.exp(-left);
  return (width * (Math.exp(-left) - Math.exp(-right))) / rise;
}
