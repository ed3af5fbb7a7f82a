import type { GridFunction } from '../../src/grid/grid-function.ts';
import { undershootOf } from '../../src/time/value-floor.ts';
import type { MethodDiagnostics } from './solve-with-method.ts';

type Undershot = Pick<MethodDiagnostics, 'floor' | 'outcome' | 'monotone'> & Pick<GridFunction, 'values'>;

/** What values that no problem has give away, on the nodes and at `points` between them. */
export function undershootAdvice(solution: Undershot, points: readonly number[] = []): string[] {
  const { floor, outcome, monotone, values } = solution;
  const most = Math.max(undershootOf(values, floor) ?? 0, undershootOf(points, floor) ?? 0);
  if (most === 0 || outcome.status !== 'converged') return [];
  const remedy = monotone === 'never' ? 'take more nodes, or the scheme filtered' : 'take more nodes or a wider x-box';
  return [
    `the value falls ${Number(most.toPrecision(2))} below min f − T max ℓ⁻ = ${Number(floor.toPrecision(6))}, ` +
      `which no exact value does – the error there is at least as large – ${remedy}`,
  ];
}
