import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { meanCost, meanSquareDistance } from '../../solvers/ensembles/path-costs.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { averagedSystem, effectiveSystem } from '../../solvers/limit-trajectories.ts';
import { simulateSystem, simulateTwoScale } from '../../solvers/trajectories.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import { gradientDescentSystem, langevinSystem } from '../../src/paths/path-system.ts';
import { ensembleMean, fanOf } from '../../src/paths/statistics.ts';
import { inLanes } from '../lanes.ts';
import { multiwell, quadratic, slowFast } from '../problems.ts';

const slow = { lower: -2.5, upper: 2.5 };
const fast = { lower: -5, upper: 5 };
const at = { x: [1], y: [0] };
const always = { kind: 'constant', u: [1] } as const;
const uncontrolled = quadratic([1, 1]);
const exact = (epsilon: number) => linearGaussianValue(uncontrolled)?.({ tau: 1, epsilon, ...at }) as number;

describe('the mean cost of paths is the value function, within 3 standard errors', () => {
  // Bias budget: order 2 in dt, below 2e-5 at T/200 and dt = 0.2 ε/κ; affine drifts have no table error.
  const methods = [
    ['ornstein-uhlenbeck', 0.1],
    ['ornstein-uhlenbeck', 0.01],
    ['ornstein-uhlenbeck', 1e-6],
    ['heun', 0.1],
    ['heun', 0.01],
  ] as const;
  inLanes(methods, ([, epsilon]) => epsilon !== 0.01)('uncontrolled, %s, ε = %s', async ([method, epsilon]) => {
    const options = { ...at, epsilon, control: always, paths: 40_000, seed: 1, slow, fast, method };
    const ensemble = await simulateTwoScale(uncontrolled, options);
    const { mean, standardError } = meanCost(uncontrolled, ensemble);
    expect(ensemble.outcome.status).toBe('converged');
    expect(Math.abs(mean - exact(epsilon))).toBeLessThan(3 * standardError + 2e-5);
  });

  inLanes([0.1, 0.01], (epsilon) => epsilon === 0.1)('controlled by the argmin of Vᵉ, ε = %s', async (epsilon) => {
    const problem = quadratic();
    const box = fastBox(problem, slow);
    const solve = (nodes: number, scheme: 'upwind' | 'filtered', snapshots?: number) =>
      solveEpsilonHjb(problem, {
        epsilon,
        scheme,
        snapshots,
        slow: [uniformAxis('x', slow.lower, slow.upper, nodes)],
        fast: [uniformAxis('y', box.lower, box.upper, nodes)],
      });
    const [coarse, fine] = [await solve(101, 'filtered'), await solve(201, 'filtered')];
    const value = sample(fine, [1, 0], [3, 3]);
    // Error of the reference: its change from the coarser grid.
    const gridError = Math.abs(value - sample(coarse, [1, 0], [3, 3]));
    const control = { kind: 'argmin', value: await solve(101, 'upwind', 50) } as const;
    const ensemble = await simulateTwoScale(problem, {
      ...at,
      epsilon,
      control,
      paths: 40_000,
      seed: 1,
      slow,
      fast: box,
    });
    const { mean, standardError } = meanCost(problem, ensemble);
    expect(gridError).toBeLessThan(1e-3);
    expect(Math.abs(mean - value)).toBeLessThan(3 * standardError + gridError);
  });

  test('with a running cost, as the closed form ∫ of a moving mean demands', async () => {
    // φ = u = −1 on the line, ℓ = x, f = 0: the cost is ∫₀¹ (1 − t) dt = 1/2 whatever the noise.
    const problem = slowFast({
      potential: 'y^2/2',
      runningCost: (x) => x[0],
      terminalCost: () => 0,
    });
    const control = { kind: 'constant', u: [-1] } as const;
    const options = { ...at, epsilon: 0.1, control, paths: 10, seed: 1, slow, fast };
    const { mean } = meanCost(problem, await simulateTwoScale(problem, options));
    expect(mean).toBeCloseTo(0.5, 12);
  });
});

// docs/theory.md §8.4: 0.4909 ε to leading order; measured at these ε.
const ratios = [
  [0.1, 0.44],
  [0.01, 0.4855],
  [1e-3, 0.4904],
  [1e-4, 0.4909],
] as const;
inLanes(ratios, ([epsilon]) => epsilon === 0.01)(
  'E|X_T − X̂_T|² at (1,0) is at ε = %f: %f ε',
  async ([epsilon, ratio]) => {
    const limit = await simulateSystem(
      averagedSystem(uncontrolled, () => [1], fast),
      { initial: [1], horizon: 1, steps: 400 },
    );
    expect(limit.states[1][0]).toBeCloseTo(Math.exp(-2 / 3), 5);
    const options = { ...at, epsilon, control: always, paths: 40_000, seed: 2, slow, fast };
    const { mean, standardError } = meanSquareDistance(await simulateTwoScale(uncontrolled, options), limit);
    // The last digit of the reference values is worth 5e-5, 5e-4 for the first.
    expect(Math.abs(mean / epsilon - ratio)).toBeLessThan((3 * standardError) / epsilon + 5e-4);
  },
);

test('with the feedback of the limit problem E f(X_T) tends to v, with order 1 in ε', { tags: ['full'] }, async () => {
  const problem = withKnownSolutions(quadratic(), [slow]);
  const box = fastBox(problem, slow);
  const axes = {
    slow: [uniformAxis('x', slow.lower, slow.upper, 201)],
    fast: [uniformAxis('y', box.lower, box.upper, 201)],
  };
  const control = { kind: 'argmin', value: await solveEffectiveHjb(problem, { ...axes, snapshots: 50 }) } as const;
  const v = problem.exact?.limit?.(1, [1]) as number;
  const system = effectiveSystem(problem, control, axes);
  const limit = await simulateSystem(system, { initial: [1], horizon: 1, steps: 400 });
  // Error of the averaged drift O(dy²): measured 3e-6.
  expect(Math.abs(slowTerminal(problem)(limit.states[1]) - v)).toBeLessThan(1e-4);
  const excess: number[] = [];
  for (const epsilon of [0.1, 0.02]) {
    const options = { ...at, epsilon, control, paths: 25_000, seed: 5, slow, fast: box };
    excess.push(meanCost(problem, await simulateTwoScale(problem, options)).mean - v);
  }
  // Standard errors 3e-4 of .012 and 1.3e-4 of .0024: ± 0.04 in the order.
  const order = Math.log(excess[0] / excess[1]) / Math.log(5);
  expect(order).toBeGreaterThan(0.9);
  expect(order).toBeLessThan(1.1);
});

test('the same seed gives the same bytes for every number of threads, another seed others', async () => {
  const problem = multiwell();
  const box = { slow: { lower: -3.2, upper: 3.2 }, fast: { lower: -6.5, upper: 6.5 } };
  const options = {
    ...at,
    epsilon: 0.1,
    control: { kind: 'constant', u: [1] },
    paths: 1001,
    ...box,
    records: 3,
  } as const;
  const runs: Awaited<ReturnType<typeof simulateTwoScale>>[] = [];
  for (const [threads, seed] of [
    [1, 7],
    [2, 7],
    [3, 7],
    [2, 8],
  ]) {
    runs.push(await simulateTwoScale(problem, { ...options, seed }, { threads }));
  }
  expect(runs.map(({ threads }) => threads)).toEqual([1, 2, 3, 2]);
  expect(runs[1].states).toEqual(runs[0].states);
  expect(runs[2].states).toEqual(runs[0].states);
  expect(runs[3].states).not.toEqual(runs[0].states);
  // Table against formulas: the table error 1e-6 of its largest entry over T, amplified by less than e.
  const formulas = await simulateTwoScale(problem, { ...options, seed: 7, drift: 'formulas' });
  const distance = formulas.states[3].map((value, k) => Math.abs(value - runs[0].states[3][k]));
  expect(Math.max(...distance)).toBeLessThan(1e-4);
  expect(runs[0].tableError.fastDrift).toBeLessThan(1e-4);
});

describe('the systems of the theory', () => {
  test('the averaged system of deep relaxation is controlled entropic gradient descent', async () => {
    // ∇F(x) = −(2/3) x, u = t: X_T = exp(−(2/3)∫t dt) = e^{−1/3}.
    const system = averagedSystem(quadratic(), (t) => [t], fast);
    const path = await simulateSystem(system, { initial: [1], horizon: 1, steps: 200 });
    expect(path.states[1][0]).toBeCloseTo(Math.exp(-1 / 3), 5);
  });

  test('gradient descent of x²/2 decays like e^{−s}, stochastic gradient descent has variance σ²/2', async () => {
    const gradient = [(y: ArrayLike<number>) => y[0]];
    const descent = await simulateSystem(gradientDescentSystem(gradient, 0), { initial: [1], horizon: 2, steps: 400 });
    expect(descent.states[1][0]).toBeCloseTo(Math.exp(-2), 5);
    const options = { initial: [0], horizon: 6, steps: 120, paths: 8000, seed: 1 };
    const noisy = await simulateSystem(gradientDescentSystem(gradient, 0.5), options);
    const { mean, standardError } = ensembleMean(noisy, (y) => y[0] ** 2);
    // Heun at dt = 0.05: variance 0.1 % too small.
    expect(Math.abs(mean - 0.125)).toBeLessThan(3 * standardError + 1.5e-4);
  });

  test('steps too long for the drift and one path of a noisy system are told of; jumps of a drift are none', async () => {
    const steep = [(y: ArrayLike<number>) => 50 * y[0]];
    const warningsOf = async (steps: number, noise: number, paths?: number) => {
      const system = gradientDescentSystem(steep, noise);
      return (await simulateSystem(system, { initial: [1], horizon: 1, steps, paths, records: 3 })).warnings;
    };
    expect(await warningsOf(20, 0)).toEqual([
      expect.stringMatching(/^steps of 0.05 are above 2\/L = 0.04,.* at least 25 /),
    ]);
    expect(await warningsOf(30, 0)).toEqual([]);
    expect(await warningsOf(30, 0.1)).toEqual([expect.stringMatching(/one path/)]);
    expect(await warningsOf(30, 0.1, 2)).toEqual([]);
    const kinked = gradientDescentSystem([(y) => Math.sign(y[0])], 0);
    expect((await simulateSystem(kinked, { initial: [0], horizon: 1, steps: 1000 })).warnings).toEqual([]);
  });

  test('the Langevin equation frozen at x samples the Gibbs measure, and its fan has the quantiles', async () => {
    const system = langevinSystem(quadratic(), [1]);
    const options = { initial: [0], horizon: 4, steps: 200, paths: 20_000, seed: 1 };
    const fan = fanOf(await simulateSystem(system, options), 0, [0.05, 0.5, 0.95]);
    // N(2/3, 1/3); standard error of a quantile √(q(1−q)/N)/density, at most .0087 σ here; dt bias 0.2 %.
    const sigma = Math.sqrt(1 / 3);
    [-1.6449, 0, 1.6449].forEach((z, l) => {
      expect(Math.abs(fan.values[l][1] - (2 / 3 + z * sigma))).toBeLessThan(3 * 0.015 * sigma + 0.003);
    });
  });

  test('an open loop and a feedback are functions of the user', async () => {
    const problem = slowFast({ potential: 'y^2/2' });
    const options = { ...at, epsilon: 0.5, paths: 4, seed: 1, slow, fast };
    const open = await simulateTwoScale(problem, {
      ...options,
      control: { kind: 'open-loop', at: (t) => [2 * t - 1] },
    });
    expect(open.states[1][0]).toBeCloseTo(1, 10);
    const closed = await simulateTwoScale(problem, {
      ...options,
      control: { kind: 'feedback', at: (_t, x) => [-x[0]] },
    });
    expect(closed.states[1][0]).toBeCloseTo(Math.exp(-1), 4);
  });
});

test('a simulation that is cancelled says so', async () => {
  const stop = new AbortController();
  const options = { ...at, epsilon: 0.1, control: always, paths: 100, seed: 1, slow, fast };
  const progress = () => stop.abort();
  const ensemble = await simulateTwoScale(uncontrolled, options, { signal: stop.signal, progress });
  expect(ensemble.outcome.status).toBe('cancelled');
  expect(ensemble.times[1]).toBeLessThan(1);
});

test('a path without a finite state stops the simulation with its number and time', async () => {
  // dx = x² dt from 1 is infinite at t = 1.
  const problem = { ...slowFast({ potential: 'y^2/2', slow: [(x) => x[0] ** 2] }), horizon: 4 };
  const options = { ...at, epsilon: 1, control: always, paths: 3, seed: 1, slow, fast, drift: 'formulas' } as const;
  const { outcome } = await simulateTwoScale(problem, { ...options, records: 4 });
  expect(outcome).toMatchObject({ status: 'diverged', path: 0 });
});

test('a method that does not apply is refused with a remedy', async () => {
  const options = {
    ...at,
    epsilon: 0.1,
    control: always,
    paths: 1,
    seed: 1,
    slow,
    fast,
    method: 'ornstein-uhlenbeck',
  } as const;
  await expect(simulateTwoScale(multiwell(), options)).rejects.toThrow(/affine in y.*heun/);
  await expect(simulateTwoScale(quadratic(), { ...options, seed: -1 })).rejects.toThrow(/the seed is -1/);
  await expect(simulateTwoScale(quadratic(), { ...options, method: 'heun', epsilon: 1e-12 })).rejects.toThrow(
    /larger ε/,
  );
});
