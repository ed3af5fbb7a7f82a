/** Implicit steps with controls that fill a box: the minimum of every node is exact. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { increments } from '../../src/differencing/increments.ts';
import { upwind } from '../../src/differencing/upwind.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import type { ControlSet, Problem } from '../../src/model/problem.ts';
import { type Discretisation, fieldSlots } from '../../src/time/field-slots.ts';
import { implicitAveragedStep } from '../../src/time/implicit-averaged-step.ts';
import { implicitStep } from '../../src/time/implicit-step.ts';
import { slowFast } from '../problems.ts';
import { discretised } from '../step.ts';

const box = (names: string[], end: number): ControlSet => ({
  kind: 'box',
  names,
  lower: names.map(() => -end),
  upper: names.map(() => end),
});

/** State constraints at both ends for every control set here; φ quadratic in u and ℓ coupled to y. */
const bent = (controls: ControlSet): Problem =>
  slowFast({
    slow: ['u + y/2 - 0.1*u^2*x'],
    potential: 'y^2/2',
    controls,
    runningCost: '(1 + 0.2*x)*u^2/2 + u*y/2 + x^2/4',
  });

const affine = (end: number): Problem =>
  slowFast({
    slow: ['u + y/2'],
    potential: 'y^2/2',
    controls: box(['u'], end),
    runningCost: '(x^2 + u^2)/2 + u*y/4 + y^2/8',
  });

const coupled = (controls: ControlSet): Problem =>
  slowFast({
    slow: ['u + w/2 - x2*y/4', 'w - u/3 + x1/2'],
    potential: 'y^2/2',
    controls,
    runningCost: 'u^2/2 + w^2 + u*w/2 + (u - w)*y/4',
  });

const searched = (controls: ControlSet): Problem =>
  slowFast({
    slow: ['sin(u) + y/4'],
    potential: 'y^2/2',
    controls,
    runningCost: 'u^4/4 + exp(u/2) + u*y/2',
  });

const line = [uniformAxis('x', -1, 1, 9)];
const square = [uniformAxis('x1', -1, 1, 4), uniformAxis('x2', -1, 1, 5)];
const noise = uniformAxis('y', -2, 2, 5);

const families: readonly (readonly [string, Discretisation])[] = [
  ['one control', discretised(bent(box(['u'], 2)), line, noise)],
  ['one control without bounds', discretised(affine(Infinity), line, noise)],
  ['two controls', discretised(coupled(box(['u', 'w'], 1.5)), square, noise)],
  ['one control in other formulas', discretised(searched(box(['u'], 2)), line, noise)],
];

const draws = (size: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size })
    .map((list) => Float64Array.from(list));

/** dt·M V of upwind differences without long feet, in plain TypeScript. */
function swept(problem: Discretisation, V: Float64Array, dt: number): Float64Array {
  const slots = fieldSlots(problem);
  const minimum = slots.minimum();
  const { buffers } = slots.program(0, 0, []);
  const sweep = { minimum, slots: buffers, slow: problem.grid, dt, foot: dt, differencing: { kind: upwind } };
  const difference = increments('never', (W, { at, stride }, forward) =>
    forward ? W[at + stride] - W[at] : W[at] - W[at - stride],
  );
  const size = problem.grid.size;
  const out = new Float64Array(size * problem.fast.nodes);
  for (let node = 0; node < out.length; node += size) {
    difference(out.subarray(node, node + size), sweep, V, { node, value: V.length === size ? 0 : node });
  }
  return out;
}

/** (dt/ε) L V on the lines of one fast axis. */
function mixed({ grid, fast }: Discretisation, V: Float64Array, factor: number): Float64Array {
  const [{ up, down }] = fast.directions;
  const { size } = grid;
  return V.map((value, k) => {
    const ahead = k + size < V.length ? up[k] * (V[k + size] - value) : 0;
    const behind = k >= size ? down[k] * (V[k - size] - value) : 0;
    return factor * (ahead + behind);
  });
}

describe('an implicit step with controls that fill a box solves its nonlinear equation', () => {
  test.each(families)('V⁺ − dt M V⁺ − (dt/ε) L V⁺ = V: %s', (_name, problem) => {
    const size = problem.grid.size * problem.fast.nodes;
    fc.assert(
      fc.property(draws(size), fc.constantFrom(0.02, 0.5), fc.constantFrom(0.1, 3), (V, dt, epsilon) => {
        const out = new Float64Array(size);
        const report = implicitStep(problem, epsilon, { dt }).apply(out, V, 0);
        expect(report.settled).toBe(true);
        expect(report.policies).toBeLessThanOrEqual(12); // Newton's method
        const [moved, spread] = [swept(problem, out, dt), mixed(problem, out, dt / epsilon)];
        // A residual of the linear solves of 1e-13·max|V|, times 1 + the rates times dt, below 100 here.
        out.forEach((value, k) => {
          expect(Math.abs(value - moved[k] - spread[k] - V[k])).toBeLessThan(1e-11);
        });
      }),
      { numRuns: 20 },
    );
  });

  test.each(families.filter(([, { grid }]) => grid.axes.length === 1))(
    'v⁺ − dt Σ_j π_j M v⁺ = v: %s',
    (_name, problem) => {
      const measure = problem.fast.stationary();
      const { size } = problem.grid;
      fc.assert(
        fc.property(draws(size), fc.constantFrom(0.02, 0.5), (v, dt) => {
          const out = new Float64Array(size);
          expect(implicitAveragedStep(problem, measure, { dt }).apply(out, v, 0).settled).toBe(true);
          const moved = swept(problem, out, dt);
          out.forEach((value, s) => {
            let mean = 0;
            for (let k = s; k < moved.length; k += size) mean += measure[k] * moved[k];
            expect(Math.abs(value - mean - v[s])).toBeLessThan(1e-11);
          });
        }),
        { numRuns: 20 },
      );
    },
  );
});

describe('the controls of a box in an implicit step', () => {
  const stepOf = (problem: Problem, V: Float64Array) => {
    const out = new Float64Array(V.length);
    expect(implicitStep(discretised(problem, line, noise), 0.5, { dt: 0.3 }).apply(out, V, 0).settled).toBe(true);
    return out;
  };
  const V = Float64Array.from({ length: 45 }, (_, k) => Math.cos(1.7 * k) / 4);

  // With |u| ≤ 0.9 all controls leave over the ends of the x-box where |y| = 2.
  test.each([
    ['quadratic', bent, 2],
    ['quadratic, with outflow', bent, 0.9],
    ['other formulas', searched, 2],
  ])('are as good as a fine list of values, and no worse: %s', (_name, problem, end) => {
    const exact = stepOf(problem(box(['u'], end)), V);
    const distances = [41, 81, 161].map((count) => {
      const values = Array.from({ length: count }, (_, c) => [-end + (2 * end * c) / (count - 1)]);
      const listed = stepOf(problem({ kind: 'values', names: ['u'], values }), V);
      return listed.reduce((most, value, k) => {
        expect(value).toBeGreaterThanOrEqual(exact[k] - 1e-12);
        return Math.max(most, value - exact[k]);
      }, 0);
    });
    // A list that misses a minimiser costs the square of its spacing, at a kink φ = 0 the spacing: 0.025 dt |D±V|.
    expect(distances[2]).toBeLessThan(1e-3);
    expect(distances[2]).toBeLessThan(distances[0] / 2);
  });

  test('matter up to where they are used: U = [−3, 3], [−30, 30] and R give one value', () => {
    const smooth = V.map((_, k) => (-1 + (k % 9) / 4) ** 2 / 4);
    const real = stepOf(affine(Infinity), smooth);
    for (const end of [3, 30]) {
      stepOf(affine(end), smooth).forEach((value, k) => {
        expect(Math.abs(value - real[k])).toBeLessThan(1e-13);
      });
    }
  });
});
