/**
 * The discrete fast generator L_h in R^m, m ≤ 3, at one frozen x: jump rates and killing, never a diagonal.
 *
 *   (L_h w)_i = Σ_axes [up (w_{i+e} − w_i) + down (w_{i−e} − w_i)] − killing_i w_i ≈ b·D_y w + Σ_k α_k ∂²_k w,
 *   rate± = α B(rise±)·2/(h±(h₋+h₊)),   rise± = Φ(y ± h±e) − Φ(y), or −∫b/α along the arm for a general drift,
 *
 * exponential fitting (Scharfetter, Gummel 1969) on arms h± cut by the sphere (Shortley, Weller 1938). The rate of a
 * cut arm is killing; the sides of a rectangle reflect. Rates ≥ 0 for every h: an M-matrix. For a gradient drift the
 * rates of uncut nodes are in detailed balance with e^−Φ, exactly; cut nodes are not. Order 2 in h.
 */
import type { ConnectedNodes } from '../grid/connected-nodes.ts';
import type { Lattice } from '../linalg/coarsening.ts';
import { applyRates, type SparseRates } from '../linalg/sparse-rates.ts';
import { gibbsWeights } from '../measure/gibbs-weights.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { alphaRow, requireEllipticAt } from './alpha-rows.ts';
import { type FastScheme, rateOf, refuseCorrectedOnBalls } from './fast-generator.ts';
import { potentialAt, thetaRise } from './rises.ts';

export interface JumpGenerator {
  readonly nodes: ConnectedNodes;
  readonly scheme: FastScheme;
  readonly jumps: SparseRates;
  readonly lattice: Lattice;
  /** e^−Φ on the nodes with sum 1, stationary where all sides reflect; null without a potential or for upwind rates. */
  readonly gibbs: Float64Array | null;
  /** α_k on the nodes, axis by axis; null where the noise is √2. */
  readonly alpha: readonly Float64Array[] | null;
  /** out = L_h w. */
  apply(out: Float64Array, w: Float64Array): void;
}

/**
 * L_h on these nodes. Throws InputError where the drift or potential is not finite, where the noise may be 0, and for
 * corrected rates.
 */
export function jumpGenerator(
  problem: Problem,
  x: Coordinates,
  nodes: ConnectedNodes,
  scheme: FastScheme = 'scharfetter-gummel',
): JumpGenerator {
  refuseCorrectedOnBalls(scheme);
  const { dimension, positions } = nodes;
  const potential = problem.fast.kind === 'drift' ? null : potentialOn(problem, x, nodes);
  const jumps = pattern(nodes);
  requireEllipticAt(problem, [x], hullOf(nodes));
  const alpha = alphaOn(problem, x, nodes);
  fillRates(jumps, nodes, riseAlongArms(problem, x, nodes, potential), { rate: rateOf[scheme], alpha });
  return {
    nodes,
    scheme,
    jumps,
    lattice: { dimension, positions },
    alpha,
    gibbs: potential === null || scheme === 'upwind' ? null : gibbsWeights(potential).weights,
    apply: (out, w) => applyRates(out, jumps, w),
  };
}

function potentialOn(problem: Problem, x: Coordinates, { points, size, dimension }: ConnectedNodes): Float64Array {
  const phi = new Float64Array(size);
  for (let i = 0; i < size; i++) phi[i] = potentialAt(problem, x, points.subarray(i * dimension, (i + 1) * dimension));
  return phi;
}

/** The box of the nodes and the ends of their arms. */
function hullOf({ points, arms, size, dimension }: ConnectedNodes): Interval[] {
  const hull = Array.from({ length: dimension }, () => ({ lower: Infinity, upper: -Infinity }));
  for (let k = 0; k < size * dimension; k++) {
    const side = hull[k % dimension];
    side.lower = Math.min(side.lower, points[k] - arms[2 * k]);
    side.upper = Math.max(side.upper, points[k] + arms[2 * k + 1]);
  }
  return hull;
}

function alphaOn(
  problem: Problem,
  x: Coordinates,
  { points, size, dimension }: ConnectedNodes,
): JumpGenerator['alpha'] {
  const columns = Array.from({ length: dimension }, (_, a) =>
    Float64Array.from({ length: size }, (_unused, i) => points[i * dimension + a]),
  );
  const rows = columns.map((_, axis) => alphaRow(problem, columns, axis));
  const values = rows.flatMap((row) => (row === null ? [] : [row(x)]));
  return values.length === 0 ? null : values;
}

/** One entry for every neighbour, rates 0. */
function pattern({ size, dimension, neighbours }: ConnectedNodes): SparseRates {
  const starts = new Int32Array(size + 1);
  const targets = new Int32Array(neighbours.reduce((count, j) => (j >= 0 ? count + 1 : count), 0));
  let end = 0;
  for (let i = 0; i < size; i++) {
    for (let slot = 2 * dimension * i; slot < 2 * dimension * (i + 1); slot++) {
      if (neighbours[slot] >= 0) targets[end++] = neighbours[slot];
    }
    starts[i + 1] = end;
  }
  return { size, starts, targets, rates: new Float64Array(end), killing: new Float64Array(size) };
}

/** The rise of the potential from node i along an arm of signed length, to neighbour j or (j < 0) to the sphere. */
type Rise = (i: number, axis: number, length: number, j: number) => number;

function riseAlongArms(
  problem: Problem,
  x: Coordinates,
  { points, dimension }: ConnectedNodes,
  potential: Float64Array | null,
): Rise {
  const y = new Float64Array(dimension);
  const moveTo = (i: number) => {
    for (let a = 0; a < dimension; a++) y[a] = points[i * dimension + a];
  };
  if (potential === null) {
    return (i, axis, length) => {
      moveTo(i);
      return thetaRise(problem, x, y, { axis, length });
    };
  }
  return (i, axis, length, j) => {
    if (j >= 0) return potential[j] - potential[i];
    moveTo(i);
    y[axis] += length;
    return potentialAt(problem, x, y) - potential[i];
  };
}

function fillRates(
  { starts, rates, killing }: SparseRates,
  { size, dimension, neighbours, arms, boundary }: ConnectedNodes,
  rise: Rise,
  { rate, alpha }: { readonly rate: (rise: number, h: number) => number; readonly alpha: JumpGenerator['alpha'] },
): void {
  const entries = starts.slice();
  const rises = new Float64Array(2 * dimension * size);
  for (let i = 0; i < size; i++) {
    for (let slot = 2 * dimension * i; slot < 2 * dimension * (i + 1); slot++) {
      const [above, below] = [slot | 1, slot & ~1];
      const axis = (slot >> 1) % dimension;
      const j = neighbours[slot];
      if (j < 0 && boundary === 'reflecting') continue;
      // The rise to a lower neighbour was found from there, and is the same number with the other sign.
      if (slot === above || j < 0) rises[slot] = rise(i, axis, slot === above ? arms[slot] : -arms[slot], j);
      if (slot === above && j >= 0) rises[2 * (dimension * j + axis)] = -rises[slot];
      const unit = (rate(rises[slot], arms[slot]) * 2 * arms[slot]) / (arms[below] + arms[above]);
      const jump = alpha === null ? unit : alpha[axis][i] * unit;
      if (j < 0) killing[i] += jump;
      else rates[entries[i]++] = jump;
    }
  }
}
