/** Ensembles of paths as data for tables and figures: fans, controls used, ends, and the path of the limit system. */

import {
  averagedSystem,
  costOf,
  effectiveSystem,
  InputError,
  meanCost,
  meanDifferences,
  meanSquareDistance,
  noiseSeesFast,
  type PathControl,
  type PathMethod,
  type PathSystem,
  type SystemEnsemble,
  simulateSystem,
  simulateTwoScale,
  type TwoScaleEnsemble,
  timeStepError,
} from '../../solvers/index.ts';
import { lawOf } from '../../solvers/workbench.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { termsOf } from '../../src/model/general-terms.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import type { Ensemble, PathRun } from '../../src/paths/ensemble.ts';
import type { ControlLaw } from '../../src/paths/path-system.ts';
import { fanOf, type MeanEstimate } from '../../src/paths/statistics.ts';

import { arrayOf, extentOf, listOf, type NdArray, rowsOf } from '../fields.ts';

/** Quantiles over time, and means with their standard errors. */
interface Band {
  readonly levels: readonly number[];
  /** values[l][k] at times[k]. */
  readonly values: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly standardError: readonly number[];
}

/** An ensemble at one ε. */
export interface PathRecord {
  readonly epsilon: number;
  readonly paths: number;
  readonly seed: number;
  readonly steps: number;
  readonly method: PathMethod;
  /** E[∫e^{−λt}ℓ dt + e^{−λT}g(X_T,Y_T)]. */
  readonly cost: MeanEstimate;
  /** How X is compared with X̂: with its one path, path by path along the same W, by means alone, or not at all. */
  readonly comparison: LimitComparison;
  /** E|X_T−X̂_T|², null where means are compared, or nothing. */
  readonly distance: MeanEstimate | null;
  /** E X_T − E X̂_T per slow axis, null where paths are compared, or nothing. */
  readonly meanDifference: readonly MeanEstimate[] | null;
  /** What the time step is worth in the cost, with its standard error; null on a graphics card. */
  readonly timeStep: MeanEstimate | null;
  /** Part of the kept states outside the box that was asked for. */
  readonly outside: number;
  /** What is doubtful about the ensemble. */
  readonly warnings: readonly string[];
  readonly times: readonly number[];
  /** Per slow axis. */
  readonly fans: readonly Band[];
  /** Every control along the paths. */
  readonly controls: readonly Band[];
  /** X_T per slow axis: counts of equal bins between two ends. */
  readonly ends: readonly { readonly lower: number; readonly upper: number; readonly counts: readonly number[] }[];
  /** A few paths: [path][time][slow axis], and where more of them end: [path][slow axis]. */
  readonly samples: readonly (readonly (readonly number[])[])[];
  readonly endPoints: readonly (readonly number[])[];
  readonly outcome: Ensemble['outcome'];
}

export type LimitComparison = 'path' | 'same noise' | 'means' | 'none';

/** The limit of the paths, and its mean path; an ensemble of several paths where there is noise in x. */
export interface PathLimit {
  /** Null where there is no limit system for the problem. */
  readonly ensemble: SystemEnsemble | null;
  readonly path: LimitPath;
  /** Why there is none. */
  readonly reason: string | null;
}

/** The path of the limit system, or the mean of several: states[k] at times[k], none without a limit system. */
export interface LimitPath {
  readonly times: readonly number[];
  readonly states: readonly (readonly number[])[];
}

/** The integrators as they are shown. */
export const integrators: Record<PathMethod, string> = {
  heun: 'stochastic Heun',
  'ornstein-uhlenbeck': 'exact Ornstein–Uhlenbeck',
  platen: 'Platen’s scheme',
};

const BINS = 48;
const SAMPLES = 24;
const END_POINTS = 500;
/** Steps of the limit system: error about 1e-6. */
const LIMIT_STEPS = 400;
/** Paths of a limit system with noise, and path-steps of those that follow the noise of X. */
const LIMIT_PATHS = 4000;
const COUPLED_STEPS = 4e6;
const FEWEST_COUPLED = 50;

interface RecordOptions {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly control: PathControl;
  readonly paths: number;
  readonly seed: number;
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly records: number;
  readonly steps?: number;
}

type LimitOptions = Pick<RecordOptions, 'control' | 'x' | 'slow' | 'fast'>;

/** X̂ at `records` equal distances of time, under the same kind of control; without one where it is refused. */
export async function limitPathOf(
  problem: Problem,
  options: LimitOptions & Pick<RecordOptions, 'records' | 'seed'>,
  { signal }: Pick<PathRun, 'signal'>,
): Promise<PathLimit> {
  const { x, records, seed } = options;
  const steps = records * Math.ceil(LIMIT_STEPS / records);
  const noise = hasLimitNoise(problem) ? { paths: LIMIT_PATHS, seed } : {};
  const asked = { initial: x, horizon: problem.horizon, steps, records, ...noise };
  try {
    const ensemble = await simulateSystem(limitSystem(problem, options), asked, { signal });
    return { ensemble, path: meanPath(ensemble), reason: null };
  } catch (error) {
    if (termsOf(problem).length === 0 || !(error instanceof InputError)) throw error;
    return { ensemble: null, path: { times: [], states: [] }, reason: error.message };
  }
}

function limitSystem(problem: Problem, { control, slow, fast }: Omit<LimitOptions, 'x'>): PathSystem {
  const { n, m } = dimensionsOf(problem);
  const isPlain = n === 1 && m === 1 && !hasLimitNoise(problem);
  return isPlain && (control.kind === 'constant' || control.kind === 'open-loop')
    ? averagedSystem(problem, (t) => (control.kind === 'constant' ? control.u : control.at(t)), fast[0])
    : effectiveSystem(problem, control, { slow, fast });
}

function hasLimitNoise({ slowNoise, centredDrift }: Problem): boolean {
  return slowNoise !== undefined || centredDrift !== undefined;
}

function meanPath({ times, states, paths, dimension }: SystemEnsemble): LimitPath {
  const meanOfAxis = (state: Float64Array, i: number) => {
    let sum = 0;
    for (let p = 0; p < paths; p++) sum += state[p * dimension + i];
    return sum / paths;
  };
  const axes = Array.from({ length: dimension }, (_, i) => i);
  return { times: [...times], states: states.map((state) => axes.map((i) => meanOfAxis(state, i))) };
}

/**
 * E|X_T − X̂_T|² where it tends to 0: without noise in x, and along the same W where s does not see y and the control
 * is known in time. Elsewhere X tends to X̂ in law, and means are compared.
 */
async function comparedWithLimit(
  problem: Problem,
  options: RecordOptions,
  { ensemble, limit }: { readonly ensemble: TwoScaleEnsemble; readonly limit: PathLimit },
  { signal }: Pick<PathRun, 'signal'>,
): Promise<Pick<PathRecord, 'comparison' | 'distance' | 'meanDifference'>> {
  if (limit.ensemble === null) return { comparison: 'none', distance: null, meanDifference: null };
  if (!hasLimitNoise(problem)) {
    return { comparison: 'path', distance: meanSquareDistance(ensemble, limit.ensemble), meanDifference: null };
  }
  const { control, x, seed } = options;
  const isKnownInTime = control.kind === 'constant' || control.kind === 'open-loop';
  if (!isKnownInTime || noiseSeesFast(problem, control)) {
    return { comparison: 'means', distance: null, meanDifference: meanDifferences(ensemble, limit.ensemble) };
  }
  const { steps } = ensemble;
  const paths = Math.min(ensemble.paths, Math.max(FEWEST_COUPLED, Math.floor(COUPLED_STEPS / steps)));
  const asked = { initial: x, horizon: problem.horizon, steps, paths, seed };
  const coupled = await simulateSystem(limitSystem(problem, options), asked, { signal });
  return { comparison: 'same noise', distance: meanSquareDistance(ensemble, coupled), meanDifference: null };
}

/** The ensemble and what is kept of it. */
export async function recordPaths(
  problem: Problem,
  options: RecordOptions,
  limit: PathLimit,
  run: PathRun,
): Promise<{ readonly ensemble: TwoScaleEnsemble; readonly record: PathRecord }> {
  const ensemble = await simulateTwoScale(problem, options, run);
  const { epsilon, control } = options;
  const timeStep = await timeStepError(problem, options, { ensemble, g: costOf(problem) }, run);
  const compared = await comparedWithLimit(problem, options, { ensemble, limit }, run);
  const doubts = limit.ensemble === null ? [`no limit path: ${limit.reason}`] : limitDoubts(limit.ensemble);
  const controls = controlsAlong(problem, ensemble, lawOf(problem, control));
  const { paths, seed, steps, method, outcome } = ensemble;
  const axes = problem.slowDrift.map((_, i) => i);
  const record = {
    epsilon,
    paths,
    seed,
    steps,
    method,
    cost: meanCost(problem, ensemble),
    ...compared,
    timeStep,
    outside: ensemble.outside,
    warnings: [...ensemble.warnings, ...doubts],
    times: [...ensemble.times],
    fans: axes.map((i) => bandOf(ensemble, i)),
    controls: problem.controls.names.map((_, i) => bandOf(controls, i)),
    ends: axes.map((i) => histogram(ensemble, i)),
    samples: samplesOf(ensemble, axes.length),
    endPoints: endPointsOf(ensemble, axes.length),
    outcome,
  };
  return { ensemble, record };
}

function limitDoubts({ warnings }: SystemEnsemble): string[] {
  return warnings.map((warning) => `limit path: ${warning}`);
}

function bandOf(ensemble: Ensemble, component: number): Band {
  const { levels, values, means, standardErrors } = fanOf(ensemble, component);
  return { levels, values: values.map((each) => [...each]), mean: [...means], standardError: [...standardErrors] };
}

/** The controls along the paths, as an ensemble. */
function controlsAlong(problem: Problem, ensemble: Ensemble, law: ControlLaw): Ensemble {
  const { states, dimension, paths, times } = ensemble;
  const { n, m } = dimensionsOf(problem);
  const count = problem.controls.names.length;
  const controls = states.map((state, k) => {
    const used = new Float64Array(paths * count);
    for (let p = 0; p < paths; p++) {
      const z = state.subarray(p * dimension, (p + 1) * dimension);
      const u = law(times[k], z.subarray(0, n), z.subarray(n, n + m));
      for (let i = 0; i < count; i++) used[p * count + i] = u[i];
    }
    return used;
  });
  return { ...ensemble, dimension: count, states: controls };
}

function histogram(ensemble: Ensemble, component: number): PathRecord['ends'][number] {
  const ends = listOf(statesOf(ensemble).at(-1)!.pick(null, component)).filter(Number.isFinite);
  const { lower, upper } = extentOf(ends);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of ends) {
    counts[Math.min(Math.floor(((value - lower) / (upper - lower || 1)) * BINS), BINS - 1)]++;
  }
  return { lower, upper, counts };
}

/** Paths by components, one array per time. */
function statesOf({ states, dimension, paths }: Ensemble): NdArray[] {
  return states.map((state) => arrayOf(state, [paths, dimension]));
}

function samplesOf(ensemble: Ensemble, n: number): number[][][] {
  const count = Math.min(SAMPLES, ensemble.paths);
  const times = statesOf(ensemble).map((state) => rowsOf(state.hi(count, n)));
  return Array.from({ length: count }, (_, p) => times.map((paths) => paths[p]));
}

function endPointsOf(ensemble: Ensemble, n: number): number[][] {
  return rowsOf(statesOf(ensemble).at(-1)!.hi(Math.min(END_POINTS, ensemble.paths), n));
}
