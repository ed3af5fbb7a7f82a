/** Cell problems in one, two and three fast variables: comparison and bounds, for fast processes drawn at random. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { onNodes, solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import { stationaryMeasure } from '../../solvers/invariant-measure.ts';
import { encloseByCell } from '../../solvers/verification/cell-enclosure.ts';
import { weightedMean } from '../../src/generator/enclosed-mean.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { Coordinates, Interval, Problem } from '../../src/model/problem.ts';
import { confined, spinning } from '../drawn-problems.ts';

const dimensions = [1, 2, 3] as const;
const NODES = { 1: 41, 2: 17, 3: 9 } as const;
const FINE = { 1: 81, 2: 41, 3: 21 } as const;
/** Draws of each property; a solve in R³ takes a quarter of a second. */
const DRAWS = { 1: 40, 2: 12, 3: 6 } as const;
/** 0 or no less than 1e-12: an h of the size of the smallest numbers has no relative accuracy. */
const coefficient = fc.double({ min: -2, max: 2, noNaN: true }).map((c) => (Math.abs(c) < 1e-12 ? 0 : c));

/** Integrands with a kink. */
const integrands = fc.tuple(coefficient, coefficient).map(
  ([a, b]) =>
    (y: Coordinates) =>
      Math.abs(y[0] - a) + b * Math.cos(y[y.length - 1]),
);
const increments = fc.tuple(coefficient, coefficient).map(
  ([a, b]) =>
    (y: Coordinates) =>
      Math.max(0, a - b * y[0]),
);
const deltas = fc.integer({ min: -2, max: 0 }).map((exponent) => 10 ** exponent);
const frozen = { x: [0.4], p: [0] };

/** Bounds of h over all nodes. */
function rangeOf(h: Float64Array): [number, number] {
  return [h.reduce((a, b) => Math.min(a, b), Infinity), h.reduce((a, b) => Math.max(a, b), -Infinity)];
}

describe.each(dimensions)('the δ-cell problem in R^%i', (m) => {
  const ball = { ...frozen, radius: 5, nodes: NODES[m] };
  const cases = fc.record({
    problem: fc.oneof(confined(m), spinning(m)),
    h: integrands,
    rise: increments,
    delta: deltas,
  });
  const solve = (problem: Problem, delta: number, integrand: (y: Coordinates) => number) => {
    const solution = solveDeltaCell(problem, { ...ball, delta, integrand });
    expect(solution.outcome.status).toBe('converged');
    return solution;
  };
  // Solutions for m > 1 are enclosed to 1e-9·max|h|, max|h| ≤ 15.
  const SOLVED = 2e-8;

  test('a larger h gives a larger −δω at every node', () => {
    fc.assert(
      fc.property(cases, ({ problem, h, rise, delta }) => {
        const [low, high] = [solve(problem, delta, h), solve(problem, delta, (y) => h(y) + rise(y))];
        const least = low.values.reduce((a, omega, j) => Math.min(a, delta * (omega - high.values[j])), Infinity);
        expect(least).toBeGreaterThanOrEqual(-SOLVED);
      }),
      { numRuns: DRAWS[m] },
    );
  });

  test('min h (1 − w) ≤ −δω ≤ max h (1 − w), w the exit weight', () => {
    fc.assert(
      fc.property(cases, ({ problem, h, delta }) => {
        const { grid, values, exitWeight } = solve(problem, delta, h);
        const [least, most] = rangeOf(onNodes(grid, h));
        const excess = values.map((omega, j) => {
          const [value, staying] = [-delta * omega, 1 - exitWeight.values[j]];
          return Math.max(least * staying - value, value - most * staying);
        });
        // Exit weights are asked for to 1e-7.
        expect(rangeOf(excess)[1]).toBeLessThanOrEqual(SOLVED + 1e-7 * Math.max(Math.abs(least), Math.abs(most)));
      }),
      { numRuns: DRAWS[m] },
    );
  });

  test('the bounds from ω hold the mean of h under the Gibbs measure, however large δ', () => {
    const smooth = fc.tuple(coefficient, coefficient).map(
      ([a, b]) =>
        (y: Coordinates) =>
          a * y[0] ** 2 + b * y[m - 1],
    );
    fc.assert(
      fc.property(fc.record({ problem: confined(m), h: smooth, delta: deltas }), ({ problem, h, delta }) => {
        const options = { ...ball, nodes: FINE[m], delta, integrand: h };
        const bounds = encloseByCell(problem, options, solveDeltaCell(problem, options)) as Interval;
        const axes = Array.from({ length: m }, (_, a) => uniformAxis(`y${a}`, -6, 6, FINE[m]));
        const { grid, weights } = stationaryMeasure(problem, frozen.x, axes);
        // Sums over Gibbs weights of smooth h are exact but for tails beyond 6: e^−18·(2·36 + 12).
        const mean = weightedMean(weights, onNodes(grid, h));
        expect(bounds.lower).toBeLessThanOrEqual(mean + 2e-6);
        expect(bounds.upper).toBeGreaterThanOrEqual(mean - 2e-6);
      }),
      { numRuns: DRAWS[m] },
    );
  });
});

describe.each(dimensions)('the ergodic pair in R^%i', (m) => {
  const axes = Array.from({ length: m }, (_, a) => uniformAxis(`y${a}`, -5, 5, NODES[m] + 4));
  const cases = fc.record({
    problem: fc.oneof(confined(m), spinning(m)),
    h: integrands,
    rise: increments,
    shift: coefficient,
  });
  const solve = (problem: Problem, integrand: (y: Coordinates) => number) => {
    const pair = solveErgodicCell(problem, { ...frozen, axes, integrand });
    expect(pair.outcome.status).toBe('converged');
    return pair;
  };
  // Enclosed to 1e-10·max|h|, max|h| ≤ 9 where μ lives.
  const SOLVED = 2e-9;

  test('c is monotone in h, and moves with constants', { tags: ['full'] }, () => {
    fc.assert(
      fc.property(cases, ({ problem, h, rise, shift }) => {
        const { constant } = solve(problem, h);
        expect(solve(problem, (y) => h(y) + rise(y)).constant).toBeGreaterThanOrEqual(constant - SOLVED);
        expect(Math.abs(solve(problem, (y) => h(y) + shift).constant - constant - shift)).toBeLessThan(SOLVED);
      }),
      { numRuns: DRAWS[m] },
    );
  });

  test('the enclosure holds Σπh, and lies between the bounds of h', () => {
    fc.assert(
      fc.property(cases, ({ problem, h }) => {
        const { grid, weights, lower, upper, constant } = solve(problem, h);
        const onGrid = onNodes(grid, h);
        const mean = weightedMean(weights, onGrid);
        // Rounding of Σπh.
        expect(lower).toBeLessThanOrEqual(mean + 1e-13);
        expect(upper).toBeGreaterThanOrEqual(mean - 1e-13);
        const [least, most] = rangeOf(onGrid);
        expect(constant).toBeGreaterThanOrEqual(least - SOLVED);
        expect(constant).toBeLessThanOrEqual(most + SOLVED);
      }),
      { numRuns: DRAWS[m] },
    );
  });
});
