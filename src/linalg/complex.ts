/** Complex numbers as pairs of real and imaginary part. */

export type Complex = readonly [number, number];

export function plus([a, b]: Complex, [c, d]: Complex): Complex {
  return [a + c, b + d];
}

export function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c];
}

export function scaledBy(factor: number, [a, b]: Complex): Complex {
  return [factor * a, factor * b];
}

export function over(z: Complex, [c, d]: Complex): Complex {
  const size = Math.hypot(c, d);
  return scaledBy(1 / size, times(z, [c / size, -d / size]));
}

/** The root with a non-negative real part. */
export function squareRoot([a, b]: Complex): Complex {
  const size = Math.hypot(a, b);
  const real = Math.sqrt((size + Math.abs(a)) / 2);
  if (real === 0) return [0, 0];
  return a >= 0 ? [real, b / (2 * real)] : [Math.abs(b) / (2 * real), b < 0 ? -real : real];
}

/** e^z − 1, to full accuracy for small z. */
export function exponentialMinusOne([a, b]: Complex): Complex {
  const half = Math.sin(b / 2);
  return [Math.expm1(a) * Math.cos(b) - 2 * half * half, Math.exp(a) * Math.sin(b)];
}

/** log(1 + z), the principal value, to full accuracy for small z. */
export function logarithmOfOnePlus([a, b]: Complex): Complex {
  return [Math.log1p(2 * a + a * a + b * b) / 2, Math.atan2(b, 1 + a)];
}
