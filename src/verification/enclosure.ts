/**
 * Two-sided answers for monotone schemes: how far a computed grid function may be from the exact discrete one.
 *
 * Let the exact steps be W^{k+1} = S(W^k), S monotone (V ≤ W nodewise ⇒ SV ≤ SW) and S(V + c) = SV + qc for constants
 * c, q = 1, with a discount 1 − λdt or 1/(1 + λdt), and let V^{k+1} = S(V^k) + r_k, V^0 = W^0 + r_{−1}. Then
 *
 *   V^N − Σ_k q^{N−1−k} max r_k ≤ W^N ≤ V^N − Σ_k q^{N−1−k} min r_k.
 *
 * Proof. Let c = max(V^k − W^k). From V^k ≤ W^k + c follows S V^k ≤ S(W^k + c) = S W^k + qc, hence
 * max(V^{k+1} − W^{k+1}) ≤ qc + max r_k, and the claim by induction; the other side is the same for the minimum. (A
 * monotone S that commutes with constants is nonexpansive: Crandall, Tartar 1980.) ∎
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

/**
 * below = −Σ q^{N−1−k} max r_k and above = −Σ q^{N−1−k} min r_k for a monotone scheme of which a step takes V + c to
 * SV + qc, q = `kept`; the residual of the start, where there is one, is the first.
 */
export function encloseDiscrete(residuals: Iterable<ResidualRange>, kept = 1): Enclosure {
  let [below, above] = [0, 0];
  for (const { least, greatest } of residuals) {
    below = kept * below - greatest;
    above = kept * above - least;
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

/** How the fast variables are relaxed: nodes per fast axis, and how the resolvent is taken, null where none is. */
export interface Relaxation {
  readonly fastShape: readonly number[];
  readonly fastSolve: FastSolve | null;
}

/** A step: the size of its values, and what it does with them. */
export interface RoundedStep extends Relaxation {
  readonly largest: number;
  /** Axes that its sweep takes differences along. */
  readonly movedAxes: number;
  /** Cells to the farthest foot where feet may be longer than a cell, else 0. */
  readonly cells: number;
  /** Axes that noise in x takes second differences along, or columns of it; default 0. */
  readonly noiseArms?: number;
}

/**
 * The range of the rounding of one step whose phases form convex combinations of values of size at most `largest`, with
 * the coefficients as the program computes them: what its resolvent costs, and 16·movedAxes + 10 for an explicit
 * sweep. Weights at a foot are what is left of its length beyond whole cells, which loses as many times more. Second
 * differences of noise are two sums of three values along an axis, or two values at feet along a column. A discount is
 * three operations.
 */
export function roundingRange({ largest, movedAxes, cells, noiseArms = 0, ...step }: RoundedStep): ResidualRange {
  const sweep = (16 * movedAxes + 10) * (1 + cells) + (4 * movedAxes + 20) * noiseArms + 3;
  return within((resolventRoundings(step) + sweep) * ROUNDOFF * largest);
}

/** The range of the rounding of a terminal cost in y that a resolvent, or the mean under π, has passed. */
export function startRange(largest: number, start: Relaxation): ResidualRange {
  return within(resolventRoundings(start) * ROUNDOFF * largest);
}

function within(size: number): ResidualRange {
  const greatest = HIGHER_ORDER * size;
  return { least: -greatest, greatest };
}

/** An implicit step whose policies were solved by lines, and how it ended, relative to max|V|. */
export interface PolicyStep {
  readonly largest: number;
  readonly slowAxes: number;
  /** Nodes on a line, and those that its rates are summed over: one for lines in y, all of y for lines in x. */
  readonly line: number;
  readonly summed: number;
  /** Largest residual of the linear systems, and largest change by the last policy of a step. */
  readonly residual: number;
  readonly update: number;
  /** a, the largest dt Σ_i (|φ_i|/dx_i + ν_i) of all controls. */
  readonly courant: number;
}

/**
 * The range of V⁺ − S(V) of a step V⁺ that policy iteration found. S(V) is the least W over all policies:
 * with A_P Z = b_P for the policy P in force, A_P an M-matrix of row sums 1,
 *
 *   W ≤ Z,   Z ≤ W + κ + 4aδ,   |V⁺ − Z| ≤ δ,
 *
 * κ what another policy may gain at V⁺, and 2aδ what an increment dt·MV changes when V does by δ. Lines are solved with
 * LINE_ROUNDINGS roundings a node, factors included, and couple to their neighbours by a/(1 + a) at most, so that δ =
 * (1 + a)·rounding + n·residual; the last policy was the best one up to `update`, hence κ = 4a·update + rounding.
 */
export function policyRange(step: PolicyStep): ResidualRange {
  const { largest, slowAxes, line, summed, residual, update, courant: a } = step;
  const solved = (LINE_ROUNDINGS * line + 10 * summed + 16 * slowAxes + 16) * ROUNDOFF;
  const solution = (1 + a) * solved + slowAxes * residual;
  const policy = 4 * a * update + (32 * slowAxes + 48) * (1 + 2 * a) * ROUNDOFF;
  const most = HIGHER_ORDER * largest;
  return { least: -most * solution, greatest: most * (solution * (1 + 4 * a) + policy) };
}

/** Two passes of 5 operations, and factors that lose 4 roundings a row, twice over, in both. */
const LINE_ROUNDINGS = 30;

/**
 * Roundoffs of max|V|. Line solves are running averages, T + s(r − T) with 0 ≤ s ≤ 1 costing at most 5 in each of two
 * passes, per node of an axis and sub-sweep. An unsplit solve takes off a value and passes each row twice: at most
 * width products in a sum and 5 operations before it, of values up to 2 max|V|; its weights are non-negative and sum to
 * 1 up to the rounding of the factors, which times the rounding of values is of higher order. An average over all nodes
 * or an explicit step in their place costs less than 10 a node.
 */
function resolventRoundings({ fastShape, fastSolve }: Relaxation): number {
  const sum = fastShape.reduce((total, nodes) => total + nodes, 0);
  if (fastSolve === null) return 10 * fastShape.reduce((product, nodes) => product * nodes, 1);
  if (fastSolve.kind === 'lines') return 10 * fastSolve.subSweeps * sum;
  const width = Math.min(...fastShape);
  return 4 * (sum - width) * (width + 6) + 2;
}
