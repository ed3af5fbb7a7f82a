/**
 * Marching the fully implicit schemes: no bound on dt, monotone at every dt and ε, order 1. Every step is a nonlinear
 * system solved by policy iteration (howard.ts); a step that does not settle ends the march as 'stalled'.
 */
import { paceOf } from '../kernel/pace.ts';
import { keeperOf, type MarchState, type PolicyTotals, restore } from './checkpoint.ts';
import type { Discretisation } from './field-slots.ts';
import type { ImplicitOptions, ImplicitStep, PolicyReport } from './howard.ts';
import { implicitAveragedStep } from './implicit-averaged-step.ts';
import { implicitStep } from './implicit-step.ts';
import type { MarchEnd, MarchRun } from './march.ts';

export interface ImplicitMarchOptions extends ImplicitOptions, Partial<Pick<MarchState, 'repeats' | 'differences'>> {
  readonly steps: number;
  /** Where the march goes on from. */
  readonly state?: MarchState;
}

/** How an implicit march ended. */
export type ImplicitEnd =
  | MarchEnd
  | { readonly status: 'stalled'; readonly step: number; readonly residual: number; readonly advice: string };

/** Policies per step, and sweeps per step over all its policies. */
export interface IterationCounts {
  readonly meanPolicies: number;
  readonly mostPolicies: number;
  readonly meanSweeps: number;
  readonly mostSweeps: number;
}

export interface ImplicitMarch {
  /** The value where the march ended, on slow × fast nodes or on slow nodes. */
  readonly values: Float64Array;
  readonly end: ImplicitEnd;
  readonly iterations: IterationCounts;
  /** Bytes of the fields of the march. */
  readonly bytes: number;
}

/**
 * Marches (I − dt·M − (dt/ε)L_h) V⁺ = Vⁿ over `steps` steps from the terminal values `start`, one per slow node.
 * Order 1 in dt and dx, 2 in dy; monotone without condition; asymptotic preserving.
 */
export async function marchImplicit(
  problem: Discretisation,
  options: ImplicitMarchOptions & { readonly epsilon: number },
  start: Float64Array,
  run: MarchRun,
): Promise<ImplicitMarch> {
  const value = new Float64Array(problem.fast.lanes * problem.fast.nodes);
  for (let k = 0; k < value.length; k += start.length) value.set(start, k);
  return marchSteps(implicitStep(problem, options.epsilon, options), options, value, run);
}

/**
 * Marches (I − dt·M̄) v⁺ = vⁿ, M̄v = Σ_j π_j (M v)(·, y_j), the ε → 0 limit of `marchImplicit` on the same grid.
 * Throws InputError for two slow axes.
 */
export async function marchImplicitAveraged(
  problem: Discretisation,
  options: ImplicitMarchOptions & { readonly measure: Float64Array },
  start: Float64Array,
  run: MarchRun,
): Promise<ImplicitMarch> {
  return marchSteps(implicitAveragedStep(problem, options.measure, options), options, start.slice(), run);
}

async function marchSteps(
  step: ImplicitStep,
  { dt, steps, repeats = 0, differences = [], state }: ImplicitMarchOptions,
  value: Float64Array,
  run: MarchRun,
): Promise<ImplicitMarch> {
  if (state !== undefined) restore([value], state);
  let policies = state?.policies ?? NONE;
  const pace = paceOf(run.clock, 1);
  const keeper = keeperOf(run.checkpoint, run.clock, async (done) => {
    return { step: done, steps, repeats, differences, fields: [value.slice()], history: [], policies };
  });
  let done = state?.step ?? 0;
  const ended = (end: ImplicitEnd) => ({
    values: value,
    end,
    iterations: meansOf(policies, done),
    bytes: step.bytes + value.byteLength,
  });
  while (done < steps) {
    if (run.signal?.aborted === true) {
      await keeper.cancelled(done);
      return ended({ status: 'cancelled', step: done });
    }
    done++;
    const report = step.apply(value, value, done * dt);
    policies = together(policies, report);
    if (!value.every(Number.isFinite)) return ended({ status: 'diverged', step: done });
    if (!report.settled) return ended(stalled(report, done));
    run.progress?.(done / steps);
    await pace.taken(1);
    await keeper.passed(done);
  }
  return ended({ status: 'converged' });
}

function stalled({ policies, sweeps, residual, update }: PolicyReport, step: number): ImplicitEnd {
  const left = Math.max(residual, update);
  const advice =
    `policy iteration left a residual of ${left.toPrecision(3)} relative to max|V| in step ${step}, after ` +
    `${policies} policies and ${sweeps} sweeps, because dt is very long for the x-grid: take more steps`;
  return { status: 'stalled', step, residual: left, advice };
}

const NONE: PolicyTotals = { policies: 0, mostPolicies: 0, sweeps: 0, mostSweeps: 0 };

function together(totals: PolicyTotals, { policies, sweeps }: PolicyReport): PolicyTotals {
  return {
    policies: totals.policies + policies,
    mostPolicies: Math.max(totals.mostPolicies, policies),
    sweeps: totals.sweeps + sweeps,
    mostSweeps: Math.max(totals.mostSweeps, sweeps),
  };
}

function meansOf({ policies, sweeps, ...most }: PolicyTotals, done: number): IterationCounts {
  const steps = Math.max(done, 1);
  return { meanPolicies: policies / steps, meanSweeps: sweeps / steps, ...most };
}
