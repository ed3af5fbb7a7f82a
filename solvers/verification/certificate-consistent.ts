/**
 * Truncation of one step on Φᵋ(x,y) = s(x) + ε c(x,y), the perturbed test functions of Evans (1989): with them
 * F(Φᵋ) = min_u[φ·(s' + ε c_x) + ℓ] + b c_y + c_yy stays bounded as ε → 0. For the effective equation Φ = s and
 * F(Φ) = −H̄(x, s'). F comes from the problem itself, not from the discrete operators.
 */

import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nodeCoordinates } from '../../src/grid/grid.ts';
import { nodesInside } from '../../src/grid/grid-function.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import type { Problem } from '../../src/model/problem.ts';
import { withoutFloor } from '../../src/time/filtered.ts';
import { claimedOrder } from '../../src/time/schemes.ts';
import type { Finding } from '../../src/verification/certificate.ts';
import { consistency, type TruncationLevel, truncationError } from '../../src/verification/certificate-consistent.ts';
import { stepOn } from '../../src/verification/certificate-operators.ts';
import type { Box } from '../../src/verification/norms.ts';
import { poseEffectiveHjb } from '../effective-hjb.ts';
import { poseEpsilonHjb } from '../epsilon-hjb.ts';
import { type Posed, posedStep } from '../marching/plan.ts';
import type { CertificateOptions } from './certificate-options.ts';

/** Cells of the x-box and of the y-box on the coarsest of the levels. */
const CELLS = { x: 64, y: 128 };
const LEVELS = 3;

/** Below this ε the quotients (S Φ − Φ)/dt with dt ∝ ε lose their digits; nothing in F(Φᵋ) depends on ε by then. */
const SMALLEST_EPSILON = 1e-4;

/** dt/ε relative to the square of the length on which Φ varies in y: the step is resolved, errors are of order dt. */
const RESOLVED = 1 / 250;

/** How far the slow variable may move in the first step, relative to the length on which Φ varies in x. */
const MOVED = 1 / 32;

/** The minimum over u has kinks in y that diffusion spreads over √(dt/ε): this part of the y-box keeps off them. */
const KEPT_OFF = { x: 1 / 20, y: 1 / 10 };

/** Certifies the order a method claims when dx, dy and dt are refined together; dy ∝ dx^{p/2} where p > 2. */
export async function certifyConsistent(posed: Posed, options: CertificateOptions, kernel: Kernel): Promise<Finding> {
  const { method } = posed;
  const order = claimedOrder(method).together;
  const epsilon = options.epsilon === undefined ? null : Math.max(options.epsilon, SMALLEST_EPSILON);
  const test = testFunction(options, epsilon ?? 0);
  const levels: TruncationLevel[] = [];
  let points: number[][] | null = null;
  let first = 0;
  for (let l = 0; l < LEVELS; l++) {
    const refined = refinedTo(posed, options, { epsilon, level: l, order });
    points ??= smoothPoints(refined, test, options.observe);
    if (l === 0) first = resolvedStep(refined, { test, points, epsilon });
    levels.push(levelOf(refined, { test, points, dt: first / 2 ** l, epsilon, kernel }));
  }
  if (points === null || points.length === 0) {
    return { status: 'not claimed', measured: {}, note: 'the best control changes everywhere on K: no Φ stays smooth' };
  }
  const errors: number[] = [];
  for (const level of levels) errors.push(await truncationError(level, method.time.order));
  const note = `one step on a smooth function, dx, dy, dt refined ${LEVELS - 1} times together, away from switches`;
  const measured = { dt: levels[LEVELS - 1].dt, ...(epsilon === null ? {} : { ε: epsilon }) };
  return consistency(
    levels.map(({ dx }) => dx),
    errors,
    { order, measured, note },
  );
}

/** s and c with their derivatives; both vary on the lengths of the boxes. */
interface TestFunction {
  readonly value: (x: number, y: number) => number;
  readonly inX: (x: number, y: number) => number;
  readonly twiceInX: (x: number, y: number) => number;
  /** b·∂_yΦ + α∂_y²Φ, over ε. */
  readonly diffused: (x: number, y: number, drift: number, alpha: number) => number;
  /** The lengths on which s varies in x, and c in y. */
  readonly half: number;
  readonly width: number;
}

/** The step of the method on these nodes, at most one that resolves Φ: long feet leave a wide U no step of its own. */
function resolvedStep(
  posed: Posed,
  { test, points, epsilon }: Pick<LevelParts, 'test' | 'points' | 'epsilon'>,
): number {
  const { leastAt } = minimumOver(posed.problem);
  const average = effectiveRight(posed.problem, test);
  const least = ([x, y]: readonly number[]) =>
    epsilon === null ? average(x) : leastAt([x], [y], [test.inX(x, y)]).value;
  const speed = points.reduce((most, at) => Math.max(most, Math.abs(least(at) / test.inX(at[0], at[1] ?? 0))), 0);
  return Math.min(
    posedStep(posed, {}).dt,
    (MOVED * test.half) / speed,
    (epsilon ?? Infinity) * RESOLVED * test.width ** 2,
  );
}

function testFunction({ slow, fast }: CertificateOptions, epsilon: number): TestFunction {
  const [centre, half] = [(slow[0].lower + slow[0].upper) / 2, (slow[0].upper - slow[0].lower) / 2];
  const [middle, width] = [(fast[0].lower + fast[0].upper) / 2, (fast[0].upper - fast[0].lower) / 14];
  const z = (x: number) => (x - centre) / half + SHIFT;
  const eta = (y: number) => (y - middle) / width;
  return {
    // s' > 0 on the box, so that the best control changes with φ alone.
    value: (x, y) => half * Math.sin(z(x)) + epsilon * width ** 2 * Math.cos(z(x)) * Math.sin(eta(y)),
    inX: (x, y) => Math.cos(z(x)) - ((epsilon * width ** 2) / half) * Math.sin(z(x)) * Math.sin(eta(y)),
    twiceInX: (x, y) => -(half * Math.sin(z(x)) + epsilon * width ** 2 * Math.cos(z(x)) * Math.sin(eta(y))) / half ** 2,
    diffused: (x, y, drift, alpha) => Math.cos(z(x)) * (drift * width * Math.cos(eta(y)) - alpha * Math.sin(eta(y))),
    half,
    width,
  };
}

/** Keeps the curvature of s away from 0 at the centre of the box. */
const SHIFT = 0.3;

/** The same method on the nodes of a level. */
function refinedTo(
  { problem, method }: Posed,
  options: CertificateOptions,
  { epsilon, level, order }: { readonly epsilon: number | null; readonly level: number; readonly order: number },
): Posed {
  const [x, y] = [options.slow[0], options.fast[0]];
  const inFast = Math.round(CELLS.y * 2 ** (level * Math.max(1, order / 2)));
  const slow = [uniformAxis(x.name, x.lower, x.upper, CELLS.x * 2 ** level + 1)];
  const fast = [uniformAxis(y.name, y.lower, y.upper, (epsilon === null ? inFast : CELLS.y * 2 ** level) + 1)];
  const { fastScheme } = options;
  return epsilon === null
    ? poseEffectiveHjb(problem, method, { slow, fast, fastScheme })
    : poseEpsilonHjb(problem, method, { slow, fast, fastScheme, epsilon });
}

/** The nodes of the coarsest grid inside K around which one control is the best, or the same ends of U. */
function smoothPoints({ problem, grid }: Posed, test: TestFunction, observe: Box): number[][] {
  const box = { lower: observe.lower.slice(0, grid.axes.length), upper: observe.upper.slice(0, grid.axes.length) };
  const point = new Float64Array(grid.axes.length);
  const points = [...nodesInside(grid, box.lower, box.upper)].map((k) => {
    nodeCoordinates(point, grid, k);
    return [...point];
  });
  if (grid.axes.length === 1) return points;
  const [rx, ry] = [KEPT_OFF.x, KEPT_OFF.y].map((part, a) => part * (grid.axes[a].upper - grid.axes[a].lower));
  const around = [-1, -0.5, 0, 0.5, 1].flatMap((i) => [-1, -0.5, 0, 0.5, 1].map((j) => [i * rx, j * ry]));
  const { leastAt } = minimumOver(problem);
  const best = (x: number, y: number) => leastAt([x], [y], [test.inX(x, y)]).branch;
  return points.filter(([x, y]) => around.every(([dx, dy]) => best(x + dx, y + dy) === best(x, y)));
}

interface LevelParts {
  readonly test: TestFunction;
  readonly points: readonly (readonly number[])[];
  readonly dt: number;
  readonly epsilon: number | null;
  readonly kernel: Kernel;
}

function levelOf(posed: Posed, { test, points, dt, epsilon, kernel }: LevelParts): TruncationLevel {
  const { grid, problem } = posed;
  const point = new Float64Array(2);
  const field = new Float64Array(grid.size);
  for (let k = 0; k < grid.size; k++) {
    nodeCoordinates(point, grid, k);
    field[k] = test.value(point[0], point[1]);
  }
  const nodes = points.map((at) =>
    at.reduce((index, value, a) => {
      const { lower, spacing } = grid.axes[a];
      return index + Math.round((value - lower) / spacing) * grid.strides[a];
    }, 0),
  );
  const right = epsilon === null ? effectiveRight(problem, test) : epsilonRight(problem, test);
  return {
    dx: grid.axes[0].spacing,
    dt,
    test: field,
    nodes,
    expected: nodes.map((k) => {
      nodeCoordinates(point, grid, k);
      return right(point[0], point[1]);
    }),
    step: (delta) => stepOn(kernel, withoutFloor(posedStep(posed, { steps: problem.horizon / delta }).program)),
  };
}

/** min_u[φ·∂_xΦ + ℓ] + a∂_x²Φ − λΦ + LΦ/ε. */
function epsilonRight(problem: Problem, test: TestFunction): (x: number, y: number) => number {
  const { leastAt } = minimumOver(problem);
  return (x, y) => {
    const moved = leastAt([x], [y], [test.inX(x, y)]).value;
    const { fast, discount = 0 } = problem;
    const spread = diffusionAt(problem, x, y) * test.twiceInX(x, y) - discount * test.value(x, y);
    const r = fast.kind === 'drift' ? fast.noise?.[0]([x], [y]) : undefined;
    return moved + spread + test.diffused(x, y, fast.drift[0]([x], [y]), r === undefined ? 1 : (r * r) / 2);
  };
}

/** a(x,y) of noise that no control moves. */
function diffusionAt({ slowNoise = [[]], controls }: Problem, x: number, y: number): number {
  const u = controls.names.map(() => 0);
  return slowNoise[0].reduce((sum, s) => sum + s([x], [y], u) ** 2, 0) / 2;
}

/** −H̄(x, s') + ās'' − λs. */
function effectiveRight(problem: Problem, test: TestFunction): (x: number) => number {
  const { slowNoise, discount = 0 } = problem;
  return (x) => {
    const measure = gibbsMeasure(problem, [x], supportAt(problem, [x]));
    const spread = slowNoise === undefined ? 0 : measure.mean((y) => diffusionAt(problem, x, y)) * test.twiceInX(x, 0);
    return spread - discount * test.value(x, 0) - measure.meanHamiltonian([test.inX(x, 0)]);
  };
}
