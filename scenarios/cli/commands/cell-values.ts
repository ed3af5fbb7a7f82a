/** −δω with everything that is known about it: the grid error, bounds of H̄, and doubts about reading it as H̄. */
import {
  type CellBounds,
  type DeltaCellOptions,
  encloseOrExplain,
  type Outcome,
  solveDeltaCell,
  solveOnBall,
} from '../../../solvers/index.ts';
import { minimisationError } from '../../../solvers/workbench.ts';
import { forEachNode } from '../../../src/grid/grid.ts';
import { dimensionsOf, type Problem } from '../../../src/model/problem.ts';

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
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}

/** Half their cells still make a ball. */
export const FEWEST_HALVED_NODES = 9;
/** The width of the bounds of H̄, relative to ∫|h| dμ, from which on they are called wide. */
const WIDE = 0.1;

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
      lower: bounds?.lower ?? null,
      upper: bounds?.upper ?? null,
      warnings,
      outcome: solution.outcome,
    };
  });
}

interface Solved {
  readonly solution: ReturnType<typeof solveDeltaCell>;
  readonly coarse: ReturnType<typeof solveOnBall> | null;
  readonly bounds: CellBounds | null;
  readonly controls: number;
  readonly warnings: readonly string[];
}

function solvedOnce(problem: Problem, options: DeltaCellOptions): Solved {
  const solution = solveDeltaCell(problem, options);
  const halved = Math.ceil((options.nodes - 1) / 2) + 1;
  const coarse = options.nodes < FEWEST_HALVED_NODES ? null : solveOnBall(problem, { ...options, nodes: halved });
  const found = encloseOrExplain(problem, options, solution);
  const known = typeof found === 'string' ? { bounds: null, reason: [found] } : { bounds: found, reason: [] };
  const trap = solution.trap === null ? [] : [solution.trap];
  const doubts = trap.length > 0 || known.bounds === null ? [] : doubtsAbout(problem, solution, known.bounds);
  const controls = controlsInBall(problem, options, solution);
  return { solution, coarse, bounds: known.bounds, controls, warnings: [...trap, ...known.reason, ...doubts] };
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

/** Of the change from half the cells, a third for order 2, by a quarter more to be safe (grid convergence index). */
const SHARE = 1.25 / 3;

/**
 * The error of −δω(y) due to the grid; next to the sphere all of the change, since −δω is interpolated there across a
 * layer that the grid may not resolve. Where h jumps, all of it and a bound of what the jumps leave: their places
 * between the nodes differ from one grid to the other.
 */
function gridError({ solution, coarse, controls, bounds }: Solved, y: readonly number[]): number | null {
  if (coarse === null) return null;
  const change = Math.abs(solution.minusDeltaOmega(y) - coarse.minusDeltaOmega(y));
  const layer = 2 * solution.grid.axes[0].spacing * Math.sqrt(y.length);
  if (solution.hasJumps) return controls + change + (bounds?.jumps ?? change);
  return controls + (solution.radius - Math.hypot(...y) < layer ? change : SHARE * change);
}

/** Where the ball is large enough and −δω(0) is still no good H̄: the discount is too large for the time to mix. */
function doubtsAbout(
  problem: Problem,
  { delta, minusDeltaOmega }: Solved['solution'],
  { lower, upper, size }: CellBounds,
): string[] {
  const value = minusDeltaOmega(new Array(dimensionsOf(problem).m).fill(0));
  const shown = (number: number) => String(Number(number.toPrecision(4)));
  const bounds = `[${shown(lower)}, ${shown(upper)}]`;
  const remedy = 'take a smaller δ, and a larger radius with it, δ = n^−(4+α)';
  if (value < lower || value > upper)
    return [`−δω(0) = ${shown(value)} lies outside the bounds ${bounds} of H̄: ${remedy}.`];
  if (!(upper - lower > WIDE * size)) return [];
  return [
    `with δ = ${shown(delta)} the fast process is discounted before it mixes, so that H̄ is only known to lie in ` +
      `${bounds}: ${remedy}.`,
  ];
}
