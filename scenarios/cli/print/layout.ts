/** Aligned text for the terminal. */
import { formatError, formatValue } from '../../report/format-number.ts';
import { displayWidth, pad } from '../../report/table-terminal.ts';
import type { CliIo } from '../flags/command.ts';

const INDENT = '  ';
const GAP = '   ';

/** A heading, bold where the terminal has colours. */
export function heading(io: CliIo, text: string): string {
  return io.colour ? `\u001b[1m${text}\u001b[0m\n` : `${text}\n`;
}

/** Labels and values in two columns. */
export function facts(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => displayWidth(label)));
  return rows.map(([label, value]) => `${INDENT}${pad(label, width, true)}${GAP}${value}\n`).join('');
}

/** A table under a header; the first `labels` columns are aligned to the left, the others, figures, to the right. */
export function columns(header: readonly string[], rows: readonly (readonly string[])[], labels = 0): string {
  const widths = header.map((label, c) => Math.max(displayWidth(label), ...rows.map((row) => displayWidth(row[c]))));
  return [header, ...rows]
    .map((row) => `${INDENT}${row.map((cell, c) => pad(cell, widths[c], c < labels)).join(GAP)}\n`)
    .join('');
}

/** 12.3 MiB or 1.02 GiB. */
export function shownBytes(bytes: number): string {
  const [unit, name] = bytes < 1000 * 2 ** 20 ? [2 ** 20, 'MiB'] : [2 ** 30, 'GiB'];
  return `${(bytes / unit).toPrecision(3)} ${name}`;
}

/** 0.85 s, 12 ms. */
export function shownSeconds(seconds: number): string {
  if (seconds >= 100) return `${Math.round(seconds)} s`;
  return seconds >= 1 ? `${seconds.toPrecision(3)} s` : `${Math.max(1, Math.round(seconds * 1000))} ms`;
}

/** A value found near round-off, with ten digits. */
export function preciseValue(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '–';
  return value === 0 || (size >= 1e-4 && size < 1e6) ? value.toPrecision(10) : value.toExponential(9);
}

/** 0.0493 ± 0.0012: the error with two digits, the value with as many decimals; 'plain' leaves the error out. */
export function valueWithError(value: number, error: number, form: 'both' | 'plain' = 'both'): string {
  if (!Number.isFinite(value)) return '–';
  if (!Number.isFinite(error)) return value.toPrecision(6);
  if (error === 0) return value.toPrecision(10);
  const decimals = Math.min(Math.max(1 - Math.floor(Math.log10(error)), 0), 15);
  const shown = value.toFixed(decimals);
  return form === 'plain' ? shown : `${shown} ± ${error.toPrecision(2)}`;
}

/** A value found, the filtered one beside it, the exact one and the errors, as far as they are known. */
interface Compared {
  readonly value: number | null;
  readonly filtered?: number | null;
  readonly exact?: number;
  readonly error?: number;
  readonly filteredError?: number;
}

/** Header and cells of values: with exact ones and their errors, or with the distance of the filtered ones. */
export function comparison(values: readonly Compared[], label: string) {
  const known = values.some(({ exact }) => exact !== undefined);
  const sharp = values.some(({ filtered }) => typeof filtered === 'number');
  const shown: readonly (readonly [string, boolean, (row: Compared) => number | null | undefined, Format])[] = [
    [label, true, ({ value }) => value, formatValue],
    ['filtered', sharp, ({ filtered }) => filtered, formatValue],
    ['difference', sharp && !known, differenceOf, formatError],
    ['exact', known, ({ exact }) => exact, formatValue],
    ['error', known, ({ error }) => error, formatError],
    ['error of filtered', known && sharp, ({ filteredError }) => filteredError, formatError],
  ];
  const columns = shown.filter(([, isShown]) => isShown);
  return {
    header: columns.map(([header]) => header),
    cells: values.map((row) => columns.map(([, , of, format]) => shownOrDash(of(row), format))),
  };
}

type Format = (value: number) => string;

function differenceOf({ value, filtered }: Compared): number | null {
  return typeof value === 'number' && typeof filtered === 'number' ? Math.abs(value - filtered) : null;
}

function shownOrDash(value: number | null | undefined, format: Format): string {
  return value === null || value === undefined ? '–' : format(value);
}

/** 1 thread, 2 threads. */
export function shownThreads(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
