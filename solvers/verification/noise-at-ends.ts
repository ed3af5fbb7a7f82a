/** Whether noise between the slow nodes keeps the steps of a solve from being monotone at every node. */
import { hasCrossTerms, steadyNoise } from '../../src/control/noise-rates.ts';
import { type SlowNoise, slowNoiseOn } from '../../src/control/slow-noise.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { type Grid, tensorGrid } from '../../src/grid/grid.ts';
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
  if (problem.slowNoise === undefined) return false;
  const { differencing } = methodOf('epsilon', { scheme: solution.scheme }).scheme;
  if (hasCrossTerms(problem) && differencing.crossTerms === 'columns') return false;
  const [inX, inY] = [tensorGrid(slow), tensorGrid(fast)];
  if (!hasCrossTerms(problem) && actsAtEnds(problem, slow, inY)) return true;
  const { discount = 0, horizon } = problem;
  const steps = { fastNodes: inY.size, dt: horizon / solution.steps, discount };
  // Noise that controls move has been found to act at the ends.
  const noise = slowNoiseOn(problem, inX, inY, { slope: [], families: [] })?.as(differencing.crossTerms) as SlowNoise;
  return noiseLeaves(noise, differencing, inX, steps);
}

/** Whether noise along the axes has a rate at an end, or a control moves it: mostly decides, and takes no memory. */
function actsAtEnds(problem: Problem, slow: readonly Axis[], fast: Grid): boolean {
  return slow.some((axis, i) => {
    const few = tensorGrid(slow.with(i, uniformAxis(axis.name, axis.lower, axis.upper, 3)));
    const isEnd = (node: number) => Math.floor(node / few.strides[i]) % 3 !== 1;
    const rates = steadyNoise(problem, few, fast);
    return rates === null || rates[i].some((rate, k) => rate > 0 && isEnd(k % few.size));
  });
}
