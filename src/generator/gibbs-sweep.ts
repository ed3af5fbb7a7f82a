/**
 * How strongly line solves along every fast axis contract as κ → ∞. There the resolvent of axis a is the conditional
 * expectation Π_a along its lines under the discrete μ_x, and a sub-sweep is a sweep of the Gibbs sampler,
 *
 *   P = Π_m … Π_1,   c = lim ‖P^k g‖/‖P^{k−1} g‖   over functions g of mean 0 in L²(μ_x):
 *
 * for m = 2 the square of the maximal correlation of y₁ and y₂ (Rényi 1959; Liu, Wong, Kong 1994), which for Gaussian
 * measures is the linear one, and 0 for independent variables. Power iteration, from below; a frozen x starts with
 * the function its neighbour ended with and as much of a fresh one, lest the start be orthogonal to what counts.
 */
import type { Grid } from '../grid/grid.ts';

/** The discrete measures of all frozen x, one after another. */
export interface LaneMeasures {
  readonly grid: Grid;
  readonly lanes: number;
  /** Weights ≥ 0 with sum 1 on the nodes of `grid`. */
  weightsAt(lane: number): Float64Array;
}

/** Round-off of a sweep over independent variables is no contraction. */
const NEGLIGIBLE = 1e-9;
/** c is found when it moves by less than this part of 1 − c: log c is then known within about a percent. */
const SETTLED = 0.01;
const FEWEST_SWEEPS = 4;
const MOST_SWEEPS = 200;

/** The largest c over the lanes; measuring ends at the first one that reaches `enough`. */
export function sweepContraction({ grid, lanes, weightsAt }: LaneMeasures, enough: number): number {
  const irregular = irregularOn(grid);
  const [g, fresh] = [new Float64Array(grid.size), new Float64Array(grid.size)];
  let largest = 0;
  for (let lane = 0; lane < lanes && largest < enough; lane++) {
    const weights = weightsAt(lane);
    fresh.set(irregular);
    standardise(fresh, weights);
    for (let j = 0; j < g.length; j++) g[j] += fresh[j];
    const found = contractionOf(g, weights, grid, enough);
    if (found === 0) g.fill(0);
    largest = Math.max(largest, found);
  }
  return largest;
}

/**
 * A function without symmetries: wandering along every axis, so that on every length most of it is slow, and a little
 * noise across them.
 */
function irregularOn({ size, shape, strides }: Grid): Float64Array {
  const noise = (k: number) => Math.sin(0.7 * k * k + k);
  const along = shape.map((nodes, axis) => {
    const path = new Float64Array(nodes);
    for (let k = 1; k < nodes; k++) path[k] = path[k - 1] + noise(k + 100 * axis);
    return path;
  });
  return Float64Array.from({ length: size }, (_, j) =>
    along.reduce((sum, path, axis) => sum + path[Math.floor(j / strides[axis]) % shape[axis]], noise(j) / 2),
  );
}

/** c of one lane from the start g, where g ends as the function that contracts least. */
function contractionOf(g: Float64Array, weights: Float64Array, grid: Grid, enough: number): number {
  standardise(g, weights);
  let before = 0;
  for (let k = 1; k <= MOST_SWEEPS; k++) {
    for (const axis of grid.shape.keys()) averageAlong(g, weights, grid, axis);
    const factor = standardise(g, weights);
    if (factor < NEGLIGIBLE) return 0;
    if (k >= FEWEST_SWEEPS && (factor >= enough || Math.abs(factor - before) <= SETTLED * (1 - factor))) return factor;
    before = factor;
  }
  return before;
}

/** Makes the mean of g 0 and its norm 1; returns the norm it had about its mean. */
function standardise(g: Float64Array, weights: Float64Array): number {
  let mean = 0;
  for (let j = 0; j < g.length; j++) mean += weights[j] * g[j];
  let square = 0;
  for (let j = 0; j < g.length; j++) square += weights[j] * (g[j] - mean) ** 2;
  const norm = Math.sqrt(square);
  for (let j = 0; j < g.length; j++) g[j] = norm === 0 ? 0 : (g[j] - mean) / norm;
  return norm;
}

/** Π_a: g becomes its mean on every line of an axis; 0 on lines without mass. */
function averageAlong(g: Float64Array, weights: Float64Array, { shape, strides }: Grid, axis: number): void {
  const stride = strides[axis];
  const length = stride * shape[axis];
  for (let block = 0; block < g.length; block += length) {
    for (let first = block; first < block + stride; first++) {
      let [mass, sum] = [0, 0];
      for (let j = first; j < block + length; j += stride) {
        mass += weights[j];
        sum += weights[j] * g[j];
      }
      const mean = mass === 0 ? 0 : sum / mass;
      for (let j = first; j < block + length; j += stride) g[j] = mean;
    }
  }
}
