import { describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { entropicGradient } from '../../solvers/entropic-gradient.ts';
import { invariantMeasure } from '../../solvers/invariant-measure.ts';
import type { Problem } from '../../src/model/problem.ts';
import { objectiveOf } from '../../src/optimiser/objective.ts';
import { randomStream } from '../../src/random/random-stream.ts';
import { multiwell, potentialOf, quadratic } from '../problems.ts';

function modelOf(problem: Problem) {
  if (problem.fast.deepRelaxation === undefined) throw new Error('no deep-relaxation model');
  return { objective: objectiveOf(problem.fast.deepRelaxation), gamma: problem.fast.deepRelaxation.gamma };
}

/** ∇F(x) in the plane by the trapezoidal rule, which converges exponentially for a Gibbs density. */
function planarGradient(problem: Problem, x: readonly number[]): number[] {
  const { gamma } = modelOf(problem);
  const [half, step] = [3.2, 0.02];
  const sums = [0, 0, 0];
  for (let y1 = x[0] - half; y1 <= x[0] + half; y1 += step) {
    for (let y2 = x[1] - half; y2 <= x[1] + half; y2 += step) {
      const weight = Math.exp(-potentialOf(problem)(x, [y1, y2]));
      sums[0] += weight;
      sums[1] += weight * (x[0] - y1);
      sums[2] += weight * (x[1] - y2);
    }
  }
  return [1, 2].map((i) => (-gamma * sums[i]) / sums[0]);
}

describe('∇F by sampling equals ∇F by quadrature within three standard errors', () => {
  test.each([-1.4, -0.3, 0, 0.6, 1, 2.2])('multiwell, x = %d', (x) => {
    const { objective, gamma } = modelOf(multiwell());
    const found = entropicGradient(objective, { x: [x], gamma, samples: 40_000, random: randomStream(1, 0) });
    const exact = invariantMeasure(multiwell(), [x]).gradient?.[0] ?? Number.NaN;
    expect(Math.abs(found.gradient[0] - exact)).toBeLessThan(3 * found.standardError[0]);
    // The bar says something: measured 0.015 to 0.03 beside slopes up to 1.2.
    expect(found.standardError[0]).toBeLessThan(0.04);
    expect(found.acceptance).toBeGreaterThan(0.8);
  });

  test.each([[[0.3, 0.1]], [[1.05, 0]], [[2, 1.5]]])('rastrigin-2d, x = %j, eight streams', (x) => {
    const { problem } = readScenario('rastrigin-2d');
    const { objective, gamma } = modelOf(problem);
    const exact = planarGradient(problem, x);
    let squares = 0;
    for (let path = 0; path < 8; path++) {
      const found = entropicGradient(objective, { x, gamma, samples: 25_000, random: randomStream(2, path) });
      exact.forEach((slope, i) => {
        squares += ((found.gradient[i] - slope) / found.standardError[i]) ** 2;
        expect(found.standardError[i]).toBeLessThan(0.06);
      });
    }
    // The 99.7 % quantile of χ² with 16 degrees of freedom, what three standard errors are to one.
    expect(squares).toBeLessThan(36);
  });

  test('a quadratic loss at temperature 0.1: ∇F = −aγx/(a+γ), whatever the temperature', () => {
    const { objective, gamma } = modelOf(quadratic());
    const options = { x: [1.5], gamma, temperature: 0.1, samples: 40_000, random: randomStream(3, 0) };
    const { gradient, standardError } = entropicGradient(objective, options);
    expect(Math.abs(gradient[0] + (1.5 * gamma) / (1 + gamma))).toBeLessThan(3 * standardError[0]);
    expect(standardError[0]).toBeLessThan(0.02);
  });
});

test.each([10, 100, 300])('in %d dimensions the step is found, and the gradient within its bar', (n) => {
  const names = Array.from({ length: n }, (_, i) => i);
  const objective = objectiveOf({
    loss: (x) => names.reduce((sum, i) => sum + x[i] ** 2 / 2, 0),
    gradient: names.map((i) => (x) => x[i]),
  });
  const options = { x: new Float64Array(n).fill(1), gamma: 2, samples: 4000, random: randomStream(5, n) };
  const { gradient, standardError, acceptance } = entropicGradient(objective, options);
  // −γ(x − γx/(1 + γ)). The mean over the components of independent errors in units of their bars.
  const mean = names.reduce((sum, i) => sum + ((gradient[i] + 2 / 3) / standardError[i]) ** 2, 0) / n;
  expect(mean).toBeLessThan(2);
  expect(mean).toBeGreaterThan(0.3);
  expect(acceptance).toBeGreaterThan(0.45);
});

test('a chain that hardly moves is refused', () => {
  const { objective, gamma } = modelOf(quadratic());
  const options = { x: [1], gamma, samples: 1000, random: randomStream(1, 0), fastStep: 1e4 };
  expect(() => entropicGradient(objective, options)).toThrow(/moves in .* % of its steps .* take a smaller fastStep/);
});

test('the error bar is honest: 95 % of 400 estimates lie within 1.96 of it', () => {
  const { objective, gamma } = modelOf(multiwell());
  const exact = invariantMeasure(multiwell(), [1]).gradient?.[0] ?? Number.NaN;
  let inside = 0;
  for (let run = 0; run < 400; run++) {
    const found = entropicGradient(objective, { x: [1], gamma, samples: 4000, random: randomStream(4, run) });
    if (Math.abs(found.gradient[0] - exact) < 1.96 * found.standardError[0]) inside++;
  }
  // Student's t with 49 degrees of freedom gives 94.4 %, batches of 80 steps a little less; binomial spread 1.1 %.
  expect(inside / 400).toBeGreaterThan(0.91);
  expect(inside / 400).toBeLessThan(0.98);
});

test.each([
  [{ gamma: -1 }, 'gamma is -1 – it must be positive'],
  [{ temperature: 0 }, 'temperature is 0 – it must be positive'],
  [{ fastStep: -0.1 }, 'fastStep is -0.1 – it must be positive'],
  [{ samples: 10 }, '10 samples are too few'],
  [{ x: [Number.NaN] }, 'x has the coordinate NaN'],
])('a gradient with %o is refused', (change, words) => {
  const { objective, gamma } = modelOf(quadratic());
  const options = { x: [1], gamma, samples: 1000, random: randomStream(1, 0) };
  expect(() => entropicGradient(objective, { ...options, ...change })).toThrow(words);
});

describe('a chain that forgets more slowly than a batch lasts', () => {
  const wells = (height: number) =>
    objectiveOf({
      loss: (x) => height * (x[0] ** 2 - 1) ** 2,
      gradient: [(x) => 4 * height * x[0] * (x[0] ** 2 - 1)],
    });
  const found = (height: number) =>
    entropicGradient(wells(height), { x: [0], gamma: 0.5, samples: 5000, random: randomStream(3, 0) });

  test('is told from one that does not', () => {
    expect(found(8).warnings.join()).toMatch(/batches of 100 samples are correlated .* take more samples/);
    expect(found(0.1).warnings).toEqual([]);
  });
});
