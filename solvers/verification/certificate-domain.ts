/**
 * Truncation of the domain: how much the value changes on K when the x-box grows by 25 % at equal spacing and steps,
 * and how much of the invariant measure the y-box leaves out.
 */

import { product } from '../../src/control/control-set.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode } from '../../src/grid/grid.ts';
import { nodesInside } from '../../src/grid/grid-function.ts';
import { LARGEST_OUTSIDE, worstOutside } from '../../src/measure/grid-resolution.ts';
import { tailMass } from '../../src/measure/tail-mass.ts';
import { requireMovingFrame } from '../../src/model/moving-frame.ts';
import type { Interval, Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import type { Finding } from '../../src/verification/certificate.ts';
import { supremumDifference } from '../../src/verification/norms.ts';
import { evenAxes, supportBox } from '../averaging/fast-support.ts';
import type { EffectiveSolution } from '../effective-hjb.ts';
import { stationaryMeasure } from '../invariant-measure.ts';
import { type ByMethod, type CertificateOptions, solved } from './certificate-options.ts';

/** Relative to sup|V| on K; first-order errors on grids in ordinary use are larger. */
const LARGEST_CHANGE = 1e-3;

/** Frozen x per slow axis at which tails are looked at, by n; nodes on the longest side of a support, m > 1. */
const PROBES = { 1: 9, 2: 3 } as const;
const TAIL_NODES = 101;

type SolvedOptions = ByMethod & { readonly solution: EffectiveSolution; readonly steps: number };

/** Certifies both boxes. */
export async function certifyDomain(problem: Problem, options: SolvedOptions, run: Run): Promise<Finding> {
  const { slow, fast, solution } = options;
  const { grid, values } = solution;
  const [lower, upper] = [options.observe.lower, options.observe.upper].map((end) => end.slice(0, grid.axes.length));
  const change = options.domainChange ?? (await changeOf(problem, options, { lower, upper }, run));
  const size = nodesInside(grid, lower, upper).reduce((most, k) => Math.max(most, Math.abs(values[k])), 0);
  const { mass: tail } = largestTail(framedIn(problem, options), slow, fast);
  const measured = { 'change on K, x-box +25 %': change, 'sup|V| on K': size, 'mass outside the y-box': tail };
  const failing = (cause: string, remedy: string): Finding => ({
    status: 'fails',
    measured,
    where: null,
    cause,
    remedy,
  });
  if (!Number.isFinite(change)) return failing('a value on K is not finite', 'take more steps');
  if (change > LARGEST_CHANGE * size) {
    const cause = `the ends of the x-box show on K: more than ${LARGEST_CHANGE} of sup|V|`;
    return failing(cause, 'choose a wider domain.x, a smaller K, or a scheme with less viscosity');
  }
  if (!(tail <= LARGEST_OUTSIDE)) {
    const remedy = 'choose a wider domain.y, or leave it out: it is then chosen from the measure';
    return failing('the y-box cuts off part of the invariant measure', remedy);
  }
  return { status: 'holds', measured, note: 'x-box +25 % at equal spacing and steps; tails of μ_x for x in the x-box' };
}

/** The problem in whose coordinates the fast axes are. */
function framedIn(problem: Problem, options: CertificateOptions): Problem {
  return 'frame' in options && options.frame === 'moving' ? requireMovingFrame(problem).problem : problem;
}

/** The x at which μ_x has the largest mass outside the y-box, and that mass. */
interface Tail {
  readonly x: readonly number[];
  readonly mass: number;
}

/**
 * The largest mass of μ_x outside the y-box: at 401 points along one x-axis where there are formulas, n = m = 1, else
 * at corners and between. Throws InputError if μ_x does not decay.
 */
export function largestTail(problem: Problem, slow: readonly Interval[], fast: readonly Interval[]): Tail {
  const found = slow.length === 1 && fast.length === 1 ? worstOutside(problem, slow[0], fast[0]) : null;
  if (found !== null) return { x: [found.x], mass: massOutside(problem, [found.x], fast) };
  const tails = probesOf(slow).map((x): Tail => ({ x, mass: massOutside(problem, x, fast) }));
  // A mass that is no number is worse than any.
  return tails.reduce((most, tail) => (tail.mass <= most.mass || Number.isNaN(most.mass) ? most : tail));
}

function probesOf(slow: readonly Interval[]): number[][] {
  const count = PROBES[slow.length as 1 | 2];
  return product(
    slow.map(({ lower, upper }) =>
      Array.from({ length: count }, (_, k) => lower + ((upper - lower) * k) / (count - 1)),
    ),
  );
}

/** The mass of μ_x outside the y-box. */
function massOutside(problem: Problem, x: readonly number[], fast: readonly Interval[]): number {
  if (fast.length === 1) return tailMass(problem, x, fast[0]);
  const { grid, weights } = stationaryMeasure(problem, x, evenAxes(supportBox(problem, x), TAIL_NODES));
  let mass = 0;
  forEachNode(grid, (j, y) => {
    if (fast.some(({ lower, upper }, a) => y[a] < lower || y[a] > upper)) mass += weights[j];
  });
  return mass;
}

/** Solves on the wider box, and once more on the own box where that one needs more steps. */
async function changeOf(
  problem: Problem,
  options: SolvedOptions,
  box: { readonly lower: readonly number[]; readonly upper: readonly number[] },
  run: Run,
): Promise<number> {
  const { solution, steps } = options;
  const slow = options.slow.map(widened);
  const fewest = await solved(problem, { ...options, slow, steps: undefined, solution: undefined }, run);
  if (fewest.steps > steps) {
    const own = await solved(problem, { ...options, steps: fewest.steps }, run);
    return supremumDifference(own, fewest, box);
  }
  const wide = fewest.steps === steps ? fewest : await solved(problem, { ...options, slow, steps }, run);
  return supremumDifference(solution, wide, box);
}

function widened(axis: Axis): Axis {
  const cells = Math.ceil((axis.nodes - 1) / 8);
  const reach = cells * axis.spacing;
  return uniformAxis(axis.name, axis.lower - reach, axis.upper + reach, axis.nodes + 2 * cells);
}
