/**
 * Second differences of V for noise in x. In a step of length dt noise of rate ν = 2a/dx² keeps half of a node to
 * itself while dt·ν ≤ ½; where it is larger, differences reach over k cells,
 *
 *   a V_xx ≈ ν (V_{i+k} − 2V_i + V_{i−k})/(2k²),   k ≥ √(2 dt ν n),
 *
 * monotone for every dt (Camilli, Falcone 1995, with feet on nodes: no interpolation), consistent to
 * a k²dx²/12 V_xxxx = O(dt). k is that of the largest ν in a row of slow nodes, so that a row is one loop. The other
 * half of a node belongs to the drift, whose feet are those of a step twice as long.
 *
 * Where the arms leave the box the difference is that of the nearest node where they do not: exact for quadratics.
 */
import type { SlowNoise } from '../control/slow-hamiltonian.ts';
import type { Grid } from '../grid/grid.ts';
import { axisAt } from './axis-at.ts';
import type { Differencing, NoiseSlots, RowStart, RowSweep } from './differencing.ts';

/** The part of a node that belongs to the drift where there is noise; the rest is that of second differences. */
export const DRIFT_SHARE = 0.5;

/** A step may round to just above the cells that it was made for. */
const ROUND_OFF = 1e-12;

/** k per slow axis and fast node, for steps of length dt; 1 for differences that reach over one cell always. */
export function noiseCells(
  noise: SlowNoise,
  { kind }: Pick<Differencing, 'kind'>,
  { axes, shape, size }: Grid,
  { fastNodes, dt }: { readonly fastNodes: number; readonly dt: number },
): Int32Array[] {
  const row = new Float64Array(size);
  return axes.map((_, i) =>
    Int32Array.from({ length: fastNodes }, (_unused, j) => {
      if (kind.feet === 'never') return 1;
      noise.rates(row, j * size, i);
      const most = row.reduce((a, b) => Math.max(a, b), 0);
      const cells = Math.ceil(Math.sqrt(2 * dt * most * axes.length * (1 - ROUND_OFF)));
      return Math.min(Math.max(1, cells), Math.max(1, Math.floor((shape[i] - 1) / 2)));
    }),
  );
}

/** row(s) += dt Σ_i ν_i D²V/2 of noise that no control moves. */
export function addNoise(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, noise, dt } = sweep;
  if (noise?.steady == null) return;
  for (let s = 0; s < slow.size; s++) {
    const at = { s, node: start.node + s, value: start.value + s };
    for (const [i, slot] of noise.steady.entries()) {
      row[s] += (dt * slots[slot][at.node] * secondDifference(sweep, V, i, at)) / 2;
    }
  }
}

/**
 * (V_{i+k} − 2V_i + V_{i−k})/k² along slow axis i at a node; beside accurate differences, for k = 1 and two nodes from
 * an end at least, the one of order 4, which is not monotone: (−V_{i+2} + 16V_{i+1} − 30V_i + 16V_{i−1} − V_{i−2})/12.
 */
export function secondDifference(
  sweep: RowSweep,
  V: Float64Array,
  i: number,
  node: { readonly s: number; readonly node: number; readonly value: number },
): number {
  const { at, place, last, stride } = axisAt(sweep, i, node);
  const { cells } = sweep.noise as NoiseSlots;
  const k = cells[i][Math.floor(node.node / sweep.slow.size)];
  if (k === 1 && sweep.differencing.kind.claims.order > 1 && place >= 2 && place <= last - 2) {
    const [near, far] = [V[at + stride] + V[at - stride], V[at + 2 * stride] + V[at - 2 * stride]];
    return (16 * near - 30 * V[at] - far) / 12;
  }
  const centre = at + (Math.min(Math.max(place, k), last - k) - place) * stride;
  return (V[centre + k * stride] - 2 * V[centre] + V[centre - k * stride]) / (k * k);
}
