/** Controls of paths that are solved for, with the value that the cost of the paths is to be compared with. */
import { type PathControl, solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';
import { closedForm } from '../../src/exact/known-solutions.ts';
import { type Axis, uniformAxis } from '../../src/grid/axis.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import { type Method, methodOf, type SchemeName } from '../../src/time/schemes.ts';

/** The argmin of Vᵉ or of v, or a control that is given. */
export type AskedControl =
  | { readonly kind: 'feedback' | 'extended' }
  | { readonly kind: 'given'; readonly control: PathControl };

/** Where paths start, the axes of values, and the scheme they are found by. */
interface Placed {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly method: Method;
}

/** A value with the error of its grid, 0 where it is exact. */
export interface Reference {
  readonly value: number;
  readonly source: string;
  /** The scheme of a computed value. */
  readonly scheme: SchemeName | null;
  readonly gridError: number;
  /** The cost of the paths tends to it with the number of paths; v is reached only as ε → 0. */
  readonly isCost: boolean;
  /** What is doubtful about a computed value. */
  readonly warnings: readonly string[];
}

/** Values of the Hamilton–Jacobi–Bellman equation kept for a feedback: at most, at least, and bytes of all of them. */
const SNAPSHOTS = { most: 50, fewest: 10, bytes: 2 ** 29 };

/** The number of values to keep for a feedback on these axes. */
export function snapshotsOn(axes: readonly Axis[]): number {
  const bytes = axes.reduce((product, { nodes }) => product * nodes, 8);
  return Math.min(SNAPSHOTS.most, Math.max(SNAPSHOTS.fewest, Math.floor(SNAPSHOTS.bytes / bytes)));
}

/** The scheme of a method with its usual steps: implicit ones keep no values on the way. */
export function feedbackMethod({ equation, scheme, time }: Method): Method {
  return time.steps.kind === 'policy' ? methodOf(equation, { scheme: scheme.name }) : { equation, scheme, time };
}

/** The same scheme for v, with the same steps where it has them. */
export function limitNames({ scheme, time }: Method) {
  const known = scheme.times.effective.some(({ name }) => name === time.name);
  return { scheme: scheme.name, ...(known ? { time: time.name } : {}) };
}

/** The control, and the value its cost is to be compared with. */
export async function solvedControl(
  problem: Problem,
  asked: AskedControl,
  { epsilon, x, y, slow, fast, method }: Placed,
  run: Run,
): Promise<{ readonly control: PathControl; readonly reference: Reference | null }> {
  if (asked.kind === 'given') {
    const { control } = asked;
    return {
      control,
      reference: control.kind === 'constant' ? exactCost(problem, control.u, { epsilon, x, y }) : null,
    };
  }
  const isCost = asked.kind === 'feedback';
  const { scheme, time } = method;
  const ofValue = { scheme: scheme.name, time: time.name, epsilon, snapshots: snapshotsOn([...slow, ...fast]) };
  const ofLimit = { ...limitNames(method), snapshots: snapshotsOn(slow) };
  const at = isCost ? [...x, ...y] : x;
  const degree = at.map((_, a) => (a < x.length ? scheme.interpolation : 3));
  const { solution, ...found } = await withGridError({ slow, fast }, { at, degree, order: scheme.order }, (grid) =>
    isCost
      ? solveEpsilonHjb(problem, { ...ofValue, ...grid }, run)
      : solveEffectiveHjb(problem, { ...ofLimit, ...grid }, run),
  );
  const source = `${isCost ? 'Vᵉ' : 'v'} by ${scheme.name}`;
  const reference = { ...found, source, scheme: scheme.name, isCost, warnings: solution.warnings };
  return { control: { kind: 'argmin', value: solution }, reference };
}

/** The exact cost of a control that is held, where it has a closed form that is a number there. */
function exactCost(
  problem: Problem,
  u: ArrayLike<number>,
  { epsilon, x, y }: Pick<Placed, 'epsilon' | 'x' | 'y'>,
): Reference | null {
  const { names } = problem.controls;
  const held: Problem = { ...problem, controls: { kind: 'values', names, values: [Array.from(u)] } };
  const value = closedForm({ ...held, exact: undefined })?.value?.({ tau: problem.horizon, epsilon, x, y });
  return value === undefined || !Number.isFinite(value)
    ? null
    : { value, source: 'exact', scheme: null, gridError: 0, isCost: true, warnings: [] };
}

/** The part of the cells of a coarser grid: half of those in the plane would resolve nothing. */
const COARSER = { line: 1 / 2, plane: 3 / 4 };

/** The change of a grid convergence index is taken so many times (Roache 1994). */
const SAFETY = 1.25;

interface GridAxes {
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
}

/**
 * A value at a point and the error of its grid: what fewer cells along x change, at the order of the scheme, 2 at
 * most, and what fewer cells along y change, at order 2; neither less than the change itself. Apart, since they may
 * cancel.
 */
async function withGridError<Value extends GridFunction>(
  axes: GridAxes,
  { at, degree, order }: { readonly at: readonly number[]; readonly degree: readonly number[]; readonly order: number },
  solve: (grid: GridAxes) => Promise<Value>,
): Promise<{ readonly solution: Value; readonly value: number; readonly gridError: number }> {
  const share = axes.slow.length + axes.fast.length > 2 ? COARSER.plane : COARSER.line;
  const fewer = (all: readonly Axis[]) =>
    all.map(({ name, lower, upper, nodes }) => uniformAxis(name, lower, upper, Math.ceil((nodes - 1) * share) + 1));
  const solution = await solve(axes);
  const value = sample(solution, at, degree);
  const errorOf = async (coarse: GridAxes, order: number) => {
    const change = Math.abs(value - sample(await solve(coarse), at, degree));
    return change * Math.max(1, SAFETY / (share ** -order - 1));
  };
  const inX = await errorOf({ ...axes, slow: fewer(axes.slow) }, Math.min(2, order));
  const inY = await errorOf({ ...axes, fast: fewer(axes.fast) }, 2);
  return { solution, value, gridError: inX + inY };
}
