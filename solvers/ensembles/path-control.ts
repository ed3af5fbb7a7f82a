/** What steers paths. */

import { jumpAlong, type Tree } from '../../src/formula/tree.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { InputError } from '../../src/input/input-error.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { TIME } from '../../src/paths/formula-paths.ts';
import type { ControlLaw } from '../../src/paths/path-system.ts';
import { argminLaw, type ValueSlopes, valueSlopes } from '../../src/paths/value-slopes.ts';
import type { Snapshot } from '../../src/time/checkpoint.ts';

/** The control of an ensemble. */
export type PathControl =
  | { readonly kind: 'constant'; readonly u: Coordinates }
  | {
      readonly kind: 'open-loop';
      /** u(t); may know its formulas, one per control in t: their jumps are then seen, however short a pulse is. */
      readonly at: ((t: number) => Coordinates) & { readonly trees?: readonly Tree[] };
    }
  | {
      readonly kind: 'feedback';
      /** u(t,x,y); may know its formulas, one per control in t and the names of x and y. */
      readonly at: ControlLaw & { readonly trees?: readonly Tree[] };
    }
  /** The argmin of Vᵉ, or of v: the limit feedback ν̂(t,x,y) of the theory. */
  | { readonly kind: 'argmin'; readonly value: ValueHistory };

/** A solution of a Hamilton–Jacobi–Bellman equation solved with `snapshots`. */
export interface ValueHistory extends GridFunction {
  /** At least one value, in the order of τ. */
  readonly history: readonly Snapshot[];
}

/** The control as a function of (t,x,y). */
export function lawOf(problem: Problem, control: PathControl): ControlLaw {
  if (control.kind === 'constant') return () => control.u;
  return control.kind === 'argmin' ? argminLaw(problem, slopesOf(problem, control)) : control.at;
}

/** Increments of a Lipschitz control halve with the step; those of a jump stay. */
const LARGEST_SHARE = 0.75;

/** Whether a control changes little within one of `steps` steps: constants, and open loops without jumps on [0,T]. */
export function isContinuous({ horizon }: Problem, control: PathControl, steps: number): boolean {
  if (control.kind !== 'open-loop') return control.kind === 'constant';
  if (control.at.trees?.some((tree) => jumpAlong(tree, TIME) !== null)) return false;
  const largest = (count: number) => {
    const values = Array.from({ length: count + 1 }, (_, k) => Array.from(control.at((horizon * k) / count)));
    const increments = values.slice(1).flatMap((u, k) => u.map((value, c) => Math.abs(value - values[k][c])));
    return increments.reduce((most, value) => Math.max(most, value), 0);
  };
  const doubled = largest(Math.max(1, Math.floor(steps / 2)));
  return doubled === 0 || largest(steps) <= LARGEST_SHARE * doubled;
}

/** The slopes of an argmin, in the order of t: window w holds for τ = T − wT/K. Throws InputError. */
export function slopesOf(problem: Problem, { value }: Extract<PathControl, { kind: 'argmin' }>): ValueSlopes {
  const { grid, history } = value;
  const { n, m } = dimensionsOf(problem);
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
