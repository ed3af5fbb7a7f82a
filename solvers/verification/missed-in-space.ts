/** What nodes in y, m = 2, 3, miss of invariant measures at one x, in sentences and as shares (docs/theory.md §5.5). */
import { type Axis, coordinate, uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { attractingPoints } from '../../src/measure/attracting-points.ts';
import { LARGEST_MISSED, SAFETY, SPACINGS } from '../../src/measure/resolution.ts';
import {
  cellsOf,
  type MissedInSpace,
  missedBetween,
  missedWells,
  spaceWells,
} from '../../src/measure/resolution-in-space.ts';
import { fastScale } from '../../src/model/fast-scale.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import { attractingSentence, layerSentence, unresolved } from './resolution-sentences.ts';

/** What a grid misses of μ_x at one x: a share of it, and a sentence where that is more than a hundredth. */
export interface MissedOnGrid {
  readonly share: number;
  readonly doubt: string | null;
}

/** Growth of the node counts that are tried, and how often. */
const [GROWTH, TRIES] = [1.5, 10];
/** A layer is two spacings wide where b changes by this over a cell times the spacing: h²/σ² with h = 2σ. */
const STEEPEST = 4;
/** Nodes per axis on which layers are looked for, at most. */
const NODES = { 2: 101, 3: 31 } as const;

/** The wells of a potential and what changes between nodes; points and layers that another drift is drawn to. */
export function missedInSpace(problem: Problem, x: Coordinates, axes: readonly Axis[]): MissedOnGrid {
  if (problem.fast.kind === 'drift') return { share: 0, doubt: drawnTo(problem, x, axes) };
  const narrow = missedWells(spaceWells(problem, x, axes), axes);
  const between = missedBetween(problem, x, axes);
  const ofWells = narrow?.share ?? 0;
  // What the nodes do not see of a well counts in both.
  const share = Math.max(ofWells, Math.min(1, SAFETY * (between?.missed ?? 0)));
  if (share <= LARGEST_MISSED) return { share, doubt: null };
  if (narrow !== null && ofWells > LARGEST_MISSED) {
    const { well, axis, nodes } = narrow;
    const [width, { spacing }] = [well.widths[axis], axes[axis]];
    return { share, doubt: unresolved({ x, axis: axes[axis], spacing, at: well.at, width, share, nodes }) };
  }
  // What is wider than two spacings is charged, not refused.
  const isNarrow = between?.widths.some((width, a) => width < SPACINGS * axes[a].spacing) ?? false;
  return { share, doubt: between !== null && isNarrow ? changing(problem, x, axes, { ...between, share }) : null };
}

function changing(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  { at, widths, share }: MissedInSpace & { readonly share: number },
): string {
  const worst = axes.reduce(
    (top, { spacing }, a) => (spacing / widths[a] > axes[top].spacing / widths[top] ? a : top),
    0,
  );
  const axis = axes[worst];
  const first = Math.max(GROWTH, (SPACINGS * axis.spacing) / widths[worst]);
  let nodes: number | null = null;
  for (let k = 0; k < TRIES && nodes === null; k++) {
    const finer = axes.map(({ name, lower, upper, nodes: count }) =>
      uniformAxis(name, lower, upper, Math.ceil((count - 1) * first * GROWTH ** k) + 1),
    );
    const found = missedBetween(problem, x, finer);
    if (found !== null && SAFETY * found.missed <= LARGEST_MISSED) nodes = finer[worst].nodes;
  }
  return unresolved({ x, axis, spacing: axis.spacing, at, width: widths[worst], share, nodes });
}

/** What they add to the error of a mean of h: ∫ |ρ − ρ_nodes| |h − c| dy, and the range of h for the wells. */
export function missedMeanInSpace(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  h: (y: Coordinates) => number,
): number {
  let [least, most] = [Infinity, -Infinity];
  forEachNode(tensorGrid(axes), (_, y) => {
    const value = h(y);
    [least, most] = [Math.min(least, value), Math.max(most, value)];
  });
  const ofWells = (missedWells(spaceWells(problem, x, axes), axes)?.share ?? 0) * (most - least);
  const [found, between] = [cellsOf(problem, x, axes), missedBetween(problem, x, axes)];
  if (found === null || between === null) return ofWells;
  const values = found.cells.map(({ middle }) => h(middle));
  const centre = values.reduce((sum, value, k) => sum + found.mass[k] * value, 0);
  return between.differences.reduce(
    (sum, difference, k) => sum + SAFETY * Math.abs(difference) * Math.abs(values[k] - centre),
    ofWells,
  );
}

/** Attracting points, or where there are none layers, that are narrower than two spacings. */
function drawnTo(problem: Problem, x: Coordinates, axes: readonly Axis[]): string | null {
  const points = attractingPoints(problem, x, axes);
  if (points === null) return null;
  if (points.length === 0) return layerOn(problem, x, axes);
  const narrowness = (a: number, widths: readonly number[]) => (SPACINGS * axes[a].spacing) / widths[a];
  const all = points.flatMap(({ at, widths }) => axes.map((axis, a) => ({ at, axis, a, widths })));
  const worst = all.reduce((top, one) => (narrowness(one.a, one.widths) > narrowness(top.a, top.widths) ? one : top));
  if (narrowness(worst.a, worst.widths) <= 1) return null;
  return attractingSentence(x, worst.axis, { at: worst.at, width: worst.widths[worst.a] });
}

/** Where b/α turns from one node to the next towards a place between them, too steeply for the spacing. */
function layerOn(problem: Problem, x: Coordinates, axes: readonly Axis[]): string | null {
  const { fast } = fastScale(problem)?.unit ?? problem;
  const most = NODES[axes.length as 2 | 3];
  const strides = axes.map(({ nodes }) => Math.ceil((nodes - 1) / (most - 1)));
  const looked = tensorGrid(
    axes.map(({ name, lower, spacing, nodes }, a) => {
      const cells = Math.floor((nodes - 1) / strides[a]);
      return uniformAxis(name, lower, lower + cells * strides[a] * spacing, cells + 1);
    }),
  );
  let worst = { steepness: STEEPEST, at: [] as readonly number[], a: 0 };
  const next = new Float64Array(axes.length);
  forEachNode(looked, (_, y) => {
    for (let a = 0; a < axes.length; a++) {
      next.set(y);
      next[a] = Math.min(y[a] + axes[a].spacing, coordinate(axes[a], axes[a].nodes - 1));
      const [here, there] = [fast.drift[a](x, y), fast.drift[a](x, next)];
      const steepness = (here - there) * axes[a].spacing;
      if (!(here > 0 && there < 0 && steepness > worst.steepness)) continue;
      worst = { steepness, at: Array.from(y, (value, b) => (value + next[b]) / 2), a };
    }
  });
  if (worst.at.length === 0) return null;
  const nodes = Math.ceil((axes[worst.a].nodes - 1) * Math.sqrt(worst.steepness / STEEPEST)) + 1;
  return layerSentence(x, axes[worst.a], { at: worst.at, nodes });
}
