/** Two slow and two fast variables: f = |x|²/2, γ = 2, U = [0, 1] (reference.json, isotropic_2d). */
import { describe, expect, test } from 'vitest';
import { fastAxes, fastDomain, slowAxes } from '../../scenarios/grids.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Coordinates } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { inSpace, isotropic, reference, slowFast } from '../problems.ts';

const run = { kernel: await wasmKernel() };

const problem = isotropic();

function axes(slowNodes: number, fastNodes: number) {
  return {
    slow: ['x1', 'x2'].map((name) => uniformAxis(name, -2, 2, slowNodes)),
    fast: ['y1', 'y2'].map((name) => uniformAxis(name, -5, 5, fastNodes)),
  };
}

describe('the isotropic quadratic with n = m = 2', () => {
  const rows: { x1: number; x2: number; v: number }[] = reference.isotropic_2d.effective_value;

  test('the filtered effective value at 33² nodes of the boxes of the program is within 1e-3 of the reference', {
    tags: ['full'],
  }, async () => {
    const scenario = readScenario('isotropic-2d');
    const grid = { slow: slowAxes(scenario, [33]), fast: fastAxes(fastDomain(scenario), [33]) };
    const solution = await solveEffectiveHjb(problem, { ...grid, scheme: 'filtered' }, run);
    for (const { x1, x2, v } of rows) {
      // Measured 2.3e-4, 5.4e-4, 5.2e-4 and, on the plateau min f, 3.3e-5.
      expect(Math.abs(sample(solution, [x1, x2], [3, 3]) - v), `(${x1}, ${x2})`).toBeLessThan(1e-3);
    }
  });

  inLanes([33, 65], (finest) => finest === 33)('upwind errors halve with dx from 17 to %i nodes', async (finest) => {
    const errors = [];
    for (const nodes of [17, finest]) {
      const solution = await solveEffectiveHjb(problem, axes(nodes, 33), run);
      errors.push(Math.abs(sample(solution, [1, 0], [1, 1]) - rows[0].v));
    }
    const order = Math.log(errors[0] / errors[1]) / Math.log((finest - 1) / 16);
    expect(order).toBeGreaterThan(0.9); // measured 0.95
    expect(order).toBeLessThan(1.1);
  });

  test.each(['upwind', 'filtered', 'semi-lagrangian', 'local-lax-friedrichs'] as const)(
    'at ε → 0 the ε-problem equals the effective equation on the same grid and steps: %s',
    async (scheme) => {
      const value = await solveEpsilonHjb(problem, { ...axes(9, 13), scheme, epsilon: 1e-14 }, run);
      const limit = await solveEffectiveHjb(problem, { ...axes(9, 13), scheme, steps: value.steps }, run);
      const worst = value.values.reduce((most, v, k) => Math.max(most, Math.abs(v - limit.values[k % 81])), 0);
      // The fast variables are independent: line solves reach the projection in one sweep.
      expect(worst).toBeLessThan(1e-10); // measured below 1e-12
    },
  );
});

describe('policy iteration in several variables, of which one does nothing, is that without it', () => {
  const one = uniformAxis('x', -2, 2, 13);
  const y = uniformAxis('y', -4, 4, 11);
  const idle = uniformAxis('x2', -1, 1, 5);
  const moving = (x: Coordinates, y: Coordinates, u: Coordinates) => u[0] * (y[0] - x[0]);
  const controls = { kind: 'box', names: ['u'], lower: [0], upper: [1] } as const;
  const line = inSpace(1, { slow: [moving] });

  test('the ε-problem, n = 2, m = 1', async () => {
    const plane = { ...slowFast({ slow: [moving, () => 0], controls }), fast: line.fast };
    const options = { epsilon: 0.1, fast: [y], time: 'implicit', steps: 10 } as const;
    const alone = await solveEpsilonHjb(line, { ...options, slow: [one] }, run);
    const found = await solveEpsilonHjb(plane, { ...options, slow: [one, idle] }, run);
    expect(found.outcome.status).toBe('converged');
    const worst = found.values.reduce((most, v, k) => {
      const same = alone.values[(k % 13) + 13 * Math.floor(k / 65)];
      return Math.max(most, Math.abs(v - same));
    }, 0);
    expect(worst).toBeLessThan(1e-11);
  });

  test('the effective equation, n = 1, m = 2', async () => {
    const options = { slow: [one], time: 'implicit', steps: 10 } as const;
    const alone = await solveEffectiveHjb(line, { ...options, fast: [y] }, run);
    const second = uniformAxis('y2', -3, 3, 7);
    const found = await solveEffectiveHjb(inSpace(2, { slow: [moving] }), { ...options, fast: [y, second] }, run);
    expect(found.outcome.status).toBe('converged');
    const worst = found.values.reduce((most, v, k) => Math.max(most, Math.abs(v - alone.values[k])), 0);
    expect(worst).toBeLessThan(1e-11);
  });
});

test('steps of policy iteration are refused by name', async () => {
  await expect(solveEpsilonHjb(problem, { ...axes(5, 5), epsilon: 1, time: 'implicit' }, run)).rejects.toThrow(
    /with implicit steps is solved for m = 1/,
  );
});
