import { describe, expect, test } from 'vitest';
import { fastGenerator } from '../../src/generator/fast-generator.ts';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { stationaryLines } from '../../src/linalg/stationary.ts';
import { gibbsWeights } from '../../src/measure/gibbs-weights.ts';
import { potentialOf, slowFast } from '../problems.ts';

/** Two wells of equal depth at −0.7 and 1.3 behind a barrier of height k. */
const wells = (k: number) => slowFast({ potential: `${k}*((y - 0.3)^2 - 1)^2` });

describe('stationary measures of lines', () => {
  // e^−745 is the smallest number; with 41 nodes single rises are beyond that too, and rates underflow.
  test.each([
    [800, 8001],
    [5000, 8001],
    [5e4, 8001],
    [5000, 41],
    [1e6, 41],
  ])('are Gibbs on both sides of a barrier of height %s on %s nodes', (k, nodes) => {
    const axis = uniformAxis('y', -1.2, 1.8, nodes);
    const problem = wells(k);
    const potential = coordinates(axis).map((y) => potentialOf(problem)([0], [y]));
    const gibbs = gibbsWeights(potential).weights;
    const weights = fastGenerator(problem, [[0]], axis).stationary();
    // exp amplifies the rounding of Φ, 1e-16 k. Measured 1.4e-16, 6.6e-16, 6.9e-15, 5.5e-14 and 6.9e-11.
    const tolerance = 1e-15 * k;
    gibbs.forEach((weight, j) => {
      expect(Math.abs(weights[j] - weight)).toBeLessThan(tolerance);
    });
  });

  test('hold in every lane apart, and where ratios leave the range of exponents between two nodes', () => {
    // Lane 0: a barrier of ratio 1e-300 twice, then back; lane 1: the same numbers upside down.
    const up = [1, 1e300, 1, 1e300, 1e300, 1, 1e300, 1, 0, 0];
    const down = [0, 0, 1e300, 1, 1e300, 1, 1, 1e300, 1, 1e300];
    const weights = stationaryLines({ lanes: 2, nodes: 5, up: Float64Array.from(up), down: Float64Array.from(down) });
    const lane = (k: number) => Array.from({ length: 5 }, (_, j) => weights[2 * j + k]);
    expect(lane(0)[0]).toBeCloseTo(0.5, 15);
    expect(lane(0).slice(1, 4)).toEqual([5e-301, 0, 5e-301].map((value) => expect.closeTo(value, 310)));
    expect(lane(0)[4]).toBeCloseTo(0.5, 15);
    expect(lane(1)).toEqual([0, 0, 1, 0, 0].map((value) => expect.closeTo(value, 15)));
  });
});
