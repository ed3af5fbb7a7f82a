import { observedOrders, overallOrder, type SeriesVerdict, seriesVerdict, verdicts } from './order.ts';

/**
 * A refinement study as data: rows of numbers, the errors among them with observed orders and verdicts.
 * Formatting is someone else's work (scenarios/report).
 */

/** What the numbers of a column are, which decides how they are printed. */
export type ColumnKind = 'parameter' | 'count' | 'value' | 'error' | 'order' | 'verdict';

/** A column of a table; `key` is its name in the rows and in data files. */
export interface Column {
  readonly key: string;
  /** A heading such as "ε", "sup|Vᵉ−v|", "order". */
  readonly label: string;
  readonly kind: ColumnKind;
}

/** A number, a verdict or another word; null where there is none. */
export type Cell = number | string | null;

/** An error sequence inside a table: which column it stands in, and the order claimed in the refined parameter. */
export interface ErrorSeries {
  readonly label: string;
  /** Key of the column with the size of the refined parameter (abscissa of the log–log plot). */
  readonly size: string;
  /** Keys of the columns with the errors, their observed orders and the verdicts. */
  readonly error: string;
  readonly order: string;
  readonly verdict: string;
  readonly claimedOrder: number;
  /** Least-squares slope over the rows marked 'as claimed', else 'better than claimed'; null without such rows. */
  readonly overallOrder: number | null;
  /** What the rows say together. */
  readonly found: SeriesVerdict;
}

/** A refinement as columns and rows, the errors among them with observed orders and verdicts. */
export interface ConvergenceTable {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** What is held fixed while the parameter is refined, and against what the errors are measured. */
  readonly caption: string;
  /** In the order they are shown. */
  readonly columns: readonly Column[];
  /** Columns of the data files alone: the same errors in other norms. */
  readonly details?: readonly Column[];
  /** Cells by the keys of their columns, one row per level. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** The error columns, with what follows from them. */
  readonly series: readonly ErrorSeries[];
  /** Sentences drawn from the figures: plateaus, traps, advice. */
  readonly notes: readonly string[];
}

/** What a refinement driver hands over: leading columns, and error sequences to be given orders and verdicts. */
export interface Refinement {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** Columns before the errors, the refined parameter among them. */
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly series: readonly {
    readonly key: string;
    readonly label: string;
    /** Key of the column with the sizes. */
    readonly size: string;
    readonly errors: readonly (number | null)[];
    /** The same errors in other norms, by the name of the norm. */
    readonly otherNorms?: Readonly<Record<string, readonly (number | null)[]>>;
    readonly claimedOrder: number;
    /** Size of rounding in these errors. */
    readonly floor: number;
    /** Rows that tell nothing of the order, by a word for each; neither they nor the pairs they are in have one. */
    readonly setAside?: readonly (string | null)[];
  }[];
  /** Columns after the errors. */
  readonly trailing?: readonly Column[];
  readonly notes?: readonly string[];
}

/** The table of a refinement: every error sequence followed by its observed orders and verdicts. */
export function convergenceTable(refinement: Refinement): ConvergenceTable {
  const rows = refinement.rows.map((row) => ({ ...row }) as Record<string, Cell>);
  const columns = [...refinement.columns];
  const details: Column[] = [];
  const series = refinement.series.map(({ key, label, size, errors, otherNorms, ...claim }): ErrorSeries => {
    const { claimedOrder, floor, setAside = [] } = claim;
    const sizes = rows.map((row) => Number(row[size]));
    const counted = errors.map((error, k) => ((setAside[k] ?? null) === null ? error : null));
    const orders = observedOrders(sizes, counted);
    const judged = verdicts(counted, orders, { order: claimedOrder, floor });
    const marks = judged.map((mark, k) => setAside[k] ?? mark);
    const [order, verdict] = [`${key}Order`, `${key}Verdict`];
    columns.push({ key, label, kind: 'error' }, { key: order, label: 'order', kind: 'order' });
    columns.push({ key: verdict, label: 'verdict', kind: 'verdict' });
    rows.forEach((row, k) => {
      Object.assign(row, { [key]: errors[k], [order]: orders[k], [verdict]: marks[k] });
    });
    for (const [norm, values] of Object.entries(otherNorms ?? {})) {
      details.push({ key: `${key}${norm}`, label: `${label} in ${norm}`, kind: 'error' });
      rows.forEach((row, k) => {
        row[`${key}${norm}`] = values[k];
      });
    }
    const found = seriesVerdict(orders, marks, claimedOrder);
    const overall = overallOrder(sizes, counted, marks);
    return { label, size, error: key, order, verdict, claimedOrder, overallOrder: overall, found };
  });
  const { name, title, caption, notes = [], trailing = [] } = refinement;
  return { name, title, caption, columns: [...columns, ...trailing], details, rows, series, notes };
}
