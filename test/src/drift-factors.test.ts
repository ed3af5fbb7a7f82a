/** Exponential fitting with a drift right to h⁴: the scheme `corrected`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driftFactors } from '../../src/generator/drift-factors.ts';
import { type FastScheme, fastGenerator } from '../../src/generator/fast-generator.ts';
import { fastOperator } from '../../src/generator/fast-operator.ts';
import { jumpGenerator } from '../../src/generator/jump-generator.ts';
import { type Axis, coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { boxNodes } from '../../src/grid/connected-nodes.ts';
import type { Problem } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { withNoise } from '../noisy-problems.ts';
import { inSpace, slowFast } from '../problems.ts';

/** max |L_h y − b| away from the ends. */
function driftError(problem: Problem, axis: Axis, scheme: FastScheme): number {
  const y = coordinates(axis);
  const out = new Float64Array(y.length);
  fastGenerator(problem, [[0.3]], axis, { scheme }).apply(out, y);
  return y.reduce((worst, at, j) => {
    const isInside = at > axis.lower / 2 && at < axis.upper / 2;
    return isInside ? Math.max(worst, Math.abs(out[j] - problem.fast.drift[0]([0.3], [at]))) : worst;
  }, 0);
}

describe('corrected rates', () => {
  const noisy = withNoise(slowFast({ drift: 'x - y - y^3/4' }), '1 + y^2/8 + x/5');
  const convex = slowFast({ drift: 'x - y - y^3/4' });

  test.each([
    ['a drift', convex],
    ['a noise', noisy],
  ])('L_h y tends to b with order 4, that of exponential fitting with order 2: %s', (_, problem) => {
    const sizes = [80, 160, 320];
    const errorsOf = (scheme: FastScheme) =>
      sizes.map((cells) => driftError(problem, uniformAxis('y', -2, 2, cells + 1), scheme));
    const spacings = sizes.map((cells) => 4 / cells);
    expectOrder(errorsOf('corrected'), spacings, { expected: 4, within: 0.2 });
    expectOrder(errorsOf('scharfetter-gummel'), spacings, { expected: 2, within: 0.15 }); // measured 1.91
  });

  test('the slowest relaxation of an Ornstein–Uhlenbeck process is right to h⁴', () => {
    // ⟨y, −L_h y⟩/⟨y, y⟩ under the Gibbs weights is 1 − h²/6 by exponential fitting.
    const errors = [16, 32].map((cells) => {
      const axis = uniformAxis('y', -8, 8, cells + 1);
      const [y, out] = [coordinates(axis), new Float64Array(cells + 1)];
      const L = fastGenerator(slowFast({ potential: 'y^2/2' }), [[0]], axis, { scheme: 'corrected' });
      L.apply(out, y);
      const mean = (values: Float64Array) => L.stationary().reduce((sum, w, j) => sum + w * values[j] * y[j], 0);
      return Math.abs(-mean(out) / mean(y) - 1);
    });
    expect(errors[1]).toBeLessThan(errors[0] / 8);
    expect(errors[1]).toBeLessThan(0.25 ** 2 / 6);
  });

  test('factors stay between 1/2 and 2, and are 1 where rises do not change or lie at an end', () => {
    const rise = fc.double({ min: -800, max: 800, noNaN: true });
    fc.assert(
      fc.property(fc.array(rise, { minLength: 1, maxLength: 9 }), (rises) => {
        const factors = driftFactors(Float64Array.from(rises));
        for (const factor of factors) expect(factor >= 0.5 && factor <= 2).toBe(true);
        expect([factors[0], factors[factors.length - 1]]).toEqual([1, 1]);
        expect(driftFactors(new Float64Array(5).fill(rises[0]))).toEqual(new Float64Array(5).fill(1));
      }),
    );
  });

  test('are refused in space', () => {
    const problem = inSpace(2);
    const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -3, 3, 7));
    const refusal = /corrected rates in y are for one fast variable – .* – use the scheme scharfetter-gummel/;
    expect(() => fastOperator(problem, [[0]], axes, { scheme: 'corrected' })).toThrow(refusal);
    expect(() => jumpGenerator(problem, [0], boxNodes(axes), 'corrected')).toThrow(refusal);
  });
});
