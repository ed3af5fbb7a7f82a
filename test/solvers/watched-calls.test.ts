import { expect, test } from 'vitest';
import { libraryTexts, readScenario } from '../../scenarios/read/index.ts';
import {
  effectiveHamiltonian,
  effectiveVelocities,
  entropicGradient,
  gradientDescent,
  objectiveOf,
  optimise,
  randomStream,
  refine,
  simulateDeltaCell,
  simulateExitTimes,
  solveDeltaCell,
  solveErgodicCell,
  tensorGrid,
  uniformAxis,
  type Watch,
} from '../../solvers/index.ts';
import { inLanes } from '../lanes.ts';

const { problem } = readScenario(libraryTexts.quadratic);
const plane = readScenario(libraryTexts['rotational-2d-uncontrolled']).problem;
const [x, p] = [
  [0.5, 0],
  [1, 0],
];
const ball = { x: [1], p: [1], y: [0], radius: 2, delta: 0.5, dt: 0.01, paths: 200, seed: 1 };
const axes = ['y1', 'y2'].map((name) => uniformAxis(name, -4, 4, 33));
const { deepRelaxation } = problem.fast;
if (deepRelaxation === undefined) throw new Error('quadratic has a loss');
const objective = objectiveOf(deepRelaxation);

const calls: readonly (readonly [string, (watch: Watch) => unknown])[] = [
  [
    'the δ-cell problem in the plane',
    (watch) => solveDeltaCell(plane, { x, p, radius: 4, delta: 0.1, nodes: 33 }, watch),
  ],
  ['the ergodic pair in the plane', (watch) => solveErgodicCell(plane, { x, p, axes }, watch)],
  ['H̄ by the ergodic pair', (watch) => effectiveHamiltonian(plane, { x, p, method: 'ergodic', nodes: 33 }, watch)],
  ['velocities', (watch) => effectiveVelocities(problem, { x: [1], slopes: [[-1], [1]] }, watch)],
  ['paths in a ball', (watch) => simulateDeltaCell(problem, ball, watch)],
  [
    'an entropic gradient',
    (watch) => entropicGradient(objective, { x: [1], gamma: 2, random: randomStream(1, 0), samples: 2000 }, watch),
  ],
  [
    'a descent',
    (watch) => {
      const asked = {
        from: [1],
        optimiser: gradientDescent({ step: 0.1 }),
        evaluations: 50,
        random: randomStream(1, 0),
      };
      return optimise(objective, asked, watch);
    },
  ],
  ['exit times', (watch) => simulateExitTimes(problem, { ...ball, horizon: 1 }, watch)],
];

/** The cheapest of every kind: cells in the plane, paths, chains. */
const isFast = ([name]: (typeof calls)[number]) => !/H̄|velocities|ergodic/.test(name);

inLanes(calls, isFast)('%s: progress grows up to 1, and what is found does not depend on it', ([, call]) => {
  const seen: number[] = [];
  const watched = call({ progress: (fraction) => seen.push(fraction) });
  // It begins at the beginning, is heard of on the way, and ends at 1; between 0 and 1 it never falls.
  expect(seen[0]).toBeLessThan(0.1);
  expect(seen.some((fraction) => fraction > 0.1 && fraction < 0.95)).toBe(true);
  expect(seen[seen.length - 1]).toBe(1);
  const between = [0, ...seen, 1];
  expect(between).toEqual(between.toSorted((a, b) => a - b));
  expect(JSON.stringify(watched)).toBe(JSON.stringify(call({})));
});

inLanes(calls, isFast)('%s: a signal that progress aborts ends the call with its reason', ([, call]) => {
  const stop = new AbortController();
  expect(() => call({ signal: stop.signal, progress: () => stop.abort(new Error('enough')) })).toThrow('enough');
});

test('a refinement is watched level by level, and cancelled between two', async () => {
  const levels = [{ dx: 0.5 }, { dx: 0.25 }, { dx: 0.125 }];
  const solve = async ({ dx }: { readonly dx?: number }) => {
    const grid = tensorGrid([uniformAxis('x', 0, 1, 1 + 1 / (dx ?? 1))]);
    return { grid, values: new Float64Array(grid.size).fill((dx ?? 1) ** 2) };
  };
  const within = { lower: [0], upper: [1] };
  const plan = { levels, solve, size: 'dx', claimedOrder: 2, within, against: { kind: 'next' } } as const;
  const seen: number[] = [];
  await refine(plan, { progress: (fraction) => seen.push(fraction) });
  expect(seen).toEqual([0, 1 / 3, 2 / 3, 1]);
  const stop = new AbortController();
  const watch = { signal: stop.signal, progress: () => stop.abort(new Error('enough')) };
  await expect(refine(plan, watch)).rejects.toThrow('enough');
});
