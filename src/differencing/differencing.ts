/**
 * How a sweep takes differences of V along the slow axes, in units of a cell: its increment at a node is dt times a
 * minimum over the controls. Every kind of differencing is one record, in upwind.ts, weno.ts, central.ts and
 * interpolation.ts, with all that is to be known of it. Its formula in plain TypeScript is the oracle of the fast loops
 * that kernels have for it.
 *
 * At both ends of an axis the difference is the interior one of first order, and ν_i counts as 0.
 */
import type { Edge } from '../control/candidate-controls.ts';
import type { FormulaFamily } from '../control/formula-families.ts';
import type { Family } from '../control/quadratic-families.ts';
import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import type { CrossTerms } from '../control/slow-noise.ts';
import type { Grid } from '../grid/grid.ts';

/** A kind of differencing: what it claims, its step bounds and its increment. */
export interface DifferencingKind {
  readonly name: string;
  readonly claims: Claims;
  /** Where the increment is taken at the foot of a control (feet.ts) instead of by differences. */
  readonly feet: Feet;
  /** Differences are taken along the fast axes of a moving frame too. */
  readonly followsFrame: boolean;
  /** How noise with cross terms is taken. */
  readonly crossTerms: CrossTerms;
  /** Its number in src/kernel/wasm/assembly/difference.ts. */
  readonly wasm: number;
  /** Its number in src/kernel/gpu/step-kernels.ts; absent where a card is not taught it. */
  readonly card?: number;
  /** The coefficients it needs on given nodes, for values that start from `start` (one per slow node). */
  on(nodes: { readonly grid: Grid; readonly slow: SlowHamiltonian }, start: Float64Array): Differencing<Float64Array>;
  /**
   * The largest dt for which V ↦ V + dt·M V is what the claims say, or with `measure` π the averaged sweep
   * v ↦ v + dt Σ_j π_j M v; ∞ where there is no bound.
   */
  longestStep(on: Differencing<Float64Array>, slow: SlowHamiltonian, measure: Float64Array | null): number;
  /** The largest dt for which the diagonal of V + dt·M V keeps a share to give to other terms; without long feet. */
  sharedStep(on: Differencing<Float64Array>, slow: SlowHamiltonian): number;
  /** The step taken where none is given; default: the longest. */
  readonly usualStep?: (slow: SlowHamiltonian, measure: Float64Array) => number;
  /** dt over the bound at every node of slow × fast, of which there are `size`; of x alone where coefficients are. */
  courant(sweep: Sweep, slots: readonly Float64Array[], size: number): Float64Array;
  /** How many cells away values enter, where the fastest control moves `cells` cells a step. */
  reach(cells: number): number;
  /** row(s) = the increment at slow node s of a row. */
  increments(row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart): void;
  /** row(s) += what the controls have no part in. */
  readonly dissipate?: (row: Float64Array, sweep: RowSweep, V: Float64Array, start: RowStart) => void;
}

/** 'beyond-a-cell': at nodes from which a control moves farther than Σ_i|d_i| = 1 cells. */
export type Feet = 'never' | 'beyond-a-cell' | 'always';

/** 'under-cfl': monotone when dt is at most the longest step. */
export type Monotone = 'always' | 'under-cfl' | 'never';

/** What a differencing claims; tests hold it to that. */
export interface Claims {
  /** Order in dx where V is smooth, with dt ∝ dx. */
  readonly order: number;
  readonly monotone: Monotone;
  /** Degree of the polynomials that interpolate values between x-nodes without loss of order. */
  readonly interpolation: 1 | 3;
  /** Order in dx of an error that every step makes anew; absent where errors in dx do not grow with the steps. */
  readonly orderPerStep?: number;
}

/** A kind of differencing with its coefficients on given nodes; fields are arrays, or slots of a step program. */
export interface Differencing<Field = number> {
  readonly kind: DifferencingKind;
  /** Per axis what keeps smoothness weights from dividing by 0, in units of V². */
  readonly floors?: readonly number[];
  /** Per axis fields of ν_i. */
  readonly viscosity?: readonly Field[];
}

/**
 * A candidate control: slots of its signed rates r_i = φ_i/dx_i per slow axis, then those along the fast axes that a
 * sweep moves in, and of its running cost if it has any.
 */
export interface CandidateSlots {
  readonly rates: readonly number[];
  readonly cost: number | null;
}

/**
 * The controls a minimum runs over: the candidates, rest (no motion, no cost) if `canRest`, what lies on the edges
 * between two of them (−1: rest), the families, whose coefficients stand in slots, and those of formulas.
 */
export interface Minimum {
  readonly candidates: readonly CandidateSlots[];
  readonly canRest: boolean;
  readonly edges: readonly Edge[];
  readonly families: readonly Family<number>[];
  readonly formulas: readonly FormulaFamily[];
  /**
   * A slot of max Σ_i|r_i| over the controls that can be minimisers, as far as differences must reach
   * (wide-difference.ts); null where the feet of all controls are known.
   */
  readonly speeds: number | null;
}

/** The lines of one fast axis: `nodes` nodes, `stride` fast nodes apart. */
export interface FastLines {
  /** Whether the rates are the same on all lines, bit for bit. */
  readonly alike?: boolean;
  readonly nodes: number;
  readonly stride: number;
}

/**
 * Noise in x as second differences Σ_d ν_d δ_d²V/2 in directions d, that reach over κ of their cells in each row, or
 * for cross terms along the columns of s (noise-columns.ts).
 */
export interface NoiseSlots {
  /** The directions in cells per slow axis, the axes first; none for columns. */
  readonly directions: readonly (readonly number[])[];
  /** Slots of ν_d per direction; null where the families hold it, and for columns. */
  readonly steady: readonly number[] | null;
  /** κ per direction and fast node (second-difference.ts); none for columns. */
  readonly reach: readonly Float64Array[];
  readonly columns?: ColumnSlots;
}

/** The columns of s, for noise with cross terms. */
export interface ColumnSlots {
  /** Per column and slow axis a slot of s_ij/dx_i; null for 0. */
  readonly slots: readonly (readonly (number | null)[])[];
  /** k, the root of a time: arms are k·s_j long. */
  readonly arm: number;
}

/** What makes the increment of a sweep. */
export interface Sweep {
  readonly minimum: Minimum;
  readonly differencing: Differencing;
  readonly dt: number;
  /** Time of flight of a foot, the whole time step; an increment is dt/foot times what happens in it. */
  readonly foot: number;
  /** Absent without noise in x. */
  readonly noise?: NoiseSlots;
  /** Fast axes along which the controls move V as well. */
  readonly across?: readonly FastLines[];
}

/** A sweep with everything it reads but V. */
export interface RowSweep extends Sweep {
  readonly slow: Grid;
  readonly slots: readonly Float64Array[];
}

/** Where a row of slow nodes starts: in the coefficient arrays, and in V. */
export interface RowStart {
  readonly node: number;
  readonly value: number;
}
