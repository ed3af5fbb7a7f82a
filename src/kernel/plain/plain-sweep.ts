/**
 * Increments of a slow sweep along one row of slow nodes, in plain TypeScript. kernel.ts has the formulas.
 */
import type { Grid } from '../../grid/grid.ts';
import type { CandidateSlots, Differencing, FastLines, Minimum } from '../kernel.ts';

/** A sweep with everything it reads but V. */
export interface RowSweep {
  readonly slow: Grid;
  readonly slots: readonly Float64Array[];
  readonly minimum: Minimum;
  readonly differencing: Differencing;
  readonly dt: number;
  readonly across?: readonly FastLines[];
}

/** Where a row of slow nodes starts: in the coefficient arrays, and in V. */
export interface RowStart {
  readonly node: number;
  readonly value: number;
}

/** row(s) = dt · min over the controls of Σ_i r_i·difference_i + ℓ, or the increment of an interpolation. */
export function increments(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { candidates, canRest } = sweep.minimum;
  const size = sweep.slow.size;
  for (let s = 0; s < size; s++) {
    let least = canRest || candidates.length === 0 ? 0 : Infinity;
    for (const candidate of candidates) least = Math.min(least, incrementAt(sweep, candidate, V, start, s));
    row[s] = least;
  }
  if (sweep.differencing.kind === 'interpolation' && sweep.differencing.between) visitBetween(row, sweep, V, start);
}

/** dt·(Σ_i r_i·difference_i + ℓ) of one candidate at slow node s. */
function incrementAt(sweep: RowSweep, candidate: CandidateSlots, V: Float64Array, start: RowStart, s: number): number {
  const { slow, slots, differencing, dt } = sweep;
  const cost = candidate.cost === null ? 0 : slots[candidate.cost][start.node + s];
  if (differencing.kind === 'interpolation') {
    const foot = slow.shape.map((_, i) => place(slow, i, s) + dt * slots[candidate.rates[i]][start.node + s]);
    return interpolate(V, slow, start.value, foot) - V[start.value + s] + dt * cost;
  }
  let slope = cost;
  for (let i = 0; i < candidate.rates.length; i++) {
    const rate = slots[candidate.rates[i]][start.node + s];
    slope += rate * difference(differencing, V, axisAt(sweep, i, start, s), rate > 0);
  }
  return dt * slope;
}

/** A node on an axis, slow axes first: its index in V, its place, the last place, and the distance of neighbours. */
interface AxisAt {
  readonly i: number;
  readonly at: number;
  readonly place: number;
  readonly last: number;
  readonly stride: number;
}

/** Slow node s of a row on axis i. */
function axisAt({ slow, across = [] }: RowSweep, i: number, start: RowStart, s: number): AxisAt {
  const at = start.value + s;
  const n = slow.shape.length;
  if (i < n) return { i, at, place: place(slow, i, s), last: slow.shape[i] - 1, stride: slow.strides[i] };
  const { nodes, stride } = across[i - n];
  const row = start.node / slow.size;
  return { i, at, place: Math.floor(row / stride) % nodes, last: nodes - 1, stride: stride * slow.size };
}

/** The position of slow node s along axis i. */
function place(slow: Grid, i: number, s: number): number {
  return Math.floor(s / slow.strides[i]) % slow.shape[i];
}

/** A difference of V along an axis in units of a cell, by the kind of the sweep. */
function difference(differencing: Differencing, V: Float64Array, axis: AxisAt, forward: boolean): number {
  const { i, at, place: position, last, stride } = axis;
  if (position === 0) return V[at + stride] - V[at];
  if (position === last) return V[at] - V[at - stride];
  if (differencing.kind === 'central') return (V[at + stride] - V[at - stride]) / 2;
  const reach = forward ? stride : -stride;
  const ahead = V[at + reach] - V[at];
  if (differencing.kind !== 'weno') return forward ? ahead : -ahead;
  const behind = V[at] - V[at - reach];
  const inside = forward ? position + 2 <= last : position >= 2;
  // One node from the end the difference beyond it is extrapolated, so the weight multiplies 0.
  const beyond = inside ? V[at + 2 * reach] - V[at + reach] : 2 * ahead - behind;
  const third = wenoDifference(beyond, ahead, behind, differencing.floors[i]);
  return forward ? third : -third;
}

/**
 * The third-order difference from three consecutive ones, the middle one on the upwind side (Jiang, Peng 2000, eq.
 * 2.9): (ahead + behind)/2 − ω (beyond − 2·ahead + behind)/2 with ω = 1/(1 + 2r²), where
 * r = (floor + outer²)/(floor + inner²) is the ratio of the squared curvatures.
 */
export function wenoDifference(beyond: number, ahead: number, behind: number, floor: number): number {
  const [outer, inner] = [beyond - ahead, ahead - behind];
  const [a, b] = [floor + inner * inner, floor + outer * outer];
  const weight = (a * a) / (a * a + 2 * (b * b));
  return (ahead + behind - weight * (outer - inner)) / 2;
}

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

/** For U an interval: V at every node between the extreme feet, one slow axis. */
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

/** row(s) += dt Σ_i ν_i (V_{i+1} − 2V_i + V_{i−1})/2 at nodes inside each axis. */
export function addViscosity(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, differencing, dt } = sweep;
  if (differencing.kind !== 'central') return;
  for (let s = 0; s < slow.size; s++) {
    for (const [i, field] of differencing.viscosity.entries()) {
      const { at, place: position, last, stride } = axisAt(sweep, i, start, s);
      if (position === 0 || position === last) continue;
      const curvature = V[at + stride] - 2 * V[at] + V[at - stride];
      row[s] += (dt * slots[field][start.node + s] * curvature) / 2;
    }
  }
}
