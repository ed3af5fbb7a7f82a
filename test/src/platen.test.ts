/** Platen's scheme against closed forms along the same Brownian paths. */
import { describe, expect, test } from 'vitest';
import { incrementsOf } from '../../src/paths/increments.ts';
import type { NoiseOf } from '../../src/paths/path-stepper.ts';
import type { PathSystem } from '../../src/paths/path-system.ts';
import { plainPaths } from '../../src/paths/platen.ts';
import { meanOf } from '../../src/paths/statistics.ts';

const SEED = 7;
const [MU, SIGMA] = [0.5, 0.6];

function noisy(
  dimension: number,
  count: number,
  drift: PathSystem['drift'],
  at: (out: Float64Array, t: number, z: Float64Array) => void,
  isConstant = false,
): PathSystem {
  const streams = Array.from({ length: count }, (_, j) => j);
  const diffusion = { streams, at, isConstant, isSeen: streams.map(() => true) };
  return { title: '', dimension, drift, noise: new Array(dimension).fill(0), diffusion };
}

const geometric = noisy(
  1,
  1,
  (out, _t, z) => {
    out[0] = MU * z[0];
  },
  (out, _t, z) => {
    out[0] = SIGMA * z[0];
  },
);

async function ends(system: PathSystem, initial: readonly number[], steps: number, paths: number, noiseOf?: NoiseOf) {
  const stepper = plainPaths(system, { initial, paths, seed: SEED, dt: 1 / steps, noiseOf });
  await stepper.advance(steps);
  return stepper.states();
}

/** exp((μ − σ²/2) + σW_1) along the increments of so many steps. */
function exactEnds(steps: number, paths: number): Float64Array {
  const increments = incrementsOf([0], { seed: SEED, dt: 1 / steps });
  return Float64Array.from({ length: paths }, (_, p) => {
    let W = 0;
    for (let k = 0; k < steps; k++) {
      increments.draw(p, k);
      W += increments.moved[0];
    }
    return Math.exp(MU - SIGMA ** 2 / 2 + SIGMA * W);
  });
}

const orderBetween = (errors: readonly number[], doublings: number) =>
  Math.log2(Math.abs(errors[0] / errors[errors.length - 1])) / doublings;

describe('geometric Brownian motion', () => {
  /** E Z'² of one step from Z = 1, whose ΔW is normal: exact is e^((2μ + σ²)h), so that the order is 2. */
  const secondMoment = (h: number) =>
    (1 + MU * h + (MU * h) ** 2 / 2) ** 2 + SIGMA ** 2 * h * (1 + MU * h) ** 2 + (SIGMA ** 4 * h ** 2) / 2;
  const bias = (steps: number) => secondMoment(1 / steps) ** steps - Math.exp(2 * MU + SIGMA ** 2);

  test('E X² has the error of the moments of the scheme, of order 2', async () => {
    expect(Math.abs(orderBetween([bias(64), bias(256)], 2) - 2)).toBeLessThan(0.02);
    for (const steps of [2, 4, 8]) {
      const [found, exact] = [await ends(geometric, [1], steps, 10_000), exactEnds(steps, 10_000)];
      const { mean, standardError } = meanOf(found.map((value, p) => value ** 2 - exact[p] ** 2));
      expect(Math.abs(mean - bias(steps))).toBeLessThan(4 * standardError);
    }
  });

  test('paths have an error of order 1', async () => {
    const errors: number[] = [];
    for (const steps of [32, 128]) {
      const [found, exact] = [await ends(geometric, [1], steps, 500), exactEnds(steps, 500)];
      errors.push(Math.sqrt(meanOf(found.map((value, p) => (value - exact[p]) ** 2)).mean));
    }
    // Measured 0.96.
    expect(Math.abs(orderBetween(errors, 2) - 1)).toBeLessThan(0.1);
  });
});

test('the area dX = Y dW₁, dY = dW₂ is that of steps twice as long along the same noise', async () => {
  const drift = (out: Float64Array) => {
    out.fill(0);
  };
  const area = noisy(2, 2, drift, (out, _t, z) => out.set([z[1], 0, 0, 1]));
  const long = await ends(area, [0, 0.5], 8, 9, 'halves');
  const short = await ends(area, [0, 0.5], 16, 9);
  for (let k = 0; k < long.length; k++) expect(Math.abs(long[k] - short[k])).toBeLessThan(1e-13);
});

test('areas and increments of two steps compose to those of one step twice as long, with the same moments', () => {
  const count = 5000;
  const long = incrementsOf([3, 9], { seed: SEED, dt: 0.5, noiseOf: 'halves' });
  const short = incrementsOf([3, 9], { seed: SEED, dt: 0.25 });
  const areas: number[] = [];
  for (let p = 0; p < count; p++) {
    long.draw(p, 0);
    areas.push(long.areas[1]);
    expect(long.areas[2]).toBe(-long.areas[1]);
    const sums = [0, 0];
    for (const k of [0, 1]) {
      short.draw(p, k);
      sums[0] += short.moved[0];
      sums[1] += short.moved[1];
    }
    if (p < 100) expect(Math.abs(sums[0] - long.moved[0]) + Math.abs(sums[1] - long.moved[1])).toBeLessThan(1e-14);
  }
  const [first, second] = [meanOf(areas), meanOf(areas.map((V) => V * V))];
  expect(Math.abs(first.mean)).toBeLessThan(4 * first.standardError);
  expect(Math.abs(second.mean - 0.25)).toBeLessThan(4 * second.standardError);
});

test('constant noise makes it the stochastic Heun step', async () => {
  const drift: PathSystem['drift'] = (out, t, z) => {
    out[0] = Math.sin(z[1]) + t;
    out[1] = -z[0] * z[1];
  };
  const heun: PathSystem = { title: '', dimension: 2, drift, noise: [0.4, 0.9] };
  const at = (out: Float64Array) => out.set([0.4, 0, 0, 0.9]);
  const [one, other] = [await ends(heun, [1, 2], 50, 9), await ends(noisy(2, 2, drift, at, true), [1, 2], 50, 9)];
  for (let k = 0; k < one.length; k++) expect(Math.abs(one[k] - other[k])).toBeLessThan(1e-13);
});
