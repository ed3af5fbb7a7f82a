/** Ensembles of paths as data for tables and figures: fans, controls used, ends, and the path of the limit system. */

import {
  averagedSystem,
  costOf,
  effectiveSystem,
  meanCost,
  meanSquareDistance,
  type PathControl,
  type PathMethod,
  type SystemEnsemble,
  simulateSystem,
  simulateTwoScale,
  type TwoScaleEnsemble,
  timeStepError,
} from '../../solvers/index.ts';
import { lawOf } from '../../solvers/workbench.ts';
import type { Axis } from '../../src/grid/axis.ts';
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
  /** E[∫ℓ dt + f(X_T)] and E|X_T−X̂_T|². */
  readonly cost: MeanEstimate;
  readonly distance: MeanEstimate;
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

/** The path of the limit system: states[k] at times[k]. */
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

/** X̂ at `records` equal distances of time, under the same kind of control. */
export async function limitPathOf(
  problem: Problem,
  { control, x, slow, fast, records }: Pick<RecordOptions, 'control' | 'x' | 'slow' | 'fast' | 'records'>,
  { signal }: Pick<PathRun, 'signal'>,
): Promise<{ readonly ensemble: SystemEnsemble; readonly path: LimitPath }> {
  const line = dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1;
  const system =
    line && (control.kind === 'constant' || control.kind === 'open-loop')
      ? averagedSystem(problem, (t) => (control.kind === 'constant' ? control.u : control.at(t)), fast[0])
      : effectiveSystem(problem, control, { slow, fast });
  const steps = records * Math.ceil(LIMIT_STEPS / records);
  const ensemble = await simulateSystem(system, { initial: x, horizon: problem.horizon, steps, records }, { signal });
  const path = { times: [...ensemble.times], states: ensemble.states.map((state) => [...state]) };
  return { ensemble, path };
}

/** The ensemble and what is kept of it. */
export async function recordPaths(
  problem: Problem,
  options: RecordOptions,
  limit: SystemEnsemble,
  run: PathRun,
): Promise<{ readonly ensemble: TwoScaleEnsemble; readonly record: PathRecord }> {
  const ensemble = await simulateTwoScale(problem, options, run);
  const { epsilon, control } = options;
  const timeStep = await timeStepError(problem, options, { ensemble, g: costOf(problem) }, run);
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
    distance: meanSquareDistance(ensemble, limit),
    timeStep,
    outside: ensemble.outside,
    warnings: [...ensemble.warnings, ...limit.warnings.map((warning) => `limit path: ${warning}`)],
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
