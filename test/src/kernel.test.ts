import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { plainKernel } from '../../src/kernel/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { explicitEuler } from '../../src/time/explicit-euler.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { averagedEuler, imexEuler } from '../../src/time/imex-euler.ts';
import { quadratic, slowFast } from '../problems.ts';
import { discretised, stepped, sweepOf } from '../step.ts';

const oracle = plainKernel();
const wasm = await wasmKernel();
const threads = await Promise.all([2, 3].map((count) => nodeKernel(count)));
afterAll(() => Promise.all(threads.map((kernel) => kernel.close())));

const box = { kind: 'box', names: ['u', 'w'], lower: [-1, -1], upper: [1, 1], affine: true } as const;

/** One candidate and rest (the fused step); several candidates; a running cost; two slow axes. Odd sizes on purpose. */
const problems: readonly (readonly [string, Problem, number])[] = [
  ['one candidate and rest', quadratic(), 1],
  ['one candidate that cannot rest', quadratic([1, 1]), 1],
  ['several candidates', slowFast({ slow: [(_x, y, u) => u[0] + Math.cos(y[0])] }), 1],
  ['a running cost', slowFast({ slow: [(_x, y, u) => u[0] * y[0]], runningCost: (x, _y, u) => x[0] + 0.2 * u[0] }), 1],
  ['two slow axes', slowFast({ slow: [(x, y, u) => u[0] * y[0] - x[1], (x, _y, u) => u[1] + x[0]], controls: box }), 2],
];

function operatorsOf(problem: Problem, axes: number): Discretisation {
  const slow = axes === 1 ? [uniformAxis('x', -1, 1, 37)] : [uniformAxis('x1', -1, 1, 7), uniformAxis('x2', -1, 1, 5)];
  return discretised(problem, slow, uniformAxis('y', -3, 3, 11));
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

const seeds = fc.integer({ min: 1, max: 1e6 });

/** Deterministic values in [−1, 1]. */
function randomField(length: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

describe('the WebAssembly kernel equals plain TypeScript to 1e-14 on random data', () => {
  test.each(problems)('%s', async (_name, problem, axes) => {
    const operators = operatorsOf(problem, axes);
    const dt = operators.slow.stableStep;
    const start = new Float64Array(operators.grid.size);
    const measure = operators.fast.stationary();
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: -14, max: 0 }), async (seed, exponent) => {
        const V = randomField(operators.grid.size * operators.fast.nodes, seed);
        const v = randomField(operators.grid.size, seed);
        const imex = imexEuler(operators, dt, 10 ** exponent, start);
        const explicit = explicitEuler(operators, 1e-4, 1, start);
        const averaged = averagedEuler(operators, dt, measure, start);
        for (const [program, value] of [
          [sweepOf(imex), V],
          [imex, V],
          [explicit, V],
          [averaged, v],
        ] as const) {
          const [expected, found] = [await stepped(oracle, program, value, 3), await stepped(wasm, program, value, 3)];
          expect(largestDifference(expected, found)).toBeLessThan(1e-14);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('threads', () => {
  test.each(problems.slice(0, 4))('results are bit-identical for 1, 2 and 3 threads: %s', async (_name, problem) => {
    const operators = discretised(problem, [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129));
    const V = randomField(257 * 129, 7);
    const v = randomField(257, 7);
    const start = new Float64Array(257);
    const dt = operators.slow.stableStep;
    const imex = imexEuler(operators, dt, 0.01, start);
    const averaged = averagedEuler(operators, dt, operators.fast.stationary(), start);
    for (const [program, value] of [
      [imex, V],
      [averaged, v],
    ] as const) {
      const single = await stepped(wasm, program, value, 11);
      for (const kernel of threads)
        expect(largestDifference(await stepped(kernel, program, value, 11), single)).toBe(0);
    }
  });

  test('the value does not depend on how many steps a call takes', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129));
    const V = randomField(257 * 129, 7);
    const program = imexEuler(operators, operators.slow.stableStep, 0.01, new Float64Array(257));
    const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? V : buffer.slice()));
    for (const kernel of [wasm, ...threads]) {
      const session = kernel.open();
      const loaded = await session.load({ ...program, buffers });
      for (const count of [1, 4, 1, 1, 3]) await loaded.advance(count);
      const single = await stepped(wasm, program, V, 10);
      expect(largestDifference(await loaded.read(), single)).toBe(0);
      session.close();
    }
  });

  test('a value that is not finite stops every thread after the same step', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129));
    const program = imexEuler(operators, operators.slow.stableStep, 0.01, new Float64Array(257));
    for (const kernel of [oracle, wasm, ...threads]) {
      const session = kernel.open();
      const buffers = program.buffers.map((buffer) => buffer.slice());
      buffers[program.value][200] = Number.NaN;
      const loaded = await session.load({ ...program, buffers });
      expect(await loaded.advance(5)).toEqual({ step: 1 });
      session.close();
    }
  });
});

describe('memory', () => {
  test('a field that does not fit is refused with what is needed and what is available', async () => {
    const small = await wasmKernel({ availableBytes: 2 ** 20 });
    expect(() => small.open().allocate(2 ** 20)).toThrow(
      /need 0\.01 GiB of memory – 0\.00 GiB are available – take fewer/,
    );
  });

  test('IMEX Euler with one moving candidate holds six arrays per unknown', async () => {
    const session = wasm.open();
    const { allocate } = session;
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129), allocate);
    await session.load(imexEuler(operators, 1e-3, 1, new Float64Array(257)));
    expect(session.bytes / (8 * 257 * 129)).toBeLessThan(6.1);
    session.close();
  });
});
