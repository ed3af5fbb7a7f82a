import { describe, expect, test } from 'vitest';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { formula } from '../../src/formula/expression.ts';
import { startWorker } from '../../src/kernel/node/start-worker.ts';
import { type DriftTable, interpolate, tableOf, tabulate } from '../../src/paths/drift-table.ts';
import { plainHeun } from '../../src/paths/heun.ts';
import { meanReversionTable } from '../../src/paths/linear-drift.ts';
import { ornsteinUhlenbeckStep, plainOrnsteinUhlenbeck } from '../../src/paths/ornstein-uhlenbeck.ts';
import type { PathSystem } from '../../src/paths/path-system.ts';
import { twoScaleSystem } from '../../src/paths/path-system.ts';
import { meanOf, studentFactor } from '../../src/paths/statistics.ts';
import { wasmPaths } from '../../src/paths/wasm-paths.ts';
import { inLanes } from '../lanes.ts';
import { multiwell, quadratic } from '../problems.ts';

const slow = { lower: -4, upper: 4 };
const fast = { lower: -6, upper: 6 };
const oneThread = { threads: 1 };
/** 37 paths are no multiple of the group of four, 7 and 6 steps end in the middle of a pair of normals. */
const start = { initial: [1, 0.2], paths: 37, seed: 11, dt: 0.01 };

describe('WebAssembly and plain TypeScript take the same steps to the last bit', () => {
  test('stochastic Heun on a table of a drift with several wells', async () => {
    const problem = multiwell();
    const field = (out: Float64Array, x: number, y: number) => {
      out[0] = problem.slowDrift[0]([x], [y], [0.7]);
      out[1] = problem.fast.drift[0]([x], [y]) / 0.1;
    };
    const { table } = await tabulate(field, [slow, fast], 1e-4);
    const noise = Math.sqrt(2 / 0.1);
    const system: PathSystem = {
      title: 'table',
      dimension: 2,
      noise: [0, noise],
      drift: (out, _t, z) => interpolate(out, table, z[0], z[1]),
    };
    const steps = {
      kind: 'heun',
      table,
      choice: null,
      stepsPerWindow: 1000,
      noise: noise * Math.sqrt(start.dt),
    } as const;
    const plain = plainHeun(system, start);
    for (const threads of [1, 3]) {
      const compiled = await wasmPaths(steps, start, { threads, startWorker: () => startWorker() });
      if (threads === 1) for (const count of [7, 6]) await plain.advance(count);
      for (const count of [7, 6]) await compiled.advance(count);
      expect(compiled.states()).toEqual(plain.states());
      await compiled.close();
    }
  });

  test.each(['step', 'halves'] as const)('an open loop between two drifts, noise of %s', async (noiseOf) => {
    const problem = multiwell();
    const at = (u: number) => (out: Float64Array, x: number, y: number) => {
      out[0] = problem.slowDrift[0]([x], [y], [u]);
      out[1] = problem.fast.drift[0]([x], [y]) / 0.1;
    };
    const nodes = [3, 150] as const;
    const [lower, upper] = await Promise.all([0, 1].map((u) => tableOf(at(u), [slow, fast], nodes)));
    // The last weight lies outside: the drift is continued.
    const weights = Float64Array.from({ length: 14 }, (_, k) => 1.2 - 1 / (1 + k));
    const noise = Math.sqrt(2 / 0.1);
    const other = new Float64Array(2);
    const drift: PathSystem['drift'] = (out, t, z) => {
      interpolate(out, lower, z[0], z[1]);
      interpolate(other, upper, z[0], z[1]);
      const weight = weights[Math.round(t / start.dt)];
      for (const c of [0, 1]) out[c] += weight * (other[c] - out[c]);
    };
    const from = { ...start, noiseOf };
    const plain = plainHeun({ title: '', dimension: 2, noise: [0, noise], drift }, from);
    for (const count of [7, 6]) await plain.advance(count);
    const drawn = noise * Math.sqrt(noiseOf === 'halves' ? start.dt / 2 : start.dt);
    for (const threads of [1, 3]) {
      const steps = { kind: 'open-loop', table: lower, other: upper, weights, noise: drawn } as const;
      const compiled = await wasmPaths(steps, from, { threads, startWorker: () => startWorker() });
      for (const count of [7, 6]) await compiled.advance(count);
      expect(compiled.states()).toEqual(plain.states());
      await compiled.close();
    }
  });

  test('exact Ornstein–Uhlenbeck steps', async () => {
    const { table } = await meanReversionTable(quadratic(), { u: [0.5], kappa: 3, slow }, 1e-6);
    const step = ornsteinUhlenbeckStep(3, 1e-3, start.dt);
    const plain = plainOrnsteinUhlenbeck(table, step, start);
    const compiled = await wasmPaths({ kind: 'ornstein-uhlenbeck', table, step }, start, oneThread);
    for (const count of [7, 6]) {
      await plain.advance(count);
      await compiled.advance(count);
    }
    expect(compiled.states()).toEqual(plain.states());
  });

  test('a feedback that chooses between two drifts', async () => {
    const dt = start.dt;
    const two = await Promise.all(
      [0, 1].map((u) =>
        tabulate(
          (out, x, y) => {
            out[0] = -u * 2 * (x - y);
            out[1] = (2 * x - 3 * y) / 0.1;
          },
          [slow, fast],
          1e-6,
        ),
      ),
    );
    // The slope changes its sign between the two windows of seven steps.
    const window = (sign: number): DriftTable => ({
      ...two[0].table,
      values: Float64Array.from({ length: 8 }, () => sign),
    });
    const slopes = { horizon: 14 * dt, windows: [window(1), window(-1)] };
    const noise = Math.sqrt(20);
    const drift: PathSystem['drift'] = (out, t, z) => {
      const slope = Math.floor(t / (7 * dt) + 1e-9) === 0 ? 1 : -1;
      const away = -2 * (z[0] - z[1]);
      interpolate(out, two[away * slope < 0 ? 1 : 0].table, z[0], z[1]);
    };
    const plain = plainHeun({ title: '', dimension: 2, noise: [0, noise], drift }, start);
    const choice = { other: two[1].table, slopes };
    const steps = {
      kind: 'heun',
      table: two[0].table,
      choice,
      stepsPerWindow: 7,
      noise: noise * Math.sqrt(dt),
    } as const;
    const compiled = await wasmPaths(steps, start, oneThread);
    // The second stage of the step that ends a window sees the next one in the formulas, hence six steps and not seven.
    await plain.advance(6);
    await compiled.advance(6);
    expect(compiled.states()).toEqual(plain.states());
  });
});

test.each([
  // Linear at the ends and the middle of a symmetric box.
  ['a bump in the middle', (x: number, y: number) => x - y - 4 * y * Math.exp(-2 * y * y)],
  // 0 on all of the boundary.
  ['a hump that vanishes on the boundary', (x: number, y: number) => (16 - x * x) * (36 - y * y) * Math.sin(x + y)],
])('a table is not fooled by the symmetries of its box: %s', async (_name, b) => {
  const field = (out: Float64Array, x: number, y: number) => {
    out[0] = 1;
    out[1] = b(x, y);
  };
  const { table, error } = await tabulate(field, [slow, fast], 1e-3);
  const found = new Float64Array(2);
  let worst = 0;
  for (let i = 0; i <= 150; i++) {
    for (let j = 0; j <= 150; j++) {
      const [x, y] = [-4 + (8 * i) / 150, -6 + (12 * j) / 150];
      interpolate(found, table, x, y);
      worst = Math.max(worst, Math.abs(found[1] - b(x, y)));
    }
  }
  // The error is looked for at many points, not at all of them.
  expect(worst).toBeLessThan(1.1 * error[1]);
  expect(table.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * 2e-3).toBeGreaterThan(error[1]);
});

test('a table of an affine drift has 2 × 2 nodes and no error but rounding, also outside its box', async () => {
  const field = (out: Float64Array, x: number, y: number) => out.set([2 - x + 3 * y, 0.5 * x]);
  const { table, error } = await tabulate(field, [slow, fast], 1e-6);
  expect([table.x.nodes, table.y.nodes]).toEqual([2, 2]);
  const out = new Float64Array(2);
  interpolate(out, table, 9, -11);
  expect(out[0]).toBeCloseTo(2 - 9 - 33, 12);
  expect(Math.max(...error)).toBeLessThan(1e-13);
});

test('a table keeps the tolerance it was made for', async () => {
  const field = (out: Float64Array, x: number, y: number) => out.set([Math.cos(3 * y) + x, Math.sin(x) * y]);
  const { table, error } = await tabulate(field, [slow, fast], 1e-4);
  const [out, exact] = [new Float64Array(2), new Float64Array(2)];
  let worst = 0;
  for (let k = 0; k < 5000; k++) {
    const [x, y] = [-4 + ((k * 0.618034) % 8), -6 + ((k * 0.414214) % 12)];
    interpolate(out, table, x, y);
    field(exact, x, y);
    worst = Math.max(worst, Math.abs(out[0] - exact[0]) / 5, Math.abs(out[1] - exact[1]) / 6);
  }
  // The measured error of each axis is below the tolerance, so that of both is below twice the tolerance.
  expect(worst).toBeLessThan(2e-4);
  expect(Math.max(...error) / 6).toBeLessThan(2e-4);
});

/** E X_T of the linear problem and of a scheme on it: the noise drops out of the mean, so one path without it tells. */
const uncontrolled = { ...quadratic([1, 1]), terminalCost: formula('x', ['x']) };
const exactMean = (epsilon: number) =>
  linearGaussianValue(uncontrolled)?.({ tau: 1, epsilon, x: [1], y: [0] }) as number;

test('the mean under exact Ornstein–Uhlenbeck steps has order 2 uniformly in ε', async () => {
  const errorOf = async (epsilon: number, count: number) => {
    const { table } = await meanReversionTable(uncontrolled, { u: [1], kappa: 3, slow }, 1e-6);
    const step = { ...ornsteinUhlenbeckStep(3, epsilon, 1 / count), spread: 0, sumOfFirst: 0, sumOfSecond: 0 };
    const stepper = plainOrnsteinUhlenbeck(table, step, { initial: [1, 0], paths: 1, seed: 0, dt: 1 / count });
    await stepper.advance(count);
    return Math.abs(stepper.states()[0] - exactMean(epsilon));
  };
  // At one ε the errors of X and of the lag may cancel; the largest over ε = 1, …, 1e-8 is what the claim is about.
  const epsilons = Array.from({ length: 25 }, (_, k) => 10 ** (-k / 3));
  const largest: number[] = [];
  for (const count of [32, 64, 128]) {
    largest.push(Math.max(...(await Promise.all(epsilons.map((epsilon) => errorOf(epsilon, count))))));
  }
  for (const order of [largest[0] / largest[1], largest[1] / largest[2]].map(Math.log2)) {
    expect(order).toBeGreaterThan(1.9);
    expect(order).toBeLessThan(2.1);
  }
});

test('the mean under Heun steps has order 2 where they resolve ε', async () => {
  const system = { ...twoScaleSystem(uncontrolled, 0.1, () => [1]), noise: [0, 0] };
  const errors = await Promise.all(
    [200, 400].map(async (count) => {
      const stepper = plainHeun(system, { initial: [1, 0], paths: 1, seed: 0, dt: 1 / count });
      await stepper.advance(count);
      return Math.abs(stepper.states()[0] - exactMean(0.1));
    }),
  );
  const order = Math.log2(errors[0] / errors[1]);
  expect(order).toBeGreaterThan(1.8);
  expect(order).toBeLessThan(2.2);
});

const heun = 'the variance of the fast process under Heun steps has weak order 2: %i paths';
inLanes([1_000_000, 4_000_000], (paths) => paths === 1_000_000)(heun, async (paths) => {
  // dY = −Y dt + √2 dW from 0: Var Y_T = 1 − e^{−2T}; errors at dt = 1/2 and 1/4 by the recursion of variances:
  // .0766 and .0176, order 2.12; their standard errors √(2/N), 7e-4 for N = 4e6, add ±0.06.
  const { table } = await tabulate((out, _x, y) => out.set([0, -y]), [slow, fast], 1e-6);
  const errors: number[] = [];
  for (const dt of [0.5, 0.25]) {
    const ensemble = { initial: [0, 0], paths, seed: 3, dt };
    const steps = { kind: 'heun', table, choice: null, stepsPerWindow: 1000, noise: Math.sqrt(2 * dt) } as const;
    const stepper = await wasmPaths(steps, ensemble, oneThread);
    await stepper.advance(4 / dt);
    const states = stepper.states();
    let squares = 0;
    for (let k = 1; k < states.length; k += 2) squares += states[k] ** 2;
    errors.push(Math.abs(squares / ensemble.paths - (1 - Math.exp(-8))));
  }
  const order = Math.log2(errors[0] / errors[1]);
  expect(Math.abs(order - 2.12)).toBeLessThan(0.2);
});

test('a Gaussian step has the covariances of the Ornstein–Uhlenbeck process and its integral', () => {
  // Var ∫Y over a step from a fixed Y: (2ε/κ²)(dt − 2(ε/κ)(1−q) + (ε/2κ)(1−q²)).
  for (const [kappa, epsilon, dt] of [
    [3, 0.1, 0.01],
    [3, 1e-4, 0.01],
    [2, 1, 1e-3],
  ]) {
    const { spread, sumOfFirst, sumOfSecond } = ornsteinUhlenbeckStep(kappa, epsilon, dt);
    const z = (kappa * dt) / epsilon;
    const q = Math.exp(-z);
    expect(spread ** 2).toBeCloseTo((1 - q * q) / kappa, 12);
    expect(spread * sumOfFirst).toBeCloseTo((epsilon / kappa ** 2) * (1 - q) ** 2, 12);
    const exact =
      ((2 * epsilon) / kappa ** 2) * (dt - (2 * epsilon * (1 - q)) / kappa + (epsilon * (1 - q * q)) / (2 * kappa));
    // The right side cancels to z³/3 for small z.
    expect((sumOfFirst ** 2 + sumOfSecond ** 2) / exact).toBeCloseTo(1, z < 0.01 ? 4 : 9);
  }
});

test.each([
  [2, 12.7062],
  [3, 4.30265],
  [4, 3.18245],
  [5, 2.77645],
  [10, 2.26216],
  [30, 2.04523],
  [1000, 1.96234],
])('the 95 %% band of %d samples is Student’s', (count, factor) => {
  expect(Math.abs(studentFactor(count) / factor - 1)).toBeLessThan(2e-3);
});

test('one sample has no standard error', () => {
  expect(meanOf([3])).toEqual({ mean: 3, standardError: Infinity, lower: -Infinity, upper: Infinity });
});

test('a table of a drift that jumps does not refine for ever, and says its error', async () => {
  const field = (out: Float64Array, _x: number, y: number) => out.set([Math.sign(y - 0.3), -y]);
  const { table, error, scale } = await tabulate(field, [slow, fast], 1e-6);
  expect(error[0]).toBeGreaterThan(0.5 * scale[0]);
  expect(table.x.nodes * table.y.nodes).toBeLessThan(10_000);
});
