/**
 * The learning rate u ∈ U = [u₀,u₁] of deep relaxation, φ = −uγ(x−y).
 *
 * In the limit problem the control may depend on the fast variable (Bardi, Kouhkouh 2022): −H̄(x,p) is the minimum of
 * ∫φ(x,y,ν(y))·p dμ_x over ν: Rᵐ → U, attained at ν(x,y) = u₁ where (x−y)·p ≥ 0 and u₀ elsewhere. Here p stands for
 * D_x v, the slope of the value.
 */
export type LearningRate =
  | { readonly kind: 'fixed'; readonly rate: number }
  | { readonly kind: 'limit'; readonly lower: number; readonly upper: number };

/** u in (x,y) for the slope p. */
export function rateAt(rate: LearningRate, x: Float64Array, y: Float64Array, slope: Float64Array): number {
  if (rate.kind === 'fixed') return rate.rate;
  let product = 0;
  for (let i = 0; i < x.length; i++) product += (x[i] - y[i]) * slope[i];
  return product >= 0 ? rate.upper : rate.lower;
}

/** "0.5", or "ν(x,y) ∈ {0, 1}". */
export function shownRate(rate: LearningRate): string {
  return rate.kind === 'fixed' ? String(rate.rate) : `ν(x,y) ∈ {${rate.lower}, ${rate.upper}}`;
}
