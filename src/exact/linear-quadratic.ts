/**
 * Exact values of linear-quadratic control without bounds on u, any n and m, every ε (docs/theory.md §7.10):
 *
 *   φ affine in (x,y,u), b affine in (x,y), s and r numbers, ℓ(x,y,u) and g(x,y) quadratic and convex, ℓ strictly so in
 *   u, U = Rᵏ, any discount.
 *
 * With w = (x,y,1), φ = F w + B u, ℓ = ½ wᵀQw + wᵀNu + ½ uᵀRu, g = ½ wᵀGw the value is quadratic in w. It is found in
 * (x, √ε y, 1), where the noise of the fast variables is r dB whatever ε.
 *
 * The limit averages min_u first: with y ~ N(Mx + μ, C), w = L(x,1) + (0,η,0), Q̃ = Q − N R⁻¹Nᵀ, F̃ = F − B R⁻¹Nᵀ,
 *   −H̄(x,p,M) = ½ (x,1)ᵀLᵀQ̃L(x,1) + ½ tr(Q̃_yy C) + p·F̃L(x,1) − ½ pᵀB R⁻¹Bᵀp + ½ tr(ssᵀM),
 *   ḡ(x) = ½ (x,1)ᵀLᵀGL(x,1) + ½ tr(G_yy C),
 * a linear-quadratic problem in (x,1). A bounded U is not taken: noise leads u* out of any.
 */
import { treeIn } from '../formula/formula.ts';
import type { Tree } from '../formula/tree.ts';
import { lyapunov } from '../linalg/matrix-exponential.ts';
import {
  inverseOf,
  isPositive,
  isStable,
  type Matrix,
  product,
  scaled,
  sum,
  transposed,
} from '../linalg/small-matrix.ts';
import { diffusionTrees } from '../model/diffusion.ts';
import { boxesOf, type Exact, type Problem } from '../model/problem.ts';
import { namesOf, treesOf } from '../model/trees.ts';
import { lastResult } from './last-result.ts';
import { affineRow, polynomialNumbers, quadraticForm } from './polynomial-numbers.ts';
import { quadraticValue } from './riccati.ts';

/** What the formulas say; rows and columns in the order (x, y, 1). */
interface System {
  readonly n: number;
  readonly m: number;
  /** F, n rows, and B. */
  readonly slow: Matrix;
  readonly input: Matrix;
  /** b = `fast` w, m rows. */
  readonly fast: Matrix;
  readonly stateCost: Matrix;
  readonly crossCost: Matrix;
  readonly controlCost: Matrix;
  readonly terminalCost: Matrix;
  /** ssᵀ, n rows, and r_k². */
  readonly slowVariance: Matrix;
  readonly fastVariance: readonly number[];
  readonly discount: number;
}

/**
 * Vᵉ, u* and, where the fast process has an invariant measure, v; undefined unless the formulas prove the problem to be
 * of this kind. Accurate to about 1e-11 down to ε = 1e-8.
 */
export function linearQuadraticSolution(problem: Problem): Pick<Exact, 'value' | 'feedback' | 'limit'> | undefined {
  const system = systemOf(problem);
  if (system === null) return undefined;
  const { n, m } = system;
  const solutionAt = lastResult((tau, epsilon) => quadraticValue(scaledSystem(system, epsilon), tau));
  const pointAt = (x: ArrayLike<number>, y: ArrayLike<number>, epsilon: number) => [
    ...Array.from({ length: n }, (_, i) => x[i]),
    ...Array.from({ length: m }, (_, k) => Math.sqrt(epsilon) * y[k]),
    1,
  ];
  return {
    value: ({ tau, epsilon, x, y }) => valueAt(solutionAt(tau, epsilon), pointAt(x, y, epsilon)),
    feedback: ({ tau, epsilon, x, y }) => {
      const z = pointAt(x, y, epsilon);
      return solutionAt(tau, epsilon).feedback.map((row) => dot(row, z));
    },
    limit: limitOf(system),
  };
}

function valueAt({ quadratic, constant }: { quadratic: Matrix; constant: number }, z: readonly number[]): number {
  return constant + quadratic.reduce((total, row, i) => total + z[i] * dot(row, z), 0) / 2;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i], 0);
}

function systemOf(problem: Problem): System | null {
  const [trees, variances] = [treesOf(problem), variancesOf(problem)];
  const terminal = trees && treeIn(problem.terminalCost, ...trees.names);
  if (trees?.runningCost === undefined || !terminal || problem.source !== undefined || !isFree(problem)) return null;
  const [x, y, u] = trees.names;
  const [n, m, c] = [x.length, y.length, u.length];
  const slow = trees.slowDrift.map((tree) => affineRow(tree, [...x, ...y, ...u]));
  const fast = trees.fastDrift.map((tree) => affineRow(tree, [...x, ...y]));
  const cost = quadraticForm(trees.runningCost, [...x, ...y, ...u]);
  const terminalCost = quadraticForm(terminal, [...x, ...y]);
  if (!slow.every((row) => row !== null) || !fast.every((row) => row !== null) || variances === null) return null;
  if (cost === null || terminalCost === null) return null;
  // From (x, y, u, 1) to (x, y, 1) and to u.
  const ofState = <T>(row: readonly T[]) => row.filter((_, i) => i < n + m || i === n + m + c);
  const ofControl = <T>(row: readonly T[]) => row.slice(n + m, n + m + c);
  const controlCost = ofControl(cost).map(ofControl);
  const withoutOne = (form: Matrix) => form.slice(0, -1).map((row) => row.slice(0, -1));
  const isConvex = isPositive(withoutOne(cost), 'or zero') && isPositive(withoutOne(terminalCost), 'or zero');
  if (!isConvex || !isPositive(controlCost, 'strictly')) return null;
  return {
    ...{ n, m, fast, controlCost, terminalCost, ...variances },
    slow: slow.map(ofState),
    input: slow.map(ofControl),
    stateCost: ofState(cost).map(ofState),
    crossCost: ofState(cost).map(ofControl),
    discount: problem.discount ?? 0,
  };
}

/** ssᵀ and r_k²; null where one is not constant. */
function variancesOf(problem: Problem): Pick<System, 'slowVariance' | 'fastVariance'> | null {
  const diffusion = diffusionTrees(problem);
  const names = namesOf(problem).flat();
  const constant = names.map(() => 0).join();
  const twice = (tree: Tree) => {
    const polynomial = polynomialNumbers(tree, names, 0);
    return polynomial === null ? Number.NaN : 2 * (polynomial.get(constant) ?? 0);
  };
  if (diffusion === null) return null;
  const [slowVariance, fastVariance] = [diffusion.slow.map((row) => row.map(twice)), diffusion.fast.map(twice)];
  return [...slowVariance.flat(), ...fastVariance].every(Number.isFinite) ? { slowVariance, fastVariance } : null;
}

/** U = Rᵏ, k ≥ 1. */
function isFree({ controls }: Problem): boolean {
  const [{ lower, upper }, ...more] = boxesOf(controls);
  const isWhole = lower.every((low, i) => low === -Infinity && upper[i] === Infinity);
  return lower.length > 0 && isWhole && more.length === 0;
}

/** The system in z = (x, √ε y, 1). */
function scaledSystem({ n, m, slow, fast, input, ...rest }: System, epsilon: number) {
  const root = Math.sqrt(epsilon);
  const sizes = [...new Array<number>(n).fill(1), ...new Array<number>(m).fill(root), 1];
  const perSize = (row: readonly number[]) => row.map((value, j) => value / sizes[j]);
  const scaledForm = (form: Matrix) => form.map((row, i) => perSize(row).map((value) => value / sizes[i]));
  const none = new Array<number>(rest.controlCost.length).fill(0);
  return {
    drift: [...slow.map(perSize), ...fast.map((row) => perSize(row).map((value) => value / root)), sizes.map(() => 0)],
    input: [...input, ...fast.map(() => none), none],
    covariance: sizes.map((_, i) => sizes.map((_unused, j) => varianceAt(rest, n, i, j))),
    stateCost: scaledForm(rest.stateCost),
    crossCost: rest.crossCost.map((row, i) => row.map((value) => value / sizes[i])),
    controlCost: rest.controlCost,
    terminalCost: scaledForm(rest.terminalCost),
    discount: rest.discount,
  };
}

/** Σ in z: ssᵀ, r_k² on the diagonal, 0. */
function varianceAt(
  { slowVariance, fastVariance }: Pick<System, 'slowVariance' | 'fastVariance'>,
  n: number,
  i: number,
  j: number,
) {
  return i < n ? (slowVariance[i][j] ?? 0) : i === j ? (fastVariance[i - n] ?? 0) : 0;
}

/** v; undefined where b = A x + K y + c with −K unstable. */
function limitOf(system: System): Exact['limit'] {
  const { n, m, slow, fast, input, stateCost, crossCost, controlCost, terminalCost, discount } = system;
  const K = fast.map((row) => row.slice(n, n + m));
  if (!isStable(scaled(K, -1))) return undefined;
  const ofSlow = <T>(row: readonly T[]) => [...row.slice(0, n), row[n + m]];
  const mean = product(scaled(inverseOf(K), -1), fast.map(ofSlow));
  // L: (x,1) ↦ (x, mean of y, 1).
  const unit = (i: number) => Array.from({ length: n + 1 }, (_, k) => (k === i ? 1 : 0));
  const L = [...slow.map((_, i) => unit(i)), ...mean, unit(n)];
  const along = product(inverseOf(controlCost), transposed(crossCost));
  const cost = sum(stateCost, scaled(product(crossCost, along), -1));
  const drift = sum(slow, scaled(product(input, along), -1));
  const spread = stationaryCovariance(K, system.fastVariance);
  const averaged = (form: Matrix) => {
    const result = product(transposed(L), product(form, L));
    result[n][n] += dot(
      form.slice(n, n + m).flatMap((row) => row.slice(n, n + m)),
      spread,
    );
    return result;
  };
  const none = new Array<number>(controlCost.length).fill(0);
  const reduced = {
    drift: [...product(drift, L), unit(n).map(() => 0)],
    input: [...input, none],
    covariance: unit(n).map((_, i) => unit(n).map((_unused, j) => system.slowVariance[i]?.[j] ?? 0)),
    stateCost: averaged(cost),
    crossCost: unit(n).map(() => none),
    controlCost,
    terminalCost: averaged(terminalCost),
    discount,
  };
  const solutionAt = lastResult((tau) => quadraticValue(reduced, tau));
  return (tau, x) => valueAt(solutionAt(tau, 0), [...Array.from({ length: n }, (_, i) => x[i]), 1]);
}

/** C with KC + CKᵀ + diag(r²) = 0, row by row. */
function stationaryCovariance(K: number[][], variance: readonly number[]): number[] {
  const noise = K.flatMap((row, i) => row.map((_, j) => [i === j ? -variance[i] : 0]));
  return product(inverseOf(lyapunov(K)), noise).flat();
}
