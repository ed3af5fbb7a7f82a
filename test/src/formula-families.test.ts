import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formulasOn } from '../../src/control/formula-families.ts';
import { leftOpen } from '../../src/control/formula-pieces.ts';
import { leastFormula } from '../../src/control/least-formula.ts';
import { writtenFormulas } from '../../src/control/written-formulas.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { slowFast } from '../problems.ts';

const slow = tensorGrid([uniformAxis('x', -1, 1, 9)]);
const fast = tensorGrid([uniformAxis('y', -2, 2, 7)]);

function familyOf(drift: string, cost: string, lower: number, upper: number) {
  const controls = { kind: 'box', names: ['u'], lower: [lower], upper: [upper] } as const;
  const problem = slowFast({ slow: [drift], runningCost: cost, controls });
  const written = writtenFormulas(problem, controls);
  if (written === null) throw new Error('a formula of one control');
  return { problem, family: formulasOn(written, slow, fast) };
}

/** Convex, with kinks, with several valleys, narrow in u, with zeros of φ that depend on the node. */
const cases: readonly (readonly [drift: string, cost: string, lower: number, upper: number])[] = [
  ['u', 'cosh(u) - 1', -3, 3],
  ['u + y', 'u^4/4 + x*u', -2, 2],
  ['u*y', 'exp(u) - x', -2, 1],
  ['sin(u)', '0', -2, 2],
  ['sin(u*y)', '0.1*u^2 + x', -3, 3],
  ['u^3 - x', 'abs(u - 0.3)', -1, 1],
  ['u', '-exp(-((u-0.41)/0.01)^2)', -1, 1],
  ['u', '-exp(-((u-x)/0.02)^2) + 0.3*u^2', -1, 1],
  ['u', 'cos(7*u) + 0.2*u^2', -4, 4],
  ['max(u, 0.2*u)', 'sqrt(1 + u^2)', -1, 3],
];

describe('the minimum over one control in formulas', () => {
  test.each(cases)('φ = %s, ℓ = %s is a value of the bracket that no sample falls below', (...given) => {
    const { family, problem } = familyOf(...given);
    const [, , lower, upper] = given;
    const slope = fc.double({ min: -4, max: 4, noNaN: true });
    const node = fc.record({ s: fc.nat(8), j: fc.nat(6) });
    const left = leftOpen(family, family.written.isAffine, [4]);
    fc.assert(
      fc.property(node, slope, slope, ({ s, j }, p, q) => {
        const [x, y] = [[family.slowAt[0][s]], [family.fastAt[0][j]]];
        const at = (u: number) => {
          const rate = problem.slowDrift[0](x, y, [u]);
          return (rate > 0 ? rate * p : rate * q) + (problem.runningCost?.(x, y, [u]) ?? 0);
        };
        const found = leastFormula(family, { s, j }, { forward: [p], backward: [q], weight: 1 });
        expect(Math.abs(found.value - at(found.control))).toBeLessThanOrEqual(1e-14 * (1 + Math.abs(found.value)));
        let least = Infinity;
        for (let k = 0; k <= 20000; k++) least = Math.min(least, at(lower + ((upper - lower) * k) / 20000));
        expect(found.value).toBeLessThanOrEqual(least + 1e-13 + left);
      }),
      {
        numRuns: 60,
        examples: [
          [{ s: 0, j: 0 }, 0, 0],
          [{ s: 4, j: 3 }, 0, 0],
          [{ s: 4, j: 3 }, -1, 1],
        ],
      },
    );
  });
});
