/**
 * Who finds the pieces of a work. Whatever the executor, a process takes pieces that nobody has (take-pieces.ts) and
 * keeps them in the same results, so that executors may be mixed, and the values are those of a single process.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Piece, Results } from './piece.ts';
import type { Taking } from './take-pieces.ts';

/** Processes that take pieces beside this one. */
export interface Crew {
  /** Resolves when none of them works any more, whatever the reason. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

/** Milliseconds between two looks at what a crew has found. */
const LOOK = 150;

/** Waits while a crew works on the pieces. What it leaves, if it was stopped, is not found. Throws AbortError. */
export async function watchCrew(
  pieces: readonly Piece[],
  results: Pick<Results, 'has'>,
  crew: Crew,
  { signal, progress }: Pick<Taking, 'signal' | 'progress'>,
): Promise<void> {
  let hasEnded = false;
  const ended = crew.ended.then(() => {
    hasEnded = true;
  });
  const look = watchOf(pieces, results);
  try {
    while (!hasEnded) {
      if (signal?.aborted === true) throw new DOMException('the work was cancelled', 'AbortError');
      const { fraction, found } = look();
      progress?.(`${found} of ${pieces.length} pieces`, fraction);
      await Promise.race([ended, delay(LOOK)]);
    }
  } finally {
    crew.stop();
  }
}

/** How much of the work is found, looking only at what was not found before. */
export function watchOf(pieces: readonly Piece[], results: Pick<Results, 'has'>) {
  const total = pieces.reduce((sum, { cost }) => sum + cost, 0);
  let open = pieces;
  return () => {
    open = open.filter(({ key }) => !results.has(key));
    const left = open.reduce((sum, { cost }) => sum + cost, 0);
    return { found: pieces.length - open.length, fraction: total > 0 ? 1 - left / total : 1 };
  };
}
