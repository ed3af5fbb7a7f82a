import { beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { select } from '../../scenarios/study/field.ts';
import { runStudy } from '../../scenarios/study/run-study.ts';
import { hasChoice, solvedFeedback } from '../../scenarios/study/solved-feedback.ts';
import type { Study } from '../../scenarios/study/study.ts';
import { linearQuadraticSolution } from '../../src/exact/linear-quadratic.ts';
import { formula } from '../../src/formula/expression.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { quadratic, slowFast } from '../problems.ts';

describe('the control that a value on a grid gives', () => {
  const grid = tensorGrid([uniformAxis('x', -2, 2, 41), uniformAxis('y', -2, 2, 21)]);
  const values = new Float64Array(grid.size);
  forEachNode(grid, (k, [x]) => {
    values[k] = Math.max(Math.abs(x) - 1, 0) ** 2;
  });
  const feedback = solvedFeedback(quadratic(), { grid, values });

  test('is that of the sign of φ·D_xV', () => {
    // φ = −2u(x − y).
    expect(feedback([1.5], [0])).toEqual([1]);
    expect(feedback([1.5], [1.8])).toEqual([0]);
    expect(feedback([-1.5], [-1.8])).toEqual([0]);
    expect(feedback([-1.5], [1])).toEqual([1]);
  });

  test('is not shown where V is flat', () => {
    expect(feedback([0.3], [0])).toBeNull();
  });
});

test('the exact Vᵉ and v of linear-quadratic control give the exact u* on any grid', () => {
  const problem = slowFast({
    slow: ['u + y'],
    potential: 'y^2/2',
    controls: { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] },
    runningCost: '(x^2 + u^2)/2 + u*y/2 + y^2/4',
    terminalCost: formula('x^2/4', ['x']),
  });
  const { value, feedback } = linearQuadraticSolution(problem) ?? {};
  const grid = tensorGrid([uniformAxis('x', -2, 2, 9), uniformAxis('y', -2, 2, 9)]);
  const values = new Float64Array(grid.size);
  forEachNode(grid, (k, [x, y]) => {
    values[k] = value?.({ tau: 1, epsilon: 0.1, x: [x], y: [y] }) ?? 0;
  });
  const found = solvedFeedback(problem, { grid, values })([0.7], [-0.4]) ?? [];
  expect(found[0]).toBeCloseTo(feedback?.({ tau: 1, epsilon: 0.1, x: [0.7], y: [-0.4] })[0] ?? 0, 12);
});

test('there is nothing to choose where U has one point', () => {
  expect(hasChoice(quadratic())).toBe(true);
  expect(hasChoice(quadratic([1, 1]))).toBe(false);
  const names = ['u'];
  expect(hasChoice({ ...quadratic(), controls: { kind: 'values', names, values: [[0], [1]] } })).toBe(true);
  expect(hasChoice({ ...quadratic(), controls: { kind: 'values', names, values: [[0]] } })).toBe(false);
});

describe('a study', () => {
  const small = async (name: string): Promise<Study> => {
    const scenario = readScenario(name);
    const study = { ...scenario.study, epsilon: [1, 0.1, 1e-4], nodes: { x: [26, 51], y: [31] }, paths: null };
    return runStudy(
      { ...scenario, study: { ...study, cell: { ...scenario.study.cell, radius: [2] } } },
      { version: 't' },
    );
  };
  let study: Study;
  beforeAll(async () => {
    study = await small('quadratic');
  });

  test('tables u* for three ε and the limit, and maps it for every ε: full speed where x(x − y) > 0', () => {
    const table = study.tables.find(({ name }) => name === 'feedback');
    expect(new Set(table?.rows.map(({ epsilon }) => epsilon))).toEqual(new Set([1, 0.1, 1e-4, 'limit']));
    expect(table?.columns.map(({ label }) => label)).toEqual(['ε', 'x', 'y', 'u*']);
    for (const { x, y, control_u } of table?.rows ?? []) {
      // Within a cell of the switch the grid decides.
      if (Math.abs(Number(x) - Number(y)) > 0.1)
        expect(control_u).toBe(Number(x) * (Number(x) - Number(y)) > 0 ? 1 : 0);
    }
    const [control, limit] = ['control_u', 'limit_control_u'].map((name) => select(study.fields, name));
    expect(control?.axes.map(({ name }) => name)).toEqual(['epsilon', 'y_control', 'x_control']);
    expect(control?.axes[0].nodes).toEqual([1, 0.1, 1e-4]);
    expect(control?.values).toHaveLength(3 * (limit?.values.length ?? 0));
  });

  test('says nothing of a control that is fixed', { tags: ['full'] }, async () => {
    const fixed = await small('quadratic-uncontrolled');
    expect(fixed.tables.map(({ name }) => name)).not.toContain('feedback');
    expect(fixed.fields.variables.some(({ name }) => name.includes('control_'))).toBe(false);
  });
});
