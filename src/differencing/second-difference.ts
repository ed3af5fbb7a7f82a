/**
 * Second differences of V for noise in x, along the axes and for cross terms along diagonals (noise-stencil.ts). In a
 * step of length dt noise of rate ν = 2a/dx² keeps half of a node to itself while dt·ν ≤ ½; where it is larger,
 * differences reach over more cells,
 *
 *   a V_xx ≈ ν/2 [w D_k + (1 − w) D_{k+1}],   D_k = (V_{i+k} − 2V_i + V_{i−k})/k²,
 *   w/k² + (1 − w)/(k+1)² = 1/κ²,   κ = √(2 dt ν p) in [k, k+1),
 *
 * p the directions in which a node has differences: monotone for every dt (Camilli, Falcone 1995, with feet on nodes:
 * no interpolation), consistent to about a κ²dx²/12 V_xxxx = O(dt), continuously in dt·ν. κ is that of the largest ν
 * in a row of slow nodes, so that a row is one loop. The other half of a node belongs to the drift, whose feet are
 * those of a step twice as long.
 *
 * Where the arms leave the box the difference is that of the nearest node where they do not: exact for quadratics.
 */
import type { SlowNoise } from '../control/slow-noise.ts';
import type { Grid } from '../grid/grid.ts';
import { axisAt, type NodeAt } from './axis-at.ts';
import type { Differencing, NoiseSlots, RowStart, RowSweep } from './differencing.ts';
import type { AxisAt } from './feet.ts';

/** The part of a node that belongs to the drift where there is noise; the rest is that of second differences. */
export const DRIFT_SHARE = 0.5;

/** A step may round to just above the cells that it was made for. */
const ROUND_OFF = 1e-12;

/** κ ≥ 1 per direction and fast node, for steps of length dt; 1 for differences that reach over one cell always. */
export function noiseReach(
  noise: Pick<SlowNoise, 'directions' | 'rates'>,
  { kind }: Pick<Differencing, 'kind'>,
  { axes, shape, size }: Grid,
  { fastNodes, dt }: { readonly fastNodes: number; readonly dt: number },
): Float64Array[] {
  const row = new Float64Array(size);
  // Of two diagonals a node has one.
  const parts = Math.min(noise.directions.length, axes.length + 1);
  return noise.directions.map((direction, d) => {
    const room = Math.min(...shape.filter((_, i) => direction[i] !== 0).map((nodes) => Math.floor((nodes - 1) / 2)));
    return Float64Array.from({ length: fastNodes }, (_unused, j) => {
      if (kind.feet === 'never') return 1;
      noise.rates(row, j * size, [d]);
      const most = row.reduce((a, b) => Math.max(a, b), 0);
      const reach = Math.sqrt(2 * dt * most * parts * (1 - ROUND_OFF));
      return Math.min(Math.max(1, reach), Math.max(1, room));
    });
  });
}

/** row(s) += dt Σ_d ν_d D²V/2 of noise that no control moves. */
export function addNoise(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, noise, dt } = sweep;
  if (noise?.steady == null) return;
  for (let s = 0; s < slow.size; s++) {
    const at = { s, node: start.node + s, value: start.value + s };
    for (const [d, slot] of noise.steady.entries()) {
      row[s] += (dt * slots[slot][at.node] * secondDifference(sweep, V, d, at)) / 2;
    }
  }
}

/** w of the narrower of two second differences that together reach over κ cells. */
export function narrowShare(reach: number): number {
  const k = Math.floor(reach);
  const [narrow, wide] = [1 / (k * k), 1 / ((k + 1) * (k + 1))];
  return (1 / (reach * reach) - wide) / (narrow - wide);
}

/**
 * w D_k + (1 − w) D_{k+1} in direction d at a node; beside accurate differences, for κ = 1 and two nodes from an end
 * at least, the one of order 4, which is not monotone: (−V_{i+2} + 16V_{i+1} − 30V_i + 16V_{i−1} − V_{i−2})/12.
 */
export function secondDifference(sweep: RowSweep, V: Float64Array, d: number, node: NodeAt): number {
  const { directions, reach: reaches } = sweep.noise as NoiseSlots;
  const line = lineAt(sweep, directions[d], node);
  const { at, stride } = line;
  const reach = reaches[d][Math.floor(node.node / sweep.slow.size)];
  const isInner = line.axes.every(({ place, last }) => place >= 2 && place <= last - 2);
  if (reach === 1 && sweep.differencing.kind.claims.order > 1 && isInner) {
    const [near, far] = [V[at + stride] + V[at - stride], V[at + 2 * stride] + V[at - 2 * stride]];
    return (16 * near - 30 * V[at] - far) / 12;
  }
  const [k, share] = [Math.floor(reach), narrowShare(reach)];
  const narrow = differenceOver(V, line, k);
  return share === 1 ? narrow : share * narrow + (1 - share) * differenceOver(V, line, k + 1);
}

/** The line through a node in a direction: the axes that it moves along, and the distance of neighbours on it. */
interface Line {
  readonly at: number;
  readonly axes: readonly AxisAt[];
  readonly stride: number;
}

function lineAt(sweep: RowSweep, direction: readonly number[], node: NodeAt): Line {
  const moved = direction.flatMap((cells, i) => (cells === 0 ? [] : [{ cells, axis: axisAt(sweep, i, node) }]));
  const stride = moved.reduce((sum, { cells, axis }) => sum + cells * axis.stride, 0);
  return { at: node.value, axes: moved.map(({ axis }) => axis), stride };
}

/** D_k at the nearest node whose arms stay in the box. */
function differenceOver(V: Float64Array, { at, axes, stride }: Line, k: number): number {
  const centre = axes.reduce(
    (index, { place, last, stride: along }) => index + (Math.min(Math.max(place, k), last - k) - place) * along,
    at,
  );
  return (V[centre + k * stride] - 2 * V[centre] + V[centre - k * stride]) / (k * k);
}
