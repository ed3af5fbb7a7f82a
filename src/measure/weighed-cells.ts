/**
 * Cells of a y-box with e^{−Φ} on them, for means of functions: of a potential, or of −∫b on a line, in R^m of a drift
 * Gaussians of equal shares at the points it is drawn to (attracting-points.ts), a constant where there are none.
 */
import { formula } from '../formula/expression.ts';
import { treeIn } from '../formula/formula.ts';
import { type Axis, coordinates } from '../grid/axis.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { attractingPoints } from './attracting-points.ts';
import { fineScan } from './fine-scan.ts';
import { type MeasureCell, measureCells, programWithSlopes } from './measure-cells.ts';
import { potentialOn } from './resolution.ts';
import { cellsOf } from './resolution-in-space.ts';

/** Cells, and Φ at points of them. */
export interface WeighedCells {
  readonly cells: readonly MeasureCell[];
  readonly potentialAt: (y: Coordinates) => number;
}

/** Φ may be lower on a cell than at its ends and in its middle. */
const CHANGE = 1;
/** Of Gaussians that stand for the measure. */
const CELLS = 2000;

/** The cells of the box of these axes; null without formulas of the fast process in R^m. */
export function weighedCells(problem: Problem, x: Coordinates, axes: readonly Axis[]): WeighedCells | null {
  if (axes.length === 1) return onLine(problem, x, axes[0]);
  const { fast } = problem;
  if (fast.kind === 'drift') return ofGaussians(problem, x, axes);
  const found = cellsOf(problem, x, axes);
  return found === null ? null : { cells: found.cells, potentialAt: (y) => fast.potential(x, y) };
}

function onLine(problem: Problem, x: Coordinates, axis: Axis): WeighedCells {
  const edges = fineScan(problem, x, axis)?.edges ?? coordinates(axis);
  const inside = Array.from(edges).filter((y) => y > axis.lower && y < axis.upper);
  const points = Float64Array.from(new Set([axis.lower, ...inside, axis.upper])).sort();
  const values = potentialOn(problem, x, points);
  const at = (y: Coordinates) => between(points, values, y[0]);
  const { fast } = problem;
  const potentialAt = fast.kind === 'potential' ? (y: Coordinates) => fast.potential(x, y) : at;
  const cells = Array.from({ length: points.length - 1 }, (_, k): MeasureCell => {
    const [from, to] = [points[k], points[k + 1]];
    const middle = [from / 2 + to / 2];
    const value = potentialAt(middle);
    const [least, most] = [Math.min(values[k], values[k + 1], value), Math.max(values[k], values[k + 1], value)];
    const lower = least - CHANGE;
    return { middle, half: [(to - from) / 2], volume: to - from, lower, upper: most, value, hidden: 0, axis: -1 };
  });
  return { cells, potentialAt };
}

/** The line through neighbouring points. */
function between(points: Float64Array, values: Float64Array, y: number): number {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle] <= y) low = middle;
    else high = middle;
  }
  const share = (y - points[low]) / (points[high] - points[low]);
  return values[low] + share * (values[high] - values[low]);
}

function ofGaussians(problem: Problem, x: Coordinates, axes: readonly Axis[]): WeighedCells | null {
  const points = attractingPoints(problem, x, axes);
  if (points === null) return null;
  const [, names] = namesOf(problem);
  const parts = points.map(({ at, precision, widths }) => {
    const shifted = names.map((name, a) => `(${name}-(${at[a]}))`);
    const terms = shifted.flatMap((one, a) => shifted.map((other, b) => `(${precision[a][b]})*${one}*${other}`));
    const height = 1 / widths.reduce((product, width) => product * width, 1);
    return `${height}*exp(-(${terms.join('+')})/2)`;
  });
  const density = formula(parts.length === 0 ? '0' : `-log(${parts.join('+')})`, names);
  const tree = treeIn(density, names);
  if (tree === undefined) return null;
  return { cells: measureCells(programWithSlopes(tree, [], names), [], axes, CELLS).cells, potentialAt: density };
}
