/**
 * The averaged motion at a frozen x, from weights π on nodes of y:
 *
 *   H̄(x,p) = −Σ_j π_j min_u [φ(x,y_j,u)·p + ℓ],      φ̄(x,ν_p) = Σ_j π_j φ(x,y_j,ν_p(y_j)),  ν_p(y) = argmin.
 */
import { evenAxes, stationaryMeasure, supportBox } from '../../solvers/index.ts';
import { product } from '../../src/control/control-set.ts';
import { finiteControls, minimumOver } from '../../src/control/pointwise-minimum.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';

interface FrozenMotion {
  hamiltonian(p: Coordinates): number;
  /** φ̄(x,ν_p), n components; for p = 0 and no running cost any ν is optimal and the first control of U is taken. */
  velocity(p: Coordinates): number[];
}

/** Every φ and ℓ is evaluated once, so that many p are cheap. */
export function frozenMotion(
  problem: Problem,
  x: Coordinates,
  { grid, weights }: { readonly grid: Grid; readonly weights: Float64Array },
): FrozenMotion {
  const controls = finiteControls(problem);
  const { n } = dimensionsOf(problem);
  if (controls === null) return minimisedMotion(problem, x, { grid, weights });
  const stride = n + 1;
  const row = controls.length * stride;
  const rates = new Float64Array(grid.size * row);
  forEachNode(grid, (j, y) => {
    controls.forEach((u, c) => {
      const at = j * row + c * stride;
      for (let i = 0; i < n; i++) rates[at + i] = problem.slowDrift[i](x, y, u);
      rates[at + n] = problem.runningCost?.(x, y, u) ?? 0;
    });
  });
  /** Where the rates of the best control at node j begin. */
  const best = (j: number, p: Coordinates) => {
    let [found, least] = [0, Infinity];
    for (let at = j * row; at < (j + 1) * row; at += stride) {
      let rate = rates[at + n];
      for (let i = 0; i < n; i++) rate += rates[at + i] * p[i];
      if (rate < least) [found, least] = [at, rate];
    }
    return { at: found, least };
  };
  return {
    hamiltonian: (p) => weights.reduce((sum, weight, j) => sum - weight * best(j, p).least, 0),
    velocity(p) {
      const mean = new Array<number>(n).fill(0);
      weights.forEach((weight, j) => {
        const { at } = best(j, p);
        for (let i = 0; i < n; i++) mean[i] += weight * rates[at + i];
      });
      return mean;
    },
  };
}

/** The same where the minimiser is found node by node. */
function minimisedMotion(
  problem: Problem,
  x: Coordinates,
  { grid, weights }: { readonly grid: Grid; readonly weights: Float64Array },
): FrozenMotion {
  const { leastAt } = minimumOver(problem);
  return {
    hamiltonian(p) {
      let sum = 0;
      forEachNode(grid, (j, y) => {
        sum -= weights[j] * leastAt(x, y, p).value;
      });
      return sum;
    },
    velocity(p) {
      const mean = problem.slowDrift.map(() => 0);
      forEachNode(grid, (j, y) => {
        const { control } = leastAt(x, y, p);
        problem.slowDrift.forEach((drift, i) => {
          mean[i] += weights[j] * drift(x, y, control);
        });
      });
      return mean;
    },
  };
}

/** μ_x as weights on nodes of y. */
export type FrozenMeasures = (x: readonly number[]) => { readonly grid: Grid; readonly weights: Float64Array };

/**
 * Nodes on the longest side of the box of μ_x. Gibbs weights are exact on them, about 16 deviations wide; without a
 * potential the box is wider and the weights are of order two.
 */
const NODES = { relaxed: 31, general: 61 } as const;

/**
 * μ_x for many x of a box. Deep relaxation: on the box of the centre, moved by x and widened. Else: on the hull of the
 * boxes at the corners of the quarter of the x-box that holds x.
 */
export function frozenMeasures(problem: Problem, slow: readonly Interval[]): FrozenMeasures {
  if (problem.fast.deepRelaxation === undefined) return onHulls(problem, slow);
  const centre = slow.map(({ lower, upper }) => (lower + upper) / 2);
  const reach = supportBox(problem, centre).map(({ lower, upper }) => 0.75 * (upper - lower));
  return (x) => {
    const axes = reach.map((half, a) => uniformAxis(`y${a + 1}`, x[a] - half, x[a] + half, NODES.relaxed));
    return stationaryMeasure(problem, x, axes);
  };
}

function onHulls(problem: Problem, slow: readonly Interval[]): FrozenMeasures {
  const known = new Map<string, readonly Interval[]>();
  const boxAt = (x: readonly number[]) => {
    const box = known.get(x.join()) ?? supportBox(problem, x);
    known.set(x.join(), box);
    return box;
  };
  return (x) => {
    const ends = slow.map(({ lower, upper }, i) => {
      const middle = (lower + upper) / 2;
      return x[i] < middle ? [lower, middle] : [middle, upper];
    });
    const boxes = product(ends).map(boxAt);
    const hull = boxes[0].map((_, a) => ({
      lower: Math.min(...boxes.map((box) => box[a].lower)),
      upper: Math.max(...boxes.map((box) => box[a].upper)),
    }));
    return stationaryMeasure(problem, x, evenAxes(hull, NODES.general));
  };
}
