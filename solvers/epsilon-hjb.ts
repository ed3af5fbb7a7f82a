/**
 * The ε-HJB Cauchy problem, forward in time to go τ = T − t,
 *
 *   ∂_τ V = min_{u∈U} [φ(x,y,u)·D_xV + ℓ(x,y,u)] + (1/ε) L_x V,    V(0,x,y) = f(x)
 *
 * (Bardi, Kouhkouh 2023: −∂ₜVᵉ + H(x,y,D_xVᵉ) − (1/ε)L_xVᵉ = 0, Vᵉ(T,·) = f), by finite differences on a rectangle in
 * (x,y) with reflecting ends in y. src/time/schemes.ts lists the schemes with their claims.
 */

import { slowHamiltonian } from '../src/control/slow-hamiltonian.ts';
import type { FastScheme } from '../src/generator/fast-generator.ts';
import { fastOperator } from '../src/generator/fast-operator.ts';
import type { FastSolve } from '../src/generator/splitting.ts';
import { type Allocate, onHeap } from '../src/grid/allocate.ts';
import type { Axis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import type { Session } from '../src/kernel/kernel.ts';
import { allTerms } from '../src/model/general-terms.ts';
import { type MovingFrame, requireMovingFrame } from '../src/model/moving-frame.ts';
import type { Problem } from '../src/model/problem.ts';
import type { MarchRun } from '../src/time/march.ts';
import { type Method, methodOf, resolventsOf } from '../src/time/schemes.ts';
import { sampleSource } from '../src/time/source.ts';
import { requireGrid, requireMoving } from './marching/dimensions.ts';
import type { Workplace } from './marching/in-session.ts';
import type { MethodDiagnostics } from './marching/method-diagnostics.ts';
import type { MethodOptions, Posed } from './marching/plan.ts';
import { requirePlaneRoom } from './marching/plane-room.ts';
import { solveWithMethod } from './marching/solve-with-method.ts';
import { slowPoints, terminalOf } from './marching/terminal-values.ts';
import { type Attempt, inSessions } from './marching/used-differences.ts';
import { requireEpsilon, requireMarch } from './requirements.ts';
import { doubtsOfGrid } from './verification/measure-on-grid.ts';

/** Where the ε-problem is solved, and what its operators there depend on. */
export interface EpsilonNodes {
  /** One axis per slow variable. */
  readonly slow: readonly Axis[];
  /** One axis per fast variable; in a moving frame those of z. */
  readonly fast: readonly Axis[];
  /** Jump rates of L_h; default exponential fitting (Scharfetter, Gummel 1969). */
  readonly fastScheme?: FastScheme;
  /**
   * How the resolvent of two fast variables is taken. Default: with a potential line by line, unless they are so
   * correlated that one solve in the plane costs less; without a potential in the plane. 'planes' for a potential
   * keeps the order of `ars222` in dt and makes the limit ε → 0 exact.
   */
  readonly fastSolve?: FastSolve['kind'];
  /**
   * 'moving': the fast axes are those of z = y − m(x), b(x, m(x)) = 0, for b = Ax − Ky + c. All x then share one
   * generator and one factorisation, and the fast axes need not hold the range of m. Default 'fixed': those of y.
   */
  readonly frame?: 'fixed' | 'moving';
}

export interface EpsilonHjbOptions extends MethodOptions, EpsilonNodes {
  /** ε > 0. */
  readonly epsilon: number;
}

/** V(τ = T) on slow × fast nodes, with how it was found. */
export interface EpsilonSolution extends GridFunction, MethodDiagnostics {
  /** ε it was solved for. */
  readonly epsilon: number;
  /** The values are those of (x, z), z = frame.toFrame(x, y); null where they are those of (x, y). */
  readonly frame: MovingFrame | null;
}

/**
 * Solves the ε-HJB problem up to τ = T, by default upwind with IMEX Euler: order 1 in dx and dt, 2 in dy
 * (Scharfetter–Gummel); monotone when T/steps ≤ stableStep. The cost of a step does not depend on ε unless it is
 * explicit. Throws InputError for axes or options that do not fit, for non-finite coefficients, for a scheme, time and
 * frame that do not go together, for a moving frame of a drift that is not affine, and where memory does not suffice.
 */
export async function solveEpsilonHjb(
  problem: Problem,
  options: EpsilonHjbOptions,
  run: MarchRun = {},
): Promise<EpsilonSolution> {
  return solveEpsilonBy(problem, methodOf('epsilon', options), options, run);
}

/** The same by a method at hand, whatever names the options hold. */
export async function solveEpsilonBy(
  problem: Problem,
  method: Method,
  options: EpsilonHjbOptions,
  run: MarchRun,
): Promise<EpsilonSolution> {
  requireMarch(problem, options, allTerms);
  requireEpsilon(options.epsilon);
  requireGrid(problem, method, 'the ε-HJB problem');
  const started = run.clock?.() ?? 0;
  return inSessions(run, async (workplace) => {
    requirePlaneRoom(problem, method, options, workplace.session.free);
    const posed = poseEpsilonHjb(problem, method, options, workplace.session);
    return solvePosed({ ...posed, started }, options, run, workplace);
  });
}

/** The solve of a problem whose operators stand. */
export async function solvePosed(
  { frame, ...posed }: PosedEpsilon,
  options: MethodOptions & { readonly epsilon: number },
  run: MarchRun,
  workplace: Workplace & Attempt,
): Promise<EpsilonSolution> {
  const found = await solveWithMethod(posed, options, run, workplace);
  return { ...found, epsilon: options.epsilon, frame };
}

/** Where the fields of a solve are kept; what is on the heap has no bound. */
type FieldSpace = Pick<Session, 'allocate' | 'free'>;

/** The operators of the ε-problem on its nodes, in its frame. */
export function poseEpsilonHjb(
  problem: Problem,
  method: Method,
  options: EpsilonHjbOptions,
  space: FieldSpace = { allocate: onHeap, free: Infinity },
): PosedEpsilon {
  if (options.frame === 'moving') requireMoving(method);
  // Half of the space is for the other fields.
  const room = space.free / 2 / Math.max(1, resolventsOf(method));
  const operators = epsilonOperators(problem, options, { allocate: space.allocate, room });
  return { ...operators, method, limit: { epsilon: options.epsilon }, stepBound: 'own', started: 0 };
}

type PosedEpsilon = Posed & Pick<EpsilonSolution, 'frame'>;

/** What depends on neither ε, T nor the method; `room` is that of the factors of a resolvent. */
export function epsilonOperators(
  original: Problem,
  { slow, fast, fastScheme: scheme, fastSolve, frame: of }: EpsilonNodes,
  { allocate, room }: { readonly allocate: Allocate; readonly room: number },
): Pick<PosedEpsilon, 'problem' | 'grid' | 'operators' | 'terminal' | 'frame' | 'doubts'> {
  const frame = of === 'moving' ? requireMovingFrame(original) : null;
  const problem = frame?.problem ?? original;
  const [slowGrid, fastGrid] = [tensorGrid(slow), tensorGrid(fast)];
  const isStill = frame !== null;
  const operators = {
    grid: slowGrid,
    slow: slowHamiltonian(problem, slowGrid, fastGrid, { allocate, slope: frame?.slope }),
    fast: fastOperator(problem, slowPoints(slowGrid), fast, { scheme, allocate, isStill, fastSolve, room }),
    allocate,
    discount: problem.discount ?? 0,
    source: sampleSource(problem.source, slowGrid, fastGrid),
  };
  const doubts = () => doubtsOfGrid(problem, slow, fast);
  const terminal = terminalOf(problem, slowGrid, fastGrid, () => operators.fast.stationary());
  return { problem, grid: tensorGrid([...slow, ...fast]), operators, terminal, frame, doubts };
}
