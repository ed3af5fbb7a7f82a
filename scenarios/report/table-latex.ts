import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { formatCell, isTextColumn, MISSING } from './format-number.ts';
import { latexText } from './latex-text.ts';
import type { Owner } from './table-owner.ts';

/**
 * A floating table in the manner of booktabs; unicode mathematics becomes LaTeX, all other text is escaped. Its label
 * says whose table it is, so that tables of several scenarios fit into one document.
 */
export function tableToLatex(table: ConvergenceTable, { name, run }: Owner): string {
  const { columns } = table;
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  const header = columns.map((column) => latexText(column.label));
  const rows = table.rows.map((row) => columns.map((column) => latexCell(formatCell(row[column.key], column.kind))));
  const caption = [table.title, table.caption].filter((text) => text !== '').map(sentence);
  return [
    '% requires \\usepackage{amsmath,amssymb,array,booktabs,graphicx}',
    '\\begin{table}[htbp]',
    '  \\centering',
    `  \\caption{${caption.map(latexText).join(' ')}}`,
    `  \\label{tab:${labelPart(name)}:${labelPart(table.name)}}`,
    // A table wider than the text is made as wide as it.
    '  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `  \\begin{tabular}{${columns.map((column) => alignment(table, column)).join('')}}`,
    '    \\toprule',
    line(header),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}}',
    ...table.notes.map((note) => `  \\par\\smallskip{\\footnotesize ${latexText(note)}\\par}`),
    '\\end{table}',
    ...(run === undefined ? [] : [`% run ${run}`]),
    '',
  ].join('\n');
}

/** Characters that a label cannot hold by their numbers: names that differ have labels that differ. */
function labelPart(name: string): string {
  return name.replace(/[^\w.-]/gu, (character) => `+${character.codePointAt(0)?.toString(16)}`);
}

/** More characters than this in a cell are broken into lines. */
const LONG = 40;

function alignment(table: ConvergenceTable, column: Column): string {
  if (!isTextColumn(table, column)) return 'r';
  const isLong = table.rows.some((row) => String(row[column.key] ?? '').length > LONG);
  return isLong ? '>{\\raggedright\\arraybackslash}p{6cm}' : 'l';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function latexCell(text: string): string {
  return text === MISSING ? '--' : latexText(text);
}
