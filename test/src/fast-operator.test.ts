import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import { formula } from '../../src/formula/expression.ts';
import { fastOperator } from '../../src/generator/fast-operator.ts';
import type { FastOperatorOptions } from '../../src/generator/fast-operator-parts.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../../src/grid/grid.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { inSpace, potentialOf } from '../problems.ts';
import { discretised, explicitEuler, imexEuler, stepped } from '../step.ts';

const wasm = await wasmKernel();
const threads = await nodeKernel(3);
afterAll(() => threads.close());

/** Some control always points inward. Y under N(0, Σ) with correlation ρ: Φ = (y₁² − 2ρy₁y₂ + y₂²)/2(1 − ρ²) + c(x)·y, and a quartic term if `steep`. */
function correlated(rho: number, steep = 0): Problem {
  const potential = `(y1^2 - 2*(${rho})*y1*y2 + y2^2)/${2 * (1 - rho ** 2)} + x*y1 + ${steep}*y2^4`;
  const controls = { kind: 'box', names: ['u'], lower: [-1], upper: [1] } as const;
  return { ...inSpace(2, { potential, slow: ['u + sin(y1 - y2)/2'] }), controls };
}

const slowAxis = uniformAxis('x', -1, 1, 5);
const fastAxes = [uniformAxis('y1', -4, 4, 9), uniformAxis('y2', -3, 3, 7)];
const at = (problem: Problem) => discretised(problem, [slowAxis], fastAxes);
const problems: readonly (readonly [string, Discretisation])[] = [
  ['independent', at(correlated(0))],
  ['correlated', at(correlated(0.7))],
  ['correlated and not Gaussian', at(correlated(-0.5, 0.2))],
];

/** The fast operator of a correlated problem at two frozen x on 31² nodes. */
function choosing(rho: number, options: FastOperatorOptions = {}) {
  const fine = ['y1', 'y2'].map((name) => uniformAxis(name, -6, 6, 31));
  return fastOperator(correlated(rho), [[0], [1]], fine, options);
}

describe('the solve along the fast axes of a potential', () => {
  test('is an unsplit solve where sub-sweeps would move more memory, if its inverses fit', () => {
    // 11 sub-sweeps at ρ = 0.9 against (2·31 + 9)/12 = 5.9.
    expect(choosing(0.9).fastSolve).toEqual({ kind: 'planes' });
    expect(choosing(0.9, { room: 8 * 2 * 31 ** 3 }).fastSolve).toEqual({ kind: 'planes' });
    expect(choosing(0.9, { room: 8 * 2 * 31 ** 3 - 1 }).fastSolve).toEqual({ kind: 'lines', subSweeps: 11 });
  });

  test('is the one asked for', () => {
    expect(choosing(0.9, { fastSolve: 'lines' }).fastSolve).toEqual({ kind: 'lines', subSweeps: 11 });
    expect(choosing(0, { fastSolve: 'planes' }).fastSolve).toEqual({ kind: 'planes' });
  });

  test('is refused beyond 64 sub-sweeps, when it is asked for, with the nodes for which a plane fits', () => {
    const operator = choosing(0.985, { room: 8 * 2 * 20 ** 3 });
    expect(operator.stationary().length).toBe(2 * 31 ** 2);
    expect(() => operator.fastSolve).toThrow(/more than 64 sub-sweeps.*at most 20 nodes per fast axis/);
  });
});

describe('lines along an axis have the same rates where the formula of the potential says so', () => {
  // The drift of a potential that jumps is none; rates do not ask for it.
  const problem = inSpace(2, { potential: 'y1^2/2 + y2^2/2', slow: ['u'] });
  const rated = (potential: string) => {
    const fast = { ...problem.fast, kind: 'potential', potential: formula(potential, ['x'], ['y1', 'y2']) } as const;
    return fastOperator({ ...problem, fast }, [[0.3], [-0.8]], fastAxes).directions;
  };

  test.each([
    ['y1^2/2 + x*y1 + y2^4', [true, true]],
    ['y1^2/2 + abs(y2 - x)', [true, true]],
    ['y1^2/2 + y2^2 + 0.1*y1*y2', [false, false]],
    ['y1^2/2 + y2^2 + sign(y1 + y2)', [false, false]],
    ['y1^2/2 + y2^2 + sign(y2)', [true, false]],
    ['y1^2/2 + y2^2 + max(y1, y2)', [false, false]],
  ] as const)('%s', (potential, alike) => {
    const directions = rated(potential);
    expect(directions.map((direction) => direction.alike)).toEqual(alike);
    for (const { up, down, nodes, stride, alike: same } of directions) {
      const place = (j: number) => (Math.floor(j / stride) % nodes) * stride;
      const isFirst = (_: number, k: number, rates: Float64Array) =>
        rates[k] === rates[2 * place(Math.floor(k / 2)) + (k % 2)];
      if (same === true) for (const rates of [up, down]) expect(rates.every(isFirst)).toBe(true);
    }
  });

  test('and they are those of every line on its own, to rounding', () => {
    const [one, two] = rated('y1^2/2 + x*y1 + y2^4');
    // A product of coordinates that is zero, which no rule of the derivative sees.
    const [other, another] = rated('y1^2/2 + x*y1 + y2^4 + (y1*y2 - y2*y1)');
    for (const [a, b] of [
      [one, other],
      [two, another],
    ]) {
      for (const [k, rate] of a.up.entries()) expect(Math.abs(rate - b.up[k])).toBeLessThan(1e-12 * (1 + b.up[k]));
      for (const [k, rate] of a.down.entries())
        expect(Math.abs(rate - b.down[k])).toBeLessThan(1e-12 * (1 + b.down[k]));
    }
  });
});

function wave(length: number, pitch: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => Math.sin(pitch * k * k + k));
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}

describe('the fast generator on a tensor grid', () => {
  test.each(problems)('is in detailed balance with the Gibbs weights along every axis: %s', (_name, { fast }) => {
    const measure = fast.stationary();
    for (const { up, down, nodes, stride } of fast.directions) {
      for (let k = 0; k < measure.length; k++) {
        const j = Math.floor(k / fast.lanes);
        if (Math.floor(j / stride) % nodes === nodes - 1) {
          expect(up[k]).toBe(0);
          continue;
        }
        const [out, back] = [measure[k] * up[k], measure[k + stride * fast.lanes] * down[k + stride * fast.lanes]];
        // Rounding of Φ of size 50 in e^−Φ.
        expect(Math.abs(out - back)).toBeLessThan(1e-13 * Math.max(out, back) + 1e-300);
      }
    }
  });

  test('has Gibbs weights proportional to e^−Φ(x,·) at every frozen x', () => {
    const problem = correlated(0.7);
    const { fast, grid } = at(problem);
    const measure = fast.stationary();
    const whole = tensorGrid([...grid.axes, ...fastAxes]);
    const point = new Float64Array(3);
    const totals = new Float64Array(5);
    measure.forEach((weight, k) => {
      totals[k % 5] += weight;
      nodeCoordinates(point, whole, k);
      const [x, y1, y2] = point;
      nodeCoordinates(point, whole, 5 * 31 + (k % 5));
      const rise = potentialOf(problem)([x], [y1, y2]) - potentialOf(problem)([x], [point[1], point[2]]);
      expect(weight / measure[5 * 31 + (k % 5)] / Math.exp(-rise)).toBeCloseTo(1, 11);
    });
    for (const total of totals) expect(total).toBeCloseTo(1, 14);
  });

  test('takes one sub-sweep for independent variables, and more the closer they are correlated', () => {
    const fine = ['y1', 'y2'].map((name) => uniformAxis(name, -6, 6, 61));
    const solves = [0, 0.5, 0.7].map((rho) => discretised(correlated(rho), [slowAxis], fine).fast.fastSolve);
    // The least s with ρ^{2s} ≤ 0.1.
    expect(solves).toEqual([1, 2, 4].map((subSweeps) => ({ kind: 'lines', subSweeps })));
  });
});

describe('IMEX Euler with line solves along two fast axes', () => {
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 315, maxLength: 315 });

  test.each(problems)('is monotone for every ε and keeps constants: %s', async (_name, problem) => {
    await fc.assert(
      fc.asyncProperty(values, values, fc.integer({ min: -14, max: 1 }), async (list, rise, exponent) => {
        const program = imexEuler(problem, problem.slow.stableStep, 10 ** exponent, new Float64Array(5));
        const V = Float64Array.from(list);
        const [low, high] = [
          await stepped(wasm, program, V),
          await stepped(
            wasm,
            program,
            V.map((value, k) => value + Math.max(rise[k], 0)),
          ),
        ];
        // Rounding of values up to 10.
        for (let k = 0; k < V.length; k++) expect(low[k]).toBeLessThanOrEqual(high[k] + 1e-13);
        const constant = await stepped(wasm, program, new Float64Array(315).fill(list[0]));
        for (const value of constant) expect(value === list[0]).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test.each(problems)('keeps the mean under the Gibbs weights when nothing moves in x: %s', async (_name, problem) => {
    const program = imexEuler(problem, 1e-200, 1e-201, new Float64Array(5));
    const V = wave(315, 0.7);
    const after = await stepped(wasm, program, V, 3);
    const measure = problem.fast.stationary();
    for (let s = 0; s < 5; s++) {
      const mean = (field: Float64Array) => field.reduce((sum, v, k) => (k % 5 === s ? sum + measure[k] * v : sum), 0);
      expect(Math.abs(mean(after) - mean(V))).toBeLessThan(1e-13); // measured 1e-15
    }
  });

  test.each(problems)('runs the same on every kernel and number of threads: %s', async (_name, problem) => {
    const start = new Float64Array(5);
    for (const program of [
      imexEuler(problem, problem.slow.stableStep, 0.1, start),
      explicitEuler(problem, 1e-3, 1, start),
    ]) {
      const V = wave(315, 0.3);
      const exact = await stepped(plainKernel(), program, V, 5);
      const single = await stepped(wasm, program, V, 5);
      expect(largestDifference(single, exact)).toBeLessThan(1e-14); // measured 0
      expect(await stepped(threads, program, V, 5)).toEqual(single);
    }
  });
});
