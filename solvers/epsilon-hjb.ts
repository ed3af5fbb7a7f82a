/**
 * The ε-HJB Cauchy problem, forward in time to go τ = T − t,
 *
 *   ∂_τ V = min_{u∈U} [φ(x,y,u)·D_xV + ℓ(x,y,u)] + (1/ε) L_x V,    V(0,x,y) = f(x)
 *
 * (Bardi, Kouhkouh 2023: −∂ₜVᵉ + H(x,y,D_xVᵉ) − (1/ε)L_xVᵉ = 0, Vᵉ(T,·) = f), by a monotone finite-difference scheme
 * on a rectangle in (x,y) with reflecting ends in y.
 */
import type { Axis } from '../src/grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../src/grid/grid.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { slowHamiltonian } from '../src/operator/slow-hamiltonian.ts';
import type { Problem } from '../src/problem/problem.ts';
import { explicitEuler, explicitStableStep } from '../src/time/explicit-euler.ts';
import { imexEuler } from '../src/time/imex-euler.ts';
import { type MarchEnd, march, type Outcome, type Run, stepsFor } from '../src/time/march.ts';
import { requireOneByOne } from './dimensions.ts';
import { inSession, type Workplace } from './in-session.ts';
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
  /** What ran: 'wasm', 'js' or the mode of a graphics card. */
  readonly backend: string;
  readonly threads: number;
  /** Bytes of fields held during the solve. */
  readonly bytes: number;
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
  return inSession(run, (workplace) => solveWith(problem, options, run, workplace));
}

async function solveWith(
  problem: Problem,
  options: EpsilonHjbOptions,
  run: Run,
  { kernel, session }: Workplace,
): Promise<EpsilonSolution> {
  const { epsilon, time = 'imex', fastScheme } = options;
  const { allocate } = session;
  const started = run.clock?.() ?? 0;
  const grid = tensorGrid([...options.slow, ...options.fast]);
  const slowGrid = tensorGrid(options.slow);
  const slow = slowHamiltonian(problem, slowGrid, tensorGrid(options.fast), allocate);
  const fast = fastGenerator(problem, slowPoints(slowGrid), options.fast[0], { scheme: fastScheme, allocate });

  const stableStep = time === 'imex' ? slow.stableStep : explicitStableStep(slow, fast, epsilon);
  const steps = options.steps ?? stepsFor(problem.horizon, stableStep);
  const dt = problem.horizon / steps;
  const scheme = time === 'imex' ? imexEuler : explicitEuler;
  const terminal = terminalValues(problem, slowGrid);

  const program = scheme({ grid: slowGrid, slow, fast, allocate }, dt, epsilon, terminal);
  const loaded = await session.load(program);
  const end = await march(loaded, grid.size, steps, run);
  const values = await loaded.read();
  return {
    grid,
    values,
    outcome: outcomeOf(end, { grid, values }, dt, stableStep),
    epsilon,
    steps,
    stableStep,
    seconds: (run.clock?.() ?? 0) - started,
    time,
    sampledSpacing: slow.sampledSpacing,
    backend: kernel.backend,
    threads: loaded.threads,
    bytes: session.bytes,
  };
}

/** Names the first node without a finite value and the likely cause. */
export function outcomeOf(end: MarchEnd, { grid, values }: GridFunction, dt: number, stableStep: number): Outcome {
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
