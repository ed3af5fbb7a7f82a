import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FastScheme, fastGenerator } from '../../src/generator/fast-generator.ts';
import { jumpGenerator } from '../../src/generator/jump-generator.ts';
import { meshPeclet } from '../../src/generator/mesh-peclet.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { ballInSpace } from '../../src/grid/ball.ts';
import { boxNodes, type ConnectedNodes } from '../../src/grid/connected-nodes.ts';
import { solveEnclosed } from '../../src/linalg/enclosed-solve.ts';
import { multigrid } from '../../src/linalg/multigrid.ts';
import { withDiscount } from '../../src/linalg/sparse-rates.ts';
import { withDrift, withPotential } from '../drawn-problems.ts';
import { inSpace, potentialOf } from '../problems.ts';

const dimensions = [1, 2, 3] as const;
const schemes: readonly FastScheme[] = ['scharfetter-gummel', 'upwind'];
const nodesOf = (m: number): ConnectedNodes[] => [
  ballInSpace(m, 3, m === 3 ? 9 : 14),
  boxNodes(Array.from({ length: m }, (_, a) => uniformAxis(`y${a}`, -2 - a, 3, m === 3 ? 5 : 8))),
];

describe.each(dimensions)('the jump generator in R^%i', (m) => {
  const problems = fc.oneof(withPotential(m), withDrift(m));
  const cases = fc.tuple(problems, fc.constantFrom(...schemes), fc.constantFrom(...nodesOf(m)));

  test('has rates and killing ≥ 0, and kills exactly at the sphere: an M-matrix for every spacing', () => {
    fc.assert(
      fc.property(cases, ([problem, scheme, nodes]) => {
        const { jumps } = jumpGenerator(problem, [0.7], nodes, scheme);
        expect(jumps.rates.every((rate) => rate >= 0 && Number.isFinite(rate))).toBe(true);
        for (let i = 0; i < jumps.size; i++) {
          const around = nodes.neighbours.subarray(2 * m * i, 2 * m * (i + 1));
          const cut = nodes.boundary === 'absorbing' && around.includes(-1);
          expect(jumps.killing[i] > 0).toBe(cut);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('maps 1 to minus the killing: every row sums to 0 but next to the sphere', () => {
    fc.assert(
      fc.property(cases, ([problem, scheme, nodes]) => {
        const { apply, jumps } = jumpGenerator(problem, [0.7], nodes, scheme);
        const image = new Float64Array(nodes.size);
        apply(image, new Float64Array(nodes.size).fill(1));
        image.forEach((sum, i) => {
          expect(sum + jumps.killing[i]).toBe(0);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('is symmetric under the Gibbs weights of a box, which it leaves invariant: Σπ w L_hv = Σπ v L_hw', () => {
    const [, box] = nodesOf(m);
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: box.size, maxLength: box.size });
    fc.assert(
      fc.property(withPotential(m), values, values, (problem, first, second) => {
        const { apply, gibbs, jumps } = jumpGenerator(problem, [0.7], box);
        const weights = gibbs as Float64Array;
        const paired = (v: readonly number[], w: readonly number[]) => {
          const image = new Float64Array(box.size);
          apply(image, Float64Array.from(v));
          return weights.reduce((sum, weight, i) => sum + weight * w[i] * image[i], 0);
        };
        // Σπ·rates is the size of the terms; potentials up to 100 in the exponent.
        const flux = weights.reduce((sum, weight, i) => {
          let rates = 0;
          for (let e = jumps.starts[i]; e < jumps.starts[i + 1]; e++) rates += jumps.rates[e];
          return sum + weight * rates;
        }, 0);
        const rounding = 1e-13 * flux;
        expect(Math.abs(paired(first, second) - paired(second, first))).toBeLessThanOrEqual(rounding);
        expect(
          Math.abs(
            paired(
              first,
              first.map(() => 1),
            ),
          ),
        ).toBeLessThanOrEqual(rounding);
      }),
      { numRuns: 30 },
    );
  });

  test('is in detailed balance with e^−Φ between nodes whose arms are whole', () => {
    fc.assert(
      fc.property(withPotential(m), fc.constantFrom(...nodesOf(m)), (problem, nodes) => {
        const { jumps } = jumpGenerator(problem, [0.7], nodes);
        const rate = (i: number, j: number) => {
          for (let e = jumps.starts[i]; e < jumps.starts[i + 1]; e++) if (jumps.targets[e] === j) return jumps.rates[e];
          return 0;
        };
        const potential = (i: number) => potentialOf(problem)([0.7], nodes.points.subarray(i * m, (i + 1) * m));
        const whole = (i: number, axis: number) => {
          const slot = 2 * (m * i + axis);
          return nodes.arms[slot] === nodes.arms[slot + 1];
        };
        for (let i = 0; i < jumps.size; i++) {
          for (let axis = 0; axis < m; axis++) {
            const j = nodes.neighbours[2 * (m * i + axis) + 1];
            if (j < 0 || !whole(i, axis) || !whole(j, axis)) continue;
            const [low, high] = [potential(i), potential(j)];
            // exp amplifies the rounding of the potentials, of size |Φ| ε.
            const relative = 8 * Number.EPSILON * (1 + Math.abs(low) + Math.abs(high));
            const forward = rate(i, j);
            expect(Math.abs(forward - Math.exp(low - high) * rate(j, i))).toBeLessThanOrEqual(relative * forward);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('(δ − L_h)⁻¹ is monotone: h ≤ h′ gives ω ≥ ω′, and a non-negative source a non-negative solution', () => {
    const ball = ballInSpace(m, 3, m === 3 ? 9 : 14);
    const exponent = fc.double({ min: -8, max: 1, noNaN: true });
    const source = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: ball.size, maxLength: ball.size });
    fc.assert(
      fc.property(problems, fc.constantFrom(...schemes), exponent, source, (problem, scheme, power, right) => {
        const { jumps, lattice } = jumpGenerator(problem, [0.7], ball, scheme);
        const discounted = withDiscount(jumps, 10 ** power);
        const found = solveEnclosed(discounted, multigrid(discounted, lattice), Float64Array.from(right), 1e-6);
        // Elimination without subtraction, and 15 terms of rounding in what refines it.
        const largest = found.values.reduce((a, b) => Math.max(a, b), 0);
        for (const value of found.values) expect(value).toBeGreaterThanOrEqual(-1e-13 * largest);
      }),
      { numRuns: 30 },
    );
  });

  test('is exact on R² − |y|² without drift, cut arms included: L_h gives −2m', () => {
    const still = inSpace(m, { drift: Array.from({ length: m }, () => () => 0) });
    const ball = ballInSpace(m, 1.3, 18);
    const { apply } = jumpGenerator(still, [0], ball);
    const square = (i: number) => ball.points.subarray(i * m, (i + 1) * m).reduce((sum, y) => sum + y * y, 0);
    const w = Float64Array.from({ length: ball.size }, (_, i) => 1.3 ** 2 - square(i));
    const image = new Float64Array(ball.size);
    apply(image, w);
    // Rounding of R² − |y|² next to the sphere, 4e-16, over an arm of 1e-3 and a spacing of 0.15.
    for (const value of image) expect(Math.abs(value + 2 * m)).toBeLessThan(1e-10);
  });
});

test('on a line the jump generator of a box is the line generator', () => {
  const problem = inSpace(1, { potential: 'y^4/4 - y^2/2' });
  const axis = uniformAxis('y', -3, 4, 50);
  const line = fastGenerator(problem, [[0]], axis);
  const { jumps } = jumpGenerator(problem, [0], boxNodes([axis]));
  const between: number[] = [];
  for (let j = 0; j < 50; j++) between.push(...[line.down[j], line.up[j]].filter((rate) => rate > 0));
  for (let e = 0; e < between.length; e++) expect(Math.abs(jumps.rates[e] / between[e] - 1)).toBeLessThan(1e-14);
});

test.each(schemes)('the mesh Péclet number of %s rates is the largest |b|h over the whole edges of a box', (scheme) => {
  const problem = inSpace(2, { drift: [(_x, y) => -y[0] + 8 * y[1], (_x, y) => -y[1]] });
  const axes = [uniformAxis('y1', -2, 2, 41), uniformAxis('y2', -2, 2, 41)];
  const generator = jumpGenerator(problem, [0], boxNodes(axes), scheme);
  // b₁ = 1.95 + 16 at the middle of the first edge of the top row, h = 0.1.
  expect(Math.abs(meshPeclet(generator) - 1.795)).toBeLessThan(1e-12);
});
