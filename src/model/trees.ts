/** What the fields of a problem know of their formulas. */
import { type AnyFormula, type PointNames, treeIn } from '../formula/formula.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
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
  /** s, row after row, then r; absent without noise in x and with √2 in y. */
  readonly noise?: readonly Tree[];
}

/** The trees of φ, b and ℓ; null where one of them is a closure. */
export function treesOf(problem: Problem): FieldTrees | null {
  const controlled = controlTrees(problem);
  const fastDrift = treesIn(problem.fast.drift, namesOf(problem));
  return controlled === null || fastDrift === null ? null : { ...controlled, fastDrift };
}

/** The trees of φ and ℓ, which the minimum over U is taken of; null where one of them is a closure. */
export function controlTrees(problem: Problem): Omit<FieldTrees, 'fastDrift'> | null {
  const names = namesOf(problem);
  const slowDrift = treesIn(problem.slowDrift, names);
  const running = treesIn(problem.runningCost === undefined ? [] : [problem.runningCost], names);
  if (slowDrift === null || running === null) return null;
  return { names, slowDrift, runningCost: running[0] };
}

/** The tree of Φ; null where it is a closure, or there is none. */
export function potentialTree(problem: Problem): Tree | null {
  const { fast } = problem;
  const [ofX, ofY] = namesOf(problem);
  return fast.kind === 'potential' ? (treeIn(fast.potential, ofX, ofY) ?? null) : null;
}

/** Whether the formulas of the fast process show that it is the same at every x. */
export function isSameAtEveryX(problem: Problem): boolean {
  const { fast } = problem;
  const names = namesOf(problem);
  const potential = potentialTree(problem);
  const trees =
    fast.kind === 'potential' ? potential && [potential] : treesIn([...fast.drift, ...(fast.noise ?? [])], names);
  return trees !== null && !trees.some((tree) => names[0].some((name) => dependsOn(tree, name)));
}

/** The trees of fields in the names of their points; null where one of them is a closure. */
export function treesIn(fields: readonly AnyFormula[], names: PointNames): readonly Tree[] | null {
  const trees = fields.flatMap((field) => treeIn(field, ...names) ?? []);
  return trees.length < fields.length ? null : trees;
}
