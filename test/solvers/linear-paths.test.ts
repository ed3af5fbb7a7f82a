/** Exact Ornstein–Uhlenbeck steps in several variables: linear-Gaussian values at any ε, with steps that ε does not bound. */
import { describe, expect, test } from 'vitest';
import { costOf, meanCost, timeStepError } from '../../solvers/ensembles/path-costs.ts';
import { simulateTwoScale } from '../../solvers/trajectories.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import type { Problem } from '../../src/model/problem.ts';
import { linearFastDrift } from '../../src/paths/linear-drift.ts';
import { inSpace, isotropic, multiwell, rotational } from '../problems.ts';

const side = { lower: -3, upper: 3 };
const start = { x: [1, 0.4], y: [0.2, -0.3], slow: [side, side], fast: [side, side], seed: 4 };
const held = { kind: 'constant', u: [1] } as const;
const exactSteps = { ...start, control: held, method: 'ornstein-uhlenbeck' } as const;

function uncontrolled(problem: Problem): Problem {
  return { ...problem, controls: { kind: 'values', names: ['u'], values: [[1]] } };
}

describe('E f(X_T) is the exact one within 3 standard errors, with 40 steps at every ε', () => {
  test.each([
    ['rotational', 1, rotational()],
    ['rotational', 0.1, rotational()],
    ['rotational', 1e-3, rotational()],
    ['rotational', 1e-8, rotational()],
    ['isotropic', 0.01, isotropic()],
  ] as const)('%s, ε = %d', async (_name, epsilon, controlled) => {
    const problem = uncontrolled(controlled);
    const options = { ...exactSteps, epsilon, steps: 40, paths: 4000 };
    const ensemble = await simulateTwoScale(problem, options);
    expect([ensemble.method, ensemble.steps]).toEqual(['ornstein-uhlenbeck', 40]);
    const { mean, standardError } = meanCost(problem, ensemble);
    const exact = linearGaussianValue(problem)?.({ tau: 1, epsilon, x: start.x, y: start.y }) as number;
    const bias = await timeStepError(problem, options, { ensemble, g: costOf(problem) });
    const step = Math.abs(bias?.mean ?? 1) + 3 * (bias?.standardError ?? 0);
    // Measured: the step is worth 1e-5 to 6e-5 here.
    expect(step).toBeLessThan(2e-4);
    expect(Math.abs(mean - exact)).toBeLessThan(3 * standardError + step);
  });
});

test('the covariance of Y is the stationary one after many relaxation times', async () => {
  const problem = uncontrolled(rotational());
  const ensemble = await simulateTwoScale(problem, { ...exactSteps, epsilon: 1e-5, steps: 10, paths: 20_000 });
  const last = ensemble.states[ensemble.states.length - 1];
  const moments = [0, 0, 0];
  const K = linearFastDrift(problem, [0, 0]) as number[][];
  expect(K).toEqual([
    [3, -1.5],
    [1.5, 3],
  ]);
  for (let p = 0; p < ensemble.paths; p++) {
    const [x1, x2, y1, y2] = last.subarray(4 * p, 4 * p + 4);
    // m = K⁻¹·2x, K⁻¹ = [[3, 1.5], [−1.5, 3]]/11.25.
    const [z1, z2] = [y1 - (6 * x1 + 3 * x2) / 11.25, y2 - (6 * x2 - 3 * x1) / 11.25];
    moments[0] += z1 * z1;
    moments[1] += z1 * z2;
    moments[2] += z2 * z2;
  }
  const [first, mixed, second] = moments.map((sum) => sum / ensemble.paths);
  // Σ = I/3; standard errors (1/3)√(2/N) and (1/3)/√N.
  expect(Math.abs(first - 1 / 3)).toBeLessThan(3 * 0.0034);
  expect(Math.abs(second - 1 / 3)).toBeLessThan(3 * 0.0034);
  expect(Math.abs(mixed)).toBeLessThan(3 * 0.0024);
});

test('what is not linear, or not stable, has no such steps', () => {
  const swung = inSpace(2, { drift: ['y2 - y1', '-4*y1 + 0.5*y2'] });
  expect(linearFastDrift(swung, [0])).not.toBeNull();
  const growing = inSpace(2, { drift: ['y2', '-y1 + 0.1*y2'] });
  expect(linearFastDrift(growing, [0])).toBeNull();
  const kinked = inSpace(2, { drift: ['y2 - y1', '-4*y1 + 0.5*y2'], slow: ['abs(y1)', '0'] });
  expect(linearFastDrift(kinked, [0])).toBeNull();
  expect(linearFastDrift(multiwell(), [0])).toBeNull();
});
