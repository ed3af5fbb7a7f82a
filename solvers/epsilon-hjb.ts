/**
 * The ε-HJB Cauchy problem, forward in time to go τ = T − t,
 *
 *   ∂_τ V = min_{u∈U} [φ(x,y,u)·D_xV + ℓ(x,y,u)] + (1/ε) L_x V,    V(0,x,y) = f(x)
 *
 * (Bardi, Kouhkouh 2023: −∂ₜVᵉ + H(x,y,D_xVᵉ) − (1/ε)L_xVᵉ = 0, Vᵉ(T,·) = f), by a monotone finite-difference scheme
 * on a rectangle in (x,y) with reflecting ends in y.
 */
import type { Axis } from '../src/grid/axis.ts';
import { type Grid, nodeCoordinates, tensorGrid } from '../src/grid/grid.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { slowHamiltonian } from '../src/operator/slow-hamiltonian.ts';
import type { Problem } from '../src/problem/problem.ts';
import { explicitEuler, explicitStableStep } from '../src/time/explicit-euler.ts';
import { imexEuler } from '../src/time/imex-euler.ts';
import { march, type Outcome, type Run, stepsFor } from '../src/time/march.ts';
import { requireOneByOne } from './dimensions.ts';
import { slowPoints, terminalValues } from './terminal-values.ts';

export type TimeScheme = 'imex' | 'explicit';

export interface EpsilonHjbOptions {
  /** ε > 0. */
  readonly epsilon: number;
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  /** Number of time steps; default: the fewest the monotone scheme allows. */
  readonly steps?: number;
  readonly time?: TimeScheme;
  readonly fastScheme?: FastScheme;
}

/** V(τ = T) on slow × fast nodes, with how it was found. */
export interface EpsilonSolution extends GridFunction {
  readonly outcome: Outcome;
  readonly epsilon: number;
  readonly steps: number;
  /** Largest monotone time step on these grids. */
  readonly stableStep: number;
  readonly seconds: number;
  readonly time: TimeScheme;
  /** Spacing of the samples of U where φ is not affine in u, else null. */
  readonly sampledSpacing: number | null;
}

/**
 * Solves the ε-HJB problem up to τ = T. First order in dx and dt, second in dy (Scharfetter–Gummel); monotone when
 * T/steps ≤ stableStep. The cost of a step does not depend on ε (time: 'imex').
 * Throws InputError for non-finite coefficients.
 */
export async function solveEpsilonHjb(
  problem: Problem,
  options: EpsilonHjbOptions,
  run: Run = {},
): Promise<EpsilonSolution> {
  requireOneByOne(problem, 'the ε-HJB problem');
  const { epsilon, time = 'imex', fastScheme = 'scharfetter-gummel' } = options;
  const started = run.clock?.() ?? 0;
  const slow = tensorGrid(options.slow);
  const fast = tensorGrid(options.fast);
  const grid = tensorGrid([...options.slow, ...options.fast]);
  const hamiltonian = slowHamiltonian(problem, slow, fast);
  const generator = fastGenerator(problem, slowPoints(slow), options.fast[0], { scheme: fastScheme });

  const stableStep = time === 'imex' ? hamiltonian.stableStep : explicitStableStep(hamiltonian, generator, epsilon);
  const steps = options.steps ?? stepsFor(problem.horizon, stableStep);
  const dt = problem.horizon / steps;
  const step = time === 'imex' ? imexEuler : explicitEuler;

  const values = new Float64Array(grid.size);
  const terminal = terminalValues(problem, slow);
  for (let k = 0; k < grid.size; k += slow.size) values.set(terminal, k);
  const end = await march(step(hamiltonian, generator, dt, epsilon), values, steps, run);
  return {
    grid,
    values,
    outcome: outcomeOf(end, grid, dt, stableStep),
    epsilon,
    steps,
    stableStep,
    seconds: (run.clock?.() ?? 0) - started,
    time,
    sampledSpacing: hamiltonian.sampledSpacing,
  };
}

/** Names the node of a divergence and its likely cause. */
export function outcomeOf(end: Awaited<ReturnType<typeof march>>, grid: Grid, dt: number, stableStep: number): Outcome {
  if (end.status !== 'diverged') return end;
  const node = new Float64Array(grid.axes.length);
  nodeCoordinates(node, grid, end.badNode);
  const advice =
    dt > stableStep
      ? `the time step ${dt.toPrecision(3)} exceeds the monotone bound ${stableStep.toPrecision(3)}: take more steps`
      : 'the values overflow although the step is stable: check the size of f and of the running cost on the domain';
  return { status: 'diverged', node: [...node], step: end.step, advice };
}
