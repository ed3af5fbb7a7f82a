/** Whether noise along the slow axes keeps the steps of a solve from being monotone at every node. */
import { hasCrossTerms, steadyNoise } from '../../src/control/noise-rates.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { Problem } from '../../src/model/problem.ts';
import { noiseLeaves } from '../../src/time/noise-ends.ts';
import { methodOf } from '../../src/time/schemes.ts';
import type { MethodDiagnostics } from '../marching/method-diagnostics.ts';

/** A solve on nodes. */
export interface NoisyRun {
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly solution: Pick<MethodDiagnostics, 'steps' | 'scheme'>;
}

/**
 * Whether explicit steps with noise in x are not monotone near the ends of the x-box; arms along columns end in it.
 * Decided on the rates of the nodes, of noise that controls move at once.
 */
export function noiseAtEnds(problem: Problem, { slow, fast, solution }: NoisyRun): boolean {
  if (problem.slowNoise === undefined || hasCrossTerms(problem)) return false;
  const [inX, inY] = [tensorGrid(slow), tensorGrid(fast)];
  // The ends alone decide it nearly always, and take no memory.
  for (const [i, axis] of slow.entries()) {
    const few = tensorGrid(slow.with(i, uniformAxis(axis.name, axis.lower, axis.upper, 3)));
    const isEnd = (node: number) => Math.floor(node / few.strides[i]) % 3 !== 1;
    const rates = steadyNoise(problem, few, inY);
    if (rates === null || rates[i].some((rate, k) => rate > 0 && isEnd(k % few.size))) return true;
  }
  const { discount = 0, horizon } = problem;
  const { differencing } = methodOf('epsilon', { scheme: solution.scheme }).scheme;
  const steps = { fastNodes: inY.size, dt: horizon / solution.steps, discount };
  return noiseLeaves(steadyNoise(problem, inX, inY) ?? [], differencing, inX, steps);
}
