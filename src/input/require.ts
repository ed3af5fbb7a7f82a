/** What an option must be: each check throws InputError with the fact, its cause and the remedy. */
import { InputError, type Subject } from './input-error.ts';
import { nearestName } from './nearest-name.ts';

/** An option: how it is called, what it is for, and the part of a problem that it stands in. */
export interface Option {
  /** 'ε' or 'options.epsilon'. */
  readonly name: string;
  /** 'the time scale of y is divided by it'. */
  readonly use: string;
  readonly subject?: Subject;
}

/** Numbers that an option may take, with the words that name them: it must be … */
export interface Range {
  readonly holds: (value: number) => boolean;
  readonly words: string;
}

export const positive: Range = { holds: (value) => value > 0 && value < Infinity, words: 'positive' };
export const notNegative: Range = { holds: (value) => value >= 0 && value < Infinity, words: 'at least 0' };
export const weight: Range = { holds: (value) => value > 0 && value <= 1, words: 'above 0 and at most 1' };
export const count = countFrom(1);

function countFrom(least: number): Range {
  const holds = (value: number) => Number.isSafeInteger(value) && value >= least;
  return { holds, words: `a whole number from ${least} on` };
}

/** A number in a range. */
export function requireWithin(
  value: unknown,
  { holds }: Range,
  { name, use, subject }: Option,
  remedy = 'give such a number',
): void {
  if (typeof value === 'number' && holds(value)) return;
  throw new InputError(`${name} is ${shown(value)}`, use, remedy, subject);
}

export function requirePositive(value: unknown, option: Option): void {
  requireWithin(value, positive, option, 'give a positive finite number');
}

export function requireNotNegative(value: unknown, option: Option): void {
  requireWithin(value, notNegative, option, 'give a finite number that is not negative');
}

/** A whole number from `least` on. */
export function requireCount(value: unknown, least: number, option: Option): void {
  requireWithin(value, countFrom(least), option, `give a whole number, ${least} or more`);
}

/** One of a list of names. */
export function requireName(value: unknown, known: readonly string[], { name, use, subject }: Option): void {
  if (typeof value === 'string' && known.includes(value)) return;
  const near = typeof value === 'string' ? nearestName(value, known) : undefined;
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw new InputError(`${name} is ${shown(value)}`, use, `take one of ${known.join(', ')}${hint}`, subject);
}

/** A point with `length` finite coordinates. */
export function requirePoint(value: unknown, length: number, { name, use, subject }: Option): void {
  const point = isList(value) ? Array.from(value) : null;
  if (point?.length === length && point.every((each) => Number.isFinite(each))) return;
  const remedy = `give ${length} finite number${length === 1 ? '' : 's'} in an array`;
  throw new InputError(`${name} is ${shown(value)}`, use, remedy, subject);
}

export function requireFunction(value: unknown, { name, use, subject }: Option): void {
  if (typeof value === 'function') return;
  throw new InputError(`${name} is ${shown(value)}`, use, 'give a function, or one made by formula(…)', subject);
}

/** An interval of positive length with finite ends. */
export function requireInterval(value: unknown, { name, use, subject }: Option): void {
  const { lower, upper } = (value ?? {}) as { readonly lower?: unknown; readonly upper?: unknown };
  const isOne = typeof lower === 'number' && typeof upper === 'number' && lower < upper;
  if (isOne && Number.isFinite(lower) && Number.isFinite(upper)) return;
  throw new InputError(`${name} is [${shown(lower)}, ${shown(upper)}]`, use, 'give finite lower < upper', subject);
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** As it stands in a message. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (isList(value)) return `[${Array.from(value).slice(0, 6).join(', ')}]`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
