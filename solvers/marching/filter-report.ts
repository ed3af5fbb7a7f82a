import type { Grid } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';

/** Where a filtered scheme fell back to its monotone step. */
export interface FilterReport {
  /** C in c = C·dx. */
  readonly constant: number;
  /** Fraction of all node updates that fell back. */
  readonly fraction: number;
  /** The same over the x-nodes away from kinks of the value: above LARGEST_SMOOTH_FRACTION, C is too small. */
  readonly smoothFraction: number;
  /** x-nodes taken for kinks with their neighbourhoods, and for the edge of the plateau min f. */
  readonly kinks: number;
  /** Those of them where second differences of V are far above the usual ones: as at a kink. */
  readonly sharpKinks: number;
}

/** Where V is smooth the filter should pass; more fallback than this returns the order of the monotone scheme. */
export const LARGEST_SMOOTH_FRACTION = 0.05;

/** An x-node whose second difference exceeds the median one this many times is taken for a kink. */
const KINK = 10;

/** Second differences below this part of sup|V| are rounding of many steps. */
const ROUNDING = 1e-9;

/** A kink is smeared over this many cells on each side. */
const KINK_CELLS = 3;

/** So many cells away second differences are those beyond the kink, and at it larger by this factor. */
const BEYOND = 2 * KINK_CELLS;
const PEAK = 2;

/** What the counts of fallen nodes per x-node mean for a value found in `steps` steps. */
export function filterReport(
  value: GridFunction,
  slow: Grid,
  counts: Float64Array,
  { steps, rate, floor }: { readonly steps: number; readonly rate: number; readonly floor: number },
): FilterReport {
  const updates = (steps * value.values.length) / slow.size;
  const fraction = (nodes: readonly number[]) =>
    nodes.reduce((sum, s) => sum + counts[s], 0) / (updates * Math.max(nodes.length, 1));
  const all = Array.from(counts, (_, s) => s);
  const kinked = kinksOf(value, slow, floor);
  const spacing = Math.max(...slow.axes.map((axis) => axis.spacing));
  return {
    constant: rate / spacing,
    fraction: fraction(all),
    smoothFraction: fraction(all.filter((s) => !kinked.has(s))),
    kinks: all.filter((s) => kinked.has(s)).length,
    sharpKinks: sharpKinksOf(value, slow).size,
  };
}

/** What a filter that fell back too often away from kinks, or not even at kinks, gives away; none for any other. */
export function filterAdvice(filter: FilterReport | null): string[] {
  if (filter === null) return [];
  if (filter.fraction === 0 && filter.sharpKinks > 0) {
    return [
      'the filter never fell back, although second differences of V jump as at a kink – its constant ' +
        `C = ${Number(filter.constant.toPrecision(3))} is so large that the values are those of the scheme weno, ` +
        'which is not monotone – compare with the scheme upwind, or give a smaller filterConstant',
    ];
  }
  if (filter.smoothFraction <= LARGEST_SMOOTH_FRACTION) return [];
  const percent = Number((100 * filter.smoothFraction).toPrecision(2));
  return [
    `the filter fell back to the monotone step in ${percent} % of the updates away from kinks – its constant ` +
      `C = ${Number(filter.constant.toPrecision(3))} is too small for this value, so the order there is 1 – ` +
      'compare with the scheme weno, or give a larger filterConstant',
  ];
}

/** The x-nodes near a kink of the value at some y, or near its plateau min f, at whose edge D²V jumps. */
function kinksOf({ values }: GridFunction, slow: Grid, floor: number): Set<number> {
  const kinked = new Set<number>();
  const least = new Float64Array(slow.size).fill(Infinity);
  for (let from = 0; from < values.length; from += slow.size) {
    for (let s = 0; s < slow.size; s++) least[s] = Math.min(least[s], values[from + s]);
  }
  slow.axes.forEach((_, axis) => {
    const { inside, most, median } = bends(values, slow, axis);
    inside.forEach((s, i) => {
      if (most[i] > KINK * median || least[s] <= floor + median) spread(kinked, s, slow.strides[axis]);
    });
  });
  return kinked;
}

/**
 * The x-nodes near a kink of the value at some y: there second differences are far above the usual ones, and above
 * those beyond the kink on both sides, as they are not where V bends more and more towards an end of the box.
 */
function sharpKinksOf({ values }: GridFunction, slow: Grid): Set<number> {
  const kinked = new Set<number>();
  const slack = ROUNDING * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  slow.axes.forEach(({ nodes }, axis) => {
    const stride = slow.strides[axis];
    const { inside, most, median } = bends(values, slow, axis);
    inside.forEach((s, i) => {
      const position = Math.floor(s / stride) % nodes;
      if (most[i] <= KINK * median + slack || position <= BEYOND || position >= nodes - 1 - BEYOND) return;
      for (let k = s; k < values.length; k += slow.size) {
        const around = Math.max(
          bendAt(values, k - BEYOND * stride, stride),
          bendAt(values, k + BEYOND * stride, stride),
        );
        if (bendAt(values, k, stride) > Math.max(KINK * median + slack, PEAK * around)) spread(kinked, s, stride);
      }
    });
  });
  return kinked;
}

/** |second differences| along an axis: the largest over y at every x-node but those at the ends, and their median. */
function bends(values: Float64Array, slow: Grid, axis: number) {
  const { nodes } = slow.axes[axis];
  const stride = slow.strides[axis];
  const inside = Int32Array.from({ length: slow.size }, (_, s) => s).filter((s) => {
    const position = Math.floor(s / stride) % nodes;
    return position > 0 && position < nodes - 1;
  });
  const most = new Float64Array(inside.length);
  for (let from = 0; from < values.length; from += slow.size) {
    for (let i = 0; i < inside.length; i++) most[i] = Math.max(most[i], bendAt(values, from + inside[i], stride));
  }
  return { inside, most, median: most.toSorted()[Math.floor(most.length / 2)] };
}

function bendAt(values: Float64Array, k: number, stride: number): number {
  return Math.abs(values[k + stride] - 2 * values[k] + values[k - stride]);
}

function spread(kinked: Set<number>, s: number, stride: number): void {
  for (let cell = -KINK_CELLS; cell <= KINK_CELLS; cell++) kinked.add(s + cell * stride);
}
