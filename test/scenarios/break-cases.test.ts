/** Problems that jump or kink between the nodes: what is stated holds the truth. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellValues } from '../../scenarios/cli/commands/cell-values.ts';
import { formula } from '../../src/formula/expression.ts';
import { answerOf, faultCases } from '../fault-cases.ts';
import { ornsteinUhlenbeck } from '../problems.ts';

test.each(faultCases('break-cases'))('$id', async (asked) => {
  const { truth, tolerance } = asked;
  const found = await answerOf(asked);
  for (const [k, { value, mean, minusDeltaOmega, error, gridError, lower, upper }] of found.at.entries()) {
    const number = value ?? mean?.[0] ?? mean ?? minusDeltaOmega;
    const off = Math.abs(number - truth[k]);
    expect(off).toBeLessThanOrEqual(Math.min((gridError ?? error) + 1e-9, tolerance));
    // −δω has bounds of another number, H̄.
    if (value === undefined || lower === null) continue;
    expect(lower).toBeLessThanOrEqual(truth[k]);
    expect(upper).toBeGreaterThanOrEqual(truth[k]);
  }
});

test('the grid error of −δω holds the change to a grid eight times finer, wherever h jumps', { tags: ['full'] }, () => {
  const thousandths = fc.noBias(fc.integer({ min: -1500, max: 1500 })).map((k) => k / 1000);
  const nodes = fc.noBias(fc.integer({ min: 41, max: 401 }));
  const deltas = fc.constantFrom(1, 0.1, 1e-3);
  fc.assert(
    fc.property(thousandths, thousandths, nodes, deltas, (c, d, across, delta) => {
      const integrand = formula(`sign(y - (${c})) + abs(y - (${d})) - 2*sign(y - (${d}))`, ['y']);
      const options = { radius: 5, delta, integrand };
      const point = { x: [0], y: [0.3] };
      const [coarse, fine] = [across, 8 * (across - 1) + 1].map(
        (count) => cellValues(ornsteinUhlenbeck(), [point], { ...options, nodes: count })[0],
      );
      const allowed = (coarse.gridError as number) + (fine.gridError as number);
      expect(Math.abs(coarse.minusDeltaOmega - fine.minusDeltaOmega)).toBeLessThanOrEqual(allowed);
    }),
    { numRuns: 60 },
  );
});
