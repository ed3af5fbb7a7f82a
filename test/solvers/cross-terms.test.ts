/** Noise in x with cross terms, by the semi-Lagrangian scheme: orders and errors against exact values, certificates. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { certify } from '../../solvers/index.ts';
import { closedForm } from '../../src/exact/known-solutions.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Exact } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { correlatedNoise, crossedNoise, degenerateCross } from '../reference-problems.ts';

const run = { kernel: await wasmKernel() };
const scheme = 'semi-lagrangian';

/** Cells per period, and sup|V − e^{−τ/2} sin x₁ sin x₂| on [−π, π]² at τ = 1, solved on [−2π, 2π]². */
async function degenerateError(beta: number, cells: number): Promise<number> {
  const nodes = 2 * cells + 1;
  const side = 2 * Math.PI;
  const slow = [uniformAxis('x1', -side, side, nodes), uniformAxis('x2', -side, side, nodes)];
  const options = { slow, fast: [uniformAxis('y', -3, 3, 3)], scheme } as const;
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
