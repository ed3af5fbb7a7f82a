/**
 * Ensembles of the two-scale system under a control (Bardi, Kouhkouh 2023, (CSε)),
 *
 *   dX = φ(X,Y,u) dt,   dY = b(X,Y)/ε dt + √(2/ε) dW,
 *
 * by one of two integrators: exact Ornstein–Uhlenbeck steps, of weak order 2 with a step that ε does not bound (b and
 * φ affine in y, u constant), or stochastic Heun steps, of weak order 2 with dt ≤ 0.2 ε/κ (anything else).
 * Derivations: src/paths/ornstein-uhlenbeck.ts, ornstein-uhlenbeck-in-space.ts, heun.ts. For n = m = 1 without a
 * running cost drifts become tables; otherwise formulas are compiled. Both run in WebAssembly on threads, tables also
 * on a graphics card. What is given as functions, not formulas, is evaluated in TypeScript.
 */
import { startWorker } from '#start-worker';
import { isAdmissible } from '../src/control/control-set.ts';
import { InputError } from '../src/input/input-error.ts';
import { refuseThreads } from '../src/kernel/wasm/threaded.ts';
import { requireProblem } from '../src/model/check-problem.ts';
import { allTerms } from '../src/model/general-terms.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import { atEpsilon } from '../src/paths/centred-drift.ts';
import { keepWithin, truncatedAtEnds } from '../src/paths/degenerate-ends.ts';
import { type Ensemble, type PathRun, recordEnsemble } from '../src/paths/ensemble.ts';
import { formulaPaths } from '../src/paths/formula-paths.ts';
import { type CardSteps, gpuPaths } from '../src/paths/gpu-paths.ts';
import { steepestDrift } from '../src/paths/linear-drift.ts';
import { linearPaths } from '../src/paths/ornstein-uhlenbeck-in-space.ts';
import type { EnsembleStart, PathStepper } from '../src/paths/path-stepper.ts';
import { type PathSystem, titleOf } from '../src/paths/path-system.ts';
import { plainPaths } from '../src/paths/platen.ts';
import { wasmPaths } from '../src/paths/wasm-paths.ts';
import { livedBox } from './ensembles/lived-box.ts';
import { stepsForPulses } from './ensembles/open-loop.ts';
import { type PathControl, sides } from './ensembles/path-control.ts';
import { MOST_PATH_STEPS, refuseCounts } from './ensembles/path-counts.ts';
import type { PathMethod, TwoScaleOptions } from './ensembles/path-options.ts';
import { FEWEST_STEPS, pathsPlan, RESOLUTION } from './ensembles/path-plan.ts';
import type { PathSteps, PathsPlan } from './ensembles/planned-steps.ts';
import { systemWarnings } from './ensembles/system-warnings.ts';

/** States are (X, Y), with the cost ∫ℓ dt so far as a last component where there is a running cost. */
export interface TwoScaleEnsemble extends Ensemble {
  readonly epsilon: number;
  readonly method: PathMethod;
  /** Largest error of the tables between nodes: of φ, and of b. Part of the bias; 0 with formulas. */
  readonly tableError: { readonly slowDrift: number; readonly fastDrift: number };
  /** State spaces of the fast variables with ends where r vanishes and coefficients are truncated; null without any. */
  readonly stateSpace: readonly Interval[] | null;
  /** Fraction of the kept states outside the box that was asked for. */
  readonly outside: number;
  /** Where a feedback is continued beyond its box for more than a hundredth of the states. */
  readonly warnings: readonly string[];
}

/** dt κ/ε of Heun under a feedback, whose drift has kinks: measured 4e-4 at 0.15, below 1e-4 from 0.075 on. */
const FEEDBACK_RESOLUTION = 0.05;

/** Tables grow so often before formulas take their place. */
const MOST_GROWTHS = 3;
/** Room around the states that were reached, in units of their box. */
const ROOM = 0.1;

/**
 * Simulates the two-scale system up to T. Throws InputError for a control, method or size that does not fit; a cancel
 * ends it with the outcome 'cancelled', or before the first step, while tables are made, with the reason of the signal.
 */
export async function simulateTwoScale(
  problem: Problem,
  options: TwoScaleOptions,
  run: PathRun = {},
): Promise<TwoScaleEnsemble> {
  requireProblem(problem, { what: 'the simulation of paths', takes: [...allTerms, 'centredDrift'] });
  refuseNonsense(problem, options);
  refuseThreads(run.threads ?? 1);
  const posed = atEpsilon(problem, options.epsilon);
  const { problem: truncated, states } = truncatedAtEnds(posed, options.y);
  let asked = options;
  for (let growths = 0; ; growths++) {
    const plan = await pathsPlan(truncated, asked, run.signal);
    const ensemble = await simulateWith(truncated, asked, plan, run);
    if (truncated !== posed) keepAllWithin(problem, ensemble, states);
    const grown = plan.isBoundToBox ? grownBox(asked, ensemble) : null;
    if (grown === null) {
      const outside = outsideOf(ensemble, options);
      const stateSpace = truncated === posed ? null : states;
      return { ...ensemble, stateSpace, outside, warnings: outsideWarnings(options, outside) };
    }
    asked = growths < MOST_GROWTHS ? { ...asked, ...grown } : { ...asked, drift: 'formulas' };
  }
}

/** Kept states of y within their state space. */
function keepAllWithin(problem: Problem, { states, dimension }: Ensemble, ends: readonly Interval[]): void {
  const { n } = dimensionsOf(problem);
  for (const each of states) keepWithin(each, ends, { first: n, dimension });
}

async function simulateWith(problem: Problem, options: TwoScaleOptions, plan: PathsPlan, run: PathRun) {
  const { epsilon, paths, seed, noiseOf, records = 1 } = options;
  const steps = stepsOf(problem, options, plan);
  const dt = problem.horizon / steps;
  const made = plan.make({ dt, steps, drawn: noiseOf === 'halves' ? dt / 2 : dt });
  const state = [...Array.from(options.x), ...Array.from(options.y)];
  const start = { initial: 'kind' in made ? state : [...state, ...plan.extra], paths, seed, dt, noiseOf };
  const stepper = await stepperOf(problem, made, start, run);
  const title = titleOf(problem);
  const dimension = start.initial.length;
  const ensemble = await recordEnsemble(stepper, { title, dimension, paths, seed, dt, steps, records }, run);
  const [slowDrift, fastDrift] = plan.tableError;
  return { ...ensemble, epsilon, method: plan.method, tableError: { slowDrift, fastDrift } };
}

function stepperOf(
  problem: Problem,
  made: PathSteps,
  start: EnsembleStart,
  run: PathRun,
): PathStepper | Promise<PathStepper> {
  const threads = { threads: run.threads ?? 1, startWorker: () => startWorker() };
  if (run.card !== undefined) return gpuPaths(run.card, onCard(made), start);
  if ('system' in made) return plainPaths(made.system, start);
  if ('linear' in made) return linearPaths(problem, made.linear, start);
  if ('formulas' in made) return formulaPaths(made.formulas, start, threads);
  return wasmPaths(made, start, threads);
}

/** Steps that a graphics card takes; throws InputError for others. */
function onCard(made: PathSteps): CardSteps {
  if ('kind' in made && made.kind !== 'open-loop') return made;
  throw new InputError(
    'a graphics card takes steps on tables under a constant control or an argmin only',
    'they are for one slow and one fast variable without a running cost',
    'leave --backend out',
  );
}

/** A box that holds all states, with some room, where the box of the tables does not; else null. */
function grownBox({ slow, fast }: TwoScaleOptions, { reach, outcome }: Ensemble) {
  if (reach === null || outcome.status !== 'converged') return null;
  const box = [sides(slow)[0], sides(fast)[0]];
  if (box.every(({ lower, upper }, i) => reach[i].lower >= lower && reach[i].upper <= upper)) return null;
  const [x, y] = box.map((side, i) => {
    const [lower, upper] = [Math.min(side.lower, reach[i].lower), Math.max(side.upper, reach[i].upper)];
    const room = ROOM * (upper - lower);
    return { lower: lower < side.lower ? lower - room : lower, upper: upper > side.upper ? upper + room : upper };
  });
  return { slow: x, fast: y };
}

/** What an ensemble of any system is asked for. */
export interface SystemOptions {
  /** Z(0), one component per dimension of the system. */
  readonly initial: Coordinates;
  /** T > 0. */
  readonly horizon: number;
  /** Equal time steps on [0,T]. */
  readonly steps: number;
  /** Default 1, which is all that a system without noise needs. */
  readonly paths?: number;
  /** A whole number from 0 to 2⁵³ − 1; default 0. */
  readonly seed?: number;
  /** Equal parts of [0,T] at whose ends states are kept; default 1. */
  readonly records?: number;
}

/** Paths of a system, with what is doubtful about them. */
export interface SystemEnsemble extends Ensemble {
  /** One path of a noisy system, and steps too long for its drift. */
  readonly warnings: readonly string[];
}

/**
 * Heun paths of any system of src/paths/path-system.ts: averaged and effective ones, descents, Langevin. Throws
 * InputError for a horizon, counts or an initial state that do not fit.
 */
export async function simulateSystem(
  system: PathSystem,
  options: SystemOptions,
  run: PathRun = {},
): Promise<SystemEnsemble> {
  const { initial, horizon, steps, paths = 1, seed = 0, records = 1 } = options;
  const { title, dimension } = system;
  refuseCounts({ steps, paths, records, seed, dimension });
  if (!(horizon > 0)) throw new InputError(`the horizon is ${horizon}`, 'time runs from 0', 'choose a horizon > 0');
  if (initial.length !== dimension) {
    throw new InputError(
      `the initial state has ${initial.length} components`,
      `the system ${title} has ${dimension}`,
      'give one number per component',
    );
  }
  const dt = horizon / steps;
  const stepper = plainPaths(system, { initial: Array.from(initial), paths, seed, dt });
  const ensemble = await recordEnsemble(stepper, { title, dimension, paths, seed, dt, steps, records }, run);
  return { ...ensemble, warnings: systemWarnings(system, ensemble) };
}

function stepsOf(problem: Problem, options: TwoScaleOptions, plan: PathsPlan): number {
  const { noiseOf, records = 1 } = options;
  const { fastest, resolution } = heunResolution(problem, options);
  const needed = plan.method !== 'ornstein-uhlenbeck' ? stepsOfHeun(problem, options) : 0;
  const pulses = stepsForPulses(options.control, problem.horizon);
  const usual = Math.max(FEWEST_STEPS, needed, pulses);
  // Steps twice as long end at the same times.
  const unit = leastCommonMultiple(records, plan.windows) * (noiseOf === 'halves' ? 1 : 2);
  const steps = unit * Math.ceil((options.steps ?? usual) / unit);
  if (steps < 2 ** 30 && steps * options.paths <= MOST_PATH_STEPS) return steps;
  const [cause, remedy] =
    options.steps !== undefined || plan.method === 'ornstein-uhlenbeck'
      ? ['so many take days', 'take fewer steps or paths']
      : pulses > needed
        ? [`the shortest pulse of u(t) takes a few steps of ${(problem.horizon / pulses).toPrecision(2)}`, 'give steps']
        : [
            `Heun resolves ε: dt ≤ ${resolution} ε/κ with κ = ${fastest.toPrecision(3)}`,
            'take a larger ε, or the limit system, which is what remains for so small a one',
          ];
  throw new InputError(`${steps.toPrecision(3)} steps of ${options.paths} paths would be taken`, cause, remedy);
}

/** Where a path of these options is taken, under a feedback or not. */
export type PathPlace = Pick<TwoScaleOptions, 'epsilon' | 'y' | 'slow' | 'fast'> & {
  readonly control: Pick<TwoScaleOptions['control'], 'kind'>;
};

/** Steps on [0,T] by which Heun resolves ε: dt ≤ 0.2 ε/κ, κ the slope of b where paths live; 0.05 under a feedback. */
export function stepsOfHeun(problem: Problem, place: PathPlace): number {
  const { fastest, resolution } = heunResolution(problem, place);
  return Math.ceil(((problem.horizon * fastest) / (resolution * place.epsilon)) * (1 - 1e-12));
}

function heunResolution(problem: Problem, { y, slow, fast, control }: PathPlace) {
  const whole = { slow: sides(slow), fast: sides(fast) };
  const isFeedback = control.kind === 'argmin' || control.kind === 'feedback';
  return {
    fastest: steepestDrift(problem, { ...whole, fast: livedBox(problem, y, whole) }),
    resolution: isFeedback ? FEEDBACK_RESOLUTION : RESOLUTION,
  };
}

function leastCommonMultiple(a: number, b: number): number {
  let [r, s] = [a, b];
  while (s !== 0) [r, s] = [s, r % s];
  return (a * b) / r;
}

/** The part of the kept states outside the box that was asked for, where a value function is unknown. */
function outsideOf({ states, dimension }: Ensemble, { slow, fast }: TwoScaleOptions): number {
  const box = [...sides(slow), ...sides(fast)];
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

/** More kept states than this outside the box of a value function make its feedback doubtful. */
const MOST_OUTSIDE = 0.01;

function outsideWarnings({ epsilon, control }: TwoScaleOptions, outside: number): string[] {
  const isFeedback = control.kind === 'argmin' || control.kind === 'feedback';
  if (!isFeedback || outside <= MOST_OUTSIDE) return [];
  const share = `${(100 * outside).toPrecision(2)} % of the states`;
  return [`at ε = ${epsilon} ${share} lie outside the box of the value function, continued linearly – widen domain`];
}

function refuseNonsense(problem: Problem, options: TwoScaleOptions): void {
  const { n, m } = dimensionsOf(problem);
  const { epsilon, paths, seed, steps, records, x, y, control } = options;
  refuseCounts({ steps, paths, records, seed, dimension: n + m + (problem.runningCost === undefined ? 0 : 1) });
  if (x.length !== n || y.length !== m) {
    const fact = `the initial point has ${x.length} + ${y.length} coordinates`;
    throw new InputError(fact, `the state has ${n} + ${m}`, 'give them all');
  }
  if (!(epsilon > 0)) {
    throw new InputError(
      `ε is ${epsilon}`,
      'the noise has the speed 1/ε',
      'choose ε > 0, or simulate the limit system',
    );
  }
  for (const { u, when } of lookedAt(problem, control)) {
    if (isAdmissible(problem.controls, u)) continue;
    const fact = `the control ${Array.from(u).join(', ') || '()'}${when} is not admissible`;
    throw new InputError(fact, `it is no value of U for ${problem.controls.names.join(', ')}`, 'choose one of U');
  }
}

/** Equal parts of [0,T] at whose ends an open loop is looked at. */
const PARTS = 64;

/** Controls that must lie in U: a constant, and an open loop at some times. */
function lookedAt({ horizon }: Problem, control: PathControl): { u: Coordinates; when: string }[] {
  if (control.kind === 'constant') return [{ u: control.u, when: '' }];
  if (control.kind !== 'open-loop') return [];
  const times = Array.from({ length: PARTS + 1 }, (_, k) => (horizon * k) / PARTS);
  return times.map((t) => ({ u: control.at(t), when: ` at t = ${t}` }));
}
