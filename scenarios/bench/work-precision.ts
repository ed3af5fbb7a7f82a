/**
 * Error against time of every method: Vᵉ at ε = 1e-8 and v of a scenario, both against the exact v, over refined grids
 * in x. The grid in y stays fixed and fine: its error, of order 2, is the same for all.
 */
import { solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';
import { withKnownSolutions } from '../../src/exact/known-solutions.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { allMethods, type EquationName, type Method } from '../../src/time/schemes.ts';
import { type Box, supremumError } from '../../src/verification/norms.ts';
import { fastAxes, fastDomain, observedBox, slowAxes } from '../grids.ts';
import type { Scenario } from '../scenario.ts';

/** One solve: what it cost and how wrong it was. */
export interface WorkPrecision {
  readonly equation: EquationName;
  readonly scheme: string;
  readonly time: string;
  /** Nodes in x and y. */
  readonly nodes: readonly number[];
  readonly steps: number;
  /** Wall time of the solve, the shortest of three if it is short. */
  readonly seconds: number;
  /** sup |·− v| on K. */
  readonly error: number;
}

/** So small that Vᵉ and v differ by less than any grid error. */
const EPSILON = 1e-8;
const FAST_NODES = 101;
const REPEATS = 3;
/** A solve as long as this is timed once. */
const LONG = 0.5;

/** Solves with every method that reaches the limit, on grids of `slowNodes`. Throws RangeError where v is not known. */
export async function workPrecision(
  given: Scenario,
  slowNodes: readonly number[],
  run: { readonly kernel: Kernel; readonly clock: () => number; readonly progress: (label: string) => void },
): Promise<WorkPrecision[]> {
  const scenario = { ...given, problem: withKnownSolutions(given.problem, given.domain.x) };
  if (scenario.problem.exact?.limit === undefined) throw new RangeError(`no exact v of ${scenario.name}`);
  const rows: WorkPrecision[] = [];
  // The steps of a method that is not asymptotic preserving grow like 1/ε.
  const methods = (['epsilon', 'effective'] as const)
    .flatMap(allMethods)
    .filter(({ time }) => time.asymptoticPreserving);
  for (const method of methods) {
    for (const nodes of slowNodes) {
      run.progress(`${method.equation}, ${method.scheme.name}, ${nodes} nodes`);
      rows.push(await measured(scenario, method, nodes, run));
    }
  }
  return rows;
}

async function measured(
  scenario: Scenario,
  method: Method,
  nodes: number,
  { kernel, clock }: { readonly kernel: Kernel; readonly clock: () => number },
): Promise<WorkPrecision> {
  const { problem } = scenario;
  const { equation, scheme, time } = method;
  const options = {
    slow: slowAxes(scenario, [nodes]),
    fast: fastAxes(fastDomain(scenario), [FAST_NODES]),
    scheme: scheme.name,
    time: time.name,
  };
  const solve = () =>
    equation === 'epsilon'
      ? solveEpsilonHjb(problem, { ...options, epsilon: EPSILON }, { kernel, clock })
      : solveEffectiveHjb(problem, options, { kernel, clock });
  const solution = await solve();
  let { seconds } = solution;
  for (let repeat = 1; repeat < REPEATS && seconds < LONG; repeat++) {
    seconds = Math.min(seconds, (await solve()).seconds);
  }
  const { x, y } = observedBox(scenario);
  const sides = equation === 'epsilon' ? [...x, ...y] : x;
  const box: Box = { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
  const exact = (point: Float64Array) => problem.exact?.limit?.(problem.horizon, point.subarray(0, 1)) ?? Number.NaN;
  return {
    equation,
    scheme: scheme.name,
    time: time.name,
    nodes: [nodes, FAST_NODES],
    steps: solution.steps,
    seconds,
    error: supremumError(solution, box, exact),
  };
}

/**
 * Seconds to reach `error`: between two grids log–log, beyond the finest as for order 1 (time ∝ dx⁻²), and at most
 * those of the coarsest grid where that is good enough.
 */
export function secondsTo(error: number, rows: readonly WorkPrecision[]): { seconds: number; extrapolated: boolean } {
  const sorted = [...rows].sort((a, b) => b.error - a.error);
  const after = sorted.findIndex((row) => row.error <= error);
  if (after === 0) return { seconds: sorted[0].seconds, extrapolated: false };
  if (after < 0) {
    const finest = sorted[sorted.length - 1];
    return { seconds: finest.seconds * (finest.error / error) ** 2, extrapolated: true };
  }
  const [worse, better] = [sorted[after - 1], sorted[after]];
  const weight = Math.log(worse.error / error) / Math.log(worse.error / better.error);
  return { seconds: worse.seconds * (better.seconds / worse.seconds) ** weight, extrapolated: false };
}
