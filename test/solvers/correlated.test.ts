/** Two fast variables with a potential that are not independent: lines with sub-sweeps, and the plane unsplit. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { type EpsilonHjbOptions, solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import { correlated, inSpace, withoutPotential } from '../problems.ts';

const run = { kernel: await wasmKernel() };

function axes(n: 1 | 2, slowNodes: number, fastNodes: number) {
  const slowNames = n === 1 ? ['x'] : ['x1', 'x2'];
  return {
    slow: slowNames.map((name) => uniformAxis(name, -2, 2, slowNodes)),
    fast: ['y1', 'y2'].map((name) => uniformAxis(name, -6, 6, fastNodes)),
  };
}

/** sup|Vᵉ − v| at ε = 1e-14 on the same grid with the same steps. */
async function distanceFromLimit(problem: Problem, options: Omit<EpsilonHjbOptions, 'epsilon'>) {
  const value = await solveEpsilonHjb(problem, { ...options, epsilon: 1e-14 }, run);
  const { slow, fast, scheme } = options;
  const limit = await solveEffectiveHjb(problem, { slow, fast, scheme, steps: value.steps }, run);
  const lanes = limit.values.length;
  const worst = value.values.reduce((most, v, k) => Math.max(most, Math.abs(v - limit.values[k % lanes])), 0);
  return { worst, ...value };
}

describe('at ε → 0 on the same grid and steps', () => {
  test.each(['upwind', 'filtered', 'semi-lagrangian'] as const)(
    'unsplit solves of a correlated potential give the effective equation: %s',
    async (scheme) => {
      const options = { ...axes(2, 7, 13), scheme, fastSolve: 'planes' } as const;
      const { worst, fastSolve } = await distanceFromLimit(correlated(2, 0.7), options);
      expect(fastSolve).toEqual({ kind: 'planes' });
      expect(worst).toBeLessThan(1e-10); // measured below 1e-13
    },
  );

  test('line solves differ from it by O(dt·cˢ), which halves with dt', async () => {
    const options = { ...axes(1, 17, 25), fastSolve: 'lines' } as const;
    const first = await distanceFromLimit(correlated(1, 0.7), { ...options, steps: 40 });
    const second = await distanceFromLimit(correlated(1, 0.7), { ...options, steps: 80 });
    expect(first.fastSolve).toEqual({ kind: 'lines', subSweeps: 4 });
    // What a step adds, at most dt·max|φ·Dv| = dt·16·2, contracts by 0.7⁸ = 0.058. Measured 6.2e-3, far out in y.
    expect(first.worst).toBeGreaterThan(1e-4);
    expect(first.worst).toBeLessThan((0.058 * 32) / 40);
    expect(first.worst / second.worst).toBeGreaterThan(1.8);
    expect(first.worst / second.worst).toBeLessThan(2.2);
  });

  test('strongly correlated variables are solved unsplit, so that the limit is exact at every x', async () => {
    const { worst, fastSolve } = await distanceFromLimit(correlated(1, 0.95), axes(1, 17, 25));
    expect(fastSolve).toEqual({ kind: 'planes' });
    expect(worst).toBeLessThan(1e-10);
  });
});

test('the effective equation is solved where line solves would be refused', async () => {
  const nearly = correlated(1, 0.99);
  const limit = await solveEffectiveHjb(nearly, axes(1, 9, 25), run);
  expect(limit.outcome).toEqual({ status: 'converged' });
  expect(limit.fastSolve).toBeNull();
  const lines = solveEpsilonHjb(nearly, { ...axes(1, 9, 25), epsilon: 1, fastSolve: 'lines' }, run);
  await expect(lines).rejects.toThrow(/more than 64 sub-sweeps/);
});

test('without a potential lines are refused by name, and planes for one fast variable', async () => {
  const drifting = withoutPotential(correlated(1, 0.5));
  const lines = solveEpsilonHjb(drifting, { ...axes(1, 9, 9), epsilon: 1, fastSolve: 'lines' }, run);
  await expect(lines).rejects.toThrow(/has no potential/);
  const { slow, fast } = axes(1, 9, 9);
  const planes = solveEpsilonHjb(inSpace(1), { slow, fast: [fast[0]], epsilon: 1, fastSolve: 'planes' }, run);
  await expect(planes).rejects.toThrow(/for two fast variables, and there are 1/);
});

describe('the factors of unsplit solves, where the kernel has 4 MiB', () => {
  const small = async () => ({ kernel: await wasmKernel({ availableBytes: 4 * 2 ** 20 }) });
  const grid = { ...axes(1, 33, 33), epsilon: 1, steps: 1 };
  /** How often b is evaluated in a solve. */
  const counted = (b: (x: Coordinates, y: Coordinates) => number) => {
    const count = { evaluations: 0 };
    const drift = (a: number) => (x: Coordinates, y: Coordinates) => {
      count.evaluations++;
      return b(x, y) - y[a];
    };
    return { count, problem: { ...inSpace(2, { drift: [drift(0), drift(1)], slow: [() => 0] }) } };
  };

  test('are refused before the rates are computed, with the nodes that fit', async () => {
    const { count, problem } = counted((x) => x[0]);
    await expect(solveEpsilonHjb(problem, grid, await small())).rejects.toThrow(
      // 8 (33·23³ + 7·33·23²) bytes are below 4 MiB, those for 24 nodes above.
      /need 0.01 GiB on these nodes.*at most 23 nodes per fast axis/,
    );
    // Whether it has a moving frame is looked at, at a few points; the rates take 33² evaluations an axis and more.
    expect(count.evaluations).toBeLessThan(50);
  });

  test('are one set for all x, and fit, where b does not depend on x', async () => {
    const { problem } = counted(() => 0);
    expect((await solveEpsilonHjb(problem, grid, await small())).outcome).toEqual({ status: 'converged' });
  });
});

describe('orders in dt at ε = 1 with u = 1', () => {
  const problem = correlated(1, 0.6, [1, 1]);
  const exact = linearGaussianValue(problem) as NonNullable<ReturnType<typeof linearGaussianValue>>;

  /** Vᵉ(1; 0.5, 1, −1) by WENO: f is quadratic and φ linear, so that its differences are exact away from the ends. */
  async function errorsOf(fastSolve: 'lines' | 'planes') {
    const wide = { slow: [uniformAxis('x', -6, 6, 25)], fast: axes(1, 9, 41).fast };
    const options = { ...wide, epsilon: 1, scheme: 'weno', fastSolve } as const;
    const found = [];
    for (const steps of [40, 80, 160]) {
      const solution = await solveEpsilonHjb(problem, { ...options, steps }, run);
      found.push({ order: solution.order.dt, value: sample(solution, [0.5, 1, -1], [3, 3, 3]) });
    }
    // Differences of successive values are free of the errors in dx and dy.
    const [coarse, middle, fine] = found.map(({ value }) => value);
    return { claimed: found[0].order, order: Math.log2((coarse - middle) / (middle - fine)), fine };
  }

  test('ars222 has the order 2 it claims in the plane', { tags: ['full'] }, async () => {
    const { claimed, order, fine } = await errorsOf('planes');
    expect(claimed).toBe(2);
    expect(Math.abs(order - 2)).toBeLessThan(0.1);
    expect(Math.abs(fine - exact({ tau: 1, epsilon: 1, x: [0.5], y: [1, -1] }))).toBeLessThan(2e-3);
  });

  test('ars222 claims order 1 by lines, and has little more', async () => {
    const { claimed, order } = await errorsOf('lines');
    expect(claimed).toBe(1);
    expect(order).toBeGreaterThan(0.95);
    expect(order).toBeLessThan(1.5);
  });
});
