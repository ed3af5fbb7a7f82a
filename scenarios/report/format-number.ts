/** How numbers are printed, the same in every table, page and message: errors 3.36e-3, orders 1.02, values 0.999624. */
import type { Cell, Column, ColumnKind, ConvergenceTable } from '../../src/verification/table.ts';

/** Printed where there is no number. */
export const MISSING = '–';

/** Significant digits of a computed value. */
const VALUE_DIGITS = 6;

/** Values are of order one; what is smaller than this is rounding of 0. */
const ROUNDING = 1e-15;

/** Significant digits of a parameter; mesh sizes such as 0.0248756… are cut here. */
const PARAMETER_DIGITS = 4;

/** One cell of a table as text; null prints as a dash, NaN and infinities as what they are. */
export function formatCell(cell: Cell | undefined, kind: ColumnKind): string {
  if (cell === null || cell === undefined) return MISSING;
  return typeof cell === 'string' ? cell : formatNumber(cell, kind);
}

/** Columns of words stand to the left, columns of numbers to the right. */
export function isTextColumn(table: ConvergenceTable, { key, kind }: Column): boolean {
  const cells = table.rows.map((row) => row[key] ?? null).filter((cell) => cell !== null);
  return kind === 'verdict' || (cells.length > 0 && cells.every((cell) => typeof cell === 'string'));
}

/** A number by its role in a table. */
export function formatNumber(value: number, kind: ColumnKind): string {
  switch (kind) {
    case 'error':
      return formatError(value);
    case 'order':
      return formatOrder(value);
    case 'count':
      return Number.isInteger(value) ? String(value) : formatParameter(value);
    case 'value':
      return formatValue(value);
    case 'parameter':
    case 'verdict':
      return formatParameter(value);
  }
}

/** 3.36e-3. */
export function formatError(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? '0' : exponential(value, 3);
}

/** 1.02. */
export function formatOrder(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}

/** 0.999624; trailing zeros are kept, so that the digits of a column stand under each other. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < ROUNDING) return '0';
  return size >= 1e-4 && size < 1e6 ? value.toPrecision(VALUE_DIGITS) : exponential(value, VALUE_DIGITS);
}

/** 0.1, 1e-4, 401: the shortest text with at most four significant digits (integers below a million in full). */
export function formatParameter(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  const rounded = Number(value.toPrecision(PARAMETER_DIGITS));
  return size >= 1e-3 && size < 1e6 ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

function exponential(value: number, digits: number): string {
  return value.toExponential(digits - 1).replace('e+', 'e');
}

/** Absolute errors below this are rounding: values are of order one. */
export const ROUND_OFF = 1e-14;

/** One cell of a table on a page: errors as 3.36·10⁻³, those below round-off as that. */
export function pageCell(cell: Cell | undefined, kind: ColumnKind): string {
  const isRounding = kind === 'error' && typeof cell === 'number' && cell !== 0 && Math.abs(cell) < ROUND_OFF;
  return typeset(isRounding ? `< ${exponential(ROUND_OFF, 1)}` : formatCell(cell, kind));
}

/** Plain text as it stands on a page: 3.36e-3 as 3.36·10⁻³, 1e-4 as 10⁻⁴, -1 with a true minus, x1 as x₁. */
export function typeset(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}_.)\]-])-(?=[\d.])/gu, '−')
    .replace(/(?<![\w.])(\d+(?:\.\d+)?)e\+?(-?\d+)(?![\w.]*\w)/g, (_, digits, exponent) => {
      const power = `10${[...exponent].map((character) => RAISED[character]).join('')}`;
      return digits === '1' ? power : `${digits}·${power}`;
    })
    .replace(/(\b[xyup]|\u0304)([1-3])\b/g, (_, letter, index) => letter + '₀₁₂₃'[index]);
}

const RAISED: Record<string, string> = Object.fromEntries(
  [...'-0123456789'].map((each, k) => [each, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[k]]),
);
