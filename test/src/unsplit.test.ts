/** Time steps for a fast drift without potential: reference.json rotational_2d, b = 2x − Ky, μ_x = N(2K⁻¹x, I/3). */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import type { FastOperator } from '../../src/generator/fast-operator-parts.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { reference, rotational } from '../problems.ts';
import { discretised, explicitEuler, imexEuler, stepped } from '../step.ts';

const wasm = await wasmKernel();
const threads = await nodeKernel(3);
afterAll(() => threads.close());

/** Nodes at x₁ ∈ {0, ½, 1}, x₂ ∈ {−0.8, 0, 0.8}: the points of the reference. */
const slow = [uniformAxis('x1', 0, 1, 3), uniformAxis('x2', -0.8, 0.8, 3)];
const slowGrid = tensorGrid(slow);

function fastAxes(nodes: number): Axis[] {
  return ['y1', 'y2'].map((name) => uniformAxis(name, -3.5, 3.5, nodes));
}

type Observable = (y: Float64Array, x: Float64Array) => number;

/** What (I − κL)⁻¹ makes of g(x,y) as κ → ∞, at every x: its mean under the measure the solve keeps. */
async function relaxedMean(problem: Discretisation, axes: readonly Axis[], g: Observable): Promise<Float64Array> {
  const V = new Float64Array(problem.fast.lanes * problem.fast.nodes);
  forEachNode(slowGrid, (s, x) => {
    forEachNode(tensorGrid(axes), (j, y) => {
      V[j * slowGrid.size + s] = g(y, x);
    });
  });
  // Nothing moves in x during 1e-200; κ = 1e100.
  const program = imexEuler(problem, 1e-200, 1e-300, new Float64Array(slowGrid.size));
  const after = await stepped(wasm, program, V, 30);
  return after.slice(0, slowGrid.size);
}

/** The rotational drift around 0 at every x. */
function still(): Problem {
  const { fast, ...rest } = rotational();
  return { ...rest, fast: { ...fast, drift: fast.drift.map((b) => (_x: unknown, y: Coordinates) => b([0, 0], y)) } };
}

function split(problem: Discretisation): Discretisation {
  const fast: FastOperator = { ...problem.fast, fastSolve: { kind: 'lines', subSweeps: 1 } };
  return { ...problem, fast };
}

/** The node of x in slowGrid. */
function nodeOf(x1: number, x2: number): number {
  return Math.round(2 * x1) + 3 * Math.round(x2 / 0.8 + 1);
}

describe('the measure kept as ε → 0', () => {
  const axes = fastAxes(61);
  const problem = discretised(rotational(), slow, axes);
  const origin = nodeOf(0, 0);
  const moments: readonly Observable[] = [(y) => y[0] ** 2, (y) => y[1] ** 2, (y) => y[0] * y[1]];
  /** E y₁², E y₂², E y₁y₂ at x = 0. */
  const momentsOf = (part: Discretisation) =>
    Promise.all(moments.map(async (g) => (await relaxedMean(part, axes, g))[origin]));

  test('is the stationary one, with covariance I/3, when the plane is solved unsplit', async () => {
    const [first, second, mixed] = await momentsOf(problem);
    // O(h²) with h = 0.117: measured 2.8e-4, 2.8e-4, 6e-16.
    expect(Math.abs(first - 1 / 3)).toBeLessThan(1e-3);
    expect(Math.abs(second - 1 / 3)).toBeLessThan(1e-3);
    expect(Math.abs(mixed)).toBeLessThan(1e-3);
  });

  test('is that of the Gibbs sampler, with covariance 4/9, 2/9, when lines alternate', async () => {
    // y₁ | y₂ ~ N(y₂/2, 1/3), then y₂ | y₁ ~ N(−y₁/2, 1/3): s = 1/3 + s/4, and the last line solved is along y₂.
    const [first, second, mixed] = await momentsOf(split(problem));
    // The rates of a line are exact for Gaussian measures but for the ends: measured 1e-6.
    expect(Math.abs(first - 4 / 9)).toBeLessThan(1e-5);
    expect(Math.abs(second - 4 / 9)).toBeLessThan(1e-5);
    expect(Math.abs(mixed - 2 / 9)).toBeLessThan(1e-5);
  });

  const rows: { x1: number; x2: number; p1: number; p2: number; H: number }[] =
    reference.rotational_2d.hamiltonian_controlled;
  const hamiltonian = ({ p1, p2 }: { readonly p1: number; readonly p2: number }): Observable => {
    return (y, x) => Math.max(2 * ((x[0] - y[0]) * p1 + (x[1] - y[1]) * p2), 0);
  };

  test.each(rows)('gives H̄ at x = ($x1, $x2), p = ($p1, $p2) within 1e-3', async ({ x1, x2, H, ...p }) => {
    const mean = (await relaxedMean(problem, axes, hamiltonian(p)))[nodeOf(x1, x2)];
    expect(Math.abs(mean - H)).toBeLessThan(1e-3); // measured 6.8e-4, 4.2e-5, 1.2e-4
  });

  test('gives H̄ 5 % too high, 5 % too low and 35 % too high when lines alternate', async () => {
    const biases = [];
    for (const { x1, x2, H, ...p } of rows) {
      biases.push((await relaxedMean(split(problem), axes, hamiltonian(p)))[nodeOf(x1, x2)] / H - 1);
    }
    expect(biases.map((bias) => Math.round(100 * bias))).toEqual([5, -5, 35]);
  });

  test('tends to μ_x with order 2 in dy', async () => {
    const errors = [];
    for (const nodes of [21, 41]) {
      const finer = fastAxes(nodes);
      const means = await relaxedMean(discretised(rotational(), slow, finer), finer, (y) => y[0] ** 2);
      errors.push(means[origin] - 1 / 3);
    }
    const order = Math.log2(errors[0] / errors[1]);
    expect(order).toBeGreaterThan(1.9); // measured 1.98
    expect(order).toBeLessThan(2.1);
  });
});

describe('a step with unsplit solves', () => {
  // The rows are along y₂, the shorter axis.
  const axes = [uniformAxis('y1', -2, 2, 7), uniformAxis('y2', -2, 2, 5)];
  const problem = discretised(rotational(), slow, axes);
  const size = 9 * 35;
  const start = new Float64Array(9);
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size });

  test('is monotone for every ε and keeps constants', async () => {
    await fc.assert(
      fc.asyncProperty(values, values, fc.integer({ min: -14, max: 1 }), async (list, rise, exponent) => {
        const program = imexEuler(problem, problem.slow.stableStep, 10 ** exponent, start);
        const V = Float64Array.from(list);
        const higher = V.map((value, k) => value + Math.max(rise[k], 0));
        const [low, high] = [await stepped(wasm, program, V), await stepped(wasm, program, higher)];
        // Rounding of values up to 10.
        for (let k = 0; k < size; k++) expect(low[k]).toBeLessThanOrEqual(high[k] + 1e-13);
        const constant = await stepped(wasm, program, new Float64Array(size).fill(list[0]));
        for (const value of constant) expect(value === list[0]).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('keeps the mean under the stationary measure when nothing moves in x', async () => {
    const V = Float64Array.from({ length: size }, (_, k) => Math.sin(0.7 * k * k));
    const after = await stepped(wasm, imexEuler(problem, 1e-200, 1e-201, start), V, 3);
    const measure = problem.fast.stationary();
    for (let s = 0; s < 9; s++) {
      const mean = (field: Float64Array) => field.reduce((sum, v, k) => (k % 9 === s ? sum + measure[k] * v : sum), 0);
      expect(Math.abs(mean(after) - mean(V))).toBeLessThan(1e-13);
    }
  });

  test.each([
    ['b depends on x', problem],
    ['b does not, so that all x share one factorisation', discretised(still(), slow, axes)],
  ])('runs the same on every kernel and number of threads where %s', async (_name, problem) => {
    const V = Float64Array.from({ length: size }, (_, k) => Math.cos(0.3 * k * k));
    for (const program of [
      imexEuler(problem, problem.slow.stableStep, 0.1, start),
      explicitEuler(problem, 1e-3, 1, start),
    ]) {
      const exact = await stepped(plainKernel(), program, V, 5);
      const single = await stepped(wasm, program, V, 5);
      const difference = single.reduce((most, value, k) => Math.max(most, Math.abs(value - exact[k])), 0);
      expect(difference).toBeLessThan(1e-13); // measured 0
      expect(await stepped(threads, program, V, 5)).toEqual(single);
    }
  });

  test('with a value that is not finite stops there on every kernel', async () => {
    const V = new Float64Array(size).fill(1);
    V[200] = Number.NaN;
    for (const kernel of [plainKernel(), wasm]) {
      const session = kernel.open();
      const program = imexEuler(problem, problem.slow.stableStep, 0.1, start);
      const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? V.slice() : buffer.slice()));
      expect(await (await session.load({ ...program, buffers })).advance(3)).toEqual({ step: 1 });
      session.close();
    }
  });
});

test('three fast variables without potential are refused by name', () => {
  const axes = [1, 2, 3].map((a) => uniformAxis(`y${a}`, -1, 1, 3));
  expect(() => discretised(rotational(), slow, axes)).toThrow(/has no potential .* at most two fast variables/);
});
