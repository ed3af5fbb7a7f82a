import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import type { Owner } from './table-owner.ts';

/**
 * Comma-separated values by RFC 4180: the keys of all columns, then the rows; numbers with all their digits (the
 * shortest text that reads back as the same double), empty where there is none; last the run that a row is of. A text
 * that a spreadsheet would take for a formula gets a ' before it.
 */
export function tableToCsv(table: ConvergenceTable, { run }: Partial<Owner> = {}): string {
  const keys = [...table.columns, ...(table.details ?? [])].map((column) => column.key);
  const last = (text: string) => (run === undefined ? [] : [text]);
  const rows = table.rows.map((row) => [...keys.map((key) => field(row[key])), ...last(run ?? '')]);
  const records = [[...keys, ...last('run')], ...rows];
  return records.map((record) => `${record.map(quoted).join(',')}\r\n`).join('');
}

function field(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return Object.is(cell, -0) ? '-0' : String(cell);
}

/** What spreadsheets take for a formula where it is no number (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function quoted(cell: string): string {
  const text = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
