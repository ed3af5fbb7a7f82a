import type { Budget, BudgetSum, PartEstimate } from '../../src/verification/budget.ts';
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

/** Which parameter to refine next, one sentence per sum, and why parts are unknown. */
export function adviceOf({ parts, discretisation, total }: Budget, names: BudgetNames): string[] {
  const unknown = parts.filter((part) => part.unknown !== null);
  const hidden = (of: PartEstimate['of']) => unknown.some((part) => part.of === of);
  const isPartial = hidden('discretisation');
  return [
    ...largestOf(`${names.found} − ${names.value}`, discretisation, isPartial),
    ...(total === null
      ? []
      : largestOf(`${names.found} − ${names.limit}`, total, isPartial || hidden('homogenisation'))),
    ...unknown.map((part) => unknownPart(part, [...discretisation.estimated, ...(total?.estimated ?? [])])),
  ];
}

function unknownPart({ parameter, unknown }: PartEstimate, sums: readonly number[]): string {
  if (parameter === 'controls') return `The part of the controls is unknown: ${SAMPLED}, and so are the sums.`;
  if (parameter === 'resolution')
    return 'What the y-nodes miss of the invariant measure is unknown, and so are the sums: a warning says more.';
  const far = sums.every(Number.isFinite)
    ? 'at most a fifth of the sums, which leave it out'
    : 'and so are the sums of which it may be more';
  return `The part of ${budgetLabels[parameter]} is unknown, ${far}: ${unknown}.`;
}

/** Halving the box means nothing, so a box that dominates is enlarged instead. */
function largestOf(error: string, { largest }: BudgetSum, isPartial: boolean): string[] {
  if (largest === null) return [];
  const { parameter, order, costOfHalving } = largest;
  const label = budgetLabels[parameter];
  const most = `The largest ${isPartial ? 'known ' : ''}part of ${error} is that of ${label}`;
  if (parameter === 'controls') return [`${most}: refining anything else gains less.`];
  if (!Number.isFinite(order)) return [`${most}: enlarge it next, refining anything else gains less.`];
  const advice = parameter === 'epsilon' ? 'take a smaller ε next' : `refine ${label} next`;
  const cost = costOfHalving === 1 ? 'as much as' : `${costOfHalving.toFixed(1)} times`;
  return [`${most}: ${advice}; a solve with half this part costs ${cost} this one.`];
}
