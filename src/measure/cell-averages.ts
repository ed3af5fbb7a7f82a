/**
 * A function of y on the nodes of a grid, with the mean over the cell of a node in place of its value wherever it may
 * jump within the cell: sums over the nodes and difference equations then meet the jump up to O(h²), not O(h).
 *
 * The cell, half a spacing to each side, is halved along all axes; parts that are proved to be smooth count with their
 * middles, the others are halved again. What is left after the last halving is `doubt`.
 */
import type { Axis } from '../grid/axis.ts';
import { forEachNode, type Grid, nodeCoordinates } from '../grid/grid.ts';
import { type Breaks, type BreakTest, breaksOnLine, hasTest, JUMP } from '../model/breaks.ts';
import type { Coordinates } from '../model/problem.ts';

export interface CellAverages {
  readonly values: Float64Array;
  /** Nodes in whose cells there may be a jump. */
  readonly jumps: readonly JumpCell[];
  /** Breaks that the formulas show one by one, on a line; none in space. */
  readonly kinks: readonly Kink[];
}

/** Where a function on a line breaks, and how its slope changes there. */
export interface Kink {
  readonly at: number;
  readonly change: number;
}

export interface JumpCell {
  readonly node: number;
  /** The difference of the largest and the least value met in the cell. */
  readonly height: number;
  /** Bound of the difference between the value and the mean over the cell, from the parts where the jump may be. */
  readonly doubt: number;
}

/** Halvings: on a line down to round-off, in space as many as the number of parts allows. */
const HALVINGS = { 1: 40, 2: 5, 3: 3 } as const;
/** Parts in all cells together, and those of one cell that a plane through it meets: so many · 2^((m−1)·halvings). */
const [MOST_PARTS, MET] = [1e6, 6] as const;
/** Open parts of a cell, times 2^((m−1)·level): where more are, it may jump all over (arguments that name controls). */
const MOST_OPEN = 8;

/** The values, at all nodes or at `nodes` alone (0 elsewhere); without known breaks those of the function itself. */
export function cellAverages(
  grid: Grid,
  h: (y: Coordinates) => number,
  breaks: Breaks,
  nodes?: ArrayLike<number>,
): CellAverages {
  const values = new Float64Array(grid.size);
  const asked = nodes === undefined ? null : new Uint8Array(grid.size);
  if (asked !== null && nodes !== undefined) for (let i = 0; i < nodes.length; i++) asked[nodes[i]] = 1;
  forEachNode(grid, (j, y) => {
    if (asked === null || asked[j] === 1) values[j] = h(y);
  });
  if (!hasTest(breaks)) return { values, jumps: [], kinks: [] };
  const kinks = grid.axes.length === 1 ? kinksOnLine(grid.axes[0], h, breaks) : [];
  const flagged = nodesThatMayBreak(grid, breaks, 0.5, JUMP).filter((j) => asked === null || asked[j] === 1);
  const jumps = flagged.map((node) => averaged(grid, h, breaks, { node, halvings: halvingsFor(grid, flagged.length) }));
  // Heights before the values change: neighbours count among them where a cell is not halved at all.
  const heights = jumps.map(({ node, height }) => Math.max(height, spread(grid, values, node)));
  jumps.forEach(({ node, value }) => {
    values[node] = value;
  });
  return {
    values,
    jumps: jumps.map(({ node, open }, k) => ({ node, height: heights[k], doubt: open * heights[k] })),
    kinks,
  };
}

/** Breaks closer than the first are one; slopes beside one are taken so far away at most, both in cells. */
const [SAME, BESIDE] = [1e-6, 1e-5] as const;

function kinksOnLine(axis: Axis, h: (y: Coordinates) => number, breaks: Breaks): Kink[] {
  const merged: { lower: number; upper: number }[] = [];
  for (const { lower, upper } of breaksOnLine(breaks, axis)) {
    const last = merged.at(-1);
    if (last !== undefined && lower - last.upper < SAME * axis.spacing) last.upper = upper;
    else merged.push({ lower, upper });
  }
  return merged.map(({ lower, upper }, k) => {
    const gaps = [lower - (merged[k - 1]?.upper ?? axis.lower), (merged[k + 1]?.lower ?? axis.upper) - upper];
    const [before, after] = gaps.map((gap) => Math.min(BESIDE * axis.spacing, Math.max(gap, 0) / 4));
    const slope = (y: number, step: number) => (step > 0 ? (h([y + step]) - h([y])) / step : 0);
    return { at: lower / 2 + upper / 2, change: slope(upper + after, after) - slope(lower - 2 * before, before) };
  });
}

function halvingsFor({ shape }: Grid, cells: number): number {
  const m = shape.length as 1 | 2 | 3;
  return m === 1
    ? HALVINGS[1]
    : Math.max(0, Math.min(HALVINGS[m], Math.floor(Math.log2(MOST_PARTS / cells / MET) / (m - 1))));
}

/** The mean over a cell, the range of what was met, and the share of the cell that is open. */
function averaged(
  grid: Grid,
  h: (y: Coordinates) => number,
  test: BreakTest,
  { node, halvings }: { readonly node: number; readonly halvings: number },
) {
  const m = grid.axes.length;
  const centre = new Float64Array(m);
  nodeCoordinates(centre, grid, node);
  let [least, most, value] = [Infinity, -Infinity, 0];
  const take = (part: Float64Array, share: number): void => {
    const found = h(part);
    [least, most] = [Math.min(least, found), Math.max(most, found)];
    value += share * found;
  };
  const mayJump = (part: Float64Array, level: number): boolean => {
    grid.axes.forEach(({ spacing }, a) => {
      const reach = spacing * 2 ** -(level + 1);
      [test.lower[a], test.upper[a]] = [part[a] - reach, part[a] + reach];
    });
    return test.kind() === JUMP;
  };
  let parts: Float64Array[] = [centre];
  for (let level = 0; ; level++) {
    const share = 2 ** (-level * m);
    const open = parts.filter((part) => {
      const jumps = mayJump(part, level);
      if (!jumps) take(part, share);
      return jumps;
    });
    if (level >= halvings || open.length > MOST_OPEN * 2 ** (level * (m - 1))) {
      for (const part of open) take(part, share);
      return { node, value, open: open.length * share, height: most - least };
    }
    if (open.length === 0) return { node, value, open: 0, height: most - least };
    parts = open.flatMap((part) => halved(grid, part, level + 1));
  }
}

function halved({ axes }: Grid, part: Float64Array, level: number): Float64Array[] {
  return Array.from({ length: 2 ** axes.length }, (_, corner) =>
    part.map((y, a) => y + ((corner >> a) & 1 ? 1 : -1) * axes[a].spacing * 2 ** -(level + 1)),
  );
}

/** The difference of the largest and the least of a value and its neighbours. */
function spread({ shape, strides }: Grid, values: Float64Array, node: number): number {
  let [least, most] = [values[node], values[node]];
  for (let a = 0; a < shape.length; a++) {
    const k = Math.floor(node / strides[a]) % shape[a];
    for (const other of [k > 0 ? node - strides[a] : node, k < shape[a] - 1 ? node + strides[a] : node]) {
      least = Math.min(least, values[other]);
      most = Math.max(most, values[other]);
    }
  }
  return most - least;
}

/** The nodes in whose boxes, `reach` spacings to each side, there may be a break as bad as `kind`; none is missed. */
export function nodesThatMayBreak(grid: Grid, test: BreakTest, reach: number, kind: number): number[] {
  const m = grid.axes.length;
  const found: number[] = [];
  const visit = (first: readonly number[], last: readonly number[]): void => {
    for (let a = 0; a < m; a++) {
      const { lower, spacing } = grid.axes[a];
      test.lower[a] = lower + (first[a] - reach) * spacing;
      test.upper[a] = lower + (last[a] + reach) * spacing;
    }
    if (test.kind() < kind) return;
    const widths = first.map((from, a) => last[a] - from);
    const axis = widths.indexOf(Math.max(...widths));
    if (widths[axis] === 0) {
      found.push(first.reduce((index, k, a) => index + k * grid.strides[a], 0));
      return;
    }
    const middle = first[axis] + (widths[axis] >> 1);
    visit(first, last.with(axis, middle));
    visit(first.with(axis, middle + 1), last);
  };
  visit(
    grid.shape.map(() => 0),
    grid.shape.map((nodes) => nodes - 1),
  );
  return found;
}
