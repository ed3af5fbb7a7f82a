/**
 * Where a long run is cut to let the event loop go on: by the clock that is lent, so that a page keeps drawing 60
 * pictures a second and a cancel is obeyed; without one after a number of steps. What is computed does not depend on
 * the cuts.
 */
import { nextTask } from './next-task.ts';

/** Seconds a block is made for, half of 1/60; the event loop is looked at when half of them have passed. */
const BLOCK = 8e-3;
/** A block is at most so many times longer than the one before, whose cost is all that is known. */
const GROWTH = 4;

/** How a run is cut. */
export interface Pace {
  /** Steps to take before the next call of `taken`, at least 1. */
  readonly steps: number;
  /** After so many steps: waits for the event loop where it is time. */
  taken(steps: number): Promise<void>;
}

/** The pace of a run by a clock in seconds, from one step on; without one in blocks of `unclocked` steps. */
export function paceOf(clock: (() => number) | undefined, unclocked: number): Pace {
  const block = Math.max(1, Math.floor(unclocked));
  let [steps, sinceWait] = [clock === undefined ? block : 1, 0];
  let before = clock?.() ?? 0;
  let waited = before;
  return {
    get steps() {
      return steps;
    },
    async taken(count) {
      const now = clock?.() ?? 0;
      sinceWait += count;
      if (clock !== undefined) {
        const fitting = Math.floor((count * BLOCK) / Math.max(now - before, Number.MIN_VALUE));
        steps = Math.max(1, Math.min(fitting, GROWTH * count));
      }
      before = now;
      if (clock === undefined ? sinceWait < block : now - waited < BLOCK / 2) return;
      await nextTask();
      sinceWait = 0;
      before = clock?.() ?? 0;
      waited = before;
    },
  };
}
