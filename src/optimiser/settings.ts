import { InputError } from '../input/input-error.ts';
import type { LearningRate } from './learning-rate.ts';

/** Where a setting makes sense, with the words that say so. */
export interface Range {
  readonly holds: (value: number) => boolean;
  readonly words: string;
}

export const positive: Range = { holds: (value) => value > 0 && value < Infinity, words: 'positive' };
export const natural: Range = { holds: (value) => value >= 0 && value < Infinity, words: 'at least 0' };
export const weight: Range = { holds: (value) => value > 0 && value <= 1, words: 'above 0 and at most 1' };
export const count: Range = {
  holds: (value) => Number.isSafeInteger(value) && value > 0,
  words: 'a whole number from 1 on',
};

/** Throws InputError for the first of `settings` that is not in its range. */
export function refuseOutside<Settings extends object>(
  title: string,
  settings: Settings,
  ranges: { readonly [Name in keyof Settings]?: Range },
): void {
  for (const name of Object.keys(ranges) as (keyof Settings & string)[]) {
    const [value, range] = [settings[name], ranges[name]];
    if (range === undefined || (typeof value === 'number' && range.holds(value))) continue;
    throw new InputError(`${title}: ${name} is ${value}`, `it must be ${range.words}`, 'give such a number');
  }
}

/** Throws InputError for a learning rate below 0 or an empty interval of rates. */
export function refuseRate(title: string, rate: LearningRate): void {
  if (rate.kind === 'fixed') refuseOutside(title, rate, { rate: natural });
  else {
    const above: Range = { holds: (value) => value >= rate.lower && value < Infinity, words: `at least ${rate.lower}` };
    refuseOutside(title, rate, { lower: natural, upper: above });
  }
}
