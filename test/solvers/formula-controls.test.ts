/** Solves on grids whose φ and ℓ are formulas that are not quadratic in the control. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { discreteEnclosure } from '../../solvers/verification/discrete-enclosure.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { coordinate, uniformAxis } from '../../src/grid/axis.ts';
import { allSchemes } from '../../src/time/schemes.ts';
import { slowFast } from '../problems.ts';

function controlled(drift: string, cost: string, controls = interval(-3, 3)) {
  const terminalCost = (x: ArrayLike<number>) => x[0] ** 2 / 2;
  return slowFast({ slow: [drift], potential: 'y^2/2', runningCost: cost, controls, terminalCost });
}

function interval(lower: number, upper: number) {
  return { kind: 'box', names: ['u'], lower: [lower], upper: [upper] } as const;
}

const fast = [uniformAxis('y', -5, 5, 41)];

/** min_z T·L((z − x)/T) + z²/2 (Hopf–Lax; Evans 2010, §3.3), T = 1, L convex, by ternary search in a convex function. */
function hopfLax(L: (u: number) => number, x: number): number {
  const at = (u: number) => L(u) + (x + u) ** 2 / 2;
  let [low, high] = [-3, 3];
  for (let k = 0; k < 200; k++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

describe('a convex cost has the value of Hopf and Lax in the limit', () => {
  test.each([
    ['u^4/4', (u: number) => u ** 4 / 4],
    ['cosh(u) - 1', (u: number) => Math.cosh(u) - 1],
    ['exp(u)', (u: number) => Math.exp(u)],
  ])('ℓ = %s', async (cost, L) => {
    const errors: number[] = [];
    for (const nodes of [41, 81]) {
      const slow = [uniformAxis('x', -2, 2, nodes)];
      const { values, controlsError } = await solveEffectiveHjb(controlled('u + y', cost), { slow, fast });
      expect(controlsError).toBe(0);
      const error = (s: number) => Math.abs(values[s] - hopfLax(L, coordinate(slow[0], s)));
      errors.push(Math.max(...[...values.keys()].slice(nodes / 4, (3 * nodes) / 4).map(error)));
    }
    // Upwind: order 1.
    expect(errors[1]).toBeLessThan(0.6 * errors[0]);
    expect(errors[1]).toBeLessThan(0.05);
  });
});

test('a minimum that is narrow in u is found at every node, where samples miss it', async () => {
  const problem = controlled('y', '-exp(-((u-0.41)/0.01)^2) + u^2/8', interval(-1, 1));
  const slow = [uniformAxis('x', -1, 1, 11)];
  const free = { ...problem, terminalCost: () => 0 };
  const { values, controlsError } = await solveEpsilonHjb(free, { slow, fast, epsilon: 0.1 });
  const { value, error } = minimumOver(free).leastAt([0], [0], [0]);
  expect(value).toBeLessThan(-0.9);
  expect(controlsError).toBeLessThan(1e-6);
  // A thousand roundings of values of size 1.
  for (const found of values) expect(Math.abs(found - value)).toBeLessThan(1e-13 + error);
});

describe.each(allSchemes.map(({ name }) => name))('%s', (scheme) => {
  test('has the value of a fine list of controls, and no more', async () => {
    const [drift, cost] = ['u + y', 'cosh(u) + sin(3*u) + x^2/4'];
    const problem = controlled(drift, cost, interval(-2, 2));
    const slow = [uniformAxis('x', -2, 2, 11)];
    // Below a cell a step for every control of U.
    const options = { slow, fast, epsilon: 0.1, scheme, steps: 30 };
    const kind = allSchemes.find(({ name }) => name === scheme)?.times.epsilon[0].steps.kind;
    if (kind === 'policy') {
      await expect(solveEpsilonHjb(problem, options)).rejects.toThrow(/implicit steps are not taught/);
      return;
    }
    const found = await solveEpsilonHjb(problem, options);
    const levels = Array.from({ length: 401 }, (_, k) => -2 + k / 100);
    const controls = { kind: 'values', names: ['u'], values: levels.map((u) => [u]) } as const;
    const listed = await solveEpsilonHjb({ ...problem, controls }, options);
    // h²/8 times the largest second derivative, 13, per time; round-off.
    const gap = 13 / 100 ** 2 / 8;
    found.values.forEach((value, k) => {
      expect(value).toBeLessThan(listed.values[k] + (found.monotone === 'never' ? gap : 1e-12));
      // The viscosity of central differences follows the controls that are used, of a list all.
      if (!scheme.includes('friedrichs')) expect(value).toBeGreaterThan(listed.values[k] - 2 * gap);
    });
  });
});

test('what the minimum leaves open widens the enclosure downwards', async () => {
  const problem = controlled('u', 'abs(u - 0.3) - 0.2*u^2', interval(-1, 1));
  const run = { slow: [uniformAxis('x', -2, 2, 11)], fast, epsilon: 0.1 };
  const solution = await solveEpsilonHjb(problem, run);
  const enclosure = discreteEnclosure(problem, { ...run, solution });
  expect(solution.controlsError).toBeGreaterThan(0);
  expect(enclosure?.below).toBeLessThan(-solution.controlsError);
  expect(enclosure?.above).toBeLessThan(1e-10);
});
