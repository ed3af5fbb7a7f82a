/** An error budget as a table under the values, and as data. */
import { describeSpacing, type SpacingFacts } from '../../../solvers/workbench.ts';
import type { Budget, BudgetSum, Known, PartEstimate } from '../../../src/verification/budget.ts';
import { formatError, MISSING } from '../../report/format-number.ts';
import { adviceOf, type BudgetNames, budgetLabels } from '../../study/budget-advice.ts';
import { columns } from './layout.ts';

/** A budget, of grids with what is known of the cells in y. */
type ShownBudget = Budget & { readonly spacing?: SpacingFacts };

/** The budget under the values: one column of signed errors per point. */
export function shownBudget(budget: ShownBudget | null, points: readonly string[], names: BudgetNames): string {
  if (budget === null) return '';
  const { parts, discretisation, total } = budget;
  const rowsOf = (of: PartEstimate['of']) => parts.filter((part) => part.of === of).map(partRow);
  const rows = [
    ...rowsOf('discretisation'),
    ...sumRows(`${names.found} − ${names.value}`, discretisation),
    ...rowsOf('homogenisation'),
    ...(total === null ? [] : sumRows(`${names.found} − ${names.limit}`, total)),
  ];
  const { widest = null } = budget.spacing ?? {};
  const sentences = [...adviceOf(budget, names), ...(widest === null ? [] : [describeSpacing(widest)])];
  const advice = sentences.map((sentence) => `  ${sentence}\n`);
  return `\n${columns(['error of', 'order', ...points, 'halving costs'], rows, 1)}\n${advice.join('')}`;
}

function partRow({ parameter, order, errors, costOfHalving }: PartEstimate): string[] {
  const shownOrder = Number.isFinite(order) ? String(order) : MISSING;
  const cost = parameter === 'controls' ? MISSING : `× ${costOfHalving.toFixed(1)}`;
  return [budgetLabels[parameter], shownOrder, ...shownErrors(errors), cost];
}

function sumRows(label: string, { estimated, exact }: BudgetSum): string[][] {
  const row = (name: string, errors: Known) => [name, '', ...shownErrors(errors), ''];
  return [row(label, estimated), ...(exact.some((error) => error !== null) ? [row('exactly', exact)] : [])];
}

function shownErrors(errors: Known): string[] {
  return errors.map((error) => (error === null || !Number.isFinite(error) ? MISSING : formatError(error)));
}

/** The budget as data, or undefined; null for orders of errors that decay faster than any power and unknown parts. */
export function budgetJson(budget: ShownBudget | null, names: BudgetNames) {
  if (budget === null) return undefined;
  const sum = ({ estimated, exact, largest }: BudgetSum) => ({ estimated, exact, largest: largest?.parameter ?? null });
  return {
    parts: budget.parts.map(({ order, ...part }) => ({ ...part, order: Number.isFinite(order) ? order : null })),
    discretisation: sum(budget.discretisation),
    total: budget.total === null ? null : sum(budget.total),
    advice: adviceOf(budget, names),
    ...(budget.spacing === undefined ? {} : { spacing: budget.spacing.widest }),
    solves: budget.solves,
  };
}
