/** Means with their statistical errors, and fans: quantiles over time. Sums run in the order of the paths. */
import type { Ensemble } from './ensemble.ts';

/** E g, estimated: mean ± standard error, with the 95 % band of Student's law; one sample has neither. */
export interface MeanEstimate {
  readonly mean: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/** Half-width of the 95 % band of a normal law, in standard deviations. */
const NORMAL = 1.959963984540054;

/**
 * The same for the mean of `count` samples whose deviation is estimated: the 97.5 % quantile of Student's law with
 * count − 1 degrees of freedom, closed for 1 and 2, else by its expansion in 1/ν to 0.1 % (Abramowitz, Stegun 1964,
 * 26.7.5). ∞ for one sample.
 */
export function studentFactor(count: number): number {
  const nu = count - 1;
  if (nu < 1) return Infinity;
  if (nu === 1) return Math.tan(0.475 * Math.PI);
  if (nu === 2) return 0.95 / Math.sqrt(2 * 0.975 * 0.025);
  const z = NORMAL;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, k) => sum + term / nu ** (k + 1), z);
}

/** The mean of samples with its standard error s/√N (two passes, and sums of distances, so that nothing cancels). */
export function meanOf(samples: ArrayLike<number>): MeanEstimate {
  const count = samples.length;
  let sum = 0;
  for (let p = 0; p < count; p++) sum += samples[p] - samples[0];
  const mean = samples[0] + sum / count;
  let squares = 0;
  for (let p = 0; p < count; p++) squares += (samples[p] - mean) ** 2;
  const standardError = count > 1 ? Math.sqrt(squares / (count - 1) / count) : Number.POSITIVE_INFINITY;
  const reach = count > 1 ? studentFactor(count) * standardError : Infinity;
  return { mean, standardError, lower: mean - reach, upper: mean + reach };
}

/** E g(Z_t) over the states at record k, by default the last one. */
export function ensembleMean(
  ensemble: Ensemble,
  g: (state: Float64Array) => number,
  k = ensemble.states.length - 1,
): MeanEstimate {
  return meanOf(samplesOf(ensemble, g, k));
}

/** g(Z_t) path by path. */
export function samplesOf({ states, dimension, paths }: Ensemble, g: (state: Float64Array) => number, k: number) {
  return Float64Array.from({ length: paths }, (_, p) => g(states[k].subarray(p * dimension, (p + 1) * dimension)));
}

/** Quantiles of one component at every record: `values[l][k]` is the quantile of level `levels[l]` at `times[k]`. */
export interface Fan {
  readonly times: Float64Array;
  readonly levels: readonly number[];
  readonly values: readonly Float64Array[];
  readonly means: Float64Array;
  /** Of the means. */
  readonly standardErrors: Float64Array;
}

/** The fan of a component of the state, by default 5, 25, 50, 75 and 95 % (Hyndman, Fan 1996, type 7). */
export function fanOf(
  ensemble: Ensemble,
  component: number,
  levels: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95],
): Fan {
  const sorted = ensemble.states.map((_, k) => samplesOf(ensemble, (z) => z[component], k).sort());
  const means = ensemble.states.map((_, k) => ensembleMean(ensemble, (z) => z[component], k));
  return {
    times: ensemble.times,
    levels,
    values: levels.map((level) => Float64Array.from(sorted, (samples) => quantile(samples, level))),
    means: Float64Array.from(means, ({ mean }) => mean),
    standardErrors: Float64Array.from(means, ({ standardError }) => standardError),
  };
}

/** Linear between order statistics (Hyndman, Fan 1996, type 7). */
function quantile(sorted: Float64Array, level: number): number {
  const position = level * (sorted.length - 1);
  const k = Math.min(Math.floor(position), sorted.length - 2);
  return sorted.length === 1 ? sorted[0] : sorted[k] + (position - k) * (sorted[k + 1] - sorted[k]);
}
