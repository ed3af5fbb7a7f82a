/**
 * Exact values of uncontrolled problems whose moments close, any n and m, every ε (docs/theory.md §7.12):
 *
 *   ∂_τV + λV = A₀V + ℓ + (1/ε) L V,  V(0) = g,   A₀ = φ·D_x + tr(a D_x²),   L = b·D_y + tr(α D_y²).
 *
 * Where g and ℓ are polynomials and A₀ and L lead from their monomials to finitely many, the coefficients of V solve a
 * linear system; closed-dynamics.ts says which dynamics are taken.
 *
 * As ε → 0 the kernel of L is left, the polynomials in x: h = h̄(x) + Lχ defines the average h̄ = Ph, and
 *   ∂_τv + λv = P A₀ v + Pℓ,   v(0) = Pg.
 */
import { treeIn } from '../formula/formula.ts';
import { exponentialMinusIdentity } from '../linalg/matrix-exponential.ts';
import { inverseOf, product } from '../linalg/small-matrix.ts';
import type { Exact, Problem } from '../model/problem.ts';
import { closedDynamics } from './closed-dynamics.ts';
import { lastResult } from './last-result.ts';
import { comesToRest, degreeInY, fastOperator } from './polynomial-fast.ts';
import { closedUnder, matrixOn, polynomialAt } from './polynomial-generator.ts';

/** Unknowns of the linear system: its exponential takes a second then. */
const MOST_MONOMIALS = 150;

/** The linear system on monomials in (x,y): A₀ − λ, L, ℓ and g. */
interface System {
  readonly n: number;
  readonly keys: readonly string[];
  readonly slow: number[][];
  readonly fast: number[][];
  readonly running: readonly number[];
  readonly terminal: readonly number[];
  readonly isErgodic: boolean;
}

/**
 * Vᵉ and, where the moments of the fast process come to rest, v; undefined unless the formulas prove the problem to be
 * of this kind. Accurate to about 1e-12 down to ε = 1e-8.
 */
export function momentSolution(problem: Problem): Pick<Exact, 'value' | 'limit'> | undefined {
  const system = systemOf(problem);
  if (system === null) return undefined;
  const { n, keys, slow, fast, running, terminal } = system;
  const coefficientsAt = lastResult((tau: number, epsilon: number) => {
    const rates = slow.map((row, i) => row.map((value, j) => value + fast[i][j] / epsilon));
    return solved(rates, running, terminal, tau);
  });
  const averaged = system.isErgodic ? averageOf(system) : null;
  const averagesAt = averaged && lastResult((tau) => solved(averaged.slow, averaged.running, averaged.terminal, tau));
  return {
    value: ({ tau, epsilon, x, y }) => {
      const z = [...Array.from({ length: n }, (_, i) => x[i]), ...Array.from(y)];
      return polynomialAt(keys, coefficientsAt(tau, epsilon), z);
    },
    limit: averagesAt ? (tau, x) => polynomialAt(averaged.keys, averagesAt(tau, 0), x) : undefined,
  };
}

/** e^{τM}g + ∫₀^τ e^{sM}ℓ ds, the exponential kept as exp − I. */
function solved(M: number[][], running: readonly number[], terminal: readonly number[], tau: number): number[] {
  const augmented = [
    ...M.map((row, i) => [...row, running[i]].map((value) => value * tau)),
    [...terminal, 0].map(() => 0),
  ];
  const flow = exponentialMinusIdentity(augmented);
  return terminal.map((value, i) => value + flow[i][terminal.length] + dot(flow[i], terminal));
}

/** The same system on the monomials in x, averaged. */
function averageOf({ n, keys, slow, fast, running, terminal }: System) {
  const places = keys.flatMap((key, i) => (degreeInY(key, n) === 0 ? [i] : []));
  // h = h̄ + Lχ: an unknown of h̄ for every monomial in x, one of χ for every other.
  const split = keys.map((_, i) => keys.map((_unused, j) => (places.includes(j) ? (i === j ? 1 : 0) : fast[i][j])));
  const inverse = inverseOf(split);
  const average = places.map((place) => inverse[place]);
  const onSlow = slow.map((row) => places.map((place) => row[place]));
  return {
    keys: places.map((place) => keys[place]),
    slow: product(average, onSlow),
    running: average.map((row) => dot(row, running)),
    terminal: average.map((row) => dot(row, terminal)),
  };
}

function systemOf(problem: Problem): System | null {
  const dynamics = closedDynamics(problem);
  if (dynamics === null || problem.source !== undefined) return null;
  const { slow, fast, x, y, polynomial } = dynamics;
  const terminal = treeIn(problem.terminalCost, x, y);
  const running = problem.runningCost && treeIn(problem.runningCost, x, y, problem.controls.names);
  const [g, l] = [terminal && polynomial(terminal), running === undefined ? new Map() : polynomial(running)];
  if (!g || l === null || (running === undefined && problem.runningCost !== undefined)) return null;
  const constant = [...x, ...y].map(() => 0).join();
  const operators = [slow, fastOperator(fast, x.length)];
  const keys = closedUnder(operators, [constant, ...g.keys(), ...l.keys()], MOST_MONOMIALS);
  if (keys === null) return null;
  const [ofSlow, ofFast] = operators.map((operator) => matrixOn(keys, operator));
  const discount = problem.discount ?? 0;
  return {
    ...{ n: x.length, keys, fast: ofFast },
    slow: ofSlow.map((row, i) => row.map((value, j) => (i === j ? value - discount : value))),
    running: keys.map((key) => l.get(key) ?? 0),
    terminal: keys.map((key) => g.get(key) ?? 0),
    isErgodic: comesToRest(fast, x.length, Math.max(...keys.map((key) => degreeInY(key, x.length)))),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return b.reduce((total, value, i) => total + a[i] * value, 0);
}
