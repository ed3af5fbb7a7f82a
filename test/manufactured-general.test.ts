import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formula } from '../src/formula/expression.ts';
import type { ControlSet, Problem } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import { residualOf } from './equation-residual.ts';
import { inLanes } from './lanes.ts';
import { type ManufacturedSolution, manufacturedGeneral } from './manufactured-general.ts';
import { slowFast } from './problems.ts';

const coefficient = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => Number(value.toFixed(3)));
const many = (length: number) => fc.array(coefficient, { minLength: length, maxLength: length });
const text = (numbers: readonly number[], terms: readonly string[]) =>
  numbers.map((value, k) => `(${value})*${terms[k]}`).join('+');

/** φ affine and s quadratic in u where it is controlled, cross terms in a, r and b of x and y. */
function drawn(n: 1 | 2, m: 1 | 2, isControlled: boolean) {
  const [x, y] = [axisNames('x', n), axisNames('y', m)];
  const controls: ControlSet = isControlled
    ? { kind: 'box', names: ['u'], lower: [-1], upper: [1] }
    : { kind: 'values', names: [], values: [[]] };
  const u = controls.names;
  const terms = [`sin(${x[0]})`, `cos(${y[m - 1]})`, ...x, isControlled ? u[0] : '1'];
  const rows = (count: number, length: number) => fc.array(many(length), { minLength: count, maxLength: count });
  return fc
    .record({
      slow: rows(n, terms.length),
      noise: rows(n * 2, terms.length),
      r: rows(m, 2),
      fast: rows(m, m + 1),
      waves: many(6),
      discount: fc.constantFrom(0, 0.3),
      decay: fc.constantFrom(0.5, -0.4),
    })
    .map((data) => {
      const base: Problem = {
        ...slowFast({}),
        controls,
        slowDrift: data.slow.map((row) => formula(text(row, terms), x, y, u)),
        slowNoise: Array.from({ length: n }, (_, i) =>
          [0, 1].map((j) => formula(text(data.noise[2 * i + j], terms), x, y, u)),
        ),
        fast: {
          kind: 'drift',
          drift: data.fast.map((row, k) => formula(`${text(row, [x[0], ...y])} - 2*${y[k]}`, x, y)),
          noise: data.r.map((row) => formula(`1.5 + ${text(row, [`sin(${x[0]})/2`, `cos(${y[0]})/2`])}`, x, y)),
        },
        discount: data.discount,
      };
      const [a, b, c, d, e, f] = data.waves;
      const value = `sin(${x[0]} + (${a})) + (${b})*cos(${x[n - 1]} - ${x[0]}/2) + (${c})*${x[n - 1]}^2/2`;
      const corrector = `(${d})*sin(${y[0]})*${x[0]} + (${e})*cos(${y[m - 1]} + (${f}))`;
      return { base, solution: { value, corrector, decay: data.decay } satisfies ManufacturedSolution };
    });
}

/** Quadratics in one u: the least of 2001 values is within 1e-6·curvature of the minimum. */
const lattice = Array.from({ length: 2001 }, (_, k) => [k / 1000 - 1]);

describe('a manufactured value solves the ε-equation of the general system', () => {
  test.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ] as const)('without control, n = %i, m = %i, at every ε', (n, m) => {
    fc.assert(
      fc.property(drawn(n, m, false), fc.constantFrom(1, 0.1), many(n), many(m), ({ base, solution }, e, x, y) => {
        const problem = manufacturedGeneral(base, solution, e);
        expect(Math.abs(residualOf(problem, e, [[]])(0.3, x, y))).toBeLessThan(2e-6);
      }),
      { numRuns: 15 },
    );
  });

  inLanes([1, 2] as const, (n) => n === 1)('with a control in drift and noise, n = %i', (n) => {
    fc.assert(
      fc.property(drawn(n, 1, true), many(n), many(1), ({ base, solution }, x, y) => {
        const problem = manufacturedGeneral(base, solution, 0.5);
        expect(Math.abs(residualOf(problem, 0.5, lattice)(0.3, x, y))).toBeLessThan(1e-5);
      }),
      { numRuns: 5 },
    );
  });

  test('with a running cost where it does not decay', () => {
    fc.assert(
      fc.property(drawn(1, 1, true), many(1), many(1), ({ base, solution }, x, y) => {
        const runningCost = formula('u^2/2 + x*y', ['x'], ['y'], ['u']);
        const problem = manufacturedGeneral({ ...base, runningCost }, { ...solution, decay: 0 }, 1);
        expect(Math.abs(residualOf(problem, 1, lattice)(0.3, x, y))).toBeLessThan(1e-5);
      }),
      { numRuns: 5 },
    );
  });
});

const base = { ...slowFast({}), slowNoise: [[formula('1 + u*y/4', ['x'], ['y'], ['u'])]] };

test('a value free of y is exact at every ε and in the limit', () => {
  const problem = manufacturedGeneral(base, { value: 'sin(x)', decay: 1 }, 1);
  for (const epsilon of [1, 1e-3])
    expect(Math.abs(residualOf(problem, epsilon, lattice)(0.2, [0.4], [0.7]))).toBeLessThan(1e-5);
  expect(problem.exact?.limit?.(0.2, [0.4])).toBe(problem.exact?.value?.({ tau: 0.2, epsilon: 1, x: [0.4], y: [9] }));
});

test('with a corrector the value belongs to its ε, and ε = 0 to the limit v = e^(−kτ) w₀', () => {
  const solution = { value: 'sin(x)', corrector: 'x*cos(y)', decay: 1 };
  const at = { tau: 0.2, x: [0.4], y: [0.7] };
  expect(() => manufacturedGeneral(base, solution, 0.1).exact?.value?.({ ...at, epsilon: 0.2 })).toThrow(RangeError);
  const { exact, terminalCost } = manufacturedGeneral(base, solution, 0);
  expect(exact?.value).toBeUndefined();
  expect(exact?.limit?.(0.2, [0.4])).toBeCloseTo(Math.exp(-0.2) * Math.sin(0.4), 15);
  expect(terminalCost.length).toBe(1);
});

test('no base has a source, a running cost beside a decay, or a limit that sees y', () => {
  const solution = { value: 'sin(x)', decay: 1 };
  const runningCost = formula('u^2', ['x'], ['y'], ['u']);
  const source = { decay: 1, value: () => 0 };
  expect(() => manufacturedGeneral({ ...base, runningCost }, solution, 1)).toThrow(/running cost/);
  expect(() => manufacturedGeneral({ ...base, source }, solution, 1)).toThrow(/source/);
  expect(() => manufacturedGeneral(base, { value: 'x*y', decay: 1 }, 0)).toThrow(/free of y/);
});
