/** The optimal feedback of a solved value function. */
import type { GridFunction } from '../src/grid/grid-function.ts';
import type { Problem } from '../src/model/problem.ts';
import type { ControlLaw } from '../src/paths/path-system.ts';
import type { Snapshot } from '../src/time/checkpoint.ts';
import { lawOf } from './ensembles/path-control.ts';

/**
 * u*(t,x,y) ∈ argmin_{u∈U} [φ(x,y,u)·D_xV(T−t,x,y) + ℓ(x,y,u)] of a solution of the ε-problem, or ν̂(t,x,y) of one of
 * the effective equation: D_xV by central differences, multilinear between the nodes and continued beyond them. A
 * solution with K `snapshots` knows u* on K windows of time; one without, that of t = 0 alone, which it gives for
 * every t. The result may be reused by the next call. Throws InputError for a value of another number of variables.
 */
export function feedback(
  problem: Problem,
  value: GridFunction & { readonly history?: readonly Snapshot[] },
): ControlLaw {
  const { grid, values, history = [] } = value;
  const known = history.length > 0 ? history : [{ tau: problem.horizon, values }];
  return lawOf(problem, { kind: 'argmin', value: { grid, values, history: known } });
}
