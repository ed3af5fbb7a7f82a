/** Quadrature against e^−Φ on the line and by Fubini: narrow wells, heavy tails, kinks along two axes. */
import { describe, expect, test } from 'vitest';
import { integrate } from '../../src/grid/quadrature.ts';
import { conditionalHamiltonian } from '../../src/measure/conditional-measure.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inSpace, slowFast } from '../problems.ts';

/** e^−Φ is the mixture ½N(0,1) + ½N(1,w²): two wells of equal mass, one of width w. */
function valley(width: number): Problem {
  const normal = (z: string, s: number) => `exp(-0.5*(${z}/${s})^2)/(${s}*sqrt(2*pi))`;
  return slowFast({ potential: `-log((${normal('y', 1)} + ${normal('(y - 1)', width)})/2)` });
}

const measureOf = (problem: Problem) => gibbsMeasure(problem, [0], supportAt(problem, [0]));

describe('on the line', () => {
  test.each([0.1, 0.01, 0.004, 0.001, 2e-4])('a valley of width %s beside a wide one keeps its half', (width) => {
    const measure = measureOf(valley(width));
    const mean = measure.integral((y) => y);
    const square = measure.integral((y) => y * y);
    expect(Math.abs(measure.logNormalizer)).toBeLessThan(1e-12);
    expect(Math.abs(mean.value - 0.5)).toBeLessThan(1e-12);
    expect(Math.abs(square.value - (1 + 1 + width ** 2) / 2)).toBeLessThan(1e-12);
    for (const { error } of [mean, square]) expect(error).toBeLessThan(1e-12); // measured below 4e-14
  });

  test('tails like |y|^−6 are integrated, and the error says what is left outside', () => {
    // ∫(1+y²)^−3 = 3π/8, variance 1/3.
    const measure = measureOf(slowFast({ potential: '3*log(1 + y^2)' }));
    const variance = measure.integral((y) => y * y);
    expect(Math.abs(measure.logNormalizer - Math.log((3 * Math.PI) / 8))).toBeLessThan(1e-12);
    expect(Math.abs(variance.value - 1 / 3)).toBeLessThanOrEqual(variance.error);
    expect(variance.error).toBeLessThan(1e-9); // measured 3.4e-11, truth 5.6e-12
  });

  test('a moment that does not exist has an error as large as itself', () => {
    const variance = measureOf(slowFast({ potential: '1.2*log(1 + y^2)' })).integral((y) => y * y);
    expect(variance.error).toBeGreaterThan(0.1 * variance.value);
  });

  test.each([1e3, 5e6, 1e7, 1e10])('wells as narrow as N(0.7, 1/%s) are found and overflow nothing', (stiffness) => {
    const narrow = slowFast({ potential: `${stiffness / 2}*(y - 0.7)^2` });
    const measure = measureOf(narrow);
    const exact = Math.log((2 * Math.PI) / stiffness) / 2;
    expect(Math.abs(measure.logNormalizer - exact)).toBeLessThan(1e-10);
    expect(measure.mean((y) => (y - 0.7) ** 2) * stiffness).toBeCloseTo(1, 10);
  });

  test('a potential without value is refused with its place', () => {
    const broken = slowFast({ potential: 'sqrt(y)' });
    expect(() => supportAt(broken, [0])).toThrow(/Φ is NaN at x = 0, y = -8/);
  });
});

describe('adaptive quadrature', () => {
  test.each([
    ['a kink', (z: number) => Math.abs(z - 1 / 3), 5 / 18],
    ['a jump', (z: number) => (z < 1 / Math.PI ? 1 : 0), 1 / Math.PI],
    ['a root', Math.sqrt, 2 / 3],
  ])('integrates across %s within its error', (_name, g, exact) => {
    const { value, error } = integrate(g, [0, 0.5, 1]);
    // By chance both rules miss a jump in a last panel of width 1e-13: measured 2.4e-14 beside an error of 2.3e-15.
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(error + 1e-13);
    expect(error).toBeLessThan(1e-12);
  });

  test('stops at the number of panels allowed and says what is left', () => {
    const { value, error } = integrate(Math.sqrt, [0, 1], { most: 3 });
    expect(Math.abs(value - 2 / 3)).toBeLessThanOrEqual(error);
    expect(error).toBeGreaterThan(1e-7);
  });
});

describe('by Fubini', () => {
  const gaussian = (m: 2 | 3, slow: Problem['slowDrift']): Problem => ({
    ...inSpace(m, { slow }),
    controls: { kind: 'box', names: ['u', 'w'], lower: [-1, -1], upper: [1, 1] },
  });
  const box = (m: number) => Array.from({ length: m }, () => ({ lower: -9, upper: 9 }));
  const absolute = Math.sqrt(2 / Math.PI);

  test('kinks along both axes cost panels, not accuracy: H̄ = E|Y₁| + E|Y₂|', () => {
    const problem = gaussian(2, [(_x, y, u) => u[0] * y[0] + u[1] * y[1]]);
    const { value, error } = conditionalHamiltonian(problem, [0], box(2))([1]);
    expect(Math.abs(value - 2 * absolute)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-10); // measured 1.5e-12
  });

  test('a kink on a circle: H̄ = E||Y|² − 1| = 4e^{−1/2} − 1', () => {
    const problem = gaussian(2, [(_x, y, u) => u[0] * (y[0] ** 2 + y[1] ** 2 - 1)]);
    const { value, error } = conditionalHamiltonian(problem, [0], box(2))([1]);
    expect(Math.abs(value - (4 * Math.exp(-0.5) - 1))).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-9); // measured 2.1e-11
  });

  test('in three variables the stated error holds the kinks across the outer axes', () => {
    const problem = gaussian(3, [(_x, y, u) => u[0] * y[0] + u[1] * y[1]]);
    const { value, error } = conditionalHamiltonian(problem, [0], box(3))([1]);
    expect(Math.abs(value - 2 * absolute)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(0.1);
  });
});

test.each([
  // E|y| under (1 + y²)^−c: Γ(c)/(√π (c − 1) Γ(c − ½)).
  [1.05, 6.797014026653057],
  [1.2, 1.9953742624534898],
  [1.5, 1],
  [2, 2 / Math.PI],
  [2.5, 0.5],
  [5, 0.29102618165375155],
])('heavy tails like |y|^−2c, c = %d, lie within the error, by their measured decay', (c, exact) => {
  const problem = slowFast({ slow: ['u*y'], potential: `${c}*log(1 + y^2)` });
  const measure = gibbsMeasure(problem, [0], supportAt(problem, [0]));
  const { value, error } = measure.integral(Math.abs);
  expect(Math.abs(value - exact)).toBeLessThanOrEqual(error);
  expect(error).toBeLessThan(1.5 * Math.abs(value - exact) + 1e-9);
});
