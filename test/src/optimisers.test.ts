import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/input/input-error.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import { deepRelaxation } from '../../src/optimiser/deep-relaxation.ts';
import { entropySgd } from '../../src/optimiser/entropy-sgd.ts';
import { gradientDescent } from '../../src/optimiser/gradient-descent.ts';
import { takenRate } from '../../src/optimiser/learning-rate.ts';
import type { Objective } from '../../src/optimiser/objective.ts';
import { evaluationsPerStep, type Optimiser, startAt } from '../../src/optimiser/optimiser.ts';
import { stochasticGradientDescent } from '../../src/optimiser/stochastic-gradient-descent.ts';
import { randomStream } from '../../src/random/random-stream.ts';
import { expectOrder } from '../expect-order.ts';
import { multiwell } from '../problems.ts';

/** f = a|x|²/2 in two variables. */
function bowl(a: number): Objective {
  return {
    dimension: 2,
    loss: (x) => (a / 2) * (x[0] ** 2 + x[1] ** 2),
    gradient(out, x) {
      out[0] = a * x[0];
      out[1] = a * x[1];
    },
  };
}

const fixed = { kind: 'fixed', rate: 1 } as const;
const fast = { gamma: 4, fastStep: 0.05, temperature: 1 };
const every: readonly Optimiser[] = [
  gradientDescent({ step: 0.1 }),
  stochasticGradientDescent({ step: 0.1, noise: 0.5 }),
  entropySgd({ ...fast, innerSteps: 7, average: 0.2, step: 0.1, rate: fixed }),
  deepRelaxation({ ...fast, epsilon: 0.1, average: 0.1, rate: fixed }),
];

describe.each(every.map((optimiser) => [optimiser.name, optimiser] as const))('%s', (_, optimiser) => {
  test('evaluates as many gradients as it states, of the loss or of minibatches', () => {
    let [full, sampled] = [0, 0];
    const counted: Objective = {
      ...bowl(1),
      gradient(out, x) {
        full++;
        bowl(1).gradient(out, x);
      },
      minibatches: {
        perFullGradient: 25,
        gradient(out, x) {
          sampled++;
          bowl(1).gradient(out, x);
        },
      },
    };
    const state = startAt(Float64Array.of(1, 2));
    for (let step = 0; step < 3; step++) optimiser.step(state, counted, randomStream(1, 0));
    expect(25 * full + sampled).toBe(3 * evaluationsPerStep(optimiser, counted));
  });

  test('the same stream gives the same bytes', () => {
    const end = () => {
      const [state, random] = [startAt(Float64Array.of(1, 2)), randomStream(3, 1)];
      for (let step = 0; step < 20; step++) optimiser.step(state, bowl(1), random);
      return [...state.x];
    };
    expect(end()).toEqual(end());
  });
});

test('without noise a step of Entropy-SGD on a quadratic loss is the closed form of Algorithm 1', () => {
  const [a, gamma, h, L, alpha, eta] = [0.7, 2, 0.1, 9, 0.3, 0.25];
  const optimiser = entropySgd({
    gamma,
    fastStep: h,
    temperature: 0,
    innerSteps: L,
    average: alpha,
    step: eta,
    rate: fixed,
  });
  const state = startAt(Float64Array.of(1.5, -0.4));
  optimiser.step(state, bowl(a), randomStream(1, 0));
  // y_l = y* + r^l (x − y*) with y* = γx/(a+γ), r = 1 − h(a+γ); μ_L weighs them by α(1−α)^(L−l).
  const r = 1 - h * (a + gamma);
  const mean = (x: number) => {
    const rest = (gamma * x) / (a + gamma);
    let sum = (1 - alpha) ** L * x;
    for (let l = 1; l <= L; l++) sum += alpha * (1 - alpha) ** (L - l) * (rest + r ** l * (x - rest));
    return sum;
  };
  [1.5, -0.4].forEach((x, i) => {
    expect(state.x[i]).toBeCloseTo(x - eta * gamma * (x - mean(x)), 14);
  });
});

test('deep relaxation tends to the averaged system Ẋ = ∇F(X) with order 1 in ε, in mean square', () => {
  const [a, gamma, h, T, runs] = [1, 4, 0.05, 0.5, 1500];
  const epsilons = [0.08, 0.04, 0.02, 0.01];
  const errors = epsilons.map((epsilon, k) => {
    const optimiser = deepRelaxation({ gamma, fastStep: h, temperature: 1, epsilon, average: 1, rate: fixed });
    const averaged = Math.exp((-a * gamma * T) / (a + gamma));
    let squares = 0;
    for (let run = 0; run < runs; run++) {
      const [state, random] = [startAt(Float64Array.of(1, 0)), randomStream(11 + k, run)];
      for (let step = 0; step < Math.round(T / (epsilon * h)); step++) optimiser.step(state, bowl(a), random);
      squares += ((state.x[0] - averaged) ** 2 + state.x[1] ** 2) / runs;
    }
    return squares;
  });
  // 3000 squared normals each: ±2.6 % of every error, ±0.02 of the mean order over three halvings.
  expectOrder(errors, epsilons, { expected: 1, within: 0.1 });
});

test('the rate of the limit problem attains the effective Hamiltonian: ∫φ(x,y,ν(y))·p dμ_x = −H̄(x,p)', () => {
  const problem = multiwell();
  const [lower, upper] = [0.2, 0.9];
  const ranged = { ...problem, controls: { ...problem.controls, lower: [lower], upper: [upper] } } as typeof problem;
  for (const [x, p] of [
    [1, 1],
    [0.3, -2],
  ]) {
    const measure = gibbsMeasure(ranged, [x], { lower: x - 5, upper: x + 5 });
    const rate = { kind: 'limit', lower, upper } as const;
    const state = { ...startAt(Float64Array.of(x)), slope: Float64Array.of(p) };
    const drift = (y: number) => -takenRate(rate, { ...state, y: Float64Array.of(y) }) * 4 * (x - y) * p;
    let [integral, step] = [0, 1e-4];
    for (let y = x - 5 + step / 2; y < x + 5; y += step) integral += step * measure.density(y) * drift(y);
    // Midpoint rule: h² = 1e-8 away from the kink in x, which is a node of the panels; measured 2e-9.
    expect(Math.abs(integral + measure.meanHamiltonian([p]))).toBeLessThan(1e-7);
  }
});

test('formulas show settings to six digits, whatever rounding leaves in them', () => {
  const settings = fc.integer({ min: 1, max: 99 }).map((k) => k / 100);
  fc.assert(
    fc.property(settings, settings, settings, (average, step, gamma) => {
      const options = { ...fast, gamma: gamma * 3, average, step, rate: { ...fixed, rate: step * 3 } };
      for (const optimiser of [
        entropySgd({ ...options, innerSteps: 5 }),
        deepRelaxation({ ...options, epsilon: step * 3 }),
        gradientDescent({ step: step * 3 }),
      ]) {
        for (const [digits] of optimiser.formula.matchAll(/[\d.]+/g)) {
          expect(digits.replace(/^0\.0*|\./g, '').length).toBeLessThanOrEqual(6);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('where both ends of U agree, the rate of the limit problem is that fixed rate', () => {
  const limit = { kind: 'limit', lower: 1, upper: 1 } as const;
  const end = (rate: typeof limit | typeof fixed) => {
    const [state, random] = [startAt(Float64Array.of(1, 2)), randomStream(3, 1)];
    const optimiser = entropySgd({ ...fast, innerSteps: 5, average: 0.2, step: 0.1, rate });
    for (let step = 0; step < 20; step++) optimiser.step(state, bowl(1), random);
    return [...state.x];
  };
  expect(end(limit)).toEqual(end(fixed));
});

describe('a method whose settings make no sense is refused, with the setting and its range', () => {
  const entropic = { ...fast, innerSteps: 5, average: 0.2, step: 0.1, rate: fixed };
  const relaxed = { ...fast, epsilon: 0.1, average: 0.2, rate: fixed };
  test.each([
    [() => gradientDescent({ step: -0.1 }), 'Gradient descent: step is -0.1 – it must be positive'],
    [() => gradientDescent({ step: Number.NaN }), 'step is NaN – it must be positive'],
    [() => stochasticGradientDescent({ step: 0.1, noise: -1 }), 'noise is -1 – it must be at least 0'],
    [() => entropySgd({ ...entropic, innerSteps: 0 }), 'innerSteps is 0 – it must be a whole number from 1 on'],
    [() => entropySgd({ ...entropic, gamma: -1 }), 'Entropy-SGD: gamma is -1 – it must be positive'],
    [() => entropySgd({ ...entropic, average: 2 }), 'average is 2 – it must be above 0 and at most 1'],
    [
      () => deepRelaxation({ ...relaxed, temperature: -1 }),
      'Deep relaxation: temperature is -1 – it must be at least 0',
    ],
    [() => deepRelaxation({ ...relaxed, epsilon: 0 }), 'epsilon is 0 – it must be positive'],
    [() => deepRelaxation({ ...relaxed, rate: { kind: 'fixed', rate: -1 } }), 'rate is -1 – it must be at least 0'],
    [
      () => deepRelaxation({ ...relaxed, rate: { kind: 'limit', lower: 0.5, upper: 0.2 } }),
      'upper is 0.2 – it must be at least 0.5',
    ],
  ])('%s', (make, words) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(words);
  });
});
