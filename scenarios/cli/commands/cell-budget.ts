/**
 * --budget of `hjb cell`: how much of −δω(y) − H̄ is due to the grid, the discount and the ball,
 *
 *   −δω_{δ,n,h} − H̄ = [h-part] + [−δω_{δ,n} − (−δω_{δ,∞})] + [−δω_{δ,∞} − H̄],
 *
 * and what an inexact minimum over U leaves below H.
 */
import { type DeltaCellOptions, effectiveHamiltonian, solveOnBall } from '../../../solvers/index.ts';
import { dimensionsOf, type Problem } from '../../../src/model/problem.ts';
import { type Budget, type BudgetPart, errorBudget } from '../../../src/verification/budget.ts';

/** A δ-cell problem and the point y of the ball where −δω is read. */
interface CellQuestion {
  readonly options: DeltaCellOptions;
  readonly y: readonly number[];
  /** By how much H may be larger in the ball than what was found. */
  readonly controls: number;
}

/** One column per question; all of them share radius, δ and nodes. */
export function cellBudget(problem: Problem, questions: readonly CellQuestion[]): Promise<Budget> {
  const { radius, delta, nodes } = questions[0].options;
  const base = { h: (2 * radius) / (nodes - 1), delta, inverseRadius: 1 / radius };
  const solve = async (level: typeof base) => {
    const ball = { radius: 1 / level.inverseRadius, delta: level.delta };
    const varied = { ...ball, nodes: Math.round((2 * ball.radius) / level.h) + 1 };
    return questions.map(({ options, y }) => solveOnBall(problem, { ...options, ...varied }).minusDeltaOmega(y));
  };
  return errorBudget({
    base,
    parts: partsOf(base, nodes, dimensionsOf(problem).m),
    solve: (level) => solve(level as typeof base),
    controls: questions.map(({ controls }) => -controls + 0),
    exact: { value: questions.map((question) => exactMean(problem, question)) },
  });
}

/** δ is halved in a ball twice as large: in one that is left too soon a smaller δ leads away from H̄. */
function partsOf(
  base: { readonly h: number; readonly delta: number; readonly inverseRadius: number },
  nodes: number,
  dimension: number,
) {
  const of = 'discretisation';
  const wide = { inverseRadius: base.inverseRadius / 2 };
  const coarser = ((nodes - 1) * base.h) / Math.ceil((nodes - 1) / 2);
  const parts: BudgetPart[] = [
    { parameter: 'h', of, order: 2, effort: dimension, to: { h: coarser } },
    { parameter: 'delta', of, order: 1, effort: 0, from: wide, to: { delta: base.delta / 2 } },
    { parameter: 'inverseRadius', of, order: Infinity, effort: dimension, to: wide },
  ];
  return parts;
}

/** H̄ near round-off, where Gibbs quadrature gives it. */
function exactMean(problem: Problem, { options }: CellQuestion): number | null {
  if (options.integrand !== undefined || problem.fast.kind === 'drift') return null;
  return effectiveHamiltonian(problem, { x: options.x, p: options.p, method: 'gibbs' }).value;
}
