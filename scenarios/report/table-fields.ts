import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import type { Fields } from '../study/field.ts';
import type { TextField } from './hdf5-contents.ts';

/**
 * A table as fields over its rows, one per column: table_NAME_KEY over table_NAME. Columns that hold a word are texts,
 * in which a number stands with all its digits and an empty cell as nothing.
 */
export function tableFields({
  name,
  title,
  columns,
  details = [],
  rows,
}: ConvergenceTable): Fields & { readonly texts: readonly TextField[] } {
  const axis = `table_${plain(name)}`;
  const all = [...columns, ...details].map(({ key, label }) => {
    const cells = rows.map((row) => row[key] ?? null);
    return { name: `${axis}_${plain(key)}`, description: `${title}: ${label}`, axes: [axis], cells };
  });
  const isText = ({ cells }: { readonly cells: readonly Cell[] }) => cells.some((cell) => typeof cell === 'string');
  return {
    axes: [{ name: axis, nodes: rows.map((_, k) => k), description: `rows of the table: ${title}` }],
    variables: all
      .filter((column) => !isText(column))
      .map(({ cells, ...column }) => ({ ...column, values: cells as (number | null)[] })),
    texts: all
      .filter(isText)
      .map(({ cells, ...column }) => ({ ...column, values: cells.map((cell) => String(cell ?? '')) })),
  };
}

/** A name for Python and MATLAB. */
function plain(name: string): string {
  return name.replace(/\W/g, '_');
}
