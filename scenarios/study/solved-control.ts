/** Controls of paths that are solved for, with the value that the cost of the paths is to be compared with. */
import { type PathControl, solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';
import { closedForm } from '../../src/exact/known-solutions.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import { sampledCubically } from '../grids.ts';

/** The argmin of Vᵉ or of v, or a control that is given. */
export type AskedControl =
  | { readonly kind: 'feedback' | 'extended' }
  | { readonly kind: 'given'; readonly control: PathControl };

/** Where paths start, and the axes of values. */
interface Placed {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
}

/** A value with the error of its grid, 0 where it is exact. */
export interface Reference {
  readonly value: number;
  readonly source: string;
  readonly gridError: number;
  /** The cost of the paths tends to it with the number of paths; v is reached only as ε → 0. */
  readonly isCost: boolean;
}

/** Values of the Hamilton–Jacobi–Bellman equation kept for a feedback. */
export const SNAPSHOTS = 50;

/** The control, and the value its cost is to be compared with. */
export async function solvedControl(
  problem: Problem,
  asked: AskedControl,
  { epsilon, x, y, slow, fast }: Placed,
  run: Run,
): Promise<{ readonly control: PathControl; readonly reference: Reference | null }> {
  if (asked.kind === 'given') {
    const { control } = asked;
    return {
      control,
      reference: control.kind === 'constant' ? exactCost(problem, control.u, { epsilon, x, y }) : null,
    };
  }
  // Of order 2, so that its grid error does not hide the statistical one.
  const options = { scheme: 'filtered', snapshots: SNAPSHOTS } as const;
  const isCost = asked.kind === 'feedback';
  const { solution, ...found } = await withGridError({ slow, fast }, isCost ? [...x, ...y] : x, (grid) =>
    isCost
      ? solveEpsilonHjb(problem, { ...options, ...grid, epsilon }, run)
      : solveEffectiveHjb(problem, { ...options, ...grid }, run),
  );
  const reference = { ...found, source: `${isCost ? 'Vᵉ' : 'v'} on this grid`, isCost };
  return { control: { kind: 'argmin', value: solution }, reference };
}

/** The exact cost of a control that is held, where it has a closed form. */
function exactCost(
  problem: Problem,
  u: ArrayLike<number>,
  { epsilon, x, y }: Pick<Placed, 'epsilon' | 'x' | 'y'>,
): Reference | null {
  const { names } = problem.controls;
  const held: Problem = { ...problem, controls: { kind: 'values', names, values: [Array.from(u)] } };
  const value = closedForm({ ...held, exact: undefined })?.value?.({ tau: problem.horizon, epsilon, x, y });
  return value === undefined ? null : { value, source: 'exact', gridError: 0, isCost: true };
}

/** The part of the cells of a coarser grid: half of those in the plane would resolve nothing. */
const COARSER = { line: 1 / 2, plane: 3 / 4 };

/** A value at a point on its grid and on one with fewer cells, and the error that their change tells (order 2). */
async function withGridError<Value extends GridFunction>(
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
  at: readonly number[],
  solve: (grid: { readonly slow: Axis[]; readonly fast: Axis[] }) => Promise<Value>,
): Promise<{ readonly solution: Value; readonly value: number; readonly gridError: number }> {
  const share = axes.slow.length + axes.fast.length > 2 ? COARSER.plane : COARSER.line;
  const [fine, coarse] = [1, share].map((part) => {
    const cells = (axis: Axis) =>
      uniformAxis(axis.name, axis.lower, axis.upper, Math.ceil((axis.nodes - 1) * part) + 1);
    return { slow: axes.slow.map(cells), fast: axes.fast.map(cells) };
  });
  const solution = await solve(fine);
  const value = sampledCubically(solution, at);
  const change = Math.abs(value - sampledCubically(await solve(coarse), at));
  return { solution, value, gridError: change * Math.max(1, 1 / (share ** -2 - 1)) };
}
