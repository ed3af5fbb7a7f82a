/**
 * The phases as gpu.js kernels, in single precision. gpu.js translates their source text (gpu-sources.ts, made from
 * this file): they close over nothing, and what they need beside their fields stands in `this.constants`. A field is
 * rows of lanes, and so are coefficients: gpu.js computes indices that a kernel computes in single precision, wrong
 * from 2²⁴ on, but adds up those of nested arrays in integers.
 */
import type { IKernelFunctionThis } from 'gpu.js';

type Field = number[][];
/** Coefficients of a field. */
type Rows = readonly Float32Array[];

/** Numbers and coefficients of a kernel. */
export interface SweepConstants {
  readonly [name: string]: number | readonly Rows[];
  readonly axes: number;
  readonly extent0: number;
  readonly extent1: number;
  readonly candidates: number;
  /** 1 if a control can rest. */
  readonly rest: number;
  /** 1 where V is a field of x alone. */
  readonly flat: number;
  /** Of differences: 0 upwind, 1 WENO. */
  readonly kind: number;
  readonly floor0: number;
  readonly floor1: number;
  readonly dt: number;
  /** Candidate by candidate, axis by axis, fields of φ_i/dx_i. */
  readonly rates: readonly Rows[];
  /** Candidate by candidate, fields of ℓ. */
  readonly costs: readonly Rows[];
}

/** dt · min over the candidates of Σ_i r_i·difference_i + ℓ; the formulas of src/differencing. */
export function increment(this: IKernelFunctionThis<SweepConstants>, V: Field): number {
  const s = this.thread.x;
  const j = this.thread.y;
  let row = j;
  if (this.constants.flat === 1) row = 0;
  const here = V[row][s];
  // Half a node keeps the quotient away from whole numbers: a card rounds it either way.
  const line = Math.floor((s + 0.5) / this.constants.extent0);
  let least = 3e38;
  if (this.constants.rest === 1) least = 0;
  for (let c = 0; c < this.constants.candidates; c++) {
    let slope = this.constants.costs[c][j][s];
    let stride = 1;
    let extent = this.constants.extent0;
    let position = s - line * this.constants.extent0;
    let floor = this.constants.floor0;
    for (let axis = 0; axis < this.constants.axes; axis++) {
      if (axis === 1) {
        stride = this.constants.extent0;
        extent = this.constants.extent1;
        position = line;
        floor = this.constants.floor1;
      }
      const rate = this.constants.rates[c * this.constants.axes + axis][j][s];
      let toward = stride;
      if (rate <= 0) toward = -stride;
      let inside = 1;
      if (position === 0) {
        toward = stride;
        inside = 0;
      }
      if (position === extent - 1) {
        toward = -stride;
        inside = 0;
      }
      const ahead = V[row][s + toward] - here;
      let difference = ahead;
      if (inside === 1 && this.constants.kind === 1) {
        const behind = here - V[row][s - toward];
        let beyond = 2 * ahead - behind;
        if (toward > 0 && position + 2 < extent) beyond = V[row][s + 2 * toward] - V[row][s + toward];
        if (toward < 0 && position >= 2) beyond = V[row][s + 2 * toward] - V[row][s + toward];
        const outer = beyond - ahead;
        const inner = ahead - behind;
        const a = floor + inner * inner;
        const b = floor + outer * outer;
        const weight = 1 / (1 + 2 * (b / a) * (b / a));
        difference = 0.5 * (ahead + behind - weight * (outer - inner));
      }
      if (toward > 0) slope += rate * difference;
      if (toward < 0) slope -= rate * difference;
    }
    least = Math.min(least, this.constants.dt * slope);
  }
  return least;
}

export interface AverageConstants {
  readonly [name: string]: number | Rows;
  readonly rows: number;
  readonly weights: Rows;
}

/** add(x) + Σ_j weights_j · increment(x, y_j). */
export function averaged(this: IKernelFunctionThis<AverageConstants>, add: Field, increments: Field): number {
  const s = this.thread.x;
  let total = add[0][s];
  for (let j = 0; j < this.constants.rows; j++) {
    total += this.constants.weights[j][s] * increments[j][s];
  }
  return total;
}

export interface ResolventConstants {
  readonly [name: string]: number | readonly Rows[];
  readonly rows: number;
  /** Entry [j][k][s] is P_{jk} at slow node s: stochastic matrices. */
  readonly matrices: readonly Rows[];
}

/** (P w)_j = Σ_k P_{jk} w_k at every slow node, P = (I − κL)⁻¹. */
export function resolvent(this: IKernelFunctionThis<ResolventConstants>, right: Field): number {
  const s = this.thread.x;
  const j = this.thread.y;
  let total = 0;
  for (let k = 0; k < this.constants.rows; k++) {
    total += this.constants.matrices[j][k][s] * right[k][s];
  }
  return total;
}

export interface GeneratorConstants {
  readonly [name: string]: number | Rows;
  readonly rows: number;
  readonly factor: number;
  readonly up: Rows;
  readonly down: Rows;
}

/** add + factor · L w with reflecting ends. */
export function generated(this: IKernelFunctionThis<GeneratorConstants>, add: Field, w: Field): number {
  const s = this.thread.x;
  const j = this.thread.y;
  const here = w[j][s];
  let flow = 0;
  if (j + 1 < this.constants.rows) flow += this.constants.up[j][s] * (w[j + 1][s] - here);
  if (j > 0) flow += this.constants.down[j][s] * (w[j - 1][s] - here);
  return add[j][s] + this.constants.factor * flow;
}

export interface PairConstants {
  readonly [name: string]: number;
  readonly first: number;
  readonly second: number;
}

/** first·a + second·b. */
export function combined(this: IKernelFunctionThis<PairConstants>, a: Field, b: Field): number {
  const s = this.thread.x;
  const j = this.thread.y;
  return this.constants.first * a[j][s] + this.constants.second * b[j][s];
}

export interface FilterConstants {
  readonly [name: string]: number;
  readonly reach: number;
  readonly floor: number;
  readonly rows: number;
}

/** accurate where |accurate − monotone| ≤ reach and accurate ≥ floor, else monotone. */
export function filtered(this: IKernelFunctionThis<FilterConstants>, accurate: Field, monotone: Field): number {
  const a = accurate[this.thread.y][this.thread.x];
  const m = monotone[this.thread.y][this.thread.x];
  if (Math.abs(a - m) <= this.constants.reach && a >= this.constants.floor) return a;
  return m;
}

/** fallen + the number of nodes over x at which the filter falls back. */
export function fallenBack(
  this: IKernelFunctionThis<FilterConstants>,
  fallen: Field,
  accurate: Field,
  monotone: Field,
): number {
  const s = this.thread.x;
  let count = fallen[0][s];
  for (let j = 0; j < this.constants.rows; j++) {
    const a = accurate[j][s];
    if (Math.abs(a - monotone[j][s]) > this.constants.reach || a < this.constants.floor) count += 1;
  }
  return count;
}
