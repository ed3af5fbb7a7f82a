import { erf } from './error-function.js';
import { huber, logcosh, sigmoid, softplus } from './stable-functions.js';

/**
 * The functions a formula may call: real functions of one or two real numbers, NaN outside their domain.
 * sec, sech and sigmoid are here because the derivatives of tan, tanh and softplus need them.
 */
export const unaryFunctions: ReadonlyMap<string, (a: number) => number> = new Map([
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['sec', (a: number) => 1 / Math.cos(a)],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['sech', (a: number) => 1 / Math.cosh(a)],
  ['exp', Math.exp],
  ['log', Math.log],
  ['log10', Math.log10],
  ['sqrt', Math.sqrt],
  ['abs', Math.abs],
  ['sign', Math.sign],
  ['erf', erf],
  ['sigmoid', sigmoid],
  ['softplus', softplus],
  ['logcosh', logcosh],
]);

export const binaryFunctions: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['pow', Math.pow],
  ['atan2', Math.atan2],
  ['min', (a: number, b: number) => Math.min(a, b)],
  ['max', (a: number, b: number) => Math.max(a, b)],
  ['huber', huber],
]);

/** Comparisons, which stand in where(…) alone: 1 where they hold, else 0, NaN where a side has no value. */
export const comparisons: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['<', (a: number, b: number) => decided(a < b, a, b)],
  ['<=', (a: number, b: number) => decided(a <= b, a, b)],
  ['>', (a: number, b: number) => decided(a > b, a, b)],
  ['>=', (a: number, b: number) => decided(a >= b, a, b)],
]);

/** where(condition, a, b): the other branch need not have a value. */
export function where(condition: number, a: number, b: number): number {
  return Number.isNaN(condition) ? condition : condition !== 0 ? a : b;
}

/** Functions that the parser writes with others. */
export const abbreviations = ['relu'] as const;

/** Every function that a formula may call. */
export const functionNames: readonly string[] = [
  ...unaryFunctions.keys(),
  ...binaryFunctions.keys(),
  ...abbreviations,
  'where',
];

function decided(holds: boolean, a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(holds);
}
