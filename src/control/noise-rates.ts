/**
 * The noise of the slow variables on slow × fast nodes: a = ½ s sᵀ as rates per slow axis,
 *
 *   tr(a D²V) = Σ_i ν_i (V_{i+1} − 2V_i + V_{i−1})/2,   ν_i = 2a_ii/dx_i²,
 *
 * for noise without cross terms, a_ij = 0 for i ≠ j. Noise that no control moves is a field per axis here; what
 * controls move belongs to the minimum over U (quadratic-families.ts).
 */
import { treeIn } from '../formula/formula.ts';
import { onRows } from '../formula/on-rows.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import { type Allocate, onHeap } from '../grid/allocate.ts';
import { forEachNode, type Grid, nodeColumns } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import type { Problem } from '../model/problem.ts';
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

/**
 * ν_i per slow axis at every node; null where the problem has no noise in x, or controls move it. Throws InputError for
 * cross terms, and where a coefficient is not finite.
 */
export function steadyNoise(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  allocate: Allocate = onHeap,
): readonly Float64Array[] | null {
  const { slowNoise } = problem;
  if (slowNoise === undefined) return null;
  refuseCrossTerms(problem);
  if (noiseSeesControl(problem)) return null;
  const names = namesOf(problem);
  const evaluate = onRows(slowNoise.flat(), ...names);
  const rows = slowNoise.map((row) => row.map(() => new Float64Array(slow.size)));
  const rates = slow.axes.map(() => allocate(slow.size * fast.size));
  const [x, u] = [nodeColumns(slow), names[2].map(() => 0)];
  forEachNode(fast, (j, y) => {
    evaluate(rows.flat(), x, Array.from(y), u);
    for (const [i, row] of rows.entries()) {
      for (const values of row) {
        const bad = firstBad(values);
        if (bad >= 0) throw notFinite(values[bad], 'slowNoise', placeOf({ slow, fast, slope: [] }, bad, y));
        addSquares(rates[i].subarray(j * slow.size, (j + 1) * slow.size), values, slow.axes[i].spacing);
      }
    }
  });
  return rates;
}

/** out += s²/dx². */
function addSquares(out: Float64Array, values: Float64Array, spacing: number): void {
  for (let s = 0; s < out.length; s++) {
    const scaled = values[s] / spacing;
    out[s] += scaled * scaled;
  }
}

/** Throws InputError for noise of which one Brownian motion moves several slow variables. */
function refuseCrossTerms(problem: Problem): void {
  const { slowNoise = [] } = problem;
  const rows = noiseTrees(problem);
  const isNothing = (i: number, j: number) => rows !== null && rows[i][j].kind === 'number' && rows[i][j].value === 0;
  const columns = slowNoise[0]?.length ?? 0;
  for (let j = 0; j < columns; j++) {
    const moved = slowNoise.filter((_, i) => !isNothing(i, j)).length;
    if (moved < 2) continue;
    throw new InputError(
      `the Brownian motion W${j + 1} moves ${moved} slow variables`,
      'a = ½ssᵀ then has cross terms a_12, for which differences along the axes are not monotone',
      'give every slow variable a Brownian motion of its own (a formula in place of a list), or turn the axes of x',
      'slowNoise',
    );
  }
}

function noiseTrees(problem: Problem): readonly (readonly Tree[])[] | null {
  const names = namesOf(problem);
  const rows = (problem.slowNoise ?? []).map((row) => row.flatMap((field) => treeIn(field, ...names) ?? []));
  return rows.some((row, i) => row.length < (problem.slowNoise?.[i].length ?? 0)) ? null : rows;
}
