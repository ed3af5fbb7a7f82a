/**
 * Feet longer than a cell: V at the point that a control reaches, by linear interpolation on the triangulation whose
 * walls are the whole values of d_i and of the sums d_j + … + d_k of neighbouring axes, mirrored into every orthant
 * (Kuhn's triangulation in the partial sums S_k = |d_1| + … + |d_k|). The simplex at the node is that of the node and
 * its neighbours, so that up to Σ|d_i| = 1 it is the upwind difference; all weights are ≥ 0 at every length (Falcone,
 * Ferretti 2014, ch. 5).
 */

/** A node on an axis: its index in V, its place, the last place, and the distance of neighbours. */
export interface AxisAt {
  readonly at: number;
  readonly place: number;
  readonly last: number;
  readonly stride: number;
}

/**
 * V(foot) − V(node), the foot `cells` away. What leads over an end is cut off, or, where `leaves` allows it, goes on
 * along the slope of the last cell: uncontrolled outflow.
 */
export function footDifference(
  V: Float64Array,
  axes: readonly AxisAt[],
  cells: readonly number[],
  leaves: readonly boolean[],
): number {
  let beyond = 0;
  const inside = cells.map((d, i) => {
    const { at, place, last, stride } = axes[i];
    const room = d > 0 ? last - place : place;
    const over = Math.abs(d) - room;
    if (!(over > 0)) return d;
    if (leaves[i]) {
      const end = at + Math.sign(d) * room * stride;
      beyond += over * (V[end] - V[end - Math.sign(d) * stride]);
    }
    return Math.sign(d) * room;
  });
  return interpolated(V, axes, inside) - V[axes[0].at] + beyond;
}

/** V at a foot inside the box. */
function interpolated(V: Float64Array, axes: readonly AxisAt[], cells: readonly number[]): number {
  let total = 0;
  const sums = cells.map((d) => {
    total += Math.abs(d);
    return total;
  });
  const whole = sums.map(Math.floor);
  const parts = sums.map((sum, i) => sum - whole[i]);
  // From the corner with all sums rounded down upwards: a sum is rounded up once the level falls to its part.
  let [value, level] = [0, 1];
  let corner = Infinity;
  while (level > 0) {
    const next = parts.reduce((most, part) => (part < corner && part > most ? part : most), 0);
    if (level > next)
      value += (level - next) * V[cornerAt(axes, cells, (i) => whole[i] + (parts[i] >= corner ? 1 : 0))];
    level = next;
    corner = next;
  }
  return value;
}

/** The index of a corner with these partial sums; a rounding never leads out of the box. */
function cornerAt(axes: readonly AxisAt[], cells: readonly number[], sum: (i: number) => number): number {
  let [index, before] = [axes[0].at, 0];
  for (const [i, { place, last, stride }] of axes.entries()) {
    const room = cells[i] > 0 ? last - place : place;
    const steps = Math.min(Math.max(sum(i) - before, 0), room);
    index += Math.sign(cells[i]) * steps * stride;
    before = sum(i);
  }
  return index;
}

/**
 * Feet between two, `from` + θ (`to` − `from`) for 0 < θ < 1: a cell apart, where Σ|d_i| is whole, and where a d_i
 * changes sign; the slow axes alone count, so that V that does not depend on z sees the same feet. Along one axis these
 * are all kinks of the interpolation, so that a minimum on the way stands at one of them; along several ones no valley
 * wider than a cell is passed over.
 */
export function feetBetween(from: readonly number[], to: readonly number[]): number[] {
  const turns = from.flatMap((a, i) => (a * to[i] < 0 ? [a / (a - to[i])] : []));
  const ends = [0, ...turns.sort((a, b) => a - b), 1];
  const lengthAt = (theta: number) => from.reduce((sum, a, i) => sum + Math.abs(a + theta * (to[i] - a)), 0);
  const feet = [...turns];
  for (let piece = 1; piece < ends.length; piece++) {
    const [low, high] = [ends[piece - 1], ends[piece]];
    const [a, b] = [lengthAt(low), lengthAt(high)];
    const stop = Math.floor(Math.max(a, b));
    for (let t = Math.ceil(Math.min(a, b)); t <= stop && a !== b; t++) {
      feet.push(low + ((t - a) / (b - a)) * (high - low));
    }
  }
  return feet.filter((theta) => theta > 0 && theta < 1);
}
