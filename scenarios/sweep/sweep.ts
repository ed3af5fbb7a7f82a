import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { SweptParameter } from '../scenario.ts';
import type { Fields } from '../study/field.ts';
import type { StudyVerdict } from '../study/study-verdict.ts';

/** A number with a bound of its error; null where none is known. */
export interface Bounded {
  readonly value: number | null;
  readonly bound: number | null;
}

/** Vᵉ at the centre of K and its distance from v, for one ε. */
export interface AtEpsilon extends Bounded {
  readonly epsilon: number;
  /** sup|Vᵉ − v| over K on the same grid with the same steps, and the order from the ε before. */
  readonly distance: number | null;
  readonly order: number | null;
}

/** What a sweep keeps of the study of one member. */
export interface SweptMember {
  readonly values: Readonly<Record<string, number>>;
  /** The folder of its study beside the sweep. */
  readonly folder: string;
  readonly verdict: StudyVerdict['word'] | 'not solved';
  /** Why it diverged or could not be solved. */
  readonly advice: string | null;
  readonly warnings: readonly string[];
  readonly equations: readonly (readonly [string, string])[];
  readonly settings: readonly (readonly [string, string])[];
  /** The centre of K by the names of the axes. */
  readonly centre: Readonly<Record<string, number>>;
  /** In decreasing ε. */
  readonly epsilon: readonly AtEpsilon[];
  /** The order in ε of the whole column, and what the rows say together. */
  readonly order: { readonly overall: number | null; readonly found: string | null };
  readonly limit: Bounded;
  /** H̄ at the first point of the cell problems. */
  readonly hamiltonian: Bounded;
  /** v, Vᵉ over x and H̄ of the study; null where it diverged. */
  readonly fields: Fields | null;
}

/** With more members, reports of 5 MB each are left to `hjb report`. */
export const MOST_REPORTS = 200;

/** A parameter study: one study for every combination of values, side by side. Deterministic. */
export interface Sweep {
  readonly command: 'sweep';
  readonly version: string;
  /** The same for all that was found from the same scenario and options by the same program. */
  readonly run: string;
  readonly scenario: { readonly name: string; readonly title: string; readonly source: string };
  /** The slowest first. */
  readonly swept: readonly SweptParameter[];
  readonly equations: readonly (readonly [string, string])[];
  readonly settings: readonly (readonly [string, string])[];
  /** A row for every member. */
  readonly table: ConvergenceTable;
  /** Row-major: the last name of `swept` varies fastest. */
  readonly members: readonly SweptMember[];
  readonly warnings: readonly string[];
  /** The worst of the members. */
  readonly verdict: { readonly word: SweptMember['verdict']; readonly parts: readonly string[] };
}
