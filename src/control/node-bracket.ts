/**
 * What a node of a grid sees of a control,
 *
 *   q(u) = Σ_i [r_i(u)⁺ D_i⁺ + r_i(u)⁻ D_i⁻] + ℓ(u),
 *
 * with quadratics r_i and ℓ and one-sided differences D_i^±.
 */

/** Entry c of `slope` belongs to control c, those of `bend` to the products of controls c ≤ d in order. */
export interface NodeQuadratic {
  readonly constant: number;
  readonly slope: ArrayLike<number>;
  readonly bend: ArrayLike<number>;
}

/** What a node sees: a rate per axis with its two differences, and the cost. */
export interface NodeBracket {
  readonly rates: readonly NodeQuadratic[];
  readonly forward: ArrayLike<number>;
  readonly backward: ArrayLike<number>;
  readonly cost: NodeQuadratic;
}

export interface Box {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** The minimum of q over a box and a control that attains it; −∞ where q falls without bound. */
export interface Least {
  readonly value: number;
  readonly control: Float64Array;
}

/** The value of a quadratic at u. */
export function quadraticAt({ constant, slope, bend }: NodeQuadratic, u: ArrayLike<number>): number {
  let [value, k] = [constant, 0];
  for (let c = 0; c < u.length; c++) {
    value += slope[c] * u[c];
    for (let d = c; d < u.length; d++) value += bend[k++] * u[c] * u[d];
  }
  return value;
}

/** q(u). */
export function bracketAt({ rates, forward, backward, cost }: NodeBracket, u: ArrayLike<number>): number {
  let value = quadraticAt(cost, u);
  for (let i = 0; i < rates.length; i++) {
    const rate = quadraticAt(rates[i], u);
    value += rate > 0 ? rate * forward[i] : rate * backward[i];
  }
  return value;
}

/** ∂²/∂u_c∂u_d of a quadratic. */
export function curvature({ slope, bend }: NodeQuadratic, c: number, d: number): number {
  const [first, second] = c <= d ? [c, d] : [d, c];
  const at = first * slope.length - (first * (first - 1)) / 2 + (second - first);
  return c === d ? 2 * bend[at] : bend[at];
}
