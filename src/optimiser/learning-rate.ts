import { shownNumber } from './shown-number.ts';

/**
 * The learning rate u ∈ U = [u₀,u₁] of deep relaxation, φ = −uγ(x−y).
 *
 * In the limit problem the control may depend on the fast variable (Bardi, Kouhkouh 2022): −H̄(x,p) is the minimum of
 * ∫φ(x,y,ν(y))·p dμ_x over ν: Rᵐ → U, attained at ν(x,y) = u₁ where (x−y)·p ≥ 0 and u₀ elsewhere. Here p stands for
 * D_x v, the slope of the value.
 */
export type LearningRate =
  /** u = rate ≥ 0. */
  | { readonly kind: 'fixed'; readonly rate: number }
  /** ν(x,y) from U = [lower, upper], 0 ≤ lower ≤ upper. */
  | { readonly kind: 'limit'; readonly lower: number; readonly upper: number };

/** What a rate reads, and where it keeps count. */
interface RateState {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** p. */
  readonly slope: Float64Array;
  /** How often u₀ was taken, and how often (x−y)·p was not 0, so that the ends of U differed. */
  readonly chosen: Float64Array;
}

/** u in (x,y) for the slope p; counts in `chosen` which end of U it was. Allocates nothing. */
export function takenRate(rate: LearningRate, { x, y, slope, chosen }: RateState): number {
  if (rate.kind === 'fixed') return rate.rate;
  let product = 0;
  for (let i = 0; i < x.length; i++) product += (x[i] - y[i]) * slope[i];
  if (product < 0) chosen[0]++;
  if (product !== 0) chosen[1]++;
  return product >= 0 ? rate.upper : rate.lower;
}

/** "0.5", or "ν(x,y) ∈ {0, 1}". */
export function shownRate(rate: LearningRate): string {
  if (rate.kind === 'fixed') return shownNumber(rate.rate);
  return `ν(x,y) ∈ {${shownNumber(rate.lower)}, ${shownNumber(rate.upper)}}`;
}
