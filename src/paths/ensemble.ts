/** An ensemble of paths, kept at times asked for. */
import type { Card } from '../kernel/gpu/gpu.ts';
import { paceOf } from '../kernel/pace.ts';
import type { Interval } from '../model/problem.ts';
import type { Seed } from '../random/normal.ts';
import type { PathStepper } from './path-stepper.ts';

/** Paths of an equation at some times; data, to be averaged or drawn. */
export interface Ensemble {
  /** The equation. */
  readonly title: string;
  /** Components of a state. */
  readonly dimension: number;
  readonly paths: number;
  readonly seed: Seed;
  readonly dt: number;
  readonly steps: number;
  /** The times of the kept states, 0 first. */
  readonly times: Float64Array;
  /** At each time the states, path after path: entry p·dimension + i. */
  readonly states: readonly Float64Array[];
  /** The smallest box that holds the states of all steps; null where nobody looked. */
  readonly reach: readonly Interval[] | null;
  readonly outcome: PathOutcome;
  /** What ran: 'wasm', 'js' or the mode of a graphics card. */
  readonly backend: string;
  readonly threads: number;
  /** Of the clock of the run; 0 without one. */
  readonly seconds: number;
}

/** How a simulation ended. */
export type PathOutcome =
  | { readonly status: 'converged' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'diverged'; readonly path: number; readonly time: number; readonly advice: string };

/** What the outside world lends to a simulation; all optional. */
export interface PathRun {
  /** Threads; default 1. States do not depend on their number. */
  readonly threads?: number;
  /** A graphics card for steps on tables, in single precision and with noise of its own; default: the processor. */
  readonly card?: Card;
  /** Ends the simulation early, with the outcome 'cancelled'. */
  readonly signal?: AbortSignal;
  /** Called with the fraction done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /** Seconds from any origin; without it `seconds` is 0. */
  readonly clock?: () => number;
}

/** Looks at the outside world during a simulation without a clock. */
const PIECES = 50;

export interface EnsemblePlan {
  readonly title: string;
  readonly dimension: number;
  readonly paths: number;
  readonly seed: Seed;
  readonly dt: number;
  readonly steps: number;
  /** Equal parts of the time at whose ends states are kept, the start included; 1 keeps start and end. */
  readonly records: number;
}

/** Moves a stepper to the end, keeping states on the way; closes it. */
export async function recordEnsemble(stepper: PathStepper, plan: EnsemblePlan, run: PathRun): Promise<Ensemble> {
  const { dt, steps, records } = plan;
  const { stepsAtOnce = 1 } = stepper;
  const started = run.clock?.() ?? 0;
  const times = [0];
  const states = [stepper.states()];
  let outcome: PathOutcome = { status: 'converged' };
  let reach: Ensemble['reach'] = null;
  try {
    const pace = paceOf(run.clock, steps / PIECES);
    let done = 0;
    for (let k = 1; k <= records && outcome.status === 'converged'; k++) {
      const next = Math.round((steps * k) / records);
      while (done < next && run.signal?.aborted !== true) {
        const count = Math.min(Math.max(pace.steps, stepsAtOnce), next - done);
        await stepper.advance(count);
        done += count;
        run.progress?.(done / steps);
        await pace.taken(count);
      }
      times.push((done / steps) * (steps * dt));
      states.push(stepper.states());
      outcome = run.signal?.aborted === true ? { status: 'cancelled' } : outcomeOf(states[k], plan, done * dt);
    }
    reach = stepper.reach();
  } finally {
    await stepper.close();
  }
  const { backend, threads } = stepper;
  const seconds = (run.clock?.() ?? 0) - started;
  const { title, dimension, paths, seed } = plan;
  return {
    title,
    dimension,
    paths,
    seed,
    dt,
    steps,
    times: Float64Array.from(times),
    states,
    reach,
    outcome,
    backend,
    threads,
    seconds,
  };
}

function outcomeOf(states: Float64Array, { dimension }: EnsemblePlan, time: number): PathOutcome {
  const bad = states.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { status: 'converged' };
  const advice =
    'take more steps (dt ≤ 0.2 ε/κ), check that the drift grows at most linearly and that s and r have values there';
  return { status: 'diverged', path: Math.floor(bad / dimension), time, advice };
}
