import type { Stalled } from '../src/generator/frozen-generator.ts';
import type { Outcome } from '../src/time/march.ts';

/** How a solve of a frozen generator has ended. */
export function outcomeOf(stalled: Stalled | null): Outcome {
  return stalled === null ? { status: 'converged' } : { status: 'stalled', ...stalled };
}
