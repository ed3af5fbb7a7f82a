import { beforeAll, describe, expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { type PreparedOptions, type PreparedProblem, prepare } from '../../solvers/prepare.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nextTask } from '../../src/kernel/next-task.ts';
import { threadedKernel } from '../../src/kernel/wasm/threaded.ts';
import { inLanes } from '../lanes.ts';
import { quadratic, rotational } from '../problems.ts';

const axes = { slow: [uniformAxis('x', -2.5, 2.5, 41)], fast: [uniformAxis('y', -6, 6, 31)] };

describe('a prepared problem', () => {
  const prepared = prepare(quadratic(), axes);
  const asked: PreparedOptions[] = [
    { epsilon: 0.1 },
    { epsilon: 1e-6 },
    { epsilon: 0.1, horizon: 0.3 },
    { epsilon: 0.1, steps: 200, snapshots: 3 },
    { epsilon: 0.1, scheme: 'filtered' },
    { epsilon: 1, time: 'explicit' },
    { epsilon: 0.1, time: 'implicit', steps: 5 },
    { epsilon: 0.1 },
  ];

  test.each(asked)('gives the bytes of a solve of its own for %o, in any order', async (options) => {
    const problem = { ...quadratic(), horizon: options.horizon ?? 1 };
    const [again, own] = [await prepared.solve(options), await solveEpsilonHjb(problem, { ...options, ...axes })];
    expect(again).toEqual({ ...own, bytes: again.bytes });
  });

  test('in a moving frame and in the plane as well', async () => {
    const plane = ['1', '2'].map((i) => uniformAxis(`x${i}`, -1, 1, 5));
    const fast = ['1', '2'].map((i) => uniformAxis(`z${i}`, -3, 3, 9));
    for (const frame of ['moving', 'fixed'] as const) {
      const again = prepare(rotational(), { slow: plane, fast }, { frame });
      const own = await solveEpsilonHjb(rotational(), { epsilon: 0.2, slow: plane, fast, frame });
      expect((await again.solve({ epsilon: 0.2 })).values).toEqual(own.values);
    }
  });

  test('solves two questions at once', async () => {
    const [a, b] = await Promise.all([prepared.solve({ epsilon: 0.1 }), prepared.solve({ epsilon: 0.01 })]);
    expect(a.values).toEqual((await prepared.solve({ epsilon: 0.1 })).values);
    expect(b.values).toEqual((await prepared.solve({ epsilon: 0.01 })).values);
  });

  test('refuses a horizon that is no time', async () => {
    for (const horizon of [0, -1, Number.NaN, Infinity])
      await expect(prepared.solve({ epsilon: 0.1, horizon })).rejects.toThrow(/the horizon T is .* – .* – /);
  });
});

describe('cuts in time', () => {
  /** Clocks that cut after every step, after few and never. */
  const clocks = [1, 1e-3, 1e-4, 0].map((tick) => {
    let now = 0;
    return { tick, clock: () => (now += tick * (1 + Math.sin(now * 1e4) ** 2)) };
  });
  const methods = [{}, { scheme: 'filtered' }, { scheme: 'semi-lagrangian' }, { time: 'explicit' }] as const;

  test.each(methods)('change no bit of a solve by %o', async (method) => {
    const options = { epsilon: 1, ...axes, ...method, snapshots: 4 };
    const uncut = await solveEpsilonHjb(quadratic(), options);
    for (const { clock } of clocks) {
      const { values, history } = await solveEpsilonHjb(quadratic(), options, { clock });
      expect(values).toEqual(uncut.values);
      expect(history).toEqual(uncut.history);
    }
  });

  test('a cancelled solve says which steps are done, and has the values there', async () => {
    const stop = new AbortController();
    const progress = (fraction: number) => fraction >= 0.25 && stop.abort();
    const large = { slow: [uniformAxis('x', -2.5, 2.5, 201)], fast: [uniformAxis('y', -6, 6, 201)] };
    const prepared = prepare(quadratic(), large);
    const options = { epsilon: 0.1, steps: 1024 };
    const { outcome, values } = await prepared.solve(options, { signal: stop.signal, progress });
    if (outcome.status !== 'cancelled') throw new Error(`the solve ${outcome.status}`);
    const { step, steps, tau } = outcome;
    expect([steps, tau]).toEqual([1024, step / 1024]);
    expect(step).toBeGreaterThanOrEqual(256);
    expect(step).toBeLessThan(1024);
    expect(values).toEqual((await prepared.solve({ epsilon: 0.1, horizon: tau, steps: step })).values);
  });

  // 722 401 nodes times the phases of a step are several blocks of updates.
  const long = { slow: [uniformAxis('x', -2.5, 2.5, 801)], fast: [uniformAxis('y', -6, 6, 901)] };
  let ready: PreparedProblem;
  beforeAll(() => {
    ready = prepare(quadratic(), long);
  });
  const longMethods = [{ scheme: 'filtered' }, { scheme: 'weno' }] as const;

  inLanes(longMethods, () => false)('inside a long step change no bit either: %o', async (method) => {
    const options = { epsilon: 1, steps: 3, horizon: 1e-3, ...method };
    let [turns, isDone] = [0, false];
    const solving = ready.solve(options).finally(() => {
      isDone = true;
    });
    for (; !isDone; turns++) await nextTask();
    const { values, filter } = await solving;
    const kernel = await threadedKernel({ threads: 2 });
    const threaded = await ready.solve(options, { kernel });
    await kernel.close();
    expect(turns).toBeGreaterThan(3);
    expect(threaded.threads).toBe(2);
    expect([values, filter]).toEqual([threaded.values, threaded.filter]);
  });

  inLanes(longMethods, () => false)('a cancel inside a long step keeps the value before it: %o', async (method) => {
    const stop = new AbortController();
    const options = { epsilon: 1, steps: 64, horizon: 1 / 64, ...method };
    const solving = ready.solve(options, { signal: stop.signal });
    for (let turn = 0; turn < 12; turn++) await nextTask();
    stop.abort();
    const { outcome, values } = await solving;
    if (outcome.status !== 'cancelled') throw new Error(`the solve ${outcome.status}`);
    const { step, tau } = outcome;
    expect(step).toBeLessThan(12);
    const until = { ...options, steps: Math.max(1, step), horizon: Math.max(1, step) / 4096 };
    if (step > 0) expect(values).toEqual((await ready.solve(until)).values);
    expect(tau).toBe(step / 4096);
  });
});

test('in the plane, where feet end on the boundary, a prepared solve has the bytes of another', async () => {
  const axes = {
    slow: ['x1', 'x2'].map((name) => uniformAxis(name, -2.2, 2.2, 11)),
    fast: ['y1', 'y2'].map((name) => uniformAxis(name, -6, 6, 9)),
  };
  const asked = { epsilon: 0.1, scheme: 'filtered', steps: 6 } as const;
  const ready = prepare(rotational(), axes);
  const [found, direct] = [await ready.solve(asked), await solveEpsilonHjb(rotational(), { ...axes, ...asked })];
  expect(found.feet?.longest).toBeGreaterThan(2);
  expect(found.values).toEqual(direct.values);
});
