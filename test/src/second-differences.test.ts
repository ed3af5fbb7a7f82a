/** Noise in x: where second differences fit a step is monotone however long, and everywhere exact for quadratics. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsReached } from '../../src/differencing/wide-difference.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { general, noiseInThePlane, noisyLinearQuadratic, powerUtility } from '../general-problems.ts';
import { dominatedNoise } from '../reference-problems.ts';
import { discretised, imexEuler, stepped } from '../step.ts';

const kernel = await wasmKernel();

describe.each([
  ['beside a control without ends', noisyLinearQuadratic(), 1],
  ['that a control moves', powerUtility(), 1],
  ['on two axes', noiseInThePlane(false), 2],
  ['on two axes that a control moves', noiseInThePlane(true), 2],
  ['with cross terms', dominatedNoise(), 2],
] as const)('noise %s', (_name, problem, n) => {
  const nodes = n === 1 ? [61] : [15, 17];
  const axes = nodes.map((count, i) => uniformAxis(n === 1 ? 'x' : `x${i + 1}`, -2, 2, count));
  const posed = discretised(problem, axes, uniformAxis('y', -3, 3, 7));
  // Ranges of V_{i±1} − V_i of all fields below.
  const operators = { ...posed, slow: posed.slow.usedUnder(axes.map(() => [-3, 3] as const)) };
  const size = operators.grid.size * operators.fast.nodes;

  test('a rise of V at one node lowers no value inside the box, however long the step', async () => {
    const draws = fc.record({
      seed: fc.nat(1000),
      node: fc.nat(size - 1),
      length: fc.double({ min: 0.1, max: 4, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ seed, node, length }) => {
        const step = imexEuler(operators, length * operators.slow.stableStep, 1, new Float64Array(operators.grid.size));
        const [sweep] = step.phases;
        if (sweep.kind !== 'sweep' || sweep.noise === undefined) throw new Error('the sweep has no noise');
        const { directions, reach: reaches } = sweep.noise;
        const onlySweep = { ...step, phases: [sweep] };
        const V = Float64Array.from({ length: size }, (_, k) => Math.sin(12.9898 * (k + 1) * (seed + 1)));
        const W = V.map((value, k) => (k === node ? value + 1 : value));
        const [low, high] = [await stepped(kernel, onlySweep, V), await stepped(kernel, onlySweep, W)];
        const fits = (k: number) =>
          axes.every(({ nodes: count }, i) => {
            const place = Math.floor(k / operators.grid.strides[i]) % count;
            // Where every control leaves over an end, V is extrapolated as far as the drift reaches.
            const { speeds } = sweep.minimum;
            const moved = speeds === null ? 1 : cellsReached(step.buffers[speeds][k], sweep.foot);
            const along = reaches.filter((_, d) => directions[d][i] !== 0);
            const reach = Math.max(...along.map((row) => Math.ceil(row[Math.floor(k / operators.grid.size)])), moved);
            return place >= reach && place < count - reach;
          });
        const worst = low.reduce((least, value, k) => (fits(k) ? Math.min(least, high[k] - value) : least), 0);
        expect(worst).toBeGreaterThan(-1e-12);
      }),
      { numRuns: 40, seed: 22 },
    );
  });
});

test.each([0.02, 0.1, 0.5])('x² under noise grows by a to the last digits at every node, dt = %s', async (dt) => {
  const noisy = general(
    { slow: ['0'], controls: { kind: 'values', names: [], values: [[]] }, potential: 'y^2/2' },
    { noise: ['1'] },
  );
  const operators = discretised(noisy, [uniformAxis('x', -3, 3, 31)], uniformAxis('y', -3, 3, 5));
  const squares = Float64Array.from({ length: 31 }, (_, i) => (i * 0.2 - 3) ** 2);
  const step = imexEuler(operators, dt, 1, squares);
  const after = await stepped(kernel, step, step.buffers[step.value]);
  after.forEach((value, k) => {
    expect(Math.abs(value - squares[k % 31] - dt)).toBeLessThan(1e-12);
  });
});
