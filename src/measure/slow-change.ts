/**
 * How the measures μ_x, m = 1, change as x runs through an interval, from enclosures of formulas over boxes of (x,y): by
 * what factor densities change, and an interval of y that holds all of them.
 */
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { splitPoint } from '../formula/local-minimum.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { type Enclosures, enclosuresOf, fineScan, HIGH } from './fine-scan.ts';

/** Cells that an interval of y is cut into, and how far out one is looked for. */
const [BUDGET, FARTHEST] = [400, 2 ** 40];

/**
 * A bound of the change of Φ(x,y) − Φ(x,y₀) over x in `slow`, y and y₀ where μ has mass at the x `inside`: densities
 * there change by no larger factor than e to it. Infinity for closures and where new mass may appear elsewhere.
 */
export function densityChange(problem: Problem, slow: Interval & { readonly inside: number }, window: Interval): number {
  const programs = enclosuresOf(problem, []);
  if (programs === null) return Infinity;
  const { mixed } = programs;
  const scan = fineScan(problem, [slow.inside], window);
  const edges = scan?.edges ?? new Float64Array(0);
  if (edges.length < 2) return Infinity;
  const [slope] = mixed.results;
  mixed.lower[0] = slow.lower;
  mixed.upper[0] = slow.upper;
  let change = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    mixed.lower[1] = edges[k];
    mixed.upper[1] = edges[k + 1];
    mixed.run();
    const largest = Math.max(-mixed.lower[slope], mixed.upper[slope]);
    if (mixed.flags[slope] & EMPTY || Number.isNaN(largest)) return Infinity;
    change += largest * (edges[k + 1] - edges[k]) * (slow.upper - slow.lower);
  }
  if (change === 0) return 0;
  const held = hullOver(problem, slow, { lower: edges[0], upper: edges[edges.length - 1] });
  const reach = (edges[edges.length - 1] - edges[0]) / 2;
  const isNew = held === null || held.lower < edges[0] - reach || held.upper > edges[edges.length - 1] + reach;
  return isNew ? Infinity : change;
}

/**
 * An interval outside of which e^−Φ(x,·) is below e^−30 of its largest value for every x in `slow`, given one that holds
 * the mass of one of them; null where none is proved.
 */
export function hullOver(problem: Problem, slow: Interval, known: Interval): Interval | null {
  const programs = enclosuresOf(problem, []);
  if (programs === null) return null;
  const isPotential = problem.fast.kind === 'potential';
  const edge = isPotential ? potentialEdge : driftEdge;
  const [lower, upper] = ([-1, 1] as const).map((side) => edge(programs, slow, known, side));
  return lower === null || upper === null ? null : { lower, upper };
}

function setBox({ box }: Enclosures, slow: Interval, from: number, to: number): void {
  box.lower[0] = slow.lower;
  box.upper[0] = slow.upper;
  box.lower[1] = from;
  box.upper[1] = to;
  box.run();
}

/** The farthest cell on one side that Φ may be low on: cells are cut until they are high or small. */
function potentialEdge(programs: Enclosures, slow: Interval, known: Interval, side: -1 | 1): number | null {
  const { box } = programs;
  const [value] = box.results;
  let floor = Infinity;
  const parts = 64;
  for (let k = 0; k < parts; k++) {
    const y = known.lower + ((known.upper - known.lower) * (k + 0.5)) / parts;
    setBox(programs, slow, y, y);
    if (!(box.flags[value] & EMPTY)) floor = Math.min(floor, box.upper[value]);
  }
  if (!Number.isFinite(floor)) return null;
  const narrow = (known.upper - known.lower) / 64;
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

/** Outwards from the middle of what is known, until −∫b has risen by 30 for every x and rises on. */
function driftEdge(programs: Enclosures, slow: Interval, known: Interval, side: -1 | 1): number | null {
  const { box } = programs;
  const [value] = box.results;
  const step = (known.upper - known.lower) / 128;
  let y = (known.lower + known.upper) / 2;
  let rise = 0;
  const outward = (from: number, to: number) => {
    setBox(programs, slow, Math.min(from, to), Math.max(from, to));
    if (box.flags[value] & EMPTY) return Number.NaN;
    return side > 0 ? box.upper[value] : -box.lower[value];
  };
  for (let looked = 0; looked < BUDGET; looked++) {
    const next = y + side * step;
    rise -= outward(y, next) * step;
    y = next;
    if (Number.isNaN(rise)) return null;
    if (rise > HIGH) return outward(y, side * Infinity) <= 0 ? y : null;
  }
  return null;
}
