/** What monotone schemes promise of one step S, in one and two slow and fast variables, at every ε. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { effectiveEquation, epsilonEquation } from '../../src/time/equation.ts';
import { methodStep, stepBounds } from '../../src/time/method-step.ts';
import { allMethods, type Method } from '../../src/time/schemes.ts';
import { isotropic, multiwell, quadratic, slowFast } from '../problems.ts';
import { discretised, stepped } from '../step.ts';

type Dimension = 1 | 2;

const kernel = await wasmKernel();
const dimensions = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
] as const;

// Policy iteration has its own tests (implicit-howard.test.ts): its steps are no lists of phases.
const methods = (['epsilon', 'effective'] as const)
  .flatMap(allMethods)
  .filter(({ scheme, time }) => time.steps.kind === 'phases' && ['always', 'under-cfl'].includes(scheme.monotone))
  .map((method): [string, Method] => [`${method.equation}: ${method.scheme.name} with ${method.time.name}`, method]);

const coefficient = fc.double({ min: -1, max: 1, noNaN: true });

/** Drifts that couple all variables, a measure that couples the fast ones and moves with x; some control points inward. */
function coupled(n: Dimension, m: Dimension, [a, b, c, d]: readonly number[]): Problem {
  const axes = Array.from({ length: n }, (_, i) => i);
  const drift = (i: number) => (x: Coordinates, y: Coordinates, u: Coordinates) =>
    u[i] * (1 + 0.5 * Math.sin(x[n - 1 - i])) + 0.2 * a * Math.sin(y[0] - i * y[m - 1]) + 0.2 * b * x[n - 1 - i];
  const square = (y: Coordinates) => y[0] ** 2 + (m === 2 ? y[1] ** 2 + 1.8 * c * y[0] * y[1] : 0);
  return {
    ...slowFast({
      slow: axes.map(drift),
      controls: {
        kind: 'box',
        names: axes.map((i) => `u${i}`),
        lower: axes.map(() => -1),
        upper: axes.map(() => 1),
      },
      runningCost: (x, y, u) => c * u[n - 1] + x[0] * y[m - 1],
    }),
    fast: {
      kind: 'potential',
      potential: (x, y) => square(y) / 2 + d * x[0] * y[0],
      drift: Array.from({ length: m }, (_, k) => (x: Coordinates, y: Coordinates) => {
        return -(y[k] + (m === 2 ? 0.9 * c * y[1 - k] : 0) + (k === 0 ? d * x[0] : 0));
      }),
    },
  };
}

/** Coupled problems, and deep relaxation where n = m. */
const problemsIn = (n: Dimension, m: Dimension) => {
  const drawn = fc.tuple(coefficient, coefficient, coefficient, coefficient).map((all) => coupled(n, m, all));
  if (n !== m) return drawn;
  return fc.oneof(drawn, fc.constantFrom(...(n === 1 ? [quadratic(), multiwell()] : [isotropic()])));
};

interface Step {
  readonly size: number;
  (V: Float64Array): Promise<Float64Array>;
}

/** One step of a method at its stable bound on a small grid. */
function stepOf(method: Method, problem: Problem, epsilon: number): Step {
  const { equation: name } = method;
  const { n, m } = dimensionsOf(problem);
  const slow = (n === 1 ? [9] : [5, 4]).map((nodes, i) => uniformAxis(`x${i}`, -1, 1 + i / 2, nodes));
  const fast = (m === 1 ? [7] : [5, 4]).map((nodes, a) => uniformAxis(`y${a}`, -3 + a / 2, 3, nodes));
  const operators = discretised(problem, slow, fast);
  const start = new Float64Array(operators.grid.size);
  const differences = method.scheme.differencing.on(operators, start);
  const measure = operators.fast.stationary();
  const dt = stepBounds(method, operators, differences, name === 'epsilon' ? { epsilon } : { measure }).usualStep;
  const equation =
    name === 'epsilon' ? epsilonEquation(operators, epsilon, start) : effectiveEquation(operators, measure, start);
  const { program } = methodStep(method, equation, differences, { dt, rate: 0, floor: -Infinity });
  const step = (V: Float64Array) => stepped(kernel, program, V);
  return Object.assign(step, { size: program.buffers[program.value].length });
}

/** A deterministic field in [−1, 1] without a pattern. */
function field(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => Math.sin(12.9898 * (k + 1) * (seed + 1) + seed));
}

describe.each(dimensions)('with %i slow and %i fast variables', (n, m) => {
  const cases = fc.record({
    problem: problemsIn(n, m),
    exponent: fc.integer({ min: -14, max: 1 }),
    seed: fc.nat(1000),
    shift: fc.double({ min: -5, max: 5, noNaN: true }),
  });

  /** Asserts a property of S for drawn problems, ε and values. */
  const holds = (method: Method, property: (step: Step, seed: number, shift: number) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(cases, ({ problem, exponent, seed, shift }) =>
        property(stepOf(method, problem, 10 ** exponent), seed, shift),
      ),
      { numRuns: 15 },
    );

  // Tolerances: rounding of sums of values up to 6, a few ulps per operation.
  test.each(methods)('V ≤ W implies SV ≤ SW: %s', async (_name, method) => {
    await holds(method, async (step, seed) => {
      const V = field(step.size, seed);
      const rise = field(step.size, seed + 7);
      const [low, high] = [await step(V), await step(V.map((value, k) => value + Math.max(0, rise[k])))];
      expect(high.reduce((least, value, k) => Math.min(least, value - low[k]), 1)).toBeGreaterThan(-2e-14);
    });
  });

  test.each(methods)('S(V + c) = SV + c for constants c: %s', async (_name, method) => {
    await holds(method, async (step, seed, shift) => {
      const V = field(step.size, seed);
      const [still, moved] = [await step(V), await step(V.map((value) => value + shift))];
      const worst = moved.reduce((most, value, k) => Math.max(most, Math.abs(value - still[k] - shift)), 0);
      expect(worst).toBeLessThan(1e-13);
    });
  });

  test.each(methods)('sup|SV − SW| ≤ sup|V − W|: %s', async (_name, method) => {
    await holds(method, async (step, seed) => {
      const [V, W] = [field(step.size, seed), field(step.size, seed + 3)];
      const [v, w] = [await step(V), await step(W)];
      const distance = (a: Float64Array, b: Float64Array) =>
        a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
      expect(distance(v, w)).toBeLessThan(distance(V, W) + 1e-13);
    });
  });
});
