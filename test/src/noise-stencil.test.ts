/** Noise with cross terms between nodes: a stencil of seven where a is dominated, refused where it is not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noiseStencil } from '../../src/control/noise-stencil.ts';
import { upwind } from '../../src/differencing/upwind.ts';
import { weno } from '../../src/differencing/weno.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { problemOf, UNIT } from '../general-exact.ts';
import { crossedNoise, dominatedNoise } from '../reference-problems.ts';
import { discretised, imexEuler, stepped, sweepOf } from '../step.ts';

const [plain, wasm] = [plainKernel(), await wasmKernel()];
const slow = [uniformAxis('x1', -2, 2, 15), uniformAxis('x2', -2, 2, 17)];
const fast = uniformAxis('y', -3, 3, 5);
const size = 15 * 17;

/** Noise alone. */
function noisy(noise: readonly (readonly string[])[]) {
  return problemOf({ slow: ['0', '0'], noise, drift: ['-y'], terminal: '0' });
}

const stencilOf = (noise: readonly (readonly string[])[]) =>
  noiseStencil(noisy(noise), tensorGrid(slow), tensorGrid([fast]));

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const length = fc.double({ min: 1e-3, max: 2, noNaN: true });

describe('second differences along the axes and a diagonal', () => {
  test('quadratics grow by dt·tr(aM) to the last digits at every node, however long the step', async () => {
    const draws = fc.record({ s: fc.tuple(entry, entry, entry), m: fc.tuple(entry, entry, entry), dt: length });
    await fc.assert(
      fc.asyncProperty(draws, async ({ s: [own, shared, turned], m: [m11, m12, m22], dt }) => {
        // a₁₂ = shared·turned/2, dominated for dx₁/dx₂ = 8/7 by what every variable has of its own.
        const apart = Math.sqrt(own ** 2 + 2 * Math.abs(shared * turned));
        const problem = noisy([
          [`${apart}`, `${shared}`, '0'],
          ['0', `${turned}`, `${apart}`],
        ]);
        const V = Float64Array.from({ length: size * 5 }, (_, k) => {
          const [x1, x2] = [-2 + (k % 15) * (2 / 7), -2 + (Math.floor(k / 15) % 17) / 4];
          return (m11 * x1 * x1) / 2 + m12 * x1 * x2 + (m22 * x2 * x2) / 2;
        });
        const a = [(apart ** 2 + shared ** 2) / 2, (shared * turned) / 2, (apart ** 2 + turned ** 2) / 2];
        const growth = a[0] * m11 + 2 * a[1] * m12 + a[2] * m22;
        const sweep = sweepOf(imexEuler(discretised(problem, slow, fast), dt, 1, new Float64Array(size)));
        const after = await stepped(wasm, sweep, V);
        const worst = after.reduce((most, value, k) => Math.max(most, Math.abs(value - V[k] - dt * growth)), 0);
        expect(worst).toBeLessThan(1e-12);
      }),
      { numRuns: 20, seed: 22 },
    );
  });

  test('plain TypeScript and WebAssembly agree to 1e-14 on random data, over one cell and over several', async () => {
    const operators = discretised(dominatedNoise(), slow, fast);
    const draws = fc.record({
      seed: fc.nat(1e6),
      dt: fc.constantFrom(0.01, 0.2, 1.3),
      kind: fc.constantFrom(upwind, weno),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ seed, dt, kind }) => {
        const V = Float64Array.from({ length: size * 5 }, (_, k) => Math.sin(12.9898 * (k + 1) * (seed + 1)));
        const sweep = sweepOf(
          imexEuler(operators, dt, 1, new Float64Array(size), kind.on(operators, V.slice(0, size))),
        );
        const [expected, found] = [await stepped(plain, sweep, V), await stepped(wasm, sweep, V)];
        const worst = expected.reduce((most, value, k) => Math.max(most, Math.abs(value - found[k])), 0);
        expect(worst).toBeLessThan(1e-14);
      }),
      { numRuns: 20, seed: 22 },
    );
  });

  test('a diagonal stands where a node needs it, and a₁₂ has the sign of its direction', () => {
    const both = stencilOf([
      ['0.6', 'x2/4'],
      ['0', '0.5'],
    ]);
    expect(both.directions).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
      [-1, 1],
    ]);
    const [, , rising, falling] = both.rates;
    rising.forEach((rate, k) => {
      expect(rate * falling[k]).toBe(0);
      const x2 = -2 + Math.floor((k % size) / 15) / 4;
      expect(rate - falling[k]).toBeCloseTo((x2 * 0.125) / ((2 / 7) * 0.25), 12);
    });
    const apart = stencilOf([
      ['0.5', '0.5'],
      ['0.5', '-0.5'],
    ]);
    expect(apart.directions).toHaveLength(2);
  });

  test('a of rank one along the diagonal of the cells is taken, rounding counts as none', () => {
    const { directions, rates } = stencilOf([['0.8'], ['0.7']]);
    expect(directions[2]).toEqual([1, 1]);
    // 0.8/dx₁ = 0.7/dx₂ = 2.8 cells: all of a stands on the diagonal.
    for (const rate of rates[2]) expect(rate).toBeCloseTo(2.8 ** 2, 12);
    for (const rate of [...rates[0], ...rates[1]]) {
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThan(1e-13);
    }
  });
});

describe('a that is not dominated at a node is refused', () => {
  test('the place, the reason and the cells that fit are said', () => {
    expect(() =>
      stencilOf([
        ['1', '0.2'],
        ['0.4', '0'],
      ]),
    ).toThrow(
      'at x = -2, -2, y = -3 the noise in x has a_12 = 0.2, more than a_22 = 0.08 allows: a_22·dx1 < |a_12|·dx2',
    );
    expect(() =>
      stencilOf([
        ['1', '0.2'],
        ['0.4', '0'],
      ]),
    ).toThrow(
      /a stencil of 7\) are monotone .* take --scheme semi-lagrangian, or other numbers of nodes: dx1\/dx2 from 2\.5 to 2\.6, now 1\.143/,
    );
  });

  test('no cells fit where nodes ask for different ones', () => {
    expect(() => stencilOf([['1 + x1/4'], ['1']])).toThrow(/take --scheme semi-lagrangian: no dx1\/dx2 fits all nodes/);
    const { noise } = discretised(crossedNoise(), slow, fast).slow;
    expect(() => noise?.as('stencil')).toThrow(/take --scheme semi-lagrangian/);
    expect(() => noise?.as('columns')).not.toThrow();
  });

  test('cross terms that a control moves, in either form', () => {
    const problem = problemOf({
      slow: ['0', '0'],
      noise: [['u'], ['1']],
      controls: UNIT,
      drift: ['-y'],
      terminal: '0',
    });
    expect(() => discretised(problem, slow, fast)).toThrow(/a control moves noise of which one Brownian motion/);
  });

  test('a coefficient without a value', () => {
    expect(() =>
      stencilOf([
        ['1', '1/x1'],
        ['0', '2'],
      ]),
    ).toThrow(/the slow noise s is/);
  });
});
