/**
 * How the measures μ_x, m = 1, change as x runs through an interval, from enclosures of formulas over boxes of (x,y):
 * by what factor densities change, and an interval of y that holds all of them.
 */
import type { IntervalProgram } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { splitPoint } from '../formula/local-minimum.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { type Enclosures, enclosuresOf, fineScan, HIGH } from './fine-scan.ts';

/** Cells that what is known is cut into, the most that are looked at, and how far out. */
const [CELLS, BUDGET, FARTHEST] = [128, 600, 2 ** 40];

/**
 * A bound of the change of Φ(x,y) − Φ(x,y₀) over x in the sides, y and y₀ where μ has mass at the x `inside`: densities
 * there change by no larger factor than e to it. Infinity for closures and where new mass may appear elsewhere.
 */
export function densityChange(
  problem: Problem,
  { sides, inside }: { readonly sides: readonly Interval[]; readonly inside: readonly number[] },
  window: Interval,
): number {
  const programs = enclosuresOf(problem, []);
  if (programs === null) return Infinity;
  const { mixed } = programs;
  const scan = fineScan(problem, inside, window);
  const edges = scan?.edges ?? new Float64Array(0);
  if (edges.length < 2) return Infinity;
  const n = sides.length;
  setSlow(mixed, sides);
  let change = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    mixed.lower[n] = edges[k];
    mixed.upper[n] = edges[k + 1];
    mixed.run();
    for (const [i, { lower, upper }] of sides.entries()) {
      const slope = mixed.results[i];
      const largest = Math.max(-mixed.lower[slope], mixed.upper[slope]);
      if (mixed.flags[slope] & EMPTY || Number.isNaN(largest)) return Infinity;
      if (largest > 0 && upper > lower) change += largest * (edges[k + 1] - edges[k]) * (upper - lower);
    }
  }
  if (change === 0) return 0;
  const held = hullOver(problem, sides, { lower: edges[0], upper: edges[edges.length - 1] });
  const reach = (edges[edges.length - 1] - edges[0]) / 2;
  const isNew = held === null || held.lower < edges[0] - reach || held.upper > edges[edges.length - 1] + reach;
  return isNew ? Infinity : change;
}

/**
 * An interval outside of which e^−Φ(x,·) is below e^−30 of its largest value for every x in `slow`, to a hundredth of
 * `known`, an interval where one of these measures lives; null where none is proved.
 */
export function hullOver(problem: Problem, slow: readonly Interval[], known: Interval): Interval | null {
  const programs = enclosuresOf(problem, []);
  if (programs === null) return null;
  if (problem.fast.kind === 'drift') return driftHull(programs, slow, known);
  const lower = potentialEdge(programs, slow, known, -1);
  const upper = potentialEdge(programs, slow, known, 1);
  return lower === null || upper === null ? null : { lower, upper };
}

function setSlow({ lower, upper }: IntervalProgram, slow: readonly Interval[]): void {
  for (const [i, side] of slow.entries()) {
    lower[i] = side.lower;
    upper[i] = side.upper;
  }
}

function setBox({ box }: Enclosures, slow: readonly Interval[], from: number, to: number): void {
  setSlow(box, slow);
  box.lower[slow.length] = from;
  box.upper[slow.length] = to;
  box.run();
}

/** The farthest cell on one side that Φ may be low on: cells are cut until they are high or small. */
function potentialEdge(programs: Enclosures, slow: readonly Interval[], known: Interval, side: -1 | 1): number | null {
  const { box } = programs;
  const [value] = box.results;
  let floor = Infinity;
  for (let k = 0; k < CELLS; k++) {
    const y = known.lower + ((known.upper - known.lower) * (k + 0.5)) / CELLS;
    setBox(programs, slow, y, y);
    if (!(box.flags[value] & EMPTY)) floor = Math.min(floor, box.upper[value]);
  }
  if (!Number.isFinite(floor)) return null;
  const narrow = (known.upper - known.lower) / CELLS;
  const cells: [number, number][] = [side > 0 ? [known.lower, Infinity] : [-Infinity, known.upper]];
  for (let looked = 0; looked < BUDGET; looked++) {
    const cell = cells.pop();
    if (cell === undefined) return side > 0 ? known.lower : known.upper;
    const [from, to] = cell;
    setBox(programs, slow, from, to);
    if (box.flags[value] & EMPTY || box.lower[value] > floor + HIGH) continue;
    const outer = side > 0 ? to : from;
    if (Number.isFinite(outer) && to - from <= narrow) return outer;
    const middle = Number.isFinite(to - from) ? (from + to) / 2 : splitPoint(from, to);
    if (Math.abs(middle) > FARTHEST) continue;
    // The outer half on top.
    if (side > 0) cells.push([from, middle], [middle, to]);
    else cells.push([middle, to], [from, middle]);
  }
  return null;
}

/** From the middle of what is known outwards, until −∫b has risen by 30 above the least it can be, and rises on. */
function driftHull(programs: Enclosures, slow: readonly Interval[], known: Interval): Interval | null {
  const { box } = programs;
  const [value] = box.results;
  const step = (known.upper - known.lower) / CELLS;
  const middle = (known.lower + known.upper) / 2;
  /** Bounds of the drift away from the middle. */
  const outward = (from: number, to: number): readonly [number, number] => {
    setBox(programs, slow, Math.min(from, to), Math.max(from, to));
    if (box.flags[value] & EMPTY) return [-Infinity, Infinity];
    return to > from ? [box.lower[value], box.upper[value]] : [-box.upper[value], -box.lower[value]];
  };
  const ends: number[] = [];
  let floor = 0;
  for (const side of [-1, 1, -1]) {
    let [y, least, most] = [middle, 0, 0];
    for (let looked = 0; least <= floor + HIGH; looked++) {
      const next = y + side * step;
      const [slowest, fastest] = outward(y, next);
      least -= fastest * step;
      most -= slowest * step;
      floor = Math.min(floor, most);
      y = next;
      if (looked > BUDGET || !(least > -Infinity)) return null;
    }
    if (!(outward(y, side * Infinity)[1] <= 0)) return null;
    ends.push(y);
  }
  // The first time, the floor of the other side was not known.
  return { lower: Math.max(ends[0], ends[2]), upper: ends[1] };
}
