import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveDeltaCell } from '../../solvers/delta-cell.ts';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import { invariantMeasure } from '../../solvers/invariant-measure.ts';
import { encloseByCell } from '../../solvers/verification/cell-enclosure.ts';
import { gaussLegendre, panelIntegral } from '../../src/grid/quadrature.ts';
import { fastMoments } from '../../src/measure/fast-moments.ts';
import { knownLaw } from '../../src/measure/known-law.ts';
import { tailMass } from '../../src/measure/tail-mass.ts';
import { ellipticReach } from '../../src/model/elliptic.ts';
import { fastScale, unitNoiseTwin } from '../../src/model/fast-scale.ts';
import type { Problem } from '../../src/model/problem.ts';
import { coxIngersollRoss, noisyLines, withNoise } from '../noisy-problems.ts';
import { inSpace, slowFast } from '../problems.ts';

const routes = ['stationary', 'ergodic', 'cell'] as const;
const cir = { kappa: 2, theta: 0.04, xi: 0.3 };
/** Γ(16/9), from Python's math.gamma. */
const GAMMA_16_9 = 0.9256731453766787;
const gamma = { shape: (2 * cir.kappa * cir.theta) / cir.xi ** 2, rate: (2 * cir.kappa) / cir.xi ** 2 };

/** ∫g e^−Θ/α over ∫e^−Θ/α on [−5, 5] by Gauss on fine panels, Θ′ = −b/α: an answer of its own. */
function meanBySums(problem: Problem, x: number, g: (y: number) => number): number {
  const alpha = (y: number) => fastScale(problem)?.alpha[0]([x], [y]) ?? 1;
  const rule = gaussLegendre(6);
  const [panels, width] = [1000, 0.01];
  let [theta, sum, mass] = [0, 0, 0];
  for (let k = 0; k < panels; k++) {
    const from = -5 + k * width;
    const rise = (to: number) => panelIntegral((y) => -problem.fast.drift[0]([x], [y]) / alpha(y), from, to, rule);
    const weight = (y: number) => Math.exp(-theta - rise(y)) / alpha(y);
    sum += panelIntegral((y) => g(y) * weight(y), from, from + width, rule);
    mass += panelIntegral(weight, from, from + width, rule);
    theta += rise(from + width);
  }
  return sum / mass;
}

describe('the invariant measure of a process with noise r', () => {
  test('is Gaussian for a drift −κ(y − m(x)) and a constant r, with variance r²/2κ', () => {
    const problem = withNoise(slowFast({ drift: 'x - 2*y' }), '0.7*sqrt(2)');
    const { mean, covariance, warnings } = invariantMeasure(problem, [1]);
    expect(warnings).toEqual([]);
    expect(Math.abs(mean[0] - 0.5)).toBeLessThan(1e-14);
    expect(Math.abs(covariance[0][0] - 0.49 / 2)).toBeLessThan(1e-14);
  });

  test('is a Gamma measure for a Cox–Ingersoll–Ross process, to the zero of its noise', () => {
    const { mean, covariance, density, box, warnings } = invariantMeasure(coxIngersollRoss(cir), [0]);
    expect(warnings).toEqual([]);
    expect(Math.abs(mean[0] - gamma.shape / gamma.rate)).toBeLessThan(1e-14);
    expect(Math.abs(covariance[0][0] - gamma.shape / gamma.rate ** 2)).toBeLessThan(1e-14);
    const normalizer = gamma.rate ** gamma.shape / GAMMA_16_9;
    for (const y of [1e-6, 0.01, 0.04, 0.3]) {
      const exact = normalizer * y ** (gamma.shape - 1) * Math.exp(-gamma.rate * y);
      expect(Math.abs(density([y]) / exact - 1)).toBeLessThan(1e-8);
    }
    expect(box[0].lower).toBeGreaterThan(0);
    expect(ellipticReach(coxIngersollRoss(cir), [0]).upper).toBe(Infinity);
  });

  test.each([
    ['3*(0.2*x - y)', '0.7*sqrt(2)', 'Gaussian', 'y ~ Gaussian(0.1, 0.163333)'],
    ['2*(0.04 - y)', '0.3*sqrt(y)', 'Gamma', 'y ~ Gamma(1.77778, 44.4444)'],
    ['1 - y', 'sqrt(2*(0.5 + y)/4)', 'Gamma', 'y + 0.5 ~ Gamma(6, 4)'],
    ['-y', 'sqrt(2*(3 - y)/4)', 'Gamma', '3 − y ~ Gamma(12, 4)'],
    ['2*(0.4 - y)', 'sqrt(0.8*y*(1 - y))', 'Beta', 'y ~ Beta(2, 3)'],
  ])('b = %s, r = %s has a law that formulas show: %s', { tags: ['full'] }, (drift, noise, name, text) => {
    const problem = withNoise(slowFast({ drift }), noise);
    const { law, mean, covariance } = invariantMeasure(problem, [0.5]);
    expect(law?.name).toBe(name);
    expect(law?.text).toBe(text);
    expect(Math.abs(mean[0] - (law?.mean ?? 0))).toBeLessThan(1e-13);
    expect(Math.abs(covariance[0][0] - (law?.variance ?? 0))).toBeLessThan(1e-13);
  });

  test('a law is shown by formulas alone', () => {
    for (const [drift, noise] of [
      ['-y^3', '1'],
      ['-y', 'sqrt(1 + y^4)'],
      ['y', '1'],
    ]) {
      expect(knownLaw(withNoise(slowFast({ drift }), noise), [0])).toBe(null);
    }
  });

  test('outside a box it holds what quadrature says: P(Y < 0.001) = 0.00233 of a Cox–Ingersoll–Ross process', {
    tags: ['full'],
  }, () => {
    const box = { lower: 0.001, upper: 0.8 };
    // The incomplete Gamma function by its series, Σ (−1)^k z^(s+k)/(k!(s+k)), z = rate/1000.
    const z = gamma.rate * 0.001;
    let [term, series] = [z ** gamma.shape, 0];
    for (let k = 0; k < 20; k++) {
      series += term / (gamma.shape + k);
      term *= -z / (k + 1);
    }
    const exact = series / GAMMA_16_9;
    expect(Math.abs(tailMass(coxIngersollRoss(cir), [0], box) / exact - 1)).toBeLessThan(1e-6);
    // Cells on which Θ is taken to be linear.
    expect(Math.abs(fastMoments(coxIngersollRoss(cir), [0], box).outside / exact - 1)).toBeLessThan(0.01);
  });

  test('has a twin with unit noise where formulas show a gradient', () => {
    const independent = withNoise(inSpace(2, { drift: ['x - y1', '-2*y2'] }), '1 + y1^2/4', '0.5');
    expect(unitNoiseTwin(independent).fast.drift.map((b) => b([1], [0, 3]))).toEqual([2, -48]);
    const turning = withNoise(inSpace(2, { drift: ['y2 - y1', '-y1 - y2'] }), '1', '0.5');
    expect(unitNoiseTwin(turning)).toBe(turning);
    // Φ = y₁² + y₁y₂ + y₂²: b_k = −α_k ∂_kΦ with α = (1/2, 2).
    const coupled = withNoise(inSpace(2, { drift: ['-y1 - y2/2', '-2*y1 - 4*y2'] }), '1', '2');
    expect(unitNoiseTwin(coupled)).not.toBe(coupled);
  });
});

describe('H̄ with noise r', () => {
  test.each(routes)('%s encloses ∫H dμ for drawn drifts and noises', { tags: ['full'] }, (method) => {
    const nodes = method === 'cell' ? 2001 : 801;
    fc.assert(
      fc.property(noisyLines, (drawn) => {
        const problem = { ...drawn, slowDrift: slowFast({ slow: ['u*(y - x/3)'] }).slowDrift };
        const { lower, upper, value } = effectiveHamiltonian(problem, { x: [0.4], p: [1], method, nodes });
        const exact = meanBySums(problem, 0.4, (y) => Math.abs(y - 0.4 / 3));
        expect(lower).toBeLessThanOrEqual(exact);
        expect(upper).toBeGreaterThanOrEqual(exact);
        expect(Math.abs(value - exact)).toBeLessThan(1e-3);
      }),
      { numRuns: 8 },
    );
  });

  test('bounds of a Cox–Ingersoll–Ross process beside the zero of its noise hold H̄ = θ', () => {
    for (const nodes of [301, 1001]) {
      const options = { x: [0], p: [1], method: 'ergodic', nodes, box: [{ lower: 1e-10, upper: 1 }] } as const;
      const { lower, upper, error } = effectiveHamiltonian(coxIngersollRoss(cir), options);
      expect(lower).toBeLessThan(cir.theta);
      expect(upper).toBeGreaterThan(cir.theta);
      // Order 1.78, the exponent of the density and one: measured 1.6e-3, 2.0e-4.
      expect(error).toBeLessThan(2e-3 * (301 / nodes) ** 1.6);
    }
  });

  test('a box that cuts a Cox–Ingersoll–Ross process leaves no bound, and says how much it leaves out', () => {
    const options = { x: [0], p: [1], method: 'ergodic', box: [{ lower: 1e-3, upper: 1 }] } as const;
    const { error, warnings } = effectiveHamiltonian(coxIngersollRoss(cir), options);
    expect(error).toBe(Infinity);
    expect(warnings[0]).toMatch(/leaves out 0.0023 of the invariant measure/);
  });

  test('routes agree in the plane for a diagonal noise without detailed balance', { tags: ['full'] }, () => {
    const plane = inSpace(2, { drift: ['x - 2*y1 + y2', '-y1 - 2*y2'], slow: ['u*y1^2'] });
    const problem = withNoise(plane, '1.2 + sin(y2)/4', '1');
    const at = { x: [0.5], p: [-1], nodes: 81 };
    const found = (['stationary', 'ergodic', 'cell'] as const).map((method) =>
      effectiveHamiltonian(problem, { ...at, method }),
    );
    for (const { lower, upper } of found) {
      for (const { value } of found) {
        expect(value).toBeGreaterThan((lower as number) - 2e-3);
        expect(value).toBeLessThan((upper as number) + 2e-3);
      }
    }
  });
});

describe('the δ-cell problem with noise r', () => {
  test('has order 2 and bounds that hold H̄', () => {
    const problem = withNoise(slowFast({ drift: '-2*y', slow: ['u*y^2'] }), '1 + 1/(1 + y^2)');
    const options = { x: [0], p: [1], radius: 6, delta: 0.05 };
    const exact = meanBySums(problem, 0, (y) => y * y);
    const values = [65, 129, 257, 513].map((nodes) => {
      const solution = solveDeltaCell(problem, { ...options, nodes });
      expect(solution.warnings).toEqual([]);
      const bounds = encloseByCell(problem, options, solution);
      expect(bounds?.lower).toBeLessThanOrEqual(exact);
      expect(bounds?.upper).toBeGreaterThanOrEqual(exact);
      return solution.minusDeltaOmega([0.3]);
    });
    const changes = values.slice(1).map((value, k) => Math.abs(value - values[k]));
    expect(Math.log2(changes[1] / changes[2])).toBeCloseTo(2, 1);
  });

  test('is refused for a process that cannot leave y > 0, whose ball holds the zero of its noise', () => {
    const solve = () => solveDeltaCell(coxIngersollRoss(), { x: [0], p: [1], radius: 1, delta: 0.1, nodes: 101 });
    expect(solve).toThrow(/may be 0 at y = 0, in the ball of radius 1/);
  });
});
