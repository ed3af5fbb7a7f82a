/** The y-box for m > 1: every well, and drifts that turn fast against their contraction. */
import { describe, expect, test } from 'vitest';
import { supportBox } from '../../solvers/averaging/fast-support.ts';
import { effectiveHamiltonian } from '../../solvers/effective-hamiltonian.ts';
import { contractionBox } from '../../src/measure/contraction-box.ts';
import type { Problem } from '../../src/model/problem.ts';
import { inSpace } from '../problems.ts';

/** b = −Y + w times a quarter turn, attracted to (x₁, 0): μ = N(·, I) whatever w. */
const turning = (w: number): Problem =>
  inSpace(2, { drift: [(_x, y) => -y[0] + w * y[1] + 1, (_x, y) => -w * y[0] - y[1]] });

describe('the box', () => {
  test.each([150, 2000, 20_000])('holds both wells of depth %s, which 61 nodes see as one', (k) => {
    const problem = inSpace(2, { potential: `${k}*((y1 - 0.3)^2 - 1)^2 + y2^2/2`, slow: ['y1'] });
    const [side] = supportBox(problem, [0]);
    expect(side.lower).toBeLessThan(-0.7);
    expect(side.upper).toBeGreaterThan(1.3);
    const { value, error } = effectiveHamiltonian(problem, { x: [0], p: [1], method: 'gibbs' });
    expect(Math.abs(value + 0.3)).toBeLessThanOrEqual(error!);
    expect(error).toBeLessThan(1e-10);
  });

  test.each([0, 10, 20])('of a contraction that turns at rate %s holds 7 deviations and is no wider than 25', (w) => {
    const equilibrium = [1 / (1 + w * w), -w / (1 + w * w)];
    supportBox(turning(w), [0]).forEach(({ lower, upper }, a) => {
      expect(lower).toBeLessThan(equilibrium[a] - 7);
      expect(upper).toBeGreaterThan(equilibrium[a] + 7);
      expect(upper - lower).toBeLessThan(25);
    });
  });

  test('of a contraction is found from the equilibrium, however far, and is none without contraction', () => {
    const far = inSpace(2, { drift: [(_x, y) => 500 - 4 * y[0], (_x, y) => -4 * y[1]] });
    // √(m/κ) + √(2 log 10¹²)/√κ = 4.4, within a tenth.
    contractionBox(far, [0])!.forEach(({ lower, upper }, a) => {
      expect(Math.abs((lower + upper) / 2 - [125, 0][a])).toBeLessThan(0.5);
      expect((upper - lower) / 2).toBeGreaterThan(4.4);
      expect((upper - lower) / 2).toBeLessThan(4.9);
    });
    expect(contractionBox(inSpace(2, { drift: [(_x, y) => y[1], (_x, y) => -y[0]] }), [0])).toBeNull();
  });
});
