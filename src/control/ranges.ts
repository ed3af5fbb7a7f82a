/** Ranges of differences of V, from which it follows which controls can be minimisers. */

/** The least and the largest difference V_{i±1} − V_i along an axis. */
export type Range = readonly [least: number, most: number];

/** This part of the steepest difference counts as beyond a range. */
const MUCH = 0.01;

/** Whether a range found leads beyond another one. */
export function exceeds([low, high]: Range, [least, most]: Range): boolean {
  const much = MUCH * Math.max(Math.abs(least), Math.abs(most));
  return low < least - much || high > most + much;
}

export function hull([a, b]: Range, [c, d]: Range): Range {
  return [Math.min(a, c), Math.max(b, d)];
}

/** The largest |difference|. */
export function steepestOf([least, most]: Range): number {
  return Math.max(Math.abs(least), Math.abs(most));
}

/** The corners of the ranges, and 0 where all of them hold it. */
export function signPatterns(differences: readonly Range[]): number[][] {
  const corners = differences.reduce<number[][]>(
    (all, [least, most]) => all.flatMap((row) => (least === most ? [least] : [most, least]).map((p) => [...row, p])),
    [[]],
  );
  const holdsZero = differences.every(([least, most]) => least <= 0 && most >= 0);
  const isZero = corners.length === 1 && corners[0].every((p) => p === 0);
  return holdsZero && !isZero ? [differences.map(() => 0), ...corners] : corners;
}
