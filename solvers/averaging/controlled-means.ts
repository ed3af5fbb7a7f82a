/**
 * Means of φ and ℓ under μ_x for controls that depend on y: the nodal sum with the stationary weights of L_h,
 *
 *   φ̄(x,ν) = Σ_j π_j φ(x,y_j,ν(y_j)) + corrections on the edges where ν switches,
 *
 * for ν with finitely many values, along the one axis that crosses the switching surface most steeply
 * (src/grid/jump-correction.ts). The nodal sum alone is exact to rounding for what is smooth and decays, and first
 * order where the integrand jumps.
 */

import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import { crossingBetween, type FourValues, jumpCorrection } from '../../src/grid/jump-correction.ts';
import { InputError } from '../../src/input/input-error.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import type { Outcome } from '../../src/time/march.ts';
import { stationaryMeasure } from '../invariant-measure.ts';
import { bestOf, type ConstantMean, type ControlledMean } from './controlled-mean.ts';
import { measureAxes } from './fast-support.ts';
import { minimisedMeans } from './minimised-means.ts';

interface ControlledMeans {
  /** Nodes on the longest side of the y-box. */
  readonly nodes: number;
  /** One per control at which minima are attained, else at a few of U: the means under it, taken constant. */
  readonly constants: readonly ConstantMean[];
  /** The constant control that is best for p: of U, or of those looked at where φ or ℓ is not quadratic in u. */
  constantAt(p: Coordinates): ConstantMean;
  /** Means under ν_p, the minimiser of φ·p + ℓ at every y, and the error of their sums where it is not of order 5. */
  atMinimizers(p: Coordinates): ControlledMean & { readonly error: number };
  /** Σ_j π_j H(x,y_j,p), without corrections: what the averaged operator of the effective equation sums. */
  meanHamiltonian(p: Coordinates): { readonly value: number; readonly controls: number };
  readonly outcome: Outcome;
}

/** Errors of order 5 in h: 1e-9 for m = 1, 2 and 1e-6 for m = 3. Fields are held for every control at every node. */
const NODES = { 1: 8001, 2: 401, 3: 97 } as const;
/** The same where the control is minimised for at every node. */
const MINIMISED = { 1: 8001, 2: 201, 3: 49 } as const;
const USUAL_FIELD_NODES = 8e6;
/** About 1 GB of fields and rates. */
const MOST_FIELD_NODES = 3e7;

/** The means at one x; order 5 in h across smooth switching surfaces. Throws InputError where φ or ℓ is not finite. */
export function controlledMeans(
  problem: Problem,
  options: { readonly x: Coordinates; readonly box: readonly Interval[]; readonly nodes?: number },
): ControlledMeans {
  const { x, box } = options;
  const controls = finiteControls(problem);
  const { m } = dimensionsOf(problem);
  if (controls === null) {
    const count = options.nodes ?? MINIMISED[m];
    const { grid, weights, outcome } = stationaryMeasure(problem, x, measureAxes(problem, box, count));
    return { nodes: count, ...minimisedMeans(problem, x, grid, weights), outcome };
  }
  const most = Math.floor((USUAL_FIELD_NODES / controls.length) ** (1 / m));
  const nodes = options.nodes ?? Math.min(NODES[m], most);
  const axes = measureAxes(problem, box, nodes);
  refuseLarge(controls.length, axes);
  const { grid, weights, outcome } = stationaryMeasure(problem, x, axes);
  const fields = controls.map((control) => fieldsOn(problem, grid, x, control));
  const { n } = dimensionsOf(problem);
  const split = (sums: readonly number[]) => ({ velocity: sums.slice(0, n), cost: sums[n] });
  const constants = controls.map((control, c) => ({
    control,
    ...split(fields[c].map((field) => weights.reduce((sum, weight, j) => sum + weight * field[j], 0))),
  }));
  return {
    nodes,
    constants,
    constantAt: (p) => bestOf(constants, p),
    atMinimizers(p) {
      const nodal = minimizersOn(fields, p, grid.size);
      return { ...split(correctedSums(grid, weights, fields, nodal)), error: 0 };
    },
    meanHamiltonian(p) {
      const { rates, choice } = minimizersOn(fields, p, grid.size);
      return { value: -weights.reduce((sum, weight, j) => sum + weight * rates[choice[j]][j], 0), controls: 0 };
    },
    outcome,
  };
}

function refuseLarge(controls: number, axes: readonly Axis[]): void {
  const nodes = axes.reduce((product, axis) => product * axis.nodes, 1);
  if (nodes * controls <= MOST_FIELD_NODES) return;
  throw new InputError(
    `${nodes} y-nodes with ${controls} controls are ${(nodes * controls).toPrecision(2)} values of φ`,
    `at most ${MOST_FIELD_NODES} fit into memory`,
    'take fewer nodes, or list fewer values of the controls',
  );
}

/** φ_1 … φ_n, ℓ of one control on all nodes. */
type Fields = readonly Float64Array[];

function fieldsOn(problem: Problem, grid: Grid, x: Coordinates, control: readonly number[]): Fields {
  const parts = [...problem.slowDrift, problem.runningCost ?? (() => 0)];
  const fields = parts.map(() => new Float64Array(grid.size));
  forEachNode(grid, (j, y) => {
    parts.forEach((part, i) => {
      const value = part(x, y, control);
      if (!Number.isFinite(value)) throw notFinite(i < dimensionsOf(problem).n ? 'slow drift φ' : 'running cost ℓ', y);
      fields[i][j] = value;
    });
  });
  return fields;
}

function notFinite(what: string, y: Coordinates): InputError {
  const place = Array.from(y, (value) => Number(value.toPrecision(6))).join(', ');
  return new InputError(
    `the ${what} is not finite at y = ${place}`,
    'a mean over y needs it at every y',
    'look for divisions by 0 and logarithms in its formula, or give a smaller y-box',
    'slowDrift',
  );
}

interface Nodal {
  /** φ·p + ℓ of every control on the nodes. */
  readonly rates: readonly Float64Array[];
  /** The index of the control with the smallest, the first one in a tie. */
  readonly choice: Uint16Array;
}

function minimizersOn(fields: readonly Fields[], p: Coordinates, size: number): Nodal {
  const rates = fields.map((parts) => {
    const cost = parts[parts.length - 1];
    return cost.map((value, j) => {
      let rate = value;
      for (let i = 0; i + 1 < parts.length; i++) rate += parts[i][j] * p[i];
      return rate;
    });
  });
  const choice = new Uint16Array(size);
  for (let c = 1; c < rates.length; c++) {
    for (let j = 0; j < size; j++) if (rates[c][j] < rates[choice[j]][j]) choice[j] = c;
  }
  return { rates, choice };
}

function correctedSums(grid: Grid, weights: Float64Array, fields: readonly Fields[], nodal: Nodal): number[] {
  const { choice, rates } = nodal;
  const parts = fields[0].map((_, i) => i);
  const sums = parts.map((i) => weights.reduce((sum, weight, j) => sum + weight * fields[choice[j]][i][j], 0));
  const { stride, nodes } = steepestAxis(grid, nodal);
  for (let j = 0; j < grid.size; j++) {
    const position = Math.floor(j / stride) % nodes;
    const [left, right] = [choice[j], choice[j + stride]];
    // At the first and the last edge of a line, where μ_x vanishes, there are no four nodes.
    if (position === 0 || position >= nodes - 2 || left === right) continue;
    const around = (value: (k: number) => number): FourValues => [
      value(j - stride),
      value(j),
      value(j + stride),
      value(j + 2 * stride),
    ];
    const theta = crossingBetween(around((k) => rates[left][k] - rates[right][k]));
    for (const i of parts) {
      const jump = around((k) => weights[k] * (fields[right][i][k] - fields[left][i][k]));
      sums[i] += jumpCorrection(jump, theta);
    }
  }
  return sums;
}

/** The axis along which the control switches on most edges: it crosses the switching surface most steeply. */
function steepestAxis(grid: Grid, { choice }: Nodal): { readonly stride: number; readonly nodes: number } {
  const switches = grid.axes.map((_, a) => {
    const [stride, nodes] = [grid.strides[a], grid.shape[a]];
    let count = 0;
    for (let j = 0; j + stride < grid.size; j++) {
      if (Math.floor(j / stride) % nodes < nodes - 1 && choice[j] !== choice[j + stride]) count++;
    }
    return count;
  });
  const axis = switches.indexOf(Math.max(...switches));
  return { stride: grid.strides[axis], nodes: grid.shape[axis] };
}
