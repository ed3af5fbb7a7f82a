/**
 * What a solve of the ε-HJB problem will take, measured on small solves of the same problem: all fast nodes, few slow
 * ones, few steps.
 *
 *   bytes = a·lanes + b,   seconds = lanes·(setup + K·step),   K = T/dt,   1/dt = c/dx + d from coarser grids,
 *
 * with noise in x dt of the grid itself.
 */
import { hasCrossTerms } from '../../src/control/noise-rates.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { requireAddressable } from '../../src/kernel/wasm/memory.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import { type Method, methodOf } from '../../src/time/schemes.ts';
import { type EffectiveHjbOptions, poseEffectiveHjb } from '../effective-hjb.ts';
import { type EpsilonHjbOptions, type EpsilonSolution, poseEpsilonHjb, solveEpsilonBy } from '../epsilon-hjb.ts';
import { requireGrid } from './dimensions.ts';
import { inSession } from './in-session.ts';
import { posedStep } from './plan.ts';
import { requirePlaneRoom } from './plane-room.ts';

/** What a solve will take. */
export interface SolveEstimate {
  /** K, the number of time steps. */
  readonly steps: number;
  /** On the kernel and the clock of the run. */
  readonly seconds: number;
  /** Bytes of fields at their peak. */
  readonly bytes: number;
}

/** A probe has so many nodes, so that it runs on all threads, and is this much smaller than the solve. */
const PROBE_NODES = 40_000;
const PROBE_SHARE = 1 / 16;
/** Fewest slow nodes per axis of a probe, by n: threads and vectors take several at once. */
const FEWEST = { 1: 32, 2: 8 } as const;
/** The same where only the length of a step is asked for. */
const COARSEST = 5;
/** Steps of the shorter timing and of the longer one, and up to where the longer one grows. */
const [SHORT, LONG, MOST_TIMED] = [20, 60, 10_000];
const REPEATS = 3;

/**
 * Steps, time and memory of `solveEpsilonHjb(problem, options, run)`. Null without a clock, where the solve is hardly
 * larger than its probe, for steps by policy iteration, whose cost is not known before, on a graphics card, and for
 * noise with cross terms between nodes, which coarser cells need not take.
 * Throws InputError like the solve, also where its fields will not fit into the memory of the kernel.
 */
export async function estimateEpsilonHjb(
  problem: Problem,
  options: EpsilonHjbOptions,
  { kernel, clock, signal }: Run,
): Promise<SolveEstimate | null> {
  const method = methodOf('epsilon', options);
  requireGrid(problem, method, 'the ε-HJB problem');
  await inSession({ kernel }, async ({ session }) => requirePlaneRoom(problem, method, options, session.free));
  const lanes = nodesOf(options.slow);
  const probe = probeOf(options);
  const ratio = lanes / nodesOf(probe);
  const isAnyCell = method.scheme.differencing.crossTerms === 'columns' || !hasCrossTerms(problem);
  const known = isAnyCell && method.time.steps.kind === 'phases' && kernel?.kind !== 'gpu';
  if (!known || clock === undefined || ratio < 4) return null;

  const steps = options.steps ?? estimateEpsilonSteps(problem, options);
  const { dt } = stepOn(problem, method, { ...options, slow: probe });
  const short = (count: number, slow: readonly Axis[]) => {
    const few = { ...options, slow, steps: count, snapshots: undefined };
    return solveEpsilonBy({ ...problem, horizon: count * dt }, method, few, { kernel, clock, signal });
  };
  const timed = (count: number) => quickest(() => short(count, probe));
  const brief = await timed(SHORT);
  let [count, longer] = [LONG, await timed(LONG)];
  // Where the setup takes most of the time the difference would be noise, and 10¹² steps seem to cost nothing.
  while (longer.seconds < 2 * brief.seconds && count < Math.min(steps, MOST_TIMED)) {
    count *= 4;
    longer = await timed(count);
  }
  const step = Math.max(0, longer.seconds - brief.seconds) / (count - SHORT);
  const setup = Math.max(0, brief.seconds - SHORT * step);
  // Factors that all x share are held once.
  const fewer = probe.map((axis) => coarsened(axis, Math.ceil(axis.nodes / 2)));
  const smaller = await short(1, fewer);
  const perLane = (longer.bytes - smaller.bytes) / (nodesOf(probe) - nodesOf(fewer));
  const bytes = longer.bytes + (lanes - nodesOf(probe)) * perLane;
  if ((kernel?.kind ?? 'wasm') === 'wasm') requireAddressable(bytes);
  return { steps, seconds: ratio * (setup + steps * step), bytes };
}

/** The quickest of a few solves: the first one warms up, and others may use the machine. */
async function quickest(solve: () => Promise<EpsilonSolution>): Promise<EpsilonSolution> {
  let best = await solve();
  for (let k = 1; k < REPEATS; k++) {
    const next = await solve();
    if (next.seconds < best.seconds) best = next;
  }
  return best;
}

/** The slow axes of a probe: the same boxes with fewer nodes. */
function probeOf({ slow, fast }: EpsilonHjbOptions): Axis[] {
  const lanes = nodesOf(slow);
  const wanted = Math.min(PROBE_NODES / nodesOf(fast), lanes * PROBE_SHARE);
  const shrink = (wanted / lanes) ** (1 / slow.length);
  const fewest = FEWEST[slow.length as 1 | 2];
  return slow.map((axis) => coarsened(axis, Math.max(fewest, Math.round(axis.nodes * shrink))));
}

/** K of `solveEpsilonHjb(problem, options)` by default, from coarser slow grids: within 5 %; exact with noise in x. */
export function estimateEpsilonSteps(problem: Problem, options: EpsilonHjbOptions): number {
  const method = methodOf('epsilon', options);
  return stepsFrom(options.slow, problem, (slow) => stepOn(problem, method, { ...options, slow }));
}

/** K of `solveEffectiveHjb(problem, options)` by default, from coarser slow grids; exact with noise in x. */
export function estimateEffectiveSteps(problem: Problem, options: EffectiveHjbOptions): number {
  const method = methodOf('effective', options);
  return stepsFrom(options.slow, problem, (slow) => {
    const own = { ...options, slow, steps: undefined };
    return posedStep(poseEffectiveHjb(problem, method, own), own);
  });
}

/**
 * The number of steps from grids with an eighth and a quarter of the slow nodes per axis. Bounds of dt add what moves
 * in x, ∝ 1/dx, and what moves or jumps in y. Noise in x adds 1/dx², or from some number of nodes on 1/dx: of it the
 * coarser grids say nothing.
 */
function stepsFrom(
  axes: readonly Axis[],
  { horizon, slowNoise }: Problem,
  stepOn: (slow: Axis[]) => { readonly steps: number; readonly dt: number; readonly stableStep: number },
): number {
  if (slowNoise !== undefined) return stepOn([...axes]).steps;
  const [coarser, coarse] = [1, 2].map((level) => {
    const slow = axes.map((axis) => coarsened(axis, level * Math.max(COARSEST, Math.ceil(axis.nodes / 8))));
    const { dt, stableStep } = stepOn(slow);
    return { inverse: 1 / slow[0].spacing, rate: 1 / (Number.isFinite(stableStep) ? stableStep : dt) };
  });
  const a = (coarse.rate - coarser.rate) / (coarse.inverse - coarser.inverse);
  return Math.ceil(horizon * (coarse.rate + a * (1 / axes[0].spacing - coarse.inverse)));
}

function stepOn(problem: Problem, method: Method, options: EpsilonHjbOptions) {
  const own = { ...options, steps: undefined };
  return posedStep(poseEpsilonHjb(problem, method, own), own);
}

function coarsened({ name, lower, upper }: Axis, nodes: number): Axis {
  return uniformAxis(name, lower, upper, nodes);
}

function nodesOf(axes: readonly Axis[]): number {
  return axes.reduce((product, { nodes }) => product * nodes, 1);
}
