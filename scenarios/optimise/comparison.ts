import type { Interval } from '../../src/model/problem.ts';
import type { OptimiserName } from '../../src/optimiser/optimiser.ts';
import type { RateName } from './experiment.ts';

/** A mean over runs with its standard error (0 of a single run). */
export interface Mean {
  readonly mean: number;
  readonly standardError: number;
}

/** A share of runs with its interval of 95 % confidence (Wilson 1927), which is honest for 0 and 1 as well. */
interface Share {
  readonly name: string;
  readonly fraction: number;
  readonly lower: number;
  readonly upper: number;
}

/** Of the steps with (x−y)·p ≠ 0, over all runs. */
export interface LowestRate {
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

/** Where one run of one method ended. */
export interface RunEnd {
  /** 0, 1, …; runs of the same number start in the same point. */
  readonly run: number;
  readonly loss: number;
  /** Absent where the loss has more than three variables. */
  readonly x?: readonly number[];
  /** The further measures, in the order of MethodResult.measures. */
  readonly measures: readonly number[];
  /** The valley's name, "elsewhere", or null where no valleys are named. */
  readonly valley: string | null;
  /** The step at which it diverged, or null. */
  readonly divergedAt: number | null;
}

export interface MethodResult {
  readonly method: OptimiserName;
  readonly title: string;
  readonly formula: string;
  readonly evaluationsPerStep: number;
  /** Share of all runs that end in each valley, "elsewhere" last; none where no valleys are named. */
  readonly valleys: readonly Share[];
  /** Over the runs that did not diverge. */
  readonly finalLoss: Mean;
  readonly measures: readonly ({ readonly label: string } & Mean)[];
  /** Every measure less that of the last method in the same run: start and data are shared, so its error is smaller. */
  readonly differences: readonly Mean[];
  readonly diverged: number;
  /** The rate of the limit problem: its ends, and the share of its choices that were u₀; null at a fixed rate. */
  readonly lowestRate: LowestRate | null;
  /** Mean learning curve of the runs that did not diverge. */
  readonly curve: {
    readonly evaluations: readonly number[];
    readonly mean: readonly number[];
    readonly standardError: readonly number[];
  };
  readonly runs: readonly RunEnd[];
}

/** Several methods on one loss, from the same starts with the same number of gradient evaluations. */
export interface Comparison {
  readonly name: string;
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly unit: string;
  readonly evaluations: number;
  readonly seed: number;
  readonly seeds: number;
  readonly rate: RateName;
  readonly methods: readonly MethodResult[];
  readonly valleys: readonly { readonly name: string; readonly box: readonly Interval[] }[];
  /** The loss on a grid, for figures: n = 1 or 2 only. */
  readonly landscape: {
    readonly axes: readonly (readonly number[])[];
    /** The first axis fastest. */
    readonly loss: readonly number[];
  } | null;
}

/** Methods whose rate was the same at every step, so that their runs are those of a fixed rate. */
export function rateWarnings({ methods }: Pick<Comparison, 'methods'>): string[] {
  return methods.flatMap(({ title, lowestRate }) => {
    if (lowestRate === null || (lowestRate.share > 0 && lowestRate.share < 1)) return [];
    const { lower, upper, share } = lowestRate;
    const [taken, never] = share === 0 ? [upper, `u₀ = ${lower}`] : [lower, `u₁ = ${upper}`];
    return [`${title} never takes ${never} – with --rate limit it runs as with the fixed rate ${taken}`];
  });
}

/** The mean of numbers and its standard error s/√n; one number has none. */
export function meanOf(values: readonly number[]): Mean {
  const count = values.length;
  if (count === 0) return { mean: Number.NaN, standardError: Number.NaN };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, standardError: Number.NaN };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, standardError: Math.sqrt(variance / count) };
}

/** The normal quantile of 97.5 %. */
const Z = 1.959964;

/** `hits` of `count` runs as a share with its Wilson interval. */
export function shareOf(name: string, hits: number, count: number): Share {
  const fraction = hits / count;
  const spread = Z * Math.sqrt((fraction * (1 - fraction)) / count + (Z / (2 * count)) ** 2);
  const [centre, weight] = [fraction + (Z * Z) / (2 * count), 1 + (Z * Z) / count];
  return {
    name,
    fraction,
    lower: Math.max(0, (centre - spread) / weight),
    upper: Math.min(1, (centre + spread) / weight),
  };
}
