/**
 * The discrete slow Hamiltonian, one object with two uses: in the ε-HJB problem node by node, and averaged over y.
 *
 *   (M V)(x,y) = min_{u∈U} Σ_i [φ_i⁺ D_i⁺V + φ_i⁻ D_i⁻V] + ℓ      (Kushner, Dupuis 2001: control-wise upwinding),
 *
 * φ⁺ = max(φ,0), φ⁻ = min(φ,0). Upwinding follows the drift of the *controlled* process; by the sign of p it would not
 * be monotone. V ↦ V + dt·M V is monotone iff dt Σ_i |φ_i|/dx_i ≤ 1 for every control that can be a minimiser.
 *
 * At the ends of an x-axis the difference is always the interior one; candidate-rates.ts says which drifts it meets.
 * The loops that apply M are phases of src/kernel; here stand its coefficients and bounds.
 */
import type { Grid } from '../grid/grid.ts';
import type { Problem } from '../model/problem.ts';
import { type CandidateOptions, type CandidateRates, evaluateCandidates } from './candidate-rates.ts';
import type { FormulaFamily } from './formula-families.ts';
import { leftOpen } from './formula-pieces.ts';
import { type UsedRates, usedRates } from './used-rates.ts';

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
  /** Feet longer than a cell are known for all controls: for candidates, and for one quadratic along one axis. */
  readonly takesLongFeet: boolean;
  /** The |V_{i±1} − V_i| for which minimisers are known, 0 before any are given. */
  readonly differences: readonly number[];
  /** The |φ_i|/dx_i of the controls that can be minimisers. */
  readonly used: UsedRates;
  /** Largest dt for which V ↦ V + dt·M V is monotone without long feet: 1/max Σ_i|φ_i|/dx_i. */
  readonly stableStep: number;
  /** The same for v ↦ v + dt Σ_j π_j M v with weights π(x,y): 1/max_x Σ_j π_j max_u Σ_i|φ_i|/dx_i. */
  averagedStableStep(weights: Float64Array): number;
  /** 1/r where Σ_i|φ_i|/dx_i > r has at most the probability `tail` under the weights π(x,·), for every x. */
  quantileStep(weights: Float64Array, tail: number): number;
  /** How far controls move in a time `foot`. */
  feetIn(foot: number, weights: Float64Array): LongFeet;
  /** The same with the controls that are minimisers for differences |V_{i±1} − V_i| ≤ `differences`. */
  usedUnder(differences: readonly number[]): SlowHamiltonian;
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
  const movedAxes = slow.axes.length + (options.slope === undefined ? 0 : fast.axes.length);
  const under = (differences: readonly number[]): SlowHamiltonian => {
    const used = usedRates(evaluated, { size: slow.size * fast.size, movedAxes, differences });
    const { families, formulas, isSampled } = evaluated;
    const errorOf = (family: FormulaFamily) => {
      const slopes = slow.axes.map(({ spacing }, i) => differences[i] / spacing);
      return leftOpen(family, family.written.isAffine, slopes);
    };
    let fastest: number | null = null;
    return {
      ...evaluated,
      slowDimension: slow.axes.length,
      slowNodes: slow.size,
      fastNodes: fast.size,
      movedAxes,
      controlsError: isSampled ? Infinity : Math.max(0, ...formulas.map(errorOf)),
      takesLongFeet: formulas.length === 0 && families.every(({ box }) => box.lower.length === 1 && movedAxes === 1),
      differences,
      used,
      get stableStep() {
        fastest ??= largestSpeed(used, slow.size * fast.size);
        return 1 / fastest;
      },
      averagedStableStep(weights) {
        const speeds = weights.map((_, k) => used.speedAt(k, slow.axes.length));
        return 1 / averaged(speeds, weights, slow.size).reduce((a, b) => Math.max(a, b), 0);
      },
      quantileStep: (weights, tail) => 1 / quantileOf(used, { weights, tail, lanes: slow.size }),
      feetIn: (foot, weights) => feetOf(used, { foot, weights, lanes: slow.size }),
      usedUnder: under,
    };
  };
  return under(new Array<number>(movedAxes).fill(0));
}

function largestSpeed(used: UsedRates, size: number): number {
  let fastest = 0;
  for (let k = 0; k < size; k++) fastest = Math.max(fastest, used.speedAt(k));
  return fastest;
}

function feetOf(
  used: UsedRates,
  { foot, weights, lanes }: { readonly foot: number; readonly weights: Float64Array; readonly lanes: number },
): LongFeet {
  const masses = new Float64Array(lanes);
  let longest = 0;
  for (let k = 0; k < weights.length; k++) {
    const cells = foot * used.speedAt(k);
    longest = Math.max(longest, cells);
    // The bound of a step may round to just above the cell it was made for.
    if (cells > 1 + 1e-12) masses[k % lanes] += weights[k];
  }
  return { longest, probability: masses.reduce((a, b) => Math.max(a, b), 0) };
}

/** Speeds are told apart to this part of the largest one. */
const BINS = 256;

/** The least of BINS speeds that is exceeded with at most the probability `tail` under the weights at every x. */
function quantileOf(
  used: UsedRates,
  { weights, tail, lanes }: { readonly weights: Float64Array; readonly tail: number; readonly lanes: number },
): number {
  const fastest = largestSpeed(used, weights.length);
  if (fastest === 0) return 0;
  const masses = new Float64Array(lanes * BINS);
  for (let k = 0; k < weights.length; k++) {
    const bin = Math.min(Math.floor((used.speedAt(k) / fastest) * BINS), BINS - 1);
    masses[(k % lanes) * BINS + bin] += weights[k];
  }
  let highest = 0;
  for (let s = 0; s < lanes; s++) {
    let beyond = 0;
    let bin = BINS - 1;
    while (bin > highest && beyond + masses[s * BINS + bin] <= tail) beyond += masses[s * BINS + bin--];
    highest = Math.max(highest, bin);
  }
  return (fastest * (highest + 1)) / BINS;
}

/** Σ_j weights_j(x) field(x, y_j), a field of x alone. */
export function averaged(field: Float64Array, weights: Float64Array, slowNodes: number): Float64Array {
  const mean = new Float64Array(slowNodes);
  for (let k = 0; k < field.length; k++) mean[k % slowNodes] += weights[k] * field[k];
  return mean;
}
