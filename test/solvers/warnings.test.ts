/** What is doubtful about a result is part of it, whoever asks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deepRelaxationProblem,
  effectiveVelocities,
  formula,
  fromPotential,
  type Problem,
  solveDeltaCell,
  solveEffectiveHjb,
  solveEpsilonHjb,
  solveErgodicCell,
  uniformAxis,
} from '../../solvers/index.ts';
import { powerUtility } from '../reference-problems.ts';

const problem = deepRelaxationProblem({
  ...{ name: 'quadratic', title: 'f = x²/2', horizon: 1, gamma: 2 },
  loss: formula('x^2/2', ['x']),
  control: { lower: 0, upper: 1 },
});
const slow = [uniformAxis('x', -2.5, 2.5, 41)];
const fast = [uniformAxis('y', -6, 6, 41)];

describe('a value on a grid', () => {
  test('warns of every number of steps below that of its own stableStep, and of none above', async () => {
    const numbers = fc.integer({ min: 1, max: 60 });
    for (const scheme of ['weno', 'filtered'] as const) {
      await fc.assert(
        fc.asyncProperty(numbers, async (steps) => {
          const found = await solveEpsilonHjb(problem, { epsilon: 0.1, slow, fast, steps, scheme });
          const isLong = problem.horizon / steps > found.stableStep * (1 + 1e-12);
          const said = found.warnings.filter((warning) => warning.includes('exceeds the monotone bound'));
          expect(said).toHaveLength(isLong ? 1 : 0);
          const fewest = /take (\d+) steps/.exec(said[0] ?? '')?.[1];
          if (isLong) expect(problem.horizon / Number(fewest)).toBeLessThanOrEqual(found.stableStep * (1 + 1e-11));
        }),
        { numRuns: 6 },
      );
    }
  });

  test('warns of a filter that never falls back at kinks, and of one that always does', async () => {
    const kinked = deepRelaxationProblem({
      ...{ name: 'kink', title: 'f = x + |x|/2', horizon: 0.2, gamma: 2, control: { lower: 0, upper: 1 } },
      loss: formula('x+abs(x)/2', ['x']),
    });
    const options = { epsilon: 0.1, slow, fast, scheme: 'filtered' } as const;
    const idle = await solveEpsilonHjb(kinked, { ...options, filterConstant: 1e6 });
    expect(idle.filter?.fraction).toBe(0);
    expect(idle.warnings.join()).toMatch(
      /the filter never fell back, although second differences of V jump as at a kink/,
    );
    // Smooth, with its least value inside: nothing to fall back for.
    const smooth = await solveEpsilonHjb({ ...problem, horizon: 0.2 }, { ...options, filterConstant: 1e6 });
    expect(smooth.filter?.sharpKinks).toBe(0);
    // An exponential bends 26 times as much at one end as in the middle, gradually.
    const axes = { slow: [uniformAxis('x', -6.5, 6.5, 81)], fast: [uniformAxis('y', -5, 5, 11)] };
    const bent = await solveEpsilonHjb(powerUtility({ horizon: 0.1 }), { epsilon: 1, ...axes, scheme: 'filtered' });
    expect(bent.filter).toMatchObject({ fraction: 0, sharpKinks: 0 });
    const busy = await solveEpsilonHjb(kinked, { ...options, filterConstant: 1e-9 });
    expect(busy.warnings.join()).toMatch(/the filter fell back to the monotone step in \d+ % of the updates away/);
  });

  test('has its doubts among its warnings, and none by default', async () => {
    const narrow = [uniformAxis('y', -1, 1, 41)];
    for (const on of [fast, narrow]) {
      const found = await solveEffectiveHjb(problem, { slow, fast: on });
      expect(found.warnings).toEqual([...found.doubts]);
      expect(found.warnings.length > 0).toBe(on === narrow);
    }
  });
});

describe('frozen at an x', () => {
  const wells: Problem = {
    ...problem,
    ...{ name: 'wells', fast: fromPotential(formula('-log(exp(-y^2/2)+20*exp(-(y-1.234)^2/2e-6))', ['x'], ['y'])) },
  };

  test('a cell problem warns of its ball and of its nodes', () => {
    const ball = { x: [0], p: [1], delta: 1e-4, nodes: 101 };
    const small = solveDeltaCell(problem, { ...ball, radius: 2 });
    expect(small.warnings).toEqual([small.trap, ...small.doubts]);
    const coarse = solveDeltaCell(wells, { ...ball, radius: 6 });
    expect(coarse.warnings).toEqual(expect.arrayContaining([...coarse.doubts]));
    expect(coarse.doubts).toHaveLength(1);
  });

  test('an ergodic pair and effective velocities warn of nodes, and their errors are not numbers then', () => {
    const pair = solveErgodicCell(wells, { x: [0], p: [1], axes: [uniformAxis('y', -7, 7, 101)] });
    expect(pair.warnings).toHaveLength(1);
    expect(pair.quadratureError).toBe(Infinity);
    const body = effectiveVelocities(wells, { x: [0], slopes: [[1]], nodes: 101 });
    expect(body.warnings).toHaveLength(1);
    expect(body.velocities[0].error).toBe(Infinity);
    expect(effectiveVelocities(problem, { x: [0], slopes: [[1]] }).warnings).toEqual([]);
  });
});
