import { afterAll, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import { blindLimit, blindProblem, frozenLayer, generalClaims } from '../../scenarios/reproduce/general-claims.ts';
import { generalModelOf, generalNames } from '../../scenarios/reproduce/general-models.ts';
import type { ClaimRun } from '../../scenarios/reproduce/model.ts';
import { generalReference } from '../general-problems.ts';

const kernel = await nodeKernel(1);
afterAll(() => kernel.close());
const run: ClaimRun = { kernel, clock: () => 0, signal: new AbortController().signal, effort: 'quick', seed: 1 };

test('the limit of a control blind to Y is that of the reference', () => {
  const { limit, limit_blind_control: blind } = generalReference.merton;
  const model = generalModelOf('merton', 'quick');
  expect(Math.abs(blindLimit(model) - blind)).toBeLessThan(1e-9);
  expect(Math.abs((model.limit?.(1, [0]) ?? 0) - limit)).toBeLessThan(1e-9);
});

test('the blind problem has the mean of φ at every u, and the mean of s²', () => {
  const model = generalModelOf('merton', 'quick');
  const { blind, rate, slope, bend, variance } = blindProblem(model.problem, model.axes(1));
  expect(Math.abs(bend + variance / 2)).toBeLessThan(1e-12); // φ holds −u²S/2, s² is u²S
  expect(Math.abs(blind.slowDrift[0]([0], [0], [3]) - (rate + 3 * slope + 9 * bend))).toBeLessThan(1e-12);
  expect(Math.abs((blind.slowNoise?.[0][0]([0], [0], [3]) ?? 0) - 3 * Math.sqrt(variance))).toBeLessThan(1e-12);
});

test('the layer is g − ḡ times what time leaves of it', () => {
  // κ = 2, r = .7: m = x/κ = .25, μ has variance r²/κ = .245; g_xy = .4, g_yy = .6 at x = .5, y = −.7.
  const [d, left] = [-0.95, Math.exp(-2)];
  const exact = 0.4 * 0.5 * d * left + 0.3 * (2 * 0.25 * d * left + (d ** 2 - 0.245) * left ** 2);
  const model = generalModelOf('terminal-in-y', 'quick');
  expect(Math.abs(frozenLayer(model, 0.5, -0.7) - exact)).toBeLessThan(1e-12);
});

test('paths and order of noise that depends on y agree', async () => {
  const rows = await generalClaims(generalModelOf('state-dependent-noise', 'quick'), run);
  expect(rows.map(({ verdict }) => verdict)).toEqual(['agrees', 'agrees']);
});

test('every row of the general system agrees', { tags: ['full'] }, async () => {
  for (const name of generalNames) {
    const rows = await generalClaims(generalModelOf(name, 'quick'), run);
    for (const { measured, verdict } of rows) expect(`${name}, ${measured}: ${verdict}`).toMatch(/agrees$/);
  }
});
