import type { ConvergenceTable } from '../../src/verification/table.ts';
import { tableToCsv } from './table-csv.ts';
import { tableToLatex } from './table-latex.ts';
import { tableToMarkdown } from './table-markdown.ts';

/** The files a table is written to, by their extensions. */
const FORMATS: Record<string, (table: ConvergenceTable, owner: string) => string> = {
  csv: tableToCsv,
  md: tableToMarkdown,
  tex: tableToLatex,
};

/** A table in every format, by the names of the files; `owner` is the scenario or command that made it. */
export function tableFiles(name: string, table: ConvergenceTable, owner: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(FORMATS).map(([ending, format]) => [`${name}.${ending}`, format(table, owner)]),
  );
}
