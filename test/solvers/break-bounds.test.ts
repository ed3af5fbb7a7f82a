/** Bounds of H̄ where H and Φ jump and kink at drawn places, against quadrature split at them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian, type HamiltonianMethod } from '../../solvers/effective-hamiltonian.ts';
import { type BrokenProblem, brokenProblem } from '../drawn-breaks.ts';

/** Round-off of sums, and of the reference. */
const ROUNDING = 1e-11;

/** The routes along a line, and in the plane that of Gibbs weights; few nodes, for which bounds are large. */
const METHODS: Record<1 | 2, readonly HamiltonianMethod[]> = {
  1: ['gibbs', 'stationary', 'ergodic', 'cell'],
  2: ['stationary'],
};
const nodesOf = { 1: fc.noBias(fc.integer({ min: 31, max: 801 })), 2: fc.noBias(fc.integer({ min: 31, max: 61 })) };

function covers({ problem, mean, text }: BrokenProblem, method: HamiltonianMethod, nodes: number): void {
  if (method === 'gibbs' && problem.fast.kind === 'drift') return;
  const { value, lower, upper, error } = effectiveHamiltonian(problem, { x: [0], p: [1], method, nodes });
  const where = `${method}, ${nodes} nodes, ${text}`;
  if (error === null || error === Infinity) return;
  (globalThis as any).__s?.push?.([Math.abs(value - mean) / error, error, where]);
  expect(Math.abs(value - mean), where).toBeLessThanOrEqual(error + ROUNDING);
  if (lower !== null && upper !== null) {
    expect(lower, where).toBeLessThanOrEqual(mean + ROUNDING);
    expect(upper, where).toBeGreaterThanOrEqual(mean - ROUNDING);
  }
}

describe.each([1, 2] as const)('H and Φ jump and kink at drawn places, m = %i', (m) => {
  const run = (draws: number) => {
    fc.assert(
      fc.property(brokenProblem(m), nodesOf[m], (drawn, nodes) => {
        for (const method of METHODS[m]) covers(drawn, method, nodes);
      }),
      { numRuns: draws },
    );
  };
  test('every bound holds H̄', () => {
    const s: any[] = ((globalThis as any).__s = []);
    try {
      run(Number(process.env.DRAWS ?? 150));
    } finally {
      s.sort((a, b) => b[0] - a[0]);
      console.log(s.length, s.slice(0, 4), s[s.length >> 1]);
    }
  });
});
