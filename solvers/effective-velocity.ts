/**
 * Extended controls ν ∈ L^∞(Rᵐ,U) and the velocities of the effective control system dX̂/dt = φ̄(X̂,ν),
 *
 *   φ̄(x,ν) = ∫ φ(x,y,ν(y)) dμ_x(y),   ℓ̄(x,ν) = ∫ ℓ(x,y,ν(y)) dμ_x(y),   ν_p(y) ∈ argmin_u [φ(x,y,u)·p + ℓ(x,y,u)].
 *
 * Exchange of minimum and integral (Bardi, Kouhkouh 2023; docs/theory.md §1.6):
 *
 *   H̄(x,p) = ∫ −min_u [φ·p + ℓ] dμ_x = −min_ν [φ̄(x,ν)·p + ℓ̄(x,ν)],   attained at ν_p;
 *
 * with noise in x the cost is ℓ + tr(aM), so that ν_p and H̄ depend on M = D²v as well (hessian.ts).
 * Hence −φ̄(x,ν_p) ∈ ∂_pH̄(x,p), and φ̄(x,ν_p) is the point of the velocity body {φ̄(x,ν)} farthest along −p. Constant
 * controls reach a smaller body, and give the larger limit 𝒱 of the averaged system.
 */

import { minimumOver } from '../src/control/pointwise-minimum.ts';
import { convexHull } from '../src/grid/convex-hull.ts';
import type { Integral } from '../src/grid/quadrature.ts';
import { InputError } from '../src/input/input-error.ts';
import { requireCount } from '../src/input/require.ts';
import { reached, type Watch } from '../src/input/watch.ts';
import { conditionalHamiltonian } from '../src/measure/conditional-measure.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { atHessian, type Hessian } from '../src/model/hessian.ts';
import type { Coordinates, Interval, Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { requireNoSource } from '../src/time/source.ts';
import { type ControlledMean, gainOf } from './averaging/controlled-mean.ts';
import { controlledMeans } from './averaging/controlled-means.ts';
import { measureAxes, supportBox } from './averaging/fast-support.ts';
import { frozenTerms, requireBox, requireFrozen, requireHessian, requireSlope } from './requirements.ts';
import { leftOutAt, missedOnGrid } from './verification/measure-on-grid.ts';

/** Where effective velocities are wanted, and for which slopes. */
export interface EffectiveVelocityOptions {
  /** n components. */
  readonly x: Coordinates;
  /** The p of interest, n components each. */
  readonly slopes: readonly Coordinates[];
  /** D²v, a symmetric matrix of n rows; default 0. ℓ̄ holds tr(aM). */
  readonly M?: Hessian;
  /** ∫H dμ by quadrature split where the control switches, or by Σ_j π_j H_j; default gibbs where m ≤ 2 allows it. */
  readonly method?: 'gibbs' | 'stationary';
  /** Nodes on the longest side of the y-box. */
  readonly nodes?: number;
  /** One interval per fast axis; default: the support of μ_x. */
  readonly box?: readonly Interval[];
}

/** What the extended control ν_p does on average, and both sides of the exchange formula. */
export interface EffectiveVelocity {
  readonly p: readonly number[];
  /** φ̄(x,ν_p), n components. */
  readonly velocity: readonly number[];
  /** ℓ̄(x,ν_p). */
  readonly cost: number;
  /** H̄(x,p), the more accurate side: the integral for gibbs, else the maximum over extended controls. */
  readonly value: number;
  /** ∫H(x,y,p) dμ_x(y) by quadrature (gibbs), or Σ_j π_j H_j: the averaged operator of the effective equation. */
  readonly integral: number;
  /** max −(φ̄(x,ν)·p + ℓ̄(x,ν)) over the extended controls of all slopes. */
  readonly overExtended: number;
  /** The same maximum over constant controls: H of the averaged system (S); over some of them unless quadratic in u. */
  readonly overConstant: number;
  /** |integral − overExtended|: quadrature error alone, not that of a measure which both sides share. */
  readonly residual: number;
  /** Stated error of φ̄, ℓ̄ and H̄: their largest change from twice the spacing, and that of the quadrature. */
  readonly error: number;
}

/** The velocities of the effective control system at one x. */
export interface EffectiveVelocities {
  readonly x: readonly number[];
  /** How ∫H dμ_x was taken. */
  readonly method: 'gibbs' | 'stationary';
  /** One per slope, in their order. */
  readonly velocities: readonly EffectiveVelocity[];
  /** φ̄(x,u) and ℓ̄(x,u) of the constant controls at the corners of U, or at a few of U where these are not all. */
  readonly constants: readonly ControlledMean[];
  /** Corners of the convex hull of all φ̄(x,ν_p): inside {φ̄(x,ν)}, which is convex (Lyapunov). */
  readonly body: readonly (readonly number[])[];
  /** Corners of the hull of φ̄(x,u), u constant. */
  readonly constantBody: readonly (readonly number[])[];
  /** What the box leaves out or the y-nodes do not resolve of μ_x, in sentences; errors are then ∞. */
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}

/**
 * ν_p at x: y ↦ the minimiser of tr(aM) + φ·p + ℓ over U, M = 0 by default, the first one in a tie. Throws InputError
 * for x, p or M that do not fit; the function throws it where there is no lower bound over U.
 */
export function extendedControl(
  problem: Problem,
  x: Coordinates,
  p: Coordinates,
  M?: Hessian,
): (y: Coordinates) => Coordinates {
  requireFrozen(problem, { what: 'the effective velocity', takes: frozenTerms }, x, p ?? []);
  requireHessian(problem, M);
  const { leastAt } = minimumOver(atHessian(problem, M));
  return (y) => leastAt(x, y, p).control;
}

/**
 * φ̄(x,ν_p), H̄(x,p) and both velocity bodies (Bardi, Kouhkouh 2023), m = 1, 2, 3: order 5 in h where the control
 * switches across a smooth surface. Throws InputError for options that do not fit, without an invariant measure, or for
 * gibbs without a potential (m > 1).
 */
export function effectiveVelocities(
  whole: Problem,
  options: EffectiveVelocityOptions,
  watch: Watch = {},
): EffectiveVelocities {
  requireOptions(whole, options);
  const { x, slopes, box: given } = options;
  const problem = atHessian(whole, options.M);
  const method = options.method ?? usualMethod(problem);
  const box = options.box ?? supportBox(problem, x);
  const means = controlledMeans(problem, { x, box, nodes: options.nodes });
  const coarse = controlledMeans(problem, { x, box, nodes: Math.ceil(means.nodes / 2) });
  const integralAt = method === 'gibbs' ? byQuadrature(problem, x, box) : null;
  const missed = missedOnGrid(problem, x, measureAxes(problem, box, means.nodes)).doubt;
  const cut = given === undefined ? null : leftOutAt(problem, x, given);
  const warnings = [missed, cut].filter((doubt) => doubt !== null);
  const parts = 2 * slopes.length;
  const extended = slopes.map((p, k) => {
    reached(watch, k / parts);
    return means.atMinimizers(p);
  });
  const best = slopes.map((p) => means.constantAt(p));
  const velocities = slopes.map((p, k): EffectiveVelocity => {
    reached(watch, (slopes.length + k) / parts);
    const quadrature = integralAt?.(p);
    const nodal = means.meanHamiltonian(p);
    const integral = quadrature?.value ?? nodal.value;
    const overExtended = largest(extended, p);
    const { velocity, cost } = extended[k];
    return {
      p: Array.from(p),
      velocity,
      cost,
      value: quadrature?.value ?? overExtended,
      integral,
      overExtended,
      overConstant: gainOf(best[k], p),
      residual: Math.abs(integral - overExtended),
      error: Math.max(
        warnings.length > 0 ? Infinity : 0,
        quadrature?.error ?? nodal.controls,
        extended[k].error + distance(extended[k], coarse.atMinimizers(p), p),
      ),
    };
  });
  reached(watch, 1);
  return {
    x: Array.from(x),
    method,
    velocities,
    constants: means.constants,
    body: convexHull(extended.map(({ velocity }) => velocity)),
    constantBody: convexHull([...means.constants, ...best].map(({ velocity }) => velocity)),
    warnings,
    outcome: means.outcome,
  };
}

/**
 * Unit vectors p_k = (cos 2πk/K, sin 2πk/K), exact along the axes; on the line −1 and 1. Throws InputError on the line
 * for K other than 2, in the plane for K below 3.
 */
export function unitDirections(dimension: 1 | 2, count: number): number[][] {
  if (dimension === 1 && count !== 2) {
    throw new InputError(
      `there are no ${count} directions on a line`,
      'with one slow variable p points left or right',
      'take 2 directions, and several lengths of p if there is a running cost',
    );
  }
  if (dimension === 1) return [[-1], [1]];
  if (!(Number.isInteger(count) && count >= 3)) {
    throw new InputError(`${count} directions span no plane`, 'a polygon has three corners or more', 'take 3 or more');
  }
  // 6e-17 for cos(π/2) would print as a slope that is not meant.
  const exact = (value: number) => (Math.abs(value) < 1e-15 ? 0 : value);
  return Array.from({ length: count }, (_, k) => {
    const angle = (2 * Math.PI * k) / count;
    return [exact(Math.cos(angle)), exact(Math.sin(angle))];
  });
}

function requireOptions(problem: Problem, { x, slopes, M, nodes, box }: EffectiveVelocityOptions): void {
  requireFrozen(problem, { what: 'the effective velocity', takes: frozenTerms }, x);
  requireHessian(problem, M);
  for (const p of slopes) requireSlope(problem, p);
  if (nodes !== undefined) requireCount(nodes, 5, { name: 'nodes', use: 'a side of the y-box has so many nodes' });
  requireBox(problem, box);
  requireNoSource(problem, 'effective velocities');
}

function usualMethod({ fast }: Problem): 'gibbs' | 'stationary' {
  const m = fast.drift.length;
  const cheap = m === 1 || (m === 2 && fast.kind === 'potential');
  return cheap ? 'gibbs' : 'stationary';
}

function byQuadrature(problem: Problem, x: Coordinates, box: readonly Interval[]): (p: Coordinates) => Integral {
  if (box.length === 1) return gibbsMeasure(problem, x, box[0]).hamiltonian;
  if (problem.fast.kind === 'potential') return conditionalHamiltonian(problem, x, box);
  throw new InputError(
    `${problem.name} has no potential for the method gibbs`,
    'its fast drift is given as a drift b, and the Gibbs measure needs Φ with b = −D_yΦ',
    'give fast.potential in the scenario, or use the method stationary',
    'fastDrift',
  );
}

/** The largest change of φ̄, ℓ̄ and −(φ̄·p + ℓ̄). */
function distance(a: ControlledMean, b: ControlledMean, p: Coordinates): number {
  const parts = [...a.velocity.map((v, i) => v - b.velocity[i]), a.cost - b.cost, largest([a], p) - largest([b], p)];
  return Math.max(...parts.map(Math.abs));
}

/** max −(φ̄·p + ℓ̄). */
function largest(means: readonly ControlledMean[], p: Coordinates): number {
  return means.reduce((most, mean) => Math.max(most, gainOf(mean, p)), -Infinity);
}
