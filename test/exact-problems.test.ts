import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimumOver } from '../src/control/pointwise-minimum.ts';
import { supportAt } from '../src/measure/fast-box.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import type { ControlledField, Problem } from '../src/model/problem.ts';
import { declareAffine } from '../src/model/structure.ts';
import { exactProblems } from './exact-problems.ts';

/** Differences of fourth order, exact for the quadratics among the solutions. */
const first = (g: (z: number) => number, z: number, h: number) =>
  (8 * (g(z + h) - g(z - h)) - (g(z + 2 * h) - g(z - 2 * h))) / (12 * h);
const second = (g: (z: number) => number, z: number, h: number) =>
  (16 * (g(z + h) + g(z - h)) - (g(z + 2 * h) + g(z - 2 * h)) - 30 * g(z)) / (12 * h * h);

/** Truncation h⁴ and round-off 1e-15/h² both stay below 1e-7 at O(1) derivatives. */
const H = 5e-3;
const RESIDUAL = 1e-6;

function sourceAt({ source }: Problem, tau: number, x: number, y: number): number {
  return source === undefined ? 0 : Math.exp(-source.decay * tau) * source.value([x], [y]);
}

/** ∂_τV − min_u[φ·V_x + ℓ] − source − (1/ε) LV of the exact value. */
function residualOfValue(problem: Problem, epsilon: number, tau: number, [x, y]: readonly [number, number]): number {
  const exact = problem.exact?.value as NonNullable<NonNullable<Problem['exact']>['value']>;
  const V = (t: number, a: number, b: number) => exact({ tau: t, epsilon, x: [a], y: [b] });
  const slope = first((a) => V(tau, a, y), x, H);
  const least = minimumOver(problem).leastAt([x], [y], [slope]).value;
  const mixing = problem.fast.drift[0]([x], [y]) * first((b) => V(tau, x, b), y, H) + second((b) => V(tau, x, b), y, H);
  return first((t) => V(t, x, y), tau, H) - least - sourceAt(problem, tau, x, y) - mixing / epsilon;
}

/** ∂_τv + H̄(x, v_x) of the exact limit, the source at τ as part of the running cost, which is affine in u where there is one. */
function residualOfLimit(problem: Problem, tau: number, x: number): number {
  const v = problem.exact?.limit as NonNullable<NonNullable<Problem['exact']>['limit']>;
  const { runningCost, source } = problem;
  const atTau: Problem = {
    ...problem,
    runningCost:
      source === undefined
        ? runningCost
        : declareAffine<ControlledField>(
            (a, y, u) => (runningCost?.(a, y, u) ?? 0) + sourceAt(problem, tau, a[0], y[0]),
            'u',
          ),
  };
  const slope = first((a) => v(tau, [a]), x, H);
  const effective = gibbsMeasure(atTau, [x], supportAt(problem, [x])).meanHamiltonian([slope]);
  return first((t) => v(t, [x]), tau, H) + effective;
}

const tau = fc.double({ min: 0.2, max: 0.45, noNaN: true });
const between = (a: number, b: number) => fc.double({ min: a, max: b, noNaN: true });

describe('exact values solve their ε-HJB equation', () => {
  for (const { name, problem, window } of exactProblems.filter(
    (entry) => entry.problem(1).exact?.value !== undefined,
  )) {
    // At ε = 0.02 the derivatives in τ of the initial layer, ε^{1−k} e^{−κτ/ε}, are below 1e-8 at τ ≥ 0.2.
    test.each([1, 0.1, 0.02])(`${name}, ε = %s`, (epsilon) => {
      const [x, y] = [0, 1].map((axis) => between(window.lower[axis], window.upper[axis]));
      fc.assert(
        fc.property(tau, x, y, (t, a, b) => {
          expect(Math.abs(residualOfValue(problem(epsilon), epsilon, t, [a, b]))).toBeLessThan(RESIDUAL);
        }),
      );
    });
  }
});

describe('exact limits solve their effective equation', () => {
  for (const { name, problem, smooth, window } of exactProblems) {
    test(name, () => {
      const x = between(window.lower[0], window.upper[0]);
      const limit = problem(0);
      fc.assert(
        fc.property(tau, x, (t, a) => {
          // v is C¹ only where the minimum begins to be reached in time: no differences across the edge of v = 0.
          fc.pre(smooth || (limit.exact?.limit?.(t + 3 * H, [a]) ?? 0) > 0.01);
          expect(Math.abs(residualOfLimit(limit, t, a))).toBeLessThan(RESIDUAL);
        }),
        { numRuns: 60 },
      );
    });
  }
});
