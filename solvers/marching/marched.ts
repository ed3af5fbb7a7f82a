/** The two ways to march a posed problem to the horizon: phases on a kernel, and policy iteration. */

import { largestRates } from '../../src/control/largest-rates.ts';
import type { FastOperator } from '../../src/generator/fast-operator-parts.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import { onHeap } from '../../src/grid/allocate.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { Kernel, StepProgram } from '../../src/kernel/kernel.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { carriedSlots, goingOn, keeperOf, ofAnotherSolve, type Snapshot } from '../../src/time/checkpoint.ts';
import { epsilonEquation } from '../../src/time/equation.ts';
import {
  type ImplicitEnd,
  type IterationCounts,
  marchImplicit,
  marchImplicitAveraged,
} from '../../src/time/implicit-howard.ts';
import { type MarchRun, march, stopsOf } from '../../src/time/march.ts';
import type { Workplace } from './in-session.ts';
import { type Plan, type Posed, programOf } from './plan.ts';
import { refusePolicies } from './refuse-policies.ts';
import type { Attempt } from './used-differences.ts';

/** How an implicit step couples its nodes. */
interface Coupling {
  /** The largest dt Σ_i (|φ_i|/dx_i + ν_i) of all controls; ∞ where one has no end. */
  readonly courant: number;
}

/** What both ways of marching find. */
export interface Marched {
  readonly end: ImplicitEnd;
  readonly values: Float64Array;
  readonly history: readonly Snapshot[];
  /** How often the filter fell back, per slow node. */
  readonly fallen: Float64Array | null;
  readonly iterations: (IterationCounts & Coupling) | null;
  readonly fastSolve: FastSolve | null;
  readonly backend: string;
  readonly threads: number;
  readonly bytes: number;
}

/** From f to the horizon, as the method of the posed problem steps. */
export function marched(posed: Posed, plan: Plan, run: MarchRun, workplace: Workplace & Attempt): Promise<Marched> {
  const { state } = workplace;
  if (state !== undefined && state.steps !== plan.steps) {
    throw ofAnotherSolve(`it has ${state.steps} steps, where ${plan.steps} are taken here`);
  }
  const isPolicy = posed.method.time.steps.kind === 'policy';
  if (run.checkpoint !== undefined && !isPolicy) refuseCard(workplace.kernel);
  return isPolicy ? byPolicies(posed, plan, run, workplace) : byPhases(posed, plan, run, workplace);
}

function refuseCard({ kind }: Kernel): void {
  if (kind !== 'gpu') return;
  throw new InputError(
    'a solve on a graphics card keeps no checkpoint',
    'its roundings are those of the card at hand, so that another run would not go on bit for bit',
    'solve without a checkpoint, or on the WebAssembly kernel',
  );
}

/** Steps that are lists of phases, on the kernel. */
async function byPhases(
  posed: Posed,
  plan: Plan,
  run: MarchRun,
  { kernel, session, state, ...attempt }: Workplace & Attempt,
): Promise<Marched> {
  const { operators } = posed;
  const { program, fallen } = programOf(posed, plan);
  const start = state === undefined ? await relaxedStart(posed, plan) : null;
  if (start !== null) program.buffers[program.value].set(start);
  const carried = carriedSlots(program);
  const loaded = await session.load(state === undefined ? program : goingOn(program, carried, state));
  const history: Snapshot[] = [...(state?.history ?? [])];
  const keeper = keeperOf(run.checkpoint, run.clock, async (step) => {
    const fields: Float64Array[] = [];
    for (const slot of carried) fields.push(await loaded.read(slot));
    return { step, steps: plan.steps, ...attempt, fields, history: [...history], policies: null };
  });
  const updates = operators.grid.size * operators.fast.nodes;
  const reached = async (step: number) => {
    if (plan.snapshots === null) return;
    const snapshot = { tau: step * plan.dt, values: await loaded.read() };
    history.push(snapshot);
    run.onSnapshot?.(snapshot);
  };
  const from = state?.step ?? 0;
  const stops = stopsOf(plan.steps, plan.snapshots ?? 0).filter((stop) => stop > from);
  // Inside a step only the value before it still stands.
  const cancelInside = run.checkpoint === undefined || carried.length === 1;
  const end = await march(loaded, updates, { stops, reached, from, keeper, cancelInside }, run);
  const values = await loaded.read();
  const counts = fallen === null ? null : await loaded.read(fallen);
  const diagnostics = { iterations: null, fastSolve: fastSolveOf(program, operators.fast) };
  const { backend } = kernel;
  const { threads } = loaded;
  return { end, values, history, fallen: counts, ...diagnostics, backend, threads, bytes: session.bytes };
}

/**
 * The values that a march starts from where g depends on y; else null. They have passed a resolvent of length dt²/T: of
 * the second order in dt at fixed ε, and as ε → 0 at fixed dt the projection g → ḡ, from which the effective equation
 * starts.
 */
async function relaxedStart(
  { operators, limit, problem }: Posed,
  { terminal, dt }: Plan,
): Promise<Float64Array | null> {
  if (!('epsilon' in limit) || terminal.whole === null) return null;
  const equation = epsilonEquation({ ...operators, allocate: onHeap }, limit.epsilon, terminal.whole);
  const { value, next } = equation;
  const length = (dt * dt) / problem.horizon;
  const session = plainKernel().open();
  const loaded = await session.load(equation.program(equation.resolvent(next, value, length), length));
  await loaded.advance(1);
  return loaded.read();
}

function fastSolveOf({ phases }: StepProgram, fast: FastOperator): FastSolve | null {
  return phases.some(({ kind }) => kind === 'solve' || kind === 'solve-plane') ? fast.fastSolve : null;
}

/** Steps that are solved by policy iteration, in plain TypeScript on one thread. */
async function byPolicies(
  posed: Posed,
  plan: Plan,
  run: MarchRun,
  { session, repeats, differences, state }: Workplace & Attempt,
): Promise<Marched> {
  const { operators, limit } = posed;
  const { terminal, steps, dt, snapshots } = plan;
  refusePolicies(operators.slow, snapshots);
  const attempt = { repeats, differences, state };
  const start = (await relaxedStart(posed, plan)) ?? terminal.slow;
  const marched =
    'epsilon' in limit
      ? await marchImplicit(operators, { dt, steps, ...limit, ...attempt }, start, run)
      : await marchImplicitAveraged(operators, { dt, steps, ...limit, ...attempt }, terminal.slow, run);
  const none = { history: [], fallen: null, fastSolve: null };
  const iterations = { ...marched.iterations, courant: dt * largestRates(operators.slow) };
  return { ...marched, iterations, ...none, backend: 'js', threads: 1, bytes: session.bytes + marched.bytes };
}
