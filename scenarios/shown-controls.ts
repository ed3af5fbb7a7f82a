/** What the minimum over U leaves open, one row of facts; none where it is exact. */
export function shownControls(error: number): [string, string][] {
  if (error === 0) return [];
  if (error === Infinity) return [['controls', 'U sampled, error unknown (no minimum is known for these φ, ℓ)']];
  return [['controls', `minimised node by node, error at most ${Number(error.toPrecision(2))} per time`]];
}
