/**
 * The box where μ_x lives, for one frozen x and any m ≤ 3: by widening, then zooming in on the marginals of the
 * stationary measure of a coarse L_h, which needs no potential.
 */

import { frozenOnBox } from '../../src/generator/frozen-at.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { contractionBox } from '../../src/measure/contraction-box.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { wellsIn } from '../../src/measure/wells.ts';
import { oncePerProblem } from '../../src/model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';

/**
 * Nodes per axis of the coarse generators, one after the other, and the marginal weight, relative to the largest,
 * below which an end is far enough. Gibbs weights are exact on every grid: 8 deviations of a Gaussian. Without a
 * potential coarse cells spread the tails, so that more of them are taken and less is asked: 7 deviations, and 6 for
 * m = 3.
 */
const PROBE = {
  gibbs: { 2: { nodes: [61], negligible: 1e-14 }, 3: { nodes: [27], negligible: 1e-14 } },
  stationary: { 2: { nodes: [101, 201], negligible: 1e-11 }, 3: { nodes: [41, 61], negligible: 1e-8 } },
} as const;
const ATTEMPTS = 40;
/**
 * An end whose marginal is this part of the largest is no tail. Where one is left after so many doublings of the box
 * the process wanders off or is so slow that its y-box must be given; further ones would take minutes to say the same.
 */
const HEAVY_END = 0.1;
const DOUBLINGS = { heavy: 3, most: 10 } as const;

/**
 * One interval per fast axis; outside, marginal densities are negligible beside their maxima (m = 1: 1e-22). The
 * search is made once per problem and x. Throws InputError if there is none.
 */
export function supportBox(problem: Problem, x: Coordinates): readonly Interval[] {
  return boxAt(problem, x);
}

const boxAt = oncePerProblem((problem, x): readonly Interval[] => {
  const { m } = dimensionsOf(problem);
  if (m === 1) return [supportAt(problem, x)];
  const { nodes, negligible } = PROBE[problem.fast.kind === 'drift' ? 'stationary' : 'gibbs'][m];
  const most = problem.fast.kind === 'drift' ? contractionBox(problem, x) : null;
  let box = most ?? Array.from({ length: m }, () => ({ lower: -8, upper: 8 }));
  let level = 0;
  let doublings = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const axes = box.map((side, a) => uniformAxis(`y${a + 1}`, side.lower, side.upper, nodes[level]));
    const wells = deepWells(problem, x, box, negligible);
    const found = marginals(problem, x, axes);
    if (found.some((marginal) => marginal.some(Number.isNaN))) break;
    const sides = found.map((marginal, a) =>
      occupied(marginal, axes[a], { negligible, wells: wells.map((at) => at[a]), most: most?.[a] ?? null }),
    );
    const reaches = sides.some(({ kind }) => kind === 'wider');
    const isHeavy = sides.some(({ isHeavy }) => isHeavy);
    // Coarse cells spread a measure: a finer look before a wider one, where what they spread may be a tail.
    if (reaches && level + 1 < nodes.length && !(isHeavy && doublings > 0)) {
      level++;
      continue;
    }
    if (reaches && doublings >= (isHeavy ? DOUBLINGS.heavy : DOUBLINGS.most)) break;
    box = sides.map(({ side }) => side);
    if (reaches) {
      level = 0;
      doublings++;
    }
    if (!sides.every(({ kind }) => kind === 'settled')) continue;
    level++;
    if (level === nodes.length) return box;
  }
  throw new InputError(
    `no y-box carries the invariant measure at x = ${Array.from(x).join(', ')}`,
    'its density does not decay on the nodes of a probe: the fast process is not recurrent, or turns too fast for them',
    'give domain.y, or a fast drift that points inward far from the origin (recurrence)',
    problem.fast.kind === 'drift' ? 'fastDrift' : 'fastPotential',
  );
});

/** Wells of the potential that carry mass, which a probe on nodes may miss. */
function deepWells(problem: Problem, x: Coordinates, box: readonly Interval[], negligible: number) {
  if (problem.fast.kind === 'drift') return [];
  const wells = wellsIn(problem.fast.potential, x, box);
  return wells.filter(({ value }) => wells[0].value - value > Math.log(negligible)).map(({ at }) => at);
}

/** Multigrid relaxes node by node: no axis may be finer than another by more (measured: 4 converges, 8 does not). */
const FINER = 4;
const FEWEST = 17;

/**
 * Axes for a solve on the box: `nodes` ≥ 3 on every side, fewer on sides that would be more than 4 times finer. Throws
 * RangeError as uniformAxis does.
 */
export function evenAxes(box: readonly Interval[], nodes: number): Axis[] {
  const widths = box.map(({ lower, upper }) => upper - lower);
  const spacing = Math.max(...widths) / (nodes - 1) / FINER;
  return namedAxes(box, (a) => Math.min(nodes, Math.max(FEWEST, Math.round(widths[a] / spacing) + 1)));
}

/** Axes on which μ_x is summed: `nodes` on every side where weights are known to be Gibbs, else those of the solve. */
export function measureAxes({ fast }: Problem, box: readonly Interval[], nodes: number): Axis[] {
  return fast.kind === 'drift' ? evenAxes(box, nodes) : namedAxes(box, () => nodes);
}

function namedAxes(box: readonly Interval[], nodes: (axis: number) => number): Axis[] {
  return box.map(({ lower, upper }, a) => uniformAxis(box.length === 1 ? 'y' : `y${a + 1}`, lower, upper, nodes(a)));
}

function marginals(problem: Problem, x: Coordinates, axes: readonly Axis[]): Float64Array[] {
  const { nodes, stationary } = frozenOnBox(problem, x, axes);
  const { shape, strides } = nodes.grid;
  const sums = axes.map((axis) => new Float64Array(axis.nodes));
  stationary().weights.forEach((weight, j) => {
    for (let a = 0; a < sums.length; a++) sums[a][Math.floor(j / strides[a]) % shape[a]] += weight;
  });
  return sums;
}

interface Occupation {
  readonly side: Interval;
  /** Whether the measure reaches an end, or fills less than half of the side. */
  readonly kind: 'wider' | 'narrower' | 'settled';
  /** Whether the measure at an end is no tail, or no number. */
  readonly isHeavy: boolean;
}

/** The side to try next, which holds the wells and stays within `most`. */
function occupied(
  marginal: Float64Array,
  axis: Axis,
  limits: { readonly negligible: number; readonly wells: readonly number[]; readonly most: Interval | null },
): Occupation {
  const { lower, upper, nodes, spacing } = axis;
  const { negligible, wells, most } = limits;
  const largest = marginal.reduce((a, b) => Math.max(a, b), 0);
  const significant = (weight: number) => weight > negligible * largest;
  const positions = wells.map((at) => Math.round((at - lower) / spacing));
  const first = Math.min(marginal.findIndex(significant), ...positions);
  const last = Math.max(marginal.findLastIndex(significant), ...positions);
  if (first > 0 && last < nodes - 1) {
    const side = { lower: lower + (first - 1) * spacing, upper: lower + (last + 1) * spacing };
    return { side, kind: last - first >= nodes / 2 ? 'settled' : 'narrower', isHeavy: false };
  }
  const isHeavy = !(Math.max(marginal[0], marginal[nodes - 1]) < HEAVY_END * largest);
  const reach = (upper - lower) / 2;
  if (most === null) return { side: { lower: lower - reach, upper: upper + reach }, kind: 'wider', isHeavy };
  return { side: most, kind: 'settled', isHeavy };
}
