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

/** max |L_h y_a − b_a| over both axes, away from the sides of [−2,2]². */
function driftErrorInPlane(problem: Problem, cells: number): number {
  const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -2, 2, cells + 1));
  const y = coordinates(axes[0]);
  const nodes = y.length;
  const { directions } = fastOperator(problem, [[0.3]], axes, { scheme: 'corrected' });
  let worst = 0;
  for (let j = 0; j < nodes * nodes; j++) {
    const at = [y[j % nodes], y[Math.floor(j / nodes)]];
    if (at.some((coordinate) => Math.abs(coordinate) > 1)) continue;
    directions.forEach(({ up, down }, a) => {
      const drift = (up[j] - down[j]) * axes[a].spacing;
      worst = Math.max(worst, Math.abs(drift - problem.fast.drift[a]([0.3], at)));
    });
  }
  return worst;
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

  const inPlane = {
    'a potential': inSpace(2, { potential: 'y1^2/2 + y1*y2/3 + y2^4/8 + y2^2/2' }),
    'a drift without potential': inSpace(2, { drift: ['-y1 - y2/2', 'y1/2 - y2 - y2^3/4'] }),
  };

  test.each(Object.entries(inPlane))('in the plane L_h y_a tends to b_a with order 4 too: %s', (_, problem) => {
    const sizes = [40, 80, 160];
    const errors = sizes.map((cells) => driftErrorInPlane(problem, cells));
    expectOrder(
      errors,
      sizes.map((cells) => 4 / cells),
      { expected: 4, within: 0.2 },
    );
  });

  test('in the plane the Gibbs weights stay stationary', () => {
    const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -3, 3, 13));
    const L = fastOperator(inPlane['a potential'], [[0.3]], axes, { scheme: 'corrected' });
    const plain = fastOperator(inPlane['a potential'], [[0.3]], axes);
    const pi = L.stationary();
    expect(pi).toEqual(plain.stationary());
    for (const [a, { up, down, nodes, stride }] of L.directions.entries())
      for (let j = 0; j < pi.length - stride; j++) {
        if (Math.floor(j / stride) % nodes === nodes - 1) continue;
        const [out, back] = [pi[j] * up[j], pi[j + stride] * down[j + stride]];
        expect(Math.abs(out - back), `${a}, ${j}`).toBeLessThan(1e-12 * out);
        expect(up[j] / plain.directions[a].up[j]).toBeCloseTo(
          down[j + stride] / plain.directions[a].down[j + stride],
          12,
        );
      }
    expect(L.directions.some(({ up }, a) => up.some((rate, j) => rate !== plain.directions[a].up[j]))).toBe(true);
  });

  test('are refused on balls', () => {
    const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -3, 3, 7));
    const refusal = /corrected rates in y are not for cell problems of several fast variables – .* – use the scheme/;
    expect(() => jumpGenerator(inSpace(2), [0], boxNodes(axes), 'corrected')).toThrow(refusal);
  });
});
