/** What of a study takes long beside its solves, part by part. */
import type { Assumption } from '../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import type { Run } from '../../src/time/march.ts';
import type { Certificate } from '../../src/verification/certificate.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { Lent } from '../run/piece.ts';
import { budgetTable } from './budget-table.ts';
import { cellFields } from './cell-fields.ts';
import { cellGridTable, cellRadii, deltaTables, hamiltonianTable, runCells, trapTable } from './cell-tables.ts';
import { hasCertificates, studyCertificate } from './certificates.ts';
import type { Fields } from './field.ts';
import type { StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';
import { type StudyFields, studyFields } from './study-fields.ts';
import { valueTable } from './value-tables.ts';

/** What each part finds. */
export interface Parts {
  readonly assumptions: readonly Assumption[];
  readonly certificateOfValue: Certificate;
  readonly certificateOfLimit: Certificate;
  readonly cells: { readonly tables: readonly ConvergenceTable[]; readonly curves: Fields };
  readonly trap: ConvergenceTable;
  readonly cellGrids: ConvergenceTable;
  readonly hamiltonians: ConvergenceTable;
  readonly values: ConvergenceTable;
  readonly budget: ConvergenceTable;
  readonly fields: StudyFields;
}

export type PartName = keyof Parts;

/** How a part is found. */
interface Part<Value> {
  /** What progress calls it. */
  readonly label: string;
  /** What it reads. */
  readonly after: 'nothing' | 'solves' | 'solves and cells';
  find(setup: StudySetup, from: Sources): Value | Promise<Value>;
}

/** What a part reads and is lent. */
export interface Sources {
  readonly solved: Solved;
  readonly part: <Name extends PartName>(name: Name) => Parts[Name];
  readonly lent: Lent;
}

const parts: { readonly [Name in PartName]: Part<Parts[Name]> } = {
  assumptions: { label: 'assumptions', after: 'nothing', find: (setup) => checkAssumptions(setup.problem, setup) },
  cells: { label: 'δ-cell problems', after: 'nothing', find: cells },
  trap: { label: 'δ-cell problems of the trap', after: 'nothing', find: trapTable },
  cellGrids: { label: 'grids of the δ-cell problems', after: 'nothing', find: cellGridTable },
  hamiltonians: { label: 'H̄ by every route', after: 'nothing', find: hamiltonianTable },
  certificateOfValue: {
    label: 'certificate of the step for Vᵉ',
    after: 'solves',
    find: (setup, { solved, lent }) => studyCertificate(setup, solved, 'value', runOf(lent)),
  },
  certificateOfLimit: {
    label: 'certificate of the step for v',
    after: 'solves',
    find: (setup, { solved, lent }) => studyCertificate(setup, solved, 'effective', runOf(lent)),
  },
  values: {
    label: 'values with their bounds',
    after: 'solves',
    find: (setup, { solved }) => valueTable(setup, solved),
  },
  budget: { label: 'error budget', after: 'solves', find: (setup, { solved }) => budgetTable(setup, solved) },
  fields: { label: 'fields of the figures', after: 'solves and cells', find: fields },
};

/** Which parts the study has, in the order of their list. */
export function partsOf(setup: StudySetup): [PartName, Part<unknown>][] {
  const all = Object.entries(parts) as [PartName, Part<unknown>][];
  const leftOut = new Set<PartName>([
    ...(hasCertificates(setup) ? [] : (['certificateOfValue', 'certificateOfLimit'] as const)),
    ...(cellRadii(setup).length > 0 ? [] : (['trap', 'cellGrids'] as const)),
  ]);
  return all.filter(([name]) => !leftOut.has(name));
}

function cells(setup: StudySetup): Parts['cells'] {
  const runs = cellRadii(setup).length === 0 ? [] : runCells(setup);
  return { tables: deltaTables(setup, runs), curves: cellFields(runs) };
}

function fields(setup: StudySetup, { solved, part, lent }: Sources): Promise<StudyFields> {
  return studyFields(setup, solved, { cells: part('cells').curves, run: runOf(lent) });
}

function runOf({ kernel, signal }: Lent): Run {
  return { kernel, signal };
}
