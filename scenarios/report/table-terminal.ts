import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { formatCell, isTextColumn, MISSING } from './format-number.ts';
import { toneOf } from './verdict-badge.ts';

interface TerminalOptions {
  /** ANSI colours for the title and the verdicts. */
  readonly colour?: boolean;
  /** Columns of the terminal; wider tables are printed in panels that repeat the first column. */
  readonly width?: number;
}

const WIDTH = 110;
const GAP = '   ';

/** ANSI colours of the tones of verdicts. */
const TONE_COLOURS = { good: 32, warn: 33, bad: 31, '': 36 } as const;

/** Aligned columns without boxes: title, caption, table, notes. */
export function tableToTerminal(table: ConvergenceTable, options: TerminalOptions = {}): string {
  const width = options.width ?? WIDTH;
  const paint = (text: string, code: number) => (options.colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = [paint(table.title, 1), ...wrapped(table.caption, width)];
  for (const columns of panels(table, width)) {
    const widths = columns.map((column) => columnWidth(table, column));
    const texts = columns.map((column) => isTextColumn(table, column));
    const align = (text: string, c: number) => pad(text, widths[c], texts[c]);
    lines.push(
      '',
      columns
        .map((column, c) => align(column.label, c))
        .join(GAP)
        .trimEnd(),
    );
    for (const row of table.rows) {
      const cells = columns.map((column, c) => {
        const text = formatCell(row[column.key], column.kind);
        const colour = column.kind === 'verdict' && text !== MISSING ? TONE_COLOURS[toneOf(text)] : undefined;
        return colour === undefined ? align(text, c) : paint(align(text, c), colour);
      });
      lines.push(cells.join(GAP).trimEnd());
    }
  }
  if (table.notes.length > 0) lines.push('', ...table.notes.flatMap((note) => wrapped(note, width, '· ')));
  return `${lines.join('\n')}\n`;
}

function columnWidth(table: ConvergenceTable, column: Column): number {
  return Math.max(
    ...[column.label, ...table.rows.map((row) => formatCell(row[column.key], column.kind))].map(displayWidth),
  );
}

/** Groups of columns that fit the width, each led by the first column. */
function panels(table: ConvergenceTable, width: number): Column[][] {
  const [first, ...rest] = table.columns;
  if (first === undefined) return [];
  const groups: Column[][] = [[first]];
  let used = columnWidth(table, first);
  for (const column of rest) {
    const needed = GAP.length + columnWidth(table, column);
    if (used + needed > width && groups[groups.length - 1].length > 1) {
      groups.push([first]);
      used = columnWidth(table, first);
    }
    groups[groups.length - 1].push(column);
    used += needed;
  }
  return groups;
}

/** The text with spaces up to a width: behind words, before figures. */
export function pad(text: string, width: number, isText: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return isText ? text + space : space + text;
}

/** Columns a text takes: accents such as the bar of H̄ have none of their own. */
export function displayWidth(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length;
}

/** Lines of a text up to a width, indented by the bullet of the first one. */
export function wrapped(text: string, width: number, bullet = ''): string[] {
  const lines: string[] = [];
  let line = bullet;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (displayWidth(line) + displayWidth(word) > width && line.trim() !== bullet.trim()) {
      lines.push(line.trimEnd());
      line = ' '.repeat(bullet.length);
    }
    line += `${word} `;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}
