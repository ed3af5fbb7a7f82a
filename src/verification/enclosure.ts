/**
 * Two-sided answers for monotone schemes: how far a computed grid function may be from the exact discrete one.
 *
 * Let the exact steps be W^{k+1} = S(W^k), S monotone (V ≤ W nodewise ⇒ SV ≤ SW) and S(V + c) = SV + c for constants c,
 * and let V^{k+1} = S(V^k) + r_k with V^0 = W^0. Then
 *
 *   V^N − Σ_k max r_k ≤ W^N ≤ V^N − Σ_k min r_k.
 *
 * Proof. Let c = max(V^k − W^k). From V^k ≤ W^k + c follows S V^k ≤ S(W^k + c) = S W^k + c, hence
 * max(V^{k+1} − W^{k+1}) ≤ c + max r_k, and max(V^N − W^N) ≤ Σ max r_k by induction; the other side is the same for the
 * minimum. (A monotone S that commutes with constants is nonexpansive: Crandall, Tartar 1980.) ∎
 *
 * Implicit steps are S = F⁻¹, F(V) = V − dt·M V − (dt/ε) L V: F(V + c) = F(V) + c and F⁻¹ is monotone. An inner
 * iteration that stops at V^{k+1} with residual ρ_k = F(V^{k+1}) − V^k has V^{k+1} = S(V^k + ρ_k), which lies between
 * S(V^k) + min ρ_k and S(V^k) + max ρ_k: the range of ρ_k holds that of r_k and may take its place.
 *
 * What is enclosed is the discrete value. Its distance from the solution of the equation is no part of it.
 */

import type { FastSolve } from '../generator/splitting.ts';

/** The least and greatest entry of the residual of one step. */
export interface ResidualRange {
  readonly least: number;
  readonly greatest: number;
}

/** The exact discrete value lies in [computed + below, computed + above], at every node. */
export interface Enclosure {
  readonly below: number;
  readonly above: number;
}

/** below = −Σ max r_k and above = −Σ min r_k for a monotone scheme that commutes with constants. */
export function encloseDiscrete(residuals: Iterable<ResidualRange>): Enclosure {
  let [below, above] = [0, 0];
  for (const { least, greatest } of residuals) {
    below -= greatest;
    above -= least;
  }
  return { below, above };
}

/** Largest Σ|weights| of cubic Lagrange interpolation on four equidistant nodes; 1 for linear interpolation. */
const LEBESGUE_CUBIC = 1.632;

/**
 * The enclosure of interpolated values: linear weights are non-negative and keep it; cubic ones are partly negative,
 * Σw⁺ = 1 + s and Σw⁻ = s with s = (Λ − 1)/2, Λ the product of the Lebesgue constants of the axes.
 */
export function betweenNodes({ below, above }: Enclosure, degree: readonly number[]): Enclosure {
  const lebesgue = degree.reduce((product, each) => product * (each === 1 ? 1 : LEBESGUE_CUBIC), 1);
  const overshoot = ((lebesgue - 1) / 2) * (above - below);
  return { below: below - overshoot, above: above + overshoot };
}

/** Unit roundoff of doubles. */
const ROUNDOFF = Number.EPSILON / 2;

/** What higher powers of the roundoff add is far below this. */
const HIGHER_ORDER = 1.01;

/** A step: the size of its values, and how its resolvent is taken, null where it takes none. */
export interface RoundedStep {
  readonly largest: number;
  /** Axes that its sweep takes differences along. */
  readonly movedAxes: number;
  /** Cells to the farthest foot where feet may be longer than a cell, else 0. */
  readonly cells: number;
  /** Nodes per fast axis. */
  readonly fastShape: readonly number[];
  readonly fastSolve: FastSolve | null;
}

/**
 * The range of the rounding of one step whose phases form convex combinations of values of size at most `largest`, with
 * the coefficients as the program computes them: what its resolvent costs, and 16·movedAxes + 10 for an explicit
 * sweep. Weights at a foot are what is left of its length beyond whole cells, which loses as many times more.
 */
export function roundingRange({ largest, movedAxes, cells, ...step }: RoundedStep): ResidualRange {
  const operations = resolventRoundings(step) + (16 * movedAxes + 10) * (1 + cells);
  const greatest = HIGHER_ORDER * operations * ROUNDOFF * largest;
  return { least: -greatest, greatest };
}

/**
 * Roundoffs of max|V|. Line solves are running averages, T + s(r − T) with 0 ≤ s ≤ 1 costing at most 5 in each of two
 * passes, per node of an axis and sub-sweep. An unsplit solve takes off a value and passes each row twice: at most
 * width products in a sum and 5 operations before it, of values up to 2 max|V|; its weights are non-negative and sum to
 * 1 up to the rounding of the factors, which times the rounding of values is of higher order. An average over all nodes
 * or an explicit step in their place costs less than 10 a node.
 */
function resolventRoundings({ fastShape, fastSolve }: Pick<RoundedStep, 'fastShape' | 'fastSolve'>): number {
  const sum = fastShape.reduce((total, nodes) => total + nodes, 0);
  if (fastSolve === null) return 10 * fastShape.reduce((product, nodes) => product * nodes, 1);
  if (fastSolve.kind === 'lines') return 10 * fastSolve.subSweeps * sum;
  const width = Math.min(...fastShape);
  return 4 * (sum - width) * (width + 6) + 2;
}
