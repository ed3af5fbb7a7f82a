/**
 * Solutions of problems with a term from those without it (docs/theory.md §7.13).
 *
 *   discount, no running cost:      V = e^{−λτ} V₀,  V₀ without discount;
 *   g = f(x) + k(y), Y without x:   V = V_f + e^{−λτ} E[k(Y_τ)],  v = v_f + e^{−λτ} ∫k dμ.
 *
 * The first since a factor does not change the infimum, the second since no control moves Y.
 */

import { zero } from '../formula/algebra.ts';
import { type Formula, treeIn } from '../formula/formula.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { compileTogether } from '../formula/program.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';
import { diffusionTrees } from '../model/diffusion.ts';
import { terminalSeesY } from '../model/general-terms.ts';
import type { Exact, Field, Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { polynomialFast } from './polynomial-fast.ts';
import { polynomialMean, stationaryMean } from './polynomial-flow.ts';
import type { NumberPolynomial } from './polynomial-numbers.ts';

/** A problem with fewer terms, and what its solutions are for the whole. */
export interface Reduction {
  readonly problem: Problem;
  readonly whole: (form: Exact) => Exact;
}

/** Of k. */
const HIGHEST_DEGREE = 6;

/** The problem without as many terms as these formulas take away; the problem itself where they take none. */
export function reduced(problem: Problem): Reduction {
  const step = withoutDiscount(problem) ?? withoutTerminalOfY(problem);
  if (step === null) return { problem, whole: (form) => form };
  const rest = reduced(step.problem);
  return { problem: rest.problem, whole: (form) => step.whole(rest.whole(form)) };
}

function withoutDiscount(problem: Problem): Reduction | null {
  const { discount = 0, runningCost, source } = problem;
  if (discount === 0 || runningCost !== undefined || source !== undefined) return null;
  const left = (tau: number) => Math.exp(-discount * tau);
  return {
    problem: { ...problem, discount: undefined },
    whole: ({ value, limit, ...form }) => ({
      ...form,
      value: value && ((at) => left(at.tau) * value(at)),
      limit: limit && ((tau, x) => left(tau) * limit(tau, x)),
    }),
  };
}

function withoutTerminalOfY(problem: Problem): Reduction | null {
  if (!terminalSeesY(problem)) return null;
  const names = namesOf(problem);
  const [x, y] = names;
  const [diffusion, fastDrift] = [diffusionTrees(problem), treesIn(problem.fast.drift, names)];
  const terminal = treeIn(problem.terminalCost, x, y);
  const parts = terminal && splitTerminal(terminal, y);
  const fast = fastDrift && diffusion && polynomialFast({ names, fastDrift }, diffusion, y);
  if (!parts || !fast) return null;
  const { discount = 0 } = problem;
  const [mean, atRest] = [polynomialMean(fast, parts.ofY), stationaryMean(fast, parts.ofY)];
  const left = (tau: number) => Math.exp(-discount * tau);
  const terminalCost: Formula<Field> = Object.assign(compileTogether([parts.ofX], x)[0], {
    tree: parts.ofX,
    names: [x],
  });
  return {
    problem: { ...problem, terminalCost },
    whole: ({ value, limit, ...form }) => ({
      ...form,
      value: value && ((at) => value(at) + left(at.tau) * mean(at)),
      limit: limit && atRest !== undefined ? (tau, at) => limit(tau, at) + left(tau) * atRest : undefined,
    }),
  };
}

/** f and k; null where g is not f(x) + k(y) with a polynomial k. */
function splitTerminal(terminal: Tree, y: readonly string[]): { ofX: Tree; ofY: NumberPolynomial } | null {
  const constant = y.map(() => 0).join();
  const polynomial = polynomialIn(terminal, y, HIGHEST_DEGREE);
  if (polynomial === null) return null;
  const ofY = [...polynomial].flatMap(([key, coefficient]) => (key === constant ? [] : [[key, coefficient] as const]));
  const numbers = ofY.flatMap(([key, coefficient]) =>
    coefficient.kind === 'number' ? [[key, coefficient.value] as const] : [],
  );
  const ofX = polynomial.get(constant) ?? zero;
  if (numbers.length < ofY.length || y.some((name) => dependsOn(ofX, name))) return null;
  return { ofX, ofY: new Map(numbers) };
}
