/** Stationary points of one smooth piece of q on a face of U, several controls and affine rates. */
import { curvature, type NodeBracket, quadraticAt } from './node-bracket.ts';

/** Room for the linear systems of a bracket. */
export function systemOf({ rates, cost }: NodeBracket): Float64Array {
  const size = rates.length + cost.slope.length;
  return new Float64Array(size * (size + 1));
}

/** Free controls, the rates that vanish and the signs of the others, a bit each. */
export interface Region {
  readonly free: readonly number[];
  readonly zeros: number;
  readonly signs: number;
}

/**
 * Moves u, on its face, to where Σ_i difference_i r_i + ℓ is stationary in the free controls under r_i = 0 for the
 * vanishing i; false where the system is singular.
 */
export function stationary(
  u: Float64Array,
  { rates, forward, backward, cost }: NodeBracket,
  rows: Float64Array,
  { free, zeros, signs }: Region,
): boolean {
  const size = free.length + bits(zeros);
  const width = size + 1;
  rows.fill(0, 0, size * width);
  for (let k = 0; k < free.length; k++) {
    const c = free[k];
    let gradient = cost.slope[c];
    let vanishing = free.length;
    for (let i = 0; i < rates.length; i++) {
      const slope = rates[i].slope[c];
      if ((zeros >> i) & 1) {
        rows[k * width + vanishing] = slope;
        rows[vanishing++ * width + k] = slope;
      } else gradient += ((signs >> i) & 1 ? forward[i] : backward[i]) * slope;
    }
    let bent = 0;
    for (let d = 0; d < u.length; d++) bent += curvature(cost, c, d) * u[d];
    for (let d = 0; d < free.length; d++) rows[k * width + d] = curvature(cost, c, free[d]);
    rows[k * width + size] = -(gradient + bent);
  }
  let row = free.length;
  for (let i = 0; i < rates.length; i++) {
    if ((zeros >> i) & 1) rows[row++ * width + size] = -quadraticAt(rates[i], u);
  }
  if (!eliminated(rows, size)) return false;
  for (let k = 0; k < free.length; k++) u[free[k]] = rows[k * width + size] / rows[k * width + k];
  return true;
}

/** Makes a small linear system diagonal, rows with their right side last; false where it is singular. */
function eliminated(rows: Float64Array, size: number): boolean {
  const width = size + 1;
  for (let p = 0; p < size; p++) {
    let best = p;
    for (let i = p + 1; i < size; i++) {
      if (Math.abs(rows[i * width + p]) > Math.abs(rows[best * width + p])) best = i;
    }
    if (rows[best * width + p] === 0) return false;
    for (let k = 0; k < width && best !== p; k++) {
      const value = rows[p * width + k];
      rows[p * width + k] = rows[best * width + k];
      rows[best * width + k] = value;
    }
    for (let i = 0; i < size; i++) {
      if (i === p) continue;
      const factor = rows[i * width + p] / rows[p * width + p];
      for (let k = p; k < width; k++) rows[i * width + k] -= factor * rows[p * width + k];
    }
  }
  return true;
}

/** How many bits are set. */
export function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
