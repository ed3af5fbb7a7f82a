/**
 * The effective Cauchy problem, forward in τ = T − t,
 *
 *   ∂_τ v = −H̄(x, Dv),  v(0) = f,      H̄(x,p) = −∫ min_{u∈U} [φ(x,y,u)·p + ℓ] dμ_x(y),
 *
 * by the averaged operator: v ← v + dt Σ_j π_j(x) (M v)(x, y_j). The minimum stands inside the average (extended
 * controls ν(y)); outside it the limit would be entropic gradient descent. Monotone, and exactly the ε → 0 limit of
 * solveEpsilonHjb on the same grid with the same steps.
 */
import type { Axis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { slowHamiltonian } from '../src/operator/slow-hamiltonian.ts';
import type { Problem } from '../src/problem/problem.ts';
import { averagedEuler } from '../src/time/imex-euler.ts';
import { march, type Outcome, type Run, stepsFor } from '../src/time/march.ts';
import { requireOneByOne } from './dimensions.ts';
import { outcomeOf } from './epsilon-hjb.ts';
import { inSession, type Workplace } from './in-session.ts';
import { slowPoints, terminalValues } from './terminal-values.ts';

export interface EffectiveHjbOptions {
  readonly slow: readonly Axis[];
  /** Nodes on which the invariant measure lives. */
  readonly fast: readonly Axis[];
  readonly steps?: number;
  /**
   * Default number of steps. 'averaged': the fewest for which the averaged scheme is monotone (about 9 × fewer than
   * the ε-problem needs); 'pointwise': those of the ε-problem on the same grid.
   */
  readonly stepBound?: 'averaged' | 'pointwise';
  readonly fastScheme?: FastScheme;
}

/** v(τ = T) on the slow nodes, with how it was found. */
export interface EffectiveSolution extends GridFunction {
  readonly outcome: Outcome;
  readonly steps: number;
  readonly stableStep: number;
  readonly seconds: number;
  readonly backend: string;
  readonly threads: number;
}

/** Solves the effective equation up to τ = T. Order 1 in dx and dt; monotone when T/steps ≤ stableStep. */
export async function solveEffectiveHjb(
  problem: Problem,
  options: EffectiveHjbOptions,
  run: Run = {},
): Promise<EffectiveSolution> {
  requireOneByOne(problem, 'the effective equation');
  return inSession(run, (workplace) => solveWith(problem, options, run, workplace));
}

async function solveWith(
  problem: Problem,
  options: EffectiveHjbOptions,
  run: Run,
  { kernel, session }: Workplace,
): Promise<EffectiveSolution> {
  const { allocate } = session;
  const started = run.clock?.() ?? 0;
  const grid = tensorGrid(options.slow);
  const slow = slowHamiltonian(problem, grid, tensorGrid(options.fast), allocate);
  const fast = fastGenerator(problem, slowPoints(grid), options.fast[0], { scheme: options.fastScheme });
  const measure = fast.stationary();

  const stableStep = slow.averagedStableStep(measure);
  const bound = options.stepBound === 'pointwise' ? slow.stableStep : stableStep;
  const steps = options.steps ?? stepsFor(problem.horizon, bound);
  const dt = problem.horizon / steps;

  const program = averagedEuler({ grid, slow, fast, allocate }, dt, measure, terminalValues(problem, grid));
  const loaded = await session.load(program);
  const end = await march(loaded, grid.size * fast.nodes, steps, run);
  const values = await loaded.read();
  return {
    grid,
    values,
    outcome: outcomeOf(end, { grid, values }, dt, stableStep),
    steps,
    stableStep,
    seconds: (run.clock?.() ?? 0) - started,
    backend: kernel.backend,
    threads: loaded.threads,
  };
}
