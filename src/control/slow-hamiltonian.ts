/**
 * The discrete slow Hamiltonian, one object with two uses: in the ε-HJB problem node by node, and averaged over y.
 *
 *   (M V)(x,y) = min_{u∈U} Σ_i [φ_i⁺ D_i⁺V + φ_i⁻ D_i⁻V] + ℓ      (Kushner, Dupuis 2001: control-wise upwinding),
 *
 * φ⁺ = max(φ,0), φ⁻ = min(φ,0). Upwinding follows the drift of the *controlled* process; by the sign of p it would not
 * be monotone. V ↦ V + dt·M V is monotone iff dt Σ_i |φ_i|/dx_i ≤ 1 for every control that can be a minimiser.
 *
 * At the ends of an x-axis the difference is always the interior one; box-ends.ts says which drifts it meets.
 * The loops that apply M are phases of src/kernel; here stand its coefficients and bounds.
 */
import type { Grid } from '../grid/grid.ts';
import type { Problem } from '../model/problem.ts';
import { type CandidateOptions, type CandidateRates, evaluateCandidates } from './candidate-rates.ts';
import type { FormulaFamily } from './formula-families.ts';
import { leftOpen } from './formula-pieces.ts';
import { type Range, steepestOf } from './ranges.ts';
import { eachRow, largestOf, type RowNodes, rarelyExceeded, type WriteRow } from './rare-values.ts';
import { type SlowNoiseForms, slowNoiseOn } from './slow-noise.ts';
import { type UsedRates, usedRates } from './used-rates.ts';

/** Speeds are told apart to the square of this part of the largest one. */
const PARTS = 16;

export interface SlowHamiltonian extends CandidateRates {
  readonly slowDimension: number;
  readonly slowNodes: number;
  readonly fastNodes: number;
  /** Axes the controls move along: the slow ones, and in a moving frame the fast ones. */
  readonly movedAxes: number;
  /**
   * How far the minimum over U may lie below what is found, a cost per time: 0 for candidates and quadratics, ∞ where a
   * box is sampled.
   */
  readonly controlsError: number;
  /**
   * Beyond a cell, 'exact': the value at the foot of every control, for candidates and for one quadratic along one
   * axis; 'wide': for some controls differences over as many cells as the fastest of `used` moves.
   */
  readonly longFeet: 'exact' | 'wide';
  /** Null without noise in x. */
  readonly noise: SlowNoiseForms | null;
  /** The |φ_i|/dx_i of the controls that can be minimisers. */
  readonly used: UsedRates;
  /** The V_{i±1} − V_i that these are minimisers for. */
  readonly differences: readonly Range[];
  /** Largest dt for which V ↦ V + dt·M V is monotone without long feet: 1/max Σ_i|φ_i|/dx_i. */
  readonly stableStep: number;
  /** The same for v ↦ v + dt Σ_j π_j M v with weights π(x,y): 1/max_x Σ_j π_j max_u Σ_i|φ_i|/dx_i. */
  averagedStableStep(weights: Float64Array): number;
  /** 1/r where Σ_i|φ_i|/dx_i > r has at most the probability `tail` under the weights π(x,·), for every x. */
  quantileStep(weights: Float64Array, tail: number): number;
  /** How far controls move in a time `foot`. */
  feetIn(foot: number, weights: Float64Array): LongFeet;
  /** The same with the controls that are minimisers for V_{i±1} − V_i in these ranges. */
  usedUnder(differences: readonly Range[]): SlowHamiltonian;
}

/** Feet longer than a cell. */
export interface LongFeet {
  /** Σ_i|d_i| of the longest foot, in cells. */
  readonly longest: number;
  /** The largest probability of feet longer than a cell under the weights at any x. */
  readonly probability: number;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function slowHamiltonian(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  options: CandidateOptions = {},
): SlowHamiltonian {
  const evaluated = evaluateCandidates(problem, slow, fast, options);
  const noise = slowNoiseOn(problem, slow, fast, { ...options, families: evaluated.families });
  const movedAxes = slow.axes.length + (options.slope === undefined ? 0 : fast.axes.length);
  const under = (differences: readonly Range[]): SlowHamiltonian => {
    const used = usedRates(evaluated, { size: slow.size * fast.size, movedAxes, differences });
    const { families, formulas, isSampled } = evaluated;
    const nodes = { lanes: slow.size, size: slow.size * fast.size };
    const errorOf = (family: FormulaFamily) => {
      const slopes = slow.axes.map(({ spacing }, i) => steepestOf(differences[i]) / spacing);
      return leftOpen(family, family.written.isAffine, slopes);
    };
    const areExact = formulas.length === 0 && families.every(({ box }) => box.lower.length === 1 && movedAxes === 1);
    let fastest: number | null = null;
    return {
      ...evaluated,
      slowDimension: slow.axes.length,
      slowNodes: slow.size,
      fastNodes: fast.size,
      movedAxes,
      noise,
      controlsError: isSampled ? Infinity : Math.max(0, ...formulas.map(errorOf)),
      // Noise shares the steps with the drift: feet of controls in closed form are left to problems without.
      longFeet: areExact && (noise === null || families.length === 0) ? 'exact' : 'wide',
      differences,
      used,
      get stableStep() {
        fastest ??= largestOf(used.speeds, nodes);
        return 1 / fastest;
      },
      averagedStableStep: (weights) =>
        1 / averagedSpeed((out, from) => used.speeds(out, from, slow.axes.length), nodes, weights),
      quantileStep: (weights, tail) => 1 / rarelyExceeded(used.speeds, nodes, { weights, tail, parts: PARTS }),
      feetIn: (foot, weights) => feetOf(used, nodes, { foot, weights }),
      usedUnder: under,
    };
  };
  return under(Array.from({ length: movedAxes }, (): Range => [0, 0]));
}

/** max_x Σ_j π_j max_u Σ_i|φ_i|/dx_i, 1 over which is the largest step of the averaged equation. */
export function averagedSpeed(speeds: WriteRow, nodes: RowNodes, weights: Float64Array): number {
  const mean = new Float64Array(nodes.lanes);
  eachRow(speeds, nodes, (row, from) => {
    for (let s = 0; s < row.length; s++) mean[s] += weights[from + s] * row[s];
  });
  return mean.reduce((a, b) => Math.max(a, b), 0);
}

function feetOf(
  used: UsedRates,
  nodes: RowNodes,
  { foot, weights }: { readonly foot: number; readonly weights: Float64Array },
): LongFeet {
  const masses = new Float64Array(nodes.lanes);
  let longest = 0;
  eachRow(used.speeds, nodes, (speeds, from) => {
    for (let s = 0; s < speeds.length; s++) {
      const cells = foot * speeds[s];
      if (cells > longest) longest = cells;
      // The bound of a step may round to just above the cell it was made for.
      if (cells > 1 + 1e-12) masses[s] += weights[from + s];
    }
  });
  return { longest, probability: masses.reduce((a, b) => Math.max(a, b), 0) };
}

/** Σ_j weights_j(x) field(x, y_j), a field of x alone. */
export function averaged(field: Float64Array, weights: Float64Array, slowNodes: number): Float64Array {
  const mean = new Float64Array(slowNodes);
  for (let from = 0; from < field.length; from += slowNodes) {
    for (let s = 0; s < slowNodes; s++) mean[s] += weights[from + s] * field[from + s];
  }
  return mean;
}
