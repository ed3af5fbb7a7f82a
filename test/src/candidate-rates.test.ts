import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateCandidates } from '../../src/control/candidate-rates.ts';
import { quadraticFamily } from '../../src/control/quadratic-families.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import type { Matrix } from '../../src/linalg/small-matrix.ts';
import type { ControlSet, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { candidatesByNodes } from '../node-rates.ts';
import { inSpace, slowFast } from '../problems.ts';

const coefficient = fc.double({ min: -2, max: 2, noNaN: true });
const line = tensorGrid([uniformAxis('x', -1, 1.5, 7)]);
const plane = tensorGrid([uniformAxis('x1', -1, 1, 5), uniformAxis('x2', -1.5, 1, 4)]);
const fastLine = tensorGrid([uniformAxis('y', -2, 1, 5)]);
const fastPlane = tensorGrid([uniformAxis('y1', -1, 1, 3), uniformAxis('y2', -1, 2, 4)]);

/** Bits differ at most in the sign of 0. */
function expectEqual(found: readonly Float64Array[], expected: readonly Float64Array[]): void {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  found.forEach((field, c) => {
    const k = field.findIndex((value, at) => value !== expected[c][at]);
    expect([c, k, field[k]]).toEqual([c, k, expected[c][k]]);
    expect(k).toBe(-1);
  });
}

const fieldsOf = (candidates: ReturnType<typeof candidatesByNodes>) =>
  candidates
    .map(({ rates, cost }) => [...rates, ...(cost === null ? [] : [cost])])
    // A candidate that rests without cost has no fields.
    .filter((fields) => fields.some((field) => field.some((value) => value !== 0)));

function expectNodeByNode(problem: Problem, slow: typeof line, fast: typeof line, slope: Matrix = []): void {
  const { candidates } = evaluateCandidates(problem, slow, fast, { slope });
  const expected = fieldsOf(candidatesByNodes(problem, slow, fast, slope));
  const found = candidates.map(({ rates, cost }, c) => [
    ...rates,
    ...(problem.runningCost === undefined ? [] : [cost ?? new Float64Array(expected[c][0].length)]),
  ]);
  expect(found.length).toBe(expected.length);
  found.forEach((fields, c) => {
    expectEqual(fields, expected[c]);
  });
}

const sets: readonly ControlSet[] = [
  { kind: 'box', names: ['u', 'w'], lower: [-1, 0], upper: [1, 2] },
  {
    kind: 'values',
    names: ['u', 'w'],
    values: [
      [-1, 0],
      [0, 0],
      [0.5, 1],
    ],
  },
  {
    kind: 'boxes',
    names: ['u', 'w'],
    boxes: [
      { lower: [-1, 1], upper: [1, 1] },
      { lower: [-2, -1], upper: [-1, 1] },
    ],
  },
];

describe('candidates evaluated by rows', () => {
  test('are those of one node after the other, bit for bit, where φ and ℓ are affine in u', () => {
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 8, maxLength: 8 }),
        fc.constantFrom(...sets),
        fc.boolean(),
        ([a, b, c, d, e, f, g, h], controls, costs) => {
          const cost = costs ? `x1*u*(${g}) + (${h})*w*y1` : undefined;
          const drift = [`(${a}) + (${b})*u*x1 + (${c})*w*y1`, `(${d})*x2 + (${e})*u*y2 + (${f})*w`];
          const on = (m: 1 | 2, n: 1 | 2) => {
            const renamed = (text: string) => {
              const inY = m === 1 ? text.replaceAll(/y[12]/g, 'y') : text;
              return n === 1 ? inY.replaceAll(/x[12]/g, 'x') : inY;
            };
            return problemOf(m, drift.slice(0, n).map(renamed), controls, cost === undefined ? cost : renamed(cost));
          };
          expectNodeByNode(on(1, 1), line, fastLine);
          expectNodeByNode(on(2, 2), plane, fastPlane);
          expectNodeByNode(on(1, 1), line, fastLine, [[a - 0.5]]);
          expectNodeByNode(on(2, 2), plane, fastPlane, [
            [a, b],
            [c, 0],
          ]);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('are those of one node after the other where U is sampled, and for closures', () => {
    expectNodeByNode(slowFast({ slow: ['sin(u)*x + y'] }), line, fastLine);
    expectNodeByNode(slowFast({ slow: [(x, y, u) => u[0] + x[0] * y[0]] }), line, fastLine);
  });

  test('coefficients of a family are those of one node after the other, in a moving frame too', () => {
    const controls = { kind: 'box', names: ['u'], lower: [-3], upper: [Infinity] } as const;
    const problem = problemOf(1, ['x*u^2 - y*u + exp(x*y)'], controls, 'u^2*(1 + y^2) + x*u');
    const slope = [[0.7]];
    const [family] = evaluateCandidates(problem, line, fastLine, { slope }).families;
    const written = quadraticFamily(problem, { lower: [-3], upper: [Infinity] });
    const drift = written?.drift[0];
    forEachNode(fastLine, (j, y) => {
      forEachNode(line, (s, x) => {
        const k = j * line.size + s;
        const at = (c: ((x: Float64Array, y: Float64Array, u: number[]) => number) | null | undefined) =>
          c?.(x, y, [0]) ?? 0;
        const phi = [at(drift?.constant), at(drift?.slope[0]), at(drift?.bend[0])];
        const of = ({ constant, slope: [b], bend: [a] }: (typeof family)['cost']) =>
          [constant, b, a].map((f) => f?.[k]);
        expect(of(family.rates[0])).toEqual(phi.map((value) => value / line.axes[0].spacing));
        expect(of(family.rates[1])).toEqual(phi.map((value) => -(0 + 0.7 * value) / fastLine.axes[0].spacing));
        expect(family.cost.bend[0]?.[k]).toBe(at(written?.cost.bend[0]));
      });
    });
  });

  test('a value that is not finite names the first node and control', () => {
    const evaluated = (slow: string, runningCost?: string) => () =>
      evaluateCandidates(
        problemOf(1, [slow], { kind: 'values', names: ['u'], values: [[1], [2]] }, runningCost),
        tensorGrid([uniformAxis('x', -1, 1, 5)]),
        tensorGrid([uniformAxis('y', -1, 1, 3)]),
        {},
      );
    expect(evaluated('x + (u - 1)/(x - 0.5) + u/(x - y - 1)')).toThrow('φ is Infinity at x = 0, y = -1, u = 1');
    expect(evaluated('1/((x - 0.5)*(u - 1) + 2 - u)')).toThrow('φ is Infinity at x = 0.5, y = -1, u = 2');
    expect(evaluated('x', '1/y')).toThrow('ℓ is Infinity at x = -1, y = 0, u = 1');
    expect(evaluated('1/x', '1/(x + 0.5)')).toThrow('ℓ is Infinity at x = -0.5, y = -1, u = 1');
  });
});

/** Formulas in the names of x, y and of the controls. */
function problemOf(m: 1 | 2, slow: readonly string[], controls: ControlSet, runningCost?: string): Problem {
  const [x, y] = [axisNames('x', slow.length), axisNames('y', m)];
  return {
    ...inSpace(m, { slow: slow.map(() => '0') }),
    controls,
    slowDrift: slow.map((text) => formula(text, x, y, controls.names)),
    runningCost: runningCost === undefined ? undefined : formula(runningCost, x, y, controls.names),
  };
}
