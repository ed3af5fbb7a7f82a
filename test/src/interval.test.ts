import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enclosedEntries } from '../../src/assumptions/enclosed-entries.ts';
import { derivative } from '../../src/formula/derivative.ts';
import { parseExpression } from '../../src/formula/expression.ts';
import { enclosure, intervalProgram } from '../../src/formula/interval.ts';
import { EMPTY, JUMPS, PARTIAL } from '../../src/formula/interval-arithmetic.ts';
import { above, below, sumAbove, sumBelow } from '../../src/formula/outward.ts';
import { compileTogether } from '../../src/formula/program.ts';
import type { Tree } from '../../src/formula/tree.ts';
import { drawnTree } from '../drawn-formulas.ts';

const INFINITE = Number.POSITIVE_INFINITY;
const names = ['x', 'y'];
const read = (text: string) => parseExpression(text, { names: ['x', 'y', 'u'] }).tree;
const range = (text: string, lower: number, upper: number) => enclosure(read(text), { x: [lower, upper] });

/** Ends of boxes: usual ones, signed whole ones where functions have their special points, far ones. */
const end = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1e9, -710, -50, 50, 710, 1e9) },
);
const side = fc
  .oneof(
    fc.tuple(end, end),
    end.map((at) => [at, at] as const),
    fc.tuple(end, fc.double({ min: 0, max: 1e-3, noNaN: true })).map(([at, width]) => [at, at + width] as const),
  )
  // Zeros without a sign: 1/−0 is another number than 1/0.
  .map(([a, b]): readonly [number, number] => [Math.min(a, b) + 0, Math.max(a, b) + 0]);
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1));
const inside = ([lower, upper]: readonly [number, number], at: number) =>
  at === 1 ? upper : Math.min(upper, Math.max(lower, lower + at * (upper - lower) + 0));

/** The formula and all its parts. */
const partsOf = (tree: Tree): readonly Tree[] =>
  tree.kind === 'call' ? [tree, ...tree.operands.flatMap(partsOf)] : [tree];

function expectInside(value: number, bounds: { readonly lower: number; readonly upper: number }) {
  expect(value).toBeGreaterThanOrEqual(bounds.lower);
  expect(value).toBeLessThanOrEqual(bounds.upper);
}

describe('an enclosure', () => {
  test('contains the value of random formulas of every operation at random points of random boxes', () => {
    let [finite, informative] = [0, 0];
    const points = fc.array(fc.tuple(share, share), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(drawnTree(names), side, side, points, (tree, x, y, shares) => {
        const { lower, upper, flags, results, run } = intervalProgram([tree], names);
        [lower[0], upper[0]] = x;
        [lower[1], upper[1]] = y;
        run();
        const [result] = results;
        const bounds = { lower: lower[result], upper: upper[result] };
        expect(bounds.lower).toBeLessThanOrEqual(bounds.upper);
        const values = compileTogether(partsOf(tree), names);
        const bounded = lower.every(Number.isFinite) && upper.every(Number.isFinite);
        for (const [s, t] of shares) {
          const point = [inside(x, s), inside(y, t)];
          const [at, ...parts] = values.map((value) => value(point));
          if (Number.isNaN(at)) {
            // No value: outside of the domain, which is flagged, or ∞ − ∞ after an overflow.
            if (bounded) expect(flags[result] & PARTIAL).toBe(PARTIAL);
            continue;
          }
          if (![at, ...parts].every(Number.isFinite)) continue;
          finite++;
          if (bounds.upper - bounds.lower < INFINITE) informative++;
          expect(flags[result] & EMPTY).toBe(0);
          expectInside(at, bounds);
        }
      }),
      { seed: 1, numRuns: 5000 },
    );
    // Measured: 32 000 values, 19 of 20 within finite bounds.
    expect(finite).toBeGreaterThan(25_000);
    expect(informative).toBeGreaterThan(0.9 * finite);
  });

  test.each([
    ['x + 1', 0, 1, [1, 2]],
    ['x - x', 0, 1, [-1, 1]],
    ['x*y', 0, 0, [0, 0]],
    ['x^2', -1, 2, [0, 4]],
    ['x*x', -1, 2, [0, 4]],
    ['x^2', -3, -2, [4, 9]],
    ['x^3', -2, 1, [-8, 1]],
    ['x^4', -2, 1, [0, 16]],
    ['x^20', -1, 0.5, [0, 1]],
    ['x^21', -1, 0.5, [-1, 0.5 ** 21]],
    ['x^-2', -2, -1, [0.25, 1]],
    ['x^-3', -2, -1, [-1, -0.125]],
    ['x^0', -INFINITE, INFINITE, [1, 1]],
    ['x^1.5', 1, 4, [1, 8]],
    ['x^-0.5', 4, INFINITE, [0, 0.5]],
    ['2^x', -1, 3, [0.5, 8]],
    ['0.5^x', -INFINITE, 1, [0.5, INFINITE]],
    ['(x + 2)^x', 0, 1, [1, 3]],
    ['1/x', 2, INFINITE, [0, 0.5]],
    ['x/2', -INFINITE, 3, [-INFINITE, 1.5]],
    ['abs(x)', -3, 2, [0, 3]],
    ['abs(x)', -3, -2, [2, 3]],
    ['min(x, 1)', 0, 3, [0, 1]],
    ['max(x, 1, -x)', -3, 0, [1, 3]],
    ['sin(x)', 0, 1, [0, Math.sin(1)]],
    ['sin(x)', 1, 2, [Math.sin(1), 1]],
    ['sin(x)', 4, 5, [-1, Math.sin(4)]],
    ['sin(x)', 0, 1000, [-1, 1]],
    ['sin(x)', 1e15, 1e15, [Math.sin(1e15), Math.sin(1e15)]],
    ['cos(x)', -1, 1, [Math.cos(1), 1]],
    ['cos(x)', 3, 4, [-1, Math.cos(4)]],
    ['cos(x)', -INFINITE, INFINITE, [-1, 1]],
    ['tan(x)', -1, 1, [-Math.tan(1), Math.tan(1)]],
    ['tan(x)', 2, 4, [Math.tan(2), Math.tan(4)]],
    ['sec(x)', -1, 1, [1, 1 / Math.cos(1)]],
    ['asin(x)', -1, 0.5, [-Math.PI / 2, Math.asin(0.5)]],
    ['acos(x)', -1, 0.5, [Math.acos(0.5), Math.PI]],
    ['atan(x)', -INFINITE, 1, [-Math.PI / 2, Math.PI / 4]],
    ['sinh(x)', 0, 1, [0, Math.sinh(1)]],
    ['cosh(x)', -1, 2, [1, Math.cosh(2)]],
    ['tanh(x)', 0, INFINITE, [0, 1]],
    ['sech(x)', -1, 2, [1 / Math.cosh(2), 1]],
    ['exp(x)', -INFINITE, 0, [0, 1]],
    ['log(x)', 1, INFINITE, [0, INFINITE]],
    ['sqrt(x)', 0, 4, [0, 2]],
    ['erf(x)', 0, INFINITE, [0, 1]],
    ['atan2(x, 2)', -2, 2, [-Math.PI / 4, Math.PI / 4]],
    ['atan2(1, x)', -1, 1, [Math.PI / 4, (3 * Math.PI) / 4]],
    ['sign(x)', 1, 2, [1, 1]],
  ] as readonly (readonly [string, number, number, readonly [number, number]])[])(
    'of %s on [%d, %d] is the range to round-off, without a flag',
    (text, from, to, [lower, upper]) => {
      const found = enclosure(read(text), { x: [from, to], y: [0, 0] });
      // 8 units in the last place for tanh and cosh, 32 for erf, and a few operations.
      const near = (a: number, b: number) => a === b || Math.abs(a - b) <= 40 * 2.3e-16 * (Math.abs(b) + 1e-300);
      expect(found.lower <= lower && near(found.lower, lower), `${found.lower} for ${lower}`).toBe(true);
      expect(found.upper >= upper && near(found.upper, upper), `${found.upper} for ${upper}`).toBe(true);
      expect(found.flags).toBe(0);
    },
  );

  test.each([
    ['1/x', -1, 1, [-INFINITE, INFINITE], PARTIAL | JUMPS],
    ['1/x', 0, 2, [0.5, INFINITE], PARTIAL],
    ['1/x', -2, 0, [-INFINITE, -0.5], PARTIAL],
    ['-1/x', 0, 2, [-INFINITE, -0.5], PARTIAL],
    ['x^-2', -1, 2, [0.25, INFINITE], PARTIAL],
    ['x^-1', -1, 2, [-INFINITE, INFINITE], PARTIAL | JUMPS],
    ['tan(x)', 1, 2, [-INFINITE, INFINITE], PARTIAL | JUMPS],
    ['sec(x)', 1, 2, [-INFINITE, INFINITE], PARTIAL | JUMPS],
    ['log(x)', -1, 1, [-INFINITE, 0], PARTIAL],
    ['sqrt(x)', -4, 4, [0, 2], PARTIAL],
    ['x^0.5', -4, 4, [0, 2], PARTIAL | JUMPS],
    ['asin(x)', 0, 2, [0, Math.PI / 2], PARTIAL],
    ['acos(x)', 0, 2, [0, Math.PI / 2], PARTIAL],
    ['sign(x)', -1, 1, [-1, 1], JUMPS],
    ['sign(x)', 0, 0, [-1, 1], JUMPS],
    ['sign(x)', 0, 1, [0, 1], JUMPS],
    ['atan2(x, -1)', -1, 1, [-Math.PI, Math.PI], JUMPS],
    ['atan2(x, x)', 0, 1, [-Math.PI, Math.PI], JUMPS],
    ['sqrt(1 - x^2) + sign(x)', -2, 2, [-1, 2], PARTIAL | JUMPS],
  ] as readonly (readonly [string, number, number, readonly [number, number], number])[])(
    'of %s on [%d, %d] says what it leaves out',
    (text, from, to, [lower, upper], flags) => {
      const found = range(text, from, to);
      expect(found.lower).toBeLessThanOrEqual(lower);
      expect(found.upper).toBeGreaterThanOrEqual(upper);
      if (Number.isFinite(lower)) expect(found.lower).toBeCloseTo(lower, 14);
      if (Number.isFinite(upper)) expect(found.upper).toBeCloseTo(upper, 14);
      expect(found.flags).toBe(flags);
    },
  );

  test.each([
    ['log(x)', -2, -1],
    ['sqrt(x)', -2, -1],
    ['asin(x)', 2, 3],
    ['x^0.3', -2, -1],
    ['1 + cos(acos(x + 5))', 0, 1],
  ])('of %s on [%d, %d], where it has no value, is empty', (text, from, to) => {
    const found = range(text, from, to);
    expect(found.flags & EMPTY).toBe(EMPTY);
    expect(found.lower).toBeLessThanOrEqual(found.upper);
  });

  test('is a whole line where a number of the formula is none', () => {
    expect(range('x + log(-1)', 0, 1).flags & EMPTY).toBe(EMPTY);
    expect(range('x/0', 1, 2)).toEqual({ lower: -INFINITE, upper: INFINITE, flags: PARTIAL | JUMPS });
  });

  test('widens numbers that differentiation has made, not those of the formula', () => {
    const tree = read('3^x + 0.1*x');
    const program = intervalProgram([tree, derivative(tree, 'x')], ['x'], 1);
    program.lower[0] = program.upper[0] = 0;
    program.run();
    const width = (k: number) => program.upper[program.results[k]] - program.lower[program.results[k]];
    // 4 units for 3^x; twice 32 for log 3 = 1.1.
    expect(width(0)).toBeLessThan(10 * 2.3e-16);
    expect(width(1)).toBeGreaterThan(60 * 2.2e-16);
    expect(width(1)).toBeLessThan(100 * 2.3e-16);
  });

  test('of a name without bounds is refused', () => {
    expect(() => enclosure(read('x + y'), { x: [0, 1] })).toThrow('no slot for y');
  });
});

describe('rounding outwards', () => {
  test('moves by one or two units, and not where a sum is exact', () => {
    for (const value of [0, 1, -1, 1e-310, -5e-324, 1 / 3, -1e300, 2 ** -1022]) {
      expect(above(value)).toBeGreaterThan(value);
      expect(below(value)).toBeLessThan(value);
      expect(above(value) - value).toBeLessThanOrEqual(2 * Math.max(5e-324, 2 ** -52 * Math.abs(value)));
    }
    expect([above(-INFINITE), below(INFINITE)]).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE]);
    expect([sumBelow(0.25, 0.5), sumAbove(0.25, 0.5)]).toEqual([0.75, 0.75]);
    // Decimal 0.1 + 0.2 is above the double 0.3.
    expect(sumBelow(0.1, 0.2)).toBeLessThan(sumAbove(0.1, 0.2));
    expect([sumBelow(-INFINITE, 1), sumAbove(1e308, 1e308), sumBelow(1e308, 1e308)]).toEqual([
      -INFINITE,
      INFINITE,
      Number.MAX_VALUE,
    ]);
  });
});

/** Of one formula, no jumps taken out. */
function meanValueForm(tree: Tree, variables: readonly string[]) {
  const found = enclosedEntries([tree], { names: variables, jumps: [], given: [tree] });
  return (from: readonly number[], to: readonly number[]) => {
    found.evaluate(from, to);
    return { lower: found.lower[0], upper: found.upper[0], flags: found.flags[0] };
  };
}

describe('the mean-value form', () => {
  const smooth = { unary: ['sin', 'cos', 'atan', 'tanh', 'exp', 'erf', 'sech', 'abs'], exponents: [2, 3] };

  test('contains the values of random formulas, kinks and jumps among them, at random points of random boxes', () => {
    let narrower = 0;
    const formulas = fc.oneof(drawnTree(names), drawnTree(names, { ...smooth, binary: ['+', '-', '*', 'max', 'min'] }));
    const points = fc.array(fc.tuple(share, share), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(formulas, side, side, points, (tree, x, y, shares) => {
        const bounds = meanValueForm(tree, names)([x[0], y[0]], [x[1], y[1]]);
        const natural = enclosure(tree, { x, y });
        // Where there is no value nothing is said.
        const isEmpty = (natural.flags & EMPTY) !== 0;
        expect(bounds.lower).toBeGreaterThanOrEqual(isEmpty ? -INFINITE : natural.lower);
        expect(bounds.upper).toBeLessThanOrEqual(isEmpty ? INFINITE : natural.upper);
        if (bounds.upper - bounds.lower < 0.9 * (natural.upper - natural.lower)) narrower++;
        const values = compileTogether(partsOf(tree), names);
        for (const [s, t] of shares) {
          const point = [inside(x, s), inside(y, t)];
          const [at, ...parts] = values.map((value) => value(point));
          if (![at, ...parts].every(Number.isFinite)) continue;
          // The form bounds the real value; the double is within the round-off that the natural one allows at a point.
          const single = (k: number): readonly [number, number] => [point[k], point[k]];
          const thin = enclosure(tree, { x: single(0), y: single(1) });
          expect(thin.upper).toBeGreaterThanOrEqual(bounds.lower);
          expect(thin.lower).toBeLessThanOrEqual(bounds.upper);
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
    // Most drawn formulas are monotone, or name each variable once, or the box is wide.
    expect(narrower).toBeGreaterThan(15);
  });

  test.each(['x - x^2', 'sin(3*x)*exp(x) - x', 'x^4/4 - 0.3*x*cos(x)', 'log(1 + x^2)/(2 + x)', 'tanh(x)*x - erf(x)/2'])(
    'of %s is too wide by the square of the width of the box, the natural one by the width',
    (text) => {
      const tree = read(text);
      const form = meanValueForm(tree, ['x']);
      const value = compileTogether([tree], ['x'])[0];
      const excess = (width: number) => {
        const [from, to] = [0.7 - width / 2, 0.7 + width / 2];
        const values = Array.from({ length: 1001 }, (_, k) => value([from + (k / 1000) * (to - from)]));
        const spread = Math.max(...values) - Math.min(...values);
        const [mean, natural] = [form([from], [to]), enclosure(tree, { x: [from, to] })];
        return [mean.upper - mean.lower - spread, natural.upper - natural.lower - spread];
      };
      const [coarse, fine] = [excess(0.01), excess(0.005)];
      // Measured: 2.000 to 2.004 and 0.9999 to 1.0001.
      expect(Math.log2(coarse[0] / fine[0])).toBeCloseTo(2, 1);
      expect(Math.log2(coarse[1] / fine[1])).toBeCloseTo(1, 2);
    },
  );

  test('does not apply where the formula jumps: sign has slope 0 on both sides', () => {
    const form = meanValueForm(read('sign(x)'), ['x']);
    expect(form([-1], [1])).toEqual({ lower: -1, upper: 1, flags: JUMPS });
    expect(form([0.5], [1])).toEqual({ lower: 1, upper: 1, flags: 0 });
  });

  test('encloses |x| across its kink and x^3 on the half line', () => {
    expectInside(1, meanValueForm(read('abs(x)'), ['x'])([-1], [1]));
    const cubic = meanValueForm(read('x^3 + x'), ['x'])([1], [INFINITE]);
    expect(cubic.lower).toBeCloseTo(2, 14);
    expect(cubic.upper).toBe(INFINITE);
  });
});
