/**
 * Marching the fully implicit schemes: no bound on dt, monotone at every dt and ε, order 1. Every step is a nonlinear
 * system solved by policy iteration (howard.ts); a step that does not settle ends the march as 'stalled'.
 *
 * A discount λ divides a step: (1 + λdt)V⁺ − dt(M + L_h/ε)V⁺ = Vⁿ is the step of length dt/(1 + λdt) from Vⁿ/(1 + λdt).
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
  /** The largest residual of a linear system, and the largest change by the last policy of a step, over max|V|. */
  readonly residual: number;
  readonly update: number;
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
 * Marches (I + λdt − dt·M − (dt/ε)L_h) V⁺ = Vⁿ over `steps` steps from `start`: one value per slow node, or per node.
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
  return marchSteps(implicitStep(problem, options.epsilon, worn(options, problem)), problem, { options, value, run });
}

/**
 * Marches (I + λdt − dt·M̄) v⁺ = vⁿ, M̄v = Σ_j π_j (M v)(·, y_j), the ε → 0 limit of `marchImplicit` on the same grid.
 * Throws InputError for two slow axes.
 */
export async function marchImplicitAveraged(
  problem: Discretisation,
  options: ImplicitMarchOptions & { readonly measure: Float64Array },
  start: Float64Array,
  run: MarchRun,
): Promise<ImplicitMarch> {
  const step = implicitAveragedStep(problem, options.measure, worn(options, problem));
  return marchSteps(step, problem, { options, value: start.slice(), run });
}

/** The part of a value that a discount leaves in a step: 1/(1 + λdt). */
function keptIn(dt: number, { discount }: Discretisation): number {
  return 1 / (1 + discount * dt);
}

function worn<Options extends ImplicitOptions>(options: Options, problem: Discretisation): Options {
  return { ...options, dt: options.dt * keptIn(options.dt, problem) };
}

interface Marching {
  readonly options: ImplicitMarchOptions;
  readonly value: Float64Array;
  readonly run: MarchRun;
}

async function marchSteps(
  step: ImplicitStep,
  problem: Discretisation,
  { options, value, run }: Marching,
): Promise<ImplicitMarch> {
  const { dt, steps, repeats = 0, differences = [], state } = options;
  const kept = keptIn(dt, problem);
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
    if (kept < 1) for (let k = 0; k < value.length; k++) value[k] *= kept;
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

const NONE: PolicyTotals = { policies: 0, mostPolicies: 0, sweeps: 0, mostSweeps: 0, residual: 0, update: 0 };

function together(totals: PolicyTotals, { policies, sweeps, ...left }: PolicyReport): PolicyTotals {
  return {
    policies: totals.policies + policies,
    mostPolicies: Math.max(totals.mostPolicies, policies),
    sweeps: totals.sweeps + sweeps,
    mostSweeps: Math.max(totals.mostSweeps, sweeps),
    residual: Math.max(totals.residual, left.residual),
    update: Math.max(totals.update, left.update),
  };
}

function meansOf({ policies, sweeps, ...most }: PolicyTotals, done: number): IterationCounts {
  const steps = Math.max(done, 1);
  return { meanPolicies: policies / steps, meanSweeps: sweeps / steps, ...most };
}
