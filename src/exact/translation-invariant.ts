/**
 * Exact values where nothing but f knows where x is (docs/theory.md §7.11): f = a·x + c, and φ, ℓ, b are free of x, as
 * in Merton's problem with logarithmic utility. Then, for every ε,
 *
 *   Vᵉ(τ,x,y) = f(x) + W(τ,y),   ∂_τW = h + (1/ε)LW,  W(0) = 0,   h(y) = min_u [a·φ(y,u) + ℓ(y,u)],
 *   v(τ,x) = f(x) + τ ∫h dμ.
 *
 * With b affine, L maps polynomials to polynomials of no higher degree: where h is one, the coefficients of W solve a
 * linear system. So it is where a·φ + ℓ = q(y) + s(y)·u + ½ uᵀRu with R constant and positive definite and u is free:
 * h = q − ½ sᵀR⁻¹s, u* = −R⁻¹s. Controls that have one value are put in. Noise leads u* out of any other bounded U; one
 * is taken for m = 1 and an affine u* where that has no price: where u* keeps inside U for all y within FAR deviations
 * of μ. From a y within 10 of them the change of W is below e^{−9²/2} = 3e-18 of its size (½ R E[(u* − U)²]).
 */

import { difference, numberTree, product, sum, zero } from '../formula/algebra.ts';
import { treeIn } from '../formula/formula.ts';
import { type Polynomial, polynomialIn, polynomialTree } from '../formula/polynomial.ts';
import { compileTogether } from '../formula/program.ts';
import { substituted, type Tree } from '../formula/tree.ts';
import { inverseOf, isPositive, isStable } from '../linalg/small-matrix.ts';
import { FAST_VARIANCE } from '../model/fast-diffusion.ts';
import { slowTerminal } from '../model/general-terms.ts';
import { boxesOf, type Coordinates, type Exact, type Problem } from '../model/problem.ts';
import { treesOf } from '../model/trees.ts';
import { polynomialFlow, stationaryMean } from './polynomial-flow.ts';
import { affineRow, polynomialNumbers } from './polynomial-numbers.ts';

/** Of h; the linear systems have as many unknowns as monomials. */
const HIGHEST_DEGREE = 6;

/** Deviations of μ within which u* must keep inside a bounded U. */
const FAR = 19;

/** What the formulas say, free of x. */
interface System {
  /** b, row by row over (y, 1). */
  readonly fast: readonly (readonly number[])[];
  readonly h: ReadonlyMap<string, number>;
  readonly control: (y: Coordinates) => number[];
}

/**
 * Vᵉ, u* and, where the fast process has an invariant measure, v; undefined unless the formulas prove the problem to be
 * of this kind. Accurate to about 1e-12 down to ε = 1e-8.
 */
export function translationInvariantSolution(
  problem: Problem,
): Pick<Exact, 'value' | 'feedback' | 'limit'> | undefined {
  const system = systemOf(problem);
  if (system === null) return undefined;
  const { fast, h, control } = system;
  const terminalCost = slowTerminal(problem);
  const gained = polynomialFlow(fast, h);
  const isErgodic = isStable(fast.map((row) => row.slice(0, -1).map((value) => -value)));
  const mean = isErgodic ? stationaryMean(fast, h) : 0;
  return {
    value: ({ tau, epsilon, x, y }) => terminalCost(x) + gained({ tau, epsilon, y }),
    feedback: ({ y }) => control(y),
    limit: isErgodic ? (tau, x) => terminalCost(x) + tau * mean : undefined,
  };
}

function systemOf(problem: Problem): System | null {
  const trees = treesOf(problem);
  const terminal = trees && treeIn(problem.terminalCost, trees.names[0]);
  if (!trees || !terminal || problem.source !== undefined) return null;
  const [x, y] = trees.names;
  const slope = affineRow(terminal, x);
  const fast = trees.fastDrift.map((tree) => affineRow(tree, y));
  if (slope === null || !fast.every((row) => row !== null)) return null;
  const rate = trees.slowDrift.reduce<Tree>(
    (total, tree, i) => sum(total, product(numberTree(slope[i]), tree)),
    trees.runningCost ?? zero,
  );
  const least = leastOf(rate, problem);
  const h = least && polynomialNumbers(least.h, y, HIGHEST_DEGREE);
  if (!least || !h || least.control.some((tree) => polynomialNumbers(tree, y, HIGHEST_DEGREE) === null)) return null;
  const rows = least.control.map((tree) => affineRow(tree, y));
  if (!isWhole(problem) && !(y.length === 1 && keepsInside(problem, rows, fast[0]))) return null;
  const compiled = compileTogether(least.control, y);
  return { fast, h, control: (at) => compiled.map((component) => component(at)) };
}

/** Whether every control has one value or is free. */
function isWhole({ controls }: Problem): boolean {
  const [{ lower, upper }] = boxesOf(controls);
  return lower.every((low, c) => low === upper[c] || (low === -Infinity && upper[c] === Infinity));
}

/** Whether u*, row by row over (y, 1), lies in U for all y within FAR deviations of μ; m = 1. */
function keepsInside({ controls }: Problem, rows: readonly (readonly number[] | null)[], [rate, constant]: number[]) {
  if (!(rate < 0)) return false;
  const [{ lower, upper }] = boxesOf(controls);
  const [mean, deviation] = [-constant / rate, Math.sqrt(FAST_VARIANCE / (-2 * rate))];
  return rows.every((row, c) => {
    if (row === null) return false;
    const [middle, reach] = [row[0] * mean + row[1], Math.abs(row[0]) * FAR * deviation];
    return middle - reach >= lower[c] && middle + reach <= upper[c];
  });
}

/** h and u* as formulas; null where the minimum is not shown to be of the kind above. */
function leastOf(rate: Tree, { controls }: Problem): { h: Tree; control: Tree[] } | null {
  const [{ lower, upper }, ...more] = boxesOf(controls);
  const { names } = controls;
  if (more.length > 0) return null;
  const isFixed = (c: number) => lower[c] === upper[c];
  const fixed = names.flatMap((name, c) => (isFixed(c) ? [[name, numberTree(lower[c])] as const] : []));
  const free = names.filter((_, c) => !isFixed(c));
  const polynomial = polynomialIn(substituted(rate, Object.fromEntries(fixed)), free, 2);
  const minimum = polynomial && minimumOf(polynomial, free);
  if (!minimum) return null;
  const control = names.map((_, c) => (isFixed(c) ? numberTree(lower[c]) : minimum.control[free.indexOf(names[c])]));
  return { h: minimum.h, control };
}

/** The least value of q + s·u + ½ uᵀRu and where it is taken. */
function minimumOf(polynomial: Polynomial, free: readonly string[]): { h: Tree; control: Tree[] } | null {
  const at = (...places: number[]) =>
    polynomial.get(free.map((_, c) => places.filter((place) => place === c).length).join()) ?? zero;
  if (free.length === 0) return { h: polynomialTree(polynomial, []), control: [] };
  const bends = free.map((_, c) => free.map((_, d) => at(c, d)));
  if (!bends.flat().every((bend) => bend.kind === 'number')) return null;
  const R = bends.map((row, c) => row.map((bend, d) => (bend.kind === 'number' ? bend.value : 0) * (c === d ? 2 : 1)));
  if (!isPositive(R, 'strictly')) return null;
  const inverse = inverseOf(R);
  const control = inverse.map((row) =>
    row.reduce<Tree>((total, value, d) => difference(total, product(numberTree(value), at(d))), zero),
  );
  const h = control.reduce((total, u, c) => sum(total, product(numberTree(0.5), product(at(c), u))), at());
  return { h, control };
}
