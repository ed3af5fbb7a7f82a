/** Paths from compiled formulas are the paths from the formulas themselves, to the last bit. */
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { startWorker } from '../../src/kernel/node/start-worker.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { type FieldTrees, treesOf } from '../../src/model/trees.ts';
import { type CompiledControl, formulaPaths } from '../../src/paths/formula-paths.ts';
import { plainHeun } from '../../src/paths/heun.ts';
import type { NoiseOf } from '../../src/paths/path-stepper.ts';
import { type ControlLaw, twoScaleSystem } from '../../src/paths/path-system.ts';
import { argminLaw, type ValueSlopes } from '../../src/paths/value-slopes.ts';

const DT = 0.003;
/** 37 paths are no multiple of the group of four, 7 and 6 steps end in the middle of a pair of normals. */
const COUNTS = [7, 6];

interface Case {
  readonly problem: Problem;
  readonly law: ControlLaw;
  readonly control: CompiledControl;
}

async function bothWays({ problem, law, control }: Case, threads: number, noiseOf: NoiseOf = 'step') {
  const epsilon = 0.1;
  const { runningCost } = problem;
  const { n, m } = dimensionsOf(problem);
  const point = [0.7, -0.3, 0.2, 0.4].slice(0, n + m);
  const initial = runningCost === undefined ? point : [...point, 0];
  const start = { initial, paths: 37, seed: 2 ** 40 + 7, dt: DT, noiseOf };
  const plain = plainHeun(twoScaleSystem(problem, epsilon, law), start);
  const fields = treesOf(problem) as FieldTrees;
  const compiled = await formulaPaths({ fields, epsilon, control }, start, { threads, startWorker });
  for (const count of COUNTS) {
    await plain.advance(count);
    await compiled.advance(count);
  }
  const states = [compiled.states(), plain.states()];
  await compiled.close();
  return states;
}

/** V = sin of everything, another one in every window, on few nodes. */
function slopesOf(problem: Problem, axes: number): ValueSlopes {
  const { n, m } = dimensionsOf(problem);
  const names = ['a', 'b', 'c', 'd'].slice(0, axes);
  const grid = tensorGrid(names.map((name, k) => uniformAxis(name, -1, 1 + k / 10, 4 + k)));
  const windows = [1, 2, 3].map((window) =>
    Array.from({ length: n }, (_, i) => {
      const field = new Float64Array(grid.size);
      forEachNode(grid, (k, point) => {
        field[k] = Math.sin(3 * point.reduce((sum, value) => sum + value, 0) + window + i);
      });
      return field;
    }),
  );
  expect(axes === n || axes === n + m).toBe(true);
  return { horizon: 3 * 5 * DT, grid, windows };
}

const constant = (problem: Problem, u: readonly number[]): Case => {
  return { problem, law: () => u, control: { kind: 'rows', rows: [u] } };
};
const argmin = (problem: Problem, axes: number): Case => {
  const slopes = slopesOf(problem, axes);
  const control = { kind: 'argmin', candidates: finiteControls(problem) ?? [], slopes } as const;
  return { problem, law: argminLaw(problem, slopes), control };
};
const openLoop = (problem: Problem): Case => {
  const at = (k: number) => [1 / (1 + k)];
  const rows = Array.from({ length: 14 }, (_, k) => at(k));
  return { problem, law: (t) => at(Math.round(t / DT)), control: { kind: 'rows', rows } };
};

describe('compiled formulas and plain steps give the same states to the last bit', () => {
  test.each([
    ['rastrigin-2d, a constant control', constant(readScenario('rastrigin-2d').problem, [0.7])],
    ['rotational-2d, a constant control', constant(readScenario('rotational-2d').problem, [1])],
    ['running-cost, a constant control and ∫ℓ dt', constant(readScenario('running-cost').problem, [-0.5])],
    ['multiwell, a control that changes in time', openLoop(readScenario('multiwell').problem)],
    ['rastrigin-2d, the argmin of a value of (x,y)', argmin(readScenario('rastrigin-2d').problem, 4)],
    ['rotational-2d, the argmin of a limit value of x', argmin(readScenario('rotational-2d').problem, 2)],
    ['running-cost, an argmin with ℓ', argmin(readScenario('running-cost').problem, 2)],
  ])('%s', async (_name, each) => {
    const [compiled, plain] = await bothWays(each, 1);
    expect(compiled).toEqual(plain);
  });

  test('on three threads', async () => {
    const [compiled, plain] = await bothWays(argmin(readScenario('rastrigin-2d').problem, 4), 3);
    expect(compiled).toEqual(plain);
  });

  test('where a step takes the noise of two steps half as long', async () => {
    const [compiled, plain] = await bothWays(constant(readScenario('rotational-2d').problem, [1]), 1, 'halves');
    expect(compiled).toEqual(plain);
  });
});
