import { isEndless, product } from '../../src/control/control-set.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { InputError } from '../../src/input/input-error.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { isAffineInControl } from '../../src/model/structure.ts';
import type { Scenario } from '../scenario.ts';
import type { Reader } from './reader.ts';

/** Slopes p that are tried: a running cost that grows faster than linearly stands all of them. */
const slopes = [-1000, -1, 1, 1000];

/**
 * With an endless control the minimum of φ·p + ℓ must exist: where φ is affine in u for slopes of every size at points
 * of the box, else for one of them at least. Decided by the minimisation itself: exactly for quadratics, and by bounds
 * that hold for other formulas.
 */
export function checkGrowth(
  reader: Reader,
  problem: Problem,
  { domain, observe }: Pick<Scenario, 'domain' | 'observe'>,
) {
  if (!isEndless(problem.controls)) return;
  const { n, m } = dimensionsOf(problem);
  const unknown = Array.from({ length: m }, () => ({ lower: -1, upper: 1 }));
  const ys = product((domain.y ?? observe.y ?? unknown).map(pointsOf));
  const ps = slopes.flatMap((size) => Array.from({ length: n }, (_, i) => unit(n, i, size)));
  const needsAll = isAffineInControl({ ...problem, runningCost: undefined });
  for (const x of product(domain.x.map(pointsOf))) {
    for (const y of ys) {
      const refusals = ps.flatMap((p) => refusalAt(problem, { x, y, p }) ?? []);
      if (refusals.length === 0 || (!needsAll && refusals.length < ps.length)) continue;
      const [{ fact, cause, remedy }] = refusals;
      reader.refuse(['model', 'control'], fact, cause, remedy);
    }
  }
}

function refusalAt(
  problem: Problem,
  { x, y, p }: { readonly x: Coordinates; readonly y: Coordinates; readonly p: Coordinates },
): InputError | null {
  try {
    minimumOver(problem).leastAt(x, y, p);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** The ends, the middle, and a point between: 0 is special to many formulas. */
function pointsOf({ lower, upper }: Interval): number[] {
  return [lower, (lower + upper) / 2, lower + 0.7 * (upper - lower), upper];
}

function unit(n: number, i: number, size: number): number[] {
  return Array.from({ length: n }, (_, k) => (k === i ? size : 0));
}
