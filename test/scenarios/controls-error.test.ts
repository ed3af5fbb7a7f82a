/** What the minimum over the controls leaves, in budgets and bounds: 0 where it is exact, unknown where U is sampled. */

import { expect, test } from 'vitest';
import { shownBudget } from '../../scenarios/cli/print/budget.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { budgetTable } from '../../scenarios/study/budget-table.ts';
import { domainCases } from '../../scenarios/study/domain-table.ts';
import { epsilonCases } from '../../scenarios/study/epsilon-table.ts';
import { gridCases } from '../../scenarios/study/grid-tables.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';
import { solveCases } from '../../scenarios/study/solved.ts';
import { valueTable, valueTableCases } from '../../scenarios/study/value-tables.ts';
import { discreteEnclosure, solveEpsilonHjb, uniformAxis } from '../../solvers/index.ts';
import { errorBudget } from '../../src/verification/budget.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { hjb, json } from '../run-hjb.ts';

const grid = '--epsilon 0.1 --nodes x=11,y=21 --at x=1,y=0 --no-sharp';

test('an affine and a quadratic minimum leave nothing, and nothing is called sampled', async () => {
  const found = await json(`solve linear-quadratic ${grid}`);
  expect(found).toMatchObject({ controlsError: 0, enclosed: 'discrete value' });
  const { stdout } = await hjb(`solve quadratic ${grid} --budget`);
  expect(stdout).toMatch(/\n +controls +– +0 +–\n/);
  expect(stdout + JSON.stringify(found)).not.toContain('sampled');
});

/** The scenario on few nodes; `closed` with a running cost of which nothing is known but its values. */
function small(name: string, closed: boolean): Scenario {
  const { problem, ...scenario } = readScenario(name);
  const cost = problem.runningCost;
  const study = { ...scenario.study, epsilon: [0.1], nodes: { x: [7, 13], y: [9] } };
  const controls = { kind: 'box', names: ['u'], lower: [-8], upper: [8] } as const;
  const sampled = { ...problem, controls, runningCost: (...at: Parameters<NonNullable<typeof cost>>) => cost!(...at) };
  return { ...scenario, study, problem: closed ? sampled : problem };
}

async function tablesOf(scenario: Scenario) {
  const setup = prepareStudy(scenario);
  const cases = [...valueTableCases(setup), ...epsilonCases(setup), ...gridCases(setup), ...domainCases(setup)];
  const solved = await solveCases(setup, cases, {});
  return { values: valueTable(setup, solved), budget: await budgetTable(setup, solved) };
}

/** A row of the budget at the points of its columns. */
function atPoints({ rows, columns }: ConvergenceTable, part: string) {
  const row = rows.find((each) => each.part === part);
  return columns.filter(({ kind }) => kind === 'error').map(({ key }) => row?.[key]);
}

test('a study of a quadratic running cost has bounds, and a part of 0', async () => {
  const { values, budget } = await tablesOf(small('linear-quadratic', false));
  for (const { bound } of values.rows) expect(bound).toBeGreaterThan(0);
  expect(atPoints(budget, 'controls')).toEqual([0, 0, 0]);
  expect(JSON.stringify([values, budget])).not.toContain('sampled');
});

test('of a sampled U a study has no bounds and no sums, and says why', async () => {
  const { values, budget } = await tablesOf(small('linear-quadratic', true));
  for (const { value, ...row } of values.rows) {
    expect(value).toEqual(expect.any(Number));
    expect(row).toMatchObject({ bound: null, discreteLower: null, discreteUpper: null });
  }
  expect(values.notes).toContainEqual(expect.stringMatching(/^No bound is known: U is sampled/));
  for (const part of ['controls', 'V − Vᵉ, sum', 'V − v, sum']) {
    expect(atPoints(budget, part)).toEqual([null, null, null]);
  }
  expect(budget.notes).toContainEqual(
    expect.stringMatching(/^The part of the controls is unknown: U is sampled.*so are the sums\.$/),
  );
  expect(budget.notes[0]).toContain('that of dx');
});

test('an unknown part makes the sum unknown, and is printed as no number', async () => {
  const names = { found: 'V', value: 'Vᵉ', limit: 'v' };
  const plan = {
    base: { dx: 0.1 },
    parts: [{ parameter: 'dx', of: 'discretisation', order: 1, effort: 2, to: { dx: 0.2 } }] as const,
    solve: async ({ dx }: { readonly dx?: number }) => [dx ?? 0],
  };
  const text = shownBudget(await errorBudget({ ...plan, controls: [Infinity] }), ['x = 1'], names);
  expect(text).toMatch(/\n +controls +– +– +–\n +V − Vᵉ +– *\n/);
  const bounded = await errorBudget({ ...plan, controls: [0.25] });
  expect(bounded.discretisation.estimated[0]).toBeCloseTo(0.35, 14);
  expect(shownBudget(bounded, ['x = 1'], names)).toContain('that of controls: refining anything else gains less');
});

test('a minimum that is too large widens the discrete enclosure below, and none is proved for samples', async () => {
  const { problem } = readScenario('linear-quadratic');
  const grid = { slow: [uniformAxis('x', -2, 2, 7)], fast: [uniformAxis('y', -4, 4, 7)] };
  const solution = await solveEpsilonHjb(problem, { ...grid, epsilon: 0.1 });
  const of = (controlsError: number) =>
    discreteEnclosure(problem, { ...grid, solution: { ...solution, controlsError } });
  const [exact, wider] = [of(0), of(0.5)];
  expect(wider!.below).toBeCloseTo(exact!.below - 0.5, 14);
  expect(wider!.above).toBe(exact!.above);
  expect(of(Infinity)).toBeNull();
});
