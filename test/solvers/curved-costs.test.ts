/** φ = uy and ℓ curved in u under Ornstein–Uhlenbeck noise: H̄, ν_p and its velocity in closed form. */
import { describe, expect, test } from 'vitest';
import { effectiveHamiltonian, effectiveVelocities, extendedControl } from '../../solvers/index.ts';
import { erf } from '../../src/formula/error-function.js';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { Problem } from '../../src/model/problem.ts';
import { argminLaw, valueSlopes } from '../../src/paths/value-slopes.ts';
import { inSpace, slowFast } from '../problems.ts';

const inside = erf(Math.SQRT1_2);
const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
/** E of the Huber function, q²/2 for |q| ≤ 1 and |q| − 1/2 beyond, of a standard normal q. */
const huber = (inside - 2 * density(1)) / 2 + 2 * density(1) - (1 - inside) / 2;

const quadratic = slowFast({ slow: ['u*y'], potential: 'y^2/2', runningCost: 'u^2/2' });

function withCost(cost: string, lower: number, upper: number): Problem {
  const controls = { kind: 'box', names: ['u'], lower: [lower], upper: [upper] } as const;
  return slowFast({ slow: ['u*y'], potential: 'y^2/2', runningCost: cost, controls });
}

describe('a quadratic cost on [−1, 1]', () => {
  test.each(['gibbs', 'stationary', 'ergodic', 'cell'] as const)('has the exact H̄ by the route %s', (method) => {
    const { value, error, controls } = effectiveHamiltonian(quadratic, { x: [0], p: [1], method });
    expect(controls).toBe(0);
    // The Huber function has jumps in its second derivative only; the quadrature splits there.
    expect(Math.abs(value - huber)).toBeLessThan(method === 'gibbs' ? 1e-14 : 2e-6);
    expect(Math.abs(value - huber)).toBeLessThanOrEqual(error ?? 0);
  });

  test('has the exact mean velocity, E[yν_p(y)] = −P(|y| < 1), within its stated error', () => {
    const { velocities } = effectiveVelocities(quadratic, { x: [0], slopes: [[1]] });
    const [{ velocity, error, overConstant, residual }] = velocities;
    expect(Math.abs(velocity[0] + inside)).toBeLessThan(error);
    expect(error).toBeLessThan(1e-5);
    expect(residual).toBeLessThan(error);
    // φ̄(u) = 0: the best constant is 0.
    expect(overConstant).toBeCloseTo(0, 12);
  });

  test('has the clipped feedback, along paths as well', () => {
    const law = extendedControl(quadratic, [0], [1]);
    for (const y of [-3, -0.4, 0, 0.9, 1.5]) expect(law([y])[0]).toBeCloseTo(Math.min(Math.max(-y, -1), 1), 15);
    const grid = tensorGrid([uniformAxis('x', -1, 1, 5), uniformAxis('y', -2, 2, 5)]);
    const value = Float64Array.from({ length: 25 }, (_, k) => -1 + (k % 5) / 2);
    const onPaths = argminLaw(quadratic, valueSlopes(quadratic, grid, [value]));
    expect(onPaths(0.3, [0.2], [0.7])[0]).toBeCloseTo(-0.7, 14);
  });
});

test('a concave cost makes the feedback jump: its mean velocity is within its stated error', () => {
  // −u²/2 on [−1, 1]: ν_p = −sign(yp), −E|y|.
  const { velocities } = effectiveVelocities(withCost('-u^2/2', -1, 1), { x: [0], slopes: [[1]] });
  const [{ velocity, error }] = velocities;
  expect(Math.abs(velocity[0] + 2 * density(0))).toBeLessThan(error);
  expect(error).toBeLessThan(1e-2);
});

test('cosh on the real line: H̄ = E[q asinh q − √(1 + q²) + 1] by all routes', () => {
  const problem = withCost('cosh(u) - 1', -Infinity, Infinity);
  const found = (['gibbs', 'stationary', 'ergodic'] as const).map((method) =>
    effectiveHamiltonian(problem, { x: [0], p: [0.7], method, nodes: 801 }),
  );
  const reference = gaussianMean((y) => 0.7 * y * Math.asinh(0.7 * y) - Math.sqrt(1 + 0.49 * y * y) + 1);
  for (const { value, error, controls } of found) {
    expect(Math.abs(value - reference)).toBeLessThanOrEqual((error ?? 0) + 1e-14);
    expect(controls).toBeLessThan(1e-12);
  }
  expect(Math.abs(found[0].value - reference)).toBeLessThan(1e-13);
});

test('in the plane: H̄ = |p|²E[y₁² + (1 + y₂)²]/2 with two free controls', () => {
  const names = ['u', 'w'];
  const read = (text: string) => formula(text, ['x'], ['y1', 'y2'], names);
  const controls = { kind: 'box', names, lower: [-Infinity, -Infinity], upper: [Infinity, Infinity] } as const;
  const problem: Problem = {
    ...inSpace(2),
    controls,
    slowDrift: [read('u*y1 + w*(1 + y2)')],
    runningCost: read('(u^2 + w^2)/2'),
  };
  const gibbs = effectiveHamiltonian(problem, { x: [0], p: [0.5], method: 'gibbs' });
  expect(Math.abs(gibbs.value - 0.375)).toBeLessThan(1e-11);
  expect(gibbs.controls).toBe(0);
});

/** The trapezoidal rule, exact to round-off for what is analytic. */
function gaussianMean(h: (y: number) => number): number {
  let sum = 0;
  for (let k = -1200; k <= 1200; k++) sum += h(k / 100) * density(k / 100);
  return sum / 100;
}
