/** The error budget of the finest solve at the moderate ε, from the cases of the other tables: no solve of its own. */

import { describeSpacing, type SpacingFacts, spacingFacts } from '../../solvers/workbench.ts';
import { sample } from '../../src/grid/grid-function.ts';
import type { Interval } from '../../src/model/problem.ts';
import {
  type Budget,
  type BudgetPart,
  type BudgetSum,
  errorBudget,
  type PartEstimate,
} from '../../src/verification/budget.ts';
import type { Level } from '../../src/verification/refinement.ts';
import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import { adviceOf, budgetLabels } from './budget-advice.ts';
import { effectiveCase, gridLabel, valueCase } from './cases.ts';
import { fastLevels } from './grid-tables.ts';
import { finestOf, levels } from './levels.ts';
import { axesOf, placeOf, type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';
import { valuePoints } from './value-tables.ts';

const NAMES = { found: 'V', value: 'Vᵉ', limit: 'v' };

/** A case with the level of its parameters and the values at the points. */
interface Found {
  readonly level: Level;
  readonly values: readonly number[];
}

/** Signed parts of V − Vᵉ and V − v at points of K, their sums, the exact errors where known, and what to refine. */
export async function budgetTable(setup: StudySetup, solved: Solved): Promise<ConvergenceTable> {
  const { nx, ny } = levels(setup);
  const points = valuePoints(setup);
  const spacing = spacingOf(setup);
  const budget = await studyBudget(setup, solved, spacing.doubt);
  // JSON has no −0, so that a table with one would not read back as it was.
  const shown = (error: number | null) => (error === null || !Number.isFinite(error) ? null : error + 0);
  // x=1 y=0: no key of a CSV needs quotes.
  const keys = points.map((point) => placeOf(setup, point).replaceAll(' = ', '=').replaceAll(',', ''));
  const cells = (errors: readonly (number | null)[]) =>
    Object.fromEntries(errors.map((error, k) => [keys[k], shown(error)]));
  const partRow = ({ parameter, order, errors }: PartEstimate): Record<string, Cell> => ({
    part: parameter === 'dx' ? 'dx with dt' : budgetLabels[parameter],
    order: Number.isFinite(order) ? order : null,
    ...cells(errors),
  });
  const sumRows = (part: string, { estimated, exact }: BudgetSum): Record<string, Cell>[] => [
    { part: `${part}, sum`, order: null, ...cells(estimated) },
    ...(exact.some((error) => error !== null) ? [{ part: `${part}, exactly`, order: null, ...cells(exact) }] : []),
  ];
  const rowsOf = (of: PartEstimate['of']) => budget.parts.filter((part) => part.of === of).map(partRow);
  return {
    name: 'budget',
    title: 'Error budget',
    caption:
      `Of V at ε = ${setup.moderate} on ${gridLabel(setup, nx[nx.length - 1], ny)} nodes: what each ` +
      'parameter adds to the error, signed, by Richardson from the solves of the other tables (dx with dt between ' +
      'the finest levels, dy and the boxes on the coarsest x-grid, ε from the limit on the same grid and steps); ' +
      'controls: a bound of what the minimum over U leaves. ' +
      'Sums hold to leading order.',
    columns: [
      { key: 'part', label: 'error of', kind: 'parameter' },
      { key: 'order', label: 'order', kind: 'parameter' },
      ...points.map((point, k) => ({ key: keys[k], label: placeOf(setup, point), kind: 'error' as const })),
    ],
    rows: [
      ...rowsOf('discretisation'),
      ...sumRows('V − Vᵉ', budget.discretisation),
      ...rowsOf('homogenisation'),
      ...(budget.total === null ? [] : sumRows('V − v', budget.total)),
    ],
    series: [],
    notes: [...adviceOf(budget, NAMES), ...(spacing.widest === null ? [] : [describeSpacing(spacing.widest)])],
  };
}

/** The cells in y of the finest solve beside the deviations of y. */
function spacingOf(setup: StudySetup): SpacingFacts {
  const { nx, ny } = finestOf(setup);
  return spacingFacts(setup.problem, axesOf(setup, { nx, ny }, 'standard'), setup.moderate);
}

function studyBudget(setup: StudySetup, solved: Solved, doubt: string | null): Promise<Budget> {
  const { base, variations } = variationsOf(setup, solved, doubt);
  const known = [base, ...variations.flatMap(({ from, to, checks = [] }) => [from, to, ...checks])];
  const { value, limit } = setup.problem.exact ?? {};
  const tau = setup.problem.horizon;
  const points = valuePoints(setup);
  const { nx, ny } = finestOf(setup);
  const { controlsError, doubts } = solved.value(valueCase(setup.moderate, nx, ny));
  return errorBudget({
    base: base.level,
    values: base.values,
    parts: variations.map(({ from, to, checks = [], ...part }) => ({
      ...{ ...part, from: from.level, to: to.level },
      checks: checks.map(({ level }) => level),
    })),
    controls: points.map(() => controlsError),
    isResolved: doubts.length === 0,
    solve: async (level) => (known.find((found) => sameLevel(found.level, level)) as Found).values,
    exact: {
      value: points.map((point) => value?.({ tau, epsilon: setup.moderate, ...split(setup, point) }) ?? null),
      limit: points.map((point) => limit?.(tau, split(setup, point).x) ?? null),
    },
  });
}

type Variation = Omit<BudgetPart, 'from' | 'to' | 'checks'> & {
  readonly from: Found;
  readonly to: Found;
  readonly checks?: readonly Found[];
};

function variationsOf(
  setup: StudySetup,
  solved: Solved,
  doubt: string | null,
): { base: Found; variations: readonly Variation[] } {
  const { moderate: epsilon, order, slow, fast } = setup;
  const [n, m] = [slow.length, fast.length];
  const { nx, ny } = levels(setup);
  const [coarser, finest] = nx.slice(-2);
  const all = fastLevels(setup);
  const nextY = all[all.indexOf(ny) - 1] ?? all[0];
  const of = 'discretisation';
  const value = (...wanted: Parameters<typeof valueCase>) => foundValue(setup, solved, wanted);
  const base = value(epsilon, finest, ny);
  const { nx: x, ny: y } = setup.coarse;
  const box = (name: 'wide-x' | 'wide-y') => ({
    from: value(epsilon, x, y, { stepsOf: name }),
    to: value(epsilon, x, y, { box: name }),
  });
  const variations: Variation[] = [
    {
      ...{ parameter: 'dx', of, order: order.together, effort: n + 1, from: base, to: value(epsilon, coarser, ny) },
      checks: nx.slice(0, -2).map((nodes) => value(epsilon, nodes, ny)),
    },
    {
      ...{ parameter: 'dy', of, order: 2, effort: m, from: value(epsilon, x, ny), to: value(epsilon, x, nextY), doubt },
      checks: all.filter((nodes) => nodes !== ny && nodes !== nextY).map((nodes) => value(epsilon, x, nodes)),
    },
    { parameter: 'inverseX', of, order: Infinity, effort: 1, ...box('wide-x') },
    { parameter: 'inverseY', of, order: Infinity, effort: 1, ...box('wide-y') },
    {
      parameter: 'epsilon',
      of: 'homogenisation',
      order: 1,
      effort: 0,
      from: base,
      to: sameGridLimit(setup, solved, base),
    },
  ];
  return { base, variations };
}

function foundValue(setup: StudySetup, solved: Solved, wanted: Parameters<typeof valueCase>): Found {
  const solution = solved.value(valueCase(...wanted));
  const n = setup.slow.length;
  const [x, y] = [solution.grid.axes[0], solution.grid.axes[n]];
  const level = {
    dx: x.spacing,
    dy: y.spacing,
    dt: setup.problem.horizon / solution.steps,
    inverseX: widthOf(setup.slow[0]) / widthOf(x),
    inverseY: widthOf(setup.fast[0]) / widthOf(y),
    epsilon: solution.epsilon,
  };
  return { level, values: valuePoints(setup).map((point) => sample(solution, point, setup.degree)) };
}

function widthOf({ lower, upper }: Interval): number {
  return upper - lower;
}

function sameGridLimit(setup: StudySetup, solved: Solved, base: Found): Found {
  const { nx, ny } = levels(setup);
  const limit = solved.effective(effectiveCase(nx[nx.length - 1], ny, { steps: 'same' }));
  const values = valuePoints(setup).map((point) => sample(limit, split(setup, point).x, setup.degree));
  return { level: { ...base.level, epsilon: 0 }, values };
}

function sameLevel(a: Level, b: Level): boolean {
  return Object.entries(a).every(([parameter, size]) => b[parameter] === size);
}
