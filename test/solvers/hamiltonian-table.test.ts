import { expect, test } from 'vitest';
import { libraryTexts, readScenario } from '../../scenarios/read/index.ts';
import { effectiveHamiltonian, effectiveHamiltonianTable, wells } from '../../solvers/index.ts';

const { problem } = readScenario(libraryTexts.quadratic);
const [x, p] = [
  [[-1], [0.5]],
  [[-1], [0.3], [1]],
];

test.each(['gibbs', 'stationary'] as const)('a table of H̄ by %s holds the values of its points', async (method) => {
  const asked = { method, nodes: 201 };
  const fractions: number[] = [];
  const table = await effectiveHamiltonianTable(problem, { x, p, ...asked }, { progress: (f) => fractions.push(f) });
  expect(fractions).toEqual([0.5, 1]);
  for (const [i, point] of x.entries()) {
    for (const [k, slope] of p.entries()) {
      const single = effectiveHamiltonian(problem, { x: point, p: slope, ...asked });
      expect(table.values[i + 2 * k]).toBe(single.value);
      expect(table.errors[i + 2 * k]).toBe(single.error);
    }
  }
});

test('a cancelled table is rejected with the reason of the signal', async () => {
  const stop = new AbortController();
  const run = { signal: stop.signal, progress: () => stop.abort(new Error('enough')) };
  await expect(effectiveHamiltonianTable(problem, { x, p, method: 'gibbs' }, run)).rejects.toThrow('enough');
});

test('the wells of y⁴/4 − y²/2 are at ±1, with Φ = −1/4', () => {
  const text = `
model: { kind: slow-fast, slow: { x: "u*y" }, fast: { potential: "y^4/4 - y^2/2" }, control: { u: [-1, 1] }, terminal: x }
horizon: 1
domain: { x: [-1, 1], y: [-3, 3] }
`;
  const found = wells(readScenario(text).problem, [0]);
  // A well is followed down to 1e-8 of its bracket, where Φ no longer changes.
  expect(found.map(({ at }) => at[0]).sort()).toEqual([expect.closeTo(-1, 7), expect.closeTo(1, 7)]);
  for (const { potential } of found) expect(potential).toBeCloseTo(-0.25, 14);
});
