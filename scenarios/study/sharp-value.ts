/**
 * The sharp value beside that of a monotone scheme: the same equation on the same nodes by the scheme `filtered`, of
 * order 2 where the value is smooth. Certificates and enclosures stay with the monotone one.
 */
import { InputError } from '../../src/input/input-error.ts';
import { type Method, methodOf, monotoneOf } from '../../src/time/schemes.ts';

export const SHARP = 'filtered';

/** Node updates of one sharp value at most: about a minute of one core. */
export const MOST_UPDATES = 2e9;

/** The method of the sharp value; null where the method at hand is not monotone. */
export function sharpMethod(method: Method): Method | null {
  const isMonotone = ['always', 'under-cfl'].includes(monotoneOf(method));
  return isMonotone ? methodOf(method.equation, { scheme: SHARP }) : null;
}

/** A sharp solve, or why there is none. */
export type Sharp<Solution> =
  | { readonly kind: 'found'; readonly solution: Solution }
  | { readonly kind: 'left out'; readonly reason: string };

/** What `solve` finds, unless its steps on so many nodes exceed MOST_UPDATES or it is refused, as where memory ends. */
export async function solvedSharply<Solution>(
  nodes: number,
  steps: () => number,
  solve: () => Promise<Solution>,
): Promise<Sharp<Solution>> {
  try {
    const updates = nodes * steps();
    return updates > MOST_UPDATES
      ? { kind: 'left out', reason: tooDear(updates) }
      : { kind: 'found', solution: await solve() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'left out', reason: `${error.fact}; ${error.cause}` };
  }
}

function tooDear(updates: number): string {
  const shown = (count: number) => count.toExponential(1).replace('.0', '').replace('e+', 'e');
  const most = `${shown(MOST_UPDATES)}, about a minute of one core`;
  return `it takes ${shown(updates)} updates of nodes, more than ${most}; --scheme ${SHARP} makes them`;
}
