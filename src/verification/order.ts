/** Observed orders of convergence and what may be concluded from them (docs/verdicts.md). */

/** The verdicts on a row, the best ones first. */
export const rowVerdicts = ['as claimed', 'better than claimed', 'pre-asymptotic', 'flat', 'round-off'] as const;

/**
 * Verdict on one row of a refinement study, from the order observed between it and the row before:
 *   as claimed           within 10 % of the claimed order;
 *   better than claimed  above it by more;
 *   pre-asymptotic       the error falls more slowly: refine further, or another error interferes;
 *   flat                 the error hardly falls or grows (order below a quarter of the claim): another one dominates;
 *   round-off            the error has reached the rounding of the values compared.
 */
export type Verdict = (typeof rowVerdicts)[number];

/** The verdicts on a series. */
export const seriesVerdicts = [...rowVerdicts, 'below the claim', 'no order claimed', 'not observed'] as const;

/**
 * Verdict on a whole series, from its rows: 'as claimed' where a row is, else 'better than claimed' where a row is; but
 *   below the claim   the last two orders are within 10 % of each other and lower than claimed: settled there;
 *   no order claimed  nothing to compare with;
 * without any of these the word of the last row that has one, and 'not observed' where none has.
 */
export type SeriesVerdict = (typeof seriesVerdicts)[number];

export const ORDER_TOLERANCE = 0.1;
const FLAT_FRACTION = 0.25;

/** log(e_{k−1}/e_k)/log(s_{k−1}/s_k) for consecutive rows; null in the first row and where an error is missing or 0. */
export function observedOrders(sizes: readonly number[], errors: readonly (number | null)[]): (number | null)[] {
  return errors.map((error, k) => {
    const previous = k === 0 ? null : errors[k - 1];
    if (error === null || previous === null || !(error > 0) || !(previous > 0)) return null;
    return Math.log(previous / error) / Math.log(sizes[k - 1] / sizes[k]);
  });
}

/** One verdict per row; null where no order was observed. `floor` is the size of rounding in the errors. */
export function verdicts(
  errors: readonly (number | null)[],
  orders: readonly (number | null)[],
  claim: { readonly order: number; readonly floor: number },
): (Verdict | null)[] {
  return orders.map((order, k) => {
    const error = errors[k];
    if (error !== null && error <= claim.floor) return 'round-off';
    if (order === null) return null;
    if (order > (1 + ORDER_TOLERANCE) * claim.order) return 'better than claimed';
    if (order >= (1 - ORDER_TOLERANCE) * claim.order) return 'as claimed';
    return order < FLAT_FRACTION * claim.order ? 'flat' : 'pre-asymptotic';
  });
}

/** The verdict on a series whose rows have these orders and marks, by its claimed order. */
export function seriesVerdict(
  orders: readonly (number | null)[],
  marks: readonly (string | null)[],
  claimed: number,
): SeriesVerdict {
  if (!Number.isFinite(claimed) || claimed === 0) return 'no order claimed';
  const known = marks.flatMap((mark, k) => (isVerdict(mark) ? [{ mark, order: orders[k] }] : []));
  const [before, last] = known.slice(-2);
  if (last?.mark === 'pre-asymptotic' && before.mark === last.mark && before.order !== null && last.order !== null) {
    if (Math.abs(before.order - last.order) <= ORDER_TOLERANCE * last.order) return 'below the claim';
  }
  const reached = rowVerdicts.slice(0, 2).find((word) => known.some(({ mark }) => mark === word));
  return reached ?? known.at(-1)?.mark ?? 'not observed';
}

function isVerdict(mark: string | null): mark is Verdict {
  return rowVerdicts.some((word) => word === mark);
}

/** Rows that stand for the order of a series: those as claimed, where there are none those better than claimed. */
export function asymptoticRows(marks: readonly (string | null)[]): boolean[] {
  const reached = rowVerdicts.slice(0, 2).find((word) => marks.some((mark) => mark === word));
  // A verdict judges a row and the one before it.
  return marks.map((mark, k) => reached !== undefined && (mark === reached || marks[k + 1] === reached));
}

/** Least-squares slope of log error against log size over the asymptotic rows; null where there are none. */
export function overallOrder(
  sizes: readonly number[],
  errors: readonly (number | null)[],
  marks: readonly (string | null)[],
): number | null {
  const used = asymptoticRows(marks);
  const points = errors.flatMap((error, k) =>
    used[k] && error !== null ? [[Math.log(sizes[k]), Math.log(error)] as const] : [],
  );
  if (points.length < 2) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Safety factor of the grid convergence index for a study with orders observed (Roache 1994). */
const SAFETY = 1.25;

/**
 * Richardson extrapolation from the two finest of `levels` (coarse to fine, ratio r > 1 between spacings, order p):
 * value = fine + (fine − coarse)/(r^p − 1). The error bound of the finest value is the grid convergence index, with
 * the larger of the last difference and, given a third level, the one before it reduced by r^p: two levels may agree
 * by chance.
 */
export function richardson(
  levels: readonly number[],
  claim: { readonly ratio: number; readonly order: number },
): { readonly value: number; readonly error: number } {
  const factor = claim.ratio ** claim.order;
  const [coarsest, coarse, fine] = [levels.at(-3), levels[levels.length - 2], levels[levels.length - 1]];
  const last = Math.abs(fine - coarse);
  const before = coarsest === undefined ? 0 : Math.abs(coarse - coarsest) / factor;
  return { value: fine + (fine - coarse) / (factor - 1), error: (SAFETY * Math.max(last, before)) / (factor - 1) };
}

/**
 * The interval that holds every V = E f(X_T), and so every limit of grids: [inf f, sup f] where ℓ = 0. Infinite ends
 * hold anything.
 */
export interface ValueRange {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Richardson extrapolation that stays where values can be: the extrapolated value moved to the nearest end of the
 * range it has left. The move brings it nearer to every value in the range; the error bound, of the finest value, is
 * as before.
 */
export function richardsonWithin(
  levels: readonly number[],
  claim: { readonly ratio: number; readonly order: number },
  { lower, upper }: ValueRange,
): ReturnType<typeof richardson> {
  const { value, error } = richardson(levels, claim);
  return { value: Math.min(Math.max(value, lower), upper), error };
}

/** What the differences between consecutive levels say about the error of a level. */
export interface LevelEstimate {
  /** |V_k − V_{k−1}|/(r^p − 1), the leading error of level k if the order is p. */
  readonly estimate: number;
  /** The grid convergence index: 1.25 times the estimate, or that of the level before reduced by r^p if larger. */
  readonly bound: number;
}

/**
 * Richardson's estimate of the error of every level, in any norm, from `changes`_k = ‖V_k − V_{k−1}‖ between levels of
 * sizes s_k (Roache 1994); null for the first level and where a change is missing.
 */
export function levelEstimates(
  sizes: readonly number[],
  changes: readonly (number | null)[],
  order: number,
): (LevelEstimate | null)[] {
  const factors = sizes.map((size, k) => (k === 0 ? Number.NaN : (sizes[k - 1] / size) ** order));
  const estimates = changes.map((change, k) => (k === 0 || change === null ? null : change / (factors[k] - 1)));
  return estimates.map((estimate, k) => {
    if (estimate === null) return null;
    const before = estimates[k - 1] ?? 0;
    return { estimate, bound: SAFETY * Math.max(estimate, before / factors[k]) };
  });
}
