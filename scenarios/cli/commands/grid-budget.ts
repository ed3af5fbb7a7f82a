/** --budget of a solve on a grid: one variation per parameter, each solved once more. */

import type { Run } from '../../../solvers/index.ts';
import { isCutAlone, type MethodDiagnostics, type SpacingFacts, spacingFacts } from '../../../solvers/workbench.ts';
import type { FastScheme } from '../../../src/generator/fast-generator.ts';
import { type Axis, uniformAxis } from '../../../src/grid/axis.ts';
import type { GridFunction } from '../../../src/grid/grid-function.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { stepsFor } from '../../../src/time/march.ts';
import { methodOf } from '../../../src/time/schemes.ts';
import { type Budget, type BudgetPart, errorBudget, type Known } from '../../../src/verification/budget.ts';
import type { Level } from '../../../src/verification/refinement.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import { widened, widenedFast } from '../../study/setup.ts';
import type { Request } from '../flags/command.ts';
import { solving } from './solving.ts';

export const budgetFlag = {
  budget: { description: 'print how much of the error is due to dx, dy, dt, the boxes and ε (about nine more solves)' },
} as const;

/** Where a variation is solved. */
interface VariedGrid {
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly steps: number;
}

export interface BudgetSubject {
  /** The problem that is solved, in a moving frame the one of the frame. */
  readonly problem: Problem;
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly fastScheme: FastScheme;
  readonly solution: MethodDiagnostics & GridFunction;
  /** The values asked for, at the points. */
  readonly observe: (solution: GridFunction) => readonly number[];
  readonly solve: (grid: VariedGrid, run: Run) => Promise<MethodDiagnostics & GridFunction>;
  /** ε with the solver of the limit and what is observed of it; absent where the limit itself is solved. */
  readonly limit?: { readonly epsilon: number } & Pick<BudgetSubject, 'solve' | 'observe'>;
  readonly exact?: { readonly value?: Known; readonly limit?: Known };
}

/** A budget with what is known of the cells in y. */
export interface GridBudget extends Budget {
  readonly spacing: SpacingFacts;
}

/** The budget of a solve if --budget is on and the solve converged, else null. Throws ScenarioError. */
export async function budgetOf(
  request: Request,
  scenario: Scenario,
  subject: BudgetSubject,
): Promise<GridBudget | null> {
  const { slow, fast, solution, limit } = subject;
  if (!request.given.on('budget') || solution.outcome.status !== 'converged') return null;
  for (const axis of [...slow, ...fast]) refuseTooCoarse(axis);
  const { horizon } = scenario.problem;
  const base = {
    dx: slow[0].spacing,
    dy: fast[0].spacing,
    dt: horizon / solution.steps,
    inverseX: 1,
    inverseY: 1,
    epsilon: limit?.epsilon ?? 0,
  };
  const isStable = ({ steps, stableStep }: MethodDiagnostics) => steps >= stepsFor(horizon, stableStep);
  const spacing = spacingFacts(subject.problem, subject, base.epsilon);
  const budget = await solving(request, 'error budget', scenario, (run) =>
    errorBudget({
      base,
      parts: partsOf(subject, base, spacing.doubt),
      values: subject.observe(solution),
      controls: subject.observe(solution).map(() => solution.controlsError),
      isResolved:
        solution.doubts.length === 0 ||
        isCutAlone(subject.problem, slow, fast, widenedFast(subject.problem, slow, fast)[0]),
      solve: async (level) => {
        const { solve, observe } = limit !== undefined && level.epsilon === 0 ? limit : subject;
        const varied = await solve(gridOf(subject, level, horizon), run);
        if (varied.outcome.status === 'cancelled') throw new DOMException('the budget was cancelled', 'AbortError');
        // A variation beyond its own step bound tells nothing: its part is unknown rather than wrong.
        const usable = varied.outcome.status === 'converged' && (isStable(varied) || !isStable(solution));
        return usable ? observe(varied) : observe(varied).map(() => Number.NaN);
      },
      exact: subject.exact,
    }),
  );
  return { ...budget, spacing };
}

/**
 * dx and dy twice as coarse, dt halved, the boxes wider by a quarter, ε → 0; smaller variations check the signs of
 * dx, dy and dt.
 */
function partsOf(subject: BudgetSubject, base: Level, doubt: string | null) {
  const { problem, slow, fast, fastScheme, solution, limit } = subject;
  const of = 'discretisation';
  const { dx, dt } = solution.order;
  const coarse = { dx: coarserSpacing(slow[0], 2) };
  const { scheme, time } = methodOf(limit === undefined ? 'effective' : 'epsilon', solution);
  // An error of dxᵖ in every step has order p in dx at fixed dt, and grows as dt falls at fixed dx: dt is halved with
  // dxᵖ/dt kept.
  const { orderPerStep: p } = scheme;
  const shorter = (steps: number) => {
    const times = Math.ceil(steps * solution.steps) / solution.steps;
    return { dt: base.dt / times, ...(p === undefined ? {} : { dx: base.dx / times ** (1 / p) }) };
  };
  const finerSteps = { to: shorter(2), checks: [shorter(1.5)] };
  const coarserCells = [1.5, 4 / 3].map((times) => ({ dy: coarserSpacing(fast[0], times) }));
  // Drifts and rates are faster in a wider box; on coarser cells the steps are short enough for it.
  const roomy = time.asymptoticPreserving ? coarse : { ...coarse, dy: coarserSpacing(fast[0], 2) };
  // The largest noise in x that a step resolves stands at a node in y, which coarser cells move: half a step has room.
  const inShorter = problem.slowNoise === undefined ? {} : { from: shorter(2) };
  const ofFast = { doubt, ...inShorter, to: { dy: coarserSpacing(fast[0], 2) }, checks: coarserCells };
  const parts: BudgetPart[] = [
    { parameter: 'dx', of, order: p ?? dx, effort: 2, to: coarse, checks: [{ dx: coarserSpacing(slow[0], 1.5) }] },
    { parameter: 'dy', of, order: fastScheme === 'upwind' ? 1 : 2, effort: 1, ...ofFast },
    { parameter: 'dt', of, order: dt, effort: 1, ...finerSteps },
    { parameter: 'inverseX', of, order: Infinity, effort: 1, from: roomy, to: { inverseX: 0.8 } },
    { parameter: 'inverseY', of, order: Infinity, effort: 1, from: roomy, to: { inverseY: 0.8 } },
  ];
  if (limit === undefined) return parts;
  return [...parts, { parameter: 'epsilon', of: 'homogenisation', order: 1, effort: 0, to: { epsilon: 0 } } as const];
}

/** The spacing with this many times fewer cells, and so at least that many times as wide. */
function coarserSpacing({ lower, upper, nodes }: Axis, times: number): number {
  return (upper - lower) / Math.min(nodes - 2, Math.ceil((nodes - 1) / times));
}

function gridOf({ problem, slow, fast }: BudgetSubject, level: Level, horizon: number): VariedGrid {
  const varied = (axes: readonly Axis[], spacing: number) =>
    axes.map(({ name, lower, upper, nodes }) =>
      uniformAxis(name, lower, upper, Math.round((nodes - 1) * (axes[0].spacing / spacing)) + 1),
    );
  const [ofX, ofY] = [varied(slow, level.dx), varied(fast, level.dy)];
  return {
    slow: level.inverseX === 1 ? ofX : ofX.map(widened),
    fast: level.inverseY === 1 ? ofY : widenedFast(problem, ofX, ofY),
    steps: Math.round(horizon / level.dt),
  };
}

function refuseTooCoarse({ name, nodes }: Axis): void {
  if (nodes >= 5) return;
  throw new ScenarioError(
    '--budget',
    `--budget compares with half the cells, and ${name} has ${nodes} nodes`,
    'an axis needs at least 3 nodes',
    `give at least 5 nodes: --nodes ${name}=5`,
  );
}
