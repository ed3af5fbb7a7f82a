import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ballInSpace } from '../../src/grid/ball.ts';
import { sampleInBall } from '../../src/grid/sample-ball.ts';

const dimensions = [1, 2, 3] as const;
const radius = 1.7;

describe.each(dimensions)('the ball of R^%i', (m) => {
  test('holds exactly the lattice points nearer to 0 than its radius', () => {
    const ball = ballInSpace(m, radius, 23);
    const step = (2 * radius) / 22;
    let count = 0;
    const visit = (axis: number, square: number) => {
      if (axis === m) count += square < (radius * (1 - 1e-9)) ** 2 ? 1 : 0;
      else for (let k = 0; k < 23; k++) visit(axis + 1, square + (k * step - radius) ** 2);
    };
    visit(0, 0);
    expect(ball.size).toBe(count);
  });

  test('has arms that end on a neighbour one spacing away, or on the sphere', { tags: ['full'] }, () => {
    const ball = ballInSpace(m, radius, 24);
    for (let i = 0; i < ball.size; i++) {
      const y = ball.points.subarray(i * m, (i + 1) * m);
      for (let slot = 2 * m * i; slot < 2 * m * (i + 1); slot++) {
        const end = Float64Array.from(y);
        end[(slot >> 1) % m] += (slot & 1 ? 1 : -1) * ball.arms[slot];
        const j = ball.neighbours[slot];
        if (j < 0) expect(Math.abs(Math.hypot(...end) - radius)).toBeLessThan(1e-14);
        else for (let a = 0; a < m; a++) expect(Math.abs(end[a] - ball.points[j * m + a])).toBeLessThan(1e-14);
        expect(ball.arms[slot]).toBeGreaterThan(0);
        expect(ball.arms[slot]).toBeLessThanOrEqual(ball.spacing * (1 + 1e-15));
      }
    }
  });

  test('is sampled exactly where the function is R² − |y|², up to the sphere', () => {
    const ball = ballInSpace(m, radius, 25);
    const values = new Float64Array(ball.grid.size);
    ball.cubeNodes.forEach((node, i) => {
      let square = 0;
      for (let a = 0; a < m; a++) square += ball.points[i * m + a] ** 2;
      values[node] = radius ** 2 - square;
    });
    const direction = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: m, maxLength: m });
    fc.assert(
      fc.property(direction, fc.double({ min: 0, max: 1, noNaN: true }), (towards, share) => {
        const length = Math.hypot(...towards);
        fc.pre(length > 1e-3);
        const y = towards.map((value) => (value / length) * share * radius);
        // Lagrange weights sum rounding of a few units in values up to R² = 2.89.
        expect(Math.abs(sampleInBall(ball, values, 0, y) - (radius ** 2 - Math.hypot(...y) ** 2))).toBeLessThan(1e-13);
      }),
    );
  });
});

test('a point outside the ball has no value', () => {
  const ball = ballInSpace(2, 1, 11);
  expect(() => sampleInBall(ball, new Float64Array(121), 0, [0.8, 0.8])).toThrow(/outside the ball of radius 1/);
});
