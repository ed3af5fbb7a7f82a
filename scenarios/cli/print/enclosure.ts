/** Bounds beside values: a proven enclosure of the discrete value, and apart from it the estimated error. */
import { discreteEnclosure, type EnclosedRun } from '../../../solvers/index.ts';
import { type MethodDiagnostics, notEnclosed } from '../../../solvers/workbench.ts';
import type { Budget } from '../../../src/verification/budget.ts';
import { betweenNodes, type Enclosure } from '../../../src/verification/enclosure.ts';
import { formatError } from '../../report/format-number.ts';
import type { Scenario } from '../../scenario.ts';
import type { PointValue } from './points.ts';

/**
 * The enclosure at points of values interpolated with this degree per axis; null where the scheme has none, or nodes
 * in y do not hold and resolve the invariant measure.
 */
export function enclosureOf(
  { problem }: Scenario,
  run: EnclosedRun & { readonly solution: Pick<MethodDiagnostics, 'doubts'> },
  degree: readonly number[],
): Enclosure | null {
  if (run.solution.doubts.length > 0) return null;
  const enclosure = discreteEnclosure(problem, run);
  return enclosure === null ? null : betweenNodes(enclosure, degree);
}

/** The values with the bounds of the discrete ones and, where there is a budget, the estimated error V − exact. */
export function withBounds<Point extends PointValue>(
  at: readonly Point[],
  enclosure: Enclosure | null,
  budget: Budget | null,
) {
  return at.map((point, k) => ({
    ...point,
    lower: enclosure === null || point.value === null ? null : point.value + enclosure.below,
    upper: enclosure === null || point.value === null ? null : point.value + enclosure.above,
    ...(budget === null ? {} : { estimatedError: budget.discretisation.estimated[k] }),
  }));
}

/** What is proved of the values shown, as a line of facts. */
export function shownEnclosure(
  { problem }: Scenario,
  run: EnclosedRun & { readonly solution: Pick<MethodDiagnostics, 'doubts'> },
  enclosure: Enclosure | null,
): string {
  const isDoubted = run.solution.doubts.length > 0;
  if (enclosure === null && isDoubted) return 'none: the y-nodes do not hold and resolve the invariant measure';
  if (enclosure === null) return `none: ${notEnclosed(problem, run)}`;
  const size = Math.max(-enclosure.below, enclosure.above);
  return `the exact discrete values lie within ${formatError(size)} of those shown (monotone scheme)`;
}

/** What `lower` and `upper` hold, as a word of the JSON documents; null where there are none. */
export function enclosedWhat(enclosure: Enclosure | null): 'discrete value' | null {
  return enclosure === null ? null : 'discrete value';
}
