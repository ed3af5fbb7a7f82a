/** All ±p, and 0. */
export function signPatterns(differences: readonly number[]): number[][] {
  if (differences.every((p) => p === 0)) return [differences.map(() => 0)];
  const signed = differences.reduce<number[][]>(
    (all, p) =>
      all.flatMap((row) => [
        [...row, p],
        [...row, -p],
      ]),
    [[]],
  );
  return [differences.map(() => 0), ...signed];
}
