/** What is known of the minimum over the controls, in words. */

/** Why nothing is known of the minimum over U. */
export const SAMPLED = 'U is sampled, since no exact minimum is known for this φ and ℓ';

/** What the minimum over U leaves, one row of facts; none where it is exact. */
export function controlFacts({ controlsError }: { readonly controlsError: number }): [string, string][] {
  if (controlsError === 0) return [];
  const known = `minimised to ${Number(controlsError.toPrecision(2))} in the value`;
  const isKnown = Number.isFinite(controlsError);
  return [['controls', isKnown ? known : 'U sampled, with an unknown error of the value']];
}
