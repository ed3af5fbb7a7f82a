/**
 * Compiled formulas in the table of functions through which the loops call them. Plain JavaScript, because worker
 * threads import it.
 */
import { formulasOf } from '../../formula/wasm-functions.js';

/** The first place of formulas in the table: the loops may have functions of their own. */
export const FIRST_PLACE = 8;

/** An empty table for the loops. */
export function functionTable() {
  return new WebAssembly.Table({ initial: FIRST_PLACE, element: 'anyfunc' });
}

/**
 * Puts the functions `values` and `all` of a module at a place of the table and the one after.
 * @param {WebAssembly.Table} table
 * @param {WebAssembly.Memory} memory
 * @param {{ module: WebAssembly.Module, place: number }} formulas
 */
export function placeFormulas(table, memory, { module, place }) {
  const { values, all } = formulasOf(module, memory);
  if (table.length < place + 2) table.grow(place + 2 - table.length);
  table.set(place, values);
  table.set(place + 1, all);
}
