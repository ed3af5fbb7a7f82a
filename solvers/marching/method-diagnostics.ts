/** What a solve on a grid tells beside its values. */
import type { Range } from '../../src/control/ranges.ts';
import type { LongFeet } from '../../src/control/slow-hamiltonian.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import type { Snapshot } from '../../src/time/checkpoint.ts';
import type { IterationCounts } from '../../src/time/implicit-howard.ts';
import type { Outcome } from '../../src/time/march.ts';
import type { ClaimedOrder, Monotone, SchemeName } from '../../src/time/schemes.ts';
import type { TimeName } from '../../src/time/time-methods.ts';
import type { FilterReport } from './filter-report.ts';

/** How a value was found. */
export interface MethodDiagnostics {
  /** The values asked for by `snapshots`, the last one at τ = T; fewer where the solve ended early. */
  readonly history: readonly Snapshot[];
  /** How the solve ended; the values are those at τ = T only where it converged. */
  readonly outcome: Outcome;
  readonly scheme: SchemeName;
  readonly time: TimeName;
  /** Sweeps in a step; null where policy iteration solves it. */
  readonly stages: number | null;
  /** What the method claims, at steps no longer than `stableStep`. */
  readonly monotone: Monotone;
  readonly order: ClaimedOrder;
  /** K, the number of time steps; dt = T/K. */
  readonly steps: number;
  /** Largest time step for which the scheme is what it claims; ∞ where no bound holds. */
  readonly stableStep: number;
  /**
   * How the resolvents of the fast variables were taken; null where a step takes none: the effective equation, explicit
   * steps, policy iteration.
   */
  readonly fastSolve: FastSolve | null;
  /** What a filter did; null where there is none. */
  readonly filter: FilterReport | null;
  /** min f − T max ℓ⁻, which no exact value falls below; −∞ where f has no minimum. */
  readonly floor: number;
  /** How far controls move in a step; null where feet longer than a cell are not taken. */
  readonly feet: LongFeet | null;
  /**
   * Policies and sweeps per step of an implicit method, and `courant`, the largest dt Σ_i (|φ_i|/dx_i + ν_i) of all
   * controls, ∞ where one has no end; null for the others.
   */
  readonly iterations: (IterationCounts & { readonly courant: number }) | null;
  /** Of the clock of the run; 0 without one. */
  readonly seconds: number;
  /** How often it was solved for again, because V was steeper than its steps were made for. */
  readonly repeats: number;
  /** Ranges of differences of V between neighbours that its steps are too long for even so, per axis; null for none. */
  readonly exceeded: readonly Range[] | null;
  /** How much larger the value may be because the minimum over U is not exact: 0 for none, ∞ where it is unknown. */
  readonly controlsError: number;
  /**
   * What the nodes in y leave out or do not resolve of the invariant measure at an x node, in sentences; where there is
   * one, errors have no bound.
   */
  readonly doubts: readonly string[];
  /** Everything that is doubtful, the doubts first: steps above `stableStep`, the filter, values no problem has. */
  readonly warnings: readonly string[];
  /** What ran: 'wasm', 'js' or the mode of a graphics card. */
  readonly backend: string;
  /** Threads that worked on it. */
  readonly threads: number;
  /** Bytes of fields held during the solve, at their peak. */
  readonly bytes: number;
}
