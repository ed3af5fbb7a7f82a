import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import type { DifferencingKind } from '../../src/differencing/differencing.ts';
import { upwind } from '../../src/differencing/upwind.ts';
import { weno } from '../../src/differencing/weno.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { Phase, StepProgram } from '../../src/kernel/kernel.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import { effectiveEquation, epsilonEquation } from '../../src/time/equation.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { allSchemes } from '../../src/time/schemes.ts';
import { kernelProblems as problems } from '../kernel-problems.ts';
import { inLanes } from '../lanes.ts';
import { quadratic } from '../problems.ts';
import { dominatedNoise } from '../reference-problems.ts';
import { averagedEuler, discretised, explicitEuler, imexEuler, stepped, sweepOf } from '../step.ts';

const oracle = plainKernel();
const wasm = await wasmKernel();
const threads = await Promise.all([2, 3].map((count) => nodeKernel(count)));
afterAll(() => Promise.all(threads.map((kernel) => kernel.close())));

function operatorsOf(problem: Problem, axes: number): Discretisation {
  const slow = axes === 1 ? [uniformAxis('x', -1, 1, 37)] : [uniformAxis('x1', -1, 1, 7), uniformAxis('x2', -1, 1, 5)];
  const operators = discretised(problem, slow, uniformAxis('y', -3, 3, 11));
  return { ...operators, slow: operators.slow.usedUnder(slow.map(() => [-0.3, 0.3])) };
}

/** Families, and controls without ends, take their time in plain TypeScript. */
function drawsOf({ name }: Problem, draws: number): number {
  return name === 'family' ? 1 : draws;
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

/** Of the problems with noise in x one, and one whose control moves it, are in the fast lane. */
const isUsual = (name: string) =>
  !name.startsWith('noise') ||
  ['noise in x, a discount and a terminal cost in y', 'noise that a control moves'].includes(name);

describe('the WebAssembly kernel equals plain TypeScript to 1e-14 on random data', () => {
  const inFast = ([name]: (typeof problems)[number]) => isUsual(name);
  inLanes(problems, inFast)('%s', async ([_name, problem, axes]) => {
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
          // Values of families reach hundreds here: 1e-14 of the largest.
          const scale = problem.name === 'family' ? Math.max(1, ...expected.map(Math.abs)) : 1;
          expect(largestDifference(expected, found)).toBeLessThan(1e-14 * scale);
        }
      }),
      { numRuns: drawsOf(problem, 12) },
    );
  });
});

/** Every kind of differencing there is. */
const kinds = [...new Set(allSchemes.map(({ differencing }) => differencing))];

/** The program with its sweeps and averages taken by another differencing, the coefficients for a random start. */
function taken(kind: DifferencingKind, operators: Discretisation, dt: number) {
  const start = randomField(operators.grid.size, 11);
  const differencing = kind.on(operators, start);
  // Feet several cells away where the step is not bound.
  const step = kind.feet !== 'never' ? 9 * dt : dt;
  const measure = operators.fast.stationary();
  const [sweep, average] = [epsilonEquation(operators, 1, start), effectiveEquation(operators, measure, start)].map(
    (equation) => {
      const { value, next: out } = equation;
      const moved = equation.move({ out, add: value, value }, equation.differencing(differencing), step, step);
      return equation.program(moved, step);
    },
  );
  return { sweep, average };
}

describe('every kind of differencing equals plain TypeScript to 1e-14 on random data', () => {
  const cases = problems.flatMap(([name, problem, axes]) =>
    kinds.map((kind, k) => [name, `${kind.name} ${k}`, problem, axes, kind] as const),
  );
  // Families have loops of their own for short feet, for long ones and for accurate differences.
  const isCheap = ([name, , problem, , { feet }]: (typeof cases)[number]) =>
    (problem.name !== 'family' && isUsual(name) && name !== 'noise that a control moves') ||
    (feet === 'beyond-a-cell' && name === 'a quadratic control without ends');
  inLanes(cases, isCheap)('%s, %s', async ([_name, _kind, problem, axes, kind]) => {
    const operators = operatorsOf(problem, axes);
    const { sweep, average } = taken(kind, operators, operators.slow.stableStep / 2);
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const V = randomField(operators.grid.size * operators.fast.nodes, seed);
        const v = randomField(operators.grid.size, seed);
        for (const [program, value] of [
          [sweep, V],
          [average, v],
        ] as const) {
          const [expected, found] = [await stepped(oracle, program, value, 2), await stepped(wasm, program, value, 2)];
          // Values of families reach hundreds here: 1e-14 of the largest.
          const scale = problem.name === 'family' ? Math.max(1, ...expected.map(Math.abs)) : 1;
          expect(largestDifference(expected, found)).toBeLessThan(1e-14 * scale);
        }
      }),
      { numRuns: drawsOf(problem, 8) },
    );
  });

  test.each([3, 4, 5, 6])('an axis of %i nodes has no stencil outside it', async (nodes) => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, nodes)], uniformAxis('y', -3, 3, 5));
    const V = randomField(nodes * 5, 3);
    for (const kind of kinds) {
      const { sweep } = taken(kind, operators, operators.slow.stableStep);
      const [expected, found] = [await stepped(oracle, sweep, V), await stepped(wasm, sweep, V)];
      expect(largestDifference(expected, found)).toBeLessThan(1e-14);
    }
  });

  test('kinds with a formula of their own have a number of their own', () => {
    const formulas = new Map(kinds.map(({ increments, wasm: number }) => [increments, number]));
    expect(new Set(formulas.values()).size).toBe(formulas.size);
  });
});

/** A step with two stages, a fallback and a filter, which reads and writes fields in every order. */
function filteredStep(operators: Discretisation, start: Float64Array): StepProgram {
  const dt = operators.slow.stableStep / 2;
  const imex = imexEuler(operators, dt, 0.01, start);
  const [sweep, solve] = imex.phases;
  if (sweep.kind !== 'sweep' || solve.kind !== 'solve') throw new Error('IMEX Euler is a sweep and a solve');
  const field = () => new Float64Array(start.length * operators.fast.nodes);
  const [first, stage, right, fallen] = [0, 1, 2, 3].map((k) => imex.buffers.length + k);
  const { value, next } = imex;
  const differencing = { kind: weno, floors: [1e-6] };
  const phases: Phase[] = [
    { ...sweep, out: first, differencing },
    { ...solve, out: stage, right: first, killing: 0.5 },
    {
      kind: 'combine',
      out: right,
      terms: [
        { field: value, factor: 0.5 },
        { field: first, factor: 0.3 },
        { field: stage, factor: 0.2 },
      ],
    },
    { ...sweep, out: right, add: right, value: stage, differencing },
    { ...solve, out: first, right, killing: 0.5 },
    { ...sweep, out: stage },
    { ...solve, out: stage, right: stage },
    { kind: 'filter', out: next, accurate: first, monotone: stage, reach: 1e-3, floor: -0.2, fallen },
  ];
  return { ...imex, buffers: [...imex.buffers, field(), field(), field(), new Float64Array(start.length)], phases };
}

describe('a step of many phases', () => {
  test('equals plain TypeScript, and counts the nodes that fell back', async () => {
    const operators = operatorsOf(quadratic(), 1);
    const program = filteredStep(operators, new Float64Array(37));
    const V = randomField(37 * 11, 5);
    const buffers = () => program.buffers.map((buffer, slot) => (slot === program.value ? V.slice() : buffer.slice()));
    const results = await Promise.all(
      [oracle, wasm].map(async (kernel) => {
        const session = kernel.open();
        const loaded = await session.load({ ...program, buffers: buffers() });
        await loaded.advance(5);
        const read = [await loaded.read(), await loaded.read(program.buffers.length - 1)];
        session.close();
        return read;
      }),
    );
    expect(largestDifference(results[0][0], results[1][0])).toBeLessThan(1e-14);
    expect(results[1][1]).toEqual(results[0][1]);
    const fallen = results[1][1].reduce((sum, count) => sum + count, 0);
    expect(fallen).toBeGreaterThan(0);
    expect(fallen).toBeLessThan(5 * 37 * 11);
  });

  test('is bit-identical for 1, 2 and 3 threads', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129));
    const program = filteredStep(operators, new Float64Array(257));
    const V = randomField(257 * 129, 7);
    const single = await stepped(wasm, program, V, 9);
    for (const kernel of [...threads, ...threads, ...threads]) {
      expect(largestDifference(await stepped(kernel, program, V, 9), single)).toBe(0);
    }
  });
});

describe('threads', () => {
  const shared = [...problems.slice(0, 4), ...problems.filter(([name]) => name === 'a convex formula of a control')];
  const isCheap = ([, { name }]: (typeof shared)[number]) => name !== 'family';
  inLanes(shared, isCheap)('results are bit-identical for 1, 2 and 3 threads: %s', async ([_name, problem]) => {
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

  test('noise with cross terms: results are bit-identical for 1, 2 and 3 threads', async () => {
    const slow = [uniformAxis('x1', -1, 1, 31), uniformAxis('x2', -1, 1, 27)];
    const operators = discretised(dominatedNoise(), slow, uniformAxis('y', -3, 3, 17));
    for (const kind of [upwind, weno]) {
      const { sweep, average } = taken(kind, operators, operators.slow.stableStep / 2);
      for (const [program, value] of [
        [sweep, randomField(31 * 27 * 17, 7)],
        [average, randomField(31 * 27, 7)],
      ] as const) {
        const single = await stepped(wasm, program, value, 3);
        for (const kernel of threads)
          expect(largestDifference(await stepped(kernel, program, value, 3), single)).toBe(0);
      }
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

  test('a restart from another value is a load with it, after any number of steps', async () => {
    const operators = discretised(quadratic(), [uniformAxis('x', -1, 1, 257)], uniformAxis('y', -3, 3, 129));
    const [V, W] = [7, 8].map((seed) => randomField(257 * 129, seed));
    const program = imexEuler(operators, operators.slow.stableStep, 0.01, new Float64Array(257));
    const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? V : buffer.slice()));
    for (const kernel of [oracle, wasm, ...threads]) {
      const session = kernel.open();
      const loaded = await session.load({ ...program, buffers });
      for (const before of [0, 1, 2]) {
        if (before > 0) await loaded.advance(before);
        loaded.restart(W);
        expect(await loaded.read()).toEqual(W);
        await loaded.advance(3);
        expect(await loaded.read()).toEqual(await stepped(kernel, program, W, 3));
      }
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
