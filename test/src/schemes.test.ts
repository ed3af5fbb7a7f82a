/** What the list of schemes claims besides orders: the limit ε → 0, accuracy of the filtered scheme. */
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import type { Problem } from '../../src/model/problem.ts';
import { allMethods, allSchemes, knownPairs, methodOf } from '../../src/time/schemes.ts';
import { undershootOf } from '../../src/time/value-floor.ts';
import { supremumDifference, supremumError } from '../../src/verification/norms.ts';
import { multiwell, quadratic, reference, slowFast } from '../problems.ts';

const kernel = await wasmKernel();
const run = { kernel };
const K = { lower: [-1.5, -1], upper: [1.5, 1] };

function axes(problem: Problem, half: number, nx: number, ny: number) {
  const { lower, upper } = fastBox(problem, { lower: -half, upper: half });
  return { slow: [uniformAxis('x', -half, half, nx)], fast: [uniformAxis('y', lower, upper, ny)] };
}

/** Some control always points inward, as monotonicity at the ends of the x-box needs. */
const costly = slowFast({
  potential: 'y^2/2',
  slow: [(_x, y, u) => u[0] + Math.sin(y[0]) / 2],
  runningCost: (x, _y, u) => u[0] / 4 + x[0] ** 2,
  terminalCost: (x) => Math.abs(x[0]),
});

const problems = [
  ['quadratic', quadratic()],
  ['multiwell', multiwell()],
  ['with running cost and a kink', costly],
] as const;

describe('asymptotic preservation: at ε → 0 the ε-problem equals the effective equation on the same grid and steps', () => {
  const claiming = allMethods('epsilon').filter(
    ({ scheme, time }) => scheme.asymptoticPreserving && time.asymptoticPreserving,
  );
  const cases = claiming.flatMap((method) =>
    problems.map(([name, problem]) => ({
      name: `${method.scheme.name} with ${method.time.name}, ${name}`,
      ...method,
      problem,
    })),
  );
  test.each(cases)('$name', async ({ scheme, time, problem }) => {
    const grid = { ...axes(problem, 2.5, 61, 41), scheme: scheme.name, time: time.name };
    for (const epsilon of [1e-14, 1e-200]) {
      const value = await solveEpsilonHjb(problem, { epsilon, ...grid }, run);
      const limit = await solveEffectiveHjb(problem, { ...grid, steps: value.steps }, run);
      const worst = value.values.reduce((w, v, k) => Math.max(w, Math.abs(v - limit.values[k % 61])), 0);
      expect(worst).toBeLessThan(1e-10); // measured below 2e-13
      const same = await solveEffectiveHjb(problem, { ...grid, stepBound: 'pointwise' }, run);
      expect(same.steps).toBe(value.steps);
    }
  });
});

describe('the filtered scheme at 201 × 101 nodes', () => {
  test('is within 5e-4 of the limit on K at ε = 1e-8 and passes where V is smooth', async () => {
    const problem = withKnownSolutions(quadratic(), [{ lower: -2.5, upper: 2.5 }]);
    const grid = axes(problem, 2.5, 201, 101);
    const solution = await solveEpsilonHjb(problem, { epsilon: 1e-8, ...grid, scheme: 'filtered' }, run);
    // measured 2.0e-4; upwind on the same grid: 6.2e-3
    expect(supremumError(solution, K, ([x]) => problem.exact!.limit!(1, [x]))).toBeLessThan(5e-4);
    expect(solution.filter!.smoothFraction).toBeLessThan(0.05); // measured 0
  });

  test('is within 5e-4 of the reference values of the controlled quadratic', async () => {
    const problem = quadratic();
    const grid = axes(problem, 2.5, 201, 101);
    const rows: { epsilon: number; x: number; y: number; V: number }[] = reference.quadratic_controlled.value;
    for (const epsilon of new Set(rows.map((row) => row.epsilon))) {
      const solution = await solveEpsilonHjb(problem, { epsilon, ...grid, scheme: 'filtered' }, run);
      for (const { x, y, V } of rows.filter((row) => row.epsilon === epsilon)) {
        expect(Math.abs(sample(solution, [x, y], [3, 3]) - V), `ε = ${epsilon}, (${x}, ${y})`).toBeLessThan(5e-4);
      }
      expect(solution.filter!.smoothFraction).toBeLessThan(0.05);
    }
  });

  test('never leaves [min f, ∞), as WENO does at the edge of the plateau min f', async () => {
    const grid = axes(quadratic(), 2.5, 101, 51);
    for (const epsilon of [1, 0.01, 1e-8]) {
      const options = { epsilon, ...grid };
      const filtered = await solveEpsilonHjb(quadratic(), { ...options, scheme: 'filtered' }, run);
      expect(undershootOf(filtered.values, filtered.floor)).toBe(0);
      const weno = await solveEpsilonHjb(quadratic(), { ...options, scheme: 'weno' }, run);
      expect(undershootOf(weno.values, weno.floor)).toBeGreaterThan(1e-4); // measured 1.9e-4, 5.2e-4, 5.5e-4
    }
  });

  test('never leaves [min f, ∞) in the plane, on ripples that the grid does not resolve', {
    tags: ['full'],
  }, async () => {
    const { problem: rastrigin } = readScenario('rastrigin-2d');
    const side = (name: string, reach: number, nodes: number) => uniformAxis(name, -reach, reach, nodes);
    const slow = ['x1', 'x2'].map((name) => side(name, 2.6, 14));
    const fast = ['y1', 'y2'].map((name) => side(name, 5, 13));
    const options = { slow, fast, scheme: 'filtered' } as const;
    const solution = await solveEffectiveHjb(rastrigin, options, run);
    expect(undershootOf(solution.values, solution.floor)).toBe(0);
    expect(solution.floor).toBeCloseTo(-0.267, 3);
    expect(solution.filter!.fraction).toBeGreaterThan(0.01); // measured
    const weno = await solveEffectiveHjb(rastrigin, { ...options, scheme: 'weno' }, run);
    expect(undershootOf(weno.values, weno.floor)).toBeGreaterThan(0.01); // measured
  });

  test('with a constant too small falls back everywhere and says so', async () => {
    const problem = quadratic();
    const grid = axes(problem, 2.5, 51, 41);
    const options = { epsilon: 0.1, ...grid, filterConstant: 0 };
    const filtered = await solveEpsilonHjb(problem, { ...options, scheme: 'filtered' }, run);
    const upwind = await solveEpsilonHjb(problem, { ...options, steps: filtered.steps }, run);
    expect(filtered.filter!.smoothFraction).toBeGreaterThan(0.5);
    expect(supremumDifference(filtered, upwind, K)).toBeLessThan(1e-12);
  });
});

describe('methods', () => {
  test('what does not exist is refused with the pairs that do', async () => {
    const problem = quadratic();
    const grid = axes(problem, 2.5, 11, 11);
    const refused = (options: object) => solveEpsilonHjb(problem, { epsilon: 1, ...grid, ...options }, run);
    await expect(refused({ scheme: 'weno', time: 'imex' })).rejects.toThrow(
      /weno with imex.*upwind with imex, implicit, explicit/,
    );
    await expect(refused({ scheme: 'weno', time: 'ssprk3' })).rejects.toThrow(/steps the effective equation only/);
    expect(() => methodOf('effective', { time: 'explicit' })).toThrow(/steps the ε-problem only/);
  });

  test('names are unique, and every scheme solves both equations', () => {
    expect(new Set(allSchemes.map(({ name }) => name)).size).toBe(allSchemes.length);
    for (const { times } of allSchemes) for (const list of Object.values(times)) expect(list.length).toBeGreaterThan(0);
    expect(knownPairs('epsilon')).toContain('semi-lagrangian with imex');
  });

  test('a solution carries its method, claims and memory', async () => {
    const problem = quadratic();
    const grid = axes(problem, 2.5, 11, 11);
    const solution = await solveEffectiveHjb(problem, { ...grid, scheme: 'weno', time: 'ssprk3' }, run);
    expect(solution).toMatchObject({ scheme: 'weno', time: 'ssprk3', monotone: 'never', filter: null });
    expect(solution.order).toEqual({ dx: 3, dt: 3, together: 3 });
    expect(solution.bytes).toBeGreaterThan(0);
  });
});
