/** Whether the error of a solve due to dy has an expansion in dy that a budget may rest on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spacingFacts } from '../../solvers/verification/fast-spacing.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { fromPotential } from '../../src/model/fast-diffusion.ts';
import { slowFast } from '../problems.ts';

const slow = [uniformAxis('x', -2, 2, 21)];
const of = (drift: string, potential: string) => slowFast({ slow: [drift], potential });
const y = (nodes: number) => uniformAxis('y', -6, 6, nodes);

describe('the part of dy of a budget', () => {
  test('is known for a smooth H, and the cells are beside the conditional deviation', () => {
    const { doubt, widest } = spacingFacts(of('u', 'y^2/2'), { slow, fast: [y(41)] }, 0.1);
    expect(doubt).toBeNull();
    expect(widest?.deviation).toBeCloseTo(1, 1); // the scan for wells has edges of its own
    expect(widest?.spacing).toBeCloseTo(0.3, 12);
  });

  test('is unknown wherever H kinks or jumps between nodes, and known where it kinks on one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('sign(y-C)*u', 'abs(y-C)+u', 'u*(y-C)', '2*max(y,C)+u'),
        fc.integer({ min: -200, max: 200 }),
        (drift, percent) => {
          const at = 0.3 * (percent / 100) + 0.007;
          const isOff = Math.abs(at / 0.3 - Math.round(at / 0.3)) > 1e-5;
          const { doubt } = spacingFacts(of(drift.replaceAll('C', `(${at})`), 'y^2/2'), { slow, fast: [y(41)] }, 0.1);
          expect(doubt !== null).toBe(isOff);
        },
      ),
      { numRuns: 40 },
    );
    expect(spacingFacts(of('u*(y-0.6)', 'y^2/2'), { slow, fast: [y(41)] }, 0.1).doubt).toBeNull();
  });

  test('is unknown where cells are as wide as a conditional deviation, or y hardly moves', () => {
    const wide = spacingFacts(of('u', '2*y^2'), { slow, fast: [y(25)] }, 0.1);
    expect(wide.doubt).toMatch(/too wide beside the conditional deviations/);
    expect(spacingFacts(of('u', 'y^2/2'), { slow, fast: [y(41)] }, 1000).doubt).toMatch(/moves by 0.0447/);
    expect(spacingFacts(of('u', 'y^2/2'), { slow, fast: [y(41)] }, 0).doubt).toBeNull();
  });

  test('in the plane knows deviations at fixed other variable', () => {
    const fast = [uniformAxis('y1', -6, 6, 25), uniformAxis('y2', -6, 6, 25)];
    const rho = '(y1^2-1.6*y1*y2+y2^2)/(2*(1-0.64))';
    const plane = { ...of('u', 'y^2/2'), fast: fromPotential(formula(rho, ['x'], ['y1', 'y2'])) };
    const { widest, doubt } = spacingFacts(plane, { slow, fast }, 0.1);
    expect(widest?.deviation).toBeCloseTo(0.6, 3);
    expect(doubt).toMatch(/too wide/);
  });
});
