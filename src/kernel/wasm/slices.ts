/**
 * Steps that take long on the calling thread, cut into blocks of lanes with a look at the event loop after each: a page
 * goes on drawing, and a cancel is obeyed inside a step. Blocks are those of threads, so that no bit depends on them.
 */
import type { Breakdown, Interrupted } from '../kernel.ts';
import { nextTask } from '../next-task.ts';
import type { CallGroup } from './calls.ts';
import { runGroup } from './steps.js';

/** What is run: a job of all lanes, as in steps.js. */
type Job = Parameters<typeof runGroup>[1];
type Loops = Parameters<typeof runGroup>[0];

/** Node updates of a block, 4 to 12 ms, and of a step that is cut; narrower blocks load rows in too small pieces. */
const BLOCK = 1.5e6;
const LONG = 2e6;

/** Whether a step of this job is worth cutting. */
export function isLong({ groups, lanes }: Job): boolean {
  return groups.reduce((sum, group) => sum + lanes * costOf(group), 0) >= LONG;
}

/** Takes steps as `runSteps` does on one thread; cancelled inside a step, the value is the one before it. */
export async function runSliced(
  loops: Loops,
  job: Job,
  { done, steps, signal }: { readonly done: number; readonly steps: number; readonly signal?: AbortSignal },
): Promise<Breakdown | Interrupted | null> {
  const { addresses, value, next, lanes, watched } = job;
  let updates = 0;
  for (let step = done + 1; step <= done + steps; step++) {
    for (const group of job.groups) {
      for (const [first, last] of blocksOf(lanes, group)) {
        runGroup(loops, { ...job, first, last }, group);
        updates += (last - first) * costOf(group);
        if (updates < BLOCK) continue;
        updates = 0;
        await nextTask();
        if (signal?.aborted === true) return { interrupted: step - 1 };
      }
    }
    [addresses[value], addresses[next]] = [addresses[next], addresses[value]];
    if (loops.finite(addresses[value], lanes, watched, 0, lanes) === 0) return { step };
  }
  return null;
}

/** Updates per lane: an unsplit solve multiplies by a row of factors at every node. */
function costOf(group: CallGroup): number {
  const updates = group.calls.map(({ kind, rows, lineNodes }) => (kind === 'solve-plane' ? rows * lineNodes : rows));
  return updates.reduce((sum, count) => sum + count);
}

/** Blocks of whole cache lines. */
function blocksOf(lanes: number, group: CallGroup): [first: number, last: number][] {
  const width = 8 * Math.max(1, Math.floor(BLOCK / costOf(group) / 8));
  return Array.from({ length: Math.ceil(lanes / width) }, (_, b) => [b * width, Math.min(lanes, (b + 1) * width)]);
}
