/** The ε-problem with a fast drift that has no potential: reference.json rotational_2d, and isotropic_2d beside it. */
import { describe, expect, test } from 'vitest';
import { fastAxes, fastDomain, slowAxes } from '../../scenarios/grids.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Interval, Problem } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { isotropic, reference, rotational } from '../problems.ts';

const run = { kernel: await wasmKernel() };

/** 5e-3 is asked on 33⁴ nodes, by a method of order 2. Those take up to a minute on an idle core. */
const within = (nodes: number) => 5e-3 * (32 / (nodes - 1)) ** 2;
const isSmall = ({ nodes }: { nodes: number }) => nodes < 33;

/** u = 1: the value is that of a Gaussian. */
function uncontrolled(problem: Problem): Problem {
  return { ...problem, controls: { kind: 'box', names: ['u'], lower: [1], upper: [1] } };
}

function axes(slowNodes: number, fastNodes: number) {
  return {
    slow: ['x1', 'x2'].map((name) => uniformAxis(name, -2.5, 2.5, slowNodes)),
    fast: ['y1', 'y2'].map((name) => uniformAxis(name, -3, 3, fastNodes)),
  };
}

/** Found once: over all corners it takes two seconds. */
const boxes = new Map<string, readonly Interval[]>();

/** The boxes of a scenario of the library, that in y as the program chooses it: 8 deviations. */
function ownAxes(name: string, nodes: number) {
  const scenario = readScenario(name);
  const box = boxes.get(name) ?? fastDomain(scenario);
  boxes.set(name, box);
  return { slow: slowAxes(scenario, [nodes]), fast: fastAxes(box, [nodes]) };
}

interface Row {
  readonly epsilon: number;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly V: number;
}

describe('rotational_2d on the boxes of the program', () => {
  const cases = [
    { nodes: 17, epsilon: 0.1 },
    { nodes: 33, epsilon: 0.1 },
  ];
  const rows: Row[] = reference.rotational_2d.value_uncontrolled;

  inLanes(cases, () => false)(
    'at ε = $epsilon the filtered value on $nodes⁴ nodes is that of the reference',
    async ({ nodes, epsilon }) => {
      const options = { ...ownAxes('rotational-2d', nodes), scheme: 'filtered', epsilon } as const;
      const solution = await solveEpsilonHjb(uncontrolled(rotational()), options, run);
      for (const { x1, x2, y1, y2, V } of rows.filter((row) => row.epsilon === epsilon)) {
        // Measured 1.5e-2, 1.6e-2; 3.6e-4, 3.6e-4; 3.5e-3, 3.8e-3; 3.9e-4, 4.3e-4.
        expect(Math.abs(sample(solution, [x1, x2, y1, y2], [3, 3, 3, 3]) - V)).toBeLessThan(within(nodes));
      }
    },
  );

  test('the limit on 33⁴ nodes is within 5e-3 of the reference', { tags: ['full'] }, async () => {
    const grid = ownAxes('rotational-2d', 33);
    const limit = await solveEffectiveHjb(uncontrolled(rotational()), { ...grid, scheme: 'filtered' }, run);
    for (const { x1, x2, v } of reference.rotational_2d.limit_uncontrolled) {
      expect(Math.abs(sample(limit, [x1, x2], [3, 3]) - v)).toBeLessThan(5e-3); // measured 7.2e-5, 1.1e-4
    }
  });
});

describe('isotropic_2d on the boxes of the program', () => {
  const cases = [
    // Errors at ε = 1 fall faster than with order 2 up to here.
    { nodes: 21, epsilon: 1 },
    ...[0.1, 0.01].map((epsilon) => ({ nodes: 17, epsilon })),
    ...[1, 0.1, 0.01].map((epsilon) => ({ nodes: 33, epsilon })),
  ];

  inLanes(cases, isSmall)(
    'at ε = $epsilon, u = 1, the filtered value on $nodes⁴ nodes is the exact one',
    async ({ nodes, epsilon }) => {
      const problem = uncontrolled(isotropic());
      const options = { ...ownAxes('isotropic-2d', nodes), scheme: 'filtered', epsilon } as const;
      const solution = await solveEpsilonHjb(problem, options, run);
      const exact = linearGaussianValue(problem) as NonNullable<ReturnType<typeof linearGaussianValue>>;
      for (const [x1, x2, y1, y2] of [
        [1, 0, 0, 0],
        [0.5, -0.8, 0.3, 0.2],
        [-0.3, 0.2, 0.1, -0.1],
      ]) {
        const V = exact({ tau: 1, epsilon, x: [x1, x2], y: [y1, y2] });
        // Measured at most 1.2e-2, 1.2e-2, 1.5e-3; 4.0e-3, 2.8e-3, 3.6e-4.
        expect(Math.abs(sample(solution, [x1, x2, y1, y2], [3, 3, 3, 3]) - V)).toBeLessThan(within(nodes));
      }
    },
  );
});

test.each(['upwind', 'filtered', 'semi-lagrangian', 'local-lax-friedrichs'] as const)(
  'at ε → 0 the ε-problem with unsplit solves equals the effective equation on the same grid and steps: %s',
  async (scheme) => {
    const value = await solveEpsilonHjb(rotational(), { ...axes(9, 13), scheme, epsilon: 1e-14 }, run);
    const limit = await solveEffectiveHjb(rotational(), { ...axes(9, 13), scheme, steps: value.steps }, run);
    const worst = value.values.reduce((most, v, k) => Math.max(most, Math.abs(v - limit.values[k % 81])), 0);
    expect(worst).toBeLessThan(1e-10); // measured 4e-14
  },
);
