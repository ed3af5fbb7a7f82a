import { join } from 'node:path';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { ComparedCell, ComparedTable, Comparison } from '../sweep/compare-studies.ts';
import { writeTexts } from './atomic-file.ts';
import { formatCell, formatError } from './format-number.ts';
import { tableFiles } from './table-formats.ts';

/** Two tables side by side as one: a row for every quantity of every row that both have. */
export function comparisonTable(compared: ComparedTable): ConvergenceTable {
  const { name, title, keys, cells, onlyA, onlyB } = compared;
  const alone = [
    [onlyA, 'A'],
    [onlyB, 'B'],
  ] as const;
  return {
    name: `compare-${name}`,
    title,
    caption: 'Difference: |A − B|. Within the bounds: not larger than both error bounds together.',
    columns: [
      ...keys.map((key) => ({ ...key, kind: 'parameter' as const })),
      { key: 'quantity', label: 'quantity', kind: 'parameter' },
      { key: 'A', label: 'A', kind: 'value' },
      { key: 'B', label: 'B', kind: 'value' },
      { key: 'difference', label: 'difference', kind: 'error' },
      { key: 'boundA', label: 'bound of A', kind: 'error' },
      { key: 'boundB', label: 'bound of B', kind: 'error' },
      { key: 'verdict', label: 'verdict', kind: 'verdict' },
    ],
    rows: cells.map(({ keys: own, quantity, a, b, difference, boundA, boundB, verdict }) => ({
      ...{ ...own, quantity, A: a, B: b, difference, boundA, boundB, verdict },
    })),
    series: [],
    notes: [
      ...alone.filter(([rows]) => rows > 0).map(([rows, of]) => `${rows} rows of ${of} have no row in the other.`),
      ...summaryOf(compared),
    ],
  };
}

/** The largest difference of every quantity: where it is, and whether the bounds explain it. */
function summaryOf({ largest, keys }: ComparedTable): string[] {
  const placeOf = (cell: ComparedCell) =>
    keys
      .filter(({ key }) => cell.keys[key] !== null)
      .map(({ key, label, kind }) => `${label} = ${formatCell(cell.keys[key], kind)}`)
      .join(', ');
  return largest.map(
    (cell) =>
      `${cell.quantity}: the largest difference is ${formatError(cell.difference ?? Number.NaN)} ` +
      `at ${placeOf(cell)}, ${cell.verdict}.`,
  );
}

/** Writes compare.json and tables/compare-NAME.{csv,md,tex}, each file whole; the paths written. */
export function writeComparison(comparison: Comparison, directory: string): Promise<string[]> {
  const owner = { name: `${comparison.a.scenario}-${comparison.b.scenario}` };
  const tables = comparison.tables
    .map(comparisonTable)
    .map((table) => tableFiles(join('tables', table.name), table, owner));
  return writeTexts(
    directory,
    Object.assign({ 'compare.json': `${JSON.stringify(comparison, null, 2)}\n` }, ...tables),
  );
}
