import type { Cell, Column, ConvergenceTable } from '../../src/verification/table.ts';
import type { Study } from '../study/study.ts';

/** Whether two numbers differ by less than their bounds together. */
export type BoundVerdict = 'within the bounds' | 'beyond the bounds' | 'no bound';

/** The same quantity in two studies. */
export interface ComparedCell {
  /** What the two rows have in common. */
  readonly keys: Readonly<Record<string, Cell>>;
  readonly quantity: string;
  readonly a: number | null;
  readonly b: number | null;
  /** |A − B|; null where one of them is not there. */
  readonly difference: number | null;
  readonly boundA: number | null;
  readonly boundB: number | null;
  readonly verdict: BoundVerdict;
}

export interface ComparedTable {
  readonly name: string;
  readonly title: string;
  readonly keys: readonly Column[];
  readonly cells: readonly ComparedCell[];
  /** Rows that only one of the studies has. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** The largest difference of every quantity. */
  readonly largest: readonly ComparedCell[];
}

/** Two studies side by side. */
export interface Comparison {
  readonly command: 'compare';
  readonly a: ComparedStudy;
  readonly b: ComparedStudy;
  /** Label, A, B; – where one has no such setting. */
  readonly settings: readonly (readonly [string, string, string])[];
  readonly tables: readonly ComparedTable[];
}

interface ComparedStudy {
  readonly scenario: string;
  readonly title: string;
  readonly verdict: string;
}

/** Columns that say which row it is, where these are not the parameters of the table. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'grid-x': ['nodes'],
  'grid-y': ['nodes'],
  'cell-grid': ['nodes'],
  time: ['steps'],
  budget: ['part'],
  domain: ['box'],
  paths: ['epsilon'],
};

/** Every table that both studies have, row by row; settings and equations where they differ. */
export function compareStudies(a: Study, b: Study): Comparison {
  return {
    command: 'compare',
    a: shown(a),
    b: shown(b),
    settings: differing(settingsOf(a), settingsOf(b)),
    tables: a.tables.flatMap((table) => {
      const other = b.tables.find(({ name }) => name === table.name);
      return other === undefined ? [] : [compareTables(table, other)];
    }),
  };
}

function shown({ scenario, verdict }: Study): ComparedStudy {
  return { scenario: scenario.name, title: scenario.title, verdict: verdict.word };
}

function settingsOf({ scenario, equations, settings, scheme, time, version }: Study): ReadonlyMap<string, string> {
  const rows = [['title', scenario.title], ['version', version], ...equations, ...settings] as const;
  return new Map([...rows, ['scheme in x', scheme], ['steps in time', time]] as (readonly [string, string])[]);
}

function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): [string, string, string][] {
  const labels = [...new Set([...a.keys(), ...b.keys()])];
  return labels
    .map((label): [string, string, string] => [label, a.get(label) ?? '–', b.get(label) ?? '–'])
    .filter(([, ofA, ofB]) => ofA !== ofB);
}

/** Rows joined by their keys; rows with equal keys in their order. */
export function compareTables(a: ConvergenceTable, b: ConvergenceTable): ComparedTable {
  const keys = keysOf(a);
  const [rowsA, rowsB] = [byKey(a, keys), byKey(b, keys)];
  const quantities = a.columns.filter(
    ({ key, kind }) =>
      (kind === 'value' || kind === 'error') && !isBoundOf(a, key) && b.columns.some((c) => c.key === key),
  );
  const cells = [...rowsA].flatMap(([key, row]) => {
    const other = rowsB.get(key);
    if (other === undefined) return [];
    return quantities.map(({ key: column, label }) =>
      comparedCell({ keys: picked(row, keys), quantity: label }, [row, other], column),
    );
  });
  const known = cells.filter(({ a: ofA, b: ofB }) => ofA !== null || ofB !== null);
  return {
    name: a.name,
    title: a.title,
    keys,
    cells: known,
    onlyA: [...rowsA.keys()].filter((key) => !rowsB.has(key)).length,
    onlyB: [...rowsB.keys()].filter((key) => !rowsA.has(key)).length,
    largest: quantities.flatMap(({ label }) => largestOf(known.filter(({ quantity }) => quantity === label))),
  };
}

function keysOf({ name, columns }: ConvergenceTable): readonly Column[] {
  const own = KEYS[name];
  return columns.filter(({ key, kind }) => (own === undefined ? kind === 'parameter' : own.includes(key)));
}

type Row = ConvergenceTable['rows'][number];

function byKey({ rows }: ConvergenceTable, keys: readonly Column[]): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((column) => row[column.key] ?? null));
    let [name, copies] = [key, 1];
    while (found.has(name)) name = `${key} ${++copies}`;
    found.set(name, row);
  }
  return found;
}

function picked(row: Row, keys: readonly Column[]): Record<string, Cell> {
  return Object.fromEntries(keys.map(({ key }) => [key, row[key] ?? null]));
}

/** The bound of the values, and the ends of H̄, are no quantities of their own. */
function isBoundOf({ name }: ConvergenceTable, key: string): boolean {
  if (name === 'values') return key === 'bound';
  return name === 'hamiltonian' && (key === 'lower' || key === 'upper');
}

function comparedCell(
  place: Pick<ComparedCell, 'keys' | 'quantity'>,
  rows: readonly [Row, Row],
  column: string,
): ComparedCell {
  const [a, b] = rows.map((row) => finite(row[column]));
  const [boundA, boundB] = rows.map((row) => (column === 'value' ? boundOf(row) : null));
  const difference = a === null || b === null ? null : Math.abs(a - b);
  const together = boundA === null || boundB === null ? null : boundA + boundB;
  const decided = difference !== null && together !== null;
  const verdict = !decided ? 'no bound' : difference <= together ? 'within the bounds' : 'beyond the bounds';
  return { ...place, a, b, difference, boundA, boundB, verdict };
}

function finite(cell: Cell | undefined): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
}

/** The error bound of a value: given, or the farther end of what encloses it. */
function boundOf(row: Row): number | null {
  const [value, lower, upper] = [finite(row.value), finite(row.lower), finite(row.upper)];
  if (value === null) return null;
  if (lower !== null && upper !== null) return Math.max(Math.abs(value - lower), Math.abs(upper - value));
  return finite(row.bound);
}

function largestOf(cells: readonly ComparedCell[]): ComparedCell[] {
  const known = cells.filter(({ difference }) => difference !== null);
  if (known.length === 0) return [];
  return [known.reduce((most, cell) => (Number(cell.difference) > Number(most.difference) ? cell : most))];
}
