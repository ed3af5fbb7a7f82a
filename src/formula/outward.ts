/** Bounds of sums and of rounded results, rounded outwards without changing the rounding of the machine. */

const UNIT = 2 ** -53 * (1 + 2 ** -52);
const TINY = Number.MIN_VALUE;
const HUGE = Number.MAX_VALUE;

/** The next double above or the one after it (Rump, Zimmermann, Boldo, Melquiond 2009); never −∞. */
export function above(value: number): number {
  return value === Number.NEGATIVE_INFINITY ? -HUGE : value + (UNIT * Math.abs(value) + TINY);
}

/** The next double below or the one before it; never ∞. */
export function below(value: number): number {
  return value === Number.POSITIVE_INFINITY ? HUGE : value - (UNIT * Math.abs(value) + TINY);
}

/** At least so many units in the last place above; never −∞. */
export function wellAbove(value: number, units: number): number {
  return value === Number.NEGATIVE_INFINITY ? -HUGE : value + units * (2 ** -52 * Math.abs(value) + TINY);
}

/** At least so many units in the last place below; never ∞. */
export function wellBelow(value: number, units: number): number {
  return value === Number.POSITIVE_INFINITY ? HUGE : value - units * (2 ** -52 * Math.abs(value) + TINY);
}

/** Lower bound of a + b, exact where the sum is (Knuth 1969: what a sum of doubles loses is a double). */
export function sumBelow(a: number, b: number): number {
  const sum = a + b;
  const part = sum - a;
  return a - (sum - part) + (b - part) >= 0 ? sum : below(sum);
}

/** Upper bound of a + b, exact where the sum is. */
export function sumAbove(a: number, b: number): number {
  return -sumBelow(-a, -b);
}

/** Lower bound of a · b; of unbounded · 0 it is 0, as bounds are never reached. */
export function productBelow(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : below(a * b);
}

/** Upper bound of a · b. */
export function productAbove(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : above(a * b);
}

/** Lower bound of slope · (x − m) for slopes in [least, most] and x in [from, to], which contains m. */
export function leastChange(least: number, most: number, from: number, to: number, m: number): number {
  const rising = least < 0 && to > m ? below(least * sumAbove(to, -m)) : 0;
  const falling = most > 0 && from < m ? below(most * sumBelow(from, -m)) : 0;
  return Math.min(rising, falling);
}
