/** Bounds of H̄ where H and Φ jump and kink at drawn places, against quadrature split at them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import type { HamiltonianMethod } from '../../solvers/hamiltonian-routes.ts';
import { type BrokenProblem, brokenProblem } from '../drawn-breaks.ts';
import { manyDraws } from '../draws.ts';

/** Round-off of sums; in the plane the reference leaves out tails of 1e-9. */
const ROUNDING = { 1: 1e-11, 2: 1e-8 } as const;
/** The routes along a line, and in the plane that of Gibbs weights; few nodes, for which bounds are large. */
const METHODS: Record<1 | 2, readonly HamiltonianMethod[]> = {
  1: ['gibbs', 'stationary', 'ergodic', 'cell'],
  2: ['stationary'],
};
const nodesOf = { 1: fc.noBias(fc.integer({ min: 31, max: 801 })), 2: fc.noBias(fc.integer({ min: 31, max: 61 })) };

function covers({ problem, mean, text }: BrokenProblem, method: HamiltonianMethod, nodes: number): void {
  if (method === 'gibbs' && problem.fast.kind === 'drift') return;
  const m = problem.fast.drift.length as 1 | 2;
  const { value, lower, upper, error } = effectiveHamiltonian(problem, { x: [0], p: [1], method, nodes });
  const where = `${method}, ${nodes} nodes, ${text}`;
  if (error === null) return;
  expect(Math.abs(value - mean), where).toBeLessThanOrEqual(error + ROUNDING[m]);
  if (lower === null || upper === null) return;
  expect(lower, where).toBeLessThanOrEqual(mean + ROUNDING[m]);
  expect(upper, where).toBeGreaterThanOrEqual(mean - ROUNDING[m]);
}

/** A failure prints the seed and the smallest problem that fails. */
function allCover(m: 1 | 2, draws: number): void {
  fc.assert(
    fc.property(brokenProblem(m), nodesOf[m], (drawn, nodes) => {
      for (const method of METHODS[m]) covers(drawn, method, nodes);
    }),
    { numRuns: draws },
  );
}

describe('where H and Φ jump and kink at drawn places every bound holds H̄', () => {
  test('on the line', () => allCover(1, 60));
  test('in the plane', () => allCover(2, 4));
  // With those of resolution.test.ts and proved-assumptions.test.ts some ten thousand draws.
  test('on the line, five thousand draws', { tags: ['full'] }, () => allCover(1, manyDraws(5000)));
  test('in the plane, five hundred draws', { tags: ['full'] }, () => allCover(2, manyDraws(500)));
});
