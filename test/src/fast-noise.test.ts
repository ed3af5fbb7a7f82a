import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formula } from '../../src/formula/expression.ts';
import { type FastScheme, fastGenerator } from '../../src/generator/fast-generator.ts';
import { fastOperator } from '../../src/generator/fast-operator.ts';
import { coordinates, uniformAxis } from '../../src/grid/axis.ts';
import { fastScale } from '../../src/model/fast-scale.ts';
import { movingFrame } from '../../src/model/moving-frame.ts';
import type { Problem } from '../../src/model/problem.ts';
import { expectOrder } from '../expect-order.ts';
import { coxIngersollRoss, noisyLines, noisyPlanes, withNoise } from '../noisy-problems.ts';
import { inSpace, slowFast } from '../problems.ts';

const schemes: readonly FastScheme[] = ['scharfetter-gummel', 'corrected', 'upwind'];
const schemesInPlane = schemes.filter((scheme) => scheme !== 'corrected');
const points = [[-1], [0.3], [1]];
const axis = uniformAxis('y', -3, 3, 25);
const alphaOf = (problem: Problem) => (x: number, y: number) => fastScale(problem)?.alpha[0]([x], [y]) ?? 1;

describe('the fast generator with noise r', () => {
  test.each(['sqrt(2)', '-sqrt(2)', 'sqrt(4/2)'])('r = %s gives the bits of no noise', (noise) => {
    const plain = slowFast({ drift: '-y + sin(x + 3*y)' });
    const [with_, without] = [withNoise(plain, noise), plain].map((problem) => fastGenerator(problem, points, axis));
    expect(with_.up).toEqual(without.up);
    expect(with_.down).toEqual(without.down);
    expect(with_.stationary()).toEqual(without.stationary());
  });

  test('rates are an irreducible M-matrix: positive inside, 0 over the ends, and constants stay', () => {
    fc.assert(
      fc.property(noisyLines, fc.constantFrom(...schemes), (problem, scheme) => {
        const L = fastGenerator(problem, points, axis, { scheme });
        const end = L.up.length - L.lanes;
        expect(Math.min(...L.up.subarray(0, end), ...L.down.subarray(L.lanes))).toBeGreaterThan(0);
        expect([...L.up.subarray(end), ...L.down.subarray(0, L.lanes)].every((rate) => rate === 0)).toBe(true);
        const out = new Float64Array(L.up.length);
        L.apply(out, new Float64Array(L.up.length).fill(7));
        expect(out.every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('fitted rates are in detailed balance with their stationary vector, which is e^−Θ/α on the nodes', () => {
    fc.assert(
      fc.property(noisyLines, (problem) => {
        const L = fastGenerator(problem, points, axis);
        const weights = L.stationary();
        const y = coordinates(axis);
        const alpha = alphaOf(problem);
        for (let lane = 0; lane < points.length; lane++) {
          for (let j = 0; j + 1 < axis.nodes; j++) {
            const [here, there] = [j, j + 1].map((i) => i * points.length + lane);
            const [forward, backward] = [weights[here] * L.up[here], weights[there] * L.down[there]];
            expect(Math.abs(forward - backward)).toBeLessThanOrEqual(32 * Number.EPSILON * forward);
            // B(−z)/B(z) = e^z: the rates tell the rise of Θ, and with it π up to a factor.
            const [a, b] = [alpha(points[lane][0], y[j]), alpha(points[lane][0], y[j + 1])];
            const rise = Math.log(L.down[there] / b / (L.up[here] / a));
            const ratio = (weights[there] * b) / (weights[here] * a);
            expect(Math.abs(Math.log(ratio) + rise)).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('L_h w tends to α w″ + b w′ with order 2', () => {
    const problem = withNoise(slowFast({ drift: 'x - y^3' }), '1 + y^2/4 + x/5');
    const sizes = [40, 80, 160];
    const errors = sizes.map((cells) => {
      const fine = uniformAxis('y', -1.5, 1.5, cells + 1);
      const y = coordinates(fine);
      const out = new Float64Array(y.length);
      fastGenerator(problem, [[0.3]], fine).apply(out, y.map(Math.sin));
      const exact = y.map((at) => (0.3 - at ** 3) * Math.cos(at) - alphaOf(problem)(0.3, at) * Math.sin(at));
      return Math.max(...exact.slice(1, -1).map((value, j) => Math.abs(value - out[j + 1])));
    });
    expectOrder(
      errors,
      sizes.map((cells) => 3 / cells),
      { expected: 2, within: 0.05 },
    );
  });

  test('the stationary vector of a Cox–Ingersoll–Ross process tends to the Gamma measure', () => {
    const [kappa, theta, xi] = [2, 0.04, 0.3];
    const [shape, rate] = [(2 * kappa * theta) / xi ** 2, (2 * kappa) / xi ** 2];
    const moments = [200, 400, 800].map((cells) => {
      const line = uniformAxis('y', 1e-5, 0.7, cells + 1);
      const weights = fastGenerator(coxIngersollRoss({ kappa, theta, xi }), [[0]], line).stationary();
      const y = coordinates(line);
      const mean = weights.reduce((sum, weight, j) => sum + weight * y[j], 0);
      return [mean - shape / rate, weights.reduce((sum, w, j) => sum + w * (y[j] - mean) ** 2, 0) - shape / rate ** 2];
    });
    // The sum of y^0.78 from 0 on has errors of order h^1.78: measured ratios of 3.58, 3.73 for the mean, 3.56, 3.71.
    moments.slice(1).forEach(([mean, variance], k) => {
      expect(Math.abs(mean)).toBeLessThan(Math.abs(moments[k][0]) / 2 ** 1.7);
      expect(Math.abs(variance)).toBeLessThan(Math.abs(moments[k][1]) / 2 ** 1.7);
    });
    expect(Math.abs(moments[2][0])).toBeLessThan(2e-5);
    expect(Math.abs(moments[2][1])).toBeLessThan(5e-7);
  });
});

describe('the fast operator with diagonal noise', () => {
  test('in a plane the stationary vector is invariant; rates are positive inside and 0 over the sides', () => {
    const axes = [uniformAxis('y1', -2, 2, 13), uniformAxis('y2', -2, 2, 11)];
    fc.assert(
      fc.property(noisyPlanes, fc.constantFrom(...schemesInPlane), (problem, scheme) => {
        const L = fastOperator(problem, [[0.5]], axes, { scheme });
        const flow = new Float64Array(L.nodes);
        const weights = L.stationary();
        for (const { up, down, nodes, stride } of L.directions) {
          for (let j = 0; j < L.nodes; j++) {
            const place = Math.floor(j / stride) % nodes;
            for (const [rates, to, inside] of [
              [up, j + stride, place < nodes - 1],
              [down, j - stride, place > 0],
            ] as const) {
              if (!inside) {
                expect(rates[j]).toBe(0);
                continue;
              }
              expect(rates[j]).toBeGreaterThan(0);
              flow[j] -= weights[j] * rates[j];
              flow[to] += weights[j] * rates[j];
            }
          }
        }
        expect(Math.max(...flow.map(Math.abs))).toBeLessThan(1e-13 * L.largestRate);
      }),
      { numRuns: 10 },
    );
  });
});

describe('noise that may vanish is refused with what is possible', () => {
  test('a Cox–Ingersoll–Ross process on a box that holds 0', () => {
    const make = (lower: number) => () => fastGenerator(coxIngersollRoss(), [[0]], uniformAxis('y', lower, 0.5, 11));
    expect(make(0)).toThrow(
      /may be 0 or without a value near x = 0, y = 0 .* begin the y-box above 0: domain y: \[0.001, 0.5\]/,
    );
    expect(make(-0.2)).toThrow(/begin the y-box above 0/);
    expect(make(0.001)).not.toThrow();
  });

  test('a sign that only parts of the box decide is decided', () => {
    const problem = withNoise(slowFast({}), 'y^2 - 2*y + 1.001');
    expect(() => fastGenerator(problem, [[0]], axis)).not.toThrow();
    const zero = withNoise(slowFast({}), '(y - x)^2');
    expect(() => fastGenerator(zero, points, axis)).toThrow(/begin the y-box above 1: domain y: \[1.004, 3\]/);
  });

  test('a closure, and a jump in y', () => {
    const plain = slowFast({});
    const closure: Problem = { ...plain, fast: { kind: 'drift', drift: plain.fast.drift, noise: [() => 1] } };
    expect(() => fastGenerator(closure, [[0]], axis)).toThrow(/is a function without a formula/);
    expect(() => fastGenerator(withNoise(plain, '1 + where(y > 0, 1, 0)'), [[0]], axis)).toThrow(/may jump in y/);
  });
});

test('a moving frame needs a constant noise, and keeps it', () => {
  const affine = inSpace(2, { drift: ['x - y1', '-2*y2'] });
  const kept = movingFrame(withNoise(affine, '0.5', '2'))?.problem.fast;
  expect(kept?.kind === 'drift' && kept.noise?.map((r) => r([0], [0, 0]))).toEqual([0.5, 2]);
  expect(movingFrame(withNoise(affine, '0.5', '1 + y1^2'))).toBe(null);
});

test('the scale of a square root is no square of it', () => {
  expect(fastScale(coxIngersollRoss({ xi: 0.5 }))?.alpha[0].tree).toEqual(formula('0.125*y', ['y']).tree);
});

describe('noise in detailed balance in several variables', () => {
  const independent = (m: 2 | 3) => {
    const drift = ['x - y1', '-2*y2 - y2^3', '1 - y3'].slice(0, m);
    return withNoise(
      inSpace(m, { drift }),
      ...['1 + y1^2/4', '0.8 + tanh(y2)/2', 'sqrt(2) + sin(y3 + x)/3'].slice(0, m),
    );
  };
  // Φ = y₁² + y₁y₂ + y₂² with α = (1/2, 2): Gaussian, coupled.
  const coupled = withNoise(inSpace(2, { drift: ['-y1 - y2/2', '-2*y1 - 4*y2'] }), '1', '2');
  const cases: readonly (readonly [string, Problem, number])[] = [
    ['independent, m = 2', independent(2), 2],
    ['coupled, m = 2', coupled, 2],
    ['independent, m = 3', independent(3), 3],
  ];

  test.each(cases)('every axis keeps the stationary vector: %s', (_, problem, m) => {
    const axes = Array.from({ length: m }, (_unused, a) => uniformAxis(`y${a + 1}`, -2, 2.5, 7 + a));
    const L = fastOperator(problem, [[0.3], [-1]], axes, { fastSolve: 'lines' });
    const weights = L.stationary();
    for (const { up, down, nodes, stride } of L.directions) {
      for (let k = 0; k < weights.length; k++) {
        if (Math.floor(k / L.lanes / stride) % nodes === nodes - 1) continue;
        const forward = weights[k] * up[k];
        const backward = weights[k + stride * L.lanes] * down[k + stride * L.lanes];
        expect(Math.abs(forward - backward)).toBeLessThanOrEqual(1e-12 * forward);
      }
    }
    expect(L.fastSolve.kind).toBe('lines');
  });

  test('the stationary vector is that of the plane without splitting, up to the quadrature of edges', () => {
    const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -3, 3, 25));
    const weights = fastOperator(coupled, [[0]], axes).stationary();
    const covariance = (a: number, b: number) => {
      const y = coordinates(axes[0]);
      return weights.reduce(
        (sum, w, j) => sum + w * y[[j % 25, Math.floor(j / 25)][a]] * y[[j % 25, Math.floor(j / 25)][b]],
        0,
      );
    };
    // (D²Φ)⁻¹ = [[2, −1], [−1, 2]]/3; e^−Φ at the sides of the box is e^−6.75.
    expect(Math.abs(covariance(0, 0) - 2 / 3)).toBeLessThan(5e-3);
    expect(Math.abs(covariance(0, 1) + 1 / 3)).toBeLessThan(5e-3);
  });

  test('three variables without it are refused', () => {
    const turning = withNoise(inSpace(3, { drift: ['y2 - y1', '-y1 - y2', '-y3'] }), '1', '2', '1');
    const axes = ['y1', 'y2', 'y3'].map((name) => uniformAxis(name, -2, 2, 5));
    expect(() => fastOperator(turning, [[0]], axes)).toThrow(/has no potential/);
  });
});
