/**
 * Subtraction-free solution of many tridiagonal M-matrix systems at once.
 *
 *   (e_j + d_j + u_j) w_j − d_j w_{j−1} − u_j w_{j+1} = s r_j,    d_0 = u_{N−1} = 0,
 *
 * with jump rates u, d ≥ 0 and killing e ≥ 0. Only the rates and the killing are stored, never the diagonal:
 * the elimination works on the excesses e'_j, sums, products and quotients of non-negative numbers, so that nothing
 * cancels however large the rates are against the killing (Grassmann, Taksar, Heyman 1985; docs/theory.md §2.4).
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
}

/**
 * Systems whose right side is e_j r_j, such as the resolvent (I − κL)⁻¹, as running averages, b the row before in the
 * order of the elimination and a the row after: T_j = T_b + share_j (r_j − T_b), then w_j = w_a + killed_j (T_j − w_a).
 * All entries lie in [0, 1].
 */
export interface ResolventFactors {
  readonly lanes: number;
  readonly nodes: number;
  /** e_j over the excess of row j; 1 on the row eliminated first. */
  readonly share: Float64Array;
  /** The probability that the chain on the rows eliminated so far is killed in them; 1 on the row eliminated last. */
  readonly killed: Float64Array;
}

/** Whether row 0 or row N−1 is eliminated first. */
export type EliminationOrder = 'upward' | 'downward';

/**
 * Eliminates the systems. For r ≥ 0 the solution has full relative accuracy. Killing may be arbitrarily small but some
 * e_j must be positive in every lane (else the factors are not finite).
 */
export function eliminateLines(rates: LineRates, systems: LineSystems): LineFactors {
  const { lanes, nodes, up } = rates;
  const { killing, scale, extra = null } = systems;
  const [carry, gain, pass] = [0, 1, 2].map(() => new Float64Array(lanes * nodes));
  eliminate(rates, { killing, extra, order: 'upward' }, (k, { back, pivot }) => {
    carry[k] = back;
    gain[k] = scale / pivot;
    pass[k] = up[k] / pivot;
  });
  return { lanes, nodes, carry, gain, pass };
}

/**
 * Eliminates (I − κL) w = r for `killing` = 1/κ > 0, or (E − L) w = E r with E = diag(killing + extra). The averages
 * preserve constants to the last bit and are accurate relative to max|r| for every κ up to 1e300.
 */
export function eliminateResolvent(
  rates: LineRates,
  killing: number,
  options: {
    readonly order?: EliminationOrder;
    /** Added to the killing row by row, ≥ 0. */
    readonly extra?: Float64Array | null;
    /** Where the factors go; default new arrays. They may take the place of the rates. */
    readonly into?: { readonly share: Float64Array; readonly killed: Float64Array };
  } = {},
): ResolventFactors {
  const { lanes, nodes } = rates;
  const fresh = () => new Float64Array(lanes * nodes);
  const { order = 'upward', extra = null, into: { share, killed } = { share: fresh(), killed: fresh() } } = options;
  eliminate(rates, { killing, extra, order }, (k, { excess, pivot }) => {
    share[k] = (extra === null ? killing : killing + extra[k]) / excess;
    killed[k] = excess / pivot;
  });
  return { lanes, nodes, share, killed };
}

interface Row {
  /** Rate to the row before over the pivot there. */
  back: number;
  /** e'_j, the killing of row j and of what was eliminated before it. */
  excess: number;
  /** e'_j + rate to the row after. */
  pivot: number;
}

/** Visits every entry after its elimination; a visitor may overwrite the rates of that entry. */
function eliminate(
  { lanes, nodes, up, down }: LineRates,
  { killing, extra, order }: { killing: number; extra: Float64Array | null; order: EliminationOrder },
  visit: (k: number, row: Row) => void,
): void {
  const [towardsBefore, towardsAfter] = order === 'upward' ? [down, up] : [up, down];
  const excesses = new Float64Array(lanes);
  const pivots = new Float64Array(lanes).fill(1);
  const row: Row = { back: 0, excess: 0, pivot: 1 };
  for (let count = 0; count < nodes; count++) {
    const start = (order === 'upward' ? count : nodes - 1 - count) * lanes;
    for (let lane = 0; lane < lanes; lane++) {
      const k = start + lane;
      row.back = towardsBefore[k] / pivots[lane];
      row.excess = killing + (extra === null ? 0 : extra[k]) + row.back * excesses[lane];
      row.pivot = row.excess + towardsAfter[k];
      excesses[lane] = row.excess;
      pivots[lane] = row.pivot;
      visit(k, row);
    }
  }
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

/** out = (I − κL)⁻¹ right for factors of the upward elimination; `out` may be `right`. Does not allocate. */
export function applyResolvent(out: Float64Array, factors: ResolventFactors, right: Float64Array): void {
  const { lanes, nodes, share, killed } = factors;
  for (let i = 0; i < lanes; i++) out[i] = right[i];
  for (let k = lanes; k < lanes * nodes; k++) out[k] = out[k - lanes] + share[k] * (right[k] - out[k - lanes]);
  for (let k = (nodes - 1) * lanes - 1; k >= 0; k--) out[k] = out[k + lanes] + killed[k] * (out[k] - out[k + lanes]);
}
