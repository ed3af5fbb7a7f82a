/**
 * Noise in x with cross terms, by the semi-Lagrangian scheme and, where a is dominated, by all others: orders and
 * errors against exact values, certificates.
 */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { certify } from '../../solvers/index.ts';
import { closedForm } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Exact } from '../../src/model/problem.ts';
import type { SchemeName } from '../../src/time/schemes.ts';
import { supremumError } from '../../src/verification/norms.ts';
import { observedOrders } from '../../src/verification/order.ts';
import { kernelWith } from '../changed-kernel.ts';
import { expectOrder } from '../expect-order.ts';
import { inLanes } from '../lanes.ts';
import { correlatedNoise, crossedNoise, crossTerms, degenerateCross, dominatedNoise } from '../reference-problems.ts';

const run = { kernel: await wasmKernel() };
const near = (value: number) => expect.closeTo(value, 12);
const scheme = 'semi-lagrangian';

/** Cells per period, and sup|V − e^{−τ/2} sin x₁ sin x₂| on [−π, π]² at τ = 1, solved on [−2π, 2π]². */
async function degenerateError(beta: number, cells: number, by: SchemeName = scheme): Promise<number> {
  const nodes = 2 * cells + 1;
  const side = 2 * Math.PI;
  const slow = [uniformAxis('x1', -side, side, nodes), uniformAxis('x2', -side, side, nodes)];
  const options = { slow, fast: [uniformAxis('y', -3, 3, 3)], scheme: by } as const;
  const { values } = await solveEffectiveHjb(degenerateCross(beta), options, run);
  const at = (place: number) => -side + (place * 2 * side) / (nodes - 1);
  const errors = Array.from(values, (value, k) => {
    const x = [at(k % nodes), at(Math.floor(k / nodes))];
    const isInside = x.every((each) => Math.abs(each) < Math.PI + 1e-9);
    return isInside ? Math.abs(value - Math.exp(-0.5) * Math.sin(x[0]) * Math.sin(x[1])) : 0;
  });
  return errors.reduce((a, b) => Math.max(a, b), 0);
}

describe('the degenerate problem with cross terms', () => {
  test('β = 0: an error of at most 4.3e-2 at 40 cells a period', async () => {
    expect(await degenerateError(0, 40)).toBeLessThan(4.3e-2);
  });

  test('β = 0.1: order 1.0 ± 0.1 from 20 to 80 cells, at most 4.3e-2 at 40', { tags: ['full'] }, async () => {
    const cells = [20, 40, 80];
    const errors: number[] = [];
    for (const count of cells) errors.push(await degenerateError(0.1, count));
    expectOrder(
      errors,
      cells.map((count) => 1 / count),
      { expected: 1, within: 0.1 },
    );
    expect(errors[1]).toBeLessThan(4.3e-2);
  });
});

describe('a linear-Gaussian system with a = [[0.2, 0.1], [0.1, 0.2]]', () => {
  const problem = correlatedNoise();
  const known = closedForm(problem) as Required<Pick<Exact, 'value' | 'limit'>>;

  /** At four points, at τ = 1. */
  const errorOf = async (epsilon: number, cells: number) => {
    const axis = (name: string, count = cells) => uniformAxis(name, -5, 5, count + 1);
    const options = { slow: [axis('x1'), axis('x2')], fast: [axis('y', cells / 2)], scheme, epsilon } as const;
    const solution = await solveEpsilonHjb(problem, options, run);
    const points = [
      [0, 0],
      [1, 0],
      [1, -1],
      [1, 1],
    ];
    const errors = points.map((x) => {
      const value = known.value({ tau: 1, epsilon, x, y: [0.5] });
      return Math.abs(sample(solution, [...x, 0.5]) - value);
    });
    return Math.max(...errors);
  };

  test.each([1, 0.01])('ε = %s: order 1.0 ± 0.1 from 20 to 80 cells', { tags: ['full'] }, async (epsilon) => {
    const cells = [20, 40, 80];
    const errors: number[] = [];
    for (const count of cells) errors.push(await errorOf(epsilon, count));
    expectOrder(
      errors,
      cells.map((count) => 1 / count),
      { expected: 1, within: 0.1 },
    );
    expect(errors[2]).toBeLessThan(0.05);
  });
});

test('the certificate: every weight is ≥ 0 at every node, the ends too, and |V| is bounded', async () => {
  const slow = [uniformAxis('x1', -1, 1, 7), uniformAxis('x2', -1, 1, 6)];
  const options = { slow, fast: [uniformAxis('y', -2, 2, 3)], scheme, epsilon: 0.1, steps: 8 } as const;
  const observe = { lower: [-0.5, -0.5, -1], upper: [0.5, 0.5, 1] };
  const { monotone, stable } = await certify(crossedNoise(), { ...options, observe }, run);
  expect(monotone).toMatchObject({ status: 'holds', note: 'every node', measured: { 'rows left out': 0 } });
  expect(stable).toMatchObject({ status: 'holds' });
});

describe('between nodes, where a is dominated', () => {
  const isQuick = ([scheme]: readonly [SchemeName, ...unknown[]]) => scheme === 'upwind';
  const orders = [
    ['upwind', 1],
    ['local-lax-friedrichs', 1],
    ['weno', 2],
    ['filtered', 2],
  ] as const satisfies readonly (readonly [SchemeName, number])[];
  inLanes(orders, isQuick)('β = 1/2, 10 to 40 cells: errors of %s fall with order %s', async ([by, claimed]) => {
    const cells = [10, 20, 40];
    const errors: number[] = [];
    for (const count of cells) errors.push(await degenerateError(0.5, count, by));
    for (const order of observedOrders(
      cells.map((count) => 1 / count),
      errors,
    ).slice(1) as number[]) {
      expect(order).toBeGreaterThan(0.9 * claimed);
    }
  });

  /** sup of the error on [−½, ½]² × [−1, 1] at 1/dx = level: a₁₂ of both signs, y in V. */
  const manufacturedError = async (epsilon: number, level: number, by: SchemeName, steps?: number) => {
    const problem = crossTerms(epsilon);
    const axis = (name: string, half: number, inverse: number) =>
      uniformAxis(name, -half, half, 2 * half * inverse + 1);
    const slow = [axis('x1', 2, level), axis('x2', 2, level)];
    const options = { slow, fast: [axis('y', 6, epsilon === 0 ? 2 : level)], scheme: by, steps } as const;
    const solution =
      epsilon === 0
        ? await solveEffectiveHjb(problem, options, run)
        : await solveEpsilonHjb(problem, { ...options, epsilon }, run);
    const { value, limit } = problem.exact as Exact;
    const box = [0.5, 0.5, ...(epsilon === 0 ? [] : [1])];
    const error = supremumError(solution, { lower: box.map((end) => -end), upper: box }, (point) =>
      epsilon === 0
        ? (limit?.(0.5, point) ?? Number.NaN)
        : (value?.({ tau: 0.5, epsilon, x: point.subarray(0, 2), y: point.subarray(2) }) ?? Number.NaN),
    );
    return { error, steps: solution.steps };
  };

  inLanes(
    [
      ['upwind', 1, 0],
      ['upwind', 1, 1],
      ['filtered', 2, 1],
    ] as const,
    ([by, , epsilon]) => by === 'upwind' && epsilon === 0,
  )('a₁₂(y) of both signs: errors of %s fall with order %s, ε = %s', async ([by, claimed, epsilon]) => {
    const fine = await manufacturedError(epsilon, 8, by);
    const coarse = await manufacturedError(epsilon, 4, by, Math.ceil(fine.steps / 2));
    // Measured 1.00, 1.03 and 2.06.
    expect(Math.log2(coarse.error / fine.error)).toBeGreaterThan(0.95 * claimed);
  });

  test('a₁₂(y) of both signs: errors of filtered fall with order 3 in dx at ε = 0', { tags: ['full'] }, async () => {
    const errors: number[] = [];
    for (const level of [4, 8, 16]) errors.push((await manufacturedError(0, level, 'filtered', 212)).error);
    // Measured 2.5e-5, 3.4e-6, 4.6e-7, of which 3e-8 is left of dt.
    for (const order of [0, 1].map((k) => Math.log2(errors[k] / errors[k + 1]))) expect(order).toBeGreaterThan(2.8);
  });

  test('the certificate holds, and a rate below 0 is found at its node', async () => {
    const axes = {
      slow: [uniformAxis('x1', -1, 1, 7), uniformAxis('x2', -1, 1, 6)],
      fast: [uniformAxis('y', -2, 2, 3)],
    };
    const options = { ...axes, observe: { lower: [-0.5, -0.5, -1], upper: [0.5, 0.5, 1] }, epsilon: 0.1 } as const;
    const { monotone } = await certify(dominatedNoise(), options, run);
    expect(monotone).toMatchObject({ status: 'holds' });
    // The third direction is a diagonal; the middle of 7 × 6 × 3 nodes.
    const node = 42 + 3 * 7 + 3;
    const broken = kernelWith((program) => {
      const sweep = program.phases.find((phase) => phase.kind === 'sweep');
      const slot = sweep?.kind === 'sweep' ? sweep.noise?.steady?.[2] : undefined;
      if (slot === undefined || program.buffers[slot].length !== 126) return program;
      const rates = program.buffers[slot].map((rate, k) => (k === node ? -rate - 1 : rate));
      return { ...program, buffers: program.buffers.map((buffer, k) => (k === slot ? rates : buffer)) };
    });
    const found = (await certify(dominatedNoise(), options, { kernel: broken })).monotone;
    expect(found).toMatchObject({
      status: 'fails',
      // Both neighbours along the diagonal have this weight.
      where: { node: [0, 0.2, 0].map(near), neighbour: [-1 / 3, -0.2, 0].map(near) },
      cause: expect.stringMatching(/^noise in x with cross terms: along the diagonal \(1, 1\) of the cells the weight/),
    });
  });
});
