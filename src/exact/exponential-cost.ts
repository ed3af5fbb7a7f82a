/**
 * Semi-exact values of f = c e^{k·x} + d, as of Merton's problem with power utility in the logarithm of wealth: φ and s
 * free of x, no running cost, m = 1, dY = κ(m − Y)/ε dt + r dB/√ε with a constant r. With
 *
 *   h(y) = min_u [k·φ + k·a k] for c > 0, max_u for c < 0,   Vᵉ = c e^{k·x} G(τ,y) + d,
 *   ∂_τG = h G + (1/ε) L G,  G(0) = 1   (Zariphopoulou 2001),   v = c e^{k·x + τ∫h dμ} + d.
 *
 * φ and a must be bounded over all y and u, so that G and every e^{k·X} have means. G is expanded in the Hermite
 * polynomials of μ, in which L is diagonal and h a matrix of integrals over μ; two numbers of terms must agree.
 */
import { minimumOver } from '../control/pointwise-minimum.ts';
import { negated, numberTree, product, sum, zero } from '../formula/algebra.ts';
import { derivative } from '../formula/derivative.ts';
import { type Formula, treeIn } from '../formula/formula.ts';
import { type Enclosure, enclosure } from '../formula/interval.ts';
import { compileTogether } from '../formula/program.ts';
import { call, dependsOn, type Tree } from '../formula/tree.ts';
import { exponentialMinusIdentity } from '../linalg/matrix-exponential.ts';
import { diffusionTrees } from '../model/diffusion.ts';
import {
  type ControlledField,
  type Coordinates,
  type Exact,
  hullOf,
  type Interval,
  type Problem,
} from '../model/problem.ts';
import { treesOf } from '../model/trees.ts';
import { lastResult } from './last-result.ts';
import { isNeverNegative, polynomialFast } from './polynomial-fast.ts';
import { affineRow } from './polynomial-numbers.ts';

/** Hermite polynomials, and how many of them must do as well; the second where h has poles near the line. */
const COUNTS = [
  { terms: 64, fewer: 40 },
  { terms: 192, fewer: 144 },
] as const;
/** Relative to G. */
const AGREE = 1e-9;
/** Spacing of the trapezoidal rule in deviations of μ, and what an offset by half of it may change. */
const [SPACING, SAME] = [0.1, 1e-12];

interface System {
  /** c, d and k. */
  readonly factor: number;
  readonly constant: number;
  readonly slope: readonly number[];
  /** m, the deviation of μ, and κ. */
  readonly mean: number;
  readonly deviation: number;
  readonly rate: number;
  readonly least: (y: number) => { readonly h: number; readonly control: readonly number[] };
}

/**
 * Vᵉ, u* and v; undefined unless the formulas prove the problem to be of this kind and h is resolved. Accurate to about
 * 1e-9 of c e^{k·x}; Vᵉ is NaN where terms do not agree on it, far out in y.
 */
export function exponentialCostSolution(problem: Problem): Pick<Exact, 'value' | 'feedback' | 'limit'> | undefined {
  const system = systemOf(problem);
  const matrix = system && matrixOfRate(system, COUNTS[0].terms);
  if (system === null || matrix === null) return undefined;
  const { factor, constant, slope, mean, deviation, rate } = system;
  const costAt = (x: Coordinates) => factor * Math.exp(slope.reduce((total, k, i) => total + k * x[i], 0));
  const expansions = COUNTS.map(({ terms, fewer }, k) =>
    lastResult((tau, epsilon) => {
      const whole = k === 0 ? matrix : matrixOfRate(system, terms);
      return whole && [terms, fewer].map((count) => expanded(whole.slice(0, count), tau, rate / epsilon));
    }),
  );
  return {
    value: ({ tau, epsilon, x, y }) => {
      for (const coefficientsAt of expansions) {
        const z = (y[0] - mean) / deviation;
        const [G, other] = coefficientsAt(tau, epsilon)?.map((all) => hermiteSum(all, z)) ?? [Number.NaN, Number.NaN];
        if (Math.abs(G - other) <= AGREE * Math.abs(G)) return costAt(x) * G + constant;
      }
      return Number.NaN;
    },
    feedback: ({ y }) => system.least(y[0]).control,
    limit: (tau, x) => costAt(x) * Math.exp(tau * matrix[0][0]) + constant,
  };
}

/** ∫h H_j H_k dμ for the normalised H_0, H_1, …; null where two rules differ. */
function matrixOfRate({ mean, deviation, least }: System, terms: number): number[][] | null {
  // Hermite functions of this many terms end there.
  const reach = 2 * Math.sqrt(terms) + 8;
  const rule = (offset: number) => {
    const matrix = Array.from({ length: terms }, () => new Array<number>(terms).fill(0));
    for (let z = -reach + offset; z <= reach; z += SPACING) {
      const weighted = hermite(z, (2 * Math.PI) ** -0.25 * Math.exp(-(z ** 2) / 4), terms);
      const { h } = least(mean + deviation * z);
      for (let j = 0; j < terms; j++) {
        for (let k = 0; k < terms; k++) matrix[j][k] += SPACING * h * weighted[j] * weighted[k];
      }
    }
    return matrix;
  };
  const [matrix, other] = [rule(0), rule(SPACING / 2)];
  const isSame = matrix.every((row, j) => row.every((value, k) => Math.abs(value - other[j][k]) <= SAME));
  return isSame ? matrix : null;
}

/** The coefficients of G: the first column of exp(τ(matrix − diag(0, κ/ε, 2κ/ε, …))). */
function expanded(matrix: readonly number[][], tau: number, rate: number): number[] {
  const size = matrix.length;
  const generator = matrix.map((row, j) =>
    row.slice(0, size).map((value, k) => tau * (j === k ? value - j * rate : value)),
  );
  return exponentialMinusIdentity(generator).map((row, j) => row[0] + (j === 0 ? 1 : 0));
}

/** H_0(z), H_1(z), … times a factor. */
function hermite(z: number, factor: number, terms: number): number[] {
  const values = [factor, z * factor];
  for (let k = 1; k < terms - 1; k++) {
    values.push((z * values[k] - Math.sqrt(k) * values[k - 1]) / Math.sqrt(k + 1));
  }
  return values;
}

function hermiteSum(coefficients: readonly number[], z: number): number {
  const values = hermite(z, 1, coefficients.length);
  return coefficients.reduce((total, value, k) => total + value * values[k], 0);
}

function systemOf(problem: Problem): System | null {
  const [trees, diffusion] = [treesOf(problem), diffusionTrees(problem)];
  const terminal = trees && treeIn(problem.terminalCost, ...trees.names);
  if (!trees || !diffusion || !terminal || trees.runningCost || problem.source || problem.discount) return null;
  const [x, y, u] = trees.names;
  const cost = exponentialOf(terminal, x);
  const fast = polynomialFast(trees, diffusion, y);
  if (cost === null || y.length > 1 || fast === null) return null;
  const [drift, alpha] = [fast.drift[0], fast.spread[0].get('0') ?? 0];
  const rate = -(drift.get('1') ?? 0);
  if (!(rate > 0 && alpha > 0) || [...fast.spread[0].keys()].some((key) => key !== '0')) return null;
  const rates = trees.slowDrift.map((tree, i) => product(numberTree(cost.slope[i]), tree));
  const seconds = diffusion.slow.flatMap((row, i) =>
    row.map((tree, k) => product(numberTree(cost.slope[i] * cost.slope[k]), tree)),
  );
  const sides = Object.fromEntries(hullOf(problem.controls).map((side, c) => [u[c], side]));
  const box = { [y[0]]: [-Infinity, Infinity], ...Object.fromEntries(Object.entries(sides).map(endsOf)) } as Box;
  const fields = [...trees.slowDrift, ...diffusion.slow.flat()];
  if (fields.some((tree) => x.some((name) => dependsOn(tree, name)) || !isBounded(enclosure(tree, box)))) return null;
  if (!isNeverNegative(diffusion.slowRadicands, [...y, ...u], sides)) return null;
  const [whole, deviation] = [[...rates, ...seconds].reduce(sum, zero), Math.sqrt(alpha / rate)];
  if (!isResolved(whole, y[0], box, deviation)) return null;
  const least = leastOf(problem, cost.factor > 0 ? whole : negated(whole), cost.factor > 0 ? 1 : -1);
  return least && { ...cost, mean: (drift.get('0') ?? 0) / rate, deviation, rate, least };
}

type Box = Readonly<Record<string, readonly [number, number]>>;

function endsOf([name, { lower, upper }]: readonly [string, Interval]) {
  return [name, [lower, upper]] as const;
}

function isBounded({ lower, upper, flags }: Enclosure): boolean {
  return Number.isFinite(lower) && Number.isFinite(upper) && flags === 0;
}

/** Whether k·φ + k·ak passes through no more than its range between two nodes, so that no change of its size hides. */
function isResolved(tree: Tree, y: string, box: Box, deviation: number): boolean {
  const [range, slope] = [tree, derivative(tree, y)].map((each) => enclosure(each, box));
  const steepest = Math.max(-slope.lower, slope.upper);
  return isBounded(range) && isBounded(slope) && steepest * deviation * SPACING <= range.upper - range.lower;
}

/** sign · min_u of a formula; null where only samples would find it. */
function leastOf(problem: Problem, tree: Tree, sign: number): System['least'] | null {
  const names = treesOf(problem)?.names ?? [];
  const compiled = (each: Tree): Formula<ControlledField> =>
    Object.assign(compileTogether([each], ...names)[0] as ControlledField, { tree: each, names });
  const { name, title, horizon, controls, fast, terminalCost } = problem;
  const slowDrift = problem.slowDrift.map(() => compiled(zero));
  const parts = { name, title, horizon, controls, fast, terminalCost, slowDrift };
  const minimum = minimumOver({ ...parts, runningCost: compiled(tree), formulas: [] });
  if (minimum.kind === 'sampled') return null;
  const origin = slowDrift.map(() => 0);
  return (y) => {
    const { value, control, error } = minimum.leastAt(origin, [y], origin);
    return { h: error <= SAME ? sign * value : Number.NaN, control };
  };
}

/** c, d and k of c e^{k·x} + d, a constant in the exponent put into c; null for any other formula. */
function exponentialOf(tree: Tree, x: readonly string[]): Pick<System, 'factor' | 'constant' | 'slope'> | null {
  const exponents: number[][] = [];
  // No formula can use this name.
  const named = (inner: Tree): Tree => {
    if (inner.kind !== 'call') return inner;
    const row = inner.operation === 'exp' ? affineRow(inner.operands[0], x) : null;
    if (row === null) return call(inner.operation, ...inner.operands.map(named));
    exponents.push(row);
    return { kind: 'name', name: 'e^kx' };
  };
  const row = affineRow(named(tree), ['e^kx']);
  const [first] = exponents;
  if (row === null || row[0] === 0 || exponents.some((other) => other.join() !== first.join())) return null;
  const slope = first.slice(0, -1);
  return { factor: row[0] * Math.exp(first[first.length - 1]), constant: row[1], slope };
}
