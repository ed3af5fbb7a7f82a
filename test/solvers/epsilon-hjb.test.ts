import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import type { Problem } from '../../src/model/problem.ts';
import { supremumDifference } from '../../src/verification/norms.ts';
import { observedOrders, richardson } from '../../src/verification/order.ts';
import { expectOrder } from '../expect-order.ts';
import { multiwell, quadratic, reference } from '../problems.ts';

const DEGREE = [1, 3];

function axes(problem: Problem, half: number, nx: number, ny: number) {
  const { lower, upper } = fastBox(problem, { lower: -half, upper: half });
  return { slow: [uniformAxis('x', -half, half, nx)], fast: [uniformAxis('y', lower, upper, ny)] };
}

interface ValueRow {
  epsilon: number;
  x: number;
  y: number;
  V: number;
}

/** Largest error over the reference rows of Richardson extrapolation in x, and whether the bound covers every row. */
async function compare(
  problem: Problem,
  half: number,
  rows: readonly ValueRow[],
  ny: number,
  levels = [101, 201, 401],
) {
  let extrapolatedError = 0;
  let uncovered = 0;
  for (const epsilon of new Set(rows.map((row) => row.epsilon))) {
    const solutions = await Promise.all(
      levels.map((nx) => solveEpsilonHjb(problem, { epsilon, ...axes(problem, half, nx, ny) })),
    );
    for (const { x, y, V } of rows.filter((row) => row.epsilon === epsilon)) {
      const found = solutions.map((solution) => sample(solution, [x, y], DEGREE));
      const { value, error } = richardson(found, { ratio: 2, order: 1 });
      extrapolatedError = Math.max(extrapolatedError, Math.abs(value - V));
      if (Math.abs(found[found.length - 1] - V) > error) uncovered++;
    }
  }
  return { extrapolatedError, uncovered };
}

describe('reference values', () => {
  test('quadratic, controlled: Richardson over two grids within 2e-4, plain values within the error estimate', async () => {
    const { extrapolatedError, uncovered } = await compare(quadratic(), 2.5, reference.quadratic_controlled.value, 201);
    expect(extrapolatedError).toBeLessThan(2e-4);
    expect(uncovered).toBe(0);
  });

  test('quadratic, uncontrolled: Richardson over two grids within 2e-4, plain values within the error estimate', async () => {
    const rows = reference.quadratic_uncontrolled.value;
    const { extrapolatedError, uncovered } = await compare(quadratic([1, 1]), 4, rows, 201, [161, 321, 641]);
    expect(extrapolatedError).toBeLessThan(2e-4);
    expect(uncovered).toBe(0);
  });

  test.each([
    ['quadratic', quadratic(), 2.5],
    ['multiwell', multiwell(), 3.2],
  ] as const)('%s, effective value: Richardson over two grids within 2e-4', async (name, problem, half) => {
    const solutions = await Promise.all(
      [321, 641, 1281].map((nx) => solveEffectiveHjb(problem, axes(problem, half, nx, 201))),
    );
    for (const { x, v } of reference[name].effective_value) {
      const found = solutions.map((solution) => sample(solution, [x], [1]));
      const { value, error } = richardson(found, { ratio: 2, order: 1 });
      expect(Math.abs(value - v), `x = ${x}`).toBeLessThan(2e-4);
      expect(Math.abs(found[2] - v), `x = ${x}`).toBeLessThan(error + 1e-12);
    }
  });

  test('exact forms: linear-Gaussian values and reachable intervals equal the reference to 1e-10', () => {
    const uncontrolled = withKnownSolutions(quadratic([1, 1]), [{ lower: -2.5, upper: 2.5 }]);
    for (const { epsilon, x, y, V } of reference.quadratic_uncontrolled.value) {
      expect(Math.abs(uncontrolled.exact!.value!({ tau: 1, epsilon, x: [x], y: [y] }) - V)).toBeLessThan(1e-10);
    }
    for (const { x, v } of reference.quadratic_uncontrolled.limit) {
      expect(Math.abs(uncontrolled.exact!.limit!(1, [x]) - v)).toBeLessThan(1e-10);
    }
    for (const [name, problem] of [
      ['quadratic', quadratic()],
      ['multiwell', multiwell()],
    ] as const) {
      const known = withKnownSolutions(problem, [{ lower: -2.5, upper: 2.5 }]);
      for (const { x, v } of reference[name].effective_value) {
        expect(Math.abs(known.exact!.limit!(problem.horizon, [x]) - v)).toBeLessThan(1e-10);
      }
    }
  });
});

describe('asymptotic preservation', () => {
  test.each([
    ['quadratic', quadratic()],
    ['multiwell', multiwell()],
  ] as const)(
    '%s: at ε = 1e-14 the ε-solver equals the effective solver on the same grid and steps',
    async (_n, problem) => {
      const grid = axes(problem, 2.5, 101, 61);
      for (const epsilon of [1e-14, 1e-200]) {
        const value = await solveEpsilonHjb(problem, { epsilon, ...grid });
        const limit = await solveEffectiveHjb(problem, { ...grid, steps: value.steps });
        const worst = value.values.reduce((w, v, k) => Math.max(w, Math.abs(v - limit.values[k % 101])), 0);
        expect(worst).toBeLessThan(1e-10); // measured 1e-13 at 1e-14, 4e-15 at 1e-200
      }
    },
  );

  test('neither the number of steps nor the work per step depends on ε', async () => {
    const grid = axes(quadratic(), 2.5, 101, 61);
    const steps = await Promise.all(
      [1, 1e-4, 1e-8].map(async (epsilon) => (await solveEpsilonHjb(quadratic(), { epsilon, ...grid })).steps),
    );
    expect(new Set(steps).size).toBe(1);
  });

  test('the same-grid difference falls with order 1 in ε for ε ≤ 0.1', async () => {
    const grid = axes(quadratic(), 2.5, 101, 61);
    const limit = await solveEffectiveHjb(quadratic(), { ...grid, stepBound: 'pointwise' });
    const box = { lower: [-1.5, -1], upper: [1.5, 1] };
    const epsilons = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
    const errors = await Promise.all(
      epsilons.map(async (epsilon) => {
        const value = await solveEpsilonHjb(quadratic(), { epsilon, ...grid });
        const broadcast = { ...value, values: value.values.map((_, k) => limit.values[k % 101]) };
        return supremumDifference(value, broadcast, box);
      }),
    );
    expectOrder(errors, epsilons, { expected: 1, within: 0.05 });
    // The first decade is the least asymptotic one.
    expect(observedOrders(epsilons, errors)[1]).toBeGreaterThan(0.95);
  });

  test('the explicit-in-y baseline agrees with IMEX and needs 1/ε times the steps', async () => {
    const grid = axes(quadratic(), 2.5, 51, 41);
    const runs = await Promise.all(
      [1e-1, 1e-2, 1e-3].map((epsilon) => solveEpsilonHjb(quadratic(), { epsilon, ...grid, time: 'explicit' })),
    );
    const ratios = runs.slice(1).map((run, k) => run.steps / runs[k].steps);
    for (const ratio of ratios) expect(ratio).toBeGreaterThan(7);
    const imex = await solveEpsilonHjb(quadratic(), { epsilon: 1e-2, ...grid, steps: runs[1].steps });
    const box = { lower: [-1.5, -1], upper: [1.5, 1] };
    expect(supremumDifference(imex, runs[1], box)).toBeLessThan(1e-3); // dt = 2e-4 apart in time order 1
  });
});

describe('orders', () => {
  test('upwind errors fall with order 1 in dx, against the exact limit', { tags: ['full'] }, async () => {
    const problem = withKnownSolutions(quadratic(), [{ lower: -2.5, upper: 2.5 }]);
    const nodes = [101, 201, 401, 801];
    const errors = await Promise.all(
      nodes.map(async (nx) => {
        const solution = await solveEffectiveHjb(problem, axes(problem, 2.5, nx, 201));
        return Math.abs(sample(solution, [1.5], [1]) - problem.exact!.limit!(1, [1.5]));
      }),
    );
    expectOrder(
      errors,
      nodes.map((nx) => 1 / (nx - 1)),
      { expected: 1, within: 0.1 },
    );
  });

  test('upwind errors fall with order 1 in dx, against the exact Vᵉ', { tags: ['full'] }, async () => {
    const problem = withKnownSolutions(quadratic([1, 1]), [{ lower: -4, upper: 4 }]);
    const nodes = [81, 161, 321];
    for (const epsilon of [1, 0.01]) {
      const errors = await Promise.all(
        nodes.map(async (nx) => {
          const solution = await solveEpsilonHjb(problem, { epsilon, ...axes(problem, 4, nx, 161) });
          const exact = problem.exact!.value!({ tau: 1, epsilon, x: [1], y: [0] });
          return Math.abs(sample(solution, [1, 0], DEGREE) - exact);
        }),
      );
      expectOrder(
        errors,
        nodes.map((nx) => 1 / (nx - 1)),
        { expected: 1, within: 0.1 },
      );
    }
  });

  test('Scharfetter-Gummel differences fall with order 2 in dy on a fixed x-grid', async () => {
    const problem = quadratic([1, 1]);
    const nodes = [41, 81, 161, 321];
    const solutions = await Promise.all(
      nodes.map((ny) => solveEpsilonHjb(problem, { epsilon: 0.1, ...axes(problem, 2.5, 51, ny) })),
    );
    const box = { lower: [-1.5, -1], upper: [1.5, 1] };
    const changes = solutions.slice(1).map((fine, k) => supremumDifference(solutions[k], fine, box));
    expectOrder(
      changes,
      nodes.slice(0, -1).map((ny) => 1 / (ny - 1)),
      { expected: 2, within: 0.1 },
    );
  });

  test('IMEX Euler differences fall with order 1 in dt on a fixed grid', async () => {
    const grid = axes(quadratic(), 2.5, 51, 41);
    const steps = [200, 400, 800, 1600];
    const solutions = await Promise.all(
      steps.map((count) => solveEpsilonHjb(quadratic(), { epsilon: 0.1, ...grid, steps: count })),
    );
    const box = { lower: [-1.5, -1], upper: [1.5, 1] };
    const changes = solutions.slice(1).map((fine, k) => supremumDifference(solutions[k], fine, box));
    expectOrder(
      changes,
      steps.slice(0, -1).map((count) => 1 / count),
      { expected: 1, within: 0.1 },
    );
  });
});

describe('outcomes', () => {
  test('too few steps diverge with node, step and advice, not with NaN in the answer', async () => {
    const problem = quadratic();
    const solution = await solveEpsilonHjb(problem, {
      epsilon: 1e-3,
      ...axes(problem, 2.5, 101, 61),
      time: 'explicit',
      steps: 400,
    });
    expect(solution.outcome).toMatchObject({ status: 'diverged', advice: expect.stringContaining('monotone bound') });
    if (solution.outcome.status === 'diverged') expect(solution.outcome.node).toHaveLength(2);
  });

  test('an aborted solve says cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const run = { signal: controller.signal };
    const solution = await solveEpsilonHjb(quadratic(), { epsilon: 1, ...axes(quadratic(), 2.5, 101, 61) }, run);
    expect(solution.outcome.status).toBe('cancelled');
  });

  test('the same input gives the same bytes', async () => {
    const options = { epsilon: 0.1, ...axes(quadratic(), 2.5, 51, 41) };
    const [first, second] = [await solveEpsilonHjb(quadratic(), options), await solveEpsilonHjb(quadratic(), options)];
    expect(Buffer.from(first.values.buffer).equals(Buffer.from(second.values.buffer))).toBe(true);
  });
});
