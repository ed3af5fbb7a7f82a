import type { GridFunction } from '../../src/grid/grid-function.ts';
import { undershootOf } from '../../src/time/value-floor.ts';
import type { MethodDiagnostics } from './method-diagnostics.ts';

type Undershot = Pick<MethodDiagnostics, 'floor' | 'outcome' | 'monotone'> & Pick<GridFunction, 'values'>;

/** What values on nodes that no problem has give away. */
export function undershootAdvice(solution: Undershot): string[] {
  return advice(solution, 'the value falls', undershootOf(solution.values, solution.floor) ?? 0);
}

/** The same of values at points between nodes, where they fall below those on the nodes. */
export function undershootBetween(solution: Undershot, points: readonly number[]): string[] {
  const { values, floor } = solution;
  const between = undershootOf(points, floor) ?? 0;
  return between > (undershootOf(values, floor) ?? 0) ? advice(solution, 'between nodes the value falls', between) : [];
}

function advice({ floor, outcome, monotone }: Undershot, fact: string, most: number): string[] {
  if (most === 0 || outcome.status !== 'converged') return [];
  const remedy = monotone === 'never' ? 'take more nodes, or the scheme filtered' : 'take more nodes or a wider x-box';
  return [
    `${fact} ${Number(most.toPrecision(2))} below min f − T max ℓ⁻ = ${Number(floor.toPrecision(6))}, ` +
      `which no exact value does – the error there is at least as large – ${remedy}`,
  ];
}
