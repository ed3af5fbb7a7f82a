/** The least increment of the controls of a family of formulas (control/formula-families.ts) at a node. */
import { type FormulaFamily, pointAt } from '../control/formula-families.ts';
import { leastFormula } from '../control/least-formula.ts';
import type { Grid } from '../grid/grid.ts';
import type { Seen } from './seen.ts';
import { cellsAt, differenceMet } from './wide-difference.ts';

/** dt times the least of a family at a node, by differences that reach as far as the controls. */
export function leastOfFormulas(seen: Seen, family: FormulaFamily): number {
  const { sweep, node } = seen;
  const { spacing } = family;
  const cells = cellsAt(seen);
  const met = (side: 1 | -1) => spacing.map((dx, i) => differenceMet(seen, i, { side, cells }) / dx);
  const [forward, backward] = [met(1), met(-1)];
  return sweep.dt * leastFormula(family, placeOf(seen.sweep.slow.size, node), { forward, backward, weight: 1 }).value;
}

/** The slow and the fast node of a node. */
export function placeOf(slowNodes: number, node: number): { readonly s: number; readonly j: number } {
  return { s: node % slowNodes, j: Math.floor(node / slowNodes) };
}

/** Whether every control drives over an end of an axis at a node: the least φ_axis·side is > 0. */
export function allFormulasLeave(
  family: FormulaFamily,
  { s, j, axis, side }: { readonly s: number; readonly j: number; readonly axis: number; readonly side: number },
): boolean {
  const { written, spacing } = family;
  const point = pointAt(family, s, j);
  for (const u of [written.lower, written.upper]) {
    point[written.control] = u;
    if (!(family.values[axis](point) * side > 0)) return false;
  }
  const slope = spacing.map((_, i) => (i === axis ? side : 0));
  return leastFormula(family, { s, j }, { forward: slope, backward: slope, weight: 0 }).value > 0;
}

/** Per node a byte: bit 2i + 1 (2i) is 1 where every control leaves over the upper (lower) end of axis i. */
export function leavingBytes(family: FormulaFamily, { shape, strides, size }: Grid): Uint8Array {
  const rows = family.fastBlock.length;
  const leaves = new Uint8Array(size * rows);
  for (let s = 0; s < size; s++) {
    for (const [axis, nodes] of shape.entries()) {
      const place = Math.floor(s / strides[axis]) % nodes;
      const side = place === 0 ? -1 : 1;
      if (place !== 0 && place !== nodes - 1) continue;
      for (let j = 0; j < rows; j++) {
        const bit = 2 * axis + (side > 0 ? 1 : 0);
        if (allFormulasLeave(family, { s, j, axis, side })) leaves[j * size + s] |= 1 << bit;
      }
    }
  }
  return leaves;
}
