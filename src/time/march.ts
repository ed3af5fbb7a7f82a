/** Running a one-step method over many steps: outcomes, cancellation, progress. Nothing ends silently. */

import type { Breakdown, Kernel, LoadedProgram } from '../kernel/kernel.ts';

/** How a solve ended. */
export type Outcome =
  | { readonly status: 'converged' }
  | { readonly status: 'stalled'; readonly residual: number; readonly advice: string }
  | {
      readonly status: 'diverged';
      /** Coordinates of the first node without a finite value. */
      readonly node: readonly number[];
      readonly step: number;
      readonly advice: string;
    }
  | { readonly status: 'cancelled' };

/** What the outside world lends to a solve; all optional. */
export interface Run {
  /** Where the hot loops run; default: WebAssembly on one thread. */
  readonly kernel?: Kernel;
  readonly signal?: AbortSignal;
  /** Called with the fraction done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /** Seconds from any origin; without it `seconds` of a solution is 0. */
  readonly clock?: () => number;
}

/** Node updates between two looks at the event loop. */
const UPDATES_PER_BLOCK = 8e6;

export type MarchEnd = { readonly status: 'converged' | 'cancelled' } | ({ readonly status: 'diverged' } & Breakdown);

/**
 * Takes `steps` steps of a loaded program, `updates` nodes each. Stops at the first step after which a value is not
 * finite, or when cancelled.
 */
export async function march(program: LoadedProgram, updates: number, steps: number, run: Run): Promise<MarchEnd> {
  const block = Math.max(1, Math.floor(UPDATES_PER_BLOCK / updates));
  for (let done = 0; done < steps; ) {
    const count = Math.min(block, steps - done);
    const breakdown = await program.advance(count);
    if (breakdown !== null) return { status: 'diverged', ...breakdown };
    done += count;
    run.progress?.(done / steps);
    await new Promise<void>((resume) => setTimeout(resume, 0));
    if (run.signal?.aborted === true) return { status: 'cancelled' };
  }
  return { status: 'converged' };
}

/** The number of equal steps on [0, T] no longer than `longest`; at least 1. */
export function stepsFor(horizon: number, longest: number): number {
  // A hair of slack keeps T/dt = 400.0000000001 from costing an extra step.
  return Math.max(1, Math.ceil((horizon / longest) * (1 - 1e-12)));
}
