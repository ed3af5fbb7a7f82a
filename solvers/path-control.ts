/** How a control becomes steps of paths: tables for WebAssembly, or a system of formulas. */
import type { GridFunction } from '../src/grid/grid-function.ts';
import { type Tabulated, tabulate } from '../src/paths/drift-table.ts';
import { relaxationStep } from '../src/paths/ornstein-uhlenbeck.ts';
import { type ControlLaw, type PathSystem, twoScaleSystem } from '../src/paths/path-system.ts';
import { linearRelaxation, relaxationTable } from '../src/paths/relaxation.ts';
import { type SlopeTables, slopeTables } from '../src/paths/slope-tables.ts';
import { argminLaw, type ValueSlopes, valueSlopes } from '../src/paths/value-slopes.ts';
import type { TableSteps } from '../src/paths/wasm-paths.ts';
import { extremalControls } from '../src/problem/hamiltonian.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import type { Snapshot } from './solve-with-method.ts';
import type { TwoScaleOptions } from './trajectories.ts';

/** The control of an ensemble. */
export type PathControl =
  | { readonly kind: 'constant'; readonly u: Coordinates }
  | { readonly kind: 'open-loop'; readonly at: (t: number) => Coordinates }
  | { readonly kind: 'feedback'; readonly at: ControlLaw }
  /** The argmin of Vᵉ, or of v: the limit feedback ν̂(t,x,y) of the theory. */
  | { readonly kind: 'argmin'; readonly value: ValueHistory };

/** A solution of a Hamilton–Jacobi–Bellman equation solved with `snapshots`. */
export interface ValueHistory extends GridFunction {
  readonly history: readonly Snapshot[];
}

/** What is known before the step length is. */
export interface PathsPlan {
  readonly method: 'ornstein-uhlenbeck' | 'heun';
  /** Equally long windows of time with a table each. */
  readonly windows: number;
  readonly tableError: readonly [number, number];
  /** Initial values of components after (X, Y). */
  readonly extra: readonly number[];
  make(dt: number, steps: number): TableSteps | { readonly system: PathSystem };
}

/** Error of a table relative to the largest drift: below the statistical error of 10⁸ paths. */
const TABLE_TOLERANCE = 1e-6;

/** The plan for a control. Throws InputError where a method or a control does not fit. */
export function pathsPlan(problem: Problem, options: TwoScaleOptions): PathsPlan {
  const { control, method, drift } = options;
  const [[slow], [fast]] = [sides(options.slow), sides(options.fast)];
  const oneByOne = problem.slowDimension === 1 && problem.fastDimension === 1;
  const tables = oneByOne && problem.runningCost === undefined && drift !== 'formulas';
  const kappa =
    tables && control.kind === 'constant' && method !== 'heun'
      ? linearRelaxation(problem, control.u, [slow, fast])
      : null;
  if (control.kind === 'constant' && kappa !== null) return relaxationPlan(problem, options, control.u, kappa);
  if (method === 'ornstein-uhlenbeck') {
    throw new InputError(
      'exact Ornstein–Uhlenbeck steps do not apply here',
      'they need n = m = 1, b = κ(m(x) − y), φ affine in y, no running cost and a constant control',
      'leave the method out, or take heun, which resolves ε',
    );
  }
  if (control.kind === 'constant') {
    return tables ? tablePlan(problem, options, [control.u]) : formulaPlan(problem, options.epsilon, () => control.u);
  }
  if (control.kind !== 'argmin') return formulaPlan(problem, options.epsilon, control.at);
  const slopes = slopesOf(problem, control);
  const controls = extremalControls(problem);
  if (tables && controls.length <= 2) return tablePlan(problem, options, controls, slopeTables(slopes));
  return { ...formulaPlan(problem, options.epsilon, argminLaw(problem, slopes)), windows: slopes.windows.length };
}

function relaxationPlan(
  problem: Problem,
  { epsilon, slow }: TwoScaleOptions,
  u: Coordinates,
  kappa: number,
): PathsPlan {
  const { table, error } = relaxationTable(problem, { u, kappa, slow: sides(slow)[0] }, TABLE_TOLERANCE);
  return {
    method: 'ornstein-uhlenbeck',
    windows: 1,
    tableError: [error[0], kappa * error[1]],
    extra: [],
    make: (dt) => ({ kind: 'ornstein-uhlenbeck', table, step: relaxationStep(kappa, epsilon, dt) }),
  };
}

/** Heun on a table for every control, and the slopes that choose between two. */
function tablePlan(
  problem: Problem,
  { epsilon, slow, fast }: TwoScaleOptions,
  controls: readonly Coordinates[],
  slopes?: SlopeTables,
): PathsPlan {
  const made = controls.map(
    (u): Tabulated =>
      tabulate(
        (out, x, y) => {
          out[0] = problem.slowDrift[0]([x], [y], u);
          out[1] = problem.fastDrift[0]([x], [y]) / epsilon;
        },
        [sides(slow)[0], sides(fast)[0]],
        TABLE_TOLERANCE,
      ),
  );
  const choice = slopes === undefined || made.length < 2 ? null : { other: made[1].table, slopes };
  return {
    method: 'heun',
    windows: choice?.slopes.windows.length ?? 1,
    tableError: [
      Math.max(...made.map(({ error }) => error[0])),
      epsilon * Math.max(...made.map(({ error }) => error[1])),
    ],
    extra: [],
    make: (dt, steps) => ({
      kind: 'heun',
      table: made[0].table,
      choice,
      stepsPerWindow: steps / (choice?.slopes.windows.length ?? 1),
      noise: Math.sqrt(2 / epsilon) * Math.sqrt(dt),
    }),
  };
}

function formulaPlan(problem: Problem, epsilon: number, law: ControlLaw): PathsPlan {
  const system = twoScaleSystem(problem, epsilon, law);
  const extra = problem.runningCost === undefined ? [] : [0];
  return { method: 'heun', windows: 1, tableError: [0, 0], extra, make: () => ({ system }) };
}

/** The slopes of an argmin, in the order of t: window w holds for τ = T − wT/K. Throws InputError. */
export function slopesOf(problem: Problem, { value }: Extract<PathControl, { kind: 'argmin' }>): ValueSlopes {
  const { grid, history } = value;
  const { slowDimension: n, fastDimension: m } = problem;
  const { length } = grid.axes;
  if (length !== n && length !== n + m) {
    throw new InputError(
      `the value function has ${length} variables`,
      `a feedback of this problem depends on x (${n}) or on (x,y) (${n + m})`,
      'take a solution of the ε-problem or of the effective equation',
    );
  }
  if (history.length === 0) {
    throw new InputError(
      'the value function has no history',
      'a feedback ν(t,x,y) is read off values at several times',
      'solve with snapshots: 50',
    );
  }
  return valueSlopes(problem, grid, history.map(({ values: each }) => each).reverse());
}

/** One interval per axis. */
export function sides(box: Interval | readonly Interval[]): readonly Interval[] {
  return 'lower' in box ? [box] : box;
}
