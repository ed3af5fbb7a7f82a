import { GPU } from 'gpu.js';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeGpuKernel } from '../../scenarios/node-gpu.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { interpolation } from '../../src/differencing/interpolation.ts';
import { weno } from '../../src/differencing/weno.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { type Card, singlePrecisionBound } from '../../src/kernel/gpu/gpu.ts';
import { compileGpu } from '../../src/kernel/gpu/program.ts';
import type { Kernel, StepProgram } from '../../src/kernel/kernel.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { quadratic, slowFast } from '../problems.ts';
import { averagedEuler, discretised, explicitEuler, imexEuler, stepped } from '../step.ts';

/** A card, or a driver that stands in for one; where it must be there, its absence fails the tests. */
const card: Kernel | null = await nodeGpuKernel().catch((error: unknown) => {
  if (process.env.HJB_GPU === 'required') throw error;
  return null;
});
afterAll(() => card?.close());
const kernel = card as Kernel;
const oracle = plainKernel();

const box = { kind: 'box', names: ['u', 'w'], lower: [-1, -1], upper: [1, 1] } as const;
const problems: readonly (readonly [string, Problem, number])[] = [
  ['one candidate and rest', quadratic(), 1],
  ['one candidate that cannot rest', quadratic([1, 1]), 1],
  ['several candidates', slowFast({ slow: [(_x, y, u) => u[0] + Math.cos(y[0])] }), 1],
  ['a running cost', slowFast({ slow: [(_x, y, u) => u[0] * y[0]], runningCost: (x, _y, u) => x[0] + 0.2 * u[0] }), 1],
  ['two slow axes', slowFast({ slow: [(x, y, u) => u[0] * y[0] - x[1], (x, _y, u) => u[1] + x[0]], controls: box }), 2],
];

/** Deterministic values in [−1, 1]. */
function wave(length: number, pitch: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => Math.sin(pitch * k * k + k));
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

/** The program with WENO differences in its sweeps and averages. */
function byWeno(program: StepProgram): StepProgram {
  const differencing = { kind: weno, floors: [1e-3, 1e-3] };
  const phases = program.phases.map((phase) =>
    phase.kind === 'sweep' || phase.kind === 'average' ? { ...phase, differencing } : phase,
  );
  return { ...program, phases };
}

describe.skipIf(card === null)('the kernel of the graphics card', () => {
  test('says which mode of gpu.js ran, and that a processor stands in for a card', () => {
    expect(kernel.backend).toMatch(/^gpu:webgpu( \(software\))?$/);
  });

  test.each(problems)('stays within the single-precision bound of double precision: %s', async (_n, problem, axes) => {
    // 41·(1/41) is less than 1 in single precision.
    const plane = [uniformAxis('a', -1, 1, 41), uniformAxis('b', -1, 1, 5)];
    const slow = axes === 1 ? [uniformAxis('x', -1, 1, 37)] : plane;
    const operators = discretised(problem, slow, uniformAxis('y', -3, 3, 11));
    const { size } = operators.grid;
    const dt = operators.slow.stableStep / 2;
    const zero = new Float64Array(size);
    const imex = imexEuler(operators, dt, 1e-3, zero);
    const averaged = averagedEuler(operators, dt, operators.fast.stationary(), zero);
    for (const [program, value] of [
      [imex, wave(size * 11, 0.7)],
      [byWeno(imex), wave(size * 11, 0.3)],
      [explicitEuler(operators, 1e-4, 1, zero), wave(size * 11, 0.9)],
      [averaged, wave(size, 0.4)],
    ] as const) {
      const exact = await stepped(oracle, program, value, 7);
      const found = await stepped(kernel, program, value, 7);
      // Measured 2e-8 to 6e-7, the bound is 1e-5 to 2e-5. WENO is not monotone: its factor is the number of its stages.
      expect(largestDifference(found, exact)).toBeLessThan(singlePrecisionBound(program, 7, 2));
    }
  });

  inLanes([1, 1e-8], (epsilon) => epsilon < 1)('a solve up to T stays within the bound at ε = %d', async (epsilon) => {
    const axes = { slow: [uniformAxis('x', -2.5, 2.5, 101)], fast: [uniformAxis('y', -6, 6, 61)] };
    const found = await solveEpsilonHjb(quadratic(), { epsilon, ...axes }, { kernel });
    // A card takes steps within a cell: as many on the processor.
    const exact = await solveEpsilonHjb(quadratic(), { epsilon, steps: found.steps, ...axes });
    expect(exact.steps).toBe(found.steps);
    expect(found.outcome.status).toBe('converged');
    expect(found.backend).toBe(kernel.backend);
    // The matrices of the resolvent alone.
    expect(found.bytes).toBeGreaterThan(4 * 101 * 61 ** 2);
    const difference = largestDifference(found.values, exact.values);
    // sup f = 3.125: the bound is 9.8e-3.
    expect(difference).toBeLessThan(exact.steps * 2 * (61 + 16) * 2 ** -24 * 3.125);
    // Rounding is far from its worst case: measured 1.5e-5 at most.
    expect(difference).toBeLessThan(5e-5);
  });

  test('coefficients beyond 2²⁴ entries are read where they stand', async () => {
    // A kernel computes in single precision, which has no odd numbers up there: 1801·97² = 1.01·2²⁴ entries of P.
    const operators = discretised(quadratic(), [uniformAxis('x', -2.5, 2.5, 1801)], uniformAxis('y', -3, 3, 97));
    const program = imexEuler(operators, operators.slow.stableStep / 2, 1e-3, new Float64Array(1801));
    const value = wave(1801 * 97, 0.7);
    const [exact, found] = [await stepped(oracle, program, value), await stepped(kernel, program, value)];
    expect(largestDifference(found, exact)).toBeLessThan(singlePrecisionBound(program, 1, 1));
  });

  test('combinations, the filter and its count agree with plain TypeScript', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 37)], uniformAxis('y', -3, 3, 11));
    const imex = imexEuler(operators, operators.slow.stableStep / 2, 0.01, new Float64Array(37));
    const [accurate, fallen] = [imex.buffers.length, imex.buffers.length + 1];
    const { value, next } = imex;
    const program: StepProgram = {
      ...imex,
      buffers: [...imex.buffers, new Float64Array(37 * 11), new Float64Array(37)],
      phases: [
        ...imex.phases,
        {
          kind: 'combine',
          out: accurate,
          terms: [
            { field: value, factor: 0.5 },
            { field: next, factor: 0.25 },
            { field: value, factor: 0.25 },
          ],
        },
        { kind: 'filter', out: next, accurate, monotone: next, reach: 0.03, floor: -0.2, fallen },
      ],
    };
    const V = wave(37 * 11, 0.7);
    const both = [oracle, kernel].map(async (each) => {
      const session = each.open();
      const buffers = program.buffers.map((buffer, slot) => (slot === value ? V.slice() : buffer.slice()));
      const loaded = await session.load({ ...program, buffers });
      await loaded.advance(3);
      const read = { value: await loaded.read(), fallen: await loaded.read(fallen) };
      loaded.restart(V);
      await loaded.advance(3);
      expect(await loaded.read()).toEqual(read.value);
      session.close();
      return read;
    });
    const [exact, found] = await Promise.all(both);
    expect(largestDifference(found.value, exact.value)).toBeLessThan(1e-5);
    expect(found.fallen).toEqual(exact.fallen);
    expect(Math.max(...found.fallen)).toBeGreaterThan(0);
  });

  test('a value that is not finite stops after the step that made it', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 37)], uniformAxis('y', -3, 3, 11));
    // An explicit step far beyond the time scale of y multiplies the largest value again and again until it overflows.
    const program = explicitEuler(operators, operators.slow.stableStep / 2, 1e-6, new Float64Array(37));
    const counts = [];
    for (const each of [oracle, kernel]) {
      const session = each.open();
      const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? wave(407, 0.7) : buffer.slice()));
      const loaded = await session.load({ ...program, buffers });
      const early = await loaded.advance(100);
      counts.push(early !== null && 'step' in early ? early.step : 0);
      session.close();
    }
    // 10^4.7 a step: beyond 1e308 after 65 steps, beyond 3.4e38 after an eighth of that.
    expect(counts[1]).toBeGreaterThan(1);
    expect(counts[1]).toBeLessThan(counts[0] / 5);
  });

  test('differences it is not taught are refused', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 37)], uniformAxis('y', -3, 3, 11));
    const program = imexEuler(operators, 1e-3, 1, new Float64Array(37));
    const phases = program.phases.map((phase) =>
      phase.kind === 'sweep' ? { ...phase, differencing: { kind: interpolation } } : phase,
    );
    const loaded = await kernel.open().load({ ...program, phases });
    await expect(loaded.advance(1)).rejects.toThrow(/not taught interpolation .* – it takes upwind and WENO/);
  });
});

/** A card of gpu.js that is none, with so many bytes. */
function idle(gpu: GPU, largest: number): Card {
  return { gpu, mode: 'webgpu', name: 'gpu:webgpu', largest, software: false, release: () => {} };
}

describe('what is no graphics card is not called one', () => {
  const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 9)], uniformAxis('y', -3, 3, 5));
  const program = imexEuler(operators, 1e-3, 1, new Float64Array(9));

  test.each(['cpu', 'webasm'] as const)('steps that gpu.js ran in its mode %s are refused', async (mode) => {
    const gpu = new GPU({ mode });
    const { loaded } = compileGpu(idle(gpu, 1e9), program);
    await expect(loaded.advance(1)).rejects.toThrow(/ran the steps in its mode \w+ instead of webgpu/);
    await gpu.destroy();
  });

  test('coefficients that do not fit the card are refused with what is needed and what is available', async () => {
    const gpu = new GPU({ mode: 'cpu' });
    const { loaded } = compileGpu(idle(gpu, 100), program);
    await expect(loaded.advance(1)).rejects.toThrow(InputError);
    await gpu.destroy();
  });

  test('sweeps of a moving frame are refused', async () => {
    const gpu = new GPU({ mode: 'cpu' });
    const across = [{ nodes: 5, stride: 1 }];
    const phases = program.phases.map((phase) => (phase.kind === 'sweep' ? { ...phase, across } : phase));
    const { loaded } = compileGpu(idle(gpu, 1e9), { ...program, phases });
    await expect(loaded.advance(1)).rejects.toThrow(/not taught moving frames/);
    await gpu.destroy();
  });

  test('a control in formulas is refused by name', async () => {
    const gpu = new GPU({ mode: 'cpu' });
    const problem = slowFast({ slow: ['u'], runningCost: 'cosh(u)' });
    const curved = discretised(problem, [uniformAxis('x', -1, 1, 9)], uniformAxis('y', -3, 3, 5));
    const { loaded } = compileGpu(idle(gpu, 1e9), imexEuler(curved, 1e-3, 1, new Float64Array(9)));
    await expect(loaded.advance(1)).rejects.toThrow(/not taught minima over intervals of controls in formulas/);
    await gpu.destroy();
  });
});
