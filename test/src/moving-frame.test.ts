/** The moving frame z = y − m(x) of an affine fast drift: its algebra, its sweeps on every kernel, and monotone steps. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import { slowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { factorLanes } from '../../src/linalg/plane-elimination.ts';
import { framedBox, type MovingFrame, movingFrame, requireMovingFrame } from '../../src/model/moving-frame.ts';
import type { Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { epsilonEquation } from '../../src/time/equation.ts';
import type { Discretisation } from '../../src/time/field-slots.ts';
import { methodStep, stepBounds } from '../../src/time/method-step.ts';
import { allMethods, followsFrame, type Method } from '../../src/time/schemes.ts';
import { isotropic, multiwell, potentialOf, quadratic, rotational, slowFast } from '../problems.ts';
import { discretised, imexEuler, stepped } from '../step.ts';

const oracle = plainKernel();
const wasm = await wasmKernel();
const threads = await nodeKernel(3);
afterAll(() => threads.close());

const unit = fc.double({ min: -1, max: 1, noNaN: true });
const numbers = fc.array(unit, { minLength: 12, maxLength: 12 });

/** b = Ax − Ky + c with K = I/2 + a rotation, φ affine in u with every variable in it; some control points inward. */
function affine(n: 1 | 2, m: 1 | 2, a: readonly number[]): Problem {
  const axes = Array.from({ length: n }, (_, i) => i);
  const names = { x: axisNames('x', n), y: axisNames('y', m) };
  const K =
    m === 1
      ? [[1 + 0.5 * a[0]]]
      : [
          [1.5 + 0.5 * a[0], 2 * a[1]],
          [-2 * a[1], 1.5 + 0.5 * a[2]],
        ];
  return {
    ...slowFast({
      slow: axes.map(
        (i) => (x, y, u) =>
          u[i] * (2 + 0.5 * a[3] * Math.sin(y[m - 1])) + 0.3 * a[4] * Math.sin(y[0]) - 0.4 * x[n - 1 - i],
      ),
      controls: {
        kind: 'box',
        names: axes.map((i) => `u${i}`),
        lower: axes.map(() => -1),
        upper: axes.map(() => 1),
      },
      runningCost: (x, y, u) => a[5] * u[0] + x[0] * y[m - 1],
    }),
    fast: {
      kind: 'drift',
      drift: K.map((row, k) => {
        const pull = row.map((value, j) => ` - (${value})*${names.y[j]}`).join('');
        const text = `2*(${a[6 + k]})*${names.x[0]} + (${a[8 + k]})*${names.x[n - 1]} + (${a[10 + k]})${pull}`;
        return formula(text, names.x, names.y);
      }),
    },
  };
}

describe('the frame of an affine drift', () => {
  test('is measured from the zero of b, and turns b into −Kz', () => {
    fc.assert(
      fc.property(numbers, fc.tuple(unit, unit), fc.tuple(unit, unit), (a, x, y) => {
        const problem = affine(2, 2, a);
        const frame = requireMovingFrame(problem);
        const z = frame.toFrame(x, y);
        const zero = frame.toFrame(x, [0, 0]).map((value) => -value);
        for (const b of problem.fast.drift) expect(Math.abs(b(x, zero))).toBeLessThan(1e-13);
        problem.fast.drift.forEach((b, k) => {
          expect(Math.abs(frame.problem.fast.drift[k](x, z) - b(x, y))).toBeLessThan(1e-13);
          expect(frame.problem.fast.drift[k](x, z)).toBe(frame.problem.fast.drift[k]([9, -9], z));
        });
        problem.slowDrift.forEach((phi, i) => {
          const difference = frame.problem.slowDrift[i](x, z, [0.3, -0.2]) - phi(x, y, [0.3, -0.2]);
          expect(Math.abs(difference)).toBeLessThan(1e-13);
        });
      }),
    );
  });

  test('moves as K⁻¹A does: rotational_2d', () => {
    // K = [[3, −1.5], [1.5, 3]], K⁻¹ = [[3, 1.5], [−1.5, 3]]/11.25, A = 2.
    const { slope } = requireMovingFrame(rotational());
    const exact = [6 / 11.25, 3 / 11.25, -3 / 11.25, 6 / 11.25];
    for (const [k, value] of slope.flat().entries()) expect(Math.abs(value - exact[k])).toBeLessThan(1e-15);
  });

  test('keeps a potential', () => {
    const { problem } = requireMovingFrame(isotropic());
    expect(potentialOf(problem)([0.4, 2], [1, 2])).toBe(7.5); // (1 + γ)|z|²/2
  });

  test('exists neither for other drifts nor for an unstable K', () => {
    expect(movingFrame(multiwell())).toBeNull();
    expect(movingFrame(slowFast({ drift: 'y' }))).toBeNull();
    expect(() => requireMovingFrame(multiwell())).toThrow(/multiwell has no moving frame .* b = Ax − Ky \+ c/);
  });

  test('turns boxes into the smallest box around them', () => {
    const x = [-1, 1].map((lower) => ({ lower, upper: lower + 1.5 }));
    const y = [-2, 0].map((lower) => ({ lower, upper: lower + 2.5 }));
    fc.assert(
      fc.property(numbers, (a) => {
        const frame = requireMovingFrame(affine(2, 2, a));
        const [lower, upper] = [
          [Infinity, Infinity],
          [-Infinity, -Infinity],
        ];
        const grid = tensorGrid([...x, ...y].map((side, k) => uniformAxis(`${k}`, side.lower, side.upper, 3)));
        forEachNode(grid, (_, point) => {
          frame.toFrame(point.subarray(0, 2), point.subarray(2)).forEach((z, k) => {
            lower[k] = Math.min(lower[k], z);
            upper[k] = Math.max(upper[k], z);
          });
        });
        framedBox(frame, x, y).forEach((side, k) => {
          expect(Math.abs(side.lower - lower[k]) + Math.abs(side.upper - upper[k])).toBeLessThan(1e-13);
        });
      }),
    );
  });
});

/** Both operators in the frame, the slow axes and the fast ones with these nodes. */
function inFrame({ problem, slope }: MovingFrame, slowNodes: readonly number[], fastNodes: readonly number[]) {
  const slow = slowNodes.map((nodes, i) => uniformAxis(`x${i}`, -1, 1 + i / 2, nodes));
  const fast = fastNodes.map((nodes, k) => uniformAxis(`z${k}`, -3 + k / 2, 3, nodes));
  const operators = discretised(problem, slow, fast);
  return { ...operators, slow: slowHamiltonian(problem, tensorGrid(slow), tensorGrid(fast), { slope }) };
}

/** A deterministic field in [−1, 1] without a pattern. */
function field(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => Math.sin(12.9898 * (k + 1) * (seed + 1) + seed));
}

function stepOf(method: Method, operators: Discretisation, epsilon: number) {
  const start = field(operators.grid.size, 3);
  const differences = method.scheme.differencing.on(operators, start);
  const dt = stepBounds(method, operators, differences, { epsilon }).usualStep;
  const filter = { dt, rate: 0.1, floor: -Infinity };
  return methodStep(method, epsilonEquation(operators, epsilon, start), differences, filter).program;
}

const following = allMethods('epsilon').filter(followsFrame);
const named = (methods: readonly Method[]) =>
  methods.map((method): [string, Method] => [`${method.scheme.name} with ${method.time.name}`, method]);

describe('sweeps that move z too', () => {
  const shapes = [
    [1, 1, [11], [7]],
    [1, 2, [9], [3, 4]],
    [2, 2, [5, 4], [6, 5]],
    [2, 2, [3, 3], [4, 7]],
  ] as const;
  const cases = shapes.flatMap(([n, m, slow, fast]) =>
    named(following).map(
      ([name, method]) => [`${[...slow, ...fast].join(' × ')}: ${name}`, n, m, slow, fast, method] as const,
    ),
  );
  test.each(cases)(
    'are the same in WebAssembly as in plain TypeScript: %s',
    async (_name, n, m, slow, fast, method) => {
      const frame = requireMovingFrame(affine(n, m, [0.3, -0.8, 0.1, 0.7, -0.5, 0.2, 0.9, -0.4, 0.6, -0.3, 0.2, 0.4]));
      const operators = inFrame(frame, slow, fast);
      const program = stepOf(method, operators, 0.1);
      const V = field(operators.grid.size * operators.fast.nodes, 5);
      const [exact, found] = [await stepped(oracle, program, V, 3), await stepped(wasm, program, V, 3)];
      const worst = found.reduce((most, value, k) => Math.max(most, Math.abs(value - exact[k])), 0);
      expect(worst).toBeLessThan(1e-13);
    },
  );

  test.each(named(following))('give the same bits on three threads: %s', async (_name, method) => {
    // Large enough to be shared.
    const operators = inFrame(requireMovingFrame(rotational()), [23, 20], [9, 8]);
    const program = stepOf(method, operators, 0.1);
    const V = field(23 * 20 * 72, 5);
    expect(await stepped(threads, program, V, 3)).toEqual(await stepped(wasm, program, V, 3));
  });

  test.each(named(following))('also with one candidate and no cost: %s', async (_name, method) => {
    const operators = inFrame(requireMovingFrame(quadratic()), [11], [7]);
    const program = stepOf(method, operators, 0.1);
    const V = field(77, 5);
    const [exact, found] = [await stepped(oracle, program, V, 3), await stepped(wasm, program, V, 3)];
    expect(found.reduce((most, value, k) => Math.max(most, Math.abs(value - exact[k])), 0)).toBeLessThan(1e-13);
  });

  const monotone = named(following.filter(({ scheme }) => scheme.monotone === 'under-cfl'));
  test.each(monotone)('are monotone and keep constants: %s', async (_name, method) => {
    const dimensions = fc.constantFrom(
      ...([
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        numbers,
        dimensions,
        fc.integer({ min: -14, max: 1 }),
        fc.nat(1000),
        async (a, [n, m], e, seed) => {
          const frame = requireMovingFrame(affine(n, m, a));
          const operators = inFrame(frame, n === 1 ? [7] : [5, 4], m === 1 ? [6] : [4, 5]);
          const program = stepOf(method, operators, 10 ** e);
          const size = operators.grid.size * operators.fast.nodes;
          const [V, rise] = [field(size, seed), field(size, seed + 7)];
          const still = await stepped(wasm, program, V);
          const high = await stepped(
            wasm,
            program,
            V.map((value, k) => value + Math.max(0, rise[k])),
          );
          const moved = await stepped(
            wasm,
            program,
            V.map((value) => value + 2),
          );
          // Rounding of sums of values up to 3.
          still.forEach((value, k) => {
            expect(high[k] - value).toBeGreaterThan(-2e-14);
            expect(Math.abs(moved[k] - value - 2)).toBeLessThan(1e-13);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  test('take the least over all of U, of which the signs of −Mφ are part', () => {
    fc.assert(
      fc.property(numbers, fc.nat(1000), (a, seed) => {
        const frame = requireMovingFrame(affine(2, 2, a));
        const { slow, grid, fast } = inFrame(frame, [4, 3], [4, 4]);
        const node = 2 * 4 * 3 * 4 + 1 * 4 * 3 + 4 + 1 + (seed % 2);
        const D = field(8, seed);
        const upwind = (rates: readonly number[]) =>
          rates.reduce((sum, rate, i) => sum + Math.max(rate, 0) * D[2 * i] + Math.min(rate, 0) * D[2 * i + 1], 0);
        const least = Math.min(
          ...slow.candidates.map(({ rates, cost }) => upwind(rates.map((field) => field[node])) + (cost?.[node] ?? 0)),
        );
        const [x, z] = [new Float64Array(2), new Float64Array(2)];
        forEachNode(grid, (s, point) => {
          if (s === node % 12) x.set(point);
        });
        const axes = fast.directions.map(({ nodes }, k) => uniformAxis(`z${k}`, -3 + k / 2, 3, nodes));
        forEachNode(tensorGrid(axes), (j, point) => {
          if (j === Math.floor(node / 12)) z.set(point);
        });
        const { problem, slope } = frame;
        const spacings = [...grid.axes, ...axes].map(({ spacing }) => spacing);
        let sampled = Infinity;
        for (let p = 0; p <= 20; p++) {
          for (let q = 0; q <= 20; q++) {
            const u = [p / 10 - 1, q / 10 - 1];
            const phi = problem.slowDrift.map((drift) => drift(x, z, u));
            const all = [...phi, ...slope.map((row) => -row[0] * phi[0] - row[1] * phi[1])];
            const cost = problem.runningCost?.(x, z, u) ?? 0;
            sampled = Math.min(sampled, upwind(all.map((value, i) => value / spacings[i])) + cost);
          }
        }
        expect(least).toBeLessThan(sampled + 1e-12);
      }),
    );
  });
});

test('all x share one factorisation of an unsplit solve', () => {
  const frame = requireMovingFrame(rotational());
  const { fast, grid } = inFrame(frame, [5, 4], [6, 5]);
  const [first, second] = fast.directions;
  const rates = { lanes: grid.size, shape: [6, 5], strides: [1, 6], along: [first, second] } as const;
  expect(factorLanes(rates)).toBe(1);
});

test('where x is held at an end, z is not carried on', () => {
  // φ = u points outward at x = 1 for u > 0 only, so it is dropped there, and −Mφ with it.
  const problem = quadratic([-1, 1]);
  const frame = requireMovingFrame({ ...problem, slowDrift: [formula('u', ['x'], ['y'], ['u'])] });
  const { slow } = inFrame(frame, [5], [5]);
  const at = (s: number, j: number) => slow.candidates.map(({ rates }) => rates.map((rate) => rate[j * 5 + s]));
  for (const [along, across] of at(4, 2)) expect(Math.abs(across) > 0).toBe(along !== 0);
  const inside = at(2, 2);
  expect(inside.some(([along, across]) => along > 0 && across < 0)).toBe(true);
});

test('a step in the frame keeps its bits where nothing is carried', async () => {
  // A = 0: the frame is the fixed one.
  const problem = slowFast({ slow: [(_x, y, u) => u[0] * y[0]] });
  const frame = requireMovingFrame(problem);
  const framed = inFrame(frame, [9], [7]);
  const fixed = discretised(problem, [uniformAxis('x0', -1, 1, 9)], uniformAxis('z0', -3, 3, 7));
  const V = field(63, 2);
  const start = new Float64Array(9);
  const steps = [framed, fixed].map((operators) => imexEuler(operators, fixed.slow.stableStep, 0.1, start));
  expect(await stepped(wasm, steps[0], V, 4)).toEqual(await stepped(wasm, steps[1], V, 4));
});

test('a drift that is not finite at a node is refused with the node in the frame', () => {
  const { problem, slope } = requireMovingFrame({ ...quadratic(), slowDrift: [formula('1/(x - 1)', ['x'])] });
  const grids = [uniformAxis('x', -1, 1, 5), uniformAxis('z', -3, 3, 5)].map((axis) => tensorGrid([axis]));
  expect(() => slowHamiltonian(problem, grids[0], grids[1], { slope })).toThrow(
    /^the slow drift φ is Infinity at x = 1, z = -3, u = 0 – /,
  );
});
