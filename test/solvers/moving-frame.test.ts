/** Values solved in the moving frame against exact ones: reference.json, and closed forms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { framedDomain } from '../../scenarios/cli/flags/frame.ts';
import { axesOn, slowAxes } from '../../scenarios/grids.ts';
import { nodeKernel } from '../../scenarios/node-kernel.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { type EpsilonSolution, solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { linearGaussianValue } from '../../src/exact/linear-gaussian.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { requireMovingFrame } from '../../src/model/moving-frame.ts';
import type { Exact, Interval, Problem } from '../../src/model/problem.ts';
import { allMethods, followsFrame, type Method } from '../../src/time/schemes.ts';
import { expectOrder } from '../expect-order.ts';
import { inLanes } from '../lanes.ts';
import { isotropic, multiwell, quadratic, reference, rotational, slowFast } from '../problems.ts';

const kernel = await nodeKernel(2);
afterAll(() => kernel.close());
const run = { kernel };

const following = allMethods('epsilon').filter(followsFrame);
const named = following.map((method): [string, Method] => [`${method.scheme.name} with ${method.time.name}`, method]);
const namesOf = ({ scheme, time }: Method) => ({ scheme: scheme.name, time: time.name });

/** The value at (x,y), cubic between the nodes. */
function at(solution: EpsilonSolution, x: readonly number[], y: readonly number[]): number {
  const point = [...x, ...(solution.frame === null ? y : solution.frame.toFrame(x, y))];
  return sample(solution, point, new Array(point.length).fill(3));
}

function exactOf(problem: Problem): NonNullable<Exact['value']> {
  return linearGaussianValue(problem) as NonNullable<Exact['value']>;
}

/** u = 1: the value is that of a Gaussian. */
function uncontrolled(problem: Problem): Problem {
  return { ...problem, controls: { kind: 'box', names: ['u'], lower: [1], upper: [1] } };
}

describe('rotational_2d on the boxes of the program', () => {
  const scenario = readScenario('rotational-2d');
  const rows: { epsilon: number; x1: number; x2: number; y1: number; y2: number; V: number }[] =
    reference.rotational_2d.value_uncontrolled;
  let box: readonly Interval[];
  beforeAll(() => {
    box = framedDomain(scenario, requireMovingFrame(scenario.problem));
  });

  // 33⁴ nodes take half a minute on an idle core.
  const cases = [17, 33].flatMap((nodes) => [1, 0.1, 0.01].map((epsilon) => ({ nodes, epsilon })));
  inLanes(cases, ({ nodes }) => nodes < 33)(
    'at ε = $epsilon the filtered value on $nodes⁴ nodes is that of the reference',
    async ({ nodes, epsilon }) => {
      const grid = { slow: slowAxes(scenario, [nodes]), fast: axesOn('z', box, [nodes]) };
      const options = { ...grid, scheme: 'filtered', epsilon, frame: 'moving' } as const;
      const solution = await solveEpsilonHjb(uncontrolled(rotational()), options, run);
      for (const { x1, x2, y1, y2, V } of rows.filter((row) => row.epsilon === epsilon)) {
        const error = Math.abs(at(solution, [x1, x2], [y1, y2]) - V);
        // Measured 1.7e-3, 1.8e-3; 7.1e-3, 7.7e-3; 9.4e-4, 9.3e-4 and 3.4e-6, 2.0e-5; 1.7e-3, 1.9e-3; 2.0e-4, 2.2e-4.
        // 5e-3 is asked on 33⁴ nodes, by a method of order 2.
        expect(error).toBeLessThan(5e-3 * (32 / (nodes - 1)) ** 2);
      }
    },
  );
});

describe('with one slow and one fast variable', () => {
  const problem = { ...quadratic([1, 1]), horizon: 0.5 };
  const exact = exactOf(problem);
  const levels = [4, 8, 16];

  /** max|V − Vᵉ| over K on a grid of spacing 1/level, dt ∝ 1/level. */
  async function errors(method: Method, epsilon: number): Promise<number[]> {
    const solve = (level: number, steps?: number) => {
      const slow = [uniformAxis('x', -3, 3, 6 * level + 1)];
      const fast = [uniformAxis('z', -4.5, 4.5, 9 * level + 1)];
      const options = { ...namesOf(method), slow, fast, epsilon, steps, frame: 'moving' } as const;
      return solveEpsilonHjb(problem, options, run);
    };
    const finest = await solve(levels[2]);
    const found: number[] = [];
    for (const level of levels) {
      // Explicit steps are bound by dy²: those of the finest level everywhere, so that dt is not seen.
      const steps = method.time.name === 'explicit' ? finest.steps : Math.ceil((finest.steps * level) / levels[2]);
      const solution = await solve(level, steps);
      let worst = 0;
      for (const x of [-1, -0.4, 0.3, 1]) {
        for (const y of [-1, 0, 0.6]) {
          const value = exact({ tau: problem.horizon, epsilon, x: [x], y: [y] });
          worst = Math.max(worst, Math.abs(at(solution, [x], [y]) - value));
        }
      }
      found.push(worst);
    }
    return found;
  }

  const cases = named.flatMap(([name, method]) =>
    (method.time.name === 'explicit' ? [1] : [1, 0.1, 1e-6]).map((epsilon) => [name, epsilon, method] as const),
  );
  test.each(cases)('%s at ε = %f has the order it claims', async (_name, epsilon, method) => {
    const { order } = method.scheme;
    const expected = Math.min(order, method.time.order, 2);
    const found = await errors(method, epsilon);
    expectOrder(
      found,
      levels.map((level) => 1 / level),
      { expected, within: 0.1 * expected },
    );
  });

  const rows: { epsilon: number; x: number; y: number; V: number }[] = reference.quadratic_controlled.value;
  test.each([...new Set(rows.map(({ epsilon }) => epsilon))])(
    'the controlled values of the reference at ε = %f',
    async (epsilon) => {
      const slow = [uniformAxis('x', -2.5, 2.5, 201)];
      const fast = [uniformAxis('z', -4.5, 4.5, 121)];
      const options = { slow, fast, epsilon, scheme: 'filtered', frame: 'moving' } as const;
      const solution = await solveEpsilonHjb(quadratic(), options, run);
      for (const { x, y, V } of rows.filter((row) => row.epsilon === epsilon)) {
        // Measured at most 8.5e-5, for uncertainties of the reference up to 1.9e-5.
        expect(Math.abs(at(solution, [x], [y]) - V), `(${x}, ${y})`).toBeLessThan(2e-4);
      }
    },
  );
});

inLanes([17, 23], (nodes) => nodes === 17)('isotropic_2d on %i⁴ nodes, u = 1, is relaxed by lines', async (nodes) => {
  const problem = uncontrolled(isotropic());
  const slow = [1, 2].map((i) => uniformAxis(`x${i}`, -2.2, 2.2, nodes));
  const fast = [1, 2].map((i) => uniformAxis(`z${i}`, -3.2, 3.2, nodes));
  const options = { slow, fast, epsilon: 0.1, scheme: 'filtered', frame: 'moving' } as const;
  const solution = await solveEpsilonHjb(problem, options, run);
  expect(solution.fastSolve?.kind).toBe('lines');
  const exact = exactOf(problem);
  for (const [x, y] of [
    [
      [1, 0],
      [0, 0],
    ],
    [
      [0.5, -0.8],
      [0.3, 0.2],
    ],
  ]) {
    const error = Math.abs(at(solution, x, y) - exact({ tau: 1, epsilon: 0.1, x, y }));
    expect(error).toBeLessThan(5e-3); // measured 2.8e-3 and 1.5e-3
  }
});

test.each(named.filter(([, { time }]) => time.asymptoticPreserving))(
  'at ε → 0 values in the frame are those of the effective equation on the same grid and steps: %s',
  async (_name, method) => {
    const slow = [1, 2].map((i) => uniformAxis(`x${i}`, -2.5, 2.5, 9));
    const fast = [1, 2].map((i) => uniformAxis(`z${i}`, -2.5, 2.5, 12));
    const { problem } = requireMovingFrame(rotational());
    const options = { slow, fast, ...namesOf(method) };
    const value = await solveEpsilonHjb(rotational(), { ...options, epsilon: 1e-14, frame: 'moving' }, run);
    const limit = await solveEffectiveHjb(problem, { ...options, steps: value.steps }, run);
    const worst = value.values.reduce((most, v, k) => Math.max(most, Math.abs(v - limit.values[k % 81])), 0);
    expect(worst).toBeLessThan(1e-10); // measured at most 5e-14
  },
);

describe('a moving frame is refused', () => {
  const broken = slowFast({ drift: 'x - y + 0*sqrt(y + 2.9)' });
  const bent = slowFast({ drift: 'x - y - max(0, y - 2.9)' });
  const axes = { slow: [uniformAxis('x', -1, 1, 9)], fast: [uniformAxis('z', -3, 3, 9)], frame: 'moving' } as const;
  test.each([
    ['for a drift that is not affine', multiwell(), {}, /fast drift of multiwell has no moving frame/],
    ['for a drift that is affine near 0 only', bent, {}, /fast drift of synthetic has no moving frame/],
    ['for a drift that is no number in part of the box', broken, {}, /fast drift of synthetic has no moving frame/],
    ['with semi-Lagrangian feet', quadratic(), { scheme: 'semi-lagrangian' }, /semi-lagrangian is not for a moving/],
    ['with implicit steps', quadratic(), { time: 'implicit' }, /implicit steps are not for a moving frame/],
  ] as const)('%s', async (_name, problem, method, message) => {
    await expect(solveEpsilonHjb(problem, { ...axes, ...method, epsilon: 0.1 }, run)).rejects.toThrow(message);
  });
});
