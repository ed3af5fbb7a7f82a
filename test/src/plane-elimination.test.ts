import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AxisRates,
  eliminatePlanes,
  inverseLength,
  type PlaneRates,
  solvePlanes,
  stationaryPlanes,
} from '../../src/linalg/plane-elimination.ts';

const lanes = 2;
const [width, rows] = [4, 3];
const size = lanes * width * rows;

/** Rates up and down along an axis from numbers in [0, 1], spread over ten powers of ten; 0 over the ends. */
function axisRates(numbers: readonly number[], axis: 0 | 1): AxisRates {
  const [up, down] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    const node = Math.floor(k / lanes);
    const place = axis === 0 ? node % width : Math.floor(node / width);
    const last = (axis === 0 ? width : rows) - 1;
    const rate = (number: number) => 10 ** (10 * number - 5);
    if (place < last) up[k] = rate(numbers[2 * k]);
    if (place > 0) down[k] = rate(numbers[2 * k + 1]);
  }
  return { up, down };
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const numbers = fc.array(unit, { minLength: 2 * size, maxLength: 2 * size });
const planes = fc.tuple(numbers, numbers).map(([first, second]): PlaneRates => {
  return { lanes, shape: [width, rows], strides: [1, width], along: [axisRates(first, 0), axisRates(second, 1)] };
});

/** The same chains with the rows along the other axis. */
function turned({ lanes: count, along }: PlaneRates): PlaneRates {
  return { lanes: count, shape: [rows, width], strides: [width, 1], along: [along[1], along[0]] };
}

/** The chain of the first lane in all of them. */
function alike(rates: PlaneRates): PlaneRates {
  const first = (field: Float64Array) => field.map((_, k) => field[k - (k % lanes)]);
  const alikeAlong = ({ up, down }: AxisRates): AxisRates => ({ up: first(up), down: first(down) });
  return { ...rates, along: [alikeAlong(rates.along[0]), alikeAlong(rates.along[1])] };
}
const fields = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size });

/** The jumps out of entry k of a field: rate and entry. */
function jumps({ along }: PlaneRates, k: number): [rate: number, to: number][] {
  return along
    .flatMap(({ up, down }, axis): [number, number][] => {
      const stride = axis === 0 ? lanes : lanes * width;
      return [
        [up[k], k + stride],
        [down[k], k - stride],
      ];
    })
    .filter(([rate]) => rate > 0) as [number, number][];
}

function solved(rates: PlaneRates, killing: number, right: Float64Array): Float64Array {
  const out = new Float64Array(size);
  solvePlanes(out, { rates, inverses: eliminatePlanes(rates, killing), killing }, right);
  return out;
}

describe('an unsplit solve', () => {
  test('satisfies κ⁻¹(w − r) = L w up to the rounding of its largest term', () => {
    fc.assert(
      fc.property(planes, fields, fc.integer({ min: -6, max: 6 }), (rates, list, exponent) => {
        const killing = 10 ** exponent;
        const right = Float64Array.from(list);
        const w = solved(rates, killing, right);
        w.forEach((value, k) => {
          const out = jumps(rates, k);
          const Lw = out.reduce((sum, [rate, to]) => sum + rate * (w[to] - value), 0);
          const scale = 5 * out.reduce((sum, [rate]) => sum + rate, killing);
          expect(Math.abs(killing * (value - right[k]) - Lw)).toBeLessThan(1e-13 * scale);
        });
      }),
    );
  });

  test('is monotone and keeps constants to the last bit', () => {
    fc.assert(
      fc.property(planes, fields, fc.integer({ min: -290, max: 6 }), (rates, list, exponent) => {
        const killing = 10 ** exponent;
        const constant = solved(rates, killing, new Float64Array(size).fill(list[0]));
        for (const value of constant) expect(value === list[0]).toBe(true);
        // killing·S⁻¹ is a matrix of probabilities: of dying where, before the row above is reached.
        const inverses = eliminatePlanes(rates, killing);
        for (let row = 0; row < inverses.length; row += width * width) {
          for (let k = 0; k < width; k++) {
            const dying = Array.from({ length: width }, (_, l) => killing * inverses[row + l * width + k]);
            expect(Math.min(...dying)).toBeGreaterThanOrEqual(-0);
            expect(dying.reduce((sum, value) => sum + value, 0)).toBeLessThan(1 + 1e-13);
          }
        }
        const bounds = [Math.min(...list), Math.max(...list)];
        // Rounding of a convex combination of values up to 5.
        for (const value of solved(rates, killing, Float64Array.from(list))) {
          expect(value).toBeGreaterThan(bounds[0] - 1e-13);
          expect(value).toBeLessThan(bounds[1] + 1e-13);
        }
      }),
    );
  });

  test('tends to the mean under the stationary measure as κ → ∞, also for κ = 1e290', () => {
    fc.assert(
      fc.property(planes, fields, (rates, list) => {
        const right = Float64Array.from(list);
        const measure = stationaryPlanes(rates);
        const w = solved(rates, 1e-290, right);
        w.forEach((value, k) => {
          let mean = 0;
          for (let l = k % lanes; l < size; l += lanes) mean += measure[l] * right[l];
          expect(Math.abs(value - mean)).toBeLessThan(1e-13); // values up to 5
        });
      }),
    );
  });

  test('does not depend on which axis the rows are along', () => {
    fc.assert(
      fc.property(planes, fields, fc.integer({ min: -14, max: 6 }), (rates, list, exponent) => {
        const right = Float64Array.from(list);
        const [w, same] = [rates, turned(rates)].map((each) => solved(each, 10 ** exponent, right));
        const [measure, sameMeasure] = [rates, turned(rates)].map(stationaryPlanes);
        w.forEach((value, k) => {
          expect(Math.abs(value - same[k])).toBeLessThan(1e-13); // values up to 5
          expect(Math.abs(measure[k] - sameMeasure[k])).toBeLessThan(1e-14);
        });
      }),
    );
  });

  test('factorises one lane where all have the same rates, and every lane elsewhere', () => {
    fc.assert(
      fc.property(planes, fields, (rates, list) => {
        expect(eliminatePlanes(alike(rates), 1).length).toBe(inverseLength(1, [width, rows]));
        const right = Float64Array.from(list, (_, k) => list[k - (k % lanes)]);
        const w = solved(alike(rates), 1, right);
        w.forEach((value, k) => {
          expect(value).toBe(w[k - (k % lanes)]);
        });
        fc.pre(rates.along[0].up[0] !== rates.along[0].up[1]);
        expect(eliminatePlanes(rates, 1).length).toBe(lanes * rows * width * width);
      }),
    );
  });
});

describe('the stationary measure of a plane', () => {
  test('balances what flows in and out of every node, relative to the flow, with Σ π = 1', () => {
    fc.assert(
      fc.property(planes, (rates) => {
        const measure = stationaryPlanes(rates);
        const inflow = new Float64Array(size);
        const outflow = new Float64Array(size);
        for (let k = 0; k < size; k++) {
          for (const [rate, to] of jumps(rates, k)) {
            inflow[to] += measure[k] * rate;
            outflow[k] += measure[k] * rate;
          }
        }
        inflow.forEach((flow, k) => {
          expect(Math.abs(flow / outflow[k] - 1)).toBeLessThan(1e-12);
        });
        for (let lane = 0; lane < lanes; lane++) {
          const total = measure.reduce((sum, weight, k) => (k % lanes === lane ? sum + weight : sum), 0);
          expect(total).toBeCloseTo(1, 14);
        }
      }),
    );
  });
});
