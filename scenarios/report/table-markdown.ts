import type { ConvergenceTable } from '../../src/verification/table.ts';
import { formatCell, isTextColumn } from './format-number.ts';
import type { Owner } from './table-owner.ts';

/** GitHub-flavoured Markdown: heading, caption, aligned pipe table, notes as a list. */
export function tableToMarkdown(table: ConvergenceTable, { run }: Partial<Owner> = {}): string {
  const { columns } = table;
  const rows = [
    columns.map((column) => escapeMarkdown(column.label)),
    ...table.rows.map((row) => columns.map((column) => escapeMarkdown(formatCell(row[column.key], column.kind)))),
  ];
  const texts = columns.map((column) => isTextColumn(table, column));
  const widths = columns.map((_, c) => Math.max(4, ...rows.map((row) => [...row[c]].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, c) => pad(text, widths[c], texts[c])).join(' | ')} |`;
  const dashes = texts.map((isText, c) => ` ${'-'.repeat(widths[c])}${isText ? ' ' : ':'}`);
  const rule = `|${dashes.join('|')}|`;
  const parts = [`## ${escapeMarkdown(table.title)}`];
  if (table.caption) parts.push(escapeMarkdown(table.caption));
  parts.push([line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n'));
  if (table.notes.length > 0) parts.push(table.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'));
  if (run !== undefined) parts.push(`Run ${run}.`);
  return `${parts.join('\n\n')}\n`;
}

function pad(text: string, width: number, isText: boolean): string {
  const space = ' '.repeat(width - [...text].length);
  return isText ? text + space : space + text;
}

/** Line breaks would end a row; | ends a cell; < would start HTML. */
function escapeMarkdown(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_|<>[\]]/g, (character) => `\\${character}`);
}
