/** The limit system with noise in x, and how paths tend to it. */
import { describe, expect, test } from 'vitest';
import { meanDifferences, meanSquareDistance } from '../../solvers/ensembles/path-costs.ts';
import { effectiveSystem, noiseSeesFast } from '../../solvers/limit-trajectories.ts';
import { simulateSystem, simulateTwoScale } from '../../solvers/trajectories.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { Problem } from '../../src/model/problem.ts';
import { ensembleMean } from '../../src/paths/statistics.ts';
import { generalProblem } from '../line-problem.ts';

const held = { kind: 'constant', u: [] } as const;
const axes = { slow: [uniformAxis('x', -6, 6, 49)], fast: [uniformAxis('y', -7, 7, 101)] };

describe('along the same Brownian motion, where s does not see y', () => {
  const problem = generalProblem({
    slow: { drift: '-0.5*x+0.4*y', noise: ['0.3+0.1*sin(x)'] },
    fast: { drift: 'x-2*y' },
    terminal: 'x^2',
  });

  test('E|X_T − X̂_T|² falls like ε', async () => {
    const system = effectiveSystem(problem, held, axes);
    const distanceAt = async (epsilon: number) => {
      const options = { ...axes, slow: axes.slow[0], fast: axes.fast[0], epsilon, x: [1], y: [0], control: held };
      const ensemble = await simulateTwoScale(problem, { ...options, paths: 400, seed: 3 });
      const { steps } = ensemble;
      const limit = await simulateSystem(system, { initial: [1], horizon: 1, steps, paths: 400, seed: 3 });
      return meanSquareDistance(ensemble, limit).mean;
    };
    const order = Math.log10((await distanceAt(0.1)) / (await distanceAt(0.01)));
    // Measured 0.97.
    expect(Math.abs(order - 1)).toBeLessThan(0.1);
  });
});

describe('in law, where s sees y', () => {
  const problem = generalProblem({
    slow: { drift: '-0.5*x', noise: ['sqrt(2)*(1+0.5*y)'] },
    fast: { drift: '-y' },
    terminal: 'x^2',
  });

  test('σ̄² = ∫s² dμ, and the second moment of the limit is exact', async () => {
    expect(noiseSeesFast(problem, held)).toBe(true);
    const system = effectiveSystem(problem, held, axes);
    const sigma = new Float64Array(1);
    system.diffusion?.at(sigma, 0, Float64Array.of(0.3));
    // 2(1 + 1/4), but for O(dy²).
    expect(sigma[0] ** 2).toBeCloseTo(2.5, 2);
    const limit = await simulateSystem(system, { initial: [1], horizon: 1, steps: 50, paths: 2000, seed: 5 });
    const { mean, standardError } = ensembleMean(limit, (z) => z[0] ** 2);
    expect(Math.abs(mean - (Math.exp(-1) + 2.5 * (1 - Math.exp(-1))))).toBeLessThan(3 * standardError);
  });

  test('means differ by no more than chance as ε → 0', { tags: ['full'] }, async () => {
    const options = { slow: axes.slow[0], fast: axes.fast[0], epsilon: 0.01, x: [1], y: [0], control: held };
    const ensemble = await simulateTwoScale(problem, { ...options, paths: 2000, seed: 3 });
    const system = effectiveSystem(problem, held, axes);
    const limit = await simulateSystem(system, { initial: [1], horizon: 1, steps: 100, paths: 2000, seed: 4 });
    const [{ mean, standardError }] = meanDifferences(ensemble, limit);
    expect(Math.abs(mean)).toBeLessThan(3 * standardError);
  });
});

test('in the plane σ̄ is a root of ∫ssᵀ dμ', () => {
  const [x, y] = [['x1', 'x2'], ['y']];
  const of = (text: string) => formula(text, x, y, []);
  const problem: Problem = {
    ...generalProblem({ slow: { drift: '0' }, fast: { drift: '-y' }, terminal: '0' }),
    slowDrift: [of('0'), of('0')],
    slowNoise: [
      [of('1'), of('y')],
      [of('y+x1'), of('2')],
    ],
    fast: { kind: 'drift', drift: [formula('-y', x, y)] },
    terminalCost: formula('0', x),
  };
  const slow = ['x1', 'x2'].map((name) => uniformAxis(name, -1, 1, 5));
  const { diffusion } = effectiveSystem(problem, held, { slow, fast: [uniformAxis('y', -7, 7, 201)] });
  const root = new Float64Array(4);
  diffusion?.at(root, 0, Float64Array.of(0.5, 0.2));
  // ∫ssᵀ = [[1 + 1, x₁ + 0], [x₁, 1 + x₁² + 4]].
  expect(root[0] ** 2).toBeCloseTo(2, 2);
  expect(root[0] * root[2]).toBeCloseTo(0.5, 2);
  expect(root[2] ** 2 + root[3] ** 2).toBeCloseTo(5.25, 2);
  expect(root[1]).toBe(0);
});

test('a centred drift: paths have the law of the homogenised equation as ε → 0', async () => {
  // dY = −(1+x²)Y, g = Y: F = −x − 2x/k³, A = 2/k², k = 1 + x².
  const base = generalProblem({ slow: { drift: '-x' }, fast: { drift: '-(1+x^2)*y' }, terminal: 'x^2' });
  const problem: Problem = { ...base, centredDrift: [formula('y', ['x'], ['y'])] };
  const small = { slow: [uniformAxis('x', -3, 3, 25)], fast: axes.fast };
  const system = effectiveSystem(problem, held, small);
  const [drift, sigma] = [new Float64Array(1), new Float64Array(1)];
  system.drift(drift, 0, Float64Array.of(0.5));
  system.diffusion?.at(sigma, 0, Float64Array.of(0.5));
  // The error is 8e-6 on 201 nodes in y.
  expect(drift[0]).toBeCloseTo(-0.5 - 1 / 1.25 ** 3, 4);
  expect(sigma[0] ** 2).toBeCloseTo(2 / 1.25 ** 2, 4);
  const options = { slow: small.slow[0], fast: small.fast[0], epsilon: 0.01, x: [1], y: [0], control: held };
  const ensemble = await simulateTwoScale(problem, { ...options, paths: 2000, seed: 3 });
  const limit = await simulateSystem(system, { initial: [1], horizon: 1, steps: 100, paths: 2000, seed: 4 });
  expect(ensemble.backend).toBe('wasm');
  for (const g of [(z: Float64Array) => z[0], (z: Float64Array) => z[0] ** 2]) {
    const [one, other] = [ensembleMean(ensemble, g), ensembleMean(limit, g)];
    // The law is off by O(√ε).
    const chance = 3 * Math.hypot(one.standardError, other.standardError);
    expect(Math.abs(one.mean - other.mean)).toBeLessThan(chance + 0.1);
  }
});
