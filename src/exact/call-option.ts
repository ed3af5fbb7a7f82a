/**
 * A call max(A e^x − C, 0) on a price e^X whose variance is a square-root process (Heston 1993), n = m = 1, no control:
 *
 *   φ, a, b and α affine in y, α = α₁(y − y₀) ≥ 0.   With q = y − y₀ and c(z) = zφ₁ + z²a₁,
 *   E e^{zX_τ} = e^{zx + F + Bq},   B′ = c + (b₁/ε)B + (α₁/ε)B²,   F′ = zφ₀ + z²a₀ + (b₀/ε)B,   B(0) = F(0) = 0,
 *
 * in closed form without jumps of the logarithm (Albrecher, Mayer, Schoutens, Tistaert 2007). From it, as in Lewis
 * (2001), with K = C/A and z = ½ + iω,
 *
 *   V/A = E e^X − E min(e^X, K),   E min(e^X, K) = (1/π) ∫₀^∞ Re[K^{1−z} E e^{zX}] / (ω² + ¼) dω.
 *
 * The integrand is analytic for |Im ω| < ½, so that the trapezoidal rule converges like e^{−π/h}. c(1) ≤ 0 is required:
 * E e^X is then finite at every τ. v is the formula of Black and Scholes (1973) with φ and a at the mean of μ.
 */
import { erf } from '../formula/error-function.js';
import { treeIn } from '../formula/formula.ts';
import { call, type Tree } from '../formula/tree.ts';
import {
  type Complex,
  exponentialMinusOne,
  logarithmOfOnePlus,
  over,
  plus,
  scaledBy,
  squareRoot,
  times,
} from '../linalg/complex.ts';
import type { Exact, Problem } from '../model/problem.ts';
import { closedDynamics } from './closed-dynamics.ts';
import { lastResult } from './last-result.ts';
import { affineRow, type NumberPolynomial } from './polynomial-numbers.ts';

/** Spacing in ω: e^{−π/h} is 1e-17. */
const SPACING = 0.08;
/** Terms below are left out; of their sum little more is left. */
const NEGLIGIBLE = 1e-18;
/** A variance of X below about 1e-5 needs more; V is NaN then. */
const MOST_NODES = 40_000;

/** slope·q + constant, q = y − y₀. */
interface Affine {
  readonly slope: number;
  readonly constant: number;
}

interface System {
  readonly root: number;
  readonly drift: Affine;
  readonly spread: Affine;
  readonly reversion: Affine;
  /** α₁. */
  readonly growth: number;
  /** A and log K. */
  readonly amount: number;
  readonly logStrike: number;
}

/**
 * Vᵉ, and v; undefined unless the formulas prove the problem to be of this kind. Accurate to about 1e-12 of K + e^x;
 * Vᵉ is NaN where the variance of X_τ is so small that the integral is not reached.
 */
export function callOption(problem: Problem): Pick<Exact, 'value' | 'limit'> | undefined {
  const system = systemOf(problem);
  if (system === null) return undefined;
  const { root, amount, logStrike } = system;
  const transformsAt = lastResult((tau, epsilon) => transformsOf(system, tau, epsilon));
  return {
    value: ({ tau, epsilon, x: { 0: x }, y: { 0: y } }) => {
      if (tau === 0) return amount * Math.max(Math.exp(x) - Math.exp(logStrike), 0);
      const { mean, nodes } = transformsAt(tau, epsilon);
      const price = Math.exp(x + mean.constant + mean.slope * (y - root));
      return amount * (price - leastOf(nodes, x - logStrike, y - root) * Math.exp(logStrike));
    },
    limit: (tau, { 0: x }) => amount * blackScholes(system, tau, x),
  };
}

/** E e^{zX} at z = ½ + iω as e^{zx + F + Bq}. */
interface Node {
  readonly omega: number;
  readonly F: Complex;
  readonly B: Complex;
}

/** E min(e^X/K, 1) at distance w = x − log K; NaN where the last term still counts. */
function leastOf(nodes: readonly Node[], w: number, q: number): number {
  let [total, last] = [0, 0];
  for (const { omega, F, B } of nodes) {
    const size = Math.exp(w / 2 + F[0] + B[0] * q) / (omega * omega + 0.25);
    total += (omega === 0 ? 0.5 : 1) * size * Math.cos(omega * w + F[1] + B[1] * q);
    last = size * omega;
  }
  return last < Math.sqrt(NEGLIGIBLE) ? (total * SPACING) / Math.PI : Number.NaN;
}

function transformsOf(system: System, tau: number, epsilon: number) {
  const nodes: Node[] = [];
  let size = 1;
  for (let k = 0; size > NEGLIGIBLE && k < MOST_NODES; k++) {
    const omega = k * SPACING;
    const { F, B } = transformAt(system, [0.5, omega], tau, epsilon);
    nodes.push({ omega, F, B });
    size = Math.exp(F[0]) / (omega * omega + 0.25);
  }
  const { F, B } = transformAt(system, [1, 0], tau, epsilon);
  return { nodes, mean: { constant: F[0], slope: B[0] } };
}

/** B = r(1 − e)/(1 − ge), ∫B = rτ − log(1 + g(1−e)/(1−g))/γ, with β = b₁/ε, γ = α₁/ε, d = √(β²−4cγ), e = e^{−dτ}. */
function transformAt(system: System, z: Complex, tau: number, epsilon: number): { F: Complex; B: Complex } {
  const { drift, spread, reversion, growth } = system;
  const square = times(z, z);
  const along = ({ slope, constant }: Affine, by: Complex) => [scaledBy(slope, by), scaledBy(constant, by)] as const;
  const [[c1, f1], [c2, f2]] = [along(drift, z), along(spread, square)];
  const c = plus(c1, c2);
  const [beta, gamma] = [reversion.slope / epsilon, growth / epsilon];
  const d = squareRoot(plus([beta * beta, 0], scaledBy(-4 * gamma, c)));
  const sum = plus([-beta, 0], d);
  const r = over(scaledBy(2, c), sum);
  const g = over(scaledBy(2 * gamma, r), sum);
  const less = exponentialMinusOne(scaledBy(-tau, d));
  const rest = plus([1, 0], scaledBy(-1, g));
  const B = over(scaledBy(-1, times(r, less)), plus(rest, scaledBy(-1, times(g, less))));
  const logarithm = logarithmOfOnePlus(scaledBy(-1, over(times(g, less), rest)));
  const integral = plus(scaledBy(tau, r), scaledBy(-1 / gamma, logarithm));
  return { B, F: plus(scaledBy(tau, plus(f1, f2)), scaledBy(reversion.constant / epsilon, integral)) };
}

function blackScholes({ drift, spread, reversion, logStrike }: System, tau: number, x: number): number {
  const rest = -reversion.constant / reversion.slope;
  const at = ({ slope, constant }: Affine) => constant + slope * rest;
  const [mean, variance] = [x + at(drift) * tau, 2 * at(spread) * tau];
  if (variance === 0) return Math.max(Math.exp(mean) - Math.exp(logStrike), 0);
  const distance = (mean - logStrike) / Math.sqrt(variance);
  const below = (value: number) => (1 + erf(value / Math.SQRT2)) / 2;
  const price = Math.exp(mean + variance / 2);
  return price * below(distance + Math.sqrt(variance)) - Math.exp(logStrike) * below(distance);
}

function systemOf(problem: Problem): System | null {
  const dynamics = closedDynamics(problem);
  if (dynamics === null || problem.source !== undefined || problem.runningCost !== undefined) return null;
  const { x, y, slow, fast } = dynamics;
  const terminal = treeIn(problem.terminalCost, x, y);
  if (x.length * y.length > 1 || problem.discount || terminal === undefined) return null;
  const root = fast.states[0].lower;
  const polynomials = [slow.drift[0], slow.diffusion[0][0], fast.drift[0], fast.spread[0]];
  const [drift, spread, reversion, growth] = polynomials.map((each) => affineAt(each, root));
  const payoff = payoffOf(terminal, x[0]);
  if (!Number.isFinite(root) || payoff === null || !drift || !spread || !reversion || !growth) return null;
  if (!(reversion.slope < 0 && growth.slope > 0 && drift.slope + spread.slope <= 0)) return null;
  return { root, drift, spread, reversion, growth: growth.slope, ...payoff };
}

/** A polynomial in (x,y) about y = root; null where it is not affine in y and free of x. */
function affineAt(polynomial: NumberPolynomial, root: number): Affine | null {
  if ([...polynomial.keys()].some((key) => key !== '0,0' && key !== '0,1')) return null;
  const [constant, slope] = ['0,0', '0,1'].map((key) => polynomial.get(key) ?? 0);
  return { slope, constant: constant + slope * root };
}

/** max(A e^x − C, 0) with A, C > 0. */
function payoffOf(tree: Tree, x: string): Pick<System, 'amount' | 'logStrike'> | null {
  if (tree.kind !== 'call' || !['max', 'relu'].includes(tree.operation)) return null;
  const [first, second] = tree.operands;
  const isZero = (each: Tree | undefined) => each?.kind === 'number' && each.value === 0;
  const inner = tree.operation === 'relu' || isZero(second) ? first : isZero(first) ? second : undefined;
  // No formula can use this name.
  const row = inner && affineRow(withPrice(inner, x, 'e^x'), ['e^x']);
  if (!row || !(row[0] > 0 && row[1] < 0)) return null;
  return { amount: row[0], logStrike: Math.log(-row[1] / row[0]) };
}

/** The formula with a name for every exp(x). */
function withPrice(tree: Tree, x: string, price: string): Tree {
  if (tree.kind !== 'call') return tree;
  const [first] = tree.operands;
  if (tree.operation === 'exp' && first.kind === 'name' && first.name === x) return { kind: 'name', name: price };
  return call(tree.operation, ...tree.operands.map((operand) => withPrice(operand, x, price)));
}
