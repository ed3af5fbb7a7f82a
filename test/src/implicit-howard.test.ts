import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bernoulli } from '../../src/generator/fast-generator.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../../src/grid/grid.ts';
import type { ControlSet, Problem } from '../../src/model/problem.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { implicitAveragedStep } from '../../src/time/implicit-averaged-step.ts';
import { marchImplicit, marchImplicitAveraged } from '../../src/time/implicit-howard.ts';
import { implicitStep } from '../../src/time/implicit-step.ts';
import { multiwell, quadratic, slowFast } from '../problems.ts';
import { discretised, terminalValuesOf } from '../step.ts';

const values = (...list: number[][]): ControlSet => ({
  kind: 'values',
  names: list[0].map((_, c) => `u${c}`),
  values: list,
});

/** Drifts that change sign in x, y and u; state constraints at both ends. */
const wavy = slowFast({
  slow: [(x, y, u) => u[0] * (1.2 + Math.cos(3 * x[0]) * y[0])],
  controls: values([-1], [0.4], [1]),
  runningCost: '0.3*x*y + 0.2*u0^2',
  potential: 'y^2/2',
  terminalCost: (x) => Math.cos(4 * x[0]),
});

const planar = slowFast({
  slow: [(x, y, u) => u[0] + 0.5 * u[1] * y[0] * x[1], (x, y, u) => u[1] - 0.7 * u[0] * (y[0] + x[0])],
  controls: values([0, 0], [1, 0.5], [-1, 0.3], [0.2, -1]),
  potential: 'y^2/2',
});

const x = uniformAxis('x', -1.5, 1.5, 13);
const y = uniformAxis('y', -3, 3, 9);
const narrow = uniformAxis('y', -2, 2, 5);
const square = [uniformAxis('x1', -1, 1, 4), uniformAxis('x2', -1, 1, 5)];
const anyValue = (size: number) =>
  fc
    .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size })
    .map((list) => Float64Array.from(list));

/** A solve is off by at most 1e-13·max|V| ≤ 1e-12 here. */
const SOLVED = 1e-12;

function stepOf(problem: Discretisation, cfl: number, epsilon: number) {
  const step = implicitStep(problem, epsilon, { dt: cfl * problem.slow.stableStep });
  return (V: Float64Array) => {
    const after = new Float64Array(V.length);
    expect(step.apply(after, V, 0).settled).toBe(true);
    return after;
  };
}

/**
 * The same step by value iteration on the equation of every node, from φ, ℓ and Φ themselves:
 * V = min_u (Vⁿ + dt ℓ + Σ a_i V_b + up V_{j+1} + down V_{j−1})/(1 + Σ a_i + up + down), outward a_i dropped.
 */
function byValueIteration(problem: Problem, discrete: Discretisation, V: Float64Array, dt: number, epsilon: number) {
  const { grid } = discrete;
  const h = narrow.spacing;
  const controls = problem.controls.kind === 'values' ? problem.controls.values : [];
  const whole = tensorGrid([...grid.axes, narrow]);
  const point = new Float64Array(whole.axes.length);
  const rows = Array.from(V, (old, k) => {
    nodeCoordinates(point, whole, k);
    const [at, [noise]] = [point.slice(0, -1), point.slice(-1)];
    const jumps = [-1, 1].flatMap((side) => {
      const j = k + side * grid.size;
      const rise = ((noise + side * h) ** 2 - noise ** 2) / 2;
      return j < 0 || j >= V.length ? [] : [{ k: j, rate: ((dt / epsilon) * bernoulli(rise)) / h ** 2 }];
    });
    return controls.map((u) => {
      const moves = grid.axes.flatMap((axis, i) => {
        const drift = problem.slowDrift[i](at, [noise], u);
        const side = Math.sign(drift);
        const target = at[i] + side * axis.spacing;
        const inside = target > axis.lower - 1e-9 && target < axis.upper + 1e-9;
        return side === 0 || !inside
          ? []
          : [{ k: k + side * grid.strides[i], rate: (dt * Math.abs(drift)) / axis.spacing }];
      });
      const cost = problem.runningCost?.(at, [noise], u) ?? 0;
      return { base: old + dt * cost, links: [...jumps, ...moves] };
    });
  });
  const now = V.slice();
  for (let change = 1; change > 1e-15; ) {
    change = 0;
    rows.forEach((options, k) => {
      const best = Math.min(
        ...options.map(({ base, links }) => {
          const total = links.reduce((sum, link) => sum + link.rate, 1);
          return links.reduce((sum, link) => sum + link.rate * now[link.k], base) / total;
        }),
      );
      change = Math.max(change, Math.abs(best - now[k]));
      now[k] = best;
    });
  }
  return now;
}

describe('one fully implicit step', () => {
  test.each([
    ['one slow axis with a running cost', wavy, [uniformAxis('x', -1.5, 1.5, 7)]],
    ['two slow axes', planar, square],
  ] as const)('solves the equation of every node, written out from φ, ℓ and Φ: %s', (_name, problem, axes) => {
    const discrete = discretised(problem, axes, narrow);
    fc.assert(
      fc.property(
        anyValue(discrete.grid.size * 5),
        fc.constantFrom(0.5, 10),
        fc.constantFrom(0.3, 3),
        (V, cfl, eps) => {
          const dt = cfl * discrete.slow.stableStep;
          const expected = byValueIteration(problem, discrete, V, dt, eps);
          const found = stepOf(discrete, cfl, eps)(V);
          // Value iteration stops when it moves by 1e-15; its contraction 1 − 1/50 leaves 5e-14.
          for (let k = 0; k < V.length; k++) expect(Math.abs(found[k] - expected[k])).toBeLessThan(SOLVED);
        },
      ),
      { numRuns: 20 },
    );
  });

  const controlled: readonly (readonly [string, Discretisation])[] = [
    ['quadratic', discretised(quadratic(), [x], y)],
    ['multiwell', discretised(multiwell(), [x], y)],
    ['running cost', discretised(wavy, [x], y)],
    ['two slow axes', discretised(planar, square, uniformAxis('y', -2, 2, 5))],
  ];

  for (const cfl of [0.5, 10, 100]) {
    test.each(controlled)(`is monotone at CFL ${cfl} for ε from 1e-14 to 10: %s`, (_name, problem) => {
      const size = problem.grid.size * problem.fast.nodes;
      fc.assert(
        fc.property(anyValue(size), anyValue(size), fc.integer({ min: -14, max: 1 }), (V, rise, exponent) => {
          const step = stepOf(problem, cfl, 10 ** exponent);
          const [low, high] = [step(V), step(V.map((value, k) => value + Math.max(rise[k], 0)))];
          for (let k = 0; k < size; k++) expect(low[k]).toBeLessThanOrEqual(high[k] + 2 * SOLVED);
        }),
        { numRuns: 25 },
      );
    });
  }

  test('keeps constants to the last bit without costs, also where the drift leaves the x-box', () => {
    const problems = [quadratic(), quadratic([1, 1]), multiwell()].map((problem) => discretised(problem, [x], y));
    fc.assert(
      fc.property(
        fc.constantFrom(...problems),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.integer({ min: -300, max: 1 }),
        (problem, constant, exponent) => {
          const V = new Float64Array(x.nodes * y.nodes).fill(constant);
          for (const value of stepOf(problem, 20, 10 ** exponent)(V)) expect(value === constant).toBe(true);
        },
      ),
    );
  });

  test('the averaged step is monotone and keeps constants', () => {
    const problem = discretised(wavy, [x], y);
    const step = implicitAveragedStep(problem, problem.fast.stationary(), { dt: 20 * problem.slow.stableStep });
    const stepped = (V: Float64Array) => {
      const out = new Float64Array(V.length);
      expect(step.apply(out, V, 0).settled).toBe(true);
      return out;
    };
    fc.assert(
      fc.property(anyValue(x.nodes), anyValue(x.nodes), (V, rise) => {
        const high = stepped(V.map((value, s) => value + Math.max(rise[s], 0)));
        stepped(V).forEach((value, s) => {
          expect(value).toBeLessThanOrEqual(high[s] + SOLVED);
        });
      }),
    );
    const free = discretised(quadratic([1, 1]), [x], y);
    const constant = new Float64Array(x.nodes).fill(Math.PI);
    const out = new Float64Array(x.nodes);
    implicitAveragedStep(free, free.fast.stationary(), { dt: 1 }).apply(out, constant, 0);
    expect(out).toEqual(constant);
  });

  test('values fall from policy to policy, and more policies change nothing once settled', () => {
    const problem = discretised(multiwell(), [uniformAxis('x', -2.5, 2.5, 61)], uniformAxis('y', -4, 4, 41));
    const V = new Float64Array(61 * 41);
    for (let k = 0; k < V.length; k++) V[k] = multiwell().terminalCost([-2.5 + ((k % 61) * 5) / 60], []);
    const dt = 50 * problem.slow.stableStep;
    const stepped = (policies: number) => {
      const out = new Float64Array(V.length);
      return { out, ...implicitStep(problem, 1, { dt, policies }).apply(out, V, dt) };
    };
    const settled = stepped(100);
    expect(settled.policies).toBeGreaterThan(2); // measured 7
    for (let policies = 1; policies < settled.policies; policies++) {
      const [earlier, later] = [stepped(policies).out, stepped(policies + 1).out];
      for (let k = 0; k < V.length; k++) expect(later[k]).toBeLessThanOrEqual(earlier[k] + 2 * SOLVED);
    }
    expect(stepped(settled.policies + 5).out).toEqual(settled.out);
  });
});

const run = {};

describe('the implicit march', () => {
  test.each([1e-10, 1e-12, 1e-14])(
    'tends to the averaged implicit scheme on the same grid: ε = %s',
    async (epsilon) => {
      for (const problem of [quadratic(), quadratic([1, 1]), multiwell(), wavy]) {
        const discrete = discretised(problem, [uniformAxis('x', -2.5, 2.5, 41)], uniformAxis('y', -5, 5, 31));
        const options = { dt: 5 * discrete.slow.stableStep, steps: 20 };
        const f = terminalValuesOf(problem, discrete);
        const fine = await marchImplicit(discrete, { ...options, epsilon }, f, run);
        const limit = await marchImplicitAveraged(
          discrete,
          { ...options, measure: discrete.fast.stationary() },
          f,
          run,
        );
        expect([fine.end.status, limit.end.status]).toEqual(['converged', 'converged']);
        const distance = fine.values.reduce((most, V, k) => Math.max(most, Math.abs(V - limit.values[k % 41])), 0);
        // ε times the corrector: measured 3.2 ε to 7.9 ε, and 1.1e-13 at ε = 1e-14.
        expect(distance).toBeLessThan(10 * epsilon + 1e-12);
      }
    },
  );

  test('refuses no step: with too few sweeps it ends stalled, with the residual and a remedy', async () => {
    const problem = quadratic([1, 1]);
    const discrete = discretised(problem, [x], y);
    const { end } = await marchImplicit(
      discrete,
      { dt: 1, epsilon: 1, steps: 3, sweeps: 1 },
      terminalValuesOf(problem, discrete),
      run,
    );
    expect(end).toMatchObject({ status: 'stalled', step: 1 });
    if (end.status === 'stalled') expect(end.advice).toMatch(/residual of .* in step 1, .*: take more steps/);
  });

  test('can be cancelled, reports progress, and names the step with a value that is not finite', async () => {
    const discrete = discretised(quadratic(), [x], y);
    const fractions: number[] = [];
    const options = { dt: 0.1, epsilon: 1, steps: 4 };
    const f = terminalValuesOf(quadratic(), discrete);
    await marchImplicit(discrete, options, f, { progress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    const cancelled = await marchImplicit(discrete, options, f, { signal: AbortSignal.abort() });
    expect(cancelled.end.status).toBe('cancelled');
    const broken = await marchImplicit(discrete, options, f.fill(Number.NaN, 3, 4), run);
    expect(broken.end).toEqual({ status: 'diverged', step: 1 });
  });
});
