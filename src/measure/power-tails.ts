/** For a decay that goes on slowing down. */
const SAFETY = 1.1;
/** Where wells stand in the last half of the way to the end, the decay is measured this close to it. */
const NEAR = 0.9;

/**
 * A bound of |∫ g| beyond an end of an interval, where |g| falls like r^−s, r the distance from `centre`:
 * |g(end)|·r/(s − 1). The decay s is measured between r/2 and r, and is that between r/4 and r/2 if that is slower and
 * |g| falls there too; where it is 1 or less nothing is known, and the bound is ∞. Of exponential tails s is large, and
 * next to nothing is left.
 */
export function tailBeyond(g: (y: number) => number, end: number, centre: number): number {
  const at = (share: number) => Math.abs(g(centre + share * (end - centre)));
  const far = at(1);
  if (far === 0) return 0;
  const half = Math.log2(at(1 / 2) / far);
  const last = half > 1 ? half : Math.log(at(NEAR) / far) / -Math.log(NEAR);
  const before = Math.log2(at(1 / 4) / at(1 / 2));
  const decay = before > 1 ? Math.min(last, before) : last;
  return decay > 1 ? (SAFETY * far * Math.abs(end - centre)) / (decay - 1) : Infinity;
}
