import type { Grid } from '../../src/grid/grid.ts';
import type { CellAverages, JumpCell, Kink } from '../../src/measure/cell-averages.ts';
import { type Breaks, hasTest, JUMP } from '../../src/model/breaks.ts';
import { weightBreakBound } from './weight-breaks.ts';

/** Σ_j |π_{j−1} − 2π_j + π_{j+1}|/4 for a Gaussian of deviation σ: this times h²/σ². At most 1, for one node. */
const CURVATURE = Math.sqrt(2 / (Math.PI * Math.E)) / 2;
/** Sampled at a spacing of 1.4 deviations that sum reads 0.74 to 0.79 of it. */
const SAMPLED = 1.3;
/** Spacing beyond which, in deviations, nodes can miss what lies between them: no bound is given. */
const COARSEST = 1.4;
/** For what the expansion at a kink leaves out: on 32 nodes a drawn problem was .25 % beyond it. */
const SAFETY = 1.1;
/**
 * Jump cells in a row on a line across which slopes are compared; along more of them second differences count. In space
 * a front that is slanted to the axis makes long rows.
 */
const LONGEST_RUN = 3;

/**
 * Bound of Σ_j π_j h_j − ∫h dμ for Gibbs weights on a grid, h the means over cells where it jumps (cell-averages.ts),
 * summed over the axes (docs/theory.md §5.5):
 *
 *   kinks      a jump J in the slope of h costs at most h²J(ρ + h²|ρ″|/20)/12 on every line across it (Euler–Maclaurin,
 *              |B₂| ≤ 1/6, |B₄| ≤ 1/30, (hρ)‴ jumps by 3Jρ″): (1.1/12) Σ_j (π_j + |δ²π_j|/10) |δ²h_j|, where the
 *              second term is taken twice; kinks that formulas show count one by one, the rest of δ²h beside them;
 *              beside jumps of h the slopes on both sides are compared instead;
 *   smoothness 2 exp(−2π²σ²/h²) relative, what the trapezoid rule leaves of a Gaussian, by four mean deviations of h;
 *   jumps      a jump J in a cell whose mean is taken leaves J|∫(ρ − ρ_j)| ≤ J(|δπ|/8 + |δ²π|/24), J|δπ|/24 in cells
 *              beside it, and what its place is not known by;
 *   weights    see weight-breaks.ts.
 *
 * σ, the deviation along an axis, is read off Σ|δ²π|; Infinity where it is no more than 1/1.4 of the spacing.
 */
export function quadratureBound(
  grid: Grid,
  { values: h, jumps, kinks: known }: CellAverages,
  weights: Float64Array,
  breaks: Breaks,
): number {
  const { shape, strides } = grid;
  const mean = weights.reduce((sum, weight, j) => sum + weight * h[j], 0);
  const spread = weights.reduce((sum, weight, j) => sum + weight * Math.abs(h[j] - mean), 0);
  const jumping = new Uint8Array(h.length);
  for (const { node } of jumps) jumping[node] = 1;
  const deviations = h.map((value) => value - mean);
  const bends = bendsOf(grid, known);
  let bound = weightBreakBound(grid, deviations, weights, breaks) + jumpBound(grid, jumps, weights, breaks);
  for (let a = 0; a < shape.length; a++) {
    let [kinks, curvature] = [0, 0];
    const stride = strides[a];
    const most = shape.length === 1 ? LONGEST_RUN : shape[a];
    for (let j = 0; j < h.length; j++) {
      const k = Math.floor(j / stride) % shape[a];
      if (k === 0 || k === shape[a] - 1) continue;
      const bend = Math.abs(weights[j + stride] - 2 * weights[j] + weights[j - stride]);
      const change =
        jumps.length > 0 && touches(jumping, j, stride)
          ? slopeChange(h, jumping, j, { k, nodes: shape[a], stride, most })
          : null;
      const second = h[j + stride] - 2 * h[j] + h[j - stride];
      kinks += (weights[j] + bend / 10) * (bends.sizes[j] + (change ?? Math.abs(second - bends.sums[j])));
      curvature += bend / 4;
    }
    const squared = (SAMPLED * curvature) / CURVATURE;
    if (squared > COARSEST ** 2) return Infinity;
    bound += (SAFETY * kinks) / 12 + 8 * Math.exp((-2 * Math.PI ** 2) / squared) * spread;
  }
  return bound;
}

/** What the known kinks of h make of δ²h at the nodes: two in one cell may cancel in it, but not in their errors. */
function bendsOf({ axes, size }: Grid, kinks: readonly Kink[]) {
  const [sums, sizes] = [new Float64Array(size), new Float64Array(size)];
  for (const { at, change } of kinks) {
    const { lower, spacing, nodes } = axes[0];
    const cell = Math.min(Math.max(Math.floor((at - lower) / spacing), 0), nodes - 2);
    const part = (at - lower) / spacing - cell;
    for (const [node, share] of [
      [cell, 1 - part],
      [cell + 1, part],
    ]) {
      sums[node] += share * spacing * change;
      sizes[node] += share * spacing * Math.abs(change);
    }
  }
  return { sums, sizes };
}

interface Place {
  /** The number of the node along the axis, and how many there are. */
  readonly k: number;
  readonly nodes: number;
  readonly stride: number;
  /** The longest row of jump cells. */
  readonly most: number;
}

/**
 * In place of |δ²h| beside a jump: the change of slope across the cells that may jump, at each of three nodes at least
 * one and a half times (a mean over a cell moves a kink in it by an eighth, beside the twelfth), with the second
 * differences on both sides. Null where the cells are too many, or reach an end.
 */
function slopeChange(
  h: Float64Array,
  jumping: Uint8Array,
  j: number,
  { k, nodes, stride, most }: Place,
): number | null {
  let [left, right] = [0, 0];
  while (left <= most + 1 && k - left > 0 && touches(jumping, j - left * stride, stride)) left++;
  while (right <= most + 1 && k + right < nodes - 1 && touches(jumping, j + right * stride, stride)) right++;
  if (left + right - 1 > most + 2 || k - left < 1 || k + right > nodes - 2) return null;
  const [from, to] = [j - left * stride, j + right * stride];
  const slopes = [h[from + stride] - h[from], h[to] - h[to - stride]];
  const second = (node: number) => Math.abs(h[node + stride] - 2 * h[node] + h[node - stride]);
  return 1.5 * Math.abs(slopes[1] - slopes[0]) + second(from) + second(to);
}

function touches(jumping: Uint8Array, j: number, stride: number): boolean {
  return jumping[j - stride] + jumping[j] + jumping[j + stride] > 0;
}

/** What jumps of h leave where means over cells are taken; half of a jump beside one of the weights. */
export function jumpBound(grid: Grid, jumps: readonly JumpCell[], weights: Float64Array, breaks: Breaks): number {
  let bound = 0;
  const mayJump = (node: number) => {
    if (!hasTest(breaks)) return false;
    grid.axes.forEach(({ lower, spacing }, a) => {
      const k = Math.floor(node / grid.strides[a]) % grid.shape[a];
      breaks.lower[a] = lower + (k - 0.5) * spacing;
      breaks.upper[a] = lower + (k + 0.5) * spacing;
    });
    return breaks.kind() === JUMP;
  };
  for (const { node, height, doubt } of jumps) {
    let [largest, change] = [weights[node], 0];
    grid.strides.forEach((stride, a) => {
      const k = Math.floor(node / stride) % grid.shape[a];
      const before = k > 0 ? weights[node - stride] : 0;
      const after = k < grid.shape[a] - 1 ? weights[node + stride] : 0;
      largest = Math.max(largest, before, after);
      const slope = Math.max(Math.abs(after - weights[node]), Math.abs(weights[node] - before));
      change += slope / 6 + Math.abs(after - 2 * weights[node] + before) / 24;
    });
    bound += largest * doubt + height * (mayJump(node) ? Math.max(change, largest / 2) : change);
  }
  return bound;
}
