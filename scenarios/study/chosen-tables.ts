/** Some tables of a study in place of all: `hjb study --only epsilon,cell`. */
import { InputError } from '../../src/input/input-error.ts';
import { nearestName } from '../../src/input/nearest-name.ts';
import { type Case, effectiveCase } from './cases.ts';
import { domainCases } from './domain-table.ts';
import { epsilonCases } from './epsilon-table.ts';
import { gridCases } from './grid-tables.ts';
import type { StudySetup } from './setup.ts';
import type { PartName } from './study-parts.ts';
import { valueTableCases } from './value-tables.ts';

/** What a table is made from, beside what figures and settings need. */
interface Sources {
  readonly cases?: (setup: StudySetup) => readonly Case[];
  readonly parts?: readonly PartName[];
}

const all = (setup: StudySetup): readonly Case[] => [
  ...valueTableCases(setup),
  ...epsilonCases(setup),
  ...gridCases(setup),
  ...domainCases(setup),
];

/** By the names of the tables, in the order of a study. */
const tables = {
  epsilon: { cases: epsilonCases },
  'grid-x': { cases: gridCases },
  'grid-y': { cases: gridCases },
  time: { cases: gridCases },
  cell: { parts: ['cells'] },
  'cell-trap': { parts: ['trap'] },
  'cell-grid': { parts: ['cellGrids'] },
  hamiltonian: { parts: ['hamiltonians'] },
  values: { cases: all, parts: ['values'] },
  budget: { cases: all, parts: ['budget'] },
  domain: { cases: domainCases },
  feedback: {},
  certificates: { cases: all, parts: ['certificateOfValue', 'certificateOfLimit'] },
  paths: {},
} satisfies Readonly<Record<string, Sources>>;

export type TableName = keyof typeof tables;

export const tableNames = Object.keys(tables) as TableName[];

/** Parts and solves that figures and settings need. */
const always: readonly PartName[] = ['assumptions', 'cells', 'fields'];
const alwaysSolved = (setup: StudySetup) => [...epsilonCases(setup), effectiveCase(setup.fine.nx, setup.fine.ny)];

/** The names of a list "epsilon,cell", in the order of a study. Throws InputError for an unknown or empty one. */
export function readTableNames(text: string): readonly TableName[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if ((tableNames as readonly string[]).includes(name)) continue;
    const near = nearestName(name, tableNames);
    throw new InputError(
      `"${name}" is no table of a study`,
      `known: ${tableNames.join(', ')}`,
      near === undefined ? 'choose some of them' : `did you mean ${near}?`,
    );
  }
  return tableNames.filter((name) => names.includes(name));
}

/** What the chosen tables are made from; `only` undefined stands for all. */
export function sourcesOf(setup: StudySetup, only: readonly TableName[] | undefined) {
  if (only === undefined) return { cases: all(setup), has: () => true };
  const chosen: readonly Sources[] = only.map((name) => tables[name]);
  const cases = [...alwaysSolved(setup), ...chosen.flatMap((table) => table.cases?.(setup) ?? [])];
  const parts = [...always, ...chosen.flatMap((table) => table.parts ?? [])];
  return { cases, has: (part: PartName) => parts.includes(part) };
}
