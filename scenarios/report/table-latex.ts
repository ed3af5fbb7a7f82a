import type { ConvergenceTable } from '../../src/verification/table.ts';
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
    '% requires \\usepackage{booktabs,amsmath,amssymb}',
    '\\begin{table}[htbp]',
    '  \\centering',
    `  \\caption{${caption.map(latexText).join(' ')}}`,
    `  \\label{tab:${labelPart(name)}:${labelPart(table.name)}}`,
    `  \\begin{tabular}{${columns.map((column) => (isTextColumn(table, column) ? 'l' : 'r')).join('')}}`,
    '    \\toprule',
    line(header),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}',
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

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** 3.36e-3 → $3.36\cdot10^{-3}$, 1e-4 → $10^{-4}$; other numbers in math mode for the sake of the minus sign. */
function latexCell(text: string): string {
  if (text === MISSING) return '--';
  const number = /^(-?[\d.]+)(?:e(-?\d+))?$/.exec(text);
  if (number === null) return latexText(text);
  const [, digits, exponent] = number;
  if (exponent === undefined) return digits.startsWith('-') ? `$${digits}$` : digits;
  return digits === '1' ? `$10^{${exponent}}$` : `$${digits}\\cdot10^{${exponent}}$`;
}
