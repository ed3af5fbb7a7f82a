import { describe, expect, test } from 'vitest';
import { sample, solve, uniformAxis } from '../../solvers/index.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { quadratic } from '../problems.ts';

const problem = quadratic();

describe('the front door', () => {
  test('finds Vᵉ at points with bounds of the discrete value and the change of a wider box', async () => {
    const at = [
      { x: 1, y: 0 },
      { y: 0.5, x: -0.5 },
    ];
    const { values, status, solution } = await solve(problem, { epsilon: 0.01, at, nodes: { x: 201, y: 61 } });
    expect(status).toBe('converged');
    expect(values.map((value) => value.at)).toEqual(at);
    // The table of test/fixtures/reference.json; first order in dx leaves 6e-3 at 201 nodes.
    expect(Math.abs(values[0].value - 0.0459739)).toBeLessThan(1e-2);
    for (const { value, lower, upper, boxError } of values) {
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
      expect(boxError).toBeLessThanOrEqual(1e-3 * (1 + value));
    }
    expect(sample(solution, at[0], { x: 1, y: 3 })).toBe(values[0].value);
  });

  test('finds the limit for ε = 0, on a given box without a measured one', async () => {
    const x = { lower: -2.5, upper: 2.5 };
    const options = { at: { x: 1 }, x, nodes: { x: 201, y: 61 } };
    const limit = await solve(problem, { ...options, epsilon: 0 });
    expect(limit.solution.grid.axes).toEqual([uniformAxis('x', -2.5, 2.5, 201)]);
    expect(limit.values[0].boxError).toBeNull();
    const near = await solve(problem, { ...options, epsilon: 1e-8, at: { x: 1, y: 0 } });
    expect(Math.abs(near.values[0].value - limit.values[0].value)).toBeLessThan(1e-2);
  });

  test('refuses points that do not name the axes', async () => {
    await expect(solve(problem, { epsilon: 0.1, at: { x: 1 } })).rejects.toThrow('y is missing – the axes are x, y – ');
    await expect(solve(problem, { epsilon: 0, at: { x: 1, y: 0 } })).rejects.toThrow('y is not the name of an axis');
    await expect(solve(problem, { epsilon: 0.1, at: [] })).rejects.toThrow('no point is given');
  });
});

test('sample takes points and degrees by the names of the axes, or as lists in their order', () => {
  const grid = tensorGrid([uniformAxis('x', 0, 1, 5), uniformAxis('y', -1, 1, 9)]);
  const values = Float64Array.from({ length: grid.size }, (_, k) => Math.sin(k));
  const field = { grid, values };
  expect(sample(field, { y: 0.3, x: 0.7 }, { y: 3, x: 1 })).toBe(sample(field, [0.7, 0.3], [1, 3]));
  expect(sample(field, { x: 0.7, y: 0.3 })).toBe(sample(field, Float64Array.of(0.7, 0.3), [3, 3]));
  expect(() => sample(field, { x: 0.7, z: 0.3 })).toThrow('z is not the name of an axis – the axes are x, y – ');
});
