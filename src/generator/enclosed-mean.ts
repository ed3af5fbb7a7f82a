/**
 * Bounds of Σ_j π_j h_j from any χ on reflecting nodes: Σπ L_hχ vanishes, so that with z = h − L_hχ and the tail
 * T = {π_j ≤ 1e-12} (docs/theory.md §5.4)
 *
 *   Z min_{∉T} z + Σ_T πz ≤ Σ_j π_j h_j ≤ Z max_{∉T} z + Σ_T πz,   Z = Σ_{∉T} π_j.
 */

/** An interval that holds a mean. */
export interface MeanBounds {
  readonly lower: number;
  readonly upper: number;
}

/** The weight up to which a node belongs to the tail. */
export const TAIL_WEIGHT = 1e-12;

/** Σ_j π_j h_j. */
export function weightedMean(weights: Float64Array, h: Float64Array): number {
  return weights.reduce((sum, weight, j) => sum + weight * h[j], 0);
}

/**
 * The bounds for this χ and a reflecting generator; nodes `apart`, where the residual is coarse, are averaged like the
 * tails.
 */
export function encloseMean(
  generator: { apply(out: Float64Array, w: Float64Array): void },
  h: Float64Array,
  weights: Float64Array,
  corrector: Float64Array,
  apart: (node: number) => boolean = () => false,
): MeanBounds {
  const image = new Float64Array(h.length);
  generator.apply(image, corrector);
  return meanBetween(
    h.map((value, j) => value - image[j]),
    weights,
    apart,
  );
}

/** Bounds of Σπz; the tails, where z is round-off, are averaged, not maximised. */
export function meanBetween(
  z: Float64Array,
  weights: Float64Array,
  apart: (node: number) => boolean = () => false,
): MeanBounds {
  let [least, greatest, bulk, tail] = [Infinity, -Infinity, 0, 0];
  for (let j = 0; j < z.length; j++) {
    if (weights[j] <= TAIL_WEIGHT || apart(j)) tail += weights[j] * z[j];
    else {
      least = Math.min(least, z[j]);
      greatest = Math.max(greatest, z[j]);
      bulk += weights[j];
    }
  }
  return { lower: bulk * least + tail, upper: bulk * greatest + tail };
}
