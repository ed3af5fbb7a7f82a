/**
 * Two-sided bounds of the values a monotone scheme would have in exact arithmetic (src/verification/enclosure.ts): of
 * the discrete equations, not of the equation they approximate.
 */

import { candidateControls } from '../../src/control/candidate-controls.ts';
import { controlLattice } from '../../src/control/control-set.ts';
import { hasCrossTerms } from '../../src/control/noise-rates.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { leastCost, leastDrift } from '../../src/control/quadratic-families.ts';
import { type FastSolve, MOST_SUB_SWEEPS } from '../../src/generator/splitting.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { terminalSeesY } from '../../src/model/general-terms.ts';
import type { MovingFrame } from '../../src/model/moving-frame.ts';
import type { Problem } from '../../src/model/problem.ts';
import { stepsFor } from '../../src/time/march.ts';
import {
  type Enclosure,
  encloseDiscrete,
  policyRange,
  roundingRange,
  startRange,
} from '../../src/verification/enclosure.ts';
import type { MethodDiagnostics } from '../marching/method-diagnostics.ts';
import { terminalOnNodes, terminalValues } from '../marching/terminal-values.ts';
import { noiseAtEnds } from './noise-at-ends.ts';

/** What a discrete enclosure reads of the diagnostics of a solve. */
export type Enclosing =
  | 'outcome'
  | 'scheme'
  | 'time'
  | 'iterations'
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
  readonly solution: Pick<MethodDiagnostics, Enclosing> & GridFunction & { readonly frame?: MovingFrame | null };
}

/**
 * The enclosure at every node, relative to the computed value, of the discrete value with the exact minimum over U (a
 * monotone step that commutes with constants, up to a discount, is nonexpansive: Crandall, Tartar 1980), the rounding
 * of a start that has passed a resolvent included; null where nothing is proved, as `notEnclosed` says.
 */
export function discreteEnclosure(original: Problem, run: EnclosedRun): Enclosure | null {
  if (notEnclosed(original, run) !== null) return null;
  const { slow, fast, solution } = run;
  const problem = framed(original, run);
  const { steps, controlsError, iterations } = solution;
  const { horizon, discount = 0 } = problem;
  const dt = horizon / steps;
  const largest = largestValue(problem, slow, fast);
  const fastShape = fast.map(({ nodes }) => nodes);
  const rounding =
    iterations === null
      ? roundingRange({
          ...{ largest, fastShape, fastSolve: solution.fastSolve },
          cells: solution.feet?.longest ?? 0,
          movedAxes: slow.length + (solution.frame ? fast.length : 0),
          noiseArms: problem.slowNoise === undefined ? 0 : Math.max(2 * slow.length, problem.slowNoise[0].length),
        })
      : policyRange({ ...iterations, largest, ...linesOf(problem, run) });
  // A minimum that is too large makes every step too large.
  const residual = { ...rounding, greatest: rounding.greatest + controlsError / steps };
  const kept = iterations === null ? 1 - dt * discount : 1 / (1 + dt * discount);
  const relaxed = { fastShape, fastSolve: isOfLimit(run) ? null : startSolve(run) };
  const start = terminalSeesY(problem) ? [startRange(largest, relaxed)] : [];
  return encloseDiscrete([...start, ...Array.from({ length: steps }, () => residual)], kept);
}

/** Why nothing is proved of the discrete values of a solve; null where `discreteEnclosure` holds them. */
export function notEnclosed(original: Problem, run: EnclosedRun): string | null {
  const { slow, fast, solution } = run;
  const problem = framed(original, run);
  const { outcome, monotone, steps, stableStep, exceeded, controlsError, iterations, time } = solution;
  if (outcome.status !== 'converged') return 'the solve did not come to its end';
  if (controlsError === Infinity) return 'U is sampled';
  if (monotone === 'never') return 'differences of high order weigh values with both signs';
  if (monotone === 'filtered') return 'steps that a filter lets pass are not monotone';
  if (steps < stepsFor(problem.horizon, stableStep)) return 'the steps are longer than those that are monotone';
  if (exceeded !== null) return 'V is steeper than the steps are made for, so that they are not monotone';
  if (iterations?.courant === Infinity) {
    return 'a control has no end, and the error of implicit steps grows with the fastest one';
  }
  if (iterations === null && noiseAtEnds(problem, run)) {
    return 'noise leaves the x-box, and at its ends second differences are those of inner nodes, which is not monotone';
  }
  // Feet of a semi-Lagrangian step that leave the box are moved to its boundary, which is monotone.
  if ((time === 'implicit' || monotone !== 'always') && hasOutflow(problem, slow, fast)) {
    return 'every control leaves over an end of the x-box, where differences against the drift are not monotone';
  }
  return null;
}

/** The problem in whose coordinates the axes are. */
function framed(original: Problem, { solution }: EnclosedRun): Problem {
  return solution.frame?.problem ?? original;
}

/** Whether the value is one of x alone. */
function isOfLimit({ slow, solution }: EnclosedRun): boolean {
  return solution.grid.axes.length === slow.length;
}

/** How the start was relaxed: as the steps are, by lines where these are explicit or implicit. */
function startSolve({ fast, solution }: EnclosedRun): FastSolve {
  return solution.fastSolve ?? { kind: 'lines', subSweeps: fast.length === 1 ? 1 : MOST_SUB_SWEEPS };
}

/**
 * The lines that policies are solved by: in y for the ε-problem, in x for the effective equation. Cross terms couple a
 * line to those along both diagonals as well.
 */
function linesOf(
  problem: Problem,
  run: EnclosedRun,
): { readonly slowAxes: number; readonly line: number; readonly summed: number } {
  const { slow, fast } = run;
  const [inX, inY] = [slow[0].nodes, fast[0].nodes];
  const isLimit = isOfLimit(run);
  return {
    slowAxes: (hasCrossTerms(problem) ? 2 : 1) * slow.length,
    line: isLimit ? inX : inY,
    summed: isLimit ? inY : 1,
  };
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
