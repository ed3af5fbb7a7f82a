/** How wide U is decides nothing: values and steps follow the controls that can be minimisers. */
import { describe, expect, test } from 'vitest';
import { solveEffectiveHjb } from '../../solvers/effective-hjb.ts';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { exceededDifferences, inSessions } from '../../solvers/marching/used-differences.ts';
import type { Range } from '../../src/control/ranges.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { axisNames } from '../../src/model/trees.ts';
import { methodOf, type SchemeName } from '../../src/time/schemes.ts';
import { inLanes } from '../lanes.ts';
import { slowFast } from '../problems.ts';

const upTo = (names: readonly string[], end: number) =>
  ({ kind: 'box', names, lower: names.map(() => -end), upper: names.map(() => end) }) as const;

/** Linear-quadratic problems with y in the dynamics and in the costs, whose controls stay within [−3, 3] on the grid. */
const problems = {
  'one control': (end: number) =>
    slowFast({
      ...{ slow: ['u + y/2'], potential: 'y^2/2', controls: upTo(['u'], end) },
      runningCost: '(x^2 + u^2)/2 + u*y/4 + y^2/8',
      terminalCost: formula('x^2/4', ['x']),
    }),
  'two controls': (end: number) =>
    slowFast({
      ...{ slow: ['u + w + y/2'], potential: 'y^2/2', controls: upTo(['u', 'w'], end) },
      runningCost: 'x^2/2 + u^2/2 + w^2 + u*w/4 + w*y/4',
      terminalCost: formula('x^2/4', ['x']),
    }),
  'two controls in the plane': (end: number) => {
    const [x, y, u] = [axisNames('x', 2), ['y'], ['v', 'w']];
    return {
      ...slowFast({ slow: ['v'], potential: 'y^2/2', controls: upTo(u, end) }),
      slowDrift: ['v + y/2', 'w'].map((text) => formula(text, x, y, u)),
      runningCost: formula('(x1^2 + x2^2)/8 + v^2 + v*w/2 + w^2 + w*y/4', x, y, u),
      terminalCost: formula('(x1^2 + x2^2)/8', x),
    };
  },
};
type Name = keyof typeof problems;

const nodes: Record<Name, readonly [number, number]> = {
  'one control': [21, 11],
  'two controls': [11, 7],
  'two controls in the plane': [7, 5],
};

function gridOf(name: Name) {
  const [nx, ny] = nodes[name];
  const axes = name === 'two controls in the plane' ? ['x1', 'x2'] : ['x'];
  return { slow: axes.map((axis) => uniformAxis(axis, -2, 2, nx)), fast: [uniformAxis('y', -4, 4, ny)] };
}

const rows = (Object.keys(problems) as Name[]).flatMap((name) =>
  (['upwind', 'filtered', 'semi-lagrangian', 'local-lax-friedrichs'] as const).flatMap((scheme) =>
    (['solve', 'effective'] as const).map((command) => ({ name, scheme, command })),
  ),
);
const cheapest = new Set(['two controls upwind effective', 'two controls in the plane upwind effective']);
const isFast = ({ name, scheme, command }: (typeof rows)[number]) =>
  name === 'one control' || cheapest.has(`${name} ${scheme} ${command}`);

describe('U = [−3, 3], [−30, 30] and R give the same values in the same number of steps', () => {
  inLanes(rows, isFast)('$name, $scheme, $command', async ({ name, scheme, command }) => {
    const grid = { ...gridOf(name), scheme };
    const solved = async (end: number) =>
      command === 'solve'
        ? solveEpsilonHjb(problems[name](end), { ...grid, epsilon: 0.1 })
        : solveEffectiveHjb(problems[name](end), grid);
    const real = await solved(Infinity);
    expect(real).toMatchObject({ outcome: { status: 'converged' }, exceeded: null, controlsError: 0 });
    for (const end of [3, 30]) {
      const { steps, values } = await solved(end);
      expect(steps).toBe(real.steps);
      values.forEach((value, k) => {
        expect(Math.abs(value - real.values[k])).toBeLessThan(1e-9); // measured 0
      });
    }
  });
});

describe('a value that is steeper than its steps were made for', () => {
  // Between the nodes of the coarse grid that V is measured on beforehand.
  const problem = {
    ...slowFast({
      ...{ slow: ['u'], potential: 'y^2/2', controls: upTo(['u'], Infinity), runningCost: 'u^2/2' },
      terminalCost: (x) => x[0] ** 2 / 4 + Math.tanh((x[0] - 0.06) / 0.02) / 10,
    }),
    horizon: 0.001,
  };
  const grid = { slow: [uniformAxis('x', -2, 2, 401)], fast: [uniformAxis('y', -4, 4, 5)] };
  const solve = (scheme: SchemeName) => solveEffectiveHjb(problem, { ...grid, scheme });

  test('is solved for again, with the differences it has', async () => {
    const { repeats, exceeded, values, stableStep } = await solve('local-lax-friedrichs');
    expect([repeats, exceeded]).toEqual([1, null]);
    // u = −D_xV: the steepest place bounds the step.
    const steepest = values.slice(1).reduce((most, value, s) => Math.max(most, Math.abs(value - values[s])), 0);
    expect((stableStep * steepest) / 0.01 ** 2).toBeLessThan(1.01);
  });

  test('is left alone where feet may be longer than a cell', async () => {
    expect(await solve('upwind')).toMatchObject({ repeats: 0, exceeded: null, stableStep: Infinity });
  });

  test('is repeated a few times at most', async () => {
    const made: (readonly Range[])[] = [];
    const found = await inSessions({}, async ({ repeats, differences }) => {
      made.push(differences);
      return { exceeded: [[0, repeats + 1]] };
    });
    expect(made).toEqual([[], [[0, 1]], [[0, 2]], [[0, 3]]]);
    expect(found.exceeded).toEqual([[0, 4]]);
  });

  test('is told from one that is less than 1 % steeper', () => {
    const values = { grid: tensorGrid([uniformAxis('x', 0, 2, 3)]), values: Float64Array.of(0, 1, 3) };
    const slow = (difference: number) => ({
      ...{
        families: [null as never],
        formulas: [],
        longFeet: 'wide' as const,
        differences: [[0, difference] as const],
      },
    });
    const method = methodOf('effective');
    expect(exceededDifferences(values, slow(1.99), method)).toBeNull();
    expect(exceededDifferences(values, slow(1.9), method)).toEqual([[0, 2]]);
    expect(exceededDifferences(values, { ...slow(1), families: [] }, method)).toBeNull();
    expect(exceededDifferences(values, slow(1), methodOf('effective', { time: 'implicit' }))).toBeNull();
  });
});
