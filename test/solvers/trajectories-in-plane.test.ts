/** Paths with two slow and two fast variables: isotropic_2d and rotational_2d (test/fixtures/reference.json). */

import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { meanCost } from '../../solvers/ensembles/path-costs.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { effectiveSystem } from '../../solvers/limit-trajectories.ts';
import { simulateSystem, simulateTwoScale } from '../../solvers/trajectories.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';
import { multilinear, slopeAlong } from '../../src/paths/value-slopes.ts';
import { inLanes } from '../lanes.ts';
import { isotropic, rotational } from '../problems.ts';

const at = { x: [1, 0.4], y: [0.2, 0] };

function uncontrolled(problem: Problem): Problem {
  return { ...problem, controls: { kind: 'box', names: ['u'], lower: [1], upper: [1] } };
}

function axes(slowNodes: number, fastNodes: number) {
  return {
    slow: ['x1', 'x2'].map((name) => uniformAxis(name, -2.5, 2.5, slowNodes)),
    fast: ['y1', 'y2'].map((name) => uniformAxis(name, -4.5, 4.5, fastNodes)),
  };
}

describe('the mean cost of paths in the plane is the value function, within 3 standard errors', () => {
  const problems = [
    ['isotropic', 0.1, isotropic()],
    ['isotropic', 0.02, isotropic()],
    ['rotational', 0.1, rotational()],
    ['rotational', 0.02, rotational()],
  ] as const;
  inLanes(problems, ([, epsilon]) => epsilon === 0.1)('uncontrolled, %s, ε = %d', async ([, epsilon, controlled]) => {
    const problem = uncontrolled(controlled);
    const control = { kind: 'constant', u: [1] } as const;
    const ensemble = await simulateTwoScale(problem, { ...at, ...axes(5, 5), epsilon, control, paths: 3000, seed: 3 });
    const { mean, standardError } = meanCost(problem, ensemble);
    const exact = linearGaussianValue(problem)?.({ tau: 1, epsilon, ...at }) as number;
    // Heun with dt = 0.2 ε/κ: bias below 1e-4, standard errors 2e-3 to 4e-3.
    expect(Math.abs(mean - exact)).toBeLessThan(3 * standardError + 1e-4);
  });

  test('controlled by the argmin of Vᵉ, ε = 0.2', { tags: ['full'] }, async () => {
    const problem = isotropic();
    const epsilon = 0.2;
    const solve = (nodes: number, snapshots?: number) =>
      solveEpsilonHjb(problem, { ...axes(nodes, nodes), epsilon, scheme: 'filtered', snapshots });
    const [coarse, value] = [await solve(13), await solve(19, 20)];
    const [before, found] = [coarse, value].map((v) => sample(v, [...at.x, ...at.y], [3, 3, 3, 3]));
    const control = { kind: 'argmin', value } as const;
    const ensemble = await simulateTwoScale(problem, { ...at, ...axes(5, 5), epsilon, control, paths: 2000, seed: 1 });
    const { mean, standardError } = meanCost(problem, ensemble);
    // The grid error, of order 2, is less than the change from a grid half as coarse again.
    expect(Math.abs(mean - found)).toBeLessThan(3 * standardError + Math.abs(found - before));
    expect(Math.abs(found - before)).toBeLessThan(0.03);
  });
});

describe('the limit systems in the plane', () => {
  test('under u = 1 they are entropic gradient descent, x e^{−2t/3} for the isotropic loss', async () => {
    const system = effectiveSystem(isotropic(), { kind: 'constant', u: [1] }, axes(9, 25));
    const { states } = await simulateSystem(system, { initial: [1, 0.4], horizon: 1, steps: 200 });
    // The averaged drift is linear in x, so that nodes cost nothing; the box in y cuts e^−30.
    expect(states[1][0]).toBeCloseTo(Math.exp(-2 / 3), 5);
    expect(states[1][1]).toBeCloseTo(0.4 * Math.exp(-2 / 3), 5);
  });

  test('under u = 1 a rotating drift averages to −2(I − 2K⁻¹)x', async () => {
    const system = effectiveSystem(rotational(), { kind: 'constant', u: [1] }, axes(5, 31));
    const drift = new Float64Array(2);
    system.drift(drift, 0, Float64Array.of(1, 0));
    // K⁻¹ = [[3, 1.5], [−1.5, 3]]/11.25: m = (8/15, −4/15).
    // Exponential fitting keeps the mean of a Gaussian: measured 1e-11.
    expect(Math.abs(drift[0] + 2 * (1 - 8 / 15))).toBeLessThan(1e-9);
    expect(Math.abs(drift[1] - 2 * (-4 / 15))).toBeLessThan(1e-9);
  });

  test('under the feedback of v they reach the value v', { tags: ['full'] }, async () => {
    const problem = isotropic();
    const value = await solveEffectiveHjb(problem, { ...axes(33, 25), scheme: 'filtered', snapshots: 20 });
    const system = effectiveSystem(problem, { kind: 'argmin', value }, axes(33, 41));
    const { states } = await simulateSystem(system, { initial: [1, 0.4], horizon: 1, steps: 200 });
    const end = slowTerminal(problem)(states[1]);
    const v = sample(value, [1, 0.4], [3, 3]);
    expect(Math.abs(end - v)).toBeLessThan(5e-4); // measured 7.5e-5
  });
});

test('slopes and multilinear interpolation are exact for multilinear fields on any number of axes', () => {
  const grid = tensorGrid([uniformAxis('a', 0, 1, 3), uniformAxis('b', -1, 1, 4), uniformAxis('c', 2, 3, 5)]);
  const field = new Float64Array(grid.size);
  const f = (a: number, b: number, c: number) => 1 + 2 * a - b + a * b * c;
  for (let k = 0; k < grid.size; k++) {
    const [i, j, l] = [k % 3, Math.floor(k / 3) % 4, Math.floor(k / 12)];
    field[k] = f(i / 2, -1 + (2 * j) / 3, 2 + l / 4);
  }
  const out = new Float64Array(1);
  const read = multilinear(grid);
  for (const point of [
    [0.3, 0.1, 2.9],
    [1, 1, 3],
    [-0.5, 1.5, 2.2],
  ] as [number, number, number][]) {
    read(out, [field], point);
    expect(out[0]).toBeCloseTo(f(point[0], point[1], point[2]), 12);
    read(out, [slopeAlong(grid, field, 0)], point);
    expect(out[0]).toBeCloseTo(2 + point[1] * point[2], 12);
  }
});
