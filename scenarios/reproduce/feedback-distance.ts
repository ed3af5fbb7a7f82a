/**
 * How often two bang-bang feedbacks differ: the measure under μ_x of the y between their switching surfaces.
 *
 * Both take the end of U at which u ↦ φ(x,y,u)·p + ℓ(x,y,u) is smallest, p = D_xVᵉ or Dv, so that both switch where
 * d·p + e changes sign, d and e the differences of φ and ℓ between the ends. On the edges along one fast axis d, e, p
 * are taken linear, so that surfaces much closer to each other than two nodes are told apart; counting nodes would see
 * them by chance only.
 */
import type { EffectiveSolution, EpsilonSolution, Snapshot } from '../../solvers/index.ts';
import { onNodes } from '../../solvers/workbench.ts';
import { fastOperator } from '../../src/generator/fast-operator.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../../src/grid/grid.ts';
import { boxesOf, type ControlledField, type Problem } from '../../src/model/problem.ts';
import { slopeAlong } from '../../src/paths/value-slopes.ts';
import type { Model } from './model.ts';

/** ν̂ is undefined where Dv = 0: compared where |Dv| exceeds this share of its largest size on K. */
const SLOPE_SHARE = 0.01;
/** Surfaces that differ by less than this share of μ_x are one surface and rounding. */
const ROUNDING = 1e-12;

/** Per ε: the share of (t,x,y) at which the feedbacks differ, and by how much they differ there. */
export type FeedbackDistances = readonly { readonly share: number; readonly jump: number }[];

/** (∫|νᵉ−ν̂|^q dμ_x)^(1/q), in the mean over x in K and t. */
export function normOf({ share, jump }: FeedbackDistances[number], q: number): number {
  return jump * share ** (1 / q);
}

/** The distances of the feedbacks of all ε from the one of the limit. */
export function feedbackDistances(
  model: Model,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
  values: readonly EpsilonSolution[],
  limit: EffectiveSolution,
): FeedbackDistances {
  const { problem } = model;
  const points: number[][] = [];
  forEachNode(limit.grid, (_, x) => points.push([...x]));
  const measure = fastOperator(problem, points, axes.fast).stationary();
  const boxes = boxesOf(problem.controls);
  const ends = [boxes[0].lower, boxes[boxes.length - 1].upper] as const;
  const frame = { model, problem, points, fast: tensorGrid(axes.fast), measure, ends };
  const jump = Math.hypot(...ends[1].map((u, i) => u - ends[0][i]));
  return values.map(({ grid, history }) => {
    let [sum, weight] = [0, 0];
    history.forEach((snapshot, k) => {
      const part = differing(frame, slopesOf(grid, snapshot, model), slopesOf(limit.grid, limit.history[k], model));
      sum += part.sum;
      weight += part.weight;
    });
    return { share: sum < ROUNDING * weight ? 0 : sum / weight, jump };
  });
}

interface Frame {
  readonly model: Model;
  readonly problem: Problem;
  /** The slow nodes. */
  readonly points: readonly (readonly number[])[];
  readonly fast: Grid;
  /** π of fast node j at slow node s at j·(slow nodes) + s. */
  readonly measure: Float64Array;
  readonly ends: readonly [readonly number[], readonly number[]];
}

/** D_x of a value at its nodes. */
function slopesOf(grid: Grid, { values }: Snapshot, { x }: Model): readonly Float64Array[] {
  return x.map((_, i) => slopeAlong(grid, values, i));
}

/** Σ π·(part of the edge on which the signs differ) over the x in K where |Dv| is not small, and Σ π. */
function differing(frame: Frame, slopes: readonly Float64Array[], limits: readonly Float64Array[]) {
  const { points, fast, measure } = frame;
  const sizes = points.map((x, s) => (inside(frame, x) ? Math.hypot(...limits.map((slope) => slope[s])) : 0));
  const least = SLOPE_SHARE * Math.max(...sizes);
  let [sum, weight] = [0, 0];
  points.forEach((x, s) => {
    if (sizes[s] === 0 || sizes[s] < least) return;
    const jumps = jumpsAt(frame, x);
    const limit = (j: number) => switching(jumps, j, (i) => limits[i][s]);
    const own = (j: number, next: number): Parabola => {
      const at = (node: number) => switching(jumps, node, (i) => slopes[i][node * points.length + s]);
      const middle = (field: Float64Array, a: number, b: number) => (field[a] + field[b]) / 2;
      const half = jumps.slow.reduce(
        (total, jump, i) => {
          return total + middle(jump, j, next) * middle(slopes[i], j * points.length + s, next * points.length + s);
        },
        middle(jumps.cost, j, next),
      );
      return [at(j), half, at(next)];
    };
    const target = Float64Array.from({ length: fast.size }, (_, j) => limit(j));
    forEachEdge(fast, steepestAxis(fast, target), (j, next) => {
      const share = (measure[j * points.length + s] + measure[next * points.length + s]) / 2;
      const line: Parabola = [target[j], (target[j] + target[next]) / 2, target[next]];
      sum += share * partOfUnlikeSigns(own(j, next), line);
      weight += share;
    });
  });
  return { sum, weight };
}

function inside({ model }: Frame, x: readonly number[]): boolean {
  return model.observe.x.every(({ lower, upper }, i) => x[i] >= lower - 1e-9 && x[i] <= upper + 1e-9);
}

/** d and e at the fast nodes. */
interface Jumps {
  readonly slow: readonly Float64Array[];
  readonly cost: Float64Array;
}

function jumpsAt({ problem, fast, ends: [first, last] }: Frame, x: readonly number[]): Jumps {
  const jumpOf = (field: ControlledField) => onNodes(fast, (y) => field(x, y, last) - field(x, y, first));
  return { slow: problem.slowDrift.map(jumpOf), cost: jumpOf(problem.runningCost ?? (() => 0)) };
}

/** d·p + e at a fast node. */
function switching({ slow, cost }: Jumps, j: number, p: (i: number) => number): number {
  return slow.reduce((total, jump, i) => total + jump[j] * p(i), cost[j]);
}

/** The axis along which a field changes most: its level surfaces are crossed, not followed. */
function steepestAxis(grid: Grid, field: Float64Array): number {
  const changes = grid.axes.map((_, axis) => {
    let change = 0;
    forEachEdge(grid, axis, (j, next) => {
      change += Math.abs(field[next] - field[j]);
    });
    return change;
  });
  return changes.indexOf(Math.max(...changes));
}

function forEachEdge({ size, shape, strides }: Grid, axis: number, visit: (j: number, next: number) => void): void {
  const [nodes, stride] = [shape[axis], strides[axis]];
  for (let j = 0; j < size; j++) if (Math.floor(j / stride) % nodes < nodes - 1) visit(j, j + stride);
}

/** A polynomial of degree 2 on [0,1] by its values at 0, 1/2 and 1. */
type Parabola = readonly [number, number, number];

/** The part of [0,1] on which two parabolas have opposite signs. */
export function partOfUnlikeSigns(a: Parabola, b: Parabola): number {
  const cuts = [0, ...[...zeros(a), ...zeros(b)].sort((s, t) => s - t), 1];
  let part = 0;
  for (let k = 0; k + 1 < cuts.length; k++) {
    const middle = (cuts[k] + cuts[k + 1]) / 2;
    if (valueAt(a, middle) * valueAt(b, middle) < 0) part += cuts[k + 1] - cuts[k];
  }
  return part;
}

/** c₀ + c₁s + c₂s². */
function coefficients([left, middle, right]: Parabola): Parabola {
  return [left, 4 * middle - 3 * left - right, 2 * (left - 2 * middle + right)];
}

function valueAt(values: Parabola, s: number): number {
  const [c0, c1, c2] = coefficients(values);
  return c0 + s * (c1 + s * c2);
}

/** The zeros in (0,1), by the formula that does not subtract equal numbers. */
function zeros(values: Parabola): number[] {
  const [c0, c1, c2] = coefficients(values);
  const discriminant = c1 * c1 - 4 * c0 * c2;
  if (!(discriminant > 0)) return [];
  const half = -(c1 + (c1 < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  return [half / c2, c0 / half].filter((s) => s > 0 && s < 1);
}
