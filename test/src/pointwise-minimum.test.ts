import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { controlledRate, isAdmissible } from '../../src/control/control-set.ts';
import { finiteControls, minimumOver } from '../../src/control/pointwise-minimum.ts';
import { formula } from '../../src/formula/expression.ts';
import { fromTrees } from '../../src/formula/formula.ts';
import { InputError } from '../../src/input/input-error.ts';
import { boxesOf, type ControlSet, type Problem } from '../../src/model/problem.ts';
import { drawnTree } from '../drawn-formulas.ts';

const INFINITE = Number.POSITIVE_INFINITY;

interface Posed {
  readonly slow: Problem['slowDrift'];
  readonly running?: Problem['runningCost'];
  readonly controls: ControlSet;
}

function posed({ slow, running, controls }: Posed): Problem {
  const drift = formula('-y', ['x'], ['y']);
  return {
    name: 'drawn',
    title: 'drawn',
    horizon: 1,
    controls,
    slowDrift: slow,
    fast: { kind: 'drift', drift: [drift] },
    terminalCost: formula('x', ['x']),
    runningCost: running,
    formulas: [],
  };
}

function written(slow: string, running: string, controls: ControlSet): Problem {
  const read = (text: string) => formula(text, ['x'], ['y'], controls.names);
  return posed({ slow: [read(slow)], running: read(running), controls });
}

const onBox = (names: readonly string[], ...ends: readonly (readonly [number, number])[]): ControlSet => ({
  kind: 'box',
  names,
  lower: ends.map(([lower]) => lower),
  upper: ends.map(([, upper]) => upper),
});
const real: readonly [number, number] = [-INFINITE, INFINITE];

/** The least rate on a lattice of every box, refined around its best point: never below the minimum. */
function bruteForce(problem: Problem, y: number, p: number): number {
  let best = INFINITE;
  for (const box of boxesOf(problem.controls)) {
    const count = box.lower.length;
    const levels = count === 1 ? 513 : count === 2 ? 33 : 13;
    let [lower, upper] = [[...box.lower], [...box.upper]];
    let [least, at] = [INFINITE, lower];
    for (let round = 0; round < 10; round++) {
      for (let k = 0; k < levels ** count; k++) {
        const place = (c: number) => (Math.floor(k / levels ** c) % levels) / (levels - 1);
        const u = lower.map((low, c) => low + (upper[c] - low) * place(c));
        const rate = controlledRate(problem, [0.7], [y], [p], u);
        if (rate < least) [least, at] = [rate, u];
      }
      const half = lower.map((low, c) => (2 * (upper[c] - low)) / levels);
      const inside = (c: number, by: number) => Math.min(Math.max(at[c] + by, box.lower[c]), box.upper[c]);
      [lower, upper] = [half.map((h, c) => inside(c, -h)), half.map((h, c) => inside(c, h))];
    }
    best = Math.min(best, least);
  }
  return best;
}

const number = fc.integer({ min: -16, max: 16 }).map((k) => k / 8);
const interval = fc.tuple(number, fc.integer({ min: 0, max: 16 })).map(([low, k]) => [low, low + k / 8] as const);

/** A minimum: attained in U, no lattice finds a smaller one, and none can be by more than the error. */
function expectLeast(problem: Problem, y: number, p: number, slack: number): void {
  const { value, control, error } = minimumOver(problem).leastAt([0.7], [y], [p]);
  expect(isAdmissible(problem.controls, control)).toBe(true);
  expect(value).toBe(controlledRate(problem, [0.7], [y], [p], control));
  const sampled = bruteForce(problem, y, p);
  expect(value - error).toBeLessThanOrEqual(sampled + slack * (1 + Math.abs(sampled)));
  expect(value).toBeLessThanOrEqual(sampled + slack * (1 + Math.abs(sampled)));
}

describe('the minimum over U', () => {
  test.each([
    ['affine', 'u*y + x', 'y - 2*u', 'corners'],
    ['quadratic in one control', 'u*y', 'y*u^2 + u + y^2', 'quadratic'],
    ['of a quadratic drift', '0.02 + u*(0.3 + 0.2*y) - 0.16*u^2/2', '0', 'quadratic'],
    ['a quartic', 'u*y', 'u^4/4 - u^2', 'enclosed'],
    ['with cosh', 'u*(1 + y)', 'cosh(u) - 1 + y^2', 'enclosed'],
    ['with a narrow valley', '0*y - 2*exp(-((u - 0.41)/0.01)^2)', 'x*y', 'enclosed'],
    ['with many valleys', 'sin(40*u*y)', '0', 'enclosed'],
    ['with kinks', 'abs(u - 0.3*y)', 'max(u, -2*u + y)', 'enclosed'],
  ])('%s: φ = %s, ℓ = %s', (_, slow, running, kind) => {
    const problem = written(slow, running, onBox(['u'], [-1, 1]));
    expect(minimumOver(problem).kind).toBe(kind);
    for (const y of [-1.3, -0.2, 0, 0.4, 2]) {
      for (const p of [-2, 0, 0.5, 1]) {
        expectLeast(problem, y, p, 1e-12);
        // Measured: below 1e-13.
        expect(minimumOver(problem).leastAt([0.7], [y], [p]).error).toBeLessThan(kind === 'enclosed' ? 1e-12 : 1e-300);
      }
    }
  });

  test.each([
    ['coupled quadratics', 'u*y + w', 'u^2 + u*w + w^2', 'quadratic'],
    ['two controls that enter separately', 'u*y + w', 'u^4 + cosh(w)', 'enclosed'],
    ['two that do not', 'u*cos(w) + y*w', 'u^4 + w^4 + sin(u*w)', 'enclosed'],
  ])('of %s: φ = %s, ℓ = %s', (_, slow, running, kind) => {
    const problem = written(slow, running, onBox(['u', 'w'], [-1, 1], [-0.5, 1]));
    expect(minimumOver(problem).kind).toBe(kind);
    for (const [y, p] of [
      [-1, 1],
      [0.3, -0.7],
      [2, 3],
    ]) {
      expectLeast(problem, y, p, 1e-12);
    }
  });

  test('of four controls that enter separately is as good as of one', () => {
    const names = ['u', 'v', 'w', 'z'];
    const controls = onBox(names, [-1, 1], [-1, 1], [-2, 2], real);
    const problem = written('u + y*v + w + z', 'u^4/4 + cosh(v) + w^2/2 + z^4/4', controls);
    const { value, error } = minimumOver(problem).leastAt([0], [0.5], [0.7]);
    const quartic = -0.75 * 0.7 ** (4 / 3);
    const cosh = Math.sqrt(1 + 0.35 ** 2) - 0.35 * Math.asinh(0.35);
    expect(value).toBeCloseTo(2 * quartic + cosh - 0.245, 13);
    expect(error).toBeLessThan(1e-13);
  });

  test('of random polynomials of degree 2 in y and two controls is a minimum', () => {
    const names = ['1', 'u', 'w', 'u^2', 'u*w', 'w^2', 'y*u', 'y*w', 'y*u^2'];
    const drawn = fc.array(number, { minLength: names.length, maxLength: names.length });
    const text = (coefficients: readonly number[]) => coefficients.map((c, k) => `(${c})*${names[k]}`).join(' + ');
    fc.assert(
      fc.property(drawn, drawn, interval, interval, number, number, (a, b, sideU, sideW, y, p) => {
        const problem = written(text(a), text(b), onBox(['u', 'w'], sideU, sideW));
        expectLeast(problem, y, p, 1e-12);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('of random formulas lies between its value less its error and what a lattice finds', () => {
    const tree = drawnTree(['y', 'u'], {
      unary: ['sin', 'cos', 'tanh', 'abs', 'exp'],
      binary: ['+', '-', '*', 'min', 'max'],
      exponents: [2, 3],
    });
    fc.assert(
      fc.property(tree, tree, interval, number, number, (phi, cost, side, y, p) => {
        const field = (of: typeof phi) =>
          fromTrees([{ tree: of, text: '', gradient: () => [] }], ['x'], ['y'], ['u'])[0];
        const problem = posed({ slow: [field(phi)], running: field(cost), controls: onBox(['u'], side) });
        fc.pre(Number.isFinite(bruteForce(problem, y, p)));
        expectLeast(problem, y, p, 1e-11);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test('over values and intervals mixed is the least of all', () => {
    const boxes = [-1, 0, 0.5].map((u) => ({ lower: [u, -1], upper: [u, 1] }));
    const problem = written('u*y + w', 'exp(u) + w^2 + u*w*y', { kind: 'boxes', names: ['u', 'w'], boxes });
    // In the control that varies it is quadratic.
    expect(minimumOver(problem).kind).toBe('quadratic');
    for (const y of [-2, 0.1, 3]) expectLeast(problem, y, 0.8, 1e-12);
  });

  test('over a list is its smallest value, whatever the formulas', () => {
    const values = [[-1], [0.3], [2]];
    const problem = written('sin(9*u)', 'exp(u)*y', { kind: 'values', names: ['u'], values });
    expect(finiteControls(problem)).toEqual(values);
    for (const p of [-1, 0, 2])
      expect(minimumOver(problem).leastAt([0], [0.3], [p]).value).toBe(bruteForce(problem, 0.3, p));
  });

  test('without a control is the rate', () => {
    const problem = written('x*y', 'y^2', onBox([]));
    expect(minimumOver(problem).leastAt([2], [3], [0.5])).toMatchObject({ value: 12, control: [], error: 0 });
  });

  test('over the real line is the one over a box that holds the minimiser', () => {
    for (const [slow, running] of [
      ['u*y', 'u^2/2'],
      ['u*y', 'u^4 - u^2'],
      ['u*(y + 1)', 'cosh(u)'],
    ]) {
      const [endless, wide] = [real, [-50, 50] as const].map((side) => written(slow, running, onBox(['u'], side)));
      for (const y of [-1, 0, 2.5]) {
        const [a, b] = [endless, wide].map((problem) => minimumOver(problem).leastAt([0], [y], [1.5]));
        expect(Math.abs(a.value - b.value)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(b.value)));
        expect(a.error).toBeLessThan(1e-12);
      }
    }
  });

  test.each([
    ['a linear cost', 'u', 'abs(u)'],
    ['a cost that bends down', 'u', '-u^2'],
    ['no cost', 'u*y', '0'],
  ])('%s on the real line is refused', (_, slow, running) => {
    const { leastAt } = minimumOver(written(slow, running, onBox(['u'], real)));
    expect(() => leastAt([0], [1], [2])).toThrow(InputError);
    expect(() => leastAt([0], [1], [2])).toThrow(/no lower bound over U .* x = 0, y = 1, p = 2/);
  });

  test('of a function without a formula is sampled and has no bound', () => {
    const bent = (_x: ArrayLike<number>, _y: ArrayLike<number>, u: ArrayLike<number>) => u[0] ** 4;
    const problem = posed({ slow: [bent], controls: onBox(['u'], [-1, 1]) });
    expect(minimumOver(problem).kind).toBe('sampled');
    expect(minimumOver(problem).leastAt([0], [0], [1])).toMatchObject({ value: 0, error: INFINITE });
    const coupled = written('u*v*w + u^4*v^3*w', '0', onBox(['u', 'v', 'w'], [-1, 1], [-1, 1], [-1, 1]));
    expect(minimumOver(coupled).leastAt([0], [0], [1]).error).toBe(INFINITE);
    expect(() => minimumOver(posed({ slow: [bent], controls: onBox(['u'], real) }))).toThrow(/without a formula/);
  });
});
