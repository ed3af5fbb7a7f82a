/** The general system (arXiv:2208.00655): noise in x, terminal costs in y and a discount, against exact numbers. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import { allMethods, allSchemes } from '../../src/time/schemes.ts';
import {
  everyTerm,
  general,
  generalReference,
  noiseInThePlane,
  noiseOfTheFastVariable,
  noisyLinearQuadratic,
  powerUtility,
} from '../general-problems.ts';
import { inLanes } from '../lanes.ts';
import { correlatedNoise, crossedNoise, dominatedNoise } from '../reference-problems.ts';

const run = { kernel: await wasmKernel() };

const solvable: readonly (readonly [string, Problem])[] = [
  ['every term', everyTerm()],
  ['noise beside a control without ends', noisyLinearQuadratic()],
  ['noise that a control moves', powerUtility()],
  ['noise of the fast variable', noiseOfTheFastVariable()],
];
const methods = allMethods('epsilon').filter(({ time }) => time.asymptoticPreserving);

describe.each(solvable)('%s', (title, problem) => {
  const slow = [uniformAxis('x', -2, 2, 41)];
  const fast = [uniformAxis('y', -4, 4, 17)];

  const cases = methods.map((method) => ({ ...method, name: `${method.scheme.name}, ${method.time.name}` }));
  inLanes(cases, ({ name }) => title === 'every term' || name === 'upwind, imex')(
    '$name: at ε = 1e-14 the ε-solver equals the effective solver on the same grid with the same steps',
    async ({ scheme, time }) => {
      const names = { scheme: scheme.name, time: time.name };
      const value = await solveEpsilonHjb(problem, { slow, fast, epsilon: 1e-14, ...names }, run);
      const limit = await solveEffectiveHjb(problem, { slow, fast, ...names, steps: value.steps }, run);
      const size = limit.values.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
      const worst = value.values.reduce((w, v, k) => Math.max(w, Math.abs(v - limit.values[k % 41])), 0);
      expect(worst / size).toBeLessThan(1e-10);
    },
  );
});

describe('noise with cross terms: the limit on the same grid', () => {
  const slow = [uniformAxis('x1', -2, 2, 17), uniformAxis('x2', -2, 2, 15)];
  const fast = [uniformAxis('y', -4, 4, 13)];
  const schemes = allSchemes.map(({ name }) => name);
  const isDominated = (name: string) => name !== 'any a';
  const cases = (
    [
      ['any a', crossedNoise()],
      ['a₁₂ of both signs', dominatedNoise()],
      ['a that is the same everywhere', correlatedNoise()],
    ] as const
  ).flatMap(([name, problem]) =>
    schemes
      .filter((scheme) => isDominated(name) || scheme === 'semi-lagrangian')
      .map((scheme) => ({ name, problem, scheme })),
  );

  inLanes(cases, ({ name, scheme }) => name !== 'any a' && ['upwind', 'filtered'].includes(scheme))(
    '$name, $scheme',
    async ({ problem, scheme }) => {
      const value = await solveEpsilonHjb(problem, { slow, fast, scheme, epsilon: 1e-14 }, run);
      const limit = await solveEffectiveHjb(problem, { slow, fast, scheme, steps: value.steps }, run);
      const worst = value.values.reduce((w, v, k) => Math.max(w, Math.abs(v - limit.values[k % (17 * 15)])), 0);
      expect(worst).toBeLessThan(1e-11);
    },
  );

  test('a that is not dominated is left to the semi-Lagrangian scheme', async () => {
    await expect(solveEpsilonHjb(crossedNoise(), { slow, fast, epsilon: 1 }, run)).rejects.toThrow(
      /a_12 = .* are monotone for a = .* take --scheme semi-lagrangian/,
    );
  });
});

test('noise on two axes: the limit on the same grid', { tags: ['full'] }, async () => {
  const slow = [uniformAxis('x1', -2, 2, 17), uniformAxis('x2', -2, 2, 15)];
  const fast = [uniformAxis('y', -4, 4, 13)];
  for (const problem of [noiseInThePlane(false), noiseInThePlane(true)]) {
    for (const scheme of ['upwind', 'filtered'] as const) {
      const value = await solveEpsilonHjb(problem, { slow, fast, epsilon: 1e-14, scheme }, run);
      const limit = await solveEffectiveHjb(problem, { slow, fast, scheme, steps: value.steps }, run);
      const worst = value.values.reduce((w, v, k) => Math.max(w, Math.abs(v - limit.values[k % (17 * 15)])), 0);
      expect(worst).toBeLessThan(1e-10);
    }
  }
});

describe('exact numbers', () => {
  const solved = async (problem: Problem, epsilon: number, [low, high]: readonly [number, number], half = 5) => {
    const axes = { slow: [uniformAxis('x', low, high, 101)], fast: [uniformAxis('y', -half, half, 101)] };
    return solveEpsilonHjb(problem, { ...axes, epsilon, scheme: 'filtered' }, run);
  };

  inLanes([1, 0.1, 0.01, 0.001], (epsilon) => epsilon === 0.1)('lq_1d, ε = %s, within 5e-4', async (epsilon) => {
    const solution = await solved(noisyLinearQuadratic(), epsilon, [-3, 3], 4.5);
    for (const row of generalReference.lq_1d.value.filter((each: { epsilon: number }) => each.epsilon === epsilon)) {
      expect(Math.abs(sample(solution, [row.x, row.y]) / row.V - 1)).toBeLessThan(5e-4);
    }
  });

  test('noise of the fast variable: 2.0004621376 to 1e-4', async () => {
    const solution = await solved(noiseOfTheFastVariable(), 0.1, [-8, 8]);
    expect(Math.abs(sample(solution, [1, 0.7]) - 2.0004621376)).toBeLessThan(1e-4);
  });

  test('a terminal cost in y: max(|x| − τ, 0)²/2 + 1 + (y² − 1)e^{−2τ/ε}', async () => {
    const problem = general({ potential: 'y^2/2' }, { terminal: 'x^2/2 + y^2' });
    const solution = await solved(problem, 1, [-3, 3]);
    expect(Math.abs(sample(solution, [1.5, 1.7]) - (0.125 + 1 + 1.89 * Math.exp(-2)))).toBeLessThan(1e-3);
  });

  test('a discount: ℓ = 1, f = 0 gives (1 − e^{−λτ})/λ', async () => {
    const problem = general({ potential: 'y^2/2', runningCost: '1' }, { terminal: '0', discount: 0.7 });
    const solution = await solved(problem, 1, [-3, 3]);
    expect(Math.abs((-0.7 * sample(solution, [0.5, 1])) / Math.expm1(-0.7) - 1)).toBeLessThan(5e-4);
  });
});
