/**
 * Marching the fully implicit schemes: no bound on dt, monotone at every dt and ε, order 1. Every step is a nonlinear
 * system solved by policy iteration (howard.ts); a step that does not settle ends the march as 'stalled'.
 */
import { paceOf } from '../kernel/pace.ts';
import type { Discretisation } from './field-slots.ts';
import type { ImplicitOptions, ImplicitStep, PolicyReport } from './howard.ts';
import { implicitAveragedStep } from './implicit-averaged-step.ts';
import { implicitStep } from './implicit-step.ts';
import type { MarchEnd, Run } from './march.ts';

export interface ImplicitMarchOptions extends ImplicitOptions {
  readonly steps: number;
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
  run: Run,
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
  run: Run,
): Promise<ImplicitMarch> {
  return marchSteps(implicitAveragedStep(problem, options.measure, options), options, start.slice(), run);
}

async function marchSteps(
  step: ImplicitStep,
  { dt, steps }: ImplicitMarchOptions,
  value: Float64Array,
  run: Run,
): Promise<ImplicitMarch> {
  const reports: PolicyReport[] = [];
  const pace = paceOf(run.clock, 1);
  const ended = (end: ImplicitEnd) => ({
    values: value,
    end,
    iterations: countIterations(reports),
    bytes: step.bytes + value.byteLength,
  });
  for (let done = 1; done <= steps; done++) {
    if (run.signal?.aborted === true) return ended({ status: 'cancelled', step: done - 1 });
    const report = step.apply(value, value, done * dt);
    reports.push(report);
    if (!value.every(Number.isFinite)) return ended({ status: 'diverged', step: done });
    if (!report.settled) return ended(stalled(report, done));
    run.progress?.(done / steps);
    await pace.taken(1);
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

function countIterations(reports: readonly PolicyReport[]): IterationCounts {
  const total = (count: (report: PolicyReport) => number) => reports.reduce((sum, report) => sum + count(report), 0);
  const most = (count: (report: PolicyReport) => number) =>
    reports.reduce((largest, report) => Math.max(largest, count(report)), 0);
  const steps = Math.max(reports.length, 1);
  return {
    meanPolicies: total((report) => report.policies) / steps,
    mostPolicies: most((report) => report.policies),
    meanSweeps: total((report) => report.sweeps) / steps,
    mostSweeps: most((report) => report.sweeps),
  };
}
