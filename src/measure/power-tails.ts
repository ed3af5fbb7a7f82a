/** For a decay that goes on slowing down. */
const SAFETY = 1.1;
/** The part of the way to the end over which the decay there is measured. */
const NEAR = 1e-3;

/**
 * A bound of |∫ g| beyond an end of an interval, where |g| falls like r^−s, r the distance from `centre`:
 * |g(end)|·r/(s − 1). The decay s is measured at the end, and is that between r/2 and r or between r/4 and r/2 if |g|
 * falls there too, but more slowly; where it is 1 or less nothing is known, and the bound is ∞. Of exponential tails s
 * is large, and next to nothing is left.
 */
export function tailBeyond(g: (y: number) => number, end: number, centre: number): number {
  const at = (share: number) => Math.abs(g(centre + share * (end - centre)));
  const far = at(1);
  if (far === 0) return 0;
  const between = (a: number, b: number) => Math.log(at(a) / at(b)) / Math.log(b / a);
  const slower = [between(1 / 2, 1), between(1 / 4, 1 / 2)].filter((decay) => decay > 1);
  const last = between(1 - NEAR, 1);
  const decay = last > 1 ? Math.min(last, ...slower) : last;
  return decay > 1 ? (SAFETY * far * Math.abs(end - centre)) / (decay - 1) : Infinity;
}
