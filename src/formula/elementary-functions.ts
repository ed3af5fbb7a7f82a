import { erf } from './error-function.js';

/**
 * The functions a formula may call: real functions of one or two real numbers, NaN outside their domain.
 * sec and sech are here because the derivatives of tan and tanh need them.
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
  ['sqrt', Math.sqrt],
  ['abs', Math.abs],
  ['sign', Math.sign],
  ['erf', erf],
]);

export const binaryFunctions: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['pow', Math.pow],
  ['atan2', Math.atan2],
  ['min', (a: number, b: number) => Math.min(a, b)],
  ['max', (a: number, b: number) => Math.max(a, b)],
]);
