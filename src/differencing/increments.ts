/** What the formulas of all kinds of differencing share: the minimum over the controls, nodes and ends of an axis. */
import type { Grid } from '../grid/grid.ts';
import type { CandidateSlots, DifferencingKind, RowSweep } from './differencing.ts';

/** Slow node s of a row: its index in the coefficient arrays, and in V. */
interface NodeAt {
  readonly s: number;
  readonly node: number;
  readonly value: number;
}

/** The increment of one candidate at a node. */
type Increment = (sweep: RowSweep, candidate: CandidateSlots, V: Float64Array, at: NodeAt) => number;

/** The least increment of all controls. */
export function leastOf(increment: Increment): DifferencingKind['increments'] {
  return (row, sweep, V, start) => {
    const { candidates, canRest } = sweep.minimum;
    for (let s = 0; s < sweep.slow.size; s++) {
      const at = { s, node: start.node + s, value: start.value + s };
      let least = canRest || candidates.length === 0 ? 0 : Infinity;
      for (const candidate of candidates) least = Math.min(least, increment(sweep, candidate, V, at));
      row[s] = least;
    }
  };
}

/** A node on an axis: its index in V, its place, the last place, and the distance of neighbours. */
interface AxisAt {
  readonly at: number;
  readonly place: number;
  readonly last: number;
  readonly stride: number;
}

/** A difference at a node inside an axis, `forward` where the control moves ahead. */
type Difference = (V: Float64Array, axis: AxisAt, forward: boolean, floor: number) => number;

/** dt·(Σ_i r_i·difference_i + ℓ), the least of all controls. */
export function alongAxes(difference: Difference): DifferencingKind['increments'] {
  return leastOf((sweep, { rates, cost }, V, at) => {
    const { slots, differencing, dt } = sweep;
    let slope = cost === null ? 0 : slots[cost][at.node];
    for (let i = 0; i < rates.length; i++) {
      const rate = slots[rates[i]][at.node];
      const axis = axisAt(sweep, i, at);
      slope += rate * (atEnd(V, axis) ?? difference(V, axis, rate > 0, differencing.floors?.[i] ?? 0));
    }
    return dt * slope;
  });
}

/** The interior difference at an end of an axis; null inside. */
function atEnd(V: Float64Array, { at, place, last, stride }: AxisAt): number | null {
  if (place === 0) return V[at + stride] - V[at];
  return place === last ? V[at] - V[at - stride] : null;
}

/** A node on axis i, the slow axes first. */
export function axisAt({ slow, across = [] }: RowSweep, i: number, { s, node, value: at }: NodeAt): AxisAt {
  const n = slow.shape.length;
  if (i < n) return { at, place: placeOf(slow, i, s), last: slow.shape[i] - 1, stride: slow.strides[i] };
  const { nodes, stride } = across[i - n];
  const row = (node - s) / slow.size;
  return { at, place: Math.floor(row / stride) % nodes, last: nodes - 1, stride: stride * slow.size };
}

/** The position of slow node s along axis i. */
export function placeOf({ shape, strides }: Grid, i: number, s: number): number {
  return Math.floor(s / strides[i]) % shape[i];
}
