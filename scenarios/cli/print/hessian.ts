/** M = D²v in H(x,y,p,M), told where there is noise in x or --M was given. */
import type { Hessian } from '../../../src/model/hessian.ts';
import type { Scenario } from '../../scenario.ts';

/** A line for the facts of a result. */
export function hessianFacts(scenario: Scenario, M: Hessian | undefined): [string, string][] {
  const told = hessianJson(scenario, M);
  if (!('M' in told)) return [];
  const rows = told.M.map((row) => row.join(' ')).join('; ');
  return [['M', rows.length > 1 && told.M.length > 1 ? `[${rows}]` : rows]];
}

/** The same for JSON: rows of M. */
export function hessianJson({ problem }: Scenario, M: Hessian | undefined): { readonly M: Hessian } | object {
  if (M === undefined && problem.slowNoise === undefined) return {};
  return { M: M ?? problem.slowDrift.map(() => problem.slowDrift.map(() => 0)) };
}
