/**
 * What the formulas of all kinds of differencing share: the minimum over the controls, nodes and ends of an axis. With
 * short feet the increment of a control is dt·(Σ_i r_i·difference_i + ℓ), with long ones dt/foot times what happens in
 * a time `foot`: V(foot) − V + foot·ℓ (feet.ts).
 */
import type { Family } from '../control/quadratic-families.ts';
import { axisAt, type NodeAt } from './axis-at.ts';
import type { CandidateSlots, DifferencingKind, Feet, RowSweep } from './differencing.ts';
import { allLeave, leastOfFamily } from './family-increment.ts';
import { type AxisAt, feetBetween, footDifference } from './feet.ts';
import { allFormulasLeave, leastOfFormulas, placeOf as nodesOf } from './formula-increment.ts';
import type { Seen } from './seen.ts';

/** A difference at a node inside an axis, `forward` where the control moves ahead. */
export type Difference = (V: Float64Array, axis: AxisAt, forward: boolean, floor: number) => number;

/** The rates of a control along all axes and its cost. */
interface Motion {
  readonly rates: readonly number[];
  readonly cost: number;
}

/** dt times the least of all controls, by differences of one kind and by feet. */
export function increments(feet: Feet, difference: Difference): DifferencingKind['increments'] {
  return (row, sweep, V, start) => {
    const { candidates, canRest, edges, families, formulas } = sweep.minimum;
    const none = candidates.length + families.length + formulas.length === 0;
    for (let s = 0; s < sweep.slow.size; s++) {
      const seen = seenAt(sweep, V, { s, node: start.node + s, value: start.value + s }, { feet, difference });
      const motions = candidates.map((candidate) => motionOf(candidate, sweep, seen.node));
      let least = canRest || none ? 0 : Infinity;
      for (const motion of motions) least = Math.min(least, incrementOf(seen, motion));
      for (const { from, to } of edges) {
        least = Math.min(least, leastBetween(seen, motions[from] ?? rest(seen), motions[to] ?? rest(seen)));
      }
      for (const family of families) least = Math.min(least, leastOfFamily(seen, family));
      for (const family of formulas) least = Math.min(least, leastOfFormulas(seen, family));
      row[s] = least;
    }
  };
}

function motionOf({ rates, cost }: CandidateSlots, { slots }: RowSweep, node: number): Motion {
  return { rates: rates.map((slot) => slots[slot][node]), cost: cost === null ? 0 : slots[cost][node] };
}

function rest({ axes }: Seen): Motion {
  return { rates: axes.map(() => 0), cost: 0 };
}

function seenAt(
  sweep: RowSweep,
  V: Float64Array,
  at: NodeAt,
  { feet, difference }: { readonly feet: Feet; readonly difference: Difference },
): Seen {
  const { slow, slots, minimum, differencing, across = [] } = sweep;
  const axes = Array.from({ length: slow.shape.length + across.length }, (_, i) => axisAt(sweep, i, at));
  return {
    sweep,
    V,
    node: at.node,
    axes,
    feet,
    slowAxes: slow.shape.length,
    difference: (i, forward) => atEnd(V, axes[i]) ?? difference(V, axes[i], forward, differencing.floors?.[i] ?? 0),
    leaves(i, side) {
      if (feet === 'always' || minimum.canRest || i >= slow.shape.length) return false;
      const { place, last } = axes[i];
      const end = at.node + slow.strides[i] * (side > 0 ? last - place : -place);
      const left = (family: Family<number>) => allLeave(family, slots, { node: end, axis: i, side });
      const candidates = minimum.candidates.every(({ rates }) => slots[rates[i]][end] * side > 0);
      const there = { ...nodesOf(slow.size, end), axis: i, side };
      const formulas = () => minimum.formulas.every((family) => allFormulasLeave(family, there));
      return candidates && minimum.families.every(left) && formulas();
    },
  };
}

/**
 * The increment of one control, by differences or at its foot. Accurate differences are kept along the slow axes where
 * the foot is long along the fast axes of a moving frame alone, as for V that does not depend on z.
 */
function incrementOf(seen: Seen, motion: Motion): number {
  const { sweep, slowAxes } = seen;
  const { rates, cost } = motion;
  const isAccurate = sweep.differencing.kind.claims.order > 1;
  if (isLong(seen, motion) && !(isAccurate && cellsOf(seen, rates.slice(0, slowAxes)) <= 1)) {
    return atFoot(seen, motion);
  }
  const carried = rates.map((rate, i) => (i < slowAxes ? 0 : rate));
  const byFoot = isLong(seen, motion) ? atFoot(seen, { rates: carried, cost: 0 }) : null;
  let slope = cost;
  for (const [i, rate] of (byFoot === null ? rates : rates.slice(0, slowAxes)).entries()) {
    slope += rate * seen.difference(i, rate > 0);
  }
  return sweep.dt * slope + (byFoot ?? 0);
}

/** Σ|d_i|. */
function cellsOf({ sweep }: Seen, rates: readonly number[]): number {
  return sweep.foot * rates.reduce((sum, rate) => sum + Math.abs(rate), 0);
}

function isLong(seen: Seen, { rates }: Motion): boolean {
  return seen.feet === 'beyond-a-cell' ? cellsOf(seen, rates) > 1 : seen.feet === 'always';
}

function atFoot(seen: Seen, { rates, cost }: Motion): number {
  const { V, axes, sweep } = seen;
  const cells = rates.map((rate) => sweep.foot * rate);
  const leaves = cells.map((d, i) => d !== 0 && seen.leaves(i, Math.sign(d)));
  return (sweep.dt / sweep.foot) * (footDifference(V, axes, cells, leaves) + sweep.foot * cost);
}

/** The least increment of the controls between two, where one of their feet is long (feetBetween). */
function leastBetween(seen: Seen, from: Motion, to: Motion): number {
  if (!isLong(seen, from) && !isLong(seen, to)) return Infinity;
  const { foot } = seen.sweep;
  const moves = ({ rates }: Motion) => rates.slice(0, seen.slowAxes).map((rate) => foot * rate);
  let least = Infinity;
  for (const theta of feetBetween(moves(from), moves(to))) {
    const between = (a: number, b: number) => a + theta * (b - a);
    const rates = from.rates.map((rate, i) => between(rate, to.rates[i]));
    least = Math.min(least, atFoot(seen, { rates, cost: between(from.cost, to.cost) }));
  }
  return least;
}

/** The interior difference at an end of an axis; null inside. */
function atEnd(V: Float64Array, { at, place, last, stride }: AxisAt): number | null {
  if (place === 0) return V[at + stride] - V[at];
  return place === last ? V[at] - V[at - stride] : null;
}
