/** −δω with everything that is known about it: the grid error, bounds of H̄, and doubts about reading it as H̄. */
import {
  type CellBounds,
  type DeltaCellOptions,
  encloseOrExplain,
  type Outcome,
  solveDeltaCell,
  solveOnBall,
} from '../../../solvers/index.ts';
import { LARGEST_PECLET, minimisationError } from '../../../solvers/workbench.ts';
import { forEachNode } from '../../../src/grid/grid.ts';
import type { Problem } from '../../../src/model/problem.ts';

export interface CellPoint {
  readonly x: readonly number[];
  /** Absent where an integrand replaces H(x,·,p). */
  readonly p?: readonly number[];
  readonly y: readonly number[];
}

export interface CellValue extends CellPoint {
  readonly minusDeltaOmega: number;
  /** The error of −δω(y) due to the grid, from half the cells, and to the minimum over U; null for too few cells. */
  readonly gridError: number | null;
  /** The part of it that the minimum over U leaves, by which H may be larger in the ball; ∞ where it is unknown. */
  readonly controls: number;
  /** Enclosure of H̄; null where a warning says why there is none. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly exitWeight: number;
  /** The error of the exit weight due to the grid, from the same grids. */
  readonly exitWeightError: number | null;
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}

/** Half their cells still make a ball. */
export const FEWEST_HALVED_NODES = 9;
const FEWEST_NODES = (FEWEST_HALVED_NODES + 1) / 2;

/** −δω at every point; points that differ in y only share a solve. */
export function cellValues(
  problem: Problem,
  points: readonly CellPoint[],
  options: Pick<DeltaCellOptions, 'radius' | 'delta' | 'nodes' | 'integrand'>,
): CellValue[] {
  const solved = new Map<string, Solved>();
  return points.map(({ x, p, y }) => {
    const key = JSON.stringify([x, p]);
    const found = solved.get(key) ?? solvedOnce(problem, { x, p: p ?? x.map(() => 0), ...options });
    solved.set(key, found);
    const { solution, bounds, warnings } = found;
    return {
      ...{ x, p, y },
      minusDeltaOmega: solution.minusDeltaOmega(y),
      gridError: gridError(found, y),
      controls: found.controls,
      exitWeight: solution.exitWeightAt(y),
      exitWeightError: changeOnGrids(found, y, (on) => on.exitWeightAt(y)),
      lower: bounds?.lower ?? null,
      upper: bounds?.upper ?? null,
      warnings,
      outcome: solution.outcome,
    };
  });
}

interface Solved {
  readonly solution: ReturnType<typeof solveDeltaCell>;
  /** With wider cells, by COARSER and its square, as far as these make a ball. */
  readonly coarser: readonly ReturnType<typeof solveOnBall>[];
  readonly bounds: CellBounds | null;
  readonly controls: number;
  readonly warnings: readonly string[];
}

function solvedOnce(problem: Problem, options: DeltaCellOptions): Solved {
  const solution = solveDeltaCell(problem, options);
  const coarser = [COARSER, COARSER ** 2].flatMap((times) => {
    const nodes = Math.ceil((options.nodes - 1) / times) + 1;
    return nodes < FEWEST_NODES ? [] : [solveOnBall(problem, { ...options, nodes })];
  });
  const found = encloseOrExplain(problem, options, solution);
  const bounds = typeof found === 'string' ? null : found;
  // Of a process with so much more diffusion the ball is told to be too small: that is no further fact.
  const isCrossed = solution.peclet > LARGEST_PECLET;
  const reasons = isCrossed ? [] : typeof found === 'string' ? [found] : found.warnings;
  // A doubt that is the reason why there are no bounds is said once.
  const own = solution.warnings.filter((warning) => !reasons.some((reason) => reason.includes(warning)));
  const controls = controlsInBall(problem, options, solution);
  return { solution, coarser, bounds, controls, warnings: [...own, ...reasons] };
}

/** The largest error of the minimum over U in the ball. */
function controlsInBall(
  problem: Problem,
  { x, p, integrand }: DeltaCellOptions,
  { grid, radius }: Solved['solution'],
): number {
  if (integrand !== undefined) return 0;
  const inside = new Float64Array(grid.size);
  forEachNode(grid, (j, y) => {
    inside[j] = Math.hypot(...y) <= radius ? 1 : 0;
  });
  return minimisationError(problem, { x, p }, grid, inside);
}

/** By how much more than extrapolation says an error may be (grid convergence index, Roache 1994). */
const SAFETY = 1.25;
/**
 * Cells that much wider are compared: the sphere cuts them in other places, and with cells twice as wide and four times
 * errors have often changed their sign.
 */
const COARSER = 1.5;
/** What a change falls by from grid to grid: at most as for order 2; errors that fall by less have no order. */
const FALLS = { least: 1.1, most: COARSER ** 2 } as const;

/**
 * The error of −δω(y) due to the grid, from the change d₁ to cells 1.5 times as wide and d₂ from there to cells wider
 * once more: if changes go on falling by r = d₂/d₁ ≤ 1.5², what is left is d₁/(r − 1). A d₁ below d₂/1.5² is a
 * difference that happens to pass through 0. Next to the sphere −δω is interpolated across a layer that the grid may
 * not resolve: order 1 there, as where h jumps, whose places between the nodes differ from grid to grid; a bound of
 * what the jumps leave comes to it. Null where there are too few cells to tell, and where the mesh Péclet number is
 * large.
 */
function gridError(found: Solved, y: readonly number[]): number | null {
  const { solution, controls, bounds } = found;
  const left = changeOnGrids(found, y, ({ minusDeltaOmega }) => minusDeltaOmega(y));
  return left === null ? null : controls + left + (solution.hasJumps ? (bounds?.jumps ?? left) : 0);
}

/** What the grids say of the error of a number at y; nothing where the drift crosses many cells at a time. */
function changeOnGrids(
  { solution, coarser }: Solved,
  y: readonly number[],
  read: (on: ReturnType<typeof solveOnBall>) => number,
): number | null {
  if (coarser.length < 2 || solution.peclet > LARGEST_PECLET) return null;
  const [fine, coarse, coarsest] = [solution, ...coarser].map(read);
  const before = Math.abs(coarse - coarsest);
  const change = Math.max(Math.abs(fine - coarse), before / FALLS.most);
  const layer = 2 * solution.grid.axes[0].spacing * Math.sqrt(y.length);
  const isNearSphere = solution.radius - Math.hypot(...y) < layer;
  const falls = isNearSphere || solution.hasJumps ? COARSER : Math.max(before / change, FALLS.least);
  return change === 0 ? 0 : (SAFETY * change) / (falls - 1);
}
