/** The enclosure of the exact discrete value, seen from two computations of it that round differently. */

import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { discreteEnclosure, notEnclosed } from '../../solvers/verification/discrete-enclosure.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';
import { allSchemes } from '../../src/time/schemes.ts';
import type { Enclosure } from '../../src/verification/enclosure.ts';
import { general, noisyLinearQuadratic, termsInside } from '../general-problems.ts';
import { multiwell, quadratic } from '../problems.ts';
import { correlatedNoise } from '../reference-problems.ts';

function axes(problem = quadratic()) {
  const { lower, upper } = fastBox(problem, { lower: -2.5, upper: 2.5 });
  return { slow: [uniformAxis('x', -2.5, 2.5, 41)], fast: [uniformAxis('y', lower, upper, 41)] };
}

const monotone = allSchemes.filter((scheme) => scheme.monotone === 'always' || scheme.monotone === 'under-cfl');
const others = allSchemes.filter((scheme) => !monotone.includes(scheme));

/** Two intervals that hold the same number intersect, at every node; most of the values round differently. */
function expectBothToHold(
  [one, own]: readonly [GridFunction, Enclosure],
  [, other]: readonly [GridFunction, Enclosure],
  third: (k: number) => number,
): void {
  let differing = 0;
  one.values.forEach((value, k) => {
    if (third(k) !== value) differing++;
    expect(value + own.below).toBeLessThanOrEqual(third(k) + other.above / 3);
    expect(value + own.above).toBeGreaterThanOrEqual(third(k) + other.below / 3);
  });
  expect(differing).toBeGreaterThan(0.1 * one.values.length);
}

describe('the discrete enclosure', () => {
  const cases = monotone.flatMap(({ name, times }) => times.epsilon.map((time) => ({ scheme: name, time: time.name })));
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
      expectBothToHold([solution, own], [thrice, other], (k) => thrice.values[k] / 3);
      // Measured 1e-9 at most.
      expect(own.above - own.below).toBeLessThan(1e-8);
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

describe('the discrete enclosure of the general system', () => {
  const grid = { slow: [uniformAxis('x', -2.5, 2.5, 31)], fast: [uniformAxis('y', -4, 4, 31)] };
  const cases = monotone.flatMap(({ name, times }) =>
    (['epsilon', 'effective'] as const).flatMap((equation) =>
      times[equation].map((time) => ({ equation, scheme: name, time: time.name })),
    ),
  );

  const solved = (problem: Problem, equation: 'epsilon' | 'effective', method: object) =>
    equation === 'epsilon'
      ? solveEpsilonHjb(problem, { ...grid, ...method, epsilon: 0.2 })
      : solveEffectiveHjb(problem, { ...grid, ...method });

  const bothOf = (problem: Problem, solution: Parameters<typeof discreteEnclosure>[1]['solution']) => {
    const enclosure = discreteEnclosure(problem, { ...grid, solution });
    if (enclosure === null) throw new Error(`none: ${notEnclosed(problem, { ...grid, solution })}`);
    return [solution, enclosure] as const;
  };

  test.each(cases)('of $equation by $scheme with $time holds the value of all costs times 3, over 3', async (each) => {
    const { equation, ...method } = each;
    const own = await solved(termsInside(), equation, method);
    const other = await solved(termsInside({ scale: 3 }), equation, { ...method, steps: own.steps });
    const [one, three] = [bothOf(termsInside(), own), bothOf(termsInside({ scale: 3 }), other)];
    expectBothToHold(one, three, (k) => other.values[k] / 3);
    expect(one[1].above - one[1].below).toBeLessThan(5e-9); // measured 4e-10 at most, by policies 2.7e-9
  });

  test.each(['epsilon', 'effective'] as const)(
    'of %s by policies holds that of the mirrored problem',
    async (equation) => {
      // Lines are swept in the other order, so that residuals are others.
      const method = { time: 'implicit', steps: 6 };
      const own = await solved(termsInside(), equation, method);
      const other = await solved(termsInside({ mirrored: true }), equation, method);
      const [one, two] = [bothOf(termsInside(), own), bothOf(termsInside({ mirrored: true }), other)];
      own.values.forEach((value, k) => {
        const there = other.values[k - (k % 31) + 30 - (k % 31)];
        expect(value + one[1].below).toBeLessThanOrEqual(there + two[1].above);
        expect(value + one[1].above).toBeGreaterThanOrEqual(there + two[1].below);
      });
    },
  );

  test('holds for noise with cross terms, whose arms end in the box', async () => {
    const axis = (name: string) => uniformAxis(name, -3, 3, 13);
    const axes = { slow: [axis('x1'), axis('x2')], fast: [uniformAxis('y', -3, 3, 9)] };
    const problem = correlatedNoise();
    const thrice = { ...problem, terminalCost: formula('3*((x1^2 + x2^2)/2 + x1*x2/3)', ['x1', 'x2']) };
    for (const solve of [solveEffectiveHjb, solveEpsilonHjb]) {
      const options = { ...axes, epsilon: 0.1, scheme: 'semi-lagrangian' } as const;
      const [own, other] = [await solve(problem, options), await solve(thrice, options)];
      const enclosures = [
        discreteEnclosure(problem, { ...axes, solution: own }),
        discreteEnclosure(thrice, { ...axes, solution: other }),
      ];
      if (enclosures[0] === null || enclosures[1] === null) throw new Error('the scheme is monotone');
      expectBothToHold([own, enclosures[0]], [other, enclosures[1]], (k) => other.values[k] / 3);
    }
  });

  test('is refused where noise leaves the box or a control of implicit steps has no end, with the reason', async () => {
    const noisy = termsInside({ leaves: true });
    const solution = await solved(noisy, 'epsilon', {});
    expect(discreteEnclosure(noisy, { ...grid, solution })).toBeNull();
    expect(notEnclosed(noisy, { ...grid, solution })).toMatch(/noise leaves the x-box/);
    const implicit = await solved(noisy, 'epsilon', { time: 'implicit' });
    expect(discreteEnclosure(noisy, { ...grid, solution: implicit })).not.toBeNull();
    const endless = await solved(noisyLinearQuadratic(), 'epsilon', { time: 'implicit' });
    expect(notEnclosed(noisyLinearQuadratic(), { ...grid, solution: endless })).toMatch(/a control has no end/);
  });

  test('counts the start that a resolvent has relaxed, and less of every residual under a discount', async () => {
    const [terminal, plain] = ['x^2/2 + y/9', 'x^2/2'].map((text) => general({}, { terminal: text }));
    const widthOf = async (problem: Problem) => {
      const [, { above, below }] = bothOf(problem, await solved(problem, 'epsilon', { steps: 40 }));
      return above - below;
    };
    // A resolvent more than the 40 steps take, of values that are larger by 4/9 at most.
    expect(await widthOf(terminal)).toBeGreaterThan(await widthOf(plain));
    expect(await widthOf({ ...plain, discount: 2 })).toBeLessThan(await widthOf(plain));
  });
});
