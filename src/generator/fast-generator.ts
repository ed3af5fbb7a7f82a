/**
 * The discrete fast generator L_h, one object with four uses: the resolvent of a time step (its rates are eliminated by
 * the kernel), stationary measure, δ-cell, ergodic pair.
 *
 *   (L_h w)_j = up_j (w_{j+1} − w_j) + down_j (w_{j−1} − w_j) − killing_j w_j    per frozen x,
 *
 * approximating L_x w = b·D_y w + α Δ_y w, α = 1 or r²/2. It stores jump rates and killing, never the diagonal. The
 * rates out of node j are α_j times those of the drift b/α, so that π_j ∝ e^−Θ_j/α_j exactly, Θ' = −b/α.
 * Rates: exponential fitting (Scharfetter, Gummel 1969; Il'in 1969; Allen, Southwell 1955), with both rates of an edge
 * times one factor that makes the drift right to h⁴ or without it, or first-order upwind.
 */

import { type Allocate, onHeap } from '../grid/allocate.ts';
import { type Axis, coordinates } from '../grid/axis.ts';
import { InputError } from '../input/input-error.ts';
import { stationaryLines } from '../linalg/stationary.ts';
import { eliminateLines, type LineRates, solveLines } from '../linalg/tridiagonal.ts';
import { gibbsWeights } from '../measure/gibbs-weights.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { alphaRow, requireEllipticAt } from './alpha-rows.ts';
import { driftFactors } from './drift-factors.ts';
import { edgeRises, type RowAt } from './rises.ts';

/**
 * Jump rates of L_h: exponential fitting, order 2 in dy (Scharfetter, Gummel 1969), the same with its drift corrected,
 * or upwind, order 1.
 */
export type FastScheme = 'scharfetter-gummel' | 'corrected' | 'upwind';

/** What happens at both ends of the fast axis: the outward jump is dropped, or it leaves the domain (w = 0 outside). */
export type FastBoundary = 'reflecting' | 'absorbing';

export interface FastGenerator extends LineRates {
  readonly scheme: FastScheme;
  readonly axis: Axis;
  /** Rates out of the domain; null for reflecting ends, which let nothing out. */
  readonly killing: Float64Array | null;
  /** The largest total rate out of a node, max_j (up + down + killing). */
  readonly largestRate: number;
  /** out = L_h w. */
  apply(out: Float64Array, w: Float64Array): void;
  /** out = (δ − L_h)⁻¹ right for δ ≥ 0; δ = 0 needs absorbing ends or other killing. */
  solve(out: Float64Array, discount: number, right: Float64Array): void;
  /** π with Σ_j π_j = 1 per frozen x and πL_h = 0 (reflecting ends). */
  stationary(): Float64Array;
}

/** B(z) = z/(eᶻ−1): positive, decreasing, B(0) = 1, B(−z) = z + B(z). */
export function bernoulli(z: number): number {
  return z === 0 ? 1 : z / Math.expm1(z);
}

/** Jump rate to a neighbour at distance h when the potential rises by `rise` on the way (Scharfetter, Gummel 1969). */
function scharfetterGummelRate(rise: number, h: number): number {
  return bernoulli(rise) / (h * h);
}

/** Jump rate to a neighbour at distance h: first-order upwind, max(b,0)/h + 1/h² with b = −rise/h towards it. */
function upwindRate(rise: number, h: number): number {
  return (Math.max(-rise, 0) + 1) / (h * h);
}

export const rateOf = {
  'scharfetter-gummel': scharfetterGummelRate,
  corrected: scharfetterGummelRate,
  upwind: upwindRate,
} as const;

/** Throws InputError for corrected rates where an edge may have no neighbour on its line. */
export function refuseCorrectedOnBalls(scheme: FastScheme | undefined): void {
  if (scheme !== 'corrected') return;
  throw new InputError(
    'corrected rates in y are not for cell problems of several fast variables',
    'they take the bend of the potential from the neighbours of an edge, and on a ball it may have none',
    'use the scheme scharfetter-gummel',
  );
}

/**
 * L_h for m = 1 at the frozen slow points `slow`, on all nodes of `axis`; lane i belongs to slow[i].
 * Absorbing ends put the boundary value 0 one spacing beyond the first and last node.
 * Throws InputError where the drift or potential is not finite, and where the noise may be 0.
 */
export function fastGenerator(
  problem: Problem,
  slow: readonly Coordinates[],
  axis: Axis,
  options: { readonly scheme?: FastScheme; readonly boundary?: FastBoundary; readonly allocate?: Allocate } = {},
): FastGenerator {
  const { scheme = 'scharfetter-gummel', boundary = 'reflecting', allocate = onHeap } = options;
  const lanes = slow.length;
  const nodes = axis.nodes;
  const h = axis.spacing;
  const rate = rateOf[scheme];
  const up = allocate(lanes * nodes);
  const down = allocate(lanes * nodes);
  const absorbing = boundary === 'absorbing';
  const killing = absorbing ? allocate(lanes * nodes) : null;
  const points = absorbing ? withOutsideNeighbours(axis) : coordinates(axis);
  requireEllipticAt(problem, slow, [{ lower: points[0], upper: points[points.length - 1] }]);
  const risesOn = edgeRises(problem, points);
  for (let lane = 0; lane < lanes; lane++) {
    const rises = risesOn(slow[lane]);
    const factors = scheme === 'corrected' ? driftFactors(rises) : null;
    for (let edge = 0; edge < rises.length; edge++) {
      const below = (absorbing ? edge - 1 : edge) * lanes + lane;
      const above = below + lanes;
      const factor = factors?.[edge] ?? 1;
      const upward = factor * rate(rises[edge], h);
      const downward = factor * rate(-rises[edge], h);
      if (killing !== null && below < 0) killing[above] += downward;
      else if (killing !== null && above >= lanes * nodes) killing[below] += upward;
      else {
        up[below] = upward;
        down[above] = downward;
      }
    }
  }
  const rates = { lanes, nodes, up, down };
  const alphaOn = alphaRow(problem, [coordinates(axis)], 0);
  if (alphaOn !== null) scaleByNode(killing === null ? [up, down] : [up, down, killing], alphaOn, slow);
  const onNodes = edgeRises(problem, coordinates(axis));
  const stationary = () => {
    return stationaryAcross(rates, (lane) => ({ rises: onNodes(slow[lane]), alpha: alphaOn?.(slow[lane]) ?? null }));
  };
  return { ...generatorFromRates(rates, killing, axis, scheme), stationary };
}

/** Multiplies what leaves every node by α there. */
function scaleByNode(rates: readonly Float64Array[], alphaOn: RowAt, slow: readonly Coordinates[]): void {
  const lanes = slow.length;
  for (const [lane, x] of slow.entries()) {
    const alpha = alphaOn(x);
    for (const row of rates) for (let j = 0; j < alpha.length; j++) row[j * lanes + lane] *= alpha[j];
  }
}

/** Θ's rises along the edges and α on the nodes; null for α = 1. */
interface OnLine {
  readonly rises: Float64Array;
  readonly alpha: Float64Array | null;
}

/** π of every lane. Rates that have underflowed (rises above 709 on one edge) cut the chain: there e^−Θ/α itself. */
function stationaryAcross(rates: LineRates, onLine: (lane: number) => OnLine): Float64Array {
  const { lanes, nodes, up, down } = rates;
  const weights = stationaryLines(rates);
  const cut = new Set<number>();
  for (let k = 0; k < lanes * (nodes - 1); k++) if (up[k] === 0 || down[k + lanes] === 0) cut.add(k % lanes);
  for (const lane of cut) {
    const { rises, alpha } = onLine(lane);
    const potential = new Float64Array(nodes);
    for (let edge = 0; edge < rises.length; edge++) potential[edge + 1] = potential[edge] + rises[edge];
    for (let j = 0; alpha !== null && j < nodes; j++) potential[j] += Math.log(alpha[j]);
    gibbsWeights(potential).weights.forEach((weight, j) => {
      weights[j * lanes + lane] = weight;
    });
  }
  return weights;
}

function generatorFromRates(
  rates: LineRates,
  killing: Float64Array | null,
  axis: Axis,
  scheme: FastScheme,
): Omit<FastGenerator, 'stationary'> {
  const { up, down } = rates;
  let largestRate = 0;
  for (let k = 0; k < up.length; k++) largestRate = Math.max(largestRate, up[k] + down[k] + (killing?.[k] ?? 0));
  return {
    ...rates,
    scheme,
    axis,
    killing,
    largestRate,
    apply: (out, w) => applyGenerator(out, rates, killing, w),
    solve: (out, discount, right) =>
      solveLines(out, eliminateLines(rates, { killing: discount, scale: 1, extra: killing }), right),
  };
}

function applyGenerator(out: Float64Array, rates: LineRates, killing: Float64Array | null, w: Float64Array): void {
  const { lanes, nodes, up, down } = rates;
  const last = (nodes - 1) * lanes;
  for (let k = 0; k < nodes * lanes; k++) {
    const rising = k < last ? up[k] * (w[k + lanes] - w[k]) : 0;
    const falling = k >= lanes ? down[k] * (w[k - lanes] - w[k]) : 0;
    out[k] = rising + falling - (killing === null ? 0 : killing[k] * w[k]);
  }
}

function withOutsideNeighbours(axis: Axis): Float64Array {
  return Float64Array.from([axis.lower - axis.spacing, ...coordinates(axis), axis.upper + axis.spacing]);
}
