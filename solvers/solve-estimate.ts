/**
 * What a solve of the ε-HJB problem will take, measured on small solves of the same problem: all fast nodes, few slow
 * ones, few steps.
 *
 *   bytes ∝ lanes,   seconds = lanes·(setup + K·step),   K = T/dt, dt ∝ dx^p with p from two coarser grids.
 */
import { type Axis, uniformAxis } from '../src/grid/axis.ts';
import { requireAddressable } from '../src/kernel/wasm-memory.ts';
import type { Problem } from '../src/problem/problem.ts';
import type { Run } from '../src/time/march.ts';
import { type Method, methodOf } from '../src/time/schemes.ts';
import { requireGrid } from './dimensions.ts';
import { type EpsilonHjbOptions, type EpsilonSolution, poseEpsilonHjb, solveEpsilonHjb } from './epsilon-hjb.ts';
import { inSession } from './in-session.ts';
import { requirePlaneRoom } from './plane-room.ts';
import { posedStep } from './solve-with-method.ts';

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
/** Fewest slow nodes per axis of a probe. */
const FEWEST = 5;
/** Steps of the shorter timing; the longer one takes three times as many. */
const SHORT = 20;
const REPEATS = 3;

/**
 * Steps, time and memory of `solveEpsilonHjb(problem, options, run)`. Null without a clock, where the solve is hardly
 * larger than its probe, for steps by policy iteration, whose cost is not known before, and on a graphics card.
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
  const known = method.time.step !== null && kernel?.backend.startsWith('gpu') !== true;
  if (!known || clock === undefined || ratio < 4) return null;

  const steps = options.steps ?? stepsOn(problem, method, options);
  const { dt } = stepOn(problem, method, { ...options, slow: probe });
  const timed = async (count: number) => {
    const short = { ...problem, horizon: count * dt };
    const few = { ...options, slow: probe, steps: count, snapshots: undefined };
    return solveEpsilonHjb(short, few, { kernel, clock, signal });
  };
  const [brief, longer] = [await quickest(() => timed(SHORT)), await quickest(() => timed(3 * SHORT))];
  const step = Math.max(0, longer.seconds - brief.seconds) / (2 * SHORT);
  const setup = Math.max(0, brief.seconds - SHORT * step);
  const bytes = ratio * longer.bytes;
  if (longer.backend === 'wasm') requireAddressable(bytes);
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
  return slow.map((axis) => coarsened(axis, Math.max(FEWEST, Math.round(axis.nodes * shrink))));
}

/** The number of steps, with dt ∝ dx^p from grids with a quarter and an eighth of the slow nodes per axis. */
function stepsOn(problem: Problem, method: Method, options: EpsilonHjbOptions): number {
  const [coarser, coarse] = [8, 4].map((share) => {
    const slow = options.slow.map((axis) => coarsened(axis, Math.max(3, Math.ceil(axis.nodes / share))));
    return { spacing: slow[0].spacing, steps: stepOn(problem, method, { ...options, slow }).steps };
  });
  const p = Math.log(coarse.steps / coarser.steps) / Math.log(coarser.spacing / coarse.spacing);
  return Math.ceil(coarse.steps * (coarse.spacing / options.slow[0].spacing) ** p);
}

function stepOn(problem: Problem, method: Method, options: EpsilonHjbOptions): { steps: number; dt: number } {
  const own = { ...options, steps: undefined };
  return posedStep(poseEpsilonHjb(problem, method, own), own);
}

function coarsened({ name, lower, upper }: Axis, nodes: number): Axis {
  return uniformAxis(name, lower, upper, nodes);
}

function nodesOf(axes: readonly Axis[]): number {
  return axes.reduce((product, { nodes }) => product * nodes, 1);
}
