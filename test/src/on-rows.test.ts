import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formula } from '../../src/formula/expression.ts';
import { fromTrees } from '../../src/formula/formula.ts';
import { type Coordinate, onRows } from '../../src/formula/on-rows.ts';
import { drawnTree } from '../drawn-formulas.ts';

const names = [['x'], ['y1', 'y2'], ['u']] as const;
const drawnNumber = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(0, -0, 1, -1));

/** A coordinate at so many points: the same at all of them, or one each. */
const coordinate = (length: number): fc.Arbitrary<Coordinate> =>
  fc.oneof(
    drawnNumber,
    fc.array(drawnNumber, { minLength: length, maxLength: length }).map((row) => Float64Array.from(row)),
  );

const row = (length: number) => fc.tuple(...Array.from({ length: 4 }, () => coordinate(length)));

describe('functions on rows of points', () => {
  test('give the bits of the functions point by point, call after call', () => {
    const trees = fc.array(drawnTree(names.flat()), { minLength: 1, maxLength: 3 });
    const calls = fc.array(
      fc.integer({ min: 1, max: 5 }).chain((length) => fc.tuple(fc.constant(length), row(length))),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(trees, calls, (drawn, drawnCalls) => {
        const functions = fromTrees(
          drawn.map((tree) => ({ tree, text: '', gradient: () => [] })),
          ...names,
        );
        const rows = onRows(functions, ...names);
        for (const [length, [x, y1, y2, u]] of drawnCalls) {
          const out = functions.map(() => new Float64Array(length));
          rows(out, [x], [y1, y2], [u]);
          const at = (c: Coordinate, k: number) => (typeof c === 'number' ? c : c[k]);
          const expected = functions.map((f) =>
            Float64Array.from({ length }, (_, k) => f([at(x, k)], [at(y1, k), at(y2, k)], [at(u, k)])),
          );
          expect(out).toEqual(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('take closures beside formulas, and names of their own', () => {
    const written = formula('a*b', ['a'], ['b']);
    const closure = (x: ArrayLike<number>, y: ArrayLike<number>) => x[0] - y[0];
    const out = [new Float64Array(3), new Float64Array(3)];
    onRows([closure, written], ['x'], ['y'])(out, [Float64Array.of(1, 2, 3)], [2]);
    expect(out).toEqual([Float64Array.of(-1, 0, 1), Float64Array.of(2, 4, 6)]);
  });

  test('leave the coordinates as they are', () => {
    const x = Float64Array.of(1, 2);
    const rows = onRows([formula('x+1', ['x']), formula('x', ['x'])], ['x']);
    const out = [new Float64Array(2), new Float64Array(2)];
    rows(out, [x]);
    rows(out, [7]);
    expect(out).toEqual([Float64Array.of(8, 8), Float64Array.of(7, 7)]);
    expect(x).toEqual(Float64Array.of(1, 2));
  });
});
