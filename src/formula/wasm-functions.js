/**
 * What a compiled formula calls, by name. Plain JavaScript, because worker threads import it. WebAssembly of V8 calls
 * the functions of Math directly when it is given these very functions.
 */
import { erf } from './error-function.js';
import { huber, logcosh, sigmoid, softplus } from './stable-functions.js';

/** @type {Readonly<Record<string, (a: number, b: number) => number>>} */
export const formulaFunctions = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sign: Math.sign,
  erf,
  sigmoid,
  softplus,
  logcosh,
  huber,
  pow: Math.pow,
  atan2: Math.atan2,
};

/**
 * The functions of a module of formulas (module.ts), on a shared memory.
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 * @returns {WebAssembly.Exports}
 */
export function formulasOf(module, memory) {
  return new WebAssembly.Instance(module, { env: { memory }, functions: formulaFunctions }).exports;
}
