/**
 * Where e^{−Φ(x,·)} has structure on the line, m = 1, proved from the formula: a partition on which Φ changes by about
 * 1 at most wherever it is less than 30 above its floor, and the range of its slope times the length of the cell by no
 * more than a tenth (of e^Φ where that is more), by enclosures of Φ and of its slope over ever smaller cells
 * (interval branch and bound; Moore 1966). What is left out holds no mass, and on a cell Φ leaves its chord by 1/80:
 * no deeper well can hide between points, and shallower ones only where they are far narrower than the cell.
 */
import { derivative } from '../formula/derivative.ts';
import { treeIn } from '../formula/formula.ts';
import { type IntervalProgram, intervalProgram, middleOf } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { splitPoint } from '../formula/local-minimum.ts';
import { leastChange, sumAbove, sumBelow } from '../formula/outward.ts';
import { gaussLegendre, panelIntegral } from '../grid/quadrature.ts';
import { ellipticReach, within } from '../model/elliptic.ts';
import { unitNoiseTwin } from '../model/fast-scale.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';

/** Above its floor Φ carries no mass: e^−30 = 1e-13. */
export const HIGH = 30;
/** How much Φ may change over a cell and bend on it (times e^{−Φ}), and how uncertain the rise of a drift may be. */
const [CHANGE, BEND, UNCERTAIN] = [1, 0.1, 0.02];
/** Cells that are looked at; ordinary potentials take some hundred. */
const BUDGET = 20_000;
/** Nothing is looked for beyond. */
const FARTHEST = 2 ** 100;
/** Between two edges of a drift. */
const RULE = gaussLegendre(3);

/** Edges of the cells that may hold mass, in ascending order; `isProved`: nothing narrower hides between them. */
interface FineScan {
  readonly edges: Float64Array;
  readonly isProved: boolean;
}

/** [Φ, ∂_yΦ], or [b, ∂_y b] for a drift, and ∂_x of −b over boxes of (x,y); null for a closure. */
export interface Enclosures {
  readonly box: IntervalProgram;
  readonly point: IntervalProgram;
  readonly mixed: IntervalProgram;
}

/** The programs of a problem with formulas, compiled once. */
export const enclosuresOf = oncePerProblem((problem): Enclosures | null => {
  const [ofX, ofY] = namesOf(problem);
  const { fast } = unitNoiseTwin(problem);
  const field = fast.kind === 'potential' ? fast.potential : fast.drift[0];
  const tree = treeIn(field, ofX, ofY);
  if (tree === undefined || ofY.length !== 1) return null;
  const names = [...ofX, ...ofY];
  const slope = derivative(tree, ofY[0]);
  const force = fast.kind === 'potential' ? slope : tree;
  return {
    box: intervalProgram([tree, slope], names, 1),
    point: intervalProgram([tree], names),
    mixed: intervalProgram(
      ofX.map((name) => derivative(force, name)),
      names,
      0,
    ),
  };
});

/**
 * The cells of Φ(x,·) that may hold mass: of a potential on the whole line, of a drift in `window` as far as its noise
 * is not 0; null for closures, which are scanned on points. Made once per problem and x.
 */
export function fineScan(problem: Problem, x: Coordinates, window: Interval): FineScan | null {
  if (problem.fast.kind === 'potential') return scanned(problem, Array.from(x));
  const { lower, upper } = within(ellipticReach(problem, x), window);
  return scanned(problem, [...Array.from(x), lower, upper]);
}

/** The edges in an interval of cells narrower than a scan on points this far apart: what they may have missed. */
export function hiddenPoints(scan: FineScan | null, interval: Interval, apart: number): number[] {
  const edges = scan?.edges ?? new Float64Array(0);
  const found = new Set<number>();
  for (let k = 0; k + 1 < edges.length; k++) {
    if (edges[k + 1] - edges[k] >= apart) continue;
    for (const y of [edges[k], edges[k + 1]]) if (y > interval.lower && y < interval.upper) found.add(y);
  }
  return [...found];
}

const scanned = oncePerProblem((problem, numbers): FineScan | null => {
  const programs = enclosuresOf(problem, []);
  if (programs === null) return null;
  if (problem.fast.kind === 'potential') return potentialScan(programs, numbers);
  const [lower, upper] = numbers.slice(-2);
  return driftScan(problem, programs, { x: numbers.slice(0, -2), window: { lower, upper } });
});

type Side = readonly [number, number];

/**
 * An interval of y with bounds of Φ, or of b, on it, an upper bound in its middle, and the range of its slope times the
 * length: Φ leaves every chord by an eighth of that at most.
 */
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly lower: number;
  readonly upper: number;
  readonly middle: number;
  readonly bend: number;
}

/**
 * Bounds of the first formula of `box` for this x and y in [from, to], by the mean-value form where it does not jump;
 * the natural ones alone where they are at least `enough`.
 */
function encloseOn({ box, point }: Enclosures, n: number, [from, to]: Side, enough = Infinity): Cell {
  box.lower[n] = from;
  box.upper[n] = to;
  box.run(1);
  const [value, slope] = box.results;
  const [lower, upper] = [box.lower[value], box.upper[value]];
  if (box.flags[value] & EMPTY) return { from, to, lower: Infinity, upper: Infinity, middle: Infinity, bend: Infinity };
  const natural = { from, to, lower, upper, middle: Infinity, bend: Infinity };
  if (lower >= enough || !Number.isFinite(to - from)) return natural;
  const y = middleOf(from, to);
  point.lower[n] = point.upper[n] = y;
  point.run();
  const [at] = point.results;
  const middle = point.flags[at] & EMPTY || Number.isNaN(point.upper[at]) ? Infinity : point.upper[at];
  if (box.flags[value] !== 0) return { ...natural, middle };
  box.run(2, 1);
  if (box.flags[slope] & EMPTY) return { ...natural, middle };
  const [least, most] = [box.lower[slope], box.upper[slope]];
  const below = sumBelow(point.lower[at], leastChange(least, most, from, to, y));
  const above = sumAbove(point.upper[at], -leastChange(-most, -least, from, to, y));
  const bend = (most - least) * (to - from);
  return { from, to, lower: Math.max(lower, below), upper: Math.min(upper, above), middle, bend };
}

/** Whether Φ is straight enough for its mass on a cell, so that no dip of 1/80 hides there: also by its range alone. */
function isSettled({ lower, upper, bend }: Cell, floor: number): boolean {
  const straight = Math.min(bend, 8 * (upper - lower));
  return upper - lower <= CHANGE && straight * Math.min(1, Math.exp(floor - lower)) <= BEND;
}

function setSlow({ box, point }: Enclosures, x: Coordinates): void {
  for (let i = 0; i < x.length; i++) box.lower[i] = box.upper[i] = point.lower[i] = point.upper[i] = x[i];
}

function isNarrow(from: number, to: number): boolean {
  return to - from <= 1e-13 * (1 + Math.min(Math.abs(from), Math.abs(to)));
}

function potentialScan(programs: Enclosures, x: Coordinates): FineScan {
  setSlow(programs, x);
  let active: Side[] = [
    [-Infinity, -1],
    [-1, 1],
    [1, Infinity],
  ];
  const settled: Cell[] = [];
  let floor = Infinity;
  let looked = 0;
  while (active.length > 0 && looked < BUDGET) {
    const cells = active.map((side) => encloseOn(programs, x.length, side, floor + HIGH));
    looked += cells.length;
    for (const { middle } of cells) floor = Math.min(floor, middle);
    active = [];
    for (const cell of cells) {
      const { from, to, lower } = cell;
      const middle = splitPoint(from, to);
      if (lower > floor + HIGH) continue;
      if (isSettled(cell, floor) || isNarrow(from, to)) settled.push(cell);
      else if (Math.abs(middle) <= FARTHEST) active.push([from, middle], [middle, to]);
    }
  }
  const held = settled.filter(({ lower }) => lower <= floor + HIGH);
  const sides = held.map(({ from, to }): Side => [from, to]);
  return { edges: edgesOf([...sides, ...active]), isProved: active.length === 0 };
}

function edgesOf(cells: readonly Side[]): Float64Array {
  const ends = new Set(cells.flat().filter(Number.isFinite));
  return Float64Array.from(ends).sort();
}

/** Where b is known well enough for its integral, then cells in equal parts where −∫b changes by more than 1. */
function driftScan(
  problem: Problem,
  programs: Enclosures,
  { x, window }: { readonly x: Coordinates; readonly window: Interval },
): FineScan {
  setSlow(programs, x);
  let active: Side[] = [[window.lower, window.upper]];
  const settled: Cell[] = [];
  let looked = 0;
  while (active.length > 0 && looked < BUDGET) {
    const cells = active.map((side) => encloseOn(programs, x.length, side));
    looked += cells.length;
    active = [];
    for (const cell of cells) {
      const { from, to, lower, upper } = cell;
      const middle = (from + to) / 2;
      if ((upper - lower) * (to - from) <= UNCERTAIN || isNarrow(from, to)) settled.push(cell);
      else active.push([from, middle], [middle, to]);
    }
  }
  const cells = [...settled, ...active.map(([from, to]) => ({ from, to }))];
  cells.sort((a, b) => a.from - b.from);
  const [drift] = unitNoiseTwin(problem).fast.drift;
  return { edges: parted(cells, (y) => -drift(x, [y])), isProved: active.length === 0 };
}

/** The edges of cells where there is mass, those with a large rise in equal parts. */
function parted(cells: readonly Pick<Cell, 'from' | 'to'>[], slope: (y: number) => number): Float64Array {
  let height = 0;
  const heights = cells.map(({ from, to }) => {
    const start = height;
    height += panelIntegral(slope, from, to, RULE);
    return { least: Math.min(start, height), rise: Math.abs(height - start) };
  });
  const floor = heights.reduce((low, { least }) => Math.min(low, least), Infinity);
  const edges = new Set<number>();
  for (const [k, { from, to }] of cells.entries()) {
    const { least, rise } = heights[k];
    if (least > floor + HIGH + CHANGE) continue;
    const parts = Math.min(64, Math.max(1, Math.ceil(rise / CHANGE)));
    for (let i = 0; i <= parts; i++) edges.add(from + ((to - from) * i) / parts);
  }
  return Float64Array.from(edges).sort();
}
