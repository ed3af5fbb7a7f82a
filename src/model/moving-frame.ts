/**
 * The fast variables of an affine drift, measured from where it vanishes: b(x,y) = Ax − Ky + c,
 *
 *   z = y − m(x),   m(x) = K⁻¹(Ax + c),   dZ = −KZ dt/ε + √(2/ε) dW − M φ(X, m(X)+Z, u) dt,   M = Dm = K⁻¹A.
 *
 * The frozen process is the same at every x, and so are its generator on a grid of z and the factors of its resolvent.
 * In exchange z is carried along with x, at the speed of x: with W(x,z) = V(x, m(x)+z),
 *
 *   D_xV = D_xW − Mᵀ D_zW,   ∂_τW = min_u [φ·D_xW − (Mφ)·D_zW + ℓ] + (1/ε) L W.
 */

import { InputError } from '../input/input-error.ts';
import { inverseOf, isStable, type Matrix } from '../linalg/small-matrix.ts';
import { affineRows } from './affine-rows.ts';
import { hasConstantNoise } from './fast-scale.ts';
import { refuseTerms } from './general-terms.ts';
import { type Coordinates, dimensionsOf, type FastField, type Interval, type Problem } from './problem.ts';
import { hasAffineFastDrift, moved } from './structure.ts';

/** The problem in the variables (x, z), z = y − m(x), with b(x, m(x)) = 0. */
export interface MovingFrame {
  /**
   * φ(x, m(x)+z, u), ℓ, −Kz and what else there is, as functions of (x,z). Its μ_x and H̄ are those of the original
   * problem; its Cauchy problem is not, without −(Mφ)·D_zW.
   */
  readonly problem: Problem;
  /** M, m rows of n entries. */
  readonly slope: Matrix;
  /** z = y − m(x). */
  toFrame(x: Coordinates, y: Coordinates): number[];
  /** y = m(x) + z. */
  fromFrame(x: Coordinates, z: Coordinates): number[];
}

/** The frame of an affine drift with stable K and a constant noise; null for others. */
export function movingFrame(problem: Problem): MovingFrame | null {
  if (!hasAffineFastDrift(problem) || !hasConstantNoise(problem)) return null;
  const { n, m } = dimensionsOf(problem);
  const fields = problem.fast.drift.map((b) => (point: number[]) => b(point.slice(0, n), point.slice(n)));
  const affine = affineRows(fields, n + m);
  if (affine === null) return null;
  const K = affine.map(({ slope }) => slope.slice(n).map((value) => -value));
  if (!isStable(K)) return null;
  const inverse = inverseOf(K);
  const fromInverse = (column: (row: number) => number) =>
    inverse.map((row) => row.reduce((sum, value, k) => sum + value * column(k), 0));
  const columns = Array.from({ length: n }, (_, i) => fromInverse((k) => affine[k].slope[i]));
  const slope = inverse.map((_, a) => columns.map((column) => column[a]));
  const rest = fromInverse((k) => affine[k].constant);
  const meanAt = (x: Coordinates, a: number) => slope[a].reduce((sum, value, i) => sum + value * x[i], rest[a]);
  return {
    problem: inFrame(problem, K, meanAt),
    slope,
    toFrame: (x, y) => rest.map((_, a) => y[a] - meanAt(x, a)),
    fromFrame: (x, z) => rest.map((_, a) => z[a] + meanAt(x, a)),
  };
}

/** The frame of a problem. Throws InputError where it has none. */
export function requireMovingFrame(problem: Problem): MovingFrame {
  refuseTerms(problem, 'a moving frame', ['discount', 'fastNoise']);
  const frame = movingFrame(problem);
  if (frame !== null) return frame;
  throw new InputError(
    `the fast drift of ${problem.name} has no moving frame`,
    'z = y − m(x) needs b = Ax − Ky + c, all eigenvalues of K with positive real parts',
    'solve in the fixed frame',
    'fastDrift',
  );
}

/** The range of z = y − m(x) for x and y in boxes. */
export function framedBox(frame: MovingFrame, x: readonly Interval[], y: readonly Interval[]): Interval[] {
  const ends = (choose: (side: Interval, weight: number) => number) =>
    frame.slope.map((row, a) => {
      const corner = x.map((side, i) => choose(side, -row[i]));
      return frame.toFrame(
        corner,
        y.map((side) => choose(side, 1)),
      )[a];
    });
  const lower = ends((side, weight) => (weight > 0 ? side.lower : side.upper));
  const upper = ends((side, weight) => (weight > 0 ? side.upper : side.lower));
  return lower.map((value, a) => ({ lower: value, upper: upper[a] }));
}

function inFrame(problem: Problem, K: Matrix, meanAt: (x: Coordinates, a: number) => number): Problem {
  const point = new Float64Array(K.length);
  const at = (x: Coordinates, z: Coordinates) => {
    for (let a = 0; a < point.length; a++) point[a] = z[a] + meanAt(x, a);
    return point;
  };
  const { slowDrift, runningCost, source, fast } = problem;
  const drift = K.map(
    (row): FastField =>
      (_, z) =>
        -dot(row, z),
  );
  const half: FastField = (_, z) => K.reduce((sum, row, a) => sum + 0.5 * z[a] * dot(row, z), 0);
  return {
    ...problem,
    slowDrift: slowDrift.map((phi) => moved(problem, phi, (x, z, u) => phi(x, at(x, z), u))),
    fast: fast.kind === 'potential' ? { kind: fast.kind, potential: half, drift } : { ...fast, drift },
    runningCost: runningCost && moved(problem, runningCost, (x, z, u) => runningCost(x, at(x, z), u)),
    source: source && { ...source, value: (x, z) => source.value(x, at(x, z)) },
    exact: undefined,
  };
}

function dot(row: readonly number[], z: Coordinates): number {
  return row.reduce((sum, value, k) => sum + value * z[k], 0);
}
