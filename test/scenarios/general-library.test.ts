/** Scenarios of the general system in the library, beside the numbers of test/fixtures/reference-general.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fastAxes, fastDomain, sampledCubically, slowAxes } from '../../scenarios/grids.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { checkAssumptions } from '../../src/assumptions/assumptions.ts';
import { termsOf } from '../../src/model/general-terms.ts';

const reference = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/reference-general.json'), 'utf8'));
const names = ['linear-quadratic-noise', 'merton', 'heston', 'state-dependent-noise'];

describe.each(names)('%s', (name) => {
  const scenario = readScenario(name);

  test('has noise in x, and y as well in heston', () => {
    expect(termsOf(scenario.problem)).toEqual(name === 'heston' ? ['slowNoise', 'fastNoise'] : ['slowNoise']);
  });

  test('meets the assumptions that theorems need, but for growth of the exponential', { tags: ['full'] }, () => {
    const fast = fastDomain(scenario);
    const rows = checkAssumptions(scenario.problem, { slow: scenario.domain.x, fast });
    const found = (verdict: string) =>
      rows.filter((row) => row.needed && row.verdict === verdict).map((row) => row.name);
    expect(found('fails')).toEqual([]);
    // √y is not Lipschitz at 0, and e^(px) is of no power.
    const open = { merton: ['f growth'], heston: ['s Lipschitz', 'r Lipschitz'] };
    expect(found('not decided')).toEqual(open[name as keyof typeof open] ?? []);
  });

  test('has the same limit by its formula and by the effective equation', { tags: ['full'] }, async () => {
    const { problem } = scenario;
    // The Gamma density of heston begins like y^0.78, which costs dy^1.78: measured 2e-5, and 7e-4 on 101 nodes.
    const nodes = name === 'heston' ? 401 : 101;
    const axes = { slow: slowAxes(scenario, [101]), fast: fastAxes(fastDomain(scenario), [nodes]) };
    const v = await solveEffectiveHjb(problem, { ...axes, scheme: 'filtered' });
    for (const x of [-0.2, 0, 0.15]) {
      const exact = problem.exact?.limit?.(problem.horizon, [x]);
      if (exact === undefined) return;
      expect(Math.abs(sampledCubically(v, [x]) - exact) / (1 + Math.abs(exact)), `x = ${x}`).toBeLessThan(3e-4);
    }
  });
});

test('the exact forms of the files are the numbers of the reference', () => {
  const limitAt0 = (name: string, set = {}) => readScenario(name, set).problem.exact?.limit?.(1, [0]);
  expect(limitAt0('merton')).toBeCloseTo(reference.merton.limit, 12);
  for (const { strike, v } of reference.heston.limit) {
    expect(limitAt0('heston', { strike: String(strike) })).toBeCloseTo(v, 12);
  }
  const { value, limit } = readScenario('state-dependent-noise').problem.exact ?? {};
  expect(value?.({ tau: 1, epsilon: 0.1, x: [1], y: [0.7] })).toBeCloseTo(2.0004621376, 10);
  expect(value?.({ tau: 1, epsilon: 1e-9, x: [1], y: [0.7] })).toBeCloseTo(limit?.(1, [1]) ?? Number.NaN, 8);
  // 2a = 1 is 1/ε at 1 and 2/ε at 2, where the quotients have their limits.
  for (const epsilon of [1, 2]) {
    const at = (by: number) => value?.({ tau: 1, epsilon: epsilon * (1 + by), x: [1], y: [0.7] }) ?? Number.NaN;
    expect(at(0)).toBeCloseTo((at(1e-4) + at(-1e-4)) / 2, 7);
  }
});

test('the y-box of heston leaves out less than 1e-11 of the Gamma law', () => {
  const { shape, rate } = reference.heston.invariant;
  const [{ lower, upper }] = fastDomain(readScenario('heston'));
  // Γ(s) > 0.885 for every s > 0; bounds of the incomplete functions by their first terms.
  const below = (rate * lower) ** shape / shape / 0.885;
  const above = ((rate * upper) ** (shape - 1) * Math.exp(-rate * upper)) / 0.885 / (1 - (shape - 1) / (rate * upper));
  expect(below + above).toBeLessThan(1e-11);
});

describe('the solved values', { tags: ['full'] }, () => {
  test.each([
    ['merton', [101, 101], 2e-4, reference.merton.rows.map((row: object) => ({ ...row, x: 0 })), 'V_over_exp_pz'],
    // V is quadratic in x, all error is that of y: measured 2.6e-4, and 1.0e-3 on 101 nodes.
    ['linear-quadratic-noise', [101, 201], 5e-4, reference.lq_1d.value, 'V'],
  ])('of %s on %j nodes are those of the reference within %d', async (name, [inX, inY], within, rows, key) => {
    const scenario = readScenario(name);
    const axes = { slow: slowAxes(scenario, [inX]), fast: fastAxes(fastDomain(scenario), [inY]) };
    for (const epsilon of [1, 0.1]) {
      const V = await solveEpsilonHjb(scenario.problem, { ...axes, epsilon, scheme: 'filtered' });
      for (const row of rows.filter((each: { epsilon: number }) => each.epsilon === epsilon)) {
        expect(
          Math.abs(sampledCubically(V, [row.x, row.y]) / row[key] - 1),
          `${epsilon}, ${row.x}, ${row.y}`,
        ).toBeLessThan(within);
      }
    }
  });
});
