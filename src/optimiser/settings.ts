import { notNegative, type Range, requireWithin } from '../input/require.ts';
import type { LearningRate } from './learning-rate.ts';

/** Throws InputError for the first of `settings` that is not in its range. */
export function refuseOutside<Settings extends object>(
  title: string,
  settings: Settings,
  ranges: { readonly [Name in keyof Settings]?: Range },
): void {
  for (const name of Object.keys(ranges) as (keyof Settings & string)[]) {
    const range = ranges[name];
    if (range === undefined) continue;
    requireWithin(settings[name], range, { name: `${title}: ${name}`, use: `it must be ${range.words}` });
  }
}

/** Throws InputError for a learning rate below 0 or an empty interval of rates. */
export function refuseRate(title: string, rate: LearningRate): void {
  if (rate.kind === 'fixed') refuseOutside(title, rate, { rate: notNegative });
  else {
    const above: Range = { holds: (value) => value >= rate.lower && value < Infinity, words: `at least ${rate.lower}` };
    refuseOutside(title, rate, { lower: notNegative, upper: above });
  }
}
