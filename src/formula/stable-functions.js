/**
 * Functions of losses, written so that nothing overflows or cancels on the way. Plain JavaScript, because worker
 * threads call them too.
 */

/** Beyond, log(cosh a) is |a| − log 2 to 2^-58 of its size. */
const COSH_IS_EXP = 20;

/**
 * 1/(1 + e^−a), the slope of softplus.
 * @param {number} a
 * @returns {number}
 */
export function sigmoid(a) {
  return 1 / (1 + Math.exp(-a));
}

/**
 * log(1 + e^a).
 * @param {number} a
 * @returns {number}
 */
export function softplus(a) {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}

/**
 * log(cosh a) = log(1 + 2 sinh²(a/2)).
 * @param {number} a
 * @returns {number}
 */
export function logcosh(a) {
  const size = Math.abs(a);
  if (size > COSH_IS_EXP) return size - Math.LN2;
  const half = Math.sinh(size / 2);
  return Math.log1p(2 * half * half);
}

/**
 * a²/2 where |a| ≤ d, d(|a| − d/2) beyond (Huber 1964): m(|a| − m/2) with m = min(|a|, d).
 * @param {number} a
 * @param {number} d
 * @returns {number}
 */
export function huber(a, d) {
  const size = Math.abs(a);
  const linear = Math.min(size, d);
  return linear * (size - linear / 2);
}
