/** What a march starts from: bounds, steps, and the program of a step. */

import type { Range } from '../../src/control/ranges.ts';
import type { LongFeet, SlowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import type { Differencing } from '../../src/differencing/differencing.ts';
import type { Grid } from '../../src/grid/grid.ts';
import type { Kernel, StepProgram } from '../../src/kernel/kernel.ts';
import type { Problem } from '../../src/model/problem.ts';
import { effectiveEquation, epsilonEquation } from '../../src/time/equation.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { filterRate, layerRate } from '../../src/time/filtered.ts';
import { stepsFor } from '../../src/time/march.ts';
import { type MethodStep, methodStep, stepBounds } from '../../src/time/method-step.ts';
import type { Method, SchemeName } from '../../src/time/schemes.ts';
import type { TimeName } from '../../src/time/time-methods.ts';
import { withUsedControls } from '../../src/time/used-controls.ts';
import { valueFloor } from '../../src/time/value-floor.ts';
import type { Terminal } from './terminal-values.ts';

/** The method of a solve on a grid, its time steps and what it keeps on the way. */
export interface MethodOptions {
  /** How differences in x are taken; default 'upwind'. */
  readonly scheme?: SchemeName;
  /** How a step is made; default: the first one of the scheme. */
  readonly time?: TimeName;
  /** Number of time steps; default: the fewest the scheme allows. */
  readonly steps?: number;
  /** C of a filtered scheme: it falls back where it differs from the monotone step by more than C·dx·dt. */
  readonly filterConstant?: number;
  /** Number of values kept on the way, at equal distances of τ up to T; default 0. */
  readonly snapshots?: number;
}

/** A discrete problem with the method that solves it. */
export interface Posed {
  readonly problem: Problem;
  readonly method: Method;
  /** Nodes of the value. */
  readonly grid: Grid;
  readonly operators: Discretisation;
  readonly terminal: Terminal;
  /** ε, or the stationary measure of the effective equation. */
  readonly limit: { readonly epsilon: number } | { readonly measure: Float64Array };
  /** The number of steps follows the bound of the ε-problem rather than that of the averaged operator. */
  readonly stepBound: 'own' | 'pointwise';
  /** Clock when the solve began. */
  readonly started: number;
  /** What the nodes in y leave out or do not resolve of the invariant measures, in sentences. */
  readonly doubts: () => readonly string[];
}

/** How a posed problem is marched. */
export interface Plan {
  readonly differencing: Differencing<Float64Array>;
  readonly terminal: Terminal;
  readonly steps: number;
  readonly dt: number;
  readonly stableStep: number;
  /** c of a filter in units of V per time, else 0. */
  readonly rate: number;
  /** No exact value is less; −∞ where none is known. */
  readonly floor: number;
  readonly feet: LongFeet | null;
  /** With the controls that the steps are made for. */
  readonly slow: SlowHamiltonian;
  /** How many values to keep on the way; null for none. */
  readonly snapshots: number | null;
}

/** Where a march runs, and the differences it is made for; none for those of a solve on a coarse grid. */
interface Circumstances {
  readonly kernel?: Kernel;
  readonly differences?: readonly Range[];
}

/** The number of steps, with all that depends on it. */
export function planOf(posed: Posed, options: MethodOptions, { kernel, differences = [] }: Circumstances = {}): Plan {
  const { problem, method, limit, terminal } = posed;
  const operators =
    differences.length === 0
      ? withUsedControls(posed.operators, terminal.slow, problem.horizon)
      : { ...posed.operators, slow: posed.operators.slow.usedUnder(differences) };
  const differencing = method.scheme.differencing.on(operators, terminal.slow);
  const { stableStep, usualStep } = stepBounds(method, operators, differencing, limit);
  const followed =
    posed.stepBound === 'own'
      ? usualStep
      : stepBounds(method, operators, differencing, { epsilon: Infinity }).usualStep;
  // A graphics card is not taught long feet.
  const usual = kernel?.kind === 'gpu' ? Math.min(followed, operators.slow.stableStep) : followed;
  const steps = options.steps ?? stepsFor(problem.horizon, usual);
  const dt = problem.horizon / steps;
  const { filterConstant: constant } = options;
  const isFiltered = method.scheme.monotone === 'filtered';
  const layer =
    terminal.whole === null || !('epsilon' in limit) || constant !== undefined
      ? 0
      : layerRate(operators, terminal.whole, { epsilon: limit.epsilon, dt });
  const rate = isFiltered
    ? filterRate(operators, terminal.slow, { horizon: problem.horizon, dt, constant }) + layer
    : 0;
  return {
    differencing,
    terminal,
    steps,
    dt,
    stableStep,
    rate,
    floor: valueFloor(problem, operators, terminal.slow),
    feet: feetIn(method, operators, dt, limit),
    slow: operators.slow,
    snapshots: options.snapshots ?? null,
  };
}

function feetIn({ scheme, time }: Method, { slow, fast }: Discretisation, dt: number, limit: Posed['limit']) {
  const takes = scheme.differencing.feet === 'beyond-a-cell' && time.steps.kind === 'phases';
  return takes ? slow.feetIn(dt, 'measure' in limit ? limit.measure : fast.stationary()) : null;
}

/** One step of a posed problem, as it runs. */
export interface PosedStep {
  readonly program: StepProgram;
  readonly steps: number;
  readonly dt: number;
  readonly stableStep: number;
  /** c of a filter in units of V per time, else 0; and the slot that counts where it fell back. */
  readonly rate: number;
  readonly fallen: number | null;
}

/**
 * The number of steps and the step program of a posed problem, from f.
 * Throws InputError for a method whose steps are solved by policy iteration.
 */
export function posedStep(posed: Posed, options: MethodOptions): PosedStep {
  const plan = planOf(posed, options);
  const { steps, dt, stableStep, rate } = plan;
  return { ...programOf(posed, plan), steps, dt, stableStep, rate };
}

/** The step program of a plan. Throws InputError where steps are solved by policy iteration. */
export function programOf(posed: Posed, { differencing, terminal, slow, ...step }: Plan): MethodStep {
  const { method, limit } = posed;
  const operators = { ...posed.operators, slow };
  const equation =
    'epsilon' in limit
      ? epsilonEquation(operators, limit.epsilon, terminal.whole ?? terminal.slow)
      : effectiveEquation(operators, limit.measure, terminal.slow);
  return methodStep(method, equation, differencing, step);
}
