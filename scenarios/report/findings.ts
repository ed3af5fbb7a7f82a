import type { SeriesVerdict } from '../../src/verification/order.ts';
import type { ConvergenceTable, ErrorSeries } from '../../src/verification/table.ts';
import { formatNumber, formatOrder, formatParameter, MISSING, pageCell } from './format-number.ts';

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
  return `final error ${pageCell(last[series.error], 'error')}${place}`;
}

/** What a study found about Vᵉ → v in one sentence, and what it says of it or of the error that remains. */
export function leadingSentences(tables: readonly ConvergenceTable[]): string[] {
  const found = tables.filter(({ name }) => name === 'epsilon');
  const advice = tables.filter(({ name }) => name === 'budget').flatMap(({ notes }) => notes);
  return found.flatMap((table) => {
    const first = findings([table])[0];
    if (first === undefined) return [];
    const { label, order, claimed, verdict, final } = first;
    const fall = order === MISSING ? 'has no order in ε' : `falls with order ${order} in ε`;
    const sentence = `${label} ${fall} (claimed ${claimed}: ${verdict}); ${final}.`;
    return [sentence, ...[...table.notes, ...advice].slice(0, 1)];
  });
}
