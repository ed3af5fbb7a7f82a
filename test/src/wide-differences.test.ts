/** Differences over several cells: monotone for every step, equal to upwind for short ones, the same in the limit ε → 0. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certify, solveEpsilonHjb } from '../../solvers/index.ts';
import { cellsReached } from '../../src/differencing/wide-difference.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import { kernelProblems } from '../kernel-problems.ts';
import { slowFast } from '../problems.ts';
import { averagedEuler, discretised, imexEuler, stepped } from '../step.ts';

const kernel = await wasmKernel();

/** Ranges of V_{i±1} − V_i of all fields below. */
const DIFFERENCES = [-2.5, 2.5] as const;

function operatorsOf(problem: Problem, axes: number) {
  const slow = axes === 1 ? [uniformAxis('x', -1, 1, 19)] : [uniformAxis('x1', -1, 1, 7), uniformAxis('x2', -1, 1, 5)];
  const operators = discretised(problem, slow, uniformAxis('y', -3, 3, 8));
  return { ...operators, slow: operators.slow.usedUnder(slow.map(() => DIFFERENCES)) };
}

/**
 * Those without feet of their own. Where every control leaves over an end, V is extrapolated, which is not monotone: one
 * problem does so by intention, another at y = 0, which is no node. Second differences of noise in x are those of inner
 * nodes at the ends: test/src/second-differences.test.ts.
 */
const wide = kernelProblems.filter(([name, problem, axes]) => {
  return (
    operatorsOf(problem, axes).slow.longFeet === 'wide' &&
    name !== 'a formula that all controls leave by' &&
    problem.slowNoise === undefined
  );
});

/** A deterministic field in [0, 1] without a pattern. */
function field(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => (1 + Math.sin(12.9898 * (k + 1) * (seed + 1) + seed)) / 2);
}

const draws = fc.record({ seed: fc.nat(1000), length: fc.double({ min: 0.1, max: 14, noNaN: true }) });

describe.each(wide)('%s', (_name, problem, axes) => {
  const operators = operatorsOf(problem, axes);
  const start = new Float64Array(operators.grid.size);
  const size = operators.grid.size * operators.fast.nodes;

  test('V ≤ W implies SV ≤ SW, however long the step', async () => {
    await fc.assert(
      fc.asyncProperty(draws, async ({ seed, length }) => {
        const dt = length * operators.slow.stableStep;
        const step = imexEuler(operators, dt, 1, start);
        const V = field(size, seed);
        const rise = field(size, seed + 7);
        const [low, high] = [
          await stepped(kernel, step, V),
          await stepped(
            kernel,
            step,
            V.map((v, k) => v + rise[k]),
          ),
        ];
        // Rounding of sums of the size of SV, a few ulps per operation.
        const scale = high.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        const least = high.reduce((fall, value, k) => Math.min(fall, value - low[k]), 1);
        expect(least).toBeGreaterThan(-2e-14 * scale - dt * operators.slow.controlsError);
      }),
      { numRuns: 12 },
    );
  });

  test('S(V + c) = SV + c', async () => {
    const step = imexEuler(operators, 5 * operators.slow.stableStep, 0.1, start);
    const V = field(size, 3);
    const [still, moved] = [
      await stepped(kernel, step, V),
      await stepped(
        kernel,
        step,
        V.map((value) => value + 0.5),
      ),
    ];
    expect(moved.reduce((most, value, k) => Math.max(most, Math.abs(value - still[k] - 0.5)), 0)).toBeLessThan(1e-13);
  });

  test('as ε → 0 the step is that of the effective equation', async () => {
    const dt = 6 * operators.slow.stableStep;
    const v = field(operators.grid.size, 5);
    const limit = await stepped(kernel, averagedEuler(operators, dt, operators.fast.stationary(), start), v);
    const V = Float64Array.from({ length: size }, (_, k) => v[k % v.length]);
    const found = await stepped(kernel, imexEuler(operators, dt, 1e-15, start), V);
    expect(found.reduce((most, value, k) => Math.max(most, Math.abs(value - limit[k % v.length])), 0)).toBeLessThan(
      1e-12,
    );
  });

  test('steps within a cell are those of upwind, bit for bit', async () => {
    const dt = operators.slow.stableStep;
    const V = field(size, 9);
    const program = imexEuler(operators, dt, 1, start);
    const upwind = {
      ...program,
      phases: program.phases.map((phase) =>
        'minimum' in phase ? { ...phase, minimum: { ...phase.minimum, speeds: null } } : phase,
      ),
    };
    expect(await stepped(kernel, program, V)).toEqual(await stepped(kernel, upwind, V));
  });
});

test('differences reach over as many cells as the fastest control moves', () => {
  expect([0, 0.4, 1, 1 + 1e-13, 1.01, 7, 7.2].map((speed) => cellsReached(2 * speed, 0.5))).toEqual([
    1, 1, 1, 1, 2, 7, 8,
  ]);
});

describe('two controls on two axes, φ = (1 + y²/9)(u, w), ℓ = (u² + w²)/2, f = |x|²/2', () => {
  // The minimiser −(1 + y²/9) p moves x at −(1 + y²/9)² p: the tails in y are fast.
  const problem: Problem = {
    ...slowFast({
      slow: ['(1+y^2/9)*u', '(1+y^2/9)*w'],
      runningCost: '(u^2+w^2)/2',
      controls: { kind: 'box', names: ['u', 'w'], lower: [-Infinity, -Infinity], upper: [Infinity, Infinity] },
    }),
    horizon: 0.25,
  };
  const axesOf = (n: number, m: number) => ({
    slow: [uniformAxis('x1', -1, 1, n), uniformAxis('x2', -1, 1, n)],
    fast: [uniformAxis('y', -6, 6, m)],
  });

  test('steps follow the mass, not the tails: half as many at errors within 10 %', { tags: ['full'] }, async () => {
    const [found, short, exact] = await Promise.all([
      solveEpsilonHjb(problem, { ...axesOf(11, 21), epsilon: 0.01 }),
      solveEpsilonHjb(problem, { ...axesOf(11, 21), epsilon: 0.01, steps: 40 }),
      solveEpsilonHjb(problem, { ...axesOf(21, 21), epsilon: 0.01, scheme: 'filtered' }),
    ]);
    const errorOf = ({ values }: typeof found) => {
      let most = 0;
      for (let j = 0; j < 21; j++) {
        for (let b = 3; b < 8; b++) {
          for (let a = 3; a < 8; a++) {
            const there = exact.values[(j * 21 + 2 * b) * 21 + 2 * a];
            most = Math.max(most, Math.abs(values[(j * 11 + b) * 11 + a] - there));
          }
        }
      }
      return most;
    };
    expect(found).toMatchObject({ outcome: { status: 'converged' }, exceeded: null, stableStep: Infinity });
    expect(found.feet?.longest).toBeGreaterThan(1.5);
    expect(found.feet?.probability).toBeLessThan(1e-6);
    expect(errorOf(found)).toBeLessThan(1.1 * errorOf(short)); // measured 8.4e-3 and 8.0e-3
  });

  test.each([Infinity, 2])('the certificate holds for the long step, |u|, |w| ≤ %f', async (end) => {
    const bounded = {
      ...problem,
      controls: { kind: 'box', names: ['u', 'w'], lower: [-end, -end], upper: [end, end] },
    } as const;
    const axes = axesOf(9, 13);
    const solution = await solveEpsilonHjb(bounded, { ...axes, epsilon: 0.1 });
    expect(solution.feet?.longest).toBeGreaterThan(1.2);
    const certificate = await certify(bounded, {
      ...{ ...axes, epsilon: 0.1, steps: solution.steps, solution },
      observe: { lower: [-0.5, -0.5, -1], upper: [0.5, 0.5, 1] },
    });
    expect(certificate.monotone).toMatchObject({ status: 'holds' });
  });
});
