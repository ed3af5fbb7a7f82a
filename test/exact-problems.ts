/** Problems with exact solutions, for the orders of every scheme: test/orders.test.ts runs over this list. */

import { withKnownSolutions } from '../src/exact/known-solutions.ts';
import { translationInvariantSolution } from '../src/exact/translation-invariant.ts';
import { formula } from '../src/formula/expression.ts';
import { fastBox } from '../src/measure/fast-box.ts';
import type { Exact, Interval, Problem } from '../src/model/problem.ts';
import type { Box } from '../src/verification/norms.ts';
import { manufacturedProblem } from './manufactured.ts';
import { correlated, quadratic, slowFast } from './problems.ts';

export interface ExactProblem {
  readonly name: string;
  /** At ε, 0 for the limit: carries exact.value, exact.limit, or both. */
  readonly problem: (epsilon: number) => Problem;
  readonly slow: Interval;
  readonly fast: Interval;
  /** K in (x,y), far enough inside that the ends of the box do not reach it. */
  readonly window: Box;
  /** Levels of refinement, as 1/dx. */
  readonly levels: readonly number[];
  /** dy/dx: so small that the y-error, of order 2, stays below the x-error, of order 1. */
  readonly fastSpacing: number;
  /** Whether the exact solution is smooth on K for all τ; at a kink every scheme claims order 1 only. */
  readonly smooth: boolean;
  /** Whether it is quadratic in x, or v linear in τ, where schemes of order 2 may do better than they claim. */
  readonly partlyExact?: boolean;
}

/** A linear-Gaussian problem with two correlated fast variables, relaxed in one of two ways. */
export interface CorrelatedProblem extends ExactProblem {
  readonly fastSolve: 'lines' | 'planes';
}

/** u = 1, so that Vᵉ is exact; every axis of a kind has the same interval. */
export const correlatedProblems: readonly CorrelatedProblem[] = ([1, 2] as const).flatMap((n) =>
  (['lines', 'planes'] as const).map((fastSolve): CorrelatedProblem => {
    // Half the time where a step in four dimensions takes long.
    const problem = { ...correlated(n, 0.3, [1, 1]), horizon: n === 1 ? 0.5 : 0.25 };
    const half = [...new Array<number>(n).fill(0.5), 1, 1];
    return {
      name: `correlated, n = ${n}, m = 2, ${fastSolve}`,
      problem: () => withKnownSolutions(problem, []),
      fastSolve,
      slow: { lower: -2, upper: 2 },
      fast: { lower: -6, upper: 6 },
      window: { lower: half.map((value) => -value), upper: half },
      levels: n === 1 && fastSolve === 'lines' ? [8, 16] : [4, 8],
      fastSpacing: 2,
      smooth: true,
    };
  }),
);

/** K. */
const WINDOW: Box = { lower: [-1.5, -1], upper: [1.5, 1] };

/** U = R. */
const REAL = { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] } as const;

/** Holds (0.3 + 0.02y)/0.4 for all y within 19 deviations. */
const WIDE = { ...REAL, lower: [-2], upper: [2] } as const;

/** Ends of boxes and windows are multiples of 1/4, so that grids of spacing 1/4, 1/8, … have nodes on them. */
export const exactProblems: readonly ExactProblem[] = [
  posed('quadratic-uncontrolled', quadratic([1, 1]), { lower: -4, upper: 4 }, { smooth: true }),
  // D²v jumps at the ends of the interval from which the minimum 0 is reached.
  posed('quadratic', quadratic(), { lower: -2.5, upper: 2.5 }, { smooth: false, levels: [8, 16, 32], fastSpacing: 2 }),
  posed('sine', sine(), { lower: -2.5, upper: 4 }, { smooth: true, levels: [16, 32, 64], fastSpacing: 8 }),
  // The controls minimise inside U; φ is affine in u, and quadratic. Wealth grows, so the right end stays outside K.
  posed('linear-quadratic', linearQuadratic(), { lower: -4, upper: 4 }, { smooth: true, partlyExact: true }),
  posed(
    'merton',
    merton(),
    { lower: 5, upper: 11 },
    { smooth: true, partlyExact: true, window: { lower: [7.5, -1], upper: [8.5, 1] } },
  ),
  posed('manufactured', manufactured, { lower: -2.5, upper: 2.5 }, { smooth: true, levels: [8, 16, 32] }),
];

interface Refinement {
  readonly smooth: boolean;
  readonly partlyExact?: boolean;
  readonly window?: Box;
  readonly levels?: readonly number[];
  readonly fastSpacing?: number;
}

function posed(
  name: string,
  problem: Problem | ((epsilon: number) => Problem),
  slow: Interval,
  refinement: Refinement,
): ExactProblem {
  const known = typeof problem === 'function' ? problem(0) : withKnownSolutions(problem, [slow]);
  const { lower, upper } = fastBox(known, slow);
  return {
    levels: [4, 8, 16],
    fastSpacing: 1,
    window: WINDOW,
    ...refinement,
    name,
    problem: typeof problem === 'function' ? problem : () => known,
    slow,
    fast: { lower: Math.floor(lower), upper: Math.ceil(upper) },
  };
}

/** dX = (u + Y) dt with a price of y and of its product with u: the Riccati equations know Vᵉ, v and u*. */
function linearQuadratic(): Problem {
  return slowFast({
    slow: ['u + y'],
    potential: 'y^2/2',
    controls: REAL,
    runningCost: '(x^2 + u^2)/2 + u*y/2 + y^2/4',
    terminalCost: formula('x^2/4', ['x']),
  });
}

/**
 * Merton's problem with logarithmic utility in the wealth x itself, so that V = −log x + W(τ,y) is curved in x. U has
 * ends because at the right end, where no wealth can be won, V becomes flat: with U = R a difference that is positive by
 * round-off would make the minimum −∞. The return depends little on y, because the filter allows for errors in x alone
 * and would take the initial layer of W in τ for one.
 */
function merton(): Problem {
  const growth = '0.02 + 0.4*u*(0.3 + 0.02*y) - 0.08*u^2';
  const [inLogarithm, inWealth] = [growth, `x*(${growth})`].map((slow) =>
    slowFast({ slow: [slow], potential: 'y^2/2', controls: WIDE, terminalCost: formula('-x', ['x']) }),
  );
  const { value, limit } = translationInvariantSolution(inLogarithm) ?? {};
  const exact: Exact = {
    value: value && (({ x, ...rest }) => value({ x: [Math.log(x[0])], ...rest })),
    limit: limit && ((tau, x) => limit(tau, [Math.log(x[0])])),
    source: 'logarithm of wealth',
  };
  return { ...inWealth, terminalCost: formula('-log(x)', ['x']), exact };
}

/**
 * dX = (1 + X/4) dt, f = sin: Vᵉ = v = sin((x + 4)e^{τ/4} − 4) whatever ε and y. Its inflection points move through K,
 * where the weights of WENO are farthest from the linear ones; the outflow at the right end stays outside K.
 */
function sine(): Problem {
  const problem = slowFast({
    potential: 'y^2/2',
    slow: [(x) => 1 + x[0] / 4],
    controls: { kind: 'values', names: ['u'], values: [[0]] },
    terminalCost: (x) => Math.sin(x[0]),
  });
  const limit = (tau: number, x: ArrayLike<number>) => Math.sin((x[0] + 4) * Math.exp(tau / 4) - 4);
  return { ...problem, exact: { value: ({ tau, x }) => limit(tau, x), limit, source: 'characteristics' } };
}

/**
 * The controlled quadratic with costs that make √(16+x²)(1 + (1−e^{−4τ})(2 + ε/2·sin(y+0.4))) its value up to τ = ½: the
 * slope has the sign of x, so the best motion never leaves the x-box, and errors in τ show beside those in x.
 */
function manufactured(epsilon: number): Problem {
  const profile = { value: (x: number) => Math.hypot(4, x), slope: (x: number) => x / Math.hypot(4, x) };
  const corrector = {
    value: (y: number) => 0.5 * Math.sin(y + 0.4),
    slope: (y: number) => 0.5 * Math.cos(y + 0.4),
    curvature: (y: number) => -0.5 * Math.sin(y + 0.4),
  };
  const base = { ...quadratic(), horizon: 0.5 };
  return manufacturedProblem(base, { profile, growth: 2, corrector, decay: 4 }, epsilon);
}
