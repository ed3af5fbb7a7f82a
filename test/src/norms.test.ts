import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { differenceNorms, errorNorms, supremumDifference, supremumError } from '../../src/verification/norms.ts';
import { expectOrder } from '../expect-order.ts';

function onGrid(nodes: readonly number[], f: (point: Float64Array) => number): GridFunction {
  const grid = tensorGrid(nodes.map((count, a) => uniformAxis('xy'[a], -2, 2, count)));
  const values = new Float64Array(grid.size);
  forEachNode(grid, (index, point) => {
    values[index] = f(point);
  });
  return { grid, values };
}

const zero = () => 0;

describe('norms over K', () => {
  test('of e = x² on [−1, 1]: supremum 1, L1 → 1/3 and L2 → √(1/5) with order 2', () => {
    const box = { lower: [-1], upper: [1] };
    const levels = [17, 33, 65, 129];
    const found = levels.map((nodes) =>
      errorNorms(
        onGrid([nodes], ([x]) => x * x),
        box,
        zero,
      ),
    );
    const sizes = levels.map((nodes) => 4 / (nodes - 1));
    for (const { supremum } of found) expect(supremum).toBe(1);
    // The trapezoidal rule: measured 2.000 and 2.00.
    expectOrder(
      found.map(({ L1 }) => L1 - 1 / 3),
      sizes,
      { expected: 2, within: 0.05 },
    );
    expectOrder(
      found.map(({ L2 }) => L2 - Math.sqrt(1 / 5)),
      sizes,
      { expected: 2, within: 0.05 },
    );
  });

  test('of e = x y on [0,1] × [−1,1]: supremum 1, L1 1/4 and L2 1/3 up to the square of the spacing', () => {
    const f = onGrid([65, 65], ([x, y]) => x * y);
    const { supremum, L1, L2 } = errorNorms(f, { lower: [0, -1], upper: [1, 1] }, zero);
    expect(supremum).toBe(1);
    expect(L1).toBeCloseTo(1 / 4, 12); // |x||y| is linear between nodes
    expect(Math.abs(L2 - 1 / 3)).toBeLessThan(1e-3); // h²/6 per axis at h = 1/16: 6.5e-4
  });

  test('of a constant are that constant, wherever the ends of K lie between nodes', () => {
    const ends = fc.tuple(fc.double({ min: -2, max: -0.5, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true }));
    fc.assert(
      fc.property(ends, fc.integer({ min: 9, max: 40 }), ([lower, upper], nodes) => {
        const f = onGrid([nodes, nodes + 3], () => -3);
        const { supremum, L1, L2 } = errorNorms(f, { lower: [lower, lower], upper: [upper, upper] }, zero);
        for (const norm of [supremum, L1, L2]) expect(norm).toBeCloseTo(3, 12);
      }),
    );
  });

  test('are ordered, L1 ≤ L2 ≤ supremum', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 17, maxLength: 17 }), (values) => {
        const f = { ...onGrid([17], zero), values: Float64Array.from(values) };
        const { supremum, L1, L2 } = errorNorms(f, { lower: [-1.3], upper: [1.9] }, zero);
        // Squares of errors below 1e-154 underflow: there L2 is 0 beside an L1 that is not.
        expect(L1).toBeLessThanOrEqual(L2 * (1 + 1e-12) + 1e-150);
        expect(L2).toBeLessThanOrEqual(supremum * (1 + 1e-12));
      }),
    );
  });

  test('of a flat K average over its nodes', () => {
    const { L1 } = errorNorms(
      onGrid([5, 5], ([x]) => x),
      { lower: [-2, 1], upper: [2, 1] },
      zero,
    );
    expect(L1).toBeCloseTo(1, 14);
  });

  test('of a difference read the finer function at the nodes of the coarser one', () => {
    const [coarse, fine] = [onGrid([17], ([x]) => x), onGrid([33], ([x]) => x + 0.25)];
    const box = { lower: [-1], upper: [1] };
    expect(differenceNorms(coarse, fine, box).L2).toBeCloseTo(0.25, 13);
    expect(supremumDifference(coarse, fine, box)).toBe(differenceNorms(coarse, fine, box).supremum);
    expect(supremumError(coarse, box, zero)).toBe(1);
  });

  test('over a K without a node are refused', () => {
    expect(() => errorNorms(onGrid([5], zero), { lower: [0.1], upper: [0.2] }, zero)).toThrow(/K contains no node/);
  });
});
