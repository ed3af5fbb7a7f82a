/** Running a one-step method over many steps: outcomes, cancellation, progress. Nothing ends silently. */

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
  readonly signal?: AbortSignal;
  /** Called with the fraction done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /** Seconds from any origin; without it `seconds` of a solution is 0. */
  readonly clock?: () => number;
}

/** A one-step method with its work arrays; `advance` overwrites V by one step and does not allocate. */
export interface Stepper {
  advance(V: Float64Array): void;
  /** After one step a non-finite value anywhere shows among the first `watched` entries. */
  readonly watched: number;
}

/** Node updates between two looks at the event loop. */
const UPDATES_PER_BLOCK = 4e6;

/**
 * Advances V by `steps` steps in place. Stops at the first step after which a value is not finite
 * (`badNode` is its index) or when cancelled.
 */
export async function march(
  stepper: Stepper,
  V: Float64Array,
  steps: number,
  run: Run,
): Promise<{ status: 'converged' | 'cancelled' } | { status: 'diverged'; badNode: number; step: number }> {
  const block = Math.max(1, Math.floor(UPDATES_PER_BLOCK / V.length));
  for (let done = 0; done < steps; ) {
    const end = Math.min(steps, done + block);
    for (; done < end; done++) {
      stepper.advance(V);
      for (let k = 0; k < stepper.watched; k++) {
        if (!Number.isFinite(V[k])) {
          return { status: 'diverged', badNode: V.findIndex((v) => !Number.isFinite(v)), step: done + 1 };
        }
      }
    }
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
