/** A march that stops on the way to keep values. */
import type { LoadedProgram } from '../../src/kernel/kernel.ts';
import { type MarchEnd, march, type Run } from '../../src/time/march.ts';

/** Whole numbers of steps at which a march is interrupted, the last one at its end. */
export function stops(steps: number, snapshots: number): number[] {
  const count = Math.min(steps, Math.max(1, snapshots));
  return Array.from({ length: count }, (_, k) => Math.round((steps * (k + 1)) / count));
}

/** A march in pieces; `reached` is called after each of them that ended well. */
export async function marchThrough(
  loaded: LoadedProgram,
  updates: number,
  stops: readonly number[],
  run: Run & { readonly reached: (step: number) => Promise<void> },
): Promise<MarchEnd> {
  const steps = stops[stops.length - 1];
  let done = 0;
  for (const stop of stops) {
    const [from, share] = [done / steps, (stop - done) / steps];
    const progress = (fraction: number) => run.progress?.(from + share * fraction);
    const end = await march(loaded, updates, stop - done, { ...run, progress });
    if (end.status !== 'converged') return end;
    done = stop;
    await run.reached(stop);
  }
  return { status: 'converged' };
}
