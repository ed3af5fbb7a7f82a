import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastOf } from '../../src/control/least-quadratic.ts';
import { type Box, bracketAt, type NodeBracket, type NodeQuadratic } from '../../src/control/node-bracket.ts';

const INFINITE = Number.POSITIVE_INFINITY;
const number = fc.integer({ min: -24, max: 24 }).map((k) => k / 8);
const pairs = (controls: number) => (controls * (controls + 1)) / 2;
const list = (length: number) => fc.array(number, { minLength: length, maxLength: length });
const quadratic = (controls: number, isBent: boolean): fc.Arbitrary<NodeQuadratic> =>
  fc.record({
    constant: number,
    slope: list(controls),
    bend: isBent ? list(pairs(controls)) : fc.constant(new Array<number>(pairs(controls)).fill(0)),
  });

/** Brackets with up to two rates: quadratic ones for one control, affine ones for several. */
const brackets = (controls: number): fc.Arbitrary<NodeBracket> =>
  fc.integer({ min: 0, max: 2 }).chain((axes) =>
    fc.record({
      rates: fc.array(quadratic(controls, controls === 1), { minLength: axes, maxLength: axes }),
      forward: list(axes),
      backward: list(axes),
      cost: quadratic(controls, true),
    }),
  );

const boxes = (controls: number): fc.Arbitrary<Box> =>
  fc
    .array(fc.tuple(number, fc.integer({ min: 0, max: 24 })), { minLength: controls, maxLength: controls })
    .map((sides) => ({ lower: sides.map(([low]) => low), upper: sides.map(([low, width]) => low + width / 8) }));

/** The least value on a lattice of the box, refined around its best point; never below the minimum. */
function bruteForce(bracket: NodeBracket, box: Box): number {
  const levels = box.lower.length === 1 ? 65 : box.lower.length === 2 ? 17 : 7;
  let [lower, upper] = [Array.from(box.lower), Array.from(box.upper)];
  let best = { value: INFINITE, at: lower };
  for (let round = 0; round < 14; round++) {
    const count = levels ** lower.length;
    for (let k = 0; k < count; k++) {
      const u = lower.map((low, c) => low + ((upper[c] - low) * (Math.floor(k / levels ** c) % levels)) / (levels - 1));
      const value = bracketAt(bracket, u);
      if (value < best.value) best = { value, at: u };
    }
    const half = lower.map((low, c) => (2 * (upper[c] - low)) / levels);
    const around = (c: number, by: number) => Math.min(Math.max(best.at[c] + by, box.lower[c]), box.upper[c]);
    [lower, upper] = [half.map((h, c) => around(c, -h)), half.map((h, c) => around(c, h))];
  }
  return best.value;
}

describe('the least value of a quadratic bracket', () => {
  test.each([1, 2, 3])('of %d controls is attained at its control and no lattice finds a smaller one', (controls) => {
    fc.assert(
      fc.property(brackets(controls), boxes(controls), (bracket, box) => {
        const { value, control } = leastOf(bracket, box);
        expect(bracketAt(bracket, control)).toBe(value);
        control.forEach((u, c) => {
          expect(u).toBeGreaterThanOrEqual(box.lower[c]);
          expect(u).toBeLessThanOrEqual(box.upper[c]);
        });
        // Round-off of a few dozen terms of size 100.
        expect(value).toBeLessThanOrEqual(bruteForce(bracket, box) + 1e-11);
      }),
      { numRuns: controls === 3 ? 40 : 300, seed: 1 },
    );
  });

  test('on a wide box is the one on an endless box, or falls with the box', () => {
    fc.assert(
      fc.property(brackets(1), (bracket) => {
        const endless = leastOf(bracket, { lower: [-INFINITE], upper: [INFINITE] }).value;
        // Coefficients are multiples of 1/8 up to a hundred: stationary points and zeros of rates are below 10⁴.
        const wide = leastOf(bracket, { lower: [-1e5], upper: [1e5] }).value;
        if (endless === -INFINITE) expect(wide).toBeLessThan(leastOf(bracket, { lower: [-1e4], upper: [1e4] }).value);
        else expect(wide).toBe(endless);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('of several endless controls needs a curvature or slopes that hold', () => {
    const flat = { rates: [], forward: [], backward: [] };
    const cost = (slope: number[], bend: number[]) => ({ ...flat, cost: { constant: 1, slope, bend } });
    const plane = { lower: [-INFINITE, -INFINITE], upper: [INFINITE, INFINITE] };
    // u² + uw + w² + u: the minimum is −1/3 at (−2/3, 1/3).
    const coupled = leastOf(cost([1, 0], [1, 1, 1]), plane);
    expect(coupled.value).toBeCloseTo(1 - 1 / 3, 14);
    expect(coupled.control[0]).toBeCloseTo(-2 / 3, 14);
    expect(leastOf(cost([1, 0], [1, 3, 1]), plane).value).toBe(-INFINITE);
    // w does nothing.
    expect(leastOf(cost([2, 0], [1, 0, 0]), plane)).toEqual({ value: 0, control: Float64Array.of(-1, 0) });
    // w ≥ 1 costs w.
    const half = { lower: [-INFINITE, 1], upper: [INFINITE, INFINITE] };
    expect(leastOf(cost([2, 1], [1, 0, 0]), half)).toEqual({ value: 1, control: Float64Array.of(-1, 1) });
    expect(leastOf(cost([2, -1], [1, 0, 0]), half).value).toBe(-INFINITE);
  });

  test('without controls is the constant', () => {
    const none: NodeQuadratic = { constant: 2, slope: [], bend: [] };
    const bracket = { rates: [{ ...none, constant: -1 }], forward: [5], backward: [3], cost: none };
    expect(leastOf(bracket, { lower: [], upper: [] }).value).toBe(-1);
  });
});
