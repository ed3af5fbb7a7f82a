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
    sharpKinks: kinksOf(value, slow, -Infinity, ROUNDING * supremum(value.values)).size,
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
function kinksOf({ values }: GridFunction, slow: Grid, floor: number, slack = 0): Set<number> {
  const kinked = new Set<number>();
  const least = new Float64Array(slow.size).fill(Infinity);
  for (let from = 0; from < values.length; from += slow.size) {
    for (let s = 0; s < slow.size; s++) least[s] = Math.min(least[s], values[from + s]);
  }
  slow.axes.forEach(({ nodes }, axis) => {
    const stride = slow.strides[axis];
    const inside = Int32Array.from({ length: slow.size }, (_, s) => s).filter((s) => {
      const position = Math.floor(s / stride) % nodes;
      return position > 0 && position < nodes - 1;
    });
    const curvature = new Float64Array(inside.length);
    for (let from = 0; from < values.length; from += slow.size) {
      for (let i = 0; i < inside.length; i++) {
        const k = from + inside[i];
        curvature[i] = Math.max(curvature[i], Math.abs(values[k + stride] - 2 * values[k] + values[k - stride]));
      }
    }
    const median = curvature.toSorted()[Math.floor(curvature.length / 2)];
    inside.forEach((s, i) => {
      if (curvature[i] <= KINK * median + slack && least[s] > floor + median) return;
      for (let cell = -KINK_CELLS; cell <= KINK_CELLS; cell++) kinked.add(s + cell * stride);
    });
  });
  return kinked;
}

function supremum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
