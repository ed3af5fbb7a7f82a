/**
 * The Hamiltonian with noise in x, H(x,y,p,M) = −min_u [tr(a M) + φ·p + ℓ] with a = ½ssᵀ (arXiv:2208.00655): for a
 * given matrix M = D²v it is that of a problem without noise whose running cost is ℓ + tr(aM), a formula where ℓ and s
 * are.
 */
import { numberTree, product, squared, sum, zero } from '../formula/algebra.ts';
import { type Formula, fromTrees } from '../formula/formula.ts';
import type { Tree } from '../formula/tree.ts';
import { oncePerProblem } from './once-per-problem.ts';
import type { ControlledField, Problem } from './problem.ts';
import { controlTrees, treesIn } from './trees.ts';

/** M, n rows of a symmetric matrix. */
export type Hessian = readonly (readonly number[])[];

/** The problem at frozen D²v = M, 0 by default: s is left out and its part of H stands in ℓ. */
export function atHessian(problem: Problem, M?: Hessian): Problem {
  if (problem.slowNoise === undefined) return problem;
  return atNumbers(problem, M === undefined ? [] : M.flat());
}

const atNumbers = oncePerProblem((problem, numbers): Problem => {
  const { slowNoise = [], runningCost, ...rest } = problem;
  const still = { ...rest, runningCost, exact: undefined };
  if (numbers.every((value) => value === 0)) return still;
  const n = slowNoise.length;
  const M = slowNoise.map((_, i) => numbers.slice(n * i, n * (i + 1)));
  const trees = controlTrees(problem);
  const rows = trees && slowNoise.map((row) => treesIn(row, trees.names));
  if (trees === null || rows === null || rows.some((row) => row === null)) {
    return { ...still, runningCost: withTrace(slowNoise, M, runningCost) };
  }
  const tree = sum(trees.runningCost ?? zero, traceTree(rows as readonly (readonly Tree[])[], M));
  return { ...still, runningCost: fromTrees([{ tree }], ...trees.names)[0] };
});

/** ½ Σ_ij M_ij Σ_k s_ik s_jk as a formula. */
function traceTree(rows: readonly (readonly Tree[])[], M: Hessian): Tree {
  let trace = zero;
  for (const [i, row] of rows.entries()) {
    for (const [k, s] of row.entries()) {
      trace = sum(trace, product(numberTree(M[i][i] / 2), squared(s)));
      for (let j = 0; j < i; j++) trace = sum(trace, product(numberTree(M[i][j]), product(s, rows[j][k])));
    }
  }
  return trace;
}

function withTrace(
  slowNoise: NonNullable<Problem['slowNoise']>,
  M: Hessian,
  runningCost: Formula<ControlledField> | undefined,
): ControlledField {
  return (x, y, u) => {
    const values = slowNoise.map((row) => row.map((s) => s(x, y, u)));
    let cost = runningCost?.(x, y, u) ?? 0;
    for (const [i, row] of values.entries()) {
      for (const [j, other] of values.entries()) {
        for (const [k, s] of row.entries()) cost += (M[i][j] / 2) * s * other[k];
      }
    }
    return cost;
  };
}
