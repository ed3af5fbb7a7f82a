import type { ConvergenceTable } from '../../src/verification/table.ts';
import { tableToCsv } from './table-csv.ts';
import { tableToLatex } from './table-latex.ts';
import { tableToMarkdown } from './table-markdown.ts';
import type { Owner } from './table-owner.ts';

/** The files a table is written to, by their extensions. */
const FORMATS: Record<string, (table: ConvergenceTable, owner: Owner) => string> = {
  csv: tableToCsv,
  md: tableToMarkdown,
  tex: tableToLatex,
};

export const TABLE_ENDINGS = Object.keys(FORMATS);

/** A table in every format, by the names of the files. */
export function tableFiles(name: string, table: ConvergenceTable, owner: Owner): Record<string, string> {
  return Object.fromEntries(
    Object.entries(FORMATS).map(([ending, format]) => [`${name}.${ending}`, format(table, owner)]),
  );
}
