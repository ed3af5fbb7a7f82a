/** What a study keeps of its solves at times to go below T: Vᵉ over x with y in the centre of K, v over x. */

import type { EffectiveSolution, EpsilonSolution } from '../../solvers/index.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { type Case, effectiveCase, keyOf, valueCase } from './cases.ts';
import { mapNodes } from './field.ts';
import type { StudySetup } from './setup.ts';
import { limitStart } from './terminal-mean.ts';

type Solution = EpsilonSolution | EffectiveSolution;

/** A value over the slow nodes, the first axis fastest. */
export interface Kept {
  readonly tau: number;
  readonly values: ArrayLike<number>;
}

/** Times up to T at which values are kept: on the line, in the plane, where one may take a hundred megabytes. */
const TIMES = { onLine: 10, inPlane: 4 } as const;

/** How many values the solver is to keep of a case; undefined where none are shown or its steps keep none. */
export function snapshotsOf(setup: StudySetup, wanted: Case): number | undefined {
  const { nx, ny } = setup.fine;
  const shown = wanted.kind === 'value' ? valueCase(wanted.epsilon, nx, ny) : effectiveCase(nx, ny, { steps: 'same' });
  if (keyOf(shown) !== keyOf(wanted) || setup.method.time.steps.kind === 'policy') return undefined;
  return setup.slow.length + setup.fast.length > 2 ? TIMES.inPlane : TIMES.onLine;
}

/** The solution with its values on the way over x alone. */
export function withSections<Value extends Solution>(setup: StudySetup, solution: Value): Value {
  const { grid } = solution;
  const history = solution.history.map(({ tau, values }) => ({ tau, values: overSlow(setup, { grid, values }) }));
  return { ...solution, history };
}

/** From τ = 0, where Vᵉ is g with y in the centre of K and v is f or ḡ, to T. */
export function keptOnTheWay(setup: StudySetup, solution: Solution): readonly Kept[] {
  const { problem, slow } = setup;
  const isLimit = solution.grid.axes.length === slow.length;
  const y = centreOf(setup);
  const startAt = isLimit ? limitStart(setup) : (x: readonly number[]) => problem.terminalCost(x, y);
  const start = mapNodes(solution.grid.axes.slice(0, slow.length), startAt);
  const ended = { tau: problem.horizon, values: overSlow(setup, solution) };
  return [{ tau: 0, values: start }, ...(solution.history.length === 0 ? [ended] : solution.history)];
}

function overSlow(setup: StudySetup, value: GridFunction): Float64Array {
  const { slow } = setup;
  const { axes } = value.grid;
  const y = centreOf(setup).slice(0, axes.length - slow.length);
  return Float64Array.from(mapNodes(axes.slice(0, slow.length), (x) => sample(value, [...x, ...y], setup.degree)));
}

/** The centre of K in y. */
function centreOf({ slow, observe }: StudySetup): number[] {
  return observe.lower.slice(slow.length).map((low, a) => (low + observe.upper[slow.length + a]) / 2);
}
