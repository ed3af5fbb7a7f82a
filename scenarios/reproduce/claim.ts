/** A claim of the theory as a row: what was measured, with its error bar, beside what the theory expects. */

/** What the theory says of a figure; `tolerance` is for what the theory itself leaves open, such as higher orders. */
export type Expected =
  | { readonly kind: 'equal'; readonly value: number; readonly tolerance: number }
  | { readonly kind: 'above'; readonly value: number }
  | { readonly kind: 'below'; readonly value: number };

/** A figure with the half-width of the interval that holds the true one. */
export interface Figured {
  readonly figure: number;
  readonly error: number;
}

export interface Measurement extends Figured {
  /** 'Theorem 2'. */
  readonly claim: string;
  /** What it says, as a formula. */
  readonly statement: string;
  readonly model: string;
  /** What was measured. */
  readonly measured: string;
  readonly expected: Expected;
  /** An error bar wider than this decides nothing. */
  readonly resolution: number;
  /** The figures behind the row; null where it is one figure alone. */
  readonly series: Series | null;
}

/** Figures over a parameter, drawn with both axes logarithmic. */
export interface Series {
  readonly parameter: string;
  readonly quantity: string;
  readonly points: readonly SeriesPoint[];
  /** The power of the parameter that the theory expects; null where it names none. */
  readonly order: number | null;
}

export interface SeriesPoint extends Figured {
  readonly at: number;
}

/** agrees, differs: with what the theory expects, by the whole error bar; not decided: the bar is too wide to tell. */
type Verdict = 'agrees' | 'differs' | 'not decided';

export interface Claim extends Measurement {
  readonly verdict: Verdict;
}

/** The row with its verdict. */
export function judged(measurement: Measurement): Claim {
  return { ...measurement, verdict: verdictOf(measurement) };
}

/**
 * equal: |figure − value| ≤ tolerance + error;  above, below: the whole bar lies on that side. An error bar above the
 * resolution, or no number at all, decides nothing; a bar that lies on the other side decides against the claim.
 */
export function verdictOf({ figure, error, expected, resolution }: Omit<Measurement, 'claim'>): Verdict {
  if (!Number.isFinite(figure) || !(error <= resolution)) return 'not decided';
  if (expected.kind === 'equal')
    return Math.abs(figure - expected.value) <= expected.tolerance + error ? 'agrees' : 'differs';
  const distance = expected.kind === 'above' ? figure - expected.value : expected.value - figure;
  if (distance > error) return 'agrees';
  return distance < -error ? 'differs' : 'not decided';
}

/** The power p in figure ∝ parameterᵖ between two points; the error bar from those of both. */
export function powerBetween(coarse: SeriesPoint, fine: SeriesPoint): Figured {
  const span = Math.log(coarse.at / fine.at);
  const relative = Math.hypot(coarse.error / coarse.figure, fine.error / fine.figure);
  return { figure: Math.log(coarse.figure / fine.figure) / span, error: Math.abs(relative / span) };
}
