import { tableToCsv } from './table-csv.ts';
import { tableToLatex } from './table-latex.ts';
import { tableToMarkdown } from './table-markdown.ts';

/** The files a table is written to, by their extensions. */
const FORMATS = { csv: tableToCsv, md: tableToMarkdown, tex: tableToLatex };

/** A table in every format, by the names of the files. */
export function tableFiles(name: string, table: Parameters<typeof tableToCsv>[0]): Record<string, string> {
  return Object.fromEntries(Object.entries(FORMATS).map(([ending, format]) => [`${name}.${ending}`, format(table)]));
}
