/**
 * The noise of the slow variables on slow × fast nodes: a = ½ s sᵀ as rates per slow axis,
 *
 *   tr(a D²V) = Σ_i ν_i (V_{i+1} − 2V_i + V_{i−1})/2,   ν_i = 2a_ii/dx_i²,
 *
 * for noise without cross terms, a_ij = 0 for i ≠ j; with them as the columns of s in cells, s_ij/dx_i, or as a stencil
 * with diagonals (noise-stencil.ts). Noise that no control moves is fields here; what controls move belongs to the
 * minimum over U (quadratic-families.ts).
 */
import { type Formula, treeIn } from '../formula/formula.ts';
import { onRows } from '../formula/on-rows.ts';
import { dependsOn } from '../formula/tree.ts';
import { type Allocate, onHeap } from '../grid/allocate.ts';
import { forEachNode, type Grid, nodeColumns } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import type { ControlledField, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { firstBad, notFinite, placeOf } from './control-rows.ts';

/** Whether a control moves the noise: a coefficient names one, or is a closure of x, y and u. */
export function noiseSeesControl(problem: Problem): boolean {
  const names = namesOf(problem);
  return (problem.slowNoise ?? []).flat().some((field) => {
    const tree = treeIn(field, ...names);
    return tree === undefined ? field.length > 2 : names[2].some((name) => dependsOn(tree, name));
  });
}

/** Whether a Brownian motion moves several slow variables: a then has entries a_ij, i ≠ j. */
export function hasCrossTerms(problem: Problem): boolean {
  const entries = (problem.slowNoise ?? []).map((row) => row.map((field) => !isNothing(problem, field)));
  return (entries[0] ?? []).some((_, j) => entries.filter((row) => row[j]).length > 1);
}

/**
 * ν_i per slow axis at every node; null where the problem has no noise in x, or controls move it, or it has cross
 * terms. Throws InputError where a coefficient is not finite.
 */
export function steadyNoise(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  allocate: Allocate = onHeap,
): readonly Float64Array[] | null {
  if (problem.slowNoise === undefined || hasCrossTerms(problem) || noiseSeesControl(problem)) return null;
  const rates = slow.axes.map(() => allocate(slow.size * fast.size));
  forEachNoiseRow(problem, slow, fast, (rows, { from }) => {
    for (const [i, row] of rows.entries()) {
      const out = rates[i].subarray(from, from + slow.size);
      for (const values of row) addSquares(out, values, slow.axes[i].spacing);
    }
  });
  return rates;
}

/** Columns of s: per column and slow axis s_ij/dx_i at every node, null where the formula is 0. */
export type NoiseColumns = readonly (readonly (Float64Array | null)[])[];

/** The columns of noise with cross terms. Throws InputError where a coefficient is not finite. */
export function noiseColumns(problem: Problem, slow: Grid, fast: Grid, allocate: Allocate = onHeap): NoiseColumns {
  const { slowNoise = [] } = problem;
  const columns = slowNoise[0].map((_, j) =>
    slowNoise.map((row) => (isNothing(problem, row[j]) ? null : allocate(slow.size * fast.size))),
  );
  forEachNoiseRow(problem, slow, fast, (rows, { from }) => {
    for (const [j, column] of columns.entries()) {
      for (const [i, field] of column.entries()) {
        if (field === null) continue;
        const values = rows[i][j];
        for (let s = 0; s < values.length; s++) field[from + s] = values[s] / slow.axes[i].spacing;
      }
    }
  });
  return columns.filter((column) => column.some((entries) => entries !== null));
}

/** Throws InputError for noise with cross terms that a control moves. */
export function refuseControlledCross(problem: Problem): void {
  if (!hasCrossTerms(problem) || !noiseSeesControl(problem)) return;
  throw new InputError(
    'a control moves noise of which one Brownian motion moves several slow variables',
    'the directions of second differences for cross terms are the same for all controls',
    'give every slow variable a Brownian motion of its own (a formula in place of a list)',
    'slowNoise',
  );
}

/** A row of slow nodes: the node it starts at, and its fast point. */
export interface NoiseRow {
  readonly from: number;
  readonly y: Float64Array;
}

/** Visits every row with the values of all s_ij on it, [i][j]. Throws InputError where one is not finite. */
export function forEachNoiseRow(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  visit: (rows: readonly (readonly Float64Array[])[], row: NoiseRow) => void,
): void {
  const { slowNoise = [] } = problem;
  const names = namesOf(problem);
  const evaluate = onRows(slowNoise.flat(), ...names);
  const rows = slowNoise.map((row) => row.map(() => new Float64Array(slow.size)));
  const [x, u] = [nodeColumns(slow), names[2].map(() => 0)];
  forEachNode(fast, (k, y) => {
    evaluate(rows.flat(), x, Array.from(y), u);
    for (const values of rows.flat()) {
      const bad = firstBad(values);
      if (bad >= 0) throw notFinite(values[bad], 'slowNoise', placeOf({ slow, fast, slope: [] }, bad, y));
    }
    visit(rows, { from: k * slow.size, y });
  });
}

/** out += s²/dx². */
function addSquares(out: Float64Array, values: Float64Array, spacing: number): void {
  for (let s = 0; s < out.length; s++) {
    const scaled = values[s] / spacing;
    out[s] += scaled * scaled;
  }
}

/** Whether the formula of a coefficient is the number 0. */
function isNothing(problem: Problem, field: Formula<ControlledField>): boolean {
  const tree = treeIn(field, ...namesOf(problem));
  return tree?.kind === 'number' && tree.value === 0;
}
