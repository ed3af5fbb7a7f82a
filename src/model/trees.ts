/** What the fields of a problem know of their formulas. */
import { type PointNames, treeIn } from '../formula/formula.ts';
import type { Tree } from '../formula/tree.ts';
import { dimensionsOf, type Problem } from './problem.ts';

/** x for one axis; x1, x2, … for several. */
export function axisNames(letter: string, dimension: number): string[] {
  return dimension === 1 ? [letter] : Array.from({ length: dimension }, (_, i) => `${letter}${i + 1}`);
}

/** The names of the coordinates of x, y and u. */
export function namesOf(problem: Problem): PointNames {
  const { n, m } = dimensionsOf(problem);
  return [axisNames('x', n), axisNames('y', m), problem.controls.names];
}

/** φ, b and ℓ in the names of x, y and u: what can be compiled to WebAssembly. */
export interface FieldTrees {
  readonly names: PointNames;
  readonly slowDrift: readonly Tree[];
  readonly fastDrift: readonly Tree[];
  readonly runningCost?: Tree;
}

/** The trees of φ, b and ℓ; null where one of them is a closure. */
export function treesOf(problem: Problem): FieldTrees | null {
  const { slowDrift, fast, runningCost } = problem;
  const { n, m } = dimensionsOf(problem);
  const names = namesOf(problem);
  const fields = [...slowDrift, ...fast.drift, ...(runningCost === undefined ? [] : [runningCost])];
  const trees = fields.flatMap((field) => treeIn(field, ...names) ?? []);
  if (trees.length < fields.length) return null;
  return { names, slowDrift: trees.slice(0, n), fastDrift: trees.slice(n, n + m), runningCost: trees[n + m] };
}
