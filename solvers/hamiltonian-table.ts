/** H̄ over a table of (x,p): the measure at an x is found once for all p. */

import { paceOf } from '../src/kernel/pace.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { atHessian } from '../src/model/hessian.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../src/model/problem.ts';
import type { Run } from '../src/time/march.ts';
import { supportBox } from './averaging/fast-support.ts';
import { effectiveHamiltonian } from './effective-hamiltonian.ts';
import type { EffectiveHamiltonian, EffectiveHamiltonianOptions } from './hamiltonian-routes.ts';

/** At which points and slopes H̄ is wanted; the other options are those of `effectiveHamiltonian`. */
export interface HamiltonianTableOptions extends Omit<EffectiveHamiltonianOptions, 'x' | 'p'> {
  /** Points of n components. */
  readonly x: readonly Coordinates[];
  /** Slopes of n components. */
  readonly p: readonly Coordinates[];
}

/** The value and stated error at x[i], p[k] stand at i + k·(number of x). */
export interface HamiltonianTable {
  readonly x: readonly Coordinates[];
  readonly p: readonly Coordinates[];
  /** H̄. */
  readonly values: Float64Array;
  /** NaN where nothing is known of the error. */
  readonly errors: Float64Array;
  /** Every doubt once. */
  readonly warnings: readonly string[];
}

/**
 * H̄(x,p,M) at all pairs of some x and p and one M, by one of the methods of `effectiveHamiltonian` and with the same
 * values. Lets the event loop go on between points; a cancel rejects with the reason of the signal. Rejects with
 * InputError as `effectiveHamiltonian` throws.
 */
export async function effectiveHamiltonianTable(
  problem: Problem,
  { x, p, ...options }: HamiltonianTableOptions,
  run: Pick<Run, 'signal' | 'progress' | 'clock'> = {},
): Promise<HamiltonianTable> {
  const count = x.length * p.length;
  const [values, errors] = [new Float64Array(count), new Float64Array(count)];
  const doubts = new Set<string>();
  const pace = paceOf(run.clock, 1);
  for (const [i, point] of x.entries()) {
    const hamiltonian = hamiltonianOf(problem, point, options);
    for (const [k, slope] of p.entries()) {
      run.signal?.throwIfAborted();
      const { value, error, warnings } = hamiltonian(slope);
      values[i + k * x.length] = value;
      errors[i + k * x.length] = error ?? Number.NaN;
      for (const doubt of warnings) doubts.add(doubt);
    }
    run.progress?.((i + 1) / x.length);
    await pace.taken(1);
  }
  return { x, p, values, errors, warnings: [...doubts] };
}

type Known = Pick<EffectiveHamiltonian, 'value' | 'error' | 'warnings'>;

/** p ↦ H̄(x,p). The quadrature on a line keeps its measure; the first p asks all that is to be checked. */
function hamiltonianOf(
  problem: Problem,
  x: Coordinates,
  options: Omit<EffectiveHamiltonianOptions, 'x' | 'p'>,
): (p: Coordinates) => Known {
  const single = (p: Coordinates): Known => effectiveHamiltonian(problem, { ...options, x, p });
  if (options.method !== 'gibbs' || dimensionsOf(problem).m > 1) return single;
  let measure: ReturnType<typeof gibbsMeasure> | null = null;
  let first: Known | null = null;
  return (p) => {
    if (first === null || measure === null) {
      first = single(p);
      const box = options.box ?? supportBox(problem, x);
      measure = gibbsMeasure(atHessian(problem, options.M), x, box[0]);
      return first;
    }
    const { value, error } = measure.hamiltonian(p);
    return { value, error: first.error === Infinity ? Infinity : error, warnings: first.warnings };
  };
}
