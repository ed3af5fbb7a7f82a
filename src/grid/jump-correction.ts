/**
 * Integrals of what jumps between two nodes of a uniform axis, by the nodal sum and a correction at the jump.
 *
 * Let J be smooth, and 0 left of the point a = j + θ, 0 ≤ θ ≤ 1, in units of the spacing. Euler–Maclaurin from a gives
 *
 *   ∫_a^∞ J = Σ_{i>j} J_i + Σ_{r≥1} B_r(1 − θ)/r! J^{(r−1)}(a),
 *
 * which for the monomial (s − j)^q is −θ^{q+1}/(q+1) − ζ(−q), ζ(0) = −1/2, ζ(−1) = −1/12, ζ(−2) = 0, ζ(−3) = 1/120.
 * J is replaced by the cubic through the four nodes around a: exact for cubics; for smooth J the integral, h times
 * this, is off by O(h⁵).
 */
import { bisect } from './quadrature.ts';

/** Values at the nodes j−1, j, j+1, j+2 around an edge. */
export type FourValues = readonly [number, number, number, number];

/** Coefficients of 1, s, s², s³ of the cubic through four values, s counted from the second. */
export function cubicThrough([before, left, right, after]: FourValues): FourValues {
  return [
    left,
    right - before / 3 - left / 2 - after / 6,
    (before - 2 * left + right) / 2,
    (after - before + 3 * (left - right)) / 6,
  ];
}

/** ∫_a^∞ J − Σ_{i>j} J_i in units of the spacing, a = j + θ, from J at the nodes j−1 … j+2. */
export function jumpCorrection(jump: FourValues, theta: number): number {
  const [c0, c1, c2, c3] = cubicThrough(jump);
  return (
    c0 * (1 / 2 - theta) + c1 * (1 / 12 - theta ** 2 / 2) - (c2 * theta ** 3) / 3 - c3 * (theta ** 4 / 4 + 1 / 120)
  );
}

/** A zero θ in [0, 1] of the cubic through four values of which the middle ones have no common sign; O(h⁴). */
export function crossingBetween(values: FourValues): number {
  const [, left, right] = values;
  if (left === 0) return 0;
  if (right === 0) return 1;
  const [c0, c1, c2, c3] = cubicThrough(values);
  return bisect((s) => c0 + s * (c1 + s * (c2 + s * c3)), 0, 1);
}
