/** Noise with cross terms: second differences along the columns of s are monotone everywhere and keep affine values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpolation } from '../../src/differencing/interpolation.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { problemOf, UNIT } from '../general-exact.ts';
import { crossedNoise } from '../reference-problems.ts';
import { discretised, imexEuler, stepped, sweepOf } from '../step.ts';

const kernel = await wasmKernel();
const axes = [uniformAxis('x1', -2, 2, 13), uniformAxis('x2', -1, 1, 11)];
const fast = uniformAxis('y', -3, 3, 5);

/** The sweep of a semi-Lagrangian step of length dt. */
function sweepIn(operators: Discretisation, dt: number) {
  return sweepOf(imexEuler(operators, dt, 1, new Float64Array(operators.grid.size), { kind: interpolation }));
}

const entry = fc.double({ min: -2, max: 2, noNaN: true });
const length = fc.double({ min: 1e-3, max: 2, noNaN: true });

describe('second differences along columns', () => {
  test('a rise of V at one node lowers no value, at the ends neither, however long the step', async () => {
    const operators = discretised(crossedNoise(), axes, fast);
    const draws = fc.record({ seed: fc.nat(1000), node: fc.nat(13 * 11 * 5 - 1), dt: length });
    await fc.assert(
      fc.asyncProperty(draws, async ({ seed, node, dt }) => {
        const sweep = sweepIn(operators, dt);
        const V = Float64Array.from({ length: 13 * 11 * 5 }, (_, k) => Math.sin(12.9898 * (k + 1) * (seed + 1)));
        const W = V.map((value, k) => (k === node ? value + 1 : value));
        const [low, high] = [await stepped(kernel, sweep, V), await stepped(kernel, sweep, W)];
        expect(low.reduce((least, value, k) => Math.min(least, high[k] - value), 0)).toBeGreaterThan(-1e-12);
      }),
      { numRuns: 40, seed: 95 },
    );
  });

  test('affine V is left as it is, to the last digits, at every node', async () => {
    const draws = fc.record({ s: fc.array(entry, { minLength: 4, maxLength: 4 }), dt: length });
    await fc.assert(
      fc.asyncProperty(draws, async ({ s: [a, b, c, d], dt }) => {
        const noise = [
          [`(${a})`, `(${b})*cos(x2)`],
          [`(${c})*y`, `(${d})`],
        ];
        const problem = problemOf({ slow: ['0', '0'], noise, drift: ['-y'], terminal: '0' });
        const sweep = sweepIn(discretised(problem, axes, fast), dt);
        const V = Float64Array.from({ length: 13 * 11 * 5 }, (_, k) => 3 * (k % 13) - 2 * (Math.floor(k / 13) % 11));
        const after = await stepped(kernel, sweep, V);
        expect(after.reduce((most, value, k) => Math.max(most, Math.abs(value - V[k])), 0)).toBeLessThan(1e-11);
      }),
      { numRuns: 15, seed: 95 },
    );
  });
});

test('noise with cross terms that a control moves is refused, and noise that is 0 everywhere has no part', async () => {
  const crossed = (first: string, second: string) =>
    problemOf({ slow: ['0', '0'], noise: [[first], [second]], controls: UNIT, drift: ['-y'], terminal: '0' });
  expect(() => discretised(crossed('u', '1'), axes, fast)).toThrow(
    /a control moves noise of which one Brownian motion/,
  );
  const still = sweepIn(discretised(crossed('0*x1', '0*y'), axes, fast), 0.1);
  const V = Float64Array.from({ length: 13 * 11 * 5 }, (_, k) => Math.sin(k));
  expect(await stepped(kernel, still, V)).toEqual(V);
});
