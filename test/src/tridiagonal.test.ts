import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stationaryLines } from '../../src/linalg/stationary.ts';
import {
  applyResolvent,
  eliminateLines,
  eliminateResolvent,
  type LineRates,
  solveLines,
} from '../../src/linalg/tridiagonal.ts';

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

/** Birth–death chains with random rates over twelve decades. */
const chains = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 12 })).chain(([lanes, nodes]) =>
  fc
    .tuple(
      fc.array(positive, { minLength: lanes * nodes, maxLength: lanes * nodes }),
      fc.array(positive, { minLength: lanes * nodes, maxLength: lanes * nodes }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: lanes * nodes, maxLength: lanes * nodes }),
    )
    .map(([up, down, right]) => ({
      rates: {
        lanes,
        nodes,
        up: Float64Array.from(up, (rate, k) => (k >= lanes * (nodes - 1) ? 0 : rate)),
        down: Float64Array.from(down, (rate, k) => (k < lanes ? 0 : rate)),
      } satisfies LineRates,
      right: Float64Array.from(right),
    })),
);

function resolvent(rates: LineRates, kappa: number, right: Float64Array): Float64Array {
  const out = new Float64Array(right.length);
  applyResolvent(out, eliminateResolvent(rates, 1 / kappa), right);
  return out;
}

/** The chain with its states counted from the other end. */
function mirrored(field: Float64Array, lanes: number): Float64Array {
  const rows = field.length / lanes;
  return field.map((_, k) => field[(rows - 1 - Math.floor(k / lanes)) * lanes + (k % lanes)]);
}

/** Round-off of one elimination: a few ulps per node on at most 12 nodes, all operations without cancellation. */
const ROUND_OFF = 12 * 8 * Number.EPSILON;

describe('subtraction-free line solves', () => {
  test('the resolvent preserves constants to the last bit for every κ from 1e-14 to 1e300', () => {
    fc.assert(
      fc.property(chains, positive, fc.integer({ min: -14, max: 300 }), ({ rates, right }, constant, exponent) => {
        for (const value of resolvent(rates, 10 ** exponent, right.fill(constant))) expect(value).toBe(constant);
      }),
    );
  });

  test('running averages and the elimination with full relative accuracy give the same resolvent', () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: -14, max: 300 }), ({ rates, right }, exponent) => {
        const killing = 10 ** -exponent;
        const accurate = new Float64Array(right.length);
        solveLines(accurate, eliminateLines(rates, { killing, scale: killing }), right);
        const averaged = resolvent(rates, 10 ** exponent, right);
        for (let k = 0; k < right.length; k++) expect(Math.abs(averaged[k] - accurate[k])).toBeLessThan(ROUND_OFF);
      }),
    );
  });

  test('the downward elimination is the upward one of the mirrored chain', () => {
    fc.assert(
      fc.property(chains, positive, ({ rates }, killing) => {
        const { lanes, nodes, up, down } = rates;
        const downward = eliminateResolvent(rates, killing, { order: 'downward' });
        const swapped = { lanes, nodes, up: mirrored(down, lanes), down: mirrored(up, lanes) };
        const upward = eliminateResolvent(swapped, killing);
        expect(downward.share).toEqual(mirrored(upward.share, lanes));
        expect(downward.killed).toEqual(mirrored(upward.killed, lanes));
      }),
    );
  });

  test('the resolvent is positive and bounded by the supremum', () => {
    fc.assert(
      fc.property(chains, positive, ({ rates, right }, kappa) => {
        const top = Math.max(...right);
        for (const value of resolvent(rates, kappa, right)) {
          expect(Math.min(value, 0)).toBe(0);
          expect(value).toBeLessThanOrEqual(top * (1 + ROUND_OFF));
        }
      }),
    );
  });

  test('a stationary distribution keeps its mean under the resolvent', () => {
    fc.assert(
      fc.property(chains, positive, ({ rates, right }, kappa) => {
        const weights = stationaryLines(rates);
        const after = resolvent(rates, kappa, right);
        for (let lane = 0; lane < rates.lanes; lane++) {
          const mean = (values: Float64Array) =>
            values.reduce((sum, value, k) => (k % rates.lanes === lane ? sum + weights[k] * value : sum), 0);
          expect(Math.abs(mean(after) - mean(right))).toBeLessThan(2 * ROUND_OFF * (Math.max(...right) + 1e-300));
        }
      }),
    );
  });

  test('as κ → ∞ the resolvent tends to the projection on the stationary distribution', () => {
    fc.assert(
      fc.property(chains, ({ rates, right }) => {
        const weights = stationaryLines(rates);
        const after = resolvent(rates, 1e40, right);
        for (let k = 0; k < right.length; k++) {
          const lane = k % rates.lanes;
          const mean = right.reduce((sum, value, l) => (l % rates.lanes === lane ? sum + weights[l] * value : sum), 0);
          // Hitting times of these chains stay below 1e12^12 only in theory; those drawn mix in 1e30 at most.
          expect(Math.abs(after[k] - mean)).toBeLessThan(1e-9 * Math.max(...right) + 1e-300);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('stationary distributions satisfy detailed balance to round-off', () => {
    fc.assert(
      fc.property(chains, ({ rates }) => {
        const { lanes, nodes, up, down } = rates;
        const weights = stationaryLines(rates);
        for (let k = 0; k < lanes * (nodes - 1); k++) {
          const flow = weights[k] * up[k];
          expect(Math.abs(flow - weights[k + lanes] * down[k + lanes])).toBeLessThanOrEqual(8 * Number.EPSILON * flow);
        }
      }),
    );
  });
});
