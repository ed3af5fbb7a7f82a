import type { Outcome } from '../../solvers/index.ts';
import type { Assumption } from '../../src/assumptions/assumption.ts';
import type { Certificate } from '../../src/verification/certificate.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { PathStudy } from './path-study.ts';
import type { StudyFields } from './study-fields.ts';
import type { StudyVerdict } from './study-verdict.ts';

/** Everything `hjb study` finds out; study.json is this record. Deterministic but for `timings`. */
export interface Study {
  readonly command: 'study';
  /** The same for all that was found from the same scenario and options by the same program. */
  readonly run: string;
  readonly version: string;
  readonly scenario: { readonly name: string; readonly title: string; readonly source: string };
  /** The tables that were asked for, where they are a part of the study; left out for the whole. */
  readonly only?: readonly string[];
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
  readonly fields: StudyFields;
  /** Ensembles of paths; null where the scenario asks for none. */
  readonly paths: PathStudy | null;
  readonly warnings: readonly string[];
  /** The worst of the parts. */
  readonly verdict: StudyVerdict;
  readonly outcome: { readonly status: Outcome['status']; readonly advice?: string };
  readonly timings: { readonly seconds: number };
}
