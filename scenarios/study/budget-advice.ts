import type { Budget, BudgetSum } from '../../src/verification/budget.ts';
import { SAMPLED } from './control-facts.ts';

/** Parameters as they are shown. */
export const budgetLabels: Record<string, string> = {
  dx: 'dx',
  dy: 'dy',
  dt: 'dt',
  inverseX: 'x-box',
  inverseY: 'y-box',
  epsilon: 'ε',
  h: 'h',
  delta: 'δ',
  inverseRadius: 'n',
  controls: 'controls',
  resolution: 'resolution in y',
};

/** What a budget is of: the number found, what its discretisation approximates, and the limit of that. */
export interface BudgetNames {
  readonly found: string;
  readonly value: string;
  readonly limit: string;
}

/** Which parameter to refine next, one sentence per sum. */
export function adviceOf({ parts, discretisation, total }: Budget, names: BudgetNames): string[] {
  const unknown = parts.filter(({ errors }) => errors.some((error) => !Number.isFinite(error)));
  const sums = [
    ...largestOf(`${names.found} − ${names.value}`, discretisation),
    ...(total === null ? [] : largestOf(`${names.found} − ${names.limit}`, total)),
  ];
  if (unknown.length === 0) return sums;
  const isGiven = ({ parameter }: { readonly parameter: string }) => ['controls', 'resolution'].includes(parameter);
  const varied = unknown.filter((part) => !isGiven(part));
  const given = unknown.filter(isGiven).map(({ parameter }) => parameter);
  const missing = varied.map(({ parameter }) => budgetLabels[parameter]).join(', ');
  return [
    ...sums,
    ...(varied.length === 0
      ? []
      : [`The part of ${missing} is unknown: its variation needs more steps than this solve has.`]),
    ...(given.includes('controls') ? [`The part of the controls is unknown: ${SAMPLED}, and so are the sums.`] : []),
    ...(given.includes('resolution')
      ? ['What the y-nodes miss of the invariant measure is unknown, and so are the sums: take more of them.']
      : []),
  ];
}

/** Halving the box means nothing, so a box that dominates is enlarged instead. */
function largestOf(error: string, { largest }: BudgetSum): string[] {
  if (largest === null) return [];
  const { parameter, order, costOfHalving } = largest;
  const label = budgetLabels[parameter];
  const most = `The largest part of ${error} is that of ${label}`;
  if (parameter === 'controls') return [`${most}: refining anything else gains less.`];
  if (!Number.isFinite(order)) return [`${most}: enlarge it next, refining anything else gains less.`];
  const advice = parameter === 'epsilon' ? 'take a smaller ε next' : `refine ${label} next`;
  const cost = costOfHalving === 1 ? 'as much as' : `${costOfHalving.toFixed(1)} times`;
  return [`${most}: ${advice}; a solve with half this part costs ${cost} this one.`];
}
