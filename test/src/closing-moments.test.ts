/** Values by moment equations and by Riccati equations, held against the equations of the general system. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearQuadraticSolution } from '../../src/exact/linear-quadratic.ts';
import { momentSolution } from '../../src/exact/moments.ts';
import type { ControlSet, Exact, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { residualOf } from '../equation-residual.ts';
import { problemOf, type Texts } from '../general-exact.ts';
import { inLanes } from '../lanes.ts';

type Known = Required<Pick<Exact, 'value' | 'limit' | 'feedback'>>;

const coefficient = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => Number(value.toFixed(3)));
const many = (length: number) => fc.array(coefficient, { minLength: length, maxLength: length });
const rows = (count: number, length: number) => fc.array(many(length), { minLength: count, maxLength: count });
const text = (numbers: readonly number[], terms: readonly string[]) =>
  numbers.map((value, k) => `(${value})*${terms[k]}`).join('+');

interface Shape {
  readonly n: 1 | 2;
  readonly m: 1 | 2;
}

/** Y alone, with square roots in the last variable; or x and y together. Costs of degree 3 with a product of both. */
function drawn({ n, m }: Shape, kind: 'alone' | 'together'): fc.Arbitrary<Texts> {
  const [x, y] = [axisNames('x', n), axisNames('y', m)];
  const [first, last] = [y[0], y[m - 1]];
  const slowTerms = kind === 'alone' ? [...x, '1', first, `${last}^2`] : [...x, '1', first, last];
  const noiseTerms = kind === 'alone' ? ['1', first, last] : ['1', x[0], first];
  const costs = [`${x[n - 1]}^2`, `${x[0]}*${last}`, `${first}^2`, x[0], ...(kind === 'alone' ? [`${x[0]}^3`] : [])];
  return fc
    .record({
      slow: rows(n, slowTerms.length),
      noise: rows(2 * n, noiseTerms.length),
      fast: rows(m, 2),
      terminal: many(costs.length),
      running: many(costs.length),
      discount: fc.constantFrom(0, 0.4),
    })
    .map(({ slow, noise, fast, terminal, running, discount }) => ({
      discount,
      slow: slow.map((row) => text(row, slowTerms)),
      noise: x.map((_, i) => [0, 1].map((j) => text(noise[2 * i + j], noiseTerms))),
      drift: fast.map(([a, b], k) => {
        if (kind === 'alone' && k === m - 1) return `1.2 - 1.5*${y[k]}`;
        return `-2*${y[k]} + ${text([a, b], [kind === 'alone' ? '1' : x[0], last])}`;
      }),
      fastNoise: y.map((name, k) => {
        // Of a quadratic α the moments of several y are not shown to come to rest.
        if (kind === 'together') return m === 1 ? `1 + ${fast[k][0]}*${name}/4` : `1 + ${fast[k][0]}/4`;
        return k === m - 1 ? `0.7*sqrt(2*${name})` : '1.2';
      }),
      terminal: text(terminal, costs),
      running: text(running, costs),
    }));
}

const solved = (problem: Problem, form: Partial<Exact> | undefined): Problem & { exact: Known } =>
  ({ ...problem, exact: { ...form, source: '' } }) as Problem & { exact: Known };

const shapes: Shape[] = [
  { n: 1, m: 1 },
  { n: 1, m: 2 },
  { n: 2, m: 1 },
  { n: 2, m: 2 },
];
const cases = (['alone', 'together'] as const).flatMap((kind) => shapes.map((shape) => ({ kind, ...shape })));
const isSmall = ({ n, m }: Shape) => n * m === 1;

describe('values by moments', () => {
  inLanes(cases, isSmall)(
    '$kind solve their equation at every ε and begin with g, n = $n, m = $m',
    ({ kind, ...shape }) => {
      const property = fc.property(
        drawn(shape, kind),
        fc.constantFrom(1, 0.1),
        many(shape.n),
        many(shape.m),
        (texts, e, x, y) => {
          const at = y.map((value) => value + 1.1);
          const problem = solved(problemOf(texts), momentSolution(problemOf(texts)));
          // Differences in τ over ε and round-off over h²: measured 4e-8.
          expect(Math.abs(residualOf(problem, e, [[]])(0.5, x, at))).toBeLessThan(1e-6);
          expect(problem.exact.value({ tau: 0, epsilon: e, x, y: at })).toBeCloseTo(problem.terminalCost(x, at), 12);
        },
      );
      fc.assert(property, { numRuns: 8 });
    },
  );

  inLanes(cases, isSmall)('$kind tend to v with order 1, n = $n, m = $m', ({ kind, ...shape }) => {
    const property = fc.property(drawn(shape, kind), many(shape.n), many(shape.m), (texts, x, y) => {
      const { value, limit } = momentSolution(problemOf(texts)) as Known;
      const gap = (epsilon: number) => value({ tau: 0.7, epsilon, x, y }) - limit(0.7, x);
      // What an extrapolation of order 1 leaves is of order 2, and round-off.
      expect(Math.abs(10 * gap(1e-5) - gap(1e-4))).toBeLessThan(1e-6);
      expect(Math.abs(10 * gap(1e-8) - gap(1e-7))).toBeLessThan(1e-10);
    });
    fc.assert(property, { numRuns: 5 });
  });
});

/** Cross terms in every form, noise that x₁ and x₂ share, a price of y at the end. */
const controlled: Texts[] = [
  {
    slow: ['2*u + y - x/2 + 0.3'],
    noise: [['0.4', '0.3']],
    drift: ['0.1 + x/2 - y'],
    fastNoise: ['0.9'],
    running: 'x^2/2 + 0.4*y^2 + (u + 0.3*y + 0.2*x)^2/2 + 0.2*u - 0.1*y + 0.05',
    terminal: '(x - y/2 - 0.4)^2/4 + y^2/3 + 1',
    discount: 0.6,
    controls: { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] },
  },
  {
    slow: ['v + y1 + 0.3*y2', 'w - 0.2*y1 + 0.8*y2 - v/4'],
    noise: [
      ['0.4', '0.1'],
      ['-0.2', '0.5'],
    ],
    drift: ['x1/2 - y1 - 0.4*y2', '0.6*y1 - 1.5*y2 + 0.2'],
    fastNoise: ['1.2', '0.7'],
    running: '(x1^2 + x2^2)/2 + v^2 + v*w/2 + w^2/2 + (y1 - w)^2/4 + v/5',
    terminal: '(x1^2 + x1*x2 + x2^2)/4 - x1/3 + (y1 - x2)^2/5',
    discount: 0.2,
    controls: {
      kind: 'box',
      names: ['v', 'w'],
      lower: [-Infinity, -Infinity],
      upper: [Infinity, Infinity],
    } as ControlSet,
  },
];

describe('linear-quadratic values with noise, discount and g(x,y)', () => {
  inLanes(controlled, ({ slow }) => slow.length === 1)('solve their equation, at $slow', (texts) => {
    const { length } = texts.slow;
    const problem = solved(problemOf(texts), linearQuadraticSolution(problemOf(texts)));
    fc.assert(
      fc.property(fc.constantFrom(1, 0.1), many(length), many(length), many(length), (epsilon, x, y, away) => {
        const u = problem.exact.feedback({ tau: 0.4, epsilon, x, y });
        const left = residualOf(problem, epsilon, [u, u.map((value, c) => value + away[c])])(0.4, x, y);
        expect(Math.abs(left)).toBeLessThan(1e-6);
      }),
      { numRuns: 5 },
    );
  });

  test.each(controlled)('tend to v, which begins with ḡ, at $slow', (texts) => {
    const { value, limit } = linearQuadraticSolution(problemOf(texts)) as Known;
    const [x, y] = [
      [0.7, -0.4],
      [0.3, 0.6],
    ].map((point) => point.slice(0, texts.slow.length));
    const gap = (epsilon: number) => value({ tau: 0.8, epsilon, x, y }) - limit(0.8, x);
    expect(gap(1e-4) / gap(1e-5)).toBeCloseTo(10, 1);
    expect(Math.abs((10 * gap(1e-7) - gap(1e-6)) / 9)).toBeLessThan(1e-11);
  });

  test.each(controlled)('are those by moments where the control moves nothing, at $slow', (texts) => {
    const still = { ...texts, slow: texts.slow.map((each) => each.replace(/2\*u|^v|^w|- v\/4/g, '+ 0')) };
    const price = texts.controls?.names.map((name) => `${name}^2/2`).join('+') ?? '';
    const state = texts.slow.length === 1 ? '(x - 0.3*y)^2' : '(x1 - y2)^2 + x2/3';
    const { value, limit } = linearQuadraticSolution(problemOf({ ...still, running: `${state} + ${price}` })) as Known;
    const other = momentSolution(problemOf({ ...still, running: state, controls: undefined })) as Known;
    const [x, y] = [
      [0.7, -0.4],
      [0.3, 0.6],
    ].map((point) => point.slice(0, texts.slow.length));
    for (const epsilon of [1, 1e-2, 1e-5]) {
      const at = { tau: 0.9, epsilon, x, y };
      expect(Math.abs(value(at) - other.value(at))).toBeLessThan(1e-12);
    }
    expect(Math.abs(limit(0.9, x) - other.limit(0.9, x))).toBeLessThan(1e-12);
  });
});
