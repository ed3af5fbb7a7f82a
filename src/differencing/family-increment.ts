/**
 * The least increment of the controls of a family (control/quadratic-families.ts) at a node: the exact minimum of its
 * bracket of differences, and for one control along one axis of the values at all its feet, however long.
 */
import { leastOf } from '../control/least-quadratic.ts';
import { type NodeQuadratic, quadraticAt } from '../control/node-bracket.ts';
import { type Family, leastRate, type QuadraticField } from '../control/quadratic-families.ts';
import { footDifference } from './feet.ts';
import { secondDifference } from './second-difference.ts';
import type { Seen } from './seen.ts';
import { cellsAt, differenceMet } from './wide-difference.ts';

type Slots = readonly Float64Array[];

/** dt times the least of a family at a node. */
export function leastOfFamily(seen: Seen, family: Family<number>): number {
  const { sweep, axes, node, feet } = seen;
  const rates = family.rates.map((rate) => quadraticIn(rate, sweep.slots, node));
  const cost = costAt(seen, family);
  const { lower, upper } = family.box;
  const atFeet = feet !== 'never' && axes.length === 1 && lower.length === 1 && sweep.noise === undefined;
  const cells = atFeet ? 1 : cellsAt(seen);
  const forward = axes.map((_, i) => differenceMet(seen, i, { side: 1, cells }));
  const backward = axes.map((_, i) => differenceMet(seen, i, { side: -1, cells }));
  const bracket = { rates, forward, backward, cost };
  if (!atFeet) return sweep.dt * leastOf(bracket, family.box).value;

  const { foot } = sweep;
  const moved = (u: number) => foot * quadraticAt(rates[0], [u]);
  const atFoot = (u: number) => {
    const d = moved(u);
    const leaves = d !== 0 && seen.leaves(0, Math.sign(d));
    return footDifference(seen.V, axes, [d], [leaves]) / foot + quadraticAt(cost, [u]);
  };
  let least = Infinity;
  for (const [low, high] of piecesOf(rates[0], [1 / foot, -1 / foot], [lower[0], upper[0]])) {
    const isShort = Math.abs(moved(insideOf(low, high))) < 1 && feet === 'beyond-a-cell';
    if (isShort) least = Math.min(least, leastOf(bracket, { lower: [low], upper: [high] }).value);
    else for (const u of kinksAndTurns(seen, rates[0], cost, [low, high])) least = Math.min(least, atFoot(u));
  }
  return sweep.dt * least;
}

/** ℓ(u) + Σ_i ν_i(u) D_i²V/2, the noise that controls move as a part of the cost. */
function costAt(seen: Seen, { cost, noise = [] }: Family<number>): NodeQuadratic {
  const { sweep, V, node, axes } = seen;
  const own = quadraticIn(cost, sweep.slots, node);
  if (noise.length === 0) return own;
  const parts = noise.map((rate, i) => {
    const half = secondDifference(sweep, V, i, { s: node % sweep.slow.size, node, value: axes[0].at }) / 2;
    return { half, rate: quadraticIn(rate, sweep.slots, node) };
  });
  const of = (pick: (quadratic: NodeQuadratic) => number) =>
    parts.reduce((sum, { half, rate }) => sum + half * pick(rate), pick(own));
  return {
    constant: of(({ constant }) => constant),
    slope: Array.from(own.slope, (_, c) => of(({ slope }) => slope[c])),
    bend: Array.from(own.bend, (_, k) => of(({ bend }) => bend[k])),
  };
}

/** The parts of an interval between the u at which a rate takes one of these values. */
function piecesOf(
  rate: NodeQuadratic,
  values: readonly number[],
  [lower, upper]: readonly [number, number],
): [number, number][] {
  const inner = values.flatMap((value) => rootsOf(rate, value)).filter((u) => u > lower && u < upper);
  const ends = [lower, ...inner.sort((a, b) => a - b), upper];
  return ends.slice(1).map((end, k): [number, number] => [ends[k], end]);
}

/** A point between two ends, of which one or both may be infinite. */
function insideOf(low: number, high: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return (low + high) / 2;
  if (Number.isFinite(low)) return low + 1 + Math.abs(low);
  return Number.isFinite(high) ? high - 1 - Math.abs(high) : 0;
}

/** Where the minimum over long feet may stand: ends, feet at nodes, and stationary points between two nodes. */
function kinksAndTurns(
  { axes: [axis], V, sweep }: Seen,
  rate: NodeQuadratic,
  cost: NodeQuadratic,
  [low, high]: readonly [number, number],
): number[] {
  const points = [low, high];
  const turn = (slope: number) => {
    const bend = cost.bend[0] + slope * rate.bend[0];
    if (bend > 0) points.push(-(cost.slope[0] + slope * rate.slope[0]) / (2 * bend));
  };
  turn(0);
  for (let t = -axis.place; t <= axis.last - axis.place; t++) {
    points.push(...rootsOf(rate, t / sweep.foot));
    if (t < axis.last - axis.place) turn(V[axis.at + (t + 1) * axis.stride] - V[axis.at + t * axis.stride]);
  }
  return points.map((u) => Math.min(Math.max(u, low), high)).filter(Number.isFinite);
}

/** The u with r(u) = value, without cancellation. */
function rootsOf({ constant, slope, bend }: NodeQuadratic, value: number): number[] {
  const [a, b, c] = [bend[0], slope[0], constant - value];
  if (a === 0) return b === 0 ? [] : [-c / b];
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return [];
  const half = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  return half === 0 ? [0] : [half / a, c / half];
}

/** Whether every control of a family drives over an end: its least rate on that side is > 0. */
export function allLeave(
  { rates, box }: Family<number>,
  slots: Slots,
  { node, axis, side }: { readonly node: number; readonly axis: number; readonly side: number },
): boolean {
  return leastRate(quadraticIn(rates[axis], slots, node), side, box) > 0;
}

function quadraticIn({ constant, slope, bend }: QuadraticField<number>, slots: Slots, node: number): NodeQuadratic {
  const at = (slot: number | null) => (slot === null ? 0 : slots[slot][node]);
  return { constant: at(constant), slope: slope.map(at), bend: bend.map(at) };
}
