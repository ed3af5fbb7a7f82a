import { afterAll, describe, expect, test } from 'vitest';
import { nodeGpuKernel } from '../../scenarios/node-gpu.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { GpuKernel } from '../../src/kernel/gpu/gpu.ts';
import { type DriftTable, interpolate, tabulate } from '../../src/paths/drift-table.ts';
import { recordEnsemble } from '../../src/paths/ensemble.ts';
import { type CardSteps, gpuPaths } from '../../src/paths/gpu-paths.ts';
import { plainHeun } from '../../src/paths/heun.ts';
import { meanReversionTable } from '../../src/paths/linear-drift.ts';
import { ornsteinUhlenbeckStep, plainOrnsteinUhlenbeck } from '../../src/paths/ornstein-uhlenbeck.ts';
import type { EnsembleStart, PathStepper } from '../../src/paths/path-stepper.ts';
import { meanOf } from '../../src/paths/statistics.ts';
import { multiwell, quadratic } from '../problems.ts';

/** A card, or a driver that stands in for one; where it must be there, its absence fails the tests. */
const card: GpuKernel | null = await nodeGpuKernel().catch((error: unknown) => {
  if (process.env.HJB_GPU === 'required') throw error;
  return null;
});
afterAll(() => card?.close());

const slow = { lower: -4, upper: 4 };
const fast = { lower: -6, upper: 6 };
const start = { initial: [1, 0.2], paths: 5, seed: 11, dt: 0.01 };

function paths(steps: CardSteps, from: EnsembleStart = start): PathStepper {
  return gpuPaths((card as GpuKernel).card, steps, from);
}

async function drift(epsilon: number, u: number): Promise<DriftTable> {
  const problem = multiwell();
  const field = (out: Float64Array, x: number, y: number) => {
    out[0] = problem.slowDrift[0]([x], [y], [u]);
    out[1] = problem.fast.drift[0]([x], [y]) / epsilon;
  };
  return (await tabulate(field, [slow, fast], 1e-4)).table;
}

function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}

describe.skipIf(card === null)('paths on a graphics card', () => {
  test('without noise they are the Heun steps of plain TypeScript, in single precision', async () => {
    const table = await drift(0.1, 0.7);
    const system = {
      title: 'table',
      dimension: 2,
      noise: [0, 0],
      drift: (out: Float64Array, _t: number, z: Float64Array) => interpolate(out, table, z[0], z[1]),
    };
    const plain = plainHeun(system, start);
    const onCard = paths({ kind: 'heun', table, choice: null, stepsPerWindow: 1000, noise: 0 });
    for (const count of [70, 60]) {
      await plain.advance(count);
      await onCard.advance(count);
    }
    // 130 steps, states of size 1, 6e-8 a rounding: measured 4e-7.
    expect(farthest(onCard.states(), plain.states())).toBeLessThan(1e-5);
    expect(onCard.backend).toMatch(/^gpu:webgpu( \(software\))?$/);
    await onCard.close();
  });

  test('without noise they are the relaxation steps of plain TypeScript', async () => {
    const { table } = await meanReversionTable(quadratic(), { u: [0.5], kappa: 3, slow }, 1e-6);
    const step = { ...ornsteinUhlenbeckStep(3, 1e-3, start.dt), spread: 0, sumOfFirst: 0, sumOfSecond: 0 };
    const plain = plainOrnsteinUhlenbeck(table, step, start);
    const onCard = paths({ kind: 'ornstein-uhlenbeck', table, step });
    await plain.advance(100);
    await onCard.advance(100);
    expect(farthest(onCard.states(), plain.states())).toBeLessThan(1e-5); // measured 6e-8
    await onCard.close();
  });

  test('a feedback takes the drift with the smaller φ·p, and changes with the window of time', async () => {
    const [still, moving] = await Promise.all([0, 1].map((u) => drift(0.1, u)));
    const window = (slope: number): DriftTable => ({
      x: { lower: -4, perSpacing: 1 / 8, nodes: 2 },
      y: { lower: -6, perSpacing: 1 / 12, nodes: 2 },
      values: Float64Array.from({ length: 8 }, (_, k) => (k % 2 === 0 ? slope : 0)),
    });
    const windows = [window(1), window(-1)];
    const system = {
      title: 'feedback',
      dimension: 2,
      noise: [0, 0],
      drift: (out: Float64Array, t: number, z: Float64Array) => {
        const slope = t < 7 * start.dt - 1e-9 ? 1 : -1;
        const other = new Float64Array(2);
        interpolate(out, still, z[0], z[1]);
        interpolate(other, moving, z[0], z[1]);
        if (other[0] * slope < out[0] * slope) out.set(other);
      },
    };
    const choice = { other: moving, slopes: { horizon: 0.14, windows } };
    const onCard = paths({ kind: 'heun', table: still, choice, stepsPerWindow: 7, noise: 0 });
    // The second stage of step 7 reads the first window on tables, and the formulas the second: compare before it.
    const plain = plainHeun(system, start);
    await plain.advance(6);
    await onCard.advance(6);
    expect(farthest(onCard.states(), plain.states())).toBeLessThan(1e-5);
    await onCard.advance(8);
    expect(onCard.states().every(Number.isFinite)).toBe(true);
    await onCard.close();
  });

  test.each(['ornstein-uhlenbeck', 'heun'] as const)(
    'with noise they have the mean and variance of the stationary measure: %s',
    async (kind) => {
      // dY = −(y − m)/ε dt + √(2/ε) dW around a slow variable that rests: N(0, 1/3).
      const epsilon = 0.1;
      const dt = kind === 'heun' ? 0.002 : 0.05;
      const many = { initial: [0, 0], paths: 20000, seed: 5, dt };
      const { table } = await tabulate(
        (out, _x, y) => {
          out[0] = 0;
          out[1] = (-3 * y) / epsilon;
        },
        [slow, fast],
        1e-6,
      );
      const relaxing = { ...table, values: new Float64Array(8) };
      const onCard = paths(
        kind === 'heun'
          ? { kind, table, choice: null, stepsPerWindow: 1e9, noise: Math.sqrt((2 * dt) / epsilon) }
          : { kind, table: relaxing, step: ornsteinUhlenbeckStep(3, epsilon, dt) },
        many,
      );
      await onCard.advance(kind === 'heun' ? 500 : 20);
      const states = onCard.states();
      const ys = Float64Array.from({ length: many.paths }, (_, p) => states[2 * p + 1]);
      const [mean, square] = [meanOf(ys), meanOf(ys.map((y) => y * y))];
      expect(Math.abs(mean.mean)).toBeLessThan(3 * mean.standardError);
      // Heun has the variance 1/3 up to (κdt/ε)²: 4e-3 here.
      expect(Math.abs(square.mean - 1 / 3)).toBeLessThan(3 * square.standardError + (kind === 'heun' ? 1.3e-3 : 0));
      await onCard.close();
    },
  );

  test('a clock does not cut a launch into pieces, each a kernel of its own', async () => {
    const { card: whole } = card as GpuKernel;
    let made = 0;
    const gpu = Object.create(whole.gpu, {
      createKernel: {
        value: (...given: Parameters<typeof whole.gpu.createKernel>) => {
          made++;
          return whole.gpu.createKernel(...given);
        },
      },
    });
    const { table } = await meanReversionTable(quadratic(), { u: [0.5], kappa: 3, slow }, 1e-6);
    const step = ornsteinUhlenbeckStep(3, 0.1, start.dt);
    const stepper = gpuPaths({ ...whole, gpu }, { kind: 'ornstein-uhlenbeck', table, step }, start);
    const plan = { ...start, title: 'launches', dimension: 2, steps: 300, records: 2 };
    const clock = () => performance.now() / 1000;
    const { outcome, states } = await recordEnsemble(stepper, plan, { clock });
    expect(outcome.status).toBe('converged');
    expect(states).toHaveLength(3);
    expect(made).toBe(1);
  });

  test('the same seed gives the same states, another seed others, and launches do not repeat their noise', async () => {
    const { table } = await meanReversionTable(quadratic(), { u: [0.5], kappa: 3, slow }, 1e-6);
    const step = ornsteinUhlenbeckStep(3, 0.1, start.dt);
    const end = async (seed: number, counts: readonly number[]) => {
      const onCard = paths({ kind: 'ornstein-uhlenbeck', table, step }, { ...start, paths: 200, seed });
      for (const count of counts) await onCard.advance(count);
      await onCard.close();
      return onCard.states();
    };
    expect(await end(3, [5, 5])).toEqual(await end(3, [5, 5]));
    expect(farthest(await end(3, [5, 5]), await end(4, [5, 5]))).toBeGreaterThan(0.1);
    expect(farthest(await end(3, [5, 5]), await end(3, [10]))).toBeGreaterThan(0.1);
  });
});

test('a card without WebGPU is refused, because its noise has no seed', async () => {
  const table = await tabulate((out) => out.fill(0), [slow, fast], 1);
  const steps = { kind: 'heun', table: table.table, choice: null, stepsPerWindow: 1, noise: 0 } as const;
  const webgl = { mode: 'webgl2', name: 'gpu:webgl2', software: false, largest: 1, release: () => {} } as const;
  const onCard = gpuPaths({ ...webgl, gpu: null as never }, steps, start);
  await expect(onCard.advance(1)).rejects.toThrow(InputError);
});
