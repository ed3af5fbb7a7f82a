/**
 * Noise of the fast variables that is not √2, dY_k = b_k/ε dt + r_k/√ε dB_k. With α_k = r_k²/2 > 0
 *
 *   L = Σ_k α_k (∂²_k + (b_k/α_k) ∂_k):
 *
 * along every axis L is α_k times the generator of a process with the drift b_k/α_k and the noise √2. Where
 * D_k = (b_k − ∂_kα_k)/α_k is a gradient, on a line always, the process with the drift D and the noise √2 has the same
 * invariant measure e^−Ψ, D = −D_yΨ: probability flows vanish, b_kρ = ∂_k(α_kρ) for every k.
 */
import { difference, isNumber, numberTree, quotient, squared } from '../formula/algebra.ts';
import { derivative } from '../formula/derivative.ts';
import { type AnyFormula, type Formula, fromTrees, treeIn } from '../formula/formula.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import { oncePerProblem } from './once-per-problem.ts';
import type { FastField, FastProcess, Problem } from './problem.ts';
import { namesOf, treesIn } from './trees.ts';

/** How L is made of processes with unit noise. */
export interface FastScale {
  /** The same problem with the drift b_k/α_k and the noise √2. */
  readonly unit: Problem;
  /** α_k(x,y), m components. */
  readonly alpha: readonly Formula<FastField>[];
  /** The same problem with the drift D and the noise √2. */
  readonly balanced: Problem;
  /** Whether formulas show that D is a gradient: then `balanced` has the same invariant measure. */
  readonly isGradient: boolean;
}

/** r, m components; none where the noise is √2 because no other is given. */
export function noiseOf(fast: FastProcess): readonly Formula<FastField>[] {
  return (fast.kind === 'drift' && fast.noise) || [];
}

/**
 * The scale of a problem; null where α ≡ 1 by its formulas, or no noise is given. Throws InputError where r is a
 * function without a formula.
 */
export function fastScale(problem: Problem): FastScale | null {
  return noiseOf(problem.fast).length === 0 ? null : scaleOf(problem, []);
}

/** The process with noise √2 that has the invariant measure of this one, where there is one; else the problem. */
export function unitNoiseTwin(problem: Problem): Problem {
  const scale = fastScale(problem);
  return scale?.isGradient === true ? scale.balanced : problem;
}

/** Whether the fast process is in detailed balance with its invariant measure, as a potential or formulas show. */
export function isReversible(problem: Problem): boolean {
  return problem.fast.kind === 'potential' || fastScale(problem)?.isGradient === true;
}

/** Whether the formulas of r show that it is a number. */
export function hasConstantNoise(problem: Problem): boolean {
  const names = namesOf(problem).slice(0, 2);
  const trees = treesIn(noiseOf(problem.fast), names);
  return trees !== null && !trees.some((tree) => names.flat().some((name) => dependsOn(tree, name)));
}

const scaleOf = oncePerProblem((problem): FastScale | null => {
  const [ofX, ofY] = namesOf(problem);
  const trees = noiseOf(problem.fast).map((r, k) => {
    const tree = treeIn(r, ofX, ofY);
    if (tree === undefined) throw unknownNoise(problem, k);
    return quotient(squared(tree), numberTree(2));
  });
  if (trees.every((tree) => isNumber(tree, 1))) return null;
  const alpha = trees.map((tree) => fieldOf(problem, tree));
  const slopes = trees.map((tree, k) => derivative(tree, ofY[k]));
  const drifts = problem.fast.drift.map((b) => treeIn(b, ofX, ofY));
  const flowless = drifts.map((b, k) => b && quotient(difference(b, slopes[k]), trees[k]));
  const driftOf = (tree: Tree | undefined, k: number, slope: FastField): Formula<FastField> => {
    const b = problem.fast.drift[k];
    return tree === undefined ? (x, y) => (b(x, y) - slope(x, y)) / alpha[k](x, y) : fieldOf(problem, tree);
  };
  const units = drifts.map((b, k) => driftOf(b && quotient(b, trees[k]), k, () => 0));
  const balanced = flowless.map((tree, k) => driftOf(tree, k, fieldOf(problem, slopes[k])));
  return {
    unit: withDrift(problem, units),
    alpha,
    balanced: withDrift(problem, balanced),
    isGradient: ofY.length === 1 || isGradient(flowless, ofY),
  };
});

function fieldOf(problem: Problem, tree: Tree): Formula<FastField> {
  const [ofX, ofY] = namesOf(problem);
  return fromTrees([{ tree }], ofX, ofY)[0];
}

function withDrift(problem: Problem, drift: readonly AnyFormula[]): Problem {
  return { ...problem, fast: { kind: 'drift', drift: drift as readonly Formula<FastField>[] }, exact: undefined };
}

/** Whether formulas show that ∂_lD_k = ∂_kD_l. */
function isGradient(drift: readonly (Tree | undefined)[], names: readonly string[]): boolean {
  return drift.every((one, k) =>
    drift.slice(0, k).every((other, l) => {
      if (one === undefined || other === undefined) return false;
      return isZero(difference(derivative(one, names[l]), derivative(other, names[k])), names);
    }),
  );
}

/** The degree up to which formulas are compared as polynomials. */
const HIGHEST = 12;

function isZero(tree: Tree, names: readonly string[]): boolean {
  if (isNumber(tree, 0)) return true;
  const polynomial = polynomialIn(tree, names, HIGHEST);
  return polynomial !== null && [...polynomial.values()].every((coefficient) => isNumber(coefficient, 0));
}

function unknownNoise({ name }: Problem, k: number): InputError {
  return new InputError(
    `component ${k + 1} of the fast noise of ${name} is a function without a formula`,
    'that it is nowhere 0 in the y-box, where the process would stay, is decided on its formula',
    "give a formula: formula('0.3*sqrt(y)', ['x'], ['y'])",
    'fastNoise',
  );
}
