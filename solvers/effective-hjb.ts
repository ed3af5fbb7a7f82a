/**
 * The effective Cauchy problem, forward in τ = T − t,
 *
 *   ∂_τ v = −H̄(x, Dv),  v(0) = f,      H̄(x,p) = −∫ min_{u∈U} [φ(x,y,u)·p + ℓ] dμ_x(y),
 *
 * by the averaged operator: for Euler v ← v + dt Σ_j π_j(x) (M v)(x, y_j). The minimum stands inside the average
 * (extended controls ν(y)); outside it the limit would be entropic gradient descent. Every scheme is the ε → 0 limit
 * of solveEpsilonHjb with the same scheme on the same grid with the same steps: exactly, but where correlated fast
 * variables are relaxed by lines, which leaves O(dt·cˢ), c the contraction of a sub-sweep.
 */

import { slowHamiltonian } from '../src/control/slow-hamiltonian.ts';
import type { FastScheme } from '../src/generator/fast-generator.ts';
import { fastOperator } from '../src/generator/fast-operator.ts';
import { type Allocate, onHeap } from '../src/grid/allocate.ts';
import type { Axis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import { allTerms } from '../src/model/general-terms.ts';
import type { Problem } from '../src/model/problem.ts';
import type { MarchRun } from '../src/time/march.ts';
import { type Method, methodOf } from '../src/time/schemes.ts';
import { sampleSource } from '../src/time/source.ts';
import { requireGrid } from './marching/dimensions.ts';
import type { MethodDiagnostics } from './marching/method-diagnostics.ts';
import type { MethodOptions, Posed } from './marching/plan.ts';
import { solveWithMethod } from './marching/solve-with-method.ts';
import { slowPoints, terminalOf } from './marching/terminal-values.ts';
import { inSessions } from './marching/used-differences.ts';
import { requireMarch } from './requirements.ts';
import { doubtsOfGrid } from './verification/measure-on-grid.ts';

/** On which nodes the effective equation is solved, and how. */
export interface EffectiveHjbOptions extends MethodOptions {
  /** One axis per slow variable: the nodes of v. */
  readonly slow: readonly Axis[];
  /** One axis per fast variable: the nodes on which μ_x is found and summed. */
  readonly fast: readonly Axis[];
  /**
   * Default number of steps. 'averaged': the fewest for which the averaged scheme is monotone (about 9 × fewer than
   * the ε-problem needs); 'pointwise': those of the ε-problem on the same grid.
   */
  readonly stepBound?: 'averaged' | 'pointwise';
  /** Jump rates of L_h; default exponential fitting (Scharfetter, Gummel 1969). */
  readonly fastScheme?: FastScheme;
}

/** v(τ = T) on the slow nodes, with how it was found. */
export type EffectiveSolution = GridFunction & MethodDiagnostics;

/**
 * Solves the effective equation up to τ = T, by default upwind with Euler: order 1 in dx and dt, monotone when
 * T/steps ≤ stableStep. Throws InputError for axes or options that do not fit, for non-finite coefficients and for a
 * scheme and time that do not go together.
 */
export async function solveEffectiveHjb(
  problem: Problem,
  options: EffectiveHjbOptions,
  run: MarchRun = {},
): Promise<EffectiveSolution> {
  return solveEffectiveBy(problem, methodOf('effective', options), options, run);
}

/** The same by a method at hand, whatever names the options hold. */
export async function solveEffectiveBy(
  problem: Problem,
  method: Method,
  options: EffectiveHjbOptions,
  run: MarchRun,
): Promise<EffectiveSolution> {
  requireMarch(problem, options, allTerms);
  requireGrid(problem, method, 'the effective equation');
  const started = run.clock?.() ?? 0;
  return inSessions(run, async (workplace) => {
    const posed = { ...poseEffectiveHjb(problem, method, options, workplace.session.allocate), started };
    return solveWithMethod(posed, options, run, workplace);
  });
}

/** The operators of the effective equation on its nodes, with the stationary measure of the discrete generator. */
export function poseEffectiveHjb(
  problem: Problem,
  method: Method,
  options: EffectiveHjbOptions,
  allocate: Allocate = onHeap,
): Posed {
  const grid = tensorGrid(options.slow);
  const fastGrid = tensorGrid(options.fast);
  const slow = slowHamiltonian(problem, grid, fastGrid, { allocate });
  const source = sampleSource(problem.source, grid, fastGrid);
  const fast = fastOperator(problem, slowPoints(grid), options.fast, { scheme: options.fastScheme });
  const operators = { grid, slow, fast, allocate, discount: problem.discount ?? 0, source };
  const stepBound = options.stepBound === 'pointwise' ? 'pointwise' : 'own';
  const doubts = () => doubtsOfGrid(problem, options.slow, options.fast);
  const terminal = terminalOf(problem, grid, fastGrid, () => fast.stationary());
  const limit = { measure: fast.stationary() };
  return { problem, method, grid, operators, terminal, limit, stepBound, started: 0, doubts };
}
