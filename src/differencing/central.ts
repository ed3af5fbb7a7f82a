/**
 * Lax–Friedrichs differences: central ones, and after the minimum the viscosity that makes them monotone,
 *
 *   min_u [φ·D⁰V + ℓ] + Σ_i (α_i dx_i/2) D_i⁺D_i⁻V,   α_i ≥ |φ_i|      (Crandall, Lions 1984, §2).
 *
 * Global: α_i = max|φ_i| over the grid; local: α_i(x,y) = max_u|φ_i(x,y,u)|, far less diffusive where φ is small.
 * The viscosity enters V linearly, so the ε → 0 limit has the mean of α_i under the stationary measure, node by node in
 * x: still ≥ Σ_j π_j|φ_i|, hence monotone for dt Σ_i α_i/dx_i ≤ 1 with these means.
 */

import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import type { Differences } from './differences.ts';
import { largestRates } from './differences.ts';

/** ν_i = max over the grid of |φ_i|/dx_i, one number per axis as a field. */
export function laxFriedrichs(slow: SlowHamiltonian): Differences {
  const viscosity = localViscosity(slow).map((field) => field.fill(field.reduce((a, b) => Math.max(a, b), 0)));
  return { kind: 'central', viscosity };
}

/** ν_i(x,y) = max_u |φ_i(x,y,u)|/dx_i. */
export function localLaxFriedrichs(slow: SlowHamiltonian): Differences {
  return { kind: 'central', viscosity: localViscosity(slow) };
}

function localViscosity(slow: SlowHamiltonian): Float64Array[] {
  const size = slow.slowNodes * slow.fastNodes;
  return Array.from({ length: slow.movedAxes }, (_, i) => largestRates(slow.candidates, i, size));
}
