/** What the solvers of both equations do once the operators stand: bounds, steps, march, diagnostics. */

import { nodeCoordinates } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { ImplicitEnd } from '../../src/time/implicit-howard.ts';
import type { MarchRun, Outcome } from '../../src/time/march.ts';
import { claimedOrder, monotoneOf } from '../../src/time/schemes.ts';
import { controlsErrorOf } from './controls-error.ts';
import { filterReport } from './filter-report.ts';
import type { Workplace } from './in-session.ts';
import { marched } from './marched.ts';
import type { MethodDiagnostics } from './method-diagnostics.ts';
import { type MethodOptions, type Plan, type Posed, planOf } from './plan.ts';
import { solutionWarnings } from './solution-warnings.ts';
import { type Attempt, exceededDifferences } from './used-differences.ts';

/** The value at τ = T with how it was found, after others that were too steep for their steps. */
export async function solveWithMethod(
  posed: Posed,
  options: MethodOptions,
  run: MarchRun,
  { repeats, differences, state, ...workplace }: Workplace & Attempt,
): Promise<GridFunction & MethodDiagnostics> {
  const { problem, method, grid, operators } = posed;
  const plan = planOf(posed, options, { kernel: workplace.kernel, differences });
  const { end, values, fallen, ...diagnostics } = await marched(posed, plan, run, {
    ...workplace,
    repeats,
    differences,
    state,
  });
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
