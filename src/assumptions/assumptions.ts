/**
 * The assumptions of the convergence theorems (Bardi, Kouhkouh 2022, 2023), checked numerically on a box:
 *
 *   (A) γ > Lip(∇f);   recurrence (b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|², κ = −max λ_max(sym D_y b) > 0;
 *   φ, b Lipschitz and of linear growth;   |f| ≤ K(1 + |x|²).
 *
 * Constants are suprema over grid points, derivatives central differences: lower bounds of the true constants.
 */

import { controlLattice, withFiniteEnds } from '../control/control-set.ts';
import { finiteControls } from '../control/pointwise-minimum.ts';
import { uniformAxis } from '../grid/axis.ts';
import { forEachNode, tensorGrid } from '../grid/grid.ts';
import { boxesOf, type Coordinates, dimensionsOf, type Interval, type Problem } from '../model/problem.ts';

/** One assumption of the theory, checked numerically, with the constants found. */
export interface Assumption {
  /** Short name: "(A)", "recurrence", "growth", … */
  readonly name: string;
  /** The inequality, in words and symbols. */
  readonly statement: string;
  readonly holds: boolean;
  /** Constants by name, e.g. { κ: 1.8 }. */
  readonly constants: Readonly<Record<string, number>>;
  /** What is lost where it fails (which theorem), empty where it holds. */
  readonly consequence: string;
}

/** Where the assumptions are checked: one interval per axis. */
export interface AssumptionBox {
  readonly slow: readonly Interval[];
  readonly fast: readonly Interval[];
}

/** Points per axis: the fast ones must meet the extrema of D_y b to three digits, the slow ones only vary it. */
const POINTS = { slow: { 1: 41, 2: 9 }, fast: { 1: 401, 2: 41, 3: 11 } } as const;

/** Step of central differences relative to the width of the axis: truncation and round-off both near 1e-10. */
const DIFFERENCE = 1e-5;

/** Controls tried where U has many: enough to meet its ends and its middle. */
const MOST_CONTROLS = 9;

/** Every assumption with the constants found on the box, any n ≤ 2 and m ≤ 3. A failing one says what is lost. */
export function checkAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  const found = suprema(problem, box);
  const kappa = -found.contraction;
  const size = isEndless(problem) ? { factor: '(1 + |u|)', term: ' + |u|' } : { factor: '', term: '' };
  const wellPosed = 'the value functions and the ε-HJB problem need not be well posed';
  return [
    ...gradientAssumption(problem, box.fast),
    assumption('recurrence', '(b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|² with κ > 0', { κ: kappa }, kappa > 0, [
      'the convergence theorem Vᵉ → v (Theorem 2) and the δ(n) theorem of the truncated cell problems are lost:',
      'μ_x may not exist, not be unique, or mix slowly',
    ]),
    finite(
      'φ Lipschitz',
      `|φ(z₁,u) − φ(z₂,u)| ≤ L${size.factor}|z₁ − z₂|, z = (x,y)`,
      { L: found.slowLipschitz },
      wellPosed,
    ),
    finite('b Lipschitz', '|b(z₁) − b(z₂)| ≤ L|z₁ − z₂|, z = (x,y)', { L: found.fastLipschitz }, wellPosed),
    finite('φ growth', `|φ(x,y,u)| ≤ C(1 + |x| + |y|${size.term})`, { C: found.slowGrowth }, wellPosed),
    finite('b growth', '|b(x,y)| ≤ C(1 + |x| + |y|)', { C: found.fastGrowth }, wellPosed),
    finite('f growth', '|f(x)| ≤ K(1 + |x|²)', { K: terminalGrowth(problem, box.slow) }, wellPosed),
  ];
}

function assumption(
  name: string,
  statement: string,
  constants: Readonly<Record<string, number>>,
  holds: boolean,
  lost: readonly string[],
): Assumption {
  return { name, statement, holds, constants, consequence: holds ? '' : lost.join(' ') };
}

/** A constant found on a box is always finite, unless a formula is not. */
function finite(
  name: string,
  statement: string,
  constants: Readonly<Record<string, number>>,
  lost: string,
): Assumption {
  const holds = Object.values(constants).every(Number.isFinite);
  return assumption(name, `${statement} on the box`, constants, holds, [lost]);
}

/** (A) γ > Lip(∇f) on the fast box, for deep relaxation. */
function gradientAssumption(problem: Problem, fast: readonly Interval[]): Assumption[] {
  const { deepRelaxation } = problem.fast;
  if (deepRelaxation === undefined) return [];
  const { gamma, gradient } = deepRelaxation;
  const count = POINTS.fast[fast.length as 1 | 2];
  let lipschitz = 0;
  forEachPoint(
    fast,
    () => count,
    (y) => {
      const hessian = symmetricPart(jacobian(gradient, y, fast));
      const negative = hessian.map((row) => row.map((value) => -value));
      lipschitz = largest(lipschitz, largest(largestEigenvalue(hessian), largestEigenvalue(negative)));
    },
  );
  return [
    assumption('(A)', 'γ > Lip(∇f)', { γ: gamma, 'Lip ∇f': lipschitz }, gamma > lipschitz, [
      'uniqueness and exponential ergodicity of μ_x, and with them Theorems 1–3 of deep relaxation, are lost:',
      'take a larger gamma',
    ]),
  ];
}

interface Suprema {
  /** max λ_max(sym D_y b). */
  readonly contraction: number;
  readonly slowLipschitz: number;
  readonly fastLipschitz: number;
  readonly slowGrowth: number;
  readonly fastGrowth: number;
}

function suprema(problem: Problem, box: AssumptionBox): Suprema {
  const { n } = dimensionsOf(problem);
  const sides = [...box.slow, ...box.fast];
  const fast = problem.fast.drift.map((field) => (z: Coordinates) => field(slowPart(z, n), fastPart(z, n)));
  let [contraction, fastLipschitz, fastGrowth] = [-Infinity, 0, 0];
  const reaches = isEndless(problem) ? REACHES : [1];
  const slow = reaches.map((reach) => ({
    lipschitz: 0,
    growth: 0,
    drifts: fewControls(problem, reach).map((u) => ({
      size: isEndless(problem) ? Math.hypot(...u) : 0,
      fields: problem.slowDrift.map((field) => (z: Coordinates) => field(slowPart(z, n), fastPart(z, n), u)),
    })),
  }));
  const { 1: one, 2: two } = POINTS.slow;
  const count = (axis: number) => (axis < n ? (n === 1 ? one : two) : POINTS.fast[dimensionsOf(problem).m]);
  forEachPoint(sides, count, (z) => {
    const derivative = jacobian(fast, z, sides);
    const inFast = derivative.map((row) => row.slice(n));
    contraction = largest(contraction, largestEigenvalue(symmetricPart(inFast)));
    fastLipschitz = largest(fastLipschitz, spectralNorm(derivative));
    const room = 1 + Math.hypot(...z.slice(0, n)) + Math.hypot(...z.slice(n));
    fastGrowth = largest(fastGrowth, Math.hypot(...fast.map((field) => field(z))) / room);
    for (const found of slow) {
      for (const { size, fields } of found.drifts) {
        found.lipschitz = largest(found.lipschitz, spectralNorm(jacobian(fields, z, sides)) / (1 + size));
        found.growth = largest(found.growth, Math.hypot(...fields.map((field) => field(z))) / (room + size));
      }
    }
  });
  const slowLipschitz = limitOf(slow.map(({ lipschitz }) => lipschitz));
  const slowGrowth = limitOf(slow.map(({ growth }) => growth));
  return { contraction, slowLipschitz, fastLipschitz, slowGrowth, fastGrowth };
}

/** Where an endless U is cut off: constants that still grow from the one to the other are infinite. */
const REACHES = [1e3, 1e6];

function limitOf(constants: readonly number[]): number {
  const [first, last = first] = constants;
  return last > 2 * first ? Infinity : last;
}

function isEndless({ controls }: Problem): boolean {
  return boxesOf(controls).some(({ lower, upper }) => ![...lower, ...upper].every(Number.isFinite));
}

function slowPart(z: Coordinates, n: number): number[] {
  return Array.prototype.slice.call(z, 0, n);
}

function fastPart(z: Coordinates, n: number): number[] {
  return Array.prototype.slice.call(z, n);
}

function terminalGrowth(problem: Problem, slow: readonly Interval[]): number {
  let constant = 0;
  forEachPoint(
    slow,
    () => POINTS.fast[slow.length as 1 | 2],
    (x) => {
      const square = x.reduce((sum, value) => sum + value * value, 0);
      constant = largest(constant, Math.abs(problem.terminalCost(x)) / (1 + square));
    },
  );
  return constant;
}

/** Controls of U, an endless one cut off. */
function fewControls(problem: Problem, reach: number): readonly (readonly number[])[] {
  const boxes = boxesOf(problem.controls);
  const controls =
    finiteControls(problem) ?? boxes.flatMap((side) => controlLattice(withFiniteEnds(side, reach), MOST_CONTROLS));
  if (controls.length <= MOST_CONTROLS) return controls;
  const last = controls.length - 1;
  return Array.from({ length: MOST_CONTROLS }, (_, k) => controls[Math.round((k * last) / (MOST_CONTROLS - 1))]);
}

/** The larger number; NaN if one of them is, so that a formula without a value cannot pass. */
function largest(a: number, b: number): number {
  return Math.max(a, b);
}

/** Calls `visit` at every point of the product of equidistant points; `count` says how many per axis. */
function forEachPoint(
  sides: readonly Interval[],
  count: (axis: number) => number,
  visit: (point: Float64Array) => void,
): void {
  const axes = sides.map(({ lower, upper }, i) => uniformAxis(`axis ${i + 1}`, lower, upper, count(i)));
  forEachNode(tensorGrid(axes), (_, point) => visit(point));
}

/** Central differences, one-sided at the ends of the box: entry [i][k] = ∂field_i/∂z_k. */
export function jacobian(
  fields: readonly ((z: Coordinates) => number)[],
  point: Coordinates,
  sides: readonly Interval[],
): number[][] {
  const shifted = Array.from(point);
  const rows = fields.map(() => new Array<number>(point.length).fill(0));
  for (let k = 0; k < point.length; k++) {
    const { lower, upper } = sides[k];
    const step = DIFFERENCE * (upper - lower);
    const [before, after] = [Math.max(point[k] - step, lower), Math.min(point[k] + step, upper)];
    for (const [end, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      shifted[k] = end;
      for (let i = 0; i < fields.length; i++) rows[i][k] += (sign * fields[i](shifted)) / (after - before);
    }
    shifted[k] = point[k];
  }
  return rows;
}

export function symmetricPart(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row, i) => row.map((value, k) => (value + matrix[k][i]) / 2));
}

/** The largest singular value, from the smaller Gram matrix (at most 3 rows). */
function spectralNorm(matrix: readonly (readonly number[])[]): number {
  const gram = matrix.map((row) => matrix.map((other) => row.reduce((sum, value, k) => sum + value * other[k], 0)));
  return Math.sqrt(Math.max(0, largestEigenvalue(gram)));
}

/** The largest eigenvalue of a symmetric 1×1, 2×2 or 3×3 matrix in closed form (3×3: Smith 1961). */
export function largestEigenvalue(a: readonly (readonly number[])[]): number {
  if (a.length === 1) return a[0][0];
  if (a.length === 2) return (a[0][0] + a[1][1]) / 2 + Math.hypot((a[0][0] - a[1][1]) / 2, a[0][1]);
  const mean = (a[0][0] + a[1][1] + a[2][2]) / 3;
  const centred = a.map((row, i) => row.map((value, k) => (i === k ? value - mean : value)));
  const spread = Math.sqrt(centred.flat().reduce((sum, value) => sum + value * value, 0) / 6);
  if (spread === 0) return mean;
  const [[p, q, r], [, s, t], [, , w]] = centred;
  const determinant = p * (s * w - t * t) - q * (q * w - t * r) + r * (q * t - s * r);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / spread ** 3 / 2))) / 3;
  return mean + 2 * spread * Math.cos(angle);
}

/** (A) fails: γ > Lip ∇f; found γ = 1, Lip ∇f = 3.2 – what is lost. */
export function failureOf({ name, statement, constants, consequence }: Assumption): string {
  return `assumption ${name} fails: ${statement}; found ${shownConstants(constants)} – ${consequence}`;
}

/** γ = 2, Lip ∇f = 1. */
export function shownConstants(constants: Readonly<Record<string, number>>): string {
  return Object.entries(constants)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(4))}`)
    .join(', ');
}
