/** where, comparisons, huber and the smooth functions of losses, in everything that reads formulas. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breaksAlong, breakTest, JUMP, KINK } from '../../src/formula/breaks.ts';
import { degreeIn } from '../../src/formula/degree.ts';
import { derivative } from '../../src/formula/derivative.ts';
import { differentiate, parseExpression } from '../../src/formula/expression.ts';
import { globalMinimiser } from '../../src/formula/global-minimum.ts';
import { enclosure } from '../../src/formula/interval.ts';
import { formulaModule } from '../../src/formula/module.ts';
import { polynomialIn } from '../../src/formula/polynomial.ts';
import { printed } from '../../src/formula/print.ts';
import { compileTogether, programOf } from '../../src/formula/program.ts';
import { formulasOf } from '../../src/formula/wasm-functions.js';
import { drawnTree } from '../drawn-formulas.ts';

const names = ['x', 'y', 'u'];
const expression = (text: string) => parseExpression(text, { names });
const read = (text: string) => expression(text).tree;
const at = (text: string, ...point: readonly number[]) => compileTogether([read(text)], names)[0]([...point, 0, 0, 0]);
const breaksOf = (text: string) => {
  const asked = breakTest([read(text)], ['x'], ['x']);
  return asked === null
    ? []
    : breaksAlong(asked, 0, -4, 4).map(({ lower, kind }) => [Number(lower.toFixed(9)) + 0, kind]);
};

describe('functions of losses', () => {
  test.each([
    ['softplus(x)', 800, 800],
    ['softplus(x)', -700, Math.exp(-700)],
    ['softplus(x)', -800, 0],
    ['softplus(x)', 0, Math.LN2],
    ['logcosh(x)', -1e300, 1e300],
    ['logcosh(x)', 1e-9, 5e-19],
    ['logcosh(x)', 19.99, 19.99 - Math.LN2 + Math.exp(-39.98)],
    ['sigmoid(x)', -700, Math.exp(-700)],
    ['sigmoid(x)', 800, 1],
    ['huber(x, 0.5)', 1e200, 0.5e200],
    ['huber(x, 0.5)', -0.25, 0.03125],
    ['relu(x)', -3, 0],
    ['log10(x)', 1000, 3],
  ])('%s at %d is right where the textbook formula overflows or cancels', (text, x, expected) => {
    expect(Math.abs(at(text, x) - expected)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(expected));
  });

  test.each([
    ['softplus(x)', 800],
    ['softplus(x)', -800],
    ['logcosh(3*x)', 1e5],
    ['sigmoid(x)', -1e4],
    ['huber(x, 2)', 1e200],
  ])('%s has its first two derivatives at %d', (text, x) => {
    const first = derivative(read(text), 'x');
    for (const tree of [first, derivative(first, 'x')])
      expect(compileTogether([tree], names)[0]([x, 0, 0])).toSatisfy(Number.isFinite);
  });

  test('a huber of any threshold lies in its enclosure, which is its range', () => {
    const end = fc.double({ min: -4, max: 4, noNaN: true });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const tree = read('huber(x, y)');
    const value = compileTogether([tree], ['x', 'y'])[0];
    fc.assert(
      fc.property(end, end, end, end, part, part, (a, b, c, d, s, t) => {
        const box = { x: [Math.min(a, b), Math.max(a, b)], y: [Math.min(c, d), Math.max(c, d)] } as const;
        const { lower, upper } = enclosure(tree, box);
        const within = ([from, to]: readonly [number, number], share: number) =>
          Math.min(to, from + share * (to - from));
        const inner = value([within(box.x, s), within(box.y, t)]);
        expect(inner).toBeGreaterThanOrEqual(lower);
        expect(inner).toBeLessThanOrEqual(upper);
        const places = [...box.x, ...(box.x[0] < 0 && box.x[1] > 0 ? [0] : [])];
        const extremes = places.flatMap((x) => box.y.map((y) => value([x, y])));
        expect(upper - Math.max(...extremes)).toBeLessThan(1e-13);
        expect(Math.min(...extremes) - lower).toBeLessThan(1e-13);
      }),
      { numRuns: 500 },
    );
  });
});

describe('where', () => {
  test('takes the branch of its condition, though the other has no value', () => {
    expect([at('where(x > 0, log(x), 0)', 1), at('where(x > 0, log(x), 0)', -1)]).toEqual([0, 0]);
    expect([at('where(x < 1, 2, 3)', 1), at('where(x <= 1, 2, 3)', 1)]).toEqual([3, 2]);
    expect([at('where(x > 1, 2, 3)', 1), at('where(x >= 1, 2, 3)', 1)]).toEqual([3, 2]);
  });

  test('has no value where its condition has none', () => {
    expect(at('where(log(x) < 0, 1, 2)', -1)).toBeNaN();
  });

  test.each([
    ['where(x < 0, x^2, x)', -2, -1, [1, 4], 0],
    ['where(x < 0, x^2, x)', 1, 2, [1, 2], 0],
    ['where(x > 0, log(x), 0)', -2, -1, [0, 0], 0],
    ['where(x > 0, 3, 1/x)', 1, 2, [3, 3], 0],
    ['where(x < 0.5, 1, 2)', 0, 1, [1, 2], 2],
  ] as const)('%s on [%d, %d] is enclosed by the branches that may be chosen', (text, from, to, range, flags) => {
    const found = enclosure(read(text), { x: [from, to] });
    expect(found.lower).toBeCloseTo(range[0], 12);
    expect(found.upper).toBeCloseTo(range[1], 12);
    expect(found.flags).toBe(flags);
  });

  test('slopes of one that is continuous enclose those on both sides of its kink', () => {
    const slope = derivative(read('where(x < 0, -x, 2*x)'), 'x');
    expect(enclosure(slope, { x: [0, 0] })).toMatchObject({ lower: -1, upper: 2 });
  });

  test.each([
    ['where(x < 1, 0, 1)', [[1, JUMP]]],
    ['where(x < 1, x^2, 2*x - 1)', [[1, KINK]]],
    [
      'where(abs(x) < 2, x^2/2, 2*abs(x) - 2)',
      [
        [-2, KINK],
        [2, KINK],
      ],
    ],
    ['where(x > 0, 1/(x + 1), 1)', [[0, KINK]]],
    ['where(x > -2, sqrt(x + 3), 1)', [[-2, KINK]]],
    [
      'huber(x, 1.5)',
      [
        [-1.5, KINK],
        [1.5, KINK],
      ],
    ],
    ['relu(x - 1)', [[1, KINK]]],
    ['softplus(x) + logcosh(x) + sigmoid(x)', []],
  ] as const)('%s breaks at %j and nowhere else', (text, expected) => {
    expect(breaksOf(text).filter(([, kind]) => kind !== 0)).toEqual(expected);
  });

  test('is affine in a control where its condition does not name it', () => {
    const tree = read('where(x < y, 2*u, 3 - x*u)');
    expect([degreeIn(tree, ['u']), degreeIn(tree, ['u'], ['x'])]).toEqual([1, Infinity]);
    expect(degreeIn(read('where(u < y, u, 2*u)'), ['u'])).toBe(Infinity);
    const parts = polynomialIn(tree, ['u'], 1);
    expect([...(parts ?? [])].map(([key, part]) => [key, printed(part)])).toEqual([
      ['1', 'where(x < y, 2, -x)'],
      ['0', 'where(x < y, 0, 3)'],
    ]);
    expect(polynomialIn(read('where(u < y, u, 2*u)'), ['u'], 1)).toBeNull();
  });

  test('has a slope where its branches meet, and names the place where they do not', () => {
    expect(differentiate(expression('where(abs(x) < 1, x^2/2, abs(x) - 1/2)'), 'x').text).toContain(
      'where(abs(x) < 1, x, sign(x))',
    );
    expect(differentiate(expression('where(y < 1, x, 2*x)'), 'x').text).toBe('where(y < 1, 1, 2)');
    expect(() => differentiate(expression('where(x < 1, x^2, x + 1)'), 'x')).toThrow(
      /where\(x < 1, x \^ 2, x \+ 1\) cannot be differentiated – it jumps at x = 1, where its branches are 1 and 2 – let/,
    );
  });

  test('has its minimum found, on either side of the kink and at it', () => {
    const least = (text: string) => globalMinimiser(read(text), ['x'], [])([], [-4], [4]);
    const inBranch = least('where(x < 1, (x + 1)^2, x + 3)');
    expect(inBranch).toMatchObject({ at: [-1], status: 'found' });
    expect(inBranch.value).toBeCloseTo(0, 14);
    const atKink = least('where(x < 1, 2 - x, x^2)');
    expect(atKink.lower).toBeLessThanOrEqual(1);
    expect(atKink.value - 1).toBeLessThan(1e-9);
  });

  test.each([
    ['x < 1', 'column 3 has the operator "<" outside of the beginning of where(…)'],
    ['where(x, 1, 2)', 'column 8 has no comparison'],
    ['where(x < 1 < 2, 1, 2)', 'has the operator "<" outside'],
    ['where(x < 1, 2)', 'where is called with 2 arguments'],
    ['where(x == 1, 1, 2)', 'column 9 has the operator "=="'],
    ['where(x <> 1, 1, 2)', 'column 9 has the operator "<>"'],
    ['where((x < 1), 1, 2)', 'has the operator "<" outside'],
    ['huber(x, -1)', 'huber has the threshold -1'],
    ['relu(x, 1)', 'relu is called with 2 arguments'],
    ['where', 'the function where stands without its argument'],
  ])('%s is refused: %s', (text, fact) => {
    expect(() => read(text)).toThrow(fact);
  });
});

test('compiled formulas with branches have the bits of the interpreted ones', () => {
  const coordinate = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1, -1));
  const trees = fc.tuple(drawnTree(['x', 'y'], { binary: ['+', '*', 'min', 'where'] }), drawnTree(['x', 'y']));
  fc.assert(
    fc.property(trees, coordinate, coordinate, ([first, second], x, y) => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
      const module = new WebAssembly.Module(formulaModule({ f: programOf([first, second], ['x', 'y']) }));
      const { f } = formulasOf(module, memory);
      const cells = new Float64Array(memory.buffer);
      cells.set([x, y]);
      (f as (from: number, to: number) => void)(0, 16);
      const expected = compileTogether([first, second], ['x', 'y']).map((value) => value([x, y]));
      expect([cells[2], cells[3]]).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
