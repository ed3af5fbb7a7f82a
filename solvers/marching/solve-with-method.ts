/** What the solvers of both equations do once the operators stand: bounds, steps, march, diagnostics. */

import type { LongFeet } from '../../src/control/slow-hamiltonian.ts';
import type { Differencing } from '../../src/differencing/differencing.ts';
import type { FastOperator } from '../../src/generator/fast-operator.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import { type Grid, nodeCoordinates } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { Kernel, Session, StepProgram } from '../../src/kernel/kernel.ts';
import type { Problem } from '../../src/model/problem.ts';
import { effectiveEquation, epsilonEquation } from '../../src/time/equation.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { filterRate } from '../../src/time/filtered.ts';
import {
  type ImplicitEnd,
  type IterationCounts,
  marchImplicit,
  marchImplicitAveraged,
} from '../../src/time/implicit-howard.ts';
import { march, type Outcome, type Run, stepsFor, stopsOf } from '../../src/time/march.ts';
import { type MethodStep, methodStep, stepBounds } from '../../src/time/method-step.ts';
import {
  type ClaimedOrder,
  claimedOrder,
  type Method,
  type Monotone,
  monotoneOf,
  type SchemeName,
} from '../../src/time/schemes.ts';
import type { TimeName } from '../../src/time/time-methods.ts';
import { withUsedAt, withUsedControls } from '../../src/time/used-controls.ts';
import { valueFloor } from '../../src/time/value-floor.ts';
import { type FilterReport, filterReport } from './filter-report.ts';
import type { Workplace } from './in-session.ts';
import { refusePolicies } from './refuse-policies.ts';
import { terminalValues } from './terminal-values.ts';

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

/** A value on the way to τ = T, on the same nodes. */
export interface Snapshot {
  readonly tau: number;
  readonly values: Float64Array;
}

/** How a value was found. */
export interface MethodDiagnostics {
  /** The values asked for by `snapshots`, the last one at τ = T; fewer where the solve ended early. */
  readonly history: readonly Snapshot[];
  readonly outcome: Outcome;
  readonly scheme: SchemeName;
  readonly time: TimeName;
  /** Sweeps in a step; null where policy iteration solves it. */
  readonly stages: number | null;
  readonly monotone: Monotone;
  readonly order: ClaimedOrder;
  readonly steps: number;
  /** Largest time step for which the scheme is what it claims; ∞ where no bound holds. */
  readonly stableStep: number;
  /**
   * How the resolvents of the fast variables were taken; null where a step takes none: the effective equation, explicit
   * steps, policy iteration.
   */
  readonly fastSolve: FastSolve | null;
  /** What a filter did; null where there is none. */
  readonly filter: FilterReport | null;
  /** min f − T max ℓ⁻, which no exact value falls below; −∞ where f has no minimum. */
  readonly floor: number;
  /** How far controls move in a step; null where feet longer than a cell are not taken. */
  readonly feet: LongFeet | null;
  /** Policies and sweeps per step of an implicit method; null for the others. */
  readonly iterations: IterationCounts | null;
  readonly seconds: number;
  /**
   * How far the minima over U may lie below what was found, a cost per time (times T in V): 0 where φ, ℓ are affine or
   * quadratic in u, ∞ where U was sampled.
   */
  readonly controlsError: number;
  /** What ran: 'wasm', 'js' or the mode of a graphics card. */
  readonly backend: string;
  readonly threads: number;
  /** Bytes of fields held during the solve, at their peak. */
  readonly bytes: number;
}

/** A discrete problem with the method that solves it. */
export interface Posed {
  readonly problem: Problem;
  readonly method: Method;
  /** Nodes of the value. */
  readonly grid: Grid;
  readonly operators: Discretisation;
  /** ε, or the stationary measure of the effective equation. */
  readonly limit: { readonly epsilon: number } | { readonly measure: Float64Array };
  /** The number of steps follows the bound of the ε-problem rather than that of the averaged operator. */
  readonly stepBound: 'own' | 'pointwise';
  /** Clock when the solve began. */
  readonly started: number;
}

/** What marching a posed problem starts from, the operators with the controls that are used. */
interface Plan {
  readonly operators: Discretisation;
  readonly differencing: Differencing<Float64Array>;
  readonly terminal: Float64Array;
  readonly steps: number;
  readonly dt: number;
  readonly stableStep: number;
  /** c of a filter in units of V per time, else 0. */
  readonly rate: number;
  /** No exact value is less; −∞ where none is known. */
  readonly floor: number;
  readonly feet: LongFeet | null;
  /** How many values to keep on the way; null for none. */
  readonly snapshots: number | null;
}

function planOf(posed: Posed, options: MethodOptions, kernel?: Kernel): Plan {
  const { problem, method, limit } = posed;
  const terminal = terminalValues(problem, posed.operators.grid);
  const operators = withUsedControls(posed.operators, terminal, problem.horizon);
  const differencing = method.scheme.differencing.on(operators, terminal);
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
  const rate = isFiltered ? filterRate(operators, terminal, { horizon: problem.horizon, dt, constant }) : 0;
  return {
    operators,
    differencing,
    terminal,
    steps,
    dt,
    stableStep,
    rate,
    floor: valueFloor(problem, operators, terminal),
    feet: feetIn(method, operators, dt, limit),
    snapshots: options.snapshots ?? null,
  };
}

function feetIn({ scheme, time }: Method, { slow, fast }: Discretisation, dt: number, limit: Posed['limit']) {
  const takes = scheme.differencing.feet === 'beyond-a-cell' && time.steps.kind === 'phases' && slow.takesLongFeet;
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

function programOf({ method, operators, limit }: Posed, { differencing, terminal, ...step }: Plan): MethodStep {
  const equation =
    'epsilon' in limit
      ? epsilonEquation(operators, limit.epsilon, terminal)
      : effectiveEquation(operators, limit.measure, terminal);
  return methodStep(method, equation, differencing, step);
}

/** The value at τ = T with how it was found. */
export async function solveWithMethod(
  posed: Posed,
  options: MethodOptions,
  run: Run,
  { kernel, session }: Workplace,
): Promise<GridFunction & MethodDiagnostics> {
  const { method, grid, operators } = posed;
  const plan = planOf(posed, options, kernel);
  const found =
    method.time.steps.kind === 'policy'
      ? await byPolicies(posed, plan, run, session)
      : await byPhases(posed, plan, run, { kernel, session });
  const { end, values, fallen, ...diagnostics } = found;
  return {
    grid,
    values,
    outcome: outcomeOf(end, { grid, values }, plan),
    scheme: method.scheme.name,
    time: method.time.name,
    stages: method.time.steps.kind === 'policy' ? null : method.time.steps.stages,
    monotone: monotoneOf(method),
    order: claimedOrder(method, operators.fast.directions.length > 1 ? found.fastSolve?.kind : null),
    steps: plan.steps,
    ...metAt(posed, plan, values),
    filter: fallen === null ? null : filterReport({ grid, values }, operators.grid, fallen, plan),
    floor: plan.floor,
    feet: plan.feet,
    seconds: (run.clock?.() ?? 0) - posed.started,
    ...diagnostics,
  };
}

/** The bound of the step and the error of minima for the controls that are used at the value found. */
function metAt({ method, limit }: Posed, { operators, terminal, stableStep }: Plan, values: Float64Array) {
  const met = withUsedAt(operators, values);
  const { controlsError } = met.slow;
  if (met === operators) return { stableStep, controlsError };
  const differencing = method.scheme.differencing.on(met, terminal);
  return { stableStep: Math.min(stableStep, stepBounds(method, met, differencing, limit).stableStep), controlsError };
}

/** What both ways of marching find. */
interface Marched {
  readonly end: ImplicitEnd;
  readonly values: Float64Array;
  readonly history: readonly Snapshot[];
  /** How often the filter fell back, per slow node. */
  readonly fallen: Float64Array | null;
  readonly iterations: IterationCounts | null;
  readonly fastSolve: FastSolve | null;
  readonly backend: string;
  readonly threads: number;
  readonly bytes: number;
}

/** Steps that are lists of phases, on the kernel. */
async function byPhases(posed: Posed, plan: Plan, run: Run, { kernel, session }: Workplace): Promise<Marched> {
  const { operators } = posed;
  const { program, fallen } = programOf(posed, plan);
  const loaded = await session.load(program);
  const history: Snapshot[] = [];
  const updates = operators.grid.size * operators.fast.nodes;
  const reached = async (step: number) => {
    if (plan.snapshots !== null) history.push({ tau: step * plan.dt, values: await loaded.read() });
  };
  const end = await march(loaded, updates, { stops: stopsOf(plan.steps, plan.snapshots ?? 0), reached }, run);
  const values = await loaded.read();
  const counts = fallen === null ? null : await loaded.read(fallen);
  const diagnostics = { iterations: null, fastSolve: fastSolveOf(program, operators.fast) };
  const place = { backend: kernel.backend, threads: loaded.threads, bytes: session.bytes };
  return { end, values, history, fallen: counts, ...diagnostics, ...place };
}

function fastSolveOf({ phases }: StepProgram, fast: FastOperator): FastSolve | null {
  return phases.some(({ kind }) => kind === 'solve' || kind === 'solve-plane') ? fast.fastSolve : null;
}

/** Steps that are solved by policy iteration, in plain TypeScript on one thread. */
async function byPolicies(
  { operators, limit }: Posed,
  { terminal, steps, dt, snapshots }: Plan,
  run: Run,
  session: Session,
): Promise<Marched> {
  refusePolicies(operators.slow, snapshots);
  const marched =
    'epsilon' in limit
      ? await marchImplicit(operators, { dt, steps, ...limit }, terminal, run)
      : await marchImplicitAveraged(operators, { dt, steps, ...limit }, terminal, run);
  const none = { history: [], fallen: null, fastSolve: null };
  return { ...marched, ...none, backend: 'js', threads: 1, bytes: session.bytes + marched.bytes };
}

/** Says how far a march came, and where it broke with the likely cause. */
function outcomeOf(end: ImplicitEnd, { grid, values }: GridFunction, { steps, dt, stableStep }: Plan): Outcome {
  if (end.status === 'cancelled') return { ...end, steps, tau: end.step * dt };
  if (end.status !== 'diverged') return end;
  const node = new Float64Array(grid.axes.length);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  nodeCoordinates(node, grid, Math.max(bad, 0));
  const advice =
    dt > stableStep
      ? `the time step ${dt.toPrecision(3)} exceeds the monotone bound ${stableStep.toPrecision(3)}: take more steps`
      : 'the values overflow although the step is stable: check the size of f and of the running cost on the domain';
  return { status: 'diverged', node: [...node], step: end.step, advice };
}
