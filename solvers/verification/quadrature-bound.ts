import type { Grid } from '../../src/grid/grid.ts';

/** Σ_j |π_{j−1} − 2π_j + π_{j+1}|/4 for a Gaussian of deviation σ: this times h²/σ². At most 1, for one node. */
const CURVATURE = Math.sqrt(2 / (Math.PI * Math.E)) / 2;
/** Sampled at a spacing of 1.4 deviations that sum reads 0.74 to 0.79 of it. */
const SAMPLED = 1.3;
/** Spacing beyond which, in deviations, nodes can miss what lies between them: no bound is given. */
const COARSEST = 1.4;

/**
 * Bound of Σ_j π_j h_j − ∫h dμ for Gibbs weights on a grid, summed over the axes:
 *
 *   kinks      a jump J in the slope of h costs at most h²J(ρ + h²|ρ″|/20)/12 on every line across it (Euler–Maclaurin,
 *              |B₂| ≤ 1/6, |B₄| ≤ 1/30, (hρ)‴ jumps by 3Jρ″): (1/12) Σ_j (π_j + |δ²π_j|/10) |δ²h_j|, where the second
 *              term is taken twice;
 *   smoothness 2 exp(−2π²σ²/h²) relative, what the trapezoid rule leaves of a Gaussian, by four mean deviations of h.
 *
 * σ, the deviation along an axis, is read off Σ|δ²π|; Infinity where it is no more than 1/1.4 of the spacing.
 */
export function quadratureBound({ shape, strides }: Grid, h: Float64Array, weights: Float64Array): number {
  const mean = weights.reduce((sum, weight, j) => sum + weight * h[j], 0);
  const spread = weights.reduce((sum, weight, j) => sum + weight * Math.abs(h[j] - mean), 0);
  let bound = 0;
  for (let a = 0; a < shape.length; a++) {
    let [kinks, curvature] = [0, 0];
    for (let j = 0; j < h.length; j++) {
      const k = Math.floor(j / strides[a]) % shape[a];
      if (k === 0 || k === shape[a] - 1) continue;
      const bend = Math.abs(weights[j + strides[a]] - 2 * weights[j] + weights[j - strides[a]]);
      kinks += (weights[j] + bend / 10) * Math.abs(h[j + strides[a]] - 2 * h[j] + h[j - strides[a]]);
      curvature += bend / 4;
    }
    const squared = (SAMPLED * curvature) / CURVATURE;
    if (squared > COARSEST ** 2) return Infinity;
    bound += kinks / 12 + 8 * Math.exp((-2 * Math.PI ** 2) / squared) * spread;
  }
  return bound;
}
