/** What paths are worth: the error of their time step, drifts beyond the box, and what is refused. */
import { describe, expect, test } from 'vitest';
import type { PathControl } from '../../solvers/ensembles/path-control.ts';
import { costOf, meanCost, timeStepError } from '../../solvers/ensembles/path-costs.ts';
import { simulateSystem, simulateTwoScale } from '../../solvers/trajectories.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import type { Problem } from '../../src/model/problem.ts';
import { langevinSystem } from '../../src/paths/path-system.ts';
import { inLanes } from '../lanes.ts';
import { multiwell, quadratic, rotational } from '../problems.ts';

const box = { slow: { lower: -2.5, upper: 2.5 }, fast: { lower: -6, upper: 6 } };
const start = { ...box, epsilon: 0.1, x: [1], y: [0], paths: 2000, seed: 5 };
const held = { kind: 'constant', u: [1] } as const;

describe('the error of the time step is measured along the same Brownian paths', () => {
  const uncontrolled = quadratic([1, 1]);
  const exact = linearGaussianValue(uncontrolled)?.({ tau: 1, epsilon: 0.1, x: [1], y: [0] }) as number;

  test.each([
    // Measured 1.02, the strong order of Heun for additive noise, and 2.02. Independent noise would have order 0.
    ['heun', 1],
    ['ornstein-uhlenbeck', 2],
  ] as const)('%s: what chance leaves of it falls with order %d', async (method, order) => {
    const chance = async (steps: number) => {
      const options = { ...start, control: held, method, steps } as const;
      const ensemble = await simulateTwoScale(uncontrolled, options);
      return (await timeStepError(uncontrolled, options, { ensemble, g: costOf(uncontrolled) }))?.standardError ?? 0;
    };
    const observed = Math.log((await chance(100)) / (await chance(400))) / Math.log(4);
    expect(Math.abs(observed - order)).toBeLessThan(0.1);
  });

  test('of Heun it is the distance of the mean from the exact value, as far as chance lets see', async () => {
    const options = { ...start, control: held, method: 'heun', steps: 40, paths: 400_000 } as const;
    const ensemble = await simulateTwoScale(uncontrolled, options);
    const error = await timeStepError(uncontrolled, options, { ensemble, g: costOf(uncontrolled) });
    const { mean, standardError } = meanCost(uncontrolled, ensemble);
    // dt = 0.75 ε/κ: measured −3.5e-4 ± 1.7e-4 from the exact value, and −4.5e-5 ± 5.7e-5 along the same noise.
    const bias = error as NonNullable<typeof error>;
    expect(Math.abs(mean - exact)).toBeLessThan(3 * standardError + 3 * bias.standardError + 1.5 * Math.abs(bias.mean));
  });

  inLanes([0.503, 0.507, 0.511], (at) => at === 0.507)(
    'of an open loop that jumps at %f, inside a step, all of the change counts',
    async (at) => {
      const problem = quadratic();
      const control: PathControl = { kind: 'open-loop', at: (t) => [t < at ? 1 : 0] };
      const options = { ...start, control, method: 'heun', paths: 400_000, steps: 100 } as const;
      const ensemble = await simulateTwoScale(problem, options);
      const error = await timeStepError(problem, options, { ensemble, g: costOf(problem) });
      const { mean, standardError } = meanCost(problem, ensemble);
      // X stands still from then on.
      const exact = linearGaussianValue(uncontrolled)?.({ tau: at, epsilon: 0.1, x: [1], y: [0] }) as number;
      const bound = Math.abs(error?.mean ?? 0) + 2 * (error?.standardError ?? 0);
      expect(Math.abs(mean - exact)).toBeLessThan(bound + 3 * standardError);
    },
  );

  test('in the plane', async () => {
    const problem: Problem = { ...rotational(), controls: { kind: 'values', names: ['u'], values: [[1]] } };
    const side = { lower: -3, upper: 3 };
    const options = { epsilon: 0.1, x: [1, 0.4], y: [0, 0], paths: 500, seed: 1, control: held, slow: [side, side] };
    const plane = { ...options, fast: [side, side] };
    const ensemble = await simulateTwoScale(problem, plane);
    const error = await timeStepError(problem, plane, { ensemble, g: costOf(problem) });
    // 1.0e-5 is the bias of the default step by the moment equations of the scheme.
    expect(Math.abs(error?.mean ?? 1)).toBeLessThan(1e-4);
  });
});

test('tables of drifts grow with the paths that leave the box', async () => {
  // X runs to 3.4 times the half-width of the box on which its quadratic drift was tabulated first.
  const problem: Problem = {
    ...quadratic([1, 1]),
    horizon: 0.8,
    slowDrift: [(x, y) => x[0] * x[0] + 0.1 * y[0]],
    fast: { kind: 'drift', drift: [(x, y) => x[0] - 2 * y[0]] },
    terminalCost: (x) => x[0],
  };
  const options = {
    ...start,
    method: 'heun',
    control: held,
    slow: { lower: -1.5, upper: 1.5 },
    fast: { lower: -4, upper: 4 },
  } as const;
  const tables = await simulateTwoScale(problem, options);
  const formulas = await simulateTwoScale(problem, { ...options, drift: 'formulas' });
  expect(tables.backend).toBe('wasm');
  expect(tables.outside).toBeGreaterThan(0.4);
  // The table is within 1e-6 of the largest drift, about 30; the flow magnifies errors tenfold.
  expect(Math.abs(meanCost(problem, tables).mean - meanCost(problem, formulas).mean)).toBeLessThan(3e-4);
});

describe('what makes no ensemble is refused', () => {
  const run = (change: object) => simulateTwoScale(multiwell(), { ...start, control: held, ...change });
  test.each([
    ['no steps', { steps: 0 }, /0 time steps/],
    ['negative steps', { steps: -5 }, /-5 time steps/],
    ['records that are no number', { records: Number.NaN }, /NaN records/],
    ['no records', { records: 0 }, /0 records/],
    ['a control outside U', { control: { kind: 'constant', u: [7] } }, /7 is not admissible/],
    [
      'an open loop that leaves U',
      { control: { kind: 'open-loop', at: (t: number) => [8 * t] } },
      /1\.03125 at t = 0\.12890625 is not/,
    ],
    ['a control without components', { control: { kind: 'constant', u: [] } }, /is not admissible/],
    ['more steps than days have room for', { steps: 1e12 }, /1\.00e\+12 steps/],
  ])('%s', async (_name, change, message) => {
    await expect(run(change)).rejects.toThrow(message);
  });

  test('steps of a system that are no number', async () => {
    const system = langevinSystem(multiwell(), [0]);
    const options = { initial: [0], horizon: 1, steps: Number.NaN };
    await expect(simulateSystem(system, options)).rejects.toThrow(/NaN time steps/);
  });
});
