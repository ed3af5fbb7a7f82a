/** Rows of coefficients become steps of their order in dt, on a fixed grid: ∂_τV = M V + L V/ε for one control. */
import { describe, expect, test } from 'vitest';
import { upwind } from '../../src/differencing/upwind.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { effectiveEquation, epsilonEquation, type TimeStep } from '../../src/time/equation.ts';
import { rungeKutta } from '../../src/time/runge-kutta.ts';
import { allMethods } from '../../src/time/schemes.ts';
import { euler } from '../../src/time/time-methods.ts';
import { quadratic } from '../problems.ts';
import { discretised, programOf, stepped, terminalValuesOf } from '../step.ts';

const wasm = await wasmKernel();
const problem = quadratic([1, 1]);
const operators = discretised(problem, [uniformAxis('x', -1, 1, 9)], uniformAxis('y', -3, 3, 7));
const start = terminalValuesOf(problem, operators);

type Case = readonly [name: string, order: number, step: TimeStep];

const times = new Set((['epsilon', 'effective'] as const).flatMap(allMethods).map(({ time }) => time));
const listed = [...times].flatMap(({ label, order, steps }): Case[] =>
  steps.kind === 'phases' ? [[label, order, steps.step]] : [],
);

/** Rows that are not on the list; the last stage of the second one combines more fields than a phase takes. */
const others: readonly Case[] = [
  ['SSPRK2', 2, rungeKutta({ kind: 'convex', kept: [0, 1 / 2] }).step],
  [
    'three stages, γ = 1/3',
    2,
    rungeKutta({
      kind: 'imex',
      gamma: 1 / 3,
      rows: [
        { explicit: [1 / 3], implicit: [], at: 1 / 3 },
        { explicit: [0, 2 / 3], implicit: [1 / 3], at: 2 / 3 },
        { explicit: [0, 1 / 2, 1 / 2], implicit: [5 / 6, -1 / 6], at: 1 },
      ],
    }).step,
  ],
];

describe.each([...listed, ...others])('%s', (_name, order, step) => {
  const ofEpsilon = () => epsilonEquation(operators, 1, start);
  const ofLimit = () => effectiveEquation(operators, operators.fast.stationary(), start);
  test.each([
    ['Vᵉ, ε = 1', ofEpsilon],
    ['v', ofLimit],
  ])(`is of order ${order} in dt: %s`, async (_of, equation) => {
    const valueBy = async (steps: number) => {
      const program = programOf(step, equation(), { kind: upwind }, 0.2 / steps);
      return stepped(wasm, program, program.buffers[program.value], steps);
    };
    const [coarse, middle, fine] = [await valueBy(32), await valueBy(64), await valueBy(128)];
    expect(Math.log2(distance(coarse, middle) / distance(middle, fine))).toBeCloseTo(order, 1);
  });

  test('is consistent where controls switch', async () => {
    const controlled = discretised(quadratic(), [uniformAxis('x', -1, 1, 9)], uniformAxis('y', -3, 3, 7));
    const dt = 1e-6;
    const rateBy = async (each: TimeStep) => {
      const equation = effectiveEquation(controlled, controlled.fast.stationary(), start);
      const after = await stepped(wasm, programOf(each, equation, { kind: upwind }, dt), start);
      return after.map((value, s) => (value - start[s]) / dt);
    };
    // Rates of change are of size 1, and change in dt by some 10 dt.
    expect(distance(await rateBy(step), await rateBy(euler.step))).toBeLessThan(1e-4);
  });

  test('is the same in plain TypeScript', async () => {
    const program = programOf(step, ofEpsilon(), { kind: upwind }, 0.01);
    const V = program.buffers[program.value];
    expect(distance(await stepped(plainKernel(), program, V, 3), await stepped(wasm, program, V, 3))).toBeLessThan(
      1e-14,
    );
  });
});

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}
