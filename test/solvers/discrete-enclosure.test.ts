/** The enclosure of the exact discrete value, seen from two computations of it that round differently. */

import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { discreteEnclosure } from '../../solvers/verification/discrete-enclosure.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import { allSchemes } from '../../src/time/schemes.ts';
import { multiwell, quadratic } from '../problems.ts';

function axes(problem = quadratic()) {
  const { lower, upper } = fastBox(problem, { lower: -2.5, upper: 2.5 });
  return { slow: [uniformAxis('x', -2.5, 2.5, 41)], fast: [uniformAxis('y', lower, upper, 41)] };
}

const monotone = allSchemes.filter((scheme) => scheme.monotone === 'always' || scheme.monotone === 'under-cfl');
const others = allSchemes.filter((scheme) => !monotone.includes(scheme));

describe('the discrete enclosure', () => {
  // Steps of policy iteration stop at a residual, which is no part of the enclosure: they have none.
  const cases = monotone.flatMap(({ name, times }) =>
    times.epsilon.filter(({ steps }) => steps.kind === 'phases').map((time) => ({ scheme: name, time: time.name })),
  );
  // −f(x) with the same controls mirrored rounds differently from f only by sign; scaling by 3 changes every rounding.
  test.each(cases)('of $scheme with $time holds the value of the problem scaled by 3, over 3', async (method) => {
    for (const problem of [quadratic(), multiwell()]) {
      const grid = { ...axes(problem), ...method, epsilon: 0.05 };
      const solution = await solveEpsilonHjb(problem, grid);
      const scaled = { ...problem, terminalCost: (x: ArrayLike<number>) => 3 * slowTerminal(problem)(x) };
      const thrice = await solveEpsilonHjb(scaled, { ...grid, steps: solution.steps });
      const own = discreteEnclosure(problem, { ...grid, solution });
      const other = discreteEnclosure(scaled, { ...grid, solution: thrice });
      if (own === null || other === null) throw new Error('the scheme is monotone');
      let differing = 0;
      solution.values.forEach((value, k) => {
        const third = thrice.values[k] / 3;
        if (third !== value) differing++;
        // Two intervals that hold the same number intersect.
        expect(value + own.below).toBeLessThanOrEqual(third + other.above / 3);
        expect(value + own.above).toBeGreaterThanOrEqual(third + other.below / 3);
      });
      expect(differing).toBeGreaterThan(0.1 * solution.values.length);
      expect(own.above - own.below).toBeLessThan(1e-8); // measured 1e-9 at most
    }
  });

  test('exists for the effective equation too', async () => {
    const grid = axes();
    const solution = await solveEffectiveHjb(quadratic(), grid);
    const { below, above } = discreteEnclosure(quadratic(), { ...grid, solution }) ?? { below: 0, above: 0 };
    expect(below).toBeLessThan(0);
    expect(above).toBe(-below);
  });

  test.each(others.map(({ name }) => name))('is refused for %s, which is not monotone', async (scheme) => {
    const grid = axes();
    const solution = await solveEpsilonHjb(quadratic(), { ...grid, epsilon: 0.05, scheme });
    expect(discreteEnclosure(quadratic(), { ...grid, solution })).toBeNull();
  });

  test('is refused beyond the monotone step and where every control leaves the box', async () => {
    const grid = axes();
    const long = await solveEpsilonHjb(quadratic(), { ...grid, epsilon: 1, steps: 60, scheme: 'local-lax-friedrichs' });
    expect(discreteEnclosure(quadratic(), { ...grid, solution: long })).toBeNull();
    const outflow = await solveEpsilonHjb(quadratic([1, 1]), { ...grid, epsilon: 1 });
    expect(discreteEnclosure(quadratic([1, 1]), { ...grid, solution: outflow })).toBeNull();
  });
});
