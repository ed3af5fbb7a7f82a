/**
 * Semi-Lagrangian differences (Falcone, Ferretti 2014, ch. 5): min_u {I[V](x + dt·φ, y) + dt·ℓ} − V with multilinear
 * interpolation I, monotone for every dt: feet outside the box are moved to its boundary. Over [0,T] the error is
 * a·dt + b·dx²/dt: the feet bend by O(dt²) a step, and each of the T/dt interpolations costs O(dx²). It is least at
 * dt ∝ dx, where it is of order 1. Where U is an interval and nothing costs, n = 1, every node between the extreme feet
 * is a foot too.
 */

import type { Grid } from '../grid/grid.ts';
import type { DifferencingKind, RowStart, RowSweep } from './differencing.ts';
import { leastOf, placeOf } from './increments.ts';

/** dt·(ℓ + (I[V](x + dt·φ) − V)/dt), the least of all controls. */
const ofFeet = leastOf(({ slow, slots, dt }, { rates, cost }, V, { s, node, value }) => {
  const foot = slow.shape.map((_, i) => placeOf(slow, i, s) + dt * slots[rates[i]][node]);
  return interpolate(V, slow, value - s, foot) - V[value] + dt * (cost === null ? 0 : slots[cost][node]);
});

export const interpolation: DifferencingKind = {
  name: 'interpolation',
  claims: { order: 1, monotone: 'always', interpolation: 1, orderPerStep: 2 },
  followsFrame: false,
  wasm: 3,
  on: ({ slow }) => ({ kind: interpolation, between: slow.fillsInterval }),
  longestStep: () => Infinity,
  // Where the two terms of the error balance: where φ varies at rate Λ and moves at speed F = Λ·length, F·dt = dx/2. F
  // is the largest speed averaged with the stationary measure; the fastest feet stand in the tails in y, where nothing
  // happens. In the library the error is then within 10 % of its least over all dt (`separated`: 2.6 times).
  usualStep: (slow, measure) => slow.averagedStableStep(measure) / 2,
  courant: (_sweep, _slots, size) => new Float64Array(size),
  reach: (cells) => Math.ceil(cells) + 1,
  increments(row, sweep, V, start) {
    ofFeet(row, sweep, V, start);
    if (sweep.differencing.between) visitBetween(row, sweep, V, start);
  },
};

/** Multilinear interpolation of V at a point in units of cells, moved into the box. */
function interpolate(V: Float64Array, slow: Grid, first: number, foot: readonly number[]): number {
  let corners: [index: number, weight: number][] = [[first, 1]];
  for (let i = 0; i < foot.length; i++) {
    const last = slow.shape[i] - 1;
    const inside = Math.min(Math.max(foot[i], 0), last);
    const cell = Math.min(Math.floor(inside), last - 1);
    const part = inside - cell;
    corners = corners.flatMap(([index, weight]) => [
      [index + cell * slow.strides[i], weight * (1 - part)],
      [index + (cell + 1) * slow.strides[i], weight * part],
    ]);
  }
  return corners.reduce((sum, [index, weight]) => sum + weight * V[index], 0);
}

/** row(s) = min(row(s), V_t − V_s) over the nodes t between the extreme feet; one slow axis. */
function visitBetween(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, minimum, dt } = sweep;
  for (let s = 0; s < slow.size; s++) {
    let [left, right] = minimum.canRest ? [s, s] : [Infinity, -Infinity];
    for (const { rates } of minimum.candidates) {
      const foot = s + dt * slots[rates[0]][start.node + s];
      left = Math.min(left, foot);
      right = Math.max(right, foot);
    }
    const end = Math.min(Math.floor(right), slow.size - 1);
    for (let t = Math.max(Math.ceil(left), 0); t <= end; t++) {
      row[s] = Math.min(row[s], V[start.value + t] - V[start.value + s]);
    }
  }
}
