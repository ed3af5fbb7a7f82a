import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EffectiveHjbOptions } from '../../solvers/effective-hjb.ts';
import type { EpsilonHjbOptions } from '../../solvers/epsilon-hjb.ts';
import { type MarchRun, type MarchState, prepare, solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { startWorker } from '../../src/kernel/node/start-worker.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { correlated, isotropic, multiwell, quadratic, slowFast } from '../problems.ts';

type Solve = (run: MarchRun) => ReturnType<typeof solveEpsilonHjb> | ReturnType<typeof solveEffectiveHjb>;

const line = (nodes: number, y = 21) => ({
  slow: [uniformAxis('x', -2.5, 2.5, nodes)],
  fast: [uniformAxis('y', -4, 4, y)],
});
const plane = {
  slow: [uniformAxis('x1', -2, 2, 11), uniformAxis('x2', -2, 2, 10)],
  fast: [uniformAxis('y1', -4, 4, 9), uniformAxis('y2', -4, 4, 8)],
};
const decaying: Problem = { ...quadratic(), source: { decay: 2, value: (x, y) => Math.cos(x[0]) * y[0] } };
const steep: Problem = {
  ...slowFast({
    ...{ slow: ['u'], potential: 'y^2/2', runningCost: 'u^2/2' },
    controls: { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] },
    terminalCost: (x) => x[0] ** 2 / 4 + Math.tanh((x[0] - 0.06) / 0.02) / 10,
  }),
  horizon: 0.001,
};

const value =
  (problem: Problem, options: Omit<EpsilonHjbOptions, 'epsilon'>): Solve =>
  (run) =>
    solveEpsilonHjb(problem, { epsilon: 0.1, ...options }, run);
const limit =
  (problem: Problem, options: EffectiveHjbOptions): Solve =>
  (run) =>
    solveEffectiveHjb(problem, options, run);

/** Every kind of step, and what may stand beside the value in a state. */
const solves: readonly { name: string; fast?: true; solve: Solve }[] = [
  { name: 'upwind', solve: value(multiwell(), { ...line(41), steps: 23 }) },
  { name: 'upwind, uncontrolled: one pass', fast: true, solve: value(quadratic([1, 1]), { ...line(41), steps: 23 }) },
  { name: 'explicit', solve: value(quadratic(), { ...line(21), time: 'explicit', steps: 300 }) },
  { name: 'semi-Lagrangian', solve: value(multiwell(), { ...line(31), scheme: 'semi-lagrangian', steps: 17 }) },
  { name: 'filtered', fast: true, solve: value(quadratic(), { ...line(41), scheme: 'filtered', steps: 40 }) },
  {
    name: 'filtered in a moving frame, with values on the way',
    solve: value(quadratic(), { ...line(31), scheme: 'filtered', frame: 'moving', steps: 31, snapshots: 4 }),
  },
  { name: 'a source', fast: true, solve: value(decaying, { ...line(31), steps: 19 }) },
  { name: 'a source, ars222', solve: value(decaying, { ...line(31), scheme: 'weno', steps: 30 }) },
  { name: 'policies', fast: true, solve: value(quadratic(), { ...line(21, 11), time: 'implicit', steps: 9 }) },
  { name: 'averaged policies', solve: limit(quadratic(), { ...line(41), time: 'implicit', steps: 9 }) },
  { name: 'effective', solve: limit(multiwell(), { ...line(101), steps: 40, snapshots: 3 }) },
  { name: 'effective, filtered', solve: limit(multiwell(), { ...line(61), scheme: 'filtered', time: 'ssprk3' }) },
  {
    name: 'steps that the first value is too steep for',
    solve: limit(steep, { ...line(401, 5), slow: [uniformAxis('x', -2, 2, 401)], scheme: 'local-lax-friedrichs' }),
  },
  { name: 'in the plane', solve: value(isotropic(), { ...plane, steps: 12 }) },
  { name: 'in the plane, filtered', solve: value(correlated(2, 0.5), { ...plane, scheme: 'filtered', steps: 12 }) },
  { name: 'in the plane, effective', solve: limit(isotropic(), { ...plane, steps: 25 }) },
  {
    name: 'prepared',
    solve: (run) => prepare(multiwell(), line(31)).solve({ epsilon: 0.1, scheme: 'filtered', steps: 20 }, run),
  },
];

/** All of a solution but its seconds, as a text with every bit of its numbers; the maps of a frame are functions. */
async function found(solve: Solve, run: MarchRun) {
  const { seconds: _, values, ...solution } = await solve(run);
  const frame = 'frame' in solution && solution.frame !== null;
  const fields = (solution.history ?? []).map((at) => ({ ...at, values: String(at.values) }));
  return { ...solution, frame, history: fields, values: String(values) };
}

/** A clock that makes every step a block of its own, so that a cancel finds any of them. */
function ticking() {
  let seconds = 0;
  return () => (seconds += 0.01);
}

/** The state of a solve that is cancelled after a fraction of its steps, as plain data. */
async function cancelledAfter(solve: Solve, fraction: number, { kernel, state }: Pick<MarchRun, 'kernel'> & Kept) {
  const stop = new AbortController();
  const kept: MarchState[] = [];
  const { outcome } = await solve({
    ...{ kernel, clock: ticking(), signal: stop.signal },
    progress: (done) => {
      if (done >= fraction) stop.abort();
    },
    checkpoint: {
      every: Infinity,
      load: async () => state ?? null,
      save: async (given) => {
        kept.push(structuredClone(given));
      },
    },
  });
  return { outcome, state: kept.at(-1) };
}

interface Kept {
  readonly state?: MarchState;
}

const checkpointOf = (state: MarchState | undefined) => ({
  every: Infinity,
  load: async () => state ?? null,
  save: async () => {},
});

describe('a solve that was cancelled goes on from its checkpoint and ends as one that was not, bit for bit', () => {
  inLanes(solves, ({ fast }) => fast === true)('$name', async ({ solve }) => {
    for (const kernel of [await wasmKernel(), plainKernel()]) {
      const undisturbed = await found(solve, { kernel });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 3 }),
          async (stops) => {
            let kept: Kept = {};
            for (const stop of stops.toSorted((a, b) => a - b))
              kept = await cancelledAfter(solve, stop, { kernel, ...kept });
            const { state } = kept;
            expect(await found(solve, { kernel, checkpoint: checkpointOf(state) })).toEqual(undisturbed);
          },
        ),
        { numRuns: 2 },
      );
    }
  });

  test('on two threads, and what one thread began two end', async () => {
    const kernel = await wasmKernel({ threads: 2, startWorker: () => startWorker() });
    try {
      const options = { ...line(401, 101), steps: 9 };
      for (const solve of [value(quadratic([1, 1]), options), value(multiwell(), { ...options, scheme: 'filtered' })]) {
        const undisturbed = await found(solve, { kernel });
        for (const first of [kernel, await wasmKernel()]) {
          const { state, outcome } = await cancelledAfter(solve, 0.5, { kernel: first });
          expect(outcome).toMatchObject({ status: 'cancelled', step: state?.step });
          expect(state?.step).toBeGreaterThan(3);
          expect(await found(solve, { kernel, checkpoint: checkpointOf(state) })).toEqual(undisturbed);
        }
      }
    } finally {
      await kernel.close();
    }
  });

  test('where a step takes so long that it is cut', { tags: ['full'] }, async () => {
    const axes = (name: string, nodes: number) => [1, 2].map((k) => uniformAxis(`${name}${k}`, -3, 3, nodes));
    const grid = { slow: axes('x', 33), fast: axes('y', 25) };
    const solve = value(correlated(2, 0.5), { ...grid, scheme: 'filtered', steps: 4 });
    const { state } = await cancelledAfter(solve, 0.5, {});
    expect(state?.step).toBe(2);
    expect(await found(solve, { checkpoint: checkpointOf(state) })).toEqual(await found(solve, {}));
  });
});

describe('states', () => {
  const solve = value(quadratic(), { ...line(21), steps: 20 });

  test('are kept every so many seconds of the clock', async () => {
    let seconds = 0;
    const steps: number[] = [];
    const save = async ({ step }: MarchState) => void steps.push(step);
    const clock = () => (seconds += 0.05);
    await solve({ clock, checkpoint: { every: 1, load: async () => null, save } });
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.length).toBeLessThan(seconds);
  });

  test('of another solve are refused', async () => {
    const { state } = await cancelledAfter(solve, 0.5, {});
    const run = { checkpoint: checkpointOf(state) };
    const message = /^the checkpoint is that of another solve – .* – lend every problem with its options a checkpoint/;
    await expect(value(quadratic(), { ...line(21), steps: 21 })(run)).rejects.toThrow(message);
    await expect(value(quadratic(), { ...line(22), steps: 20 })(run)).rejects.toThrow(message);
    await expect(value(quadratic(), { ...line(21), steps: 20, scheme: 'filtered' })(run)).rejects.toThrow(message);
  });

  test('are refused with a graphics card, whose roundings are its own', async () => {
    const kernel = { ...plainKernel(), kind: 'gpu' as const };
    await expect(solve({ kernel, checkpoint: checkpointOf(undefined) })).rejects.toThrow(/keeps no checkpoint/);
  });
});
