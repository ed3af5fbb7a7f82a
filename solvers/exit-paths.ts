/**
 * Monte Carlo of the truncated δ-cell problem (solvers/delta-cell.ts) and of exit times, by paths of the fast process
 * frozen at x, with any noise r, until they leave the ball of radius n, m = 1, 2, 3 (src/paths/exit.ts).
 */

import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import { InputError } from '../src/input/input-error.ts';
import type { Watch } from '../src/input/watch.ts';
import { requireElliptic } from '../src/model/elliptic.ts';
import { noiseOf } from '../src/model/fast-scale.ts';
import { atHessian, type Hessian } from '../src/model/hessian.ts';
import type { Coordinates, Problem } from '../src/model/problem.ts';
import { discountedUntilExit, exitTimes, mostSteps } from '../src/paths/exit.ts';
import { type Diffusion, langevinSystem } from '../src/paths/path-system.ts';
import { type MeanEstimate, meanOf } from '../src/paths/statistics.ts';
import { frozenTerms, requireFastPoint, requireFrozen, requireHessian } from './requirements.ts';

/** Paths of the fast process frozen at x in the ball of radius n. */
export interface FrozenPathsOptions {
  /** The frozen slow point, one component per slow variable. */
  readonly x: Coordinates;
  /** Y(0), |y| < radius. */
  readonly y: Coordinates;
  /** Radius n of the ball. */
  readonly radius: number;
  /** The bias is of order dt; `exitStep` chooses one. */
  readonly dt: number;
  /** Number of paths, up to 2²⁶. */
  readonly paths: number;
  /** A whole number from 0 to 2⁵³ − 1; the same seed gives the same bytes. */
  readonly seed: number;
}

/** The δ-cell problem at (x̄, p̄) by paths. */
export interface CellPathsOptions extends FrozenPathsOptions {
  /** p̄, one component per slow variable. */
  readonly p: Coordinates;
  /** M̄ = D²v, n rows; default 0. Of a problem without noise in x it has no part in H. */
  readonly M?: Hessian;
  /** δ > 0. */
  readonly delta: number;
  /** Replaces h = H(x̄,·,p̄,M̄). */
  readonly integrand?: (y: Coordinates) => number;
}

/** The δ-cell problem at one y, with standard errors. */
export interface CellPaths {
  /** −δω(y). */
  readonly minusDeltaOmega: MeanEstimate;
  /** E_y e^{−δτ_n}. */
  readonly exitWeight: MeanEstimate;
  /** Where the step is longer than the one that `exitStep` chooses. */
  readonly warnings: readonly string[];
}

/** More path-steps than this take hours. */
const MOST_PATH_STEPS = 2e10;

/**
 * −δω(y) = δ E_y∫₀^{τ_n} h(Y_t) e^{−δt} dt and E_y e^{−δτ_n}, with standard errors; the bias is of order dt.
 * Throws InputError for x, p, δ, a radius, step, start, number of paths or seed that do not fit, and where h has no
 * value.
 */
export function simulateDeltaCell(problem: Problem, options: CellPathsOptions, watch: Watch = {}): CellPaths {
  const { x, p, delta, dt, paths } = options;
  const start = frozen(problem, options, p);
  demand(delta > 0 && delta < Infinity, `δ is ${delta}`, 'paths are discounted by e^{−δt}', 'choose δ > 0');
  const needed = mostSteps(delta, dt) * paths;
  demand(
    needed <= MOST_PATH_STEPS,
    `${paths} paths with δ = ${delta} and steps of ${dt} may take ${needed.toPrecision(2)} path-steps`,
    'a path that stays inside is followed until e^{−δt} is spent',
    'take fewer paths, a larger δ or a larger step',
  );
  requireHessian(problem, options.M);
  const integrand = options.integrand ?? hamiltonianAt(atHessian(problem, options.M), x, p);
  const { integral, exitWeight } = discountedUntilExit({ ...start, integrand, discount: delta, watch });
  demand(
    Number.isFinite(integral.mean),
    `the integral of h along the paths is ${integral.mean}`,
    'the integrand or the fast drift has no finite value at a point of the ball or near it',
    'change the formula or the radius',
  );
  const minusDeltaOmega = {
    mean: delta * integral.mean,
    standardError: delta * integral.standardError,
    lower: delta * integral.lower,
    upper: delta * integral.upper,
  };
  return { minusDeltaOmega, exitWeight, warnings: stepWarning(problem, options) };
}

/** Times at which paths of dY = b(x,Y) dt + r(x,Y) dB leave the ball, r = √2 where no other is given. */
export interface ExitTimes {
  /** Sorted; ∞ for paths still inside at the horizon. */
  readonly times: Float64Array;
  /** The fraction of the paths still inside at the horizon. */
  readonly survived: number;
  /** E min(τ_n, horizon), the restricted mean: E τ_n where no path survives, else a lower bound of it. */
  readonly mean: MeanEstimate;
  /** Where paths survive, so that the mean is a lower bound, and where the step is longer than `exitStep` chooses. */
  readonly warnings: readonly string[];
}

/**
 * Exit times from the ball of radius n up to `horizon`; the bias is of order dt (bridges between steps: Gobet 2000).
 * Throws InputError for a point, radius, step, start, number of paths, seed or horizon that does not fit.
 */
export function simulateExitTimes(
  problem: Problem,
  options: FrozenPathsOptions & { readonly horizon: number },
  watch: Watch = {},
): ExitTimes {
  const { horizon, paths } = options;
  const start = frozen(problem, options);
  demand(
    horizon > 0 && horizon / options.dt <= MOST_PATH_STEPS / paths,
    `paths cannot be followed up to the time ${horizon} in steps of ${options.dt}`,
    'the horizon is a positive number of no more than 2·10¹⁰ path-steps',
    'choose another horizon, a larger step or fewer paths',
  );
  const times = exitTimes({ ...start, horizon, watch }).sort();
  const survivors = times.reduce((count, time) => count + (time === Infinity ? 1 : 0), 0);
  const mean = meanOf(times.map((time) => Math.min(time, horizon)));
  const survived = survivors / paths;
  const inside =
    `${survivors} of ${paths} paths are still inside at the time ${horizon} – the mean is E min(τ, ${horizon}), ` +
    'a lower bound of E τ – take a longer horizon';
  const warnings = [...(survivors > 0 ? [inside] : []), ...stepWarning(problem, options)];
  return { times, survived, mean, warnings };
}

/** A sentence where dt is longer than the step that is chosen for the ball: the bias may exceed the standard errors. */
function stepWarning(problem: Problem, { x, radius, dt }: FrozenPathsOptions): string[] {
  const usual = exitStep(problem, x, radius);
  if (!(dt > usual * (1 + 1e-9))) return [];
  return [
    `the step ${dt} is longer than ${usual.toPrecision(2)}, the shortest of what relaxation, the layer at the sphere ` +
      'and diffusion ask for – the bias may exceed the standard errors – take a smaller step',
  ];
}

/**
 * The step in units of n/|b|, α/|b|², n²/α and 1/|∂r|², α = r²/2, whichever is the shortest: relaxation, layer at the
 * sphere, diffusion, change of the noise.
 */
const STEP = { relaxation: 0.02, layer: 0.2, diffusion: 0.002, noise: 0.02 };

/** Where on the way to the sphere, along every axis, b and r are looked at. */
const LOOKS = [-1, -0.5, 0.5, 1];

/** A step for paths in the ball of radius n, from b at the 2m points of its sphere on the axes and r on the axes. */
export function exitStep(problem: Problem, x: Coordinates, radius: number): number {
  const { drift } = problem.fast;
  const noise = noiseOf(problem.fast);
  const alphasAt = (y: readonly number[]) =>
    noise.length === 0 ? drift.map(() => 1) : noise.map((r) => r(x, y) ** 2 / 2);
  const centre = drift.map(() => 0);
  const steps = drift.flatMap((_, a) =>
    LOOKS.flatMap((part) => {
      const y = centre.with(a, part * radius);
      const alphas = alphasAt(y);
      const bend = noise.map((r) => Math.abs(r(x, y) - r(x, centre)) / Math.abs(part * radius));
      const inside = [(STEP.diffusion * radius ** 2) / Math.max(...alphas), STEP.noise / Math.max(0, ...bend) ** 2];
      if (Math.abs(part) < 1) return inside;
      const speed = Math.hypot(...drift.map((b) => b(x, y)));
      return [...inside, (STEP.relaxation * radius) / speed, (STEP.layer * alphas[a]) / speed ** 2];
    }),
  );
  return Math.min(...steps);
}

/** What both simulations follow. Throws InputError. */
function frozen(problem: Problem, { x, y, radius, dt, paths, seed }: FrozenPathsOptions, p?: Coordinates) {
  requireFrozen(problem, { what: 'the walk out of a ball', takes: frozenTerms }, x, p);
  requireFastPoint(problem, y);
  demand(
    radius > 0 && radius < Infinity && dt > 0 && dt < Infinity && Math.hypot(...Array.from(y)) < radius,
    `radius ${radius}, step ${dt} and start ${Array.from(y).join(', ')} do not go together`,
    'a path starts inside the ball and moves in positive steps',
    'choose |y| < radius and a step > 0',
  );
  demand(
    Number.isInteger(paths) && paths >= 1 && paths <= 2 ** 26,
    `${paths} paths cannot be simulated`,
    'a whole number up to 2²⁶ fits into memory',
    'choose another number',
  );
  demand(
    Number.isInteger(seed) && seed >= 0 && seed <= Number.MAX_SAFE_INTEGER,
    `the seed is ${seed}`,
    'a seed is a whole number from 0 to 2⁵³ − 1',
    'choose another seed',
  );
  const [frozenX, sides] = [Array.from(x), problem.fast.drift.map(() => ({ lower: -radius, upper: radius }))];
  requireElliptic(
    problem,
    frozenX.map((at) => ({ lower: at, upper: at })),
    sides,
  );
  const drift = (out: Float64Array, at: Float64Array) => {
    for (let i = 0; i < at.length; i++) out[i] = problem.fast.drift[i](x, at);
  };
  return { drift, diffusion: diffusionOf(problem, x), radius, initial: y, dt, paths, seed };
}

/** r on the diagonal, undefined for √2; stream 1 is that of exits. */
function diffusionOf(problem: Problem, x: Coordinates): Diffusion | undefined {
  const { diffusion } = langevinSystem(problem, x);
  return diffusion && { ...diffusion, streams: diffusion.streams.map((k) => (k === 0 ? 0 : k + 1)) };
}

function demand(holds: boolean, fact: string, cause: string, remedy: string): void {
  if (!holds) throw new InputError(fact, cause, remedy);
}
