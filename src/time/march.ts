/** Running a one-step method over many steps: outcomes, cancellation, progress. Nothing ends silently. */

import type { Breakdown, Kernel, LoadedProgram } from '../kernel/kernel.ts';
import { paceOf } from '../kernel/pace.ts';
import type { Checkpoint, Keeper, Snapshot } from './checkpoint.ts';

/** How a solve ended. */
export type Outcome =
  | { readonly status: 'converged' }
  | {
      readonly status: 'stalled';
      /** The residual that is left, or the width of the enclosure. */
      readonly residual: number;
      readonly advice: string;
    }
  | {
      readonly status: 'diverged';
      /** Coordinates of the first node without a finite value. */
      readonly node: readonly number[];
      /** The step after which it was found. */
      readonly step: number;
      readonly advice: string;
    }
  | {
      readonly status: 'cancelled';
      /** Steps done, of how many; and the time to go that they reach, where the values are. */
      readonly step: number;
      readonly steps: number;
      readonly tau: number;
    };

/** What the outside world lends to a solve; all optional. */
export interface Run {
  /** Where the hot loops run; default: WebAssembly on one thread. */
  readonly kernel?: Kernel;
  /** Ends a solve early with the outcome 'cancelled'; calls without an outcome reject. */
  readonly signal?: AbortSignal;
  /** Called with the fraction done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /**
   * Seconds from any origin. With it a solve lets the event loop go on about every 8 ms, or after the step that takes
   * longer; without it after a number of node updates, and `seconds` of a solution is 0. Values do not depend on it.
   */
  readonly clock?: () => number;
}

/** A run of a solve that marches in time, whose state may be kept. */
export interface MarchRun extends Run {
  /**
   * Keeps the state now and then, and where the run is cancelled; a solve begins from the state that is there. What is
   * found does not depend on the stops, bit for bit, whatever the threads; `seconds` are those of the last run. Refused
   * with a graphics card.
   */
  readonly checkpoint?: Checkpoint;
  /**
   * Called with each of the `snapshots` of the options as soon as it is there, the last at τ = T; never without them. A
   * solve that is repeated because V was steeper than its steps allow calls with τ from the start again.
   */
  readonly onSnapshot?: (snapshot: Snapshot) => void;
}

/** Node updates of a block where no clock is lent: up to 8 ms. */
const UPDATES_PER_BLOCK = 5e5;

export type MarchEnd =
  | { readonly status: 'converged' }
  | { readonly status: 'cancelled'; readonly step: number }
  | ({ readonly status: 'diverged' } & Breakdown);

/** A march that stops on the way to keep values. */
export interface Stops {
  /** Whole numbers of steps, the last one that of all. */
  readonly stops: readonly number[];
  /** Called after each of them. */
  readonly reached: (step: number) => Promise<void>;
  /** Steps done before; default 0. */
  readonly from?: number;
  readonly keeper?: Keeper;
  /** Whether a cancel inside a step leaves the state before it; default true. */
  readonly cancelInside?: boolean;
}

/**
 * Takes the steps of a loaded program, `updates` nodes each. Stops at the first step after which a value is not finite,
 * or when cancelled.
 */
export async function march(
  program: LoadedProgram,
  updates: number,
  { stops, reached, from = 0, keeper, cancelInside = true }: Stops,
  run: Pick<Run, 'signal' | 'progress' | 'clock'>,
): Promise<MarchEnd> {
  const pace = paceOf(run.clock, UPDATES_PER_BLOCK / updates);
  const { stepsAtOnce = 1 } = program;
  const steps = stops[stops.length - 1];
  const signal = cancelInside ? run.signal : undefined;
  let done = from;
  for (const stop of stops) {
    while (done < stop) {
      if (run.signal?.aborted === true) return cancelledAt(done, keeper);
      const count = Math.min(Math.max(pace.steps, stepsAtOnce), stop - done);
      const early = await program.advance(count, signal);
      if (early !== null)
        return 'step' in early ? { status: 'diverged', ...early } : cancelledAt(early.interrupted, keeper);
      done += count;
      run.progress?.(done / steps);
      await pace.taken(count);
      if (done === stop) await reached(stop);
      await keeper?.passed(done);
    }
  }
  return { status: 'converged' };
}

async function cancelledAt(step: number, keeper: Keeper | undefined): Promise<MarchEnd> {
  await keeper?.cancelled(step);
  return { status: 'cancelled', step };
}

/** Whole numbers of steps at which a march is interrupted, the last one at its end. */
export function stopsOf(steps: number, snapshots: number): number[] {
  const count = Math.min(steps, Math.max(1, snapshots));
  return Array.from({ length: count }, (_, k) => Math.round((steps * (k + 1)) / count));
}

/** The number of equal steps on [0, T] no longer than `longest`; at least 1. */
export function stepsFor(horizon: number, longest: number): number {
  // A hair of slack keeps T/dt = 400.0000000001 from costing an extra step.
  return Math.max(1, Math.ceil((horizon / longest) * (1 - 1e-12)));
}
