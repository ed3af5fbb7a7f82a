/**
 * Exact values where nothing but f knows where x is (docs/theory.md §7.11): f = a·x + c, and φ, ℓ, s, b, r are free of
 * x, as in Merton's problem with logarithmic utility. Then, for every ε,
 *
 *   Vᵉ(τ,x,y) = f(x) + W(τ,y),   ∂_τW = h + (1/ε)LW,  W(0) = 0,   h(y) = min_u [a·φ(y,u) + ℓ(y,u)],
 *   v(τ,x) = f(x) + τ ∫h dμ.
 *
 * D²_xV = 0, so that slow noise changes nothing; it may be a polynomial, or the root of one, of y and u. A discount is
 * taken where a = 0. With b affine and α of degree 2 at most L maps polynomials to polynomials of no higher degree:
 * where h is one, the coefficients of W solve a linear system. So it is where a·φ + ℓ = q(y) + s(y)·u + ½ uᵀRu with R
 * constant and positive definite and u is free: h = q − ½ sᵀR⁻¹s, u* = −R⁻¹s. Controls that have one value are put in,
 * and those whose factor alone, s(y), keeps its sign where Y lives are at an end of their interval. Noise leads u* out
 * of any other bounded U; one is taken for m = 1, r constant and an affine u* where that has no price: where u* keeps
 * inside U for all y within FAR deviations of μ. From a y within 10 of them the change of W is below e^{−9²/2} = 3e-18
 * of its size (½ R E[(u* − U)²]).
 */

import { difference, isNumber, negated, numberTree, product, sum, zero } from '../formula/algebra.ts';
import { treeIn } from '../formula/formula.ts';
import { type Polynomial, polynomialIn, polynomialTree } from '../formula/polynomial.ts';
import { compileTogether } from '../formula/program.ts';
import { dependsOn, substituted, type Tree } from '../formula/tree.ts';
import { inverseOf, isPositive } from '../linalg/small-matrix.ts';
import { type DiffusionTrees, diffusionTrees } from '../model/diffusion.ts';
import { slowTerminal } from '../model/general-terms.ts';
import { boxesOf, type Coordinates, type Exact, type Interval, type Problem } from '../model/problem.ts';
import { treesOf } from '../model/trees.ts';
import { isNeverNegative, type PolynomialFast, polynomialFast } from './polynomial-fast.ts';
import { polynomialFlow, stationaryMean } from './polynomial-flow.ts';
import { affineRow, type NumberPolynomial, polynomialNumbers } from './polynomial-numbers.ts';

/** Of h; the linear systems have as many unknowns as monomials. */
const HIGHEST_DEGREE = 6;

/** Deviations of μ within which u* must keep inside a bounded U. */
const FAR = 19;

/** What the formulas say, free of x. */
interface System {
  readonly fast: PolynomialFast;
  readonly h: NumberPolynomial;
  readonly control: (y: Coordinates) => number[];
}

/**
 * Vᵉ, u* and, where the moments of the fast process come to rest, v; undefined unless the formulas prove the problem to
 * be of this kind. Accurate to about 1e-12 down to ε = 1e-8.
 */
export function translationInvariantSolution(
  problem: Problem,
): Pick<Exact, 'value' | 'feedback' | 'limit'> | undefined {
  const system = systemOf(problem);
  if (system === null) return undefined;
  const { fast, h, control } = system;
  const { discount = 0 } = problem;
  const terminalCost = slowTerminal(problem);
  const gained = polynomialFlow(fast, h, discount);
  const mean = stationaryMean(fast, h);
  const atEnd = (tau: number, x: Coordinates) => Math.exp(-discount * tau) * terminalCost(x);
  const lasting = (tau: number) => (discount === 0 ? tau : -Math.expm1(-discount * tau) / discount);
  return {
    value: ({ tau, epsilon, x, y }) => atEnd(tau, x) + gained({ tau, epsilon, y }),
    feedback: ({ y }) => control(y),
    limit: mean === undefined ? undefined : (tau, x) => atEnd(tau, x) + lasting(tau) * mean,
  };
}

function systemOf(problem: Problem): System | null {
  const [trees, diffusion] = [treesOf(problem), diffusionTrees(problem)];
  const terminal = trees && treeIn(problem.terminalCost, ...trees.names);
  if (!trees || !diffusion || !terminal || problem.source !== undefined) return null;
  const [x, y, u] = trees.names;
  const slope = affineRow(terminal, x);
  const fast = polynomialFast(trees, diffusion, y);
  if (slope === null || fast === null) return null;
  const moves = slope.slice(0, -1).some((value) => value !== 0);
  if (problem.discount !== undefined && problem.discount !== 0 && moves) return null;
  const states = Object.fromEntries(y.map((name, k) => [name, fast.states[k]]));
  if (moves && !isHarmless(diffusion, [...y, ...u], states)) return null;
  const rate = trees.slowDrift.reduce<Tree>(
    (total, tree, i) => sum(total, product(numberTree(slope[i]), tree)),
    trees.runningCost ?? zero,
  );
  const held = heldControls(rate, problem, x, states);
  const least = leastOf(rate, problem.controls.names, held);
  const h = least && polynomialNumbers(least.h, y, HIGHEST_DEGREE);
  if (!least || !h || least.control.some((tree) => polynomialNumbers(tree, y, HIGHEST_DEGREE) === null)) return null;
  if (!isFreeBut(held, problem) && !(y.length === 1 && keepsInside(problem, held, least.control, fast))) return null;
  const compiled = compileTogether(least.control, y);
  return { fast, h, control: (at) => compiled.map((component) => component(at)) };
}

/** Whether the noise is free of x, real, and has moments: a polynomial of y and u or the root of one. */
function isHarmless({ slow, slowRadicands }: DiffusionTrees, names: string[], states: Record<string, Interval>) {
  const isPolynomial = slow.every((row, i) => polynomialNumbers(row[i], names, HIGHEST_DEGREE) !== null);
  return isPolynomial && isNeverNegative(slowRadicands, names, states);
}

/** Whether every control that is not held is free. */
function isFreeBut(held: Held, { controls }: Problem): boolean {
  const [{ lower, upper }] = boxesOf(controls);
  return controls.names.every((name, c) => name in held || (lower[c] === -Infinity && upper[c] === Infinity));
}

/** Whether u*(y), where it is not held, lies in U for all y within FAR deviations of μ; m = 1. */
function keepsInside({ controls }: Problem, held: Held, control: readonly Tree[], { drift, spread }: PolynomialFast) {
  const [rate = 0, constant = 0] = ['1', '0'].map((key) => drift[0].get(key));
  const alpha = spread[0].get('0') ?? 0;
  if (!(rate < 0 && alpha > 0) || [...spread[0].keys()].some((key) => key !== '0')) return false;
  const [{ lower, upper }] = boxesOf(controls);
  const [mean, deviation] = [-constant / rate, Math.sqrt((2 * alpha) / (-2 * rate))];
  return controls.names.every((name, c) => {
    if (name in held) return true;
    const row = affineRow(control[c], ['y']);
    if (row === null) return false;
    const [middle, reach] = [row[0] * mean + row[1], Math.abs(row[0]) * FAR * deviation];
    return middle - reach >= lower[c] && middle + reach <= upper[c];
  });
}

/** Controls with the values at which they rest. */
type Held = Readonly<Record<string, number>>;

/** Those that have one value, and those that the rate is affine in with a factor of one sign where Y lives. */
function heldControls(
  rate: Tree,
  { controls }: Problem,
  x: readonly string[],
  states: Readonly<Record<string, Interval>>,
): Held {
  const [{ lower, upper }, ...more] = boxesOf(controls);
  if (more.length > 0) return {};
  const { names } = controls;
  return Object.fromEntries(
    names.flatMap((name, c) => {
      if (lower[c] === upper[c]) return [[name, lower[c]]];
      const factor = polynomialIn(rate, [name], 1);
      const along = factor?.get('1') ?? zero;
      if (factor === null || [...x, ...names].some((other) => dependsOn(along, other))) return [];
      if (isNumber(along, 0)) return [[name, Math.min(Math.max(0, lower[c]), upper[c])]];
      const end = [negated(along), along].map((tree) => isNeverNegative([tree], Object.keys(states), states));
      const rest = end[1] ? lower[c] : end[0] ? upper[c] : Infinity;
      return Number.isFinite(rest) ? [[name, rest]] : [];
    }),
  );
}

/** h and u* as formulas; null where the minimum is not shown to be of the kind above. */
function leastOf(rate: Tree, names: readonly string[], held: Held): { h: Tree; control: Tree[] } | null {
  const numbers = Object.fromEntries(Object.entries(held).map(([name, value]) => [name, numberTree(value)]));
  const free = names.filter((name) => !(name in held));
  const polynomial = polynomialIn(substituted(rate, numbers), free, 2);
  const minimum = polynomial && minimumOf(polynomial, free);
  if (!minimum) return null;
  const control = names.map((name) => numbers[name] ?? minimum.control[free.indexOf(name)]);
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
