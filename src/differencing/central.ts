/**
 * Lax–Friedrichs differences: central ones, and after the minimum the viscosity that makes them monotone,
 *
 *   min_u [φ·D⁰V + ℓ] + Σ_i (α_i dx_i/2) D_i⁺D_i⁻V,   α_i ≥ |φ_i|      (Crandall, Lions 1984, §2),
 *
 * D⁰V = (V_{i+1} − V_{i−1})/(2 dx_i), monotone for dt Σ ν_i ≤ 1, ν_i = α_i/dx_i. The viscosity enters V linearly, so
 * the ε → 0 limit has the mean of α_i under the stationary measure, node by node in x: still ≥ Σ_j π_j|φ_i|, hence
 * monotone for dt Σ_i α_i/dx_i ≤ 1 with these means.
 */

import { averaged, type SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import { axisAt } from './axis-at.ts';
import type { Differencing, DifferencingKind, RowStart, RowSweep } from './differencing.ts';
import { increments } from './increments.ts';

/** ν_i(x,y) = max_u |φ_i(x,y,u)|/dx_i, far less diffusive than one number where φ is small. */
export const localLaxFriedrichs: DifferencingKind = {
  name: 'central',
  claims: { order: 1, monotone: 'under-cfl', interpolation: 1 },
  feet: 'never',
  followsFrame: true,
  crossTerms: 'stencil',
  wasm: 2,
  on: ({ slow }) => ({ kind: localLaxFriedrichs, viscosity: localViscosity(slow) }),
  longestStep: (on, slow, measure) => (measure === null ? longest(on) : longest(on, measure, slow.slowNodes)),
  sharedStep: (on) => longest(on),
  courant: ({ differencing, dt }, slots) => {
    const fields = (differencing.viscosity ?? []).map((slot) => slots[slot]);
    return sumOf(fields, dt);
  },
  reach: () => 1,
  increments: increments('never', (V, { at, stride }) => (V[at + stride] - V[at - stride]) / 2),
  dissipate: addViscosity,
};

/** ν_i = max over the grid of |φ_i|/dx_i, one number per axis as a field. */
export const laxFriedrichs: DifferencingKind = {
  ...localLaxFriedrichs,
  on: ({ slow }) => ({
    kind: laxFriedrichs,
    viscosity: localViscosity(slow).map((field) => field.fill(field.reduce((a, b) => Math.max(a, b), 0))),
  }),
};

function localViscosity(slow: SlowHamiltonian): Float64Array[] {
  return Array.from({ length: slow.movedAxes }, (_, i) => {
    const field = new Float64Array(slow.slowNodes * slow.fastNodes);
    slow.used.rates(field, 0, i);
    return field;
  });
}

/** 1/max Σ ν_i, with weights of the sums averaged over y. */
function longest({ viscosity = [] }: Differencing<Float64Array>, weights?: Float64Array, slowNodes = 0): number {
  const total = sumOf(viscosity, 1);
  const met = weights === undefined ? total : averaged(total, weights, slowNodes);
  return 1 / met.reduce((a, b) => Math.max(a, b), 0);
}

/** dt Σ_i |ν_i|. */
function sumOf(viscosity: readonly Float64Array[], dt: number): Float64Array {
  return viscosity[0].map((_, k) => viscosity.reduce((sum, field) => sum + dt * Math.abs(field[k]), 0));
}

/** row(s) += dt Σ_i ν_i (V_{i+1} − 2V_i + V_{i−1})/2 at nodes inside each axis. */
function addViscosity(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void {
  const { slow, slots, differencing, dt } = sweep;
  for (let s = 0; s < slow.size; s++) {
    const node = start.node + s;
    for (const [i, field] of (differencing.viscosity ?? []).entries()) {
      const { at, place, last, stride } = axisAt(sweep, i, { s, node, value: start.value + s });
      if (place === 0 || place === last) continue;
      const curvature = V[at + stride] - 2 * V[at] + V[at - stride];
      row[s] += (dt * slots[field][node] * curvature) / 2;
    }
  }
}
