/** What is known of the minimum over the controls, in words. */

/** Why nothing is known of the minimum over U. */
export const SAMPLED = 'U is sampled, since no exact minimum is known for this φ and ℓ';

/** What the minimum over U leaves; null where it is exact. */
export function shownControlsError({ controlsError }: { readonly controlsError: number }): string | null {
  if (controlsError === 0) return null;
  const known = `minimised to ${Number(controlsError.toPrecision(2))} in the value`;
  return Number.isFinite(controlsError) ? known : 'U sampled, with an unknown error of the value';
}
