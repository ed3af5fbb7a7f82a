import type { Assumption } from '../../src/assumptions/assumptions.ts';
import type { Certificate } from '../../src/verification/certificate.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { PathStudy } from './path-study.ts';
import type { PlaneFields } from './plane-fields.ts';

/** Vᵉ(τ=T; ·,·): values[j][i] at (x_i, y_j). */
export interface ValueField {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/** Plain data for plots and for fields.h5; everything at the finest level of the study, n = m = 1. */
export interface StudyFields {
  readonly values: readonly ValueField[];
  /** v(τ=T; ·) of the effective equation, the exact limit where the problem carries one, and f. */
  readonly effective: {
    readonly x: readonly number[];
    readonly values: readonly number[];
    readonly exact: readonly number[] | null;
    readonly terminal: readonly number[];
  };
  /** H̄: values[k][i] at (x_i, p_k). */
  readonly hamiltonian: {
    readonly x: readonly number[];
    readonly p: readonly number[];
    readonly values: readonly (readonly number[])[];
  };
  /** Densities of μ_x for several frozen x. */
  readonly measures: readonly {
    readonly x: number;
    readonly y: readonly number[];
    readonly density: readonly number[];
    readonly mean: number;
    readonly deviation: number;
  }[];
  /** −δω_δⁿ(y) and the exit weight E_y e^{−δτ_n} on D_n, one entry per (x,p) and radius. */
  readonly cells: readonly {
    readonly x: number;
    readonly p: number;
    readonly radius: number;
    readonly delta: number;
    readonly y: readonly number[];
    readonly minusDeltaOmega: readonly number[];
    readonly exitWeight: readonly number[];
    readonly hamiltonian: number;
  }[];
}

/** Everything `hjb study` finds out; study.json is this record. Deterministic but for `timings`. */
export interface Study {
  readonly command: 'study';
  readonly version: string;
  readonly scenario: { readonly name: string; readonly title: string; readonly source: string };
  /** The problem as mathematics, name and formula. */
  readonly equations: readonly (readonly [string, string])[];
  readonly assumptions: readonly Assumption[];
  /** Of the steps on the finest grid: for Vᵉ at a moderate ε, and for v. */
  readonly certificates: readonly Certificate[];
  /** How differences in x were taken and time steps made. */
  readonly scheme: string;
  readonly time: string;
  /** What was fixed: label and value, for display. */
  readonly settings: readonly (readonly [string, string])[];
  readonly tables: readonly ConvergenceTable[];
  readonly fields: StudyFields | PlaneFields;
  /** Ensembles of paths; null where the scenario asks for none. */
  readonly paths: PathStudy | null;
  readonly warnings: readonly string[];
  readonly outcome: { readonly status: 'converged' | 'stalled' | 'diverged' | 'cancelled'; readonly advice?: string };
  readonly timings: { readonly seconds: number };
}
