/** Functions of points that may know the formula they compute; a plain closure is one that does not. */
import { type Compiled, compileTogether } from './program.ts';
import { substituted, type Tree } from './tree.ts';

/** The names of the coordinates of every point that a function takes. */
export type PointNames = readonly (readonly string[])[];

/** What a function knows of its formula. */
export interface Known {
  readonly tree: Tree;
  /** The names in the tree, point by point. */
  readonly names: PointNames;
  /** For display. */
  readonly text: string;
  /** The derivatives by the coordinates of the k-th point, computed together. Throws InputError where there is none. */
  readonly gradient: (k: number) => readonly WrittenFormula[];
}

/**
 * A function that may know where it came from. What is known belongs to the function, so that it cannot outlive it.
 * Of a closure its author may declare in which of its points it is affine (model/structure.ts).
 *
 * @typeParam F The function; its points are read only.
 */
export type Formula<F extends (...points: never[]) => number = Compiled> = F &
  Partial<Known> & { readonly affineIn?: readonly string[] };

/** A formula or a closure of any points. */
export type AnyFormula = Formula<(...points: never[]) => number>;

/** A function of trees; only one that was read from a text has a text and a gradient. */
export type WrittenFormula = Formula & Pick<Known, 'tree' | 'names'>;

/** Functions of the same points from trees in these names, computed together as in program.ts. */
export function fromTrees(
  parts: readonly Pick<WrittenFormula, 'tree' | 'text' | 'gradient'>[],
  ...names: PointNames
): readonly WrittenFormula[] {
  const trees = parts.map(({ tree }) => tree);
  return compileTogether(trees, ...names).map((compute, i) => Object.assign(compute, { ...parts[i], names }));
}

/** The tree of a function whose points are called by these names; undefined for a closure and for other dimensions. */
export function treeIn({ tree, names = [] }: Partial<Known>, ...called: PointNames): Tree | undefined {
  const pairs = names.flatMap((group, k) => group.map((name, i) => [name, called[k]?.[i]] as const));
  if (tree === undefined || pairs.some(([, name]) => name === undefined)) return undefined;
  const renamed = pairs.flatMap(([from, to]) => (from === to ? [] : [[from, { kind: 'name', name: to }]]));
  return renamed.length === 0 ? tree : substituted(tree, Object.fromEntries(renamed));
}
