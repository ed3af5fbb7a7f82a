import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { type CellPathsOptions, exitStep, simulateDeltaCell, simulateExitTimes } from '../../solvers/exit-paths.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { withNoise } from '../noisy-problems.ts';
import { inSpace, quadratic, reference } from '../problems.ts';

interface Row {
  m: 1 | 2 | 3;
  radius: number;
  delta: number;
  minus_delta_w0: number;
  minus_delta_w_at_r1: number;
}

const rows: Row[] = reference.delta_cell.rows.filter(({ radius }: Row) => radius <= 3);
const square = (y: ArrayLike<number>) => Array.from(y).reduce((sum, value) => sum + value * value, 0);

const noDrift = (m: 1 | 2 | 3): Problem => inSpace(m, { drift: Array.from({ length: m }, () => '0') });

/** (distance, 0, …) in R^m. */
const along = (m: number, distance: number) => Array.from({ length: m }, (_, i) => (i === 0 ? distance : 0));

/** The bias of −δω per unit of dt κ, relative: below 0.2 at dt = 0.08 in every row, with 4000 paths. */
const BIAS = 0.25;

describe('−δω by paths', () => {
  inLanes(rows, ({ radius }) => radius === 2)(
    'in R^$m, radius $radius, is the Kummer solution within 3 standard errors and a bias O(dt)',
    (row) => {
      const { m, radius, delta } = row;
      const dt = 0.04;
      for (const [distance, exact] of [
        [0, row.minus_delta_w0],
        [1, row.minus_delta_w_at_r1],
      ]) {
        const options = { x: [0], p: [0], y: along(m, distance), radius, delta, dt, paths: 1500, seed: 1 };
        const { minusDeltaOmega } = simulateDeltaCell(inSpace(m), { ...options, integrand: square });
        const { mean, standardError } = minusDeltaOmega;
        expect(Math.abs(mean - exact)).toBeLessThan(3 * standardError + BIAS * dt * exact);
        expect(standardError).toBeLessThan(0.03 * exact); // measured 0.026 at most
      }
    },
  );

  test('and the exit weight are those of the cell solver, h = H(x,·,p)', { tags: ['full'] }, () => {
    const problem = quadratic();
    for (const [radius, delta] of [
      [2, 0.1],
      [1, 0.1],
    ]) {
      const cell = solveDeltaCell(problem, { x: [1], p: [1], radius, delta, nodes: 2001 });
      const options = { x: [1], p: [1], y: [0], radius, delta, dt: 0.005, paths: 4000, seed: 3 };
      const { minusDeltaOmega, exitWeight } = simulateDeltaCell(problem, options);
      const distance = Math.abs(minusDeltaOmega.mean - cell.minusDeltaOmega([0]));
      expect(distance).toBeLessThan(3 * minusDeltaOmega.standardError);
      expect(Math.abs(exitWeight.mean - cell.exitWeightAt([0]))).toBeLessThan(3 * exitWeight.standardError);
    }
  });
});

describe('exit times', () => {
  test.each([1, 2, 3] as const)('of √2 W from |y| < 1 in R^%d have the mean (1 − |y|²)/2m', (m) => {
    for (const distance of [0, 0.5]) {
      const start = { x: [0], y: along(m, distance), radius: 1, dt: 0.002, paths: 4000, seed: 4, horizon: 50 };
      const { survived, mean } = simulateExitTimes(noDrift(m), start);
      expect(survived).toBe(0);
      // Exits put in the middle of a step leave an error far below dt/2.
      const exact = (1 - distance ** 2) / (2 * m);
      expect(Math.abs(mean.mean - exact)).toBeLessThan(3 * mean.standardError + 0.001);
    }
  });

  test('of the Ornstein–Uhlenbeck process in the plane have the mean of the cell solver as δ → 0', {
    tags: ['full'],
  }, () => {
    const delta = 1e-7;
    const options = { x: [0], p: [0], radius: 2, delta, nodes: 101, integrand: () => 1 };
    const exact = solveDeltaCell(inSpace(2), options).minusDeltaOmega([0, 0]) / delta;
    const start = { x: [0], y: [0, 0], radius: 2, dt: 0.01, paths: 2000, seed: 2, horizon: 200 };
    const { survived, mean } = simulateExitTimes(inSpace(2), start);
    expect(survived).toBe(0);
    expect(Math.abs(mean.mean - exact)).toBeLessThan(3 * mean.standardError + BIAS * 0.01 * exact);
  });

  test('beyond the horizon leave a fraction inside and the restricted mean E min(τ, horizon)', () => {
    const start = { x: [0], y: [0], radius: 1, dt: 0.002, paths: 4000, seed: 5, horizon: 0.5 };
    const { times, survived, mean } = simulateExitTimes(noDrift(1), start);
    // P(τ > t) = (4/π)Σ(−1)^k/(2k+1)·e^{−λ t}, λ = ((2k+1)π/2)²; its integral up to the horizon is the restricted mean.
    const series = (term: (lambda: number) => number) =>
      [0, 1, 2, 3, 4, 5].reduce((sum, k) => {
        const lambda = (((2 * k + 1) * Math.PI) / 2) ** 2;
        return sum + ((4 / Math.PI) * (-1) ** k * term(lambda)) / (2 * k + 1);
      }, 0);
    const inside = series((lambda) => Math.exp(-lambda / 2));
    const restricted = series((lambda) => (1 - Math.exp(-lambda / 2)) / lambda);
    expect(Math.abs(survived - inside)).toBeLessThan(3 * Math.sqrt((inside * (1 - inside)) / 4000));
    expect(Math.abs(mean.mean - restricted)).toBeLessThan(3 * mean.standardError + 0.001);
    expect(times.filter((time) => time === Infinity).length).toBe(survived * 4000);
  });
});

describe('paths refuse', () => {
  const options: CellPathsOptions = { x: [1], p: [1], y: [0], radius: 1, delta: 0.1, dt: 0.01, paths: 10, seed: 1 };
  test.each([
    [{ delta: 0 }, 'δ is 0'],
    [{ delta: -1 }, 'δ is -1'],
    [{ delta: Number.NaN }, 'δ is NaN'],
    [{ delta: 1e-12 }, 'path-steps'],
    [{ paths: 0 }, '0 paths'],
    [{ paths: 1.5 }, '1.5 paths'],
    [{ seed: -1 }, 'the seed is -1'],
    [{ seed: 0.5 }, 'the seed is 0.5'],
    [{ dt: 0 }, 'step 0'],
    [{ radius: Number.POSITIVE_INFINITY }, 'radius Infinity'],
    [{ y: [1] }, 'start 1'],
    [{ y: [0, 0] }, 'y is [0, 0]'],
    [{ integrand: () => Number.NaN }, 'NaN'],
  ] as const)('%o', (part, fact) => {
    const run = () => simulateDeltaCell(quadratic(), { ...options, ...part });
    expect(run).toThrow(InputError);
    expect(run).toThrow(fact);
  });

  test('a horizon that is not positive or never reached', () => {
    for (const horizon of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => simulateExitTimes(quadratic(), { ...options, horizon })).toThrow(InputError);
    }
  });
});

test('the step resolves relaxation, the layer at the sphere, and diffusion where there is no drift', () => {
  // b = −y, |b| = n on the sphere: 0.02 relaxation times, 0.2/n², 0.002 n².
  expect(exitStep(inSpace(2), [0], 2)).toBeCloseTo(0.008, 12);
  expect(exitStep(inSpace(1), [0], 4)).toBeCloseTo(0.2 / 16, 12);
  expect(exitStep(noDrift(3), [0], 1)).toBeCloseTo(0.002, 12);
});

test('paths that stay inside, and steps that are too long, are warned of', () => {
  const usual = exitStep(noDrift(1), [0], 1);
  const paths = { x: [0], y: [0], radius: 1, paths: 200, seed: 1 };
  const warningsOf = (horizon: number, dt: number) =>
    simulateExitTimes(noDrift(1), { ...paths, horizon, dt }).warnings.join();
  expect(warningsOf(0.5, usual)).toMatch(/of 200 paths are still inside at the time 0\.5 .* take a longer horizon/);
  expect(warningsOf(50, usual)).toBe('');
  expect(warningsOf(50, 2 * usual)).toMatch(/^the step .* is longer than .* take a smaller step$/);
  const { warnings } = simulateDeltaCell(noDrift(1), { ...paths, p: [0], delta: 1, dt: 3 * usual });
  expect(warnings.join()).toMatch(/^the step /);
});

describe('with noise r', () => {
  test('c√2, −δω and the exit weight are those of noise √2, drift b/c² and δ/c² with steps c² times as long', () => {
    const c = 0.7;
    const options = { x: [0], p: [0], y: [0.5], radius: 1.5, paths: 200, seed: 3, integrand: square };
    const noisy = simulateDeltaCell(withNoise(inSpace(1), `${c}*sqrt(2)`), { ...options, delta: 0.2, dt: 0.02 });
    const slower = inSpace(1, { drift: [`-y/${c ** 2}`] });
    const unit = simulateDeltaCell(slower, { ...options, delta: 0.2 / c ** 2, dt: 0.02 * c ** 2 });
    // The same draws: rounding alone differs.
    expect(noisy.minusDeltaOmega.mean).toBeCloseTo(unit.minusDeltaOmega.mean, 10);
    expect(noisy.exitWeight.mean).toBeCloseTo(unit.exitWeight.mean, 10);
  });

  test.each([
    ['0.5*sqrt(y + 3)', '-y'],
    ['sqrt(2 + y^2)', '-2*y'],
    ['1 + 0.4*sin(2*y)', '-y/2'],
  ])('%s and b = %s, exit weight and −δω are those of the cell solver', (noise, drift) => {
    const problem = withNoise(inSpace(1, { drift: [drift] }), noise);
    const ball = { x: [0], p: [0], radius: 2, delta: 2, integrand: square };
    const cell = solveDeltaCell(problem, { ...ball, nodes: 2001 });
    const dt = exitStep(problem, [0], 2);
    const found = simulateDeltaCell(problem, { ...ball, y: [1], dt, paths: 500, seed: 1 });
    const pairs = [
      [found.minusDeltaOmega, cell.minusDeltaOmega([1])],
      [found.exitWeight, cell.exitWeightAt([1])],
    ] as const;
    for (const [{ mean, standardError }, exact] of pairs) {
      expect(Math.abs(mean - exact)).toBeLessThan(3 * standardError + 0.005 * exact);
    }
  });

  test('of Cox, Ingersoll and Ross, the mean exit time is that of scale and speed', () => {
    const problem = withNoise(inSpace(1, { drift: ['1.5 - (y + 2)'] }), '0.8*sqrt(y + 2)');
    const dt = exitStep(problem, [0], 1);
    const start = { x: [0], y: [0], radius: 1, dt, paths: 1000, seed: 2, horizon: 100 };
    const { survived, mean } = simulateExitTimes(problem, start);
    const exact = meanExitTime(
      (y) => 1.5 - (y + 2),
      (y) => (0.8 ** 2 * (y + 2)) / 2,
    );
    expect(survived).toBe(0);
    expect(Math.abs(mean.mean - exact)).toBeLessThan(3 * mean.standardError + BIAS * dt * exact);
  });

  test('that moves each variable by the other, in a disc', () => {
    const problem = withNoise(inSpace(2), '1 + 0.3*sin(y2)', '1.2 + 0.3*cos(y1)');
    const ball = { x: [0], p: [0], radius: 1.5, delta: 2, integrand: square };
    const exact = solveDeltaCell(problem, { ...ball, nodes: 101 }).minusDeltaOmega([0, 0]);
    const dt = exitStep(problem, [0], 1.5);
    const { minusDeltaOmega } = simulateDeltaCell(problem, { ...ball, y: [0, 0], dt, paths: 400, seed: 5 });
    expect(Math.abs(minusDeltaOmega.mean - exact)).toBeLessThan(3 * minusDeltaOmega.standardError + 0.005 * exact);
  });

  test('that vanishes in the ball, is refused', () => {
    const options = { x: [0], y: [0.5], radius: 1, dt: 0.01, paths: 10, seed: 1, horizon: 1 };
    expect(() => simulateExitTimes(withNoise(inSpace(1), 'y'), options)).toThrow(InputError);
  });
});

/** E τ from 0 for the ends ±1: ∫G(0,z)m(z)dz, S' = e^{∫−b/α}, m = 1/(αS'), by the rule of midpoints. */
function meanExitTime(drift: (y: number) => number, alpha: (y: number) => number): number {
  const cells = 20_000;
  const h = 2 / cells;
  const [scale, speed] = [new Float64Array(cells), new Float64Array(cells)];
  let [exponent, total] = [0, 0];
  for (let k = 0; k < cells; k++) {
    const z = -1 + (k + 0.5) * h;
    exponent -= (drift(z) / alpha(z)) * h;
    // S at the middle of a cell, and the density of the speed measure there.
    const slope = Math.exp(exponent + ((drift(z) / alpha(z)) * h) / 2);
    scale[k] = total + (slope * h) / 2;
    speed[k] = 1 / (alpha(z) * slope);
    total += slope * h;
  }
  const middle = (scale[cells / 2 - 1] + scale[cells / 2]) / 2;
  let time = 0;
  for (let k = 0; k < cells; k++) {
    const [low, high] = [Math.min(middle, scale[k]), Math.max(middle, scale[k])];
    time += ((low * (total - high)) / total) * speed[k] * h;
  }
  return time;
}
