import type { SeriesVerdict } from '../../src/verification/order.ts';
import type { ConvergenceTable, ErrorSeries } from '../../src/verification/table.ts';
import { formatError, formatNumber, formatOrder, formatParameter, MISSING } from './format-number.ts';

/** One line of the summary: what a series of errors came to. */
export interface Finding {
  readonly table: string;
  readonly title: string;
  readonly label: string;
  /** The overall order, or a dash. */
  readonly order: string;
  readonly claimed: string;
  /** "final error 3.36e-3 at ε = 1e-4", or that there is none. */
  readonly final: string;
  readonly verdict: SeriesVerdict;
}

/** A finding for every error series of every table. */
export function findings(tables: readonly ConvergenceTable[]): Finding[] {
  return tables.flatMap((table) => table.series.map((series) => finding(table, series)));
}

function finding(table: ConvergenceTable, series: ErrorSeries): Finding {
  return {
    table: table.name,
    title: table.title,
    label: series.label,
    order: series.overallOrder === null ? MISSING : formatOrder(series.overallOrder),
    claimed: formatParameter(series.claimedOrder),
    final: finalError(table, series),
    verdict: series.found,
  };
}

function finalError(table: ConvergenceTable, series: ErrorSeries): string {
  const last = table.rows.filter((row) => typeof row[series.error] === 'number').at(-1);
  if (last === undefined) return 'no error measured';
  const column = table.columns.find(({ key }) => key === series.size);
  const size = last[series.size];
  const place = column && typeof size === 'number' ? ` at ${column.label} = ${formatNumber(size, column.kind)}` : '';
  return `final error ${formatError(last[series.error] as number)}${place}`;
}
