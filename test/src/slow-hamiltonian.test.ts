import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import { coordinate, uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { ControlSet, Problem } from '../../src/model/problem.ts';
import { multiwell, quadratic, slowFast } from '../problems.ts';
import { discretised, imexEuler, stepped, sweepOf } from '../step.ts';

const box = (lower: number[], upper: number[]): ControlSet => ({
  kind: 'box',
  names: lower.map((_, c) => `u${c + 1}`),
  lower,
  upper,
});

const number = fc.double({ min: -2, max: 2, noNaN: true });
const slowAxis = uniformAxis('x', -1.5, 1.5, 13);
const fastAxis = uniformAxis('y', -3, 3, 9);
const slow = tensorGrid([slowAxis]);
const fast = tensorGrid([fastAxis]);
const size = slow.size * fast.size;
const values = fc
  .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size })
  .map((list) => Float64Array.from(list));
const increments = values.map((list) => list.map((value) => Math.max(value, 0)));

const kernel = await wasmKernel();

const start = new Float64Array(slow.size);

function raised(V: Float64Array, increment: Float64Array): Float64Array {
  return V.map((value, k) => value + increment[k]);
}

/** Problems whose monotone bound is attained: state constraints at both ends. */
const problems: readonly (readonly [string, Problem])[] = [
  ['deep relaxation', quadratic()],
  ['deep relaxation with a non-convex loss', multiwell()],
  ['a control inside whose set the drift changes sign', slowFast({ slow: [(_x, y, u) => u[0] + Math.cos(y[0])] })],
  [
    'a running cost affine in the control',
    slowFast({ slow: [(_x, y, u) => u[0] * (1 + y[0] ** 2)], runningCost: (x, y, u) => x[0] * y[0] + 0.3 * u[0] }),
  ],
  [
    'a finite control set',
    slowFast({
      slow: [(_x, y, u) => u[0] * y[0]],
      controls: { kind: 'values', names: ['u'], values: [[-1], [0], [2]] },
    }),
  ],
];

describe('the slow Hamiltonian', () => {
  test.each(problems)('is monotone under its CFL bound: %s', async (_name, problem) => {
    const operators = discretised(problem, [slowAxis], fastAxis);
    const bound = operators.slow.stableStep;
    await fc.assert(
      fc.asyncProperty(
        values,
        increments,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        async (V, increment, fraction) => {
          const program = sweepOf(imexEuler(operators, fraction * bound, 1, start));
          const low = await stepped(kernel, program, V);
          const high = await stepped(kernel, program, raised(V, increment));
          // Values up to 10 and differences of them: a few ulps of 10.
          for (let k = 0; k < size; k++) expect(high[k] - low[k]).toBeGreaterThan(-1e-14);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(problems)('V ≤ W implies step(V) ≤ step(W) for IMEX Euler at every ε: %s', async (_name, problem) => {
    const operators = discretised(problem, [slowAxis], fastAxis);
    await fc.assert(
      fc.asyncProperty(values, increments, fc.integer({ min: -14, max: 1 }), async (V, increment, exponent) => {
        const program = imexEuler(operators, operators.slow.stableStep, 10 ** exponent, start);
        const low = await stepped(kernel, program, V);
        const high = await stepped(kernel, program, raised(V, increment));
        for (let k = 0; k < size; k++) expect(high[k] - low[k]).toBeGreaterThan(-1e-13);
      }),
      { numRuns: 60 },
    );
  });

  test('the candidate controls attain the minimum over a finely sampled box', async () => {
    const twoAxes = [uniformAxis('x1', -1, 1, 5), uniformAxis('x2', -1, 1, 5)];
    const oneFast = uniformAxis('y', -1, 1, 3);
    const total = 75;
    await fc.assert(
      fc.asyncProperty(
        fc.array(number, { minLength: 6, maxLength: 6 }),
        fc.array(number, { minLength: 2, maxLength: 2 }),
        fc.array(number, { minLength: total, maxLength: total }),
        async ([a, b, c, d, e, g], [l1, l2], list) => {
          const drift = [
            (_x: ArrayLike<number>, _y: ArrayLike<number>, u: ArrayLike<number>) => a + b * u[0] + c * u[1],
            (_x: ArrayLike<number>, _y: ArrayLike<number>, u: ArrayLike<number>) => d + e * u[0] + g * u[1],
          ];
          const cost = (_x: ArrayLike<number>, _y: ArrayLike<number>, u: ArrayLike<number>) => l1 * u[0] + l2 * u[1];
          const problem = slowFast({ slow: drift, controls: box([-1, -1], [1, 1]), runningCost: cost });
          const V = Float64Array.from(list);
          const operators = discretised(problem, twoAxes, oneFast);
          const dt = operators.slow.stableStep / 2;
          const out = await stepped(kernel, sweepOf(imexEuler(operators, dt, 1, new Float64Array(25))), V);
          const centre = 12;
          const h = 0.5;
          const rate = (u: readonly number[]) => {
            let sum = cost([], [], u);
            drift.forEach((field, i) => {
              const speed = field([], [], u);
              const stride = i === 0 ? 1 : 5;
              const forward = (V[centre + stride] - V[centre]) / h;
              const backward = (V[centre] - V[centre - stride]) / h;
              sum += speed > 0 ? speed * forward : speed * backward;
            });
            return sum;
          };
          let sampled = Infinity;
          const steps = 80;
          for (let i = 0; i <= steps; i++) {
            for (let j = 0; j <= steps; j++)
              sampled = Math.min(sampled, rate([-1 + (2 * i) / steps, -1 + (2 * j) / steps]));
          }
          const found = (out[centre] - V[centre]) / dt;
          expect(found).toBeLessThanOrEqual(sampled + 1e-10);
          // Sampling misses the vertex by at most half a spacing times the slope in u: (|b|+|c|+|e|+|g|)·8 + |l|.
          const slope = 8 * (Math.abs(b) + Math.abs(c) + Math.abs(e) + Math.abs(g)) + Math.abs(l1) + Math.abs(l2);
          expect(found).toBeGreaterThanOrEqual(sampled - (2 / steps) * slope - 1e-10);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a value with a kink at its minimum stays where a control can rest between the ends of U', async () => {
    // φ = u ∈ [−1, 1], V = |x|: at the kink both ends of U raise V, u = 0 keeps it.
    const operators = discretised(slowFast({}), [slowAxis], fastAxis);
    const V = Float64Array.from({ length: size }, (_, k) => Math.abs(coordinate(slowAxis, k % slow.size)));
    const after = await stepped(kernel, sweepOf(imexEuler(operators, 0.1, 1, start)), V);
    expect(after[6]).toBe(0);
  });

  test('only what is sampled has an unknown error of the minimum over U', () => {
    const sampled = {
      ...slowFast({}),
      slowDrift: [(_x: unknown, _y: unknown, u: ArrayLike<number>) => Math.sin(u[0])],
    };
    expect(slowHamiltonian(sampled, slow, fast).controlsError).toBe(Infinity);
    expect(slowHamiltonian(slowFast({ slow: ['sin(u)'] }), slow, fast).controlsError).toBe(0);
    expect(slowHamiltonian(quadratic(), slow, fast).controlsError).toBe(0);
  });

  test('NaN in a coefficient stops with the node', () => {
    const broken = slowFast({ slow: [(x, _y, u) => u[0] / (x[0] - 0.25)] });
    expect(() => slowHamiltonian(broken, slow, fast)).toThrow(
      /slow drift φ is -?Infinity at x = 0\.25, y = -3, u = -1/,
    );
  });
});
