/** The slopes of a value function of n = m = 1 as tables, for the loops in WebAssembly and on a graphics card. */
import { type DriftTable, tableAxis } from './drift-table.ts';
import type { ValueSlopes } from './value-slopes.ts';

/** Tables of (∂ₓV, 0), one for each of equally long windows of time. */
export interface SlopeTables {
  readonly windows: readonly DriftTable[];
}

/** A value without y is the same on both rows of its table. */
export function slopeTables({ grid, windows }: ValueSlopes): SlopeTables {
  const [x, fast] = grid.axes;
  const y = fast === undefined ? { lower: 0, perSpacing: 1, nodes: 2 } : tableAxis(fast, fast.nodes);
  const tables = windows.map(([slopes]): DriftTable => {
    const pairs = new Float64Array(2 * x.nodes * y.nodes);
    for (let k = 0; k < x.nodes * y.nodes; k++) pairs[2 * k] = slopes[k % slopes.length];
    return { x: tableAxis(x, x.nodes), y, values: pairs };
  });
  return { windows: tables };
}
