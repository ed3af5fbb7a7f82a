/**
 * Differences of V for controls between which a minimum is taken in closed form or by search. Where the fastest of them
 * that can be a minimiser moves k − 1 to k cells in a time `foot`, k > 1, differences reach over k cells,
 *
 *   D⁺ = (V_{i+k} − V_i)/k,   D⁻ = (V_i − V_{i−k})/k,
 *
 * the value at the foot by linear interpolation between the node and its k-th neighbours: V + dt Σ_i r_i·D_i is
 * monotone for every dt with dt Σ|r_i| ≤ k, and equal to upwind for k = 1. The minimum over the controls stays the one
 * of a bracket of differences, whatever φ and ℓ are.
 */
import type { Minimum } from './differencing.ts';
import type { Seen } from './seen.ts';

/** A foot may round to just above the cells that its step was made for. */
const ROUND_OFF = 1e-12;

/** The cells that differences reach over, for controls of which the fastest moves at `speed` cells per time. */
export function cellsReached(speed: number, foot: number): number {
  return Math.max(1, Math.ceil(foot * speed * (1 - ROUND_OFF)));
}

/** The same at a node; 1 where no difference is wide. */
export function cellsAt({ sweep, node, feet }: Seen): number {
  const { speeds }: Minimum = sweep.minimum;
  return speeds === null || feet === 'never' ? 1 : cellsReached(sweep.slots[speeds][node], sweep.foot);
}

/**
 * The difference over `cells` cells that a rate of the sign of `side` meets along axis i. Beyond an end of the axis V
 * is that of the end, or, where every control leaves there, goes on along the slope of the last cell.
 */
export function differenceMet(seen: Seen, i: number, { side, cells }: { side: 1 | -1; cells: number }): number {
  const { V, axes } = seen;
  const { at, place, last, stride } = axes[i];
  const room = side > 0 ? last - place : place;
  const leaves = room < cells && seen.leaves(i, side);
  if (cells === 1) return room === 0 && !leaves ? 0 : seen.difference(i, side > 0);
  const inside = Math.min(cells, room);
  const end = at + side * inside * stride;
  const beyond = leaves ? (cells - inside) * (V[end] - V[end - side * stride]) : 0;
  return (side * (V[end] - V[at] + beyond)) / cells;
}
