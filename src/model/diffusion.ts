/** The second-order coefficients of a problem as formulas: a = ½ssᵀ of dX = φ dt + s dW, α_k = ½r_k² of r. */
import { numberTree, one, product, quotient, sameTree, sum, zero } from '../formula/algebra.ts';
import { call, type Tree } from '../formula/tree.ts';
import type { Problem } from './problem.ts';
import { namesOf, treesIn } from './trees.ts';

/** In the names of x, y and u. */
export interface DiffusionTrees {
  /** a_ij(x,y,u), n rows of n; zeros without slow noise. */
  readonly slow: readonly (readonly Tree[])[];
  /** α_k(x,y), m of them; 1 where the noise is √2. */
  readonly fast: readonly Tree[];
  /** What stands under a root in s, and in each r_k (undefined without one). */
  readonly slowRadicands: readonly Tree[];
  readonly fastRadicands: readonly (Tree | undefined)[];
}

/** a and α; null where a coefficient is a closure. Of s = c√P the square is c²P, wherever s has a value. */
export function diffusionTrees(problem: Problem): DiffusionTrees | null {
  const names = namesOf(problem);
  const { slowNoise, slowDrift, fast } = problem;
  const given = (slowNoise ?? []).map((row) => treesIn(row, names));
  const r = fast.kind === 'drift' && fast.noise !== undefined ? treesIn(fast.noise, names) : undefined;
  if (r === null || !given.every((row) => row !== null)) return null;
  const rows = given.map((row) => row.map(rooted));
  const radicandsOf = (roots: readonly Rooted[]) => roots.flatMap(({ radicand }) => radicand ?? []);
  return {
    slow: slowDrift.map((_, i) => slowDrift.map((_unused, k) => half(innerProduct(rows[i] ?? [], rows[k] ?? [])))),
    fast: r === undefined ? fast.drift.map(() => one) : r.map((each) => half(squared(rooted(each)))),
    slowRadicands: radicandsOf(rows.flat()),
    fastRadicands: r === undefined ? fast.drift.map(() => undefined) : r.map((each) => rooted(each).radicand),
  };
}

/** A coefficient factor·√radicand; without a radicand the factor alone. */
interface Rooted {
  readonly factor: Tree;
  readonly radicand?: Tree;
}

function rooted(tree: Tree): Rooted {
  if (tree.kind !== 'call') return { factor: tree };
  const [first, second] = tree.operands;
  const isRoot = tree.operation === 'sqrt' || (tree.operation === '^' && isHalf(second));
  if (isRoot) return { factor: one, radicand: first };
  if (tree.operation === '*') return multiplied(rooted(first), rooted(second));
  if (tree.operation === '/' && rooted(second).radicand === undefined) {
    const { factor, radicand } = rooted(first);
    return { factor: quotient(factor, second), radicand };
  }
  if (tree.operation !== 'negate') return { factor: tree };
  const { factor, radicand } = rooted(first);
  return { factor: product(numberTree(-1), factor), radicand };
}

function isHalf(tree: Tree): boolean {
  return tree.kind === 'number' && tree.value === 0.5;
}

function multiplied(a: Rooted, b: Rooted): Rooted {
  const factor = product(a.factor, b.factor);
  if (a.radicand === undefined || b.radicand === undefined) return { factor, radicand: a.radicand ?? b.radicand };
  if (sameTree(a.radicand, b.radicand)) return { factor: product(factor, a.radicand) };
  return { factor, radicand: product(a.radicand, b.radicand) };
}

function squared(coefficient: Rooted): Tree {
  return multiplied(coefficient, coefficient).factor;
}

function innerProduct(a: readonly Rooted[], b: readonly Rooted[]): Tree {
  return a.reduce<Tree>((total, each, j) => {
    const { factor, radicand } = multiplied(each, b[j]);
    return sum(total, radicand === undefined ? factor : product(factor, call('sqrt', radicand)));
  }, zero);
}

function half(tree: Tree): Tree {
  return product(numberTree(0.5), tree);
}
