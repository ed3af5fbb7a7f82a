/**
 * Two-sided bounds of the values a monotone scheme would have in exact arithmetic (src/verification/enclosure.ts): of
 * the discrete equations, not of the equation they approximate.
 */

import { candidateControls } from '../../src/control/candidate-controls.ts';
import { controlLattice } from '../../src/control/control-set.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { leastCost, leastDrift } from '../../src/control/quadratic-families.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { terminalSeesY } from '../../src/model/general-terms.ts';
import type { MovingFrame } from '../../src/model/moving-frame.ts';
import type { Problem } from '../../src/model/problem.ts';
import { stepsFor } from '../../src/time/march.ts';
import { type Enclosure, encloseDiscrete, roundingRange } from '../../src/verification/enclosure.ts';
import type { MethodDiagnostics } from '../marching/method-diagnostics.ts';
import { terminalOnNodes, terminalValues } from '../marching/terminal-values.ts';

/** What a discrete enclosure reads of the diagnostics of a solve. */
export type Enclosing =
  | 'outcome'
  | 'stages'
  | 'monotone'
  | 'steps'
  | 'stableStep'
  | 'exceeded'
  | 'fastSolve'
  | 'feet'
  | 'controlsError';

/** A solve whose discrete values are enclosed: its nodes, and what it told of itself. */
export interface EnclosedRun {
  /** The slow axes of the solve. */
  readonly slow: readonly Axis[];
  /** Its fast axes, in a moving frame those of z. */
  readonly fast: readonly Axis[];
  readonly solution: Pick<MethodDiagnostics, Enclosing> & { readonly frame?: MovingFrame | null };
}

/**
 * The enclosure at every node, relative to the computed value, of the discrete value with the exact minimum over U (a
 * monotone step that commutes with constants is nonexpansive: Crandall, Tartar 1980); null where U is sampled, and
 * where the run is not monotone at every node: another kind of scheme, steps of policy iteration, more than the stable
 * step, drifts that leave the x-box under every control, an early stop.
 */
export function discreteEnclosure(original: Problem, run: EnclosedRun): Enclosure | null {
  const { slow, fast, solution } = run;
  const problem = solution.frame?.problem ?? original;
  const { outcome, stages, monotone, steps, stableStep, exceeded, controlsError } = solution;
  if (outcome.status !== 'converged' || controlsError === Infinity) return null;
  if (monotone === 'filtered' || monotone === 'never') return null;
  // Second differences at the ends of the x-box are those of inner nodes; a discount is one more rounding a step.
  if (problem.slowNoise !== undefined || problem.discount !== undefined) return null;
  if (steps < stepsFor(problem.horizon, stableStep) || exceeded !== null) return null;
  // The rounding of one sweep is known, and no residual of an iteration.
  if (stages !== 1) return null;
  // Feet of a semi-Lagrangian step that leave the box are moved to its boundary, which is monotone.
  if (monotone !== 'always' && hasOutflow(problem, slow, fast)) return null;

  const rounding = roundingRange({
    largest: largestValue(problem, slow, fast),
    cells: solution.feet?.longest ?? 0,
    movedAxes: slow.length + (solution.frame ? fast.length : 0),
    fastShape: fast.map(({ nodes }) => nodes),
    fastSolve: solution.fastSolve,
  });
  // A minimum that is too large makes every step too large.
  const residual = { ...rounding, greatest: rounding.greatest + controlsError / steps };
  return encloseDiscrete(Array.from({ length: steps }, () => residual));
}

/** Controls of an interval that are looked at. */
const LOOKS = 33;

/** Does some node at an end of an x-axis have every control point outward? There upwinding is not monotone. */
function hasOutflow(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): boolean {
  const { fixed, families, formulas } = candidateControls(problem);
  // Where these all point outward the others may not: then a bound is left out that might hold.
  const looked = [...fixed, ...formulas.flatMap(({ box }) => controlLattice(box, LOOKS))];
  let found = false;
  forEachNode(tensorGrid([...slow, ...fast]), (_, point) => {
    if (found) return;
    const [x, y] = [point.subarray(0, slow.length), point.subarray(slow.length)];
    found = slow.some((axis, i) => {
      const outward = x[i] === axis.lower ? -1 : x[i] === axis.upper ? 1 : 0;
      if (outward === 0) return false;
      const leaves = looked.every((u) => problem.slowDrift[i](x, y, u) * outward > 0);
      return leaves && families.every((family) => leastDrift(family, { axis: i, side: outward, x, y }) > 0);
    });
  });
  return found;
}

/** max|f| + T·max|ℓ|, which no value of a monotone scheme exceeds; of a family the least ℓ counts. */
function largestValue(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): number {
  const terminal = terminalSeesY(problem)
    ? terminalOnNodes(problem, tensorGrid(slow), tensorGrid(fast))
    : terminalValues(problem, tensorGrid(slow));
  const largest = terminal.reduce((most, f) => Math.max(most, Math.abs(f)), 0);
  const { runningCost, horizon } = problem;
  if (runningCost === undefined) return largest;
  const { fixed, families, formulas } = candidateControls(problem);
  const { leastAt } = minimumOver(problem);
  const flat = slow.map(() => 0);
  let cost = 0;
  forEachNode(tensorGrid([...slow, ...fast]), (_, point) => {
    const [x, y] = [point.subarray(0, slow.length), point.subarray(slow.length)];
    for (const u of fixed) cost = Math.max(cost, Math.abs(runningCost(x, y, u)));
    for (const family of families) cost = Math.max(cost, Math.abs(leastCost(family, { x, y })));
    if (formulas.length > 0) cost = Math.max(cost, Math.abs(leastAt(x, y, flat).value));
  });
  return largest + horizon * cost;
}
