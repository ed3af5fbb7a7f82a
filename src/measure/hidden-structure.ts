/**
 * Structure of φ, ℓ or another function of y that the nodes of a line do not see, m = 1: spikes and oscillations. Cells
 * are halved until the interval enclosure of the formula on each is narrow beside the spread of all values (Moore
 * 1966). On their ends every node y_j, which stands for the cell of width h around it, is held against the mean M_j
 * there; what neighbouring means make of jumps, kinks and slopes is left out,
 *
 *   O = Σ_j μ_x(cell j) (|g(y_j) − M_j| − ½ range of M_{j−1}, M_j, M_{j+1})⁺   against   D = ∫ |g − ∫g dμ_x| dμ_x,
 *
 * and O has what leaves the range of the four nodes around by more than half of it.
 *
 * Polynomials are not looked at. With controls u stands at the ends and the middle of U.
 */
import { degreeIn } from '../formula/degree.ts';
import { type IntervalProgram, intervalProgram, middleOf } from '../formula/interval.ts';
import type { Tree } from '../formula/tree.ts';
import { type Axis, coordinates, uniformAxis } from '../grid/axis.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import { type Coordinates, hullOf, type Problem } from '../model/problem.ts';
import { controlTrees, namesOf } from '../model/trees.ts';
import { fineScan } from './fine-scan.ts';
import { sharesOn } from './resolution.ts';

/** What the nodes do not see of a function of y. */
export interface HiddenStructure {
  /** Where most of it lies, and how wide it is there. */
  readonly at: number;
  readonly width: number;
  /** O/D. */
  readonly share: number;
}

/** O/D above which the nodes do not resolve a function. */
const LARGEST_HIDDEN = 0.01;
/** An enclosure is narrow beside the spread at this part of it; cells of a function that are looked at. */
const [NARROW, BUDGET] = [0.1, 4000];
/** Controls that are looked at, at most. */
const MOST_CONTROLS = 9;

/** The worst of φ and ℓ at frozen x; null where the nodes resolve them, and for closures. */
export function hiddenInFields(problem: Problem, x: Coordinates, axis: Axis): HiddenStructure | null {
  return inFields(problem, [axis.lower, axis.upper, axis.nodes, ...Array.from(x)]);
}

const inFields = oncePerProblem((problem, [lower, upper, nodes, ...x]): HiddenStructure | null => {
  const trees = controlTrees(problem);
  if (trees === null) return null;
  const axis = uniformAxis('y', lower, upper, nodes);
  const [ofX, ofY] = trees.names;
  const fields = [...trees.slowDrift, ...(trees.runningCost === undefined ? [] : [trees.runningCost])];
  const found = fields
    .filter((tree) => isWild(tree, ofY))
    .flatMap((tree) => someControls(problem).map((u) => ({ tree, u })))
    .map(({ tree, u }) => hiddenIn(problem, tree, { x, u, axis, names: [...ofX, ...trees.names[2], ...ofY] }));
  return worstOf(found);
});

/** The same of a function of y alone. */
export function hiddenInFunction(problem: Problem, tree: Tree, x: Coordinates, axis: Axis): HiddenStructure | null {
  const [ofX, ofY] = namesOf(problem);
  return isWild(tree, ofY) ? hiddenIn(problem, tree, { x, u: [], axis, names: [...ofX, ...ofY] }) : null;
}

function isWild(tree: Tree, ofY: readonly string[]): boolean {
  return !Number.isFinite(degreeIn(tree, ofY));
}

function worstOf(found: readonly (HiddenStructure | null)[]): HiddenStructure | null {
  return found.reduce((worst, each) => (each !== null && each.share > (worst?.share ?? 0) ? each : worst), null);
}

/** The ends and the middle of U, or a list of values; an infinite end stands 1 from the other one or from 0. */
function someControls({ controls }: Problem): readonly Coordinates[] {
  if (controls.kind === 'values') return controls.values.slice(0, MOST_CONTROLS);
  const sides = hullOf(controls).map(({ lower, upper }) => {
    const low = Number.isFinite(lower) ? lower : Math.min(0, upper) - 1;
    const high = Number.isFinite(upper) ? upper : Math.max(0, lower) + 1;
    return low === high ? [low] : [low, low / 2 + high / 2, high];
  });
  const all = sides.reduce<number[][]>((made, side) => made.flatMap((u) => side.map((value) => [...u, value])), [[]]);
  return all.slice(0, MOST_CONTROLS);
}

interface Line {
  readonly x: Coordinates;
  readonly u: Coordinates;
  readonly axis: Axis;
  /** Of x, u and y. */
  readonly names: readonly string[];
}

function hiddenIn(problem: Problem, tree: Tree, { x, u, axis, names }: Line): HiddenStructure | null {
  const program = intervalProgram([tree], names);
  const fixed = [...Array.from(x), ...Array.from(u)];
  fixed.forEach((value, k) => {
    program.lower[k] = program.upper[k] = value;
  });
  const onLine = rangeOn(program, fixed.length);
  const nodes = coordinates(axis);
  const edges = fineScan(problem, x, axis)?.edges ?? nodes;
  const sides = [Math.max(edges[0], axis.lower), Math.min(edges[edges.length - 1], axis.upper)] as const;
  const inside = (y: number) => y >= axis.lower && y <= axis.upper;
  const walls = nodes.map((_, j) => wallAfter(axis, j));
  const all = new Set([...nodes, ...walls, ...edges, ...cellEnds(onLine, nodes, sides)].filter(inside));
  const points = Float64Array.from(all).sort();
  const values = points.map((y) => middleOf(...onLine(y, y)));
  return values.every(Number.isFinite) ? hiddenOn(axis, { points, values, mass: sharesOn(problem, x, points) }) : null;
}

/** Bounds of a formula for y in [a, b]. */
type RangeOn = (a: number, b: number) => readonly [number, number];

function rangeOn({ lower, upper, results: [result], run }: IntervalProgram, y: number): RangeOn {
  return (a, b) => {
    [lower[y], upper[y]] = [a, b];
    run();
    return [lower[result], upper[result]];
  };
}

/** The ends and middles of cells on which the range is narrow beside the spread of all values met. */
function cellEnds(onLine: RangeOn, nodes: Float64Array, [from, to]: readonly [number, number]): number[] {
  let [least, most] = [Infinity, -Infinity];
  const take = (y: number) => {
    const value = middleOf(...onLine(y, y));
    if (Number.isFinite(value)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  };
  for (const y of nodes) if (y >= from && y <= to) take(y);
  const found: number[] = [];
  let active: (readonly [number, number])[] = [[from, to]];
  for (let looked = 0; active.length > 0 && looked < BUDGET; looked += active.length) {
    const next: (readonly [number, number])[] = [];
    for (const [a, b] of active) {
      const middle = a / 2 + b / 2;
      const [low, high] = onLine(a, b);
      take(middle);
      found.push(middle, b);
      if (high - low > NARROW * (most - least) && middle > a && middle < b) next.push([a, middle], [middle, b]);
    }
    active = next;
  }
  return found;
}

interface OnPoints {
  readonly points: Float64Array;
  readonly values: Float64Array;
  readonly mass: Float64Array;
}

/** The nodes against the means over their cells, and against the spread of the values. */
function hiddenOn(axis: Axis, on: OnPoints): HiddenStructure | null {
  const { values, mass } = on;
  const mean = values.reduce((sum, value, k) => sum + mass[k] * value, 0);
  const spread = values.reduce((sum, value, k) => sum + mass[k] * Math.abs(value - mean), 0);
  const cells = cellsOf(axis, on);
  let [hidden, worst, at] = [0, 0, 0];
  for (let j = 0; j < axis.nodes; j++) {
    const around = cells.slice(Math.max(0, j - 1), j + 2).map((cell) => cell.mean);
    const room = (Math.max(...around) - Math.min(...around)) / 2;
    const off = cells[j].mass * Math.max(0, Math.abs(cells[j].node - cells[j].mean) - room);
    hidden += off;
    if (off > worst) [worst, at] = [off, j];
  }
  const between = betweenNodes(axis, on, cells);
  hidden += between.hidden;
  if (between.hidden > worst) at = between.cell;
  if (!(hidden > LARGEST_HIDDEN * spread)) return null;
  return { ...placeIn(on, cells[at]), share: hidden / spread };
}

/** ∫ dist(g, [range of the four nodes around, widened by half of it]) dμ_x, and the cell where most of it lies. */
function betweenNodes({ lower, spacing, nodes }: Axis, { points, values, mass }: OnPoints, cells: readonly Cell[]) {
  let [hidden, worst, cell] = [0, 0, 0];
  for (let k = 0; k < points.length; k++) {
    const left = Math.min(Math.max(Math.floor((points[k] - lower) / spacing), 0), nodes - 2);
    let [least, most] = [Infinity, -Infinity];
    for (let j = Math.max(0, left - 1); j <= Math.min(nodes - 1, left + 2); j++) {
      [least, most] = [Math.min(least, cells[j].node), Math.max(most, cells[j].node)];
    }
    const room = (most - least) / 2;
    const off = mass[k] * Math.max(0, values[k] - most - room, least - room - values[k]);
    hidden += off;
    if (off > worst) [worst, cell] = [off, Math.min(nodes - 1, Math.max(0, Math.round((points[k] - lower) / spacing)))];
  }
  return { hidden, cell };
}

/** Where the cell of node j ends. */
function wallAfter({ lower, spacing }: Axis, j: number): number {
  return lower + (j + 0.5) * spacing;
}

/** The cell of a node: its points, the value at the node, the mean over the cell, and its mass. */
interface Cell {
  readonly first: number;
  readonly last: number;
  readonly node: number;
  readonly mean: number;
  readonly mass: number;
}

function cellsOf(axis: Axis, { points, values, mass }: OnPoints): Cell[] {
  let first = 0;
  return Array.from({ length: axis.nodes }, (_, j) => {
    const [y, end] = [axis.lower + j * axis.spacing, wallAfter(axis, j)];
    let [area, length, held, node, closest] = [0, 0, 0, 0, Infinity];
    let k = first;
    for (; k < points.length && (k === first || points[k - 1] < end); k++) {
      held += mass[k];
      if (Math.abs(points[k] - y) < closest) [closest, node] = [Math.abs(points[k] - y), values[k]];
      if (k === first) continue;
      area += ((values[k - 1] + values[k]) / 2) * (points[k] - points[k - 1]);
      length += points[k] - points[k - 1];
    }
    const cell = { first, last: k - 1, node, mean: length > 0 ? area / length : node, mass: held };
    first = k - 1;
    return cell;
  });
}

/** Where a cell departs most from its middle value, and how wide that is. */
function placeIn({ points, values }: OnPoints, { first, last }: Cell): Pick<HiddenStructure, 'at' | 'width'> {
  const inside = Array.from(values.subarray(first, last + 1));
  const [least, most] = [Math.min(...inside), Math.max(...inside)];
  const usual = [...inside.slice(0, 1), ...inside.slice(-1)].reduce((sum, value) => sum + value / 2, 0);
  const peak = most - usual > usual - least ? most : least;
  const at = first + inside.indexOf(peak);
  const isFar = (k: number) => Math.abs(values[k] - usual) > Math.abs(peak - usual) / 2;
  let [from, to] = [at, at];
  while (from > 0 && isFar(from)) from--;
  while (to < points.length - 1 && isFar(to)) to++;
  return { at: points[at], width: points[to] - points[from] };
}
