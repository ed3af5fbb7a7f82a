/**
 * Whether nodes on a line resolve the invariant measure μ_x ∝ e^{−Φ(x,·)}, m = 1. What the nodes see is the density
 * whose logarithm is the cubic through four neighbouring values; the rest is missed:
 *
 *   missed = ½ ∫ |ρ − ρ_nodes| dy + Σ_wells mass · 2 exp(−2π²σ²/h²),
 *
 * on points between which Φ changes by about 1 at most and leaves its chord by 1/80 (fine-scan.ts); the second part is
 * what the trapezoid rule leaves of a Gaussian, or what a node that hits a narrow well counts of it in excess. A well
 * is as wide as the interval on which Φ is less than 2 above its bottom, 4 deviations σ: where that is two spacings h,
 * a hundredth of it is missed. A mean over the nodes is off by missed·(max h − min h) at most.
 */
import { type Axis, coordinates, uniformAxis } from '../grid/axis.ts';
import { gaussLegendre, panelIntegral } from '../grid/quadrature.ts';
import { unitNoiseTwin } from '../model/fast-scale.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { fineScan } from './fine-scan.ts';
import type { SpaceWell } from './space-well.ts';
import { type Measured, structureAt, type Well, wellsOf } from './wells-on-line.ts';

/** The share of the measure beyond which nodes do not resolve it. */
export const LARGEST_MISSED = 0.01;
/** Points per cell of the grid. */
const PARTS = 4;
/** Spacings that a well must be wide. */
export const SPACINGS = 2;
/** How many deviations of a Gaussian the interval is wide on which it rises by 2. */
const DEVIATIONS = 4;
/** How far the cubic may leave the values at the ends of a cell: the bottom of a parabola h = 2σ is .5 down. */
export const OVERSHOOT = 0.5;
/** The mass of a Gaussian within two deviations. */
const WITHIN = 0.95;
/** Sums over cells on which Φ changes by half are right to some per cent. */
export const SAFETY = 1.1;
/** Mass at a point that does not count. */
const NEGLIGIBLE = 1e-12;
const RULE = gaussLegendre(3);
/** Growth of the node count that is tried, how often, and the largest one. */
const [GROWTH, TRIES, MOST] = [1.4, 24, 4_000_000];

/** What the nodes of an axis miss of a measure. */
export interface Missed {
  /** A share of the measure, 0 to 1. */
  readonly missed: number;
  /** Where most of it lies, and how wide the structure there is. */
  readonly at: number;
  readonly width: number;
}

interface Resolution extends Missed {
  /** Whether no more than a hundredth is missed. */
  readonly isResolved: boolean;
  /** Whether narrower structure is ruled out by the formula; a closure is looked at on points. */
  readonly isProved: boolean;
}

/** What the nodes of the axis miss of μ_x. */
export function resolutionOf(problem: Problem, x: Coordinates, axis: Axis): Resolution {
  const scan = fineScan(problem, x, axis);
  const found = missedBy(problem, x, axis, edgesOn(problem, x, axis));
  return { ...found, isResolved: found.missed <= LARGEST_MISSED, isProved: scan?.isProved ?? false };
}

/**
 * By how much a mean of h over the nodes may differ from ∫h dμ_x because of what they miss: ∫|ρ − ρ_nodes| |h − c| dy,
 * and the range of h for what the trapezoid rule leaves of wells.
 */
export function missedMean(problem: Problem, x: Coordinates, axis: Axis, h: (y: Coordinates) => number): number {
  const sampled = sampledOn(problem, x, axis, edgesOn(problem, x, axis));
  const { points, mass, seen } = sampled;
  const values = Float64Array.from(points, (y) => h([y]));
  const centre = values.reduce((sum, value, k) => sum + mass[k] * value, 0);
  let [missed, least, most] = [0, Infinity, -Infinity];
  for (let k = 0; k < points.length; k++) {
    missed += Math.abs(mass[k] - seen[k]) * Math.abs(values[k] - centre);
    if (Math.max(mass[k], seen[k]) < NEGLIGIBLE) continue;
    least = Math.min(least, values[k]);
    most = Math.max(most, values[k]);
  }
  return SAFETY * (missed + unseenBy(axis, sampled, wellsOf(sampled)).share * (most - least));
}

/**
 * What nodes at the ends of a side count of a mean of h in excess: half a cell each where the density does not vanish,
 * as beside a zero of the noise, and no more than at the next node where it vanishes like a power of the distance;
 * twice that, for what the next terms of the expansion hold.
 */
export function endsMean(problem: Problem, x: Coordinates, axis: Axis, h: (y: Coordinates) => number): number {
  const nodes = coordinates(axis);
  const mass = sharesOf(
    potentialOn(problem, x, nodes),
    nodes.map(() => axis.spacing),
  );
  const mean = mass.reduce((sum, share, j) => sum + share * h([nodes[j]]), 0);
  const at = (j: number) => mass[j] * Math.abs(h([nodes[j]]) - mean);
  const last = nodes.length - 1;
  return SAFETY * (Math.max(at(0), at(1)) + Math.max(at(last - 1), at(last)));
}

/** The wells of μ_x on the side of an axis, from one to a deeper one Φ rises by 2 at least. */
export function wellsOnLine(problem: Problem, x: Coordinates, axis: Axis): SpaceWell[] {
  const wells = wellsOf(sampledOn(problem, x, axis, edgesOn(problem, x, axis)));
  return wells.map(({ at, width, mass }) => ({ at: [at], widths: [width], share: Math.min(1, mass / WITHIN) }));
}

/** The fewest nodes tried that resolve μ_x on the side of this axis; null where that takes millions. */
export function resolvingNodes(problem: Problem, x: Coordinates, axis: Axis, { width }: Missed): number | null {
  const edges = edgesOn(problem, x, axis);
  const { name, lower, upper } = axis;
  let nodes = Math.max(axis.nodes + 1, Math.ceil((SPACINGS * (upper - lower)) / width) + 1);
  for (let k = 0; k < TRIES && nodes <= MOST; k++) {
    nodes = rounded(nodes);
    const { missed } = missedBy(problem, x, uniformAxis(name, lower, upper, nodes), edges);
    if (missed <= LARGEST_MISSED) return nodes;
    // Where the potential is no number no nodes resolve it.
    if (!Number.isFinite(missed)) return null;
    nodes = Math.ceil(nodes * GROWTH);
  }
  return null;
}

/** Two digits, rounded up, and one more for an odd count. */
function rounded(nodes: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(nodes)) - 1);
  return Math.ceil((nodes - 1) / unit) * unit + 1;
}

/** Edges of the fine scan; of a closure points, as many as its wells are looked for on. */
function edgesOn(problem: Problem, x: Coordinates, axis: Axis): Float64Array {
  const { lower, upper } = axis;
  return fineScan(problem, x, axis)?.edges ?? coordinates(uniformAxis('y', lower, upper, 2001));
}

/** ρ and the density that the nodes see, on points with the weights of the trapezoid rule; both of sum 1. */
interface Sampled extends Measured {
  readonly seen: Float64Array;
  readonly lengths: Float64Array;
}

function missedBy(problem: Problem, x: Coordinates, axis: Axis, edges: Float64Array): Missed {
  const sampled = sampledOn(problem, x, axis, edges);
  const { points, mass, seen } = sampled;
  let total = 0;
  let [worst, here] = [-1, 0];
  for (let k = 0; k < points.length; k++) {
    const difference = Math.abs(mass[k] - seen[k]) / 2;
    total += difference;
    if (difference > worst) [worst, here] = [difference, k];
  }
  const wells = wellsOf(sampled);
  const { share, largest } = unseenBy(axis, sampled, wells);
  const spot = largest !== null && share >= total ? largest : structureAt(sampled, here, wells);
  return { missed: Math.min(1, SAFETY * (total + share)), at: spot.at, width: spot.width };
}

/** What the trapezoid rule leaves of a well of this width, relative to its mass: of a Gaussian 2 exp(−2π²σ²/h²). */
export function trapezoidLoss(width: number, spacing: number): number {
  return Math.min(1, 2 * Math.exp(-2 * (Math.PI * (width / DEVIATIONS / spacing)) ** 2));
}

/**
 * What nodes count of a Gaussian well of mass 1, Σ h g(y_j): more than 1 where one hits the middle of a well of less
 * than two spacings; 1 for wider ones, of which `trapezoidLoss` tells the rest.
 */
export function countedOf(at: number, width: number, { lower, spacing }: Axis): number {
  const deviation = width / DEVIATIONS;
  if (width >= SPACINGS * spacing) return 1;
  const offset = (at - lower) / spacing - Math.round((at - lower) / spacing);
  const height = 1 / (Math.sqrt(2 * Math.PI) * (deviation / spacing));
  const parts = [-1, 0, 1].map((j) => ((offset + j) * spacing) / deviation);
  return parts.reduce((sum, t) => sum + height * Math.exp((-t * t) / 2), 0);
}

/** What is left of all wells, or seen of them in excess, and the well of which most is. */
function unseenBy(axis: Axis, sampled: Sampled, wells: readonly Well[]) {
  let [share, most]: [number, number] = [0, 0];
  let largest: Well | null = null;
  for (const well of wells) {
    const left = trapezoidLoss(well.width, axis.spacing) * Math.min(1, well.mass / WITHIN);
    const off = Math.max(left, excessAt(axis, sampled, well));
    share += off;
    if (off > most) [most, largest] = [off, well];
  }
  return { share, largest };
}

/**
 * By how much nodes that hit a well narrower than two spacings count more of it than it holds: a node stands for its
 * whole cell, h ρ(y_j) − ∫ρ over [y_j − h/2, y_j + h/2], where that is > 0.
 */
function excessAt(axis: Axis, { points, lengths, mass }: Sampled, { width, first, last }: Well): number {
  const { lower, spacing, nodes } = axis;
  if (width >= SPACINGS * spacing) return 0;
  const density = (k: number) => mass[k] / lengths[k];
  const nearest = (k: number) => Math.min(nodes - 1, Math.max(0, Math.round((points[k] - lower) / spacing)));
  let excess = 0;
  for (let j = nearest(first); j <= nearest(last); j++) {
    const node = lower + j * spacing;
    let [held, atNode, closest] = [0, 0, Infinity];
    for (let k = 0; k < points.length; k++) {
      const distance = Math.abs(points[k] - node);
      if (distance < closest) [closest, atNode] = [distance, density(k)];
      if (k > 0 && Math.abs((points[k - 1] + points[k]) / 2 - node) < spacing / 2) {
        held += ((density(k - 1) + density(k)) / 2) * (points[k] - points[k - 1]);
      }
    }
    excess += Math.max(0, spacing * atNode - held);
  }
  return excess;
}

function sampledOn(problem: Problem, x: Coordinates, axis: Axis, edges: Float64Array): Sampled {
  const nodes = coordinates(axis);
  const points = pointsOf(axis, nodes, edges);
  const potential = potentialOn(problem, x, points);
  const atNodes = potentialOn(problem, x, nodes);
  const reconstructed = points.map((y) => cubicThrough(axis, atNodes, y));
  const lengths = lengthsOf(points);
  return { points, potential, lengths, mass: sharesOf(potential, lengths), seen: sharesOf(reconstructed, lengths) };
}

/** The weights of the trapezoid rule on points in ascending order. */
function lengthsOf(points: Float64Array): Float64Array {
  return points.map((_, k) => {
    const [before, after] = [points[Math.max(0, k - 1)], points[Math.min(points.length - 1, k + 1)]];
    return (after - before) / 2;
  });
}

/** Shares of μ_x on points in ascending order, by the trapezoid rule, of sum 1. */
export function sharesOn(problem: Problem, x: Coordinates, points: Float64Array): Float64Array {
  return sharesOf(potentialOn(problem, x, points), lengthsOf(points));
}

/** Nodes, points between them, and the edges of fine cells with their middles. */
function pointsOf(axis: Axis, nodes: Float64Array, edges: Float64Array): Float64Array {
  const all: number[] = [];
  for (let j = 0; j + 1 < nodes.length; j++) {
    for (let i = 0; i < PARTS; i++) all.push(nodes[j] + (axis.spacing * i) / PARTS);
  }
  all.push(axis.upper);
  const inside = (y: number) => y > axis.lower && y < axis.upper;
  for (let k = 0; k < edges.length; k++) {
    if (inside(edges[k])) all.push(edges[k]);
    const middle = (edges[k] + edges[k + 1]) / 2;
    if (k + 1 < edges.length && inside(middle)) all.push(middle);
  }
  const sorted = Float64Array.from(all).sort();
  // Twins by rounding would be wells without extent.
  const least = 1e-9 * Math.min(axis.spacing, smallestGap(edges));
  return sorted.filter((y, k) => k === 0 || y - sorted[k - 1] > least);
}

function smallestGap(edges: Float64Array): number {
  let gap = Infinity;
  for (let k = 1; k < edges.length; k++) gap = Math.min(gap, edges[k] - edges[k - 1]);
  return gap;
}

/** Φ(x,·), or −∫b by quadrature between neighbours as rates of jumps take it. */
export function potentialOn(problem: Problem, x: Coordinates, points: Float64Array): Float64Array {
  const at = new Float64Array(1);
  const { fast } = unitNoiseTwin(problem);
  const valueAt = (y: number) => {
    at[0] = y;
    return fast.kind === 'potential' ? fast.potential(x, at) : -fast.drift[0](x, at);
  };
  if (fast.kind === 'potential') return points.map(valueAt);
  const values = new Float64Array(points.length);
  for (let k = 1; k < points.length; k++) {
    values[k] = values[k - 1] + panelIntegral(valueAt, points[k - 1], points[k], RULE);
  }
  return values;
}

function sharesOf(potential: Float64Array, lengths: Float64Array): Float64Array {
  const floor = potential.reduce((low, value) => Math.min(low, value), Infinity);
  const mass = potential.map((value, k) => Math.exp(floor - value) * lengths[k]);
  const total = mass.reduce((sum, value) => sum + value, 0);
  return mass.map((value) => value / total);
}

/** The cubic through four nodes around y, kept near the values at the ends of its cell. */
function cubicThrough({ lower, spacing, nodes }: Axis, values: Float64Array, y: number): number {
  const cell = Math.min(Math.max(Math.floor((y - lower) / spacing), 0), nodes - 2);
  const first = Math.min(Math.max(cell - 1, 0), Math.max(0, nodes - 4));
  const count = Math.min(4, nodes);
  const t = (y - lower) / spacing - first;
  let value = 0;
  for (let i = 0; i < count; i++) {
    let weight = 1;
    for (let j = 0; j < count; j++) if (j !== i) weight *= (t - j) / (i - j);
    // ∞ is a place without mass, where no cubic goes.
    if (weight !== 0) value += weight * values[first + i];
  }
  const [left, right] = [values[cell], values[cell + 1]];
  if (Number.isNaN(value)) return Math.max(left, right);
  return Math.min(Math.max(value, Math.min(left, right) - OVERSHOOT), Math.max(left, right) + OVERSHOOT);
}
