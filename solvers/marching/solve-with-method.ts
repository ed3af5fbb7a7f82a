/** What the solvers of both equations do once the operators stand: bounds, steps, march, diagnostics. */

import type { Range } from '../../src/control/ranges.ts';
import type { LongFeet } from '../../src/control/slow-hamiltonian.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import { nodeCoordinates } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { ImplicitEnd, IterationCounts } from '../../src/time/implicit-howard.ts';
import type { Outcome, Run } from '../../src/time/march.ts';
import { type ClaimedOrder, claimedOrder, type Monotone, monotoneOf, type SchemeName } from '../../src/time/schemes.ts';
import type { TimeName } from '../../src/time/time-methods.ts';
import { controlsErrorOf } from './controls-error.ts';
import { type FilterReport, filterReport } from './filter-report.ts';
import type { Workplace } from './in-session.ts';
import { marched, type Snapshot } from './marched.ts';
import { type MethodOptions, type Plan, type Posed, planOf } from './plan.ts';
import { solutionWarnings } from './solution-warnings.ts';
import { type Attempt, exceededDifferences } from './used-differences.ts';

/** How a value was found. */
export interface MethodDiagnostics {
  /** The values asked for by `snapshots`, the last one at τ = T; fewer where the solve ended early. */
  readonly history: readonly Snapshot[];
  readonly outcome: Outcome;
  readonly scheme: SchemeName;
  readonly time: TimeName;
  /** Sweeps in a step; null where policy iteration solves it. */
  readonly stages: number | null;
  readonly monotone: Monotone;
  readonly order: ClaimedOrder;
  readonly steps: number;
  /** Largest time step for which the scheme is what it claims; ∞ where no bound holds. */
  readonly stableStep: number;
  /**
   * How the resolvents of the fast variables were taken; null where a step takes none: the effective equation, explicit
   * steps, policy iteration.
   */
  readonly fastSolve: FastSolve | null;
  /** What a filter did; null where there is none. */
  readonly filter: FilterReport | null;
  /** min f − T max ℓ⁻, which no exact value falls below; −∞ where f has no minimum. */
  readonly floor: number;
  /** How far controls move in a step; null where feet longer than a cell are not taken. */
  readonly feet: LongFeet | null;
  /** Policies and sweeps per step of an implicit method; null for the others. */
  readonly iterations: IterationCounts | null;
  readonly seconds: number;
  /** How often it was solved for again, because V was steeper than its steps were made for. */
  readonly repeats: number;
  /** Ranges of differences of V between neighbours that its steps are too long for even so, per axis; null for none. */
  readonly exceeded: readonly Range[] | null;
  /** How much larger the value may be because the minimum over U is not exact: 0 for none, ∞ where it is unknown. */
  readonly controlsError: number;
  /**
   * What the nodes in y leave out or do not resolve of the invariant measure at an x node, in sentences; where there is
   * one, errors have no bound.
   */
  readonly doubts: readonly string[];
  /** Everything that is doubtful, the doubts first: steps above `stableStep`, the filter, values no problem has. */
  readonly warnings: readonly string[];
  /** What ran: 'wasm', 'js' or the mode of a graphics card. */
  readonly backend: string;
  readonly threads: number;
  /** Bytes of fields held during the solve, at their peak. */
  readonly bytes: number;
}

/** The value at τ = T with how it was found, after others that were too steep for their steps. */
export async function solveWithMethod(
  posed: Posed,
  options: MethodOptions,
  run: Run,
  { repeats, differences, ...workplace }: Workplace & Attempt,
): Promise<GridFunction & MethodDiagnostics> {
  const { problem, method, grid, operators } = posed;
  const plan = planOf(posed, options, { kernel: workplace.kernel, differences });
  const { end, values, fallen, ...diagnostics } = await marched(posed, plan, run, workplace);
  const { steps } = method.time;
  const found = {
    grid,
    values,
    outcome: outcomeOf(end, { grid, values }, plan),
    scheme: method.scheme.name,
    time: method.time.name,
    stages: steps.kind === 'policy' ? null : steps.stages,
    monotone: monotoneOf(method),
    order: claimedOrder(method, operators.fast.directions.length > 1 ? diagnostics.fastSolve?.kind : null),
    steps: plan.steps,
    stableStep: plan.stableStep,
    filter: fallen === null ? null : filterReport({ grid, values }, operators.grid, fallen, plan),
    floor: plan.floor,
    feet: plan.feet,
    repeats,
    exceeded: end.status === 'converged' ? exceededDifferences({ grid, values }, plan.slow, method) : null,
    seconds: (run.clock?.() ?? 0) - posed.started,
    controlsError: controlsErrorOf(plan.slow, problem.horizon),
    doubts: posed.doubts(),
    ...diagnostics,
  };
  return { ...found, warnings: solutionWarnings(problem.horizon, found) };
}

/** Says how far a march came, and where it broke with the likely cause. */
function outcomeOf(end: ImplicitEnd, { grid, values }: GridFunction, { steps, dt, stableStep }: Plan): Outcome {
  if (end.status === 'cancelled') return { ...end, steps, tau: end.step * dt };
  if (end.status !== 'diverged') return end;
  const node = new Float64Array(grid.axes.length);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  nodeCoordinates(node, grid, Math.max(bad, 0));
  const advice =
    dt > stableStep
      ? `the time step ${dt.toPrecision(3)} exceeds the monotone bound ${stableStep.toPrecision(3)}: take more steps`
      : 'the values overflow although the step is stable: check the size of f and of the running cost on the domain';
  return { status: 'diverged', node: [...node], step: end.step, advice };
}
