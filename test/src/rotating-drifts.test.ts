/** Linear systems of drifts that rotate much faster than they contract: coarse processes are all convection. */
import { describe, expect, test } from 'vitest';
import { solveErgodicCell } from '../../solvers/ergodic-cell.ts';
import { jumpGenerator } from '../../src/generator/jump-generator.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { ballInSpace } from '../../src/grid/ball.ts';
import { boxNodes } from '../../src/grid/connected-nodes.ts';
import { solveEnclosed } from '../../src/linalg/enclosed-solve.ts';
import { nullSolver, stationaryVector } from '../../src/linalg/ergodic-solve.ts';
import { multigrid } from '../../src/linalg/multigrid.ts';
import { type PlaneRates, stationaryPlanes } from '../../src/linalg/plane-elimination.ts';
import { type SparseRates, withDiscount } from '../../src/linalg/sparse-rates.ts';
import type { Coordinates, FastField, Problem } from '../../src/model/problem.ts';
import { inLanes } from '../lanes.ts';
import { inSpace } from '../problems.ts';

/** b = −y + w Jy, J the rotation of the first two axes by a right angle. */
function rotating(m: 2 | 3, w: number): Problem {
  const drift: FastField[] = [(_x, y) => -y[0] + w * y[1], (_x, y) => -w * y[0] - y[1], (_x, y) => -y[2]];
  return inSpace(m, { drift: drift.slice(0, m) });
}

function onBox(m: 2 | 3, w: number, nodes: number) {
  const axes = Array.from({ length: m }, (_, a) => uniformAxis(`y${a + 1}`, -7, 7, nodes));
  return jumpGenerator(rotating(m, w), [0], boxNodes(axes));
}

/** The same rates, axis by axis, for the elimination by blocks. */
function planeRates({ size, starts, targets, rates }: SparseRates, width: number): PlaneRates {
  const along = [0, 1].map(() => ({ up: new Float64Array(size), down: new Float64Array(size) }));
  for (let i = 0; i < size; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const { up, down } = along[Math.abs(targets[e] - i) === 1 ? 0 : 1];
      (targets[e] > i ? up : down)[i] = rates[e];
    }
  }
  return { lanes: 1, shape: [width, size / width], strides: [1, width], along: [along[0], along[1]] };
}

describe('the stationary vector of a rotating drift', () => {
  test.each([10, 40])('that turns %i times faster than it contracts is that of elimination', (w) => {
    const { jumps, lattice } = onBox(2, w, 121);
    const { weights, converged } = stationaryVector(jumps, nullSolver(jumps, lattice));
    expect(converged).toBe(true);
    const exact = stationaryPlanes(planeRates(jumps, 121));
    const largest = exact.reduce((a, b) => Math.max(a, b), 0);
    const error = weights.reduce((most, weight, i) => Math.max(most, Math.abs(weight - exact[i])), 0);
    expect(error / largest).toBeLessThan(1e-11); // measured 3.2e-14 and 7.4e-14
  });

  test.each([
    [2, 401, 20],
    [3, 49, 10],
  ] as const)('in R^%i is balanced on %i nodes per axis at %i turns', { tags: ['full'] }, (m, nodes, w) => {
    const { jumps, lattice } = onBox(m, w, nodes);
    expect(stationaryVector(jumps, nullSolver(jumps, lattice)).imbalance).toBeLessThan(1e-12);
  });
});

const cells = [
  [2, 301, 20],
  [3, 49, 10],
] as const;
const title = 'the δ-cell problem in R^%i is enclosed on %i nodes across at %i turns';
inLanes(cells, ([m]) => m === 3)(title, ([m, across, w]) => {
  const ball = ballInSpace(m, 6, across);
  const { jumps, lattice } = jumpGenerator(rotating(m, w), [0], ball);
  const process = withDiscount(jumps, 1e-3);
  const right = Float64Array.from({ length: ball.size }, (_, i) => ball.points[i * m] ** 2);
  const { converged } = solveEnclosed(process, multigrid(process, lattice), right, (1e-9 * 36) / 1e-3);
  expect(converged).toBe(true);
});

test('where nothing is enclosed there is no value, and the advice names the mesh Péclet number', () => {
  const axes = Array.from({ length: 3 }, (_, a) => uniformAxis(`y${a + 1}`, -16, 16, 41));
  const options = { x: [0], p: [0], axes, integrand: (y: Coordinates) => y[0] ** 2 };
  const { constant, lower, upper, outcome } = solveErgodicCell(rotating(3, 20), options);
  expect([constant, lower, upper]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  // |b|h = (16·20 + 15.6)·0.8.
  expect(outcome).toMatchObject({
    status: 'stalled',
    advice: expect.stringMatching(/up to 268 cells .* Péclet number/),
  });
});
