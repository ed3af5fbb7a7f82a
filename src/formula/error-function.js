/** Beyond 5.93 the complement is below half a unit in the last place of 1. */
const erfIsOne = 5.93;

/** Below: series with positive terms only; above: continued fraction of the complement, 60 levels at 2. */
const seriesReach = 2;

/**
 * erf(a) = 2/√π ∫₀ᵃ exp(−s²) ds, to a few units in the last place.
 * Series 2/√π e^(−a²) Σ 2^k a^(2k+1)/(2k+1)!! and Laplace's continued fraction
 * (Abramowitz, Stegun 1964, 7.1.6 and 7.1.14). Plain JavaScript, because worker threads call it too.
 * @param {number} a
 * @returns {number}
 */
export function erf(a) {
  if (Number.isNaN(a)) return Number.NaN;
  const size = Math.abs(a);
  if (size >= erfIsOne) return Math.sign(a);
  const density = (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size);
  if (size < seriesReach) {
    let term = size;
    let sum = size;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (2 * size * size) / (2 * k + 1);
      sum += term;
    }
    return Math.sign(a) * density * sum;
  }
  let tail = size;
  for (let k = 60; k >= 1; k--) tail = size + k / 2 / tail;
  return Math.sign(a) * (1 - density / (2 * tail));
}
