/**
 * Ensembles of the two-scale system under a control (Bardi, Kouhkouh 2023, (CSε)),
 *
 *   dX = φ(X,Y,u) dt,   dY = b(X,Y)/ε dt + √(2/ε) dW,
 *
 * by one of two integrators: exact Ornstein–Uhlenbeck steps, of weak order 2 with a step that ε does not bound (b and
 * φ affine in y, u constant), or stochastic Heun steps, of weak order 2 with dt ≤ 0.2 ε/κ (anything else).
 * Derivations: src/paths/ornstein-uhlenbeck.ts, src/paths/heun.ts. For n = m = 1 without a running cost drifts become
 * tables and the loops run in WebAssembly or on a graphics card; otherwise the formulas are evaluated in TypeScript.
 */
import { startWorker } from '#start-worker';
import { refuseThreads } from '../src/kernel/threaded.ts';
import { type Ensemble, type PathRun, recordEnsemble } from '../src/paths/ensemble.ts';
import { gpuPaths } from '../src/paths/gpu-paths.ts';
import { plainHeun } from '../src/paths/heun.ts';
import type { PathSystem } from '../src/paths/path-system.ts';
import { fastestRelaxation } from '../src/paths/relaxation.ts';
import { ensembleMean, type MeanEstimate, meanOf, samplesOf } from '../src/paths/statistics.ts';
import { wasmPaths } from '../src/paths/wasm-paths.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import { type PathControl, type PathsPlan, pathsPlan, sides } from './path-control.ts';

export interface TwoScaleOptions {
  /** ε > 0. */
  readonly epsilon: number;
  readonly x: Coordinates;
  readonly y: Coordinates;
  readonly control: PathControl;
  readonly paths: number;
  /** A whole number from 0 to 2⁵³ − 1; the same seed gives the same bytes. */
  readonly seed: number;
  /** Where paths are expected, one interval per axis: the box of the tables, which are continued linearly outside. */
  readonly slow: Interval | readonly Interval[];
  readonly fast: Interval | readonly Interval[];
  /** Default: the exact step where it applies. */
  readonly method?: PathMethod;
  /**
   * Default: dt ≤ T/200, for Heun also dt ≤ 0.2 ε/κ, under a feedback 0.05 ε/κ. Rounded up to a multiple of `records`
   * and of the snapshots.
   */
  readonly steps?: number;
  /** Equal parts of [0,T] at whose ends states are kept; default 1. */
  readonly records?: number;
  /** 'formulas' evaluates φ and b themselves in plain TypeScript; default 'tables' wherever they serve. */
  readonly drift?: 'tables' | 'formulas';
}

export type PathMethod = 'ornstein-uhlenbeck' | 'heun';

/** States are (X, Y), with the cost ∫ℓ dt so far as a last component where there is a running cost. */
export interface TwoScaleEnsemble extends Ensemble {
  readonly epsilon: number;
  readonly method: PathMethod;
  /** Largest error of the tables between nodes: of φ, and of b. Part of the bias; 0 with formulas. */
  readonly tableError: { readonly slowDrift: number; readonly fastDrift: number };
  /** Fraction of the kept states outside the box. */
  readonly outside: number;
}

/** Fewest steps on [0,T]: the error of the averaged motion, of order 2, is then below 1e-4 of its size. */
const FEWEST_STEPS = 200;
/** dt κ/ε of Heun: the error of V is about 7e-5 there for a smooth drift. */
const RESOLUTION = 0.2;
/** The same under a feedback, whose drift has kinks: measured 4e-4 at 0.15, below 1e-4 from 0.075 on. */
const FEEDBACK_RESOLUTION = 0.05;
/** More path-steps than this take days. */
const MOST_PATH_STEPS = 1e14;

/** Simulates the two-scale system up to T. Throws InputError for a control, method or size that does not fit. */
export async function simulateTwoScale(
  problem: Problem,
  options: TwoScaleOptions,
  run: PathRun = {},
): Promise<TwoScaleEnsemble> {
  refuseNonsense(problem, options);
  const { epsilon, paths, seed, slow, fast, records = 1 } = options;
  const plan = pathsPlan(problem, options);
  const steps = stepsOf(problem, options, plan);
  const dt = problem.horizon / steps;
  const initial = [...Array.from(options.x), ...Array.from(options.y)];
  const made = plan.make(dt, steps);
  const { threads = 1 } = run;
  refuseThreads(threads);
  const start = { initial: 'system' in made ? [...initial, ...plan.extra] : initial, paths, seed, dt };
  const stepper =
    'system' in made
      ? plainHeun(made.system, start)
      : run.card !== undefined
        ? gpuPaths(run.card, made, start)
        : await wasmPaths(made, start, { threads, startWorker: () => startWorker() });
  const title = 'dX = φ(X,Y,u) dt, dY = b(X,Y)/ε dt + √(2/ε) dW';
  const dimension = start.initial.length;
  const ensemble = await recordEnsemble(stepper, { title, dimension, paths, seed, dt, steps, records }, run);
  const [slowDrift, fastDrift] = plan.tableError;
  const tableError = { slowDrift, fastDrift };
  return {
    ...ensemble,
    epsilon,
    method: plan.method,
    tableError,
    outside: outsideOf(ensemble, [...sides(slow), ...sides(fast)]),
  };
}

export interface SystemOptions {
  readonly initial: Coordinates;
  readonly horizon: number;
  readonly steps: number;
  /** Default 1, which is all that a system without noise needs. */
  readonly paths?: number;
  readonly seed?: number;
  readonly records?: number;
}

/** Heun paths of any system of src/paths/path-system.ts: averaged and effective ones, descents, Langevin. */
export async function simulateSystem(system: PathSystem, options: SystemOptions, run: PathRun = {}): Promise<Ensemble> {
  const { initial, horizon, steps, paths = 1, seed = 0, records = 1 } = options;
  const { title, dimension } = system;
  if (initial.length !== dimension) {
    throw new InputError(
      `the initial state has ${initial.length} components`,
      `the system ${title} has ${dimension}`,
      'give one number per component',
    );
  }
  const dt = horizon / steps;
  const stepper = plainHeun(system, { initial: Array.from(initial), paths, seed, dt });
  return recordEnsemble(stepper, { title, dimension, paths, seed, dt, steps, records }, run);
}

/** E[∫ℓ dt + f(X_T)] with its standard error: the cost of the control that was simulated. */
export function meanCost(problem: Problem, ensemble: Ensemble): MeanEstimate {
  const n = problem.slowDimension;
  const paid = problem.runningCost === undefined ? -1 : n + problem.fastDimension;
  return ensembleMean(ensemble, (z) => problem.terminalCost(z.subarray(0, n)) + (paid < 0 ? 0 : z[paid]));
}

/** E|X_T − X̂_T|² against the path of a limit system. */
export function meanSquareDistance(ensemble: Ensemble, limit: Ensemble): MeanEstimate {
  const target = limit.states[limit.states.length - 1];
  const squares = samplesOf(
    ensemble,
    (z) => target.reduce((sum, value, i) => sum + (z[i] - value) ** 2, 0),
    ensemble.states.length - 1,
  );
  return meanOf(squares);
}

function stepsOf(problem: Problem, options: TwoScaleOptions, plan: PathsPlan): number {
  const { epsilon, slow, fast, records = 1 } = options;
  const box = { slow: sides(slow), fast: sides(fast) };
  const fastest = plan.method === 'heun' ? fastestRelaxation(problem, box) : 0;
  const isFeedback = options.control.kind === 'argmin' || options.control.kind === 'feedback';
  const resolution = isFeedback ? FEEDBACK_RESOLUTION : RESOLUTION;
  const needed = Math.ceil(((problem.horizon * fastest) / (resolution * epsilon)) * (1 - 1e-12));
  const usual = Math.max(FEWEST_STEPS, needed);
  const unit = leastCommonMultiple(records, plan.windows);
  const steps = unit * Math.ceil((options.steps ?? usual) / unit);
  if (steps < 2 ** 31 && steps * options.paths <= MOST_PATH_STEPS) return steps;
  throw new InputError(
    `${steps} steps of ${options.paths} paths would be taken`,
    `Heun resolves ε: dt ≤ ${resolution} ε/κ with κ = ${fastest.toPrecision(3)}`,
    'take a larger ε, or the limit system, which is what remains for so small a one',
  );
}

function leastCommonMultiple(a: number, b: number): number {
  let [r, s] = [a, b];
  while (s !== 0) [r, s] = [s, r % s];
  return (a * b) / r;
}

function outsideOf({ states, dimension }: Ensemble, box: readonly Interval[]): number {
  let [outside, total] = [0, 0];
  for (const state of states) {
    for (let k = 0; k < state.length; k += dimension) {
      const inside = box.every(({ lower, upper }, i) => state[k + i] >= lower && state[k + i] <= upper);
      total++;
      if (!inside) outside++;
    }
  }
  return outside / total;
}

function refuseNonsense({ slowDimension: n, fastDimension: m }: Problem, options: TwoScaleOptions): void {
  const { epsilon, paths, seed, x, y } = options;
  const whole = (value: number, least: number, most: number) =>
    Number.isSafeInteger(value) && value >= least && value <= most;
  const fault =
    x.length !== n || y.length !== m
      ? [`the initial point has ${x.length} + ${y.length} coordinates`, `the state has ${n} + ${m}`, 'give them all']
      : !(epsilon > 0)
        ? [`ε is ${epsilon}`, 'the noise has the speed 1/ε', 'choose ε > 0, or simulate the limit system']
        : !whole(paths, 1, 2 ** 26)
          ? [`${paths} paths cannot be simulated`, 'a whole number up to 2²⁶ fits into memory', 'choose another number']
          : !whole(seed, 0, Number.MAX_SAFE_INTEGER)
            ? [`the seed is ${seed}`, 'a seed is a whole number from 0 to 2⁵³ − 1', 'choose another seed']
            : null;
  if (fault !== null) throw new InputError(fault[0], fault[1], fault[2]);
}
