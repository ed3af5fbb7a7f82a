/** Implicit steps by policy iteration with noise in x, a discount and a terminal cost in y. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../../src/grid/grid.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { marchImplicit } from '../../src/time/implicit-howard.ts';
import { everyTerm, general, generalReference, noiseOfTheFastVariable, powerUtility } from '../general-problems.ts';
import { dominatedNoise } from '../reference-problems.ts';
import { discretised, imexEuler, stepped as steppedBy, sweepOf } from '../step.ts';

const x = uniformAxis('x', -1.5, 1.5, 11);
const y = uniformAxis('y', -2, 2, 5);
const anyValue = (size: number) =>
  fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size })
    .map((list) => Float64Array.from(list));

async function stepped(problem: Discretisation, V: Float64Array, dt: number, epsilon: number): Promise<Float64Array> {
  const { values, end } = await marchImplicit(problem, { dt, steps: 1, epsilon }, V, {});
  expect(end.status).toBe('converged');
  return values;
}

/** The largest of (1 + λdt)V⁺ − Vⁿ − dt min_u{…} − (dt/ε) L_h V⁺ where no drift leaves, from φ, s and ℓ themselves. */
function residual(
  problem: Problem,
  discrete: Discretisation,
  [V, W]: readonly Float64Array[],
  { dt, epsilon }: { readonly dt: number; readonly epsilon: number },
): number {
  const [size, nodes] = [discrete.grid.size, discrete.fast.nodes];
  const [{ up, down }] = discrete.fast.directions;
  const [from, to] = problem.controls.kind === 'box' ? [problem.controls.lower[0], problem.controls.upper[0]] : [0, 0];
  const whole = tensorGrid([x, y]);
  const point = new Float64Array(2);
  let worst = 0;
  for (let k = 0; k < V.length; k++) {
    nodeCoordinates(point, whole, k);
    const [s, j] = [k % size, Math.floor(k / size)];
    const isEnd = s === 0 || s === size - 1;
    const bracket = (u: number) => {
      const [at, noise, control] = [[point[0]], [point[1]], [u]];
      const drift = problem.slowDrift[0](at, noise, control);
      const ahead = s < size - 1 ? W[k + 1] - W[k] : 0;
      const behind = s > 0 ? W[k] - W[k - 1] : 0;
      const curvature = isEnd ? 0 : (W[k + 1] - 2 * W[k] + W[k - 1]) / x.spacing ** 2;
      const half = (problem.slowNoise?.[0][0](at, noise, control) ?? 0) ** 2 / 2;
      const slope = (drift > 0 ? ahead : behind) / x.spacing;
      return drift * slope + half * curvature + (problem.runningCost?.(at, noise, control) ?? 0);
    };
    const steps = 4000;
    let least = Infinity;
    for (let c = 0; c <= steps; c++) least = Math.min(least, bracket(from + ((to - from) * c) / steps));
    let jumps = 0;
    if (j < nodes - 1) jumps += up[k] * (W[k + size] - W[k]);
    if (j > 0) jumps += down[k] * (W[k - size] - W[k]);
    const left = (1 + dt * discrete.discount) * W[k] - V[k] - dt * least - (dt / epsilon) * jumps;
    worst = Math.max(worst, Math.abs(left) / (1 + dt / x.spacing ** 2));
  }
  return worst;
}

const problems: readonly (readonly [string, Problem])[] = [
  ['every term', everyTerm()],
  ['noise that a control moves', powerUtility()],
];

describe.each(problems)('one implicit step, %s', (_name, problem) => {
  const discrete = discretised(problem, [x], y);
  const size = discrete.grid.size * discrete.fast.nodes;

  test('solves the equation of every node, written out from φ, s, ℓ and λ', async () => {
    const cases = fc.tuple(anyValue(size), fc.constantFrom(0.02, 0.5), fc.constantFrom(0.1, 3));
    await fc.assert(
      fc.asyncProperty(cases, async ([V, dt, epsilon]) => {
        const W = await stepped(discrete, V, dt, epsilon);
        // The minimum over 4001 controls is off by the square of half their distance times a curvature.
        expect(residual(problem, discrete, [V, W], { dt, epsilon })).toBeLessThan(2e-6);
      }),
      { numRuns: 8 },
    );
  });

  test('is monotone at every dt, and keeps constants but for the discount', async () => {
    const cases = fc.tuple(anyValue(size), anyValue(size), fc.constantFrom(0.01, 10));
    await fc.assert(
      fc.asyncProperty(cases, async ([V, rise, dt]) => {
        const higher = V.map((value, k) => value + Math.abs(rise[k]));
        const [low, high] = [await stepped(discrete, V, dt, 0.3), await stepped(discrete, higher, dt, 0.3)];
        expect(low.every((value, k) => value <= high[k] + 1e-10)).toBe(true);
        const raised = await stepped(
          discrete,
          V.map((value) => value + 1),
          dt,
          0.3,
        );
        const kept = 1 / (1 + dt * discrete.discount);
        expect(raised.every((value, k) => Math.abs(value - low[k] - kept) < 1e-10)).toBe(true);
      }),
      { numRuns: 6 },
    );
  });
});

describe('one implicit step with cross terms', () => {
  const axes = [uniformAxis('x1', -1.5, 1.5, 8), uniformAxis('x2', -1.5, 1.5, 7)];
  const discrete = discretised(dominatedNoise(), axes, y);
  const { size, shape } = discrete.grid;
  const isInside = (k: number) => {
    const [first, second] = [k % shape[0], Math.floor(k / shape[0]) % shape[1]];
    return first > 0 && first < shape[0] - 1 && second > 0 && second < shape[1] - 1;
  };

  test('solves the equation of every inner node: V⁺ − dt M V⁺ − (dt/ε) L_h V⁺ = V', async () => {
    const [short, plain] = [1e-3, plainKernel()];
    const sweep = sweepOf(imexEuler(discrete, short, 1, new Float64Array(size)));
    const [{ up, down }] = discrete.fast.directions;
    const cases = fc.tuple(anyValue(size * 5), fc.constantFrom(0.02, 0.5), fc.constantFrom(0.1, 3));
    await fc.assert(
      fc.asyncProperty(cases, async ([V, dt, epsilon]) => {
        const W = await stepped(discrete, V, dt, epsilon);
        const moved = await steppedBy(plain, sweep, W);
        for (let k = 0; k < W.length; k++) {
          if (!isInside(k)) continue;
          const ahead = k + size < W.length ? up[k] * (W[k + size] - W[k]) : 0;
          const behind = k >= size ? down[k] * (W[k - size] - W[k]) : 0;
          const left = W[k] - V[k] - (dt / short) * (moved[k] - W[k]) - (dt / epsilon) * (ahead + behind);
          expect(Math.abs(left)).toBeLessThan(1e-8);
        }
      }),
      { numRuns: 8, seed: 22 },
    );
  });

  test('is monotone at every dt, at every node where the drift keeps inside', async () => {
    const kept = discretised(dominatedNoise(['u - 2*x1', 'y/2 - x2']), axes, y);
    const cases = fc.tuple(anyValue(size * 5), fc.nat(size * 5 - 1), fc.constantFrom(0.01, 10));
    await fc.assert(
      fc.asyncProperty(cases, async ([V, node, dt]) => {
        const higher = V.map((value, k) => (k === node ? value + 1 : value));
        const [low, high] = [await stepped(kept, V, dt, 0.3), await stepped(kept, higher, dt, 0.3)];
        expect(low.every((value, k) => value <= high[k] + 1e-10)).toBe(true);
      }),
      { numRuns: 8, seed: 22 },
    );
  });
});

describe('exact numbers, of order 1 with implicit steps', () => {
  const valueAt = async (problem: Problem, level: number, point: readonly number[], epsilon: number, half = 5) => {
    const axes = { slow: [uniformAxis('x', -half, half, 2 * half * level + 1)], fast: [uniformAxis('y', -5, 5, 41)] };
    const solution = await solveEpsilonHjb(problem, { ...axes, epsilon, time: 'implicit' }, {});
    expect(solution.outcome.status).toBe('converged');
    return sample(solution, point);
  };

  /** Errors at half the spacing of before are half as large, within a fifth; the first one is at most `most`. */
  const expectHalved = ([coarse, fine]: readonly number[], most: number) => {
    expect(Math.abs(coarse)).toBeLessThan(most);
    expect(fine / coarse).toBeGreaterThan(0.4);
    expect(fine / coarse).toBeLessThan(0.6);
  };

  test('noise of the fast variable: 2.0004621376', { tags: ['full'] }, async () => {
    const errors: number[] = [];
    for (const level of [4, 8]) {
      errors.push((await valueAt(noiseOfTheFastVariable(), level, [1, 0.7], 0.1, 7)) - 2.0004621376);
    }
    expectHalved(errors, 0.1); // measured 0.081, 0.041
  });

  test('a control in [−1, 1] against noise: E X²/2 under u = −sign x (Karatzas, Shreve 1991, 6.5.14)', async () => {
    const problem = general({ potential: 'y^2/2' }, { noise: ['1'], terminal: 'x^2/2' });
    const errors: number[] = [];
    for (const level of [4, 8]) errors.push((await valueAt(problem, level, [0.5, 0], 0.1)) - steered(0.5, 1));
    expectHalved(errors, 0.07); // measured 0.062
  });

  test('a control that moves the noise', { tags: ['full'] }, async () => {
    const [{ V_over_exp_pz: exact }] = generalReference.merton.rows;
    const errors: number[] = [];
    for (const level of [4, 8]) errors.push((await valueAt(powerUtility(), level, [0, 0], 1, 6)) - exact);
    const [coarse, fine] = errors.map(Math.abs);
    expect(coarse).toBeLessThan(0.005); // measured 0.0036, 0.0013
    expect(fine).toBeLessThan(coarse / 2);
  });
});

/** E X_t²/2 of dX = −sign(X) dt + dW from x ≥ 0, from its density. */
function steered(start: number, t: number): number {
  // ∫_c^∞ e^{−(v−t)²/(2t)} dv by Simpson's rule.
  const tail = (c: number) => integral((v) => Math.exp(-((v - t) ** 2) / (2 * t)), c, c + 14);
  const gauss = (v: number) => Math.exp((-v * v) / (2 * t));
  const right = (z: number) => gauss(start - z - t) + Math.exp(-2 * z) * tail(start + z);
  const left = (z: number) => Math.exp(2 * start) * gauss(start - z + t) + Math.exp(2 * z) * tail(start - z);
  const mean = (of: (z: number) => number) =>
    (integral((z) => of(z) * right(z), 0, 10) + integral((z) => of(z) * left(z), -10, 0)) / Math.sqrt(2 * Math.PI * t);
  expect(mean(() => 1)).toBeCloseTo(1, 8);
  return mean((z) => (z * z) / 2);
}

function integral(f: (v: number) => number, from: number, to: number, parts = 1000): number {
  const h = (to - from) / parts;
  let sum = f(from) + f(to);
  for (let k = 1; k < parts; k++) sum += (k % 2 === 1 ? 4 : 2) * f(from + k * h);
  return (sum * h) / 3;
}
