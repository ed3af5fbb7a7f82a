/**
 * Coarsening of a jump process on the nodes of a lattice: every second node per axis, interpolation from the rates
 * themselves, Galerkin product A_c = R A P (Dendy 1982, black box multigrid; de Zeeuw 1990 for convection).
 *
 * A node with odd coordinates in the axes M interpolates from the neighbours that differ in M only; rates that leave
 * this plane count for their projection into it. With weights W_c towards these neighbours
 *   w_i = Σ_c W_c w_c / (Σ_c W_c + e_i),
 * killing e_i counted only where a neighbour of the plane is missing (the sphere is near): inside, constants stay.
 * R does the same for the adjoint, with W_c rate(c→i)/rate(i→c) in place of W_c, which for a process in detailed
 * balance is W_c π_i/π_c: then A_c is in detailed balance with π on the coarse nodes; where rate(i→c) is next to
 * nothing, the projected rates of the ways back. On a line this is cyclic
 * reduction, exact and monotone. In more dimensions a coarse rate may come out negative where convection dominates:
 * then the same number is added to it and to the rate of the way back, which adds diffusion and no drift and makes
 * an M-matrix (discrete upwinding; Kuzmin, Turek 2002).
 *
 * The coarse killing, R A P 1, is summed as R(e p + Σ_j rate(i→j)(q_j − q_i)), p = P1, q = 1 − p: where q = 0 it is
 * the exact sum of the killing, however small against the rates.
 */
import { reverseEntries, type SparseRates, totalRates } from './sparse-rates.ts';

/** Integer coordinates of the states, `dimension` per state. */
export interface Lattice {
  readonly dimension: number;
  readonly positions: Int32Array;
}

/** P and R with one pattern: node i takes part in the coarse nodes columns[i·width + s], s < counts[i]. */
export interface Transfer {
  readonly width: number;
  readonly counts: Uint8Array;
  readonly columns: Int32Array;
  readonly prolongation: Float64Array;
  readonly restriction: Float64Array;
}

export interface Coarsening {
  readonly transfer: Transfer;
  readonly jumps: SparseRates;
  readonly lattice: Lattice;
}

/** The coarse process; about 2^dimension times fewer states, at most 3^dimension − 1 jumps from each. */
export function coarsen(jumps: SparseRates, lattice: Lattice): Coarsening {
  const { numbers, coarse } = coarseNodes(jumps.size, lattice);
  const { transfer, lost } = interpolation(jumps, lattice, numbers);
  return { transfer, jumps: galerkin(jumps, transfer, lost, coarse), lattice: coarse };
}

/** Numbers of the nodes with even coordinates (−1 for the others), and their lattice. */
function coarseNodes(size: number, { dimension, positions }: Lattice): { numbers: Int32Array; coarse: Lattice } {
  const numbers = new Int32Array(size).fill(-1);
  let count = 0;
  for (let i = 0; i < size; i++) if (oddAxes(positions, dimension, i) === 0) numbers[i] = count++;
  const coarse = new Int32Array(count * dimension);
  for (let i = 0; i < size; i++) {
    if (numbers[i] < 0) continue;
    for (let a = 0; a < dimension; a++) coarse[numbers[i] * dimension + a] = positions[i * dimension + a] >> 1;
  }
  return { numbers, coarse: { dimension, positions: coarse } };
}

/** The set of axes in which node i has an odd coordinate, as bits. */
function oddAxes(positions: Int32Array, dimension: number, i: number): number {
  let odd = 0;
  for (let a = 0; a < dimension; a++) odd |= (positions[i * dimension + a] & 1) << a;
  return odd;
}

/** P, R and q = 1 − P1, nodes with few odd coordinates first: the others are interpolated from them. */
function interpolation(
  jumps: SparseRates,
  lattice: Lattice,
  numbers: Int32Array,
): { transfer: Transfer; lost: Float64Array } {
  const { size } = jumps;
  const { dimension, positions } = lattice;
  const width = 2 ** dimension;
  const transfer: Transfer = {
    width,
    counts: new Uint8Array(size),
    columns: new Int32Array(size * width),
    prolongation: new Float64Array(size * width),
    restriction: new Float64Array(size * width),
  };
  const lost = new Float64Array(size);
  const reverse = reverseEntries(jumps);
  const plane = planeOf(jumps, lattice, reverse);
  for (let i = 0; i < size; i++) if (numbers[i] >= 0) addTerm(transfer, i, numbers[i], 1, 1);
  for (let count = 1; count <= dimension; count++) {
    for (let i = 0; i < size; i++) {
      const odd = oddAxes(positions, dimension, i);
      if (bits(odd) === count) interpolateNode(i, jumps, { transfer, lost, reverse, plane: plane(i, odd) });
    }
  }
  return { transfer, lost };
}

function bits(mask: number): number {
  return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1);
}

interface Plane {
  /** By offset code: the rate towards that side of the plane, the entry of the neighbour there (−1: missing). */
  readonly toward: Float64Array;
  /** The rates of the ways back. */
  readonly back: Float64Array;
  readonly entries: Int32Array;
  /** A neighbour along an odd axis is missing. */
  cut: boolean;
}

/** Projects the jumps of a node on the plane of its odd axes; the result is reused from call to call. */
function planeOf({ starts, targets, rates }: SparseRates, { dimension, positions }: Lattice, reverse: Int32Array) {
  const codes = 3 ** dimension;
  const centre = (codes - 1) / 2;
  const [toward, back] = [new Float64Array(codes), new Float64Array(codes)];
  const plane: Plane = { toward, back, entries: new Int32Array(codes), cut: false };
  return (i: number, odd: number): Plane => {
    toward.fill(0);
    back.fill(0);
    plane.entries.fill(-1);
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      let [code, power, inside] = [centre, 1, true];
      for (let a = 0; a < dimension; a++, power *= 3) {
        const offset = positions[targets[e] * dimension + a] - positions[i * dimension + a];
        if (((odd >> a) & 1) === 1) code += offset * power;
        else if (offset !== 0) inside = false;
      }
      if (code === centre) continue;
      toward[code] += rates[e];
      back[code] += rates[reverse[e]];
      if (inside) plane.entries[code] = e;
    }
    plane.cut = false;
    for (let a = 0, power = 1; a < dimension; a++, power *= 3) {
      const isolated = plane.entries[centre + power] < 0 || plane.entries[centre - power] < 0;
      if (((odd >> a) & 1) === 1 && isolated) plane.cut = true;
    }
    return plane;
  };
}

interface Interpolating {
  readonly transfer: Transfer;
  readonly lost: Float64Array;
  readonly reverse: Int32Array;
  readonly plane: Plane;
}

/** The share of W_c below which rate(i→c) is too small, or 0, for its ratio to the way back to mean anything. */
const TELLING = 1e-3;

function interpolateNode(i: number, jumps: SparseRates, { transfer, lost, reverse, plane }: Interpolating): void {
  const { targets, rates, killing } = jumps;
  const { toward, back, entries } = plane;
  const sphere = plane.cut ? killing[i] : 0;
  let total = sphere;
  for (let c = 0; c < toward.length; c++) if (entries[c] >= 0) total += toward[c];
  if (!(total > 0)) {
    lost[i] = 1;
    return;
  }
  let gone = sphere / total;
  for (let c = 0; c < toward.length; c++) {
    const entry = entries[c];
    if (entry < 0) continue;
    const j = targets[entry];
    const forward = toward[c] / total;
    const outward = rates[entry];
    const telling = outward > TELLING * toward[c];
    const adjoint = telling ? forward * (rates[reverse[entry]] / outward) : back[c] / total;
    gone += forward * lost[j];
    for (let s = j * transfer.width; s < j * transfer.width + transfer.counts[j]; s++) {
      const column = transfer.columns[s];
      addTerm(transfer, i, column, forward * transfer.prolongation[s], adjoint * transfer.restriction[s]);
    }
  }
  lost[i] = gone;
}

function addTerm(transfer: Transfer, i: number, column: number, forward: number, adjoint: number): void {
  const { width, counts, columns, prolongation, restriction } = transfer;
  let s = i * width;
  const end = s + counts[i];
  while (s < end && columns[s] !== column) s++;
  if (s === end) {
    columns[s] = column;
    counts[i]++;
  }
  prolongation[s] += forward;
  restriction[s] += adjoint;
}

/** R A P as rates and killing. */
function galerkin(jumps: SparseRates, transfer: Transfer, lost: Float64Array, { positions, dimension }: Lattice) {
  const size = positions.length / dimension;
  const { width, counts, columns, prolongation, restriction } = transfer;
  const members = membersOf(transfer, size);
  const total = totalRates(jumps);
  const starts = new Int32Array(size + 1);
  const slots = new Int32Array(size).fill(-1);
  const killing = new Float64Array(size);
  const most = size * (3 ** dimension - 1);
  const targets = new Int32Array(most);
  const rates = new Float64Array(most);
  let end = 0;
  const add = (node: number, factor: number, row: number) => {
    for (let s = node * width; s < node * width + counts[node]; s++) {
      const column = columns[s];
      if (column === row) continue;
      if (slots[column] < starts[row]) {
        slots[column] = end;
        targets[end++] = column;
      }
      rates[slots[column]] += factor * prolongation[s];
    }
  };
  for (let row = 0; row < size; row++) {
    starts[row] = end;
    for (let k = members.starts[row]; k < members.starts[row + 1]; k++) {
      const slot = members.slots[k];
      const i = Math.floor(slot / width);
      const weight = restriction[slot];
      let kept = jumps.killing[i] * (1 - lost[i]);
      for (let e = jumps.starts[i]; e < jumps.starts[i + 1]; e++) {
        const j = jumps.targets[e];
        kept += jumps.rates[e] * (lost[j] - lost[i]);
        add(j, weight * jumps.rates[e], row);
      }
      add(i, -weight * total[i], row);
      killing[row] += weight * kept;
    }
    killing[row] = Math.max(killing[row], 0);
  }
  starts[size] = end;
  return upwinded({ size, starts, targets: targets.slice(0, end), rates: rates.slice(0, end), killing });
}

/** Adds to both rates of every edge what makes the negative one 0; overwrites the rates. */
function upwinded(jumps: SparseRates): SparseRates {
  const { rates } = jumps;
  reverseEntries(jumps).forEach((back, entry) => {
    const diffusion = Math.max(-rates[entry], -rates[back], 0);
    rates[entry] += diffusion;
    rates[back] += diffusion;
  });
  return jumps;
}

/** The slots of `transfer` that belong to each coarse node. */
function membersOf({ width, counts, columns }: Transfer, size: number): { starts: Int32Array; slots: Int32Array } {
  const starts = new Int32Array(size + 1);
  for (let i = 0; i < counts.length; i++) {
    for (let s = i * width; s < i * width + counts[i]; s++) starts[columns[s] + 1]++;
  }
  for (let row = 0; row < size; row++) starts[row + 1] += starts[row];
  const next = starts.slice();
  const slots = new Int32Array(starts[size]);
  for (let i = 0; i < counts.length; i++) {
    for (let s = i * width; s < i * width + counts[i]; s++) slots[next[columns[s]]++] = s;
  }
  return { starts, slots };
}
