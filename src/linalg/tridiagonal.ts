/**
 * Subtraction-free solution of many tridiagonal M-matrix systems at once.
 *
 *   (e_j + d_j + u_j) w_j − d_j w_{j−1} − u_j w_{j+1} = s r_j,    d_0 = u_{N−1} = 0,
 *
 * with jump rates u, d ≥ 0 and killing e ≥ 0. Only the rates and the killing are stored, never the diagonal:
 * the elimination works on the excesses e'_j, sums, products and quotients of non-negative numbers, so that
 * nothing cancels however large the rates are against the killing (Grassmann, Taksar, Heyman 1985; THEORY §2.1).
 *
 * Layout: `lanes` systems side by side, entry j of lane i at j·lanes + i; the inner loops run over the lanes.
 */

/** The rates of `lanes` independent birth–death chains with `nodes` states each. */
export interface LineRates {
  readonly lanes: number;
  readonly nodes: number;
  /** Rate j → j+1; 0 on the last node. */
  readonly up: Float64Array;
  /** Rate j → j−1; 0 on the first node. */
  readonly down: Float64Array;
}

/** The eliminated systems: R_j = r_j + carry_j R_{j−1}, then w_j = gain_j R_j + pass_j w_{j+1}. All entries ≥ 0. */
export interface LineFactors {
  readonly lanes: number;
  readonly nodes: number;
  readonly carry: Float64Array;
  readonly gain: Float64Array;
  readonly pass: Float64Array;
}

/** The systems to eliminate: e_j = `killing` + `extra`_j and right side scaled by s = `scale`. */
export interface LineSystems {
  readonly killing: number;
  readonly scale: number;
  readonly extra?: Float64Array | null;
  /** Where the factors go; default new arrays. `carry` may be `down` and `pass` may be `up`, which saves memory. */
  readonly into?: { readonly carry: Float64Array; readonly gain: Float64Array; readonly pass: Float64Array };
}

/**
 * Eliminates the systems. For r ≥ 0 the solution has full relative accuracy. Killing may be arbitrarily small but some
 * e_j must be positive in every lane (else the factors are not finite).
 */
export function eliminateLines(rates: LineRates, systems: LineSystems): LineFactors {
  const { lanes, nodes, up, down } = rates;
  const { killing, scale, extra = null } = systems;
  const fresh = () => new Float64Array(lanes * nodes);
  const { carry, gain, pass } = systems.into ?? { carry: fresh(), gain: fresh(), pass: fresh() };
  for (let lane = 0; lane < lanes; lane++) {
    let excess = 0;
    let pivot = 1;
    for (let j = 0; j < nodes; j++) {
      const k = j * lanes + lane;
      const share = down[k] / pivot;
      excess = killing + (extra === null ? 0 : extra[k]) + share * excess;
      pivot = excess + up[k];
      carry[k] = share;
      gain[k] = scale / pivot;
      pass[k] = up[k] / pivot;
    }
  }
  return { lanes, nodes, carry, gain, pass };
}

/** Solves the eliminated systems; `out` may be `right`. Does not allocate. */
export function solveLines(out: Float64Array, factors: LineFactors, right: Float64Array): void {
  const { lanes, nodes, carry, gain, pass } = factors;
  for (let i = 0; i < lanes; i++) out[i] = right[i];
  for (let k = lanes; k < lanes * nodes; k++) out[k] = right[k] + carry[k] * out[k - lanes];
  const last = (nodes - 1) * lanes;
  for (let k = last; k < last + lanes; k++) out[k] = gain[k] * out[k];
  for (let k = last - 1; k >= 0; k--) out[k] = gain[k] * out[k] + pass[k] * out[k + lanes];
}
