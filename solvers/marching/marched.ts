/** The two ways to march a posed problem to the horizon: phases on a kernel, and policy iteration. */

import type { FastOperator } from '../../src/generator/fast-operator.ts';
import type { FastSolve } from '../../src/generator/splitting.ts';
import type { Session, StepProgram } from '../../src/kernel/kernel.ts';
import {
  type ImplicitEnd,
  type IterationCounts,
  marchImplicit,
  marchImplicitAveraged,
} from '../../src/time/implicit-howard.ts';
import { march, type Run, stopsOf } from '../../src/time/march.ts';
import type { Workplace } from './in-session.ts';
import { type Plan, type Posed, programOf } from './plan.ts';
import { refusePolicies } from './refuse-policies.ts';

/** A value on the way to τ = T, on the same nodes. */
export interface Snapshot {
  readonly tau: number;
  readonly values: Float64Array;
}

/** What both ways of marching find. */
export interface Marched {
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

/** From f to the horizon, as the method of the posed problem steps. */
export function marched(posed: Posed, plan: Plan, run: Run, workplace: Workplace): Promise<Marched> {
  const isPolicy = posed.method.time.steps.kind === 'policy';
  return isPolicy ? byPolicies(posed, plan, run, workplace.session) : byPhases(posed, plan, run, workplace);
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
  const { backend } = kernel;
  const { threads } = loaded;
  return { end, values, history, fallen: counts, ...diagnostics, backend, threads, bytes: session.bytes };
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
