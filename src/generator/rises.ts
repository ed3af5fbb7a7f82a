/**
 * How the potential of the fast process rises on the way from one point to another at frozen x: Φ(x,y') − Φ(x,y) where
 * there is one, else −∫b dy by quadrature along the axis. Jump rates follow from it. On rows of points or one by one,
 * to the same bits.
 */
import { derivative } from '../formula/derivative.ts';
import { onRows } from '../formula/on-rows.ts';
import { dependsOn, jumpAlong } from '../formula/tree.ts';
import { gaussLegendre, settledIntegral } from '../grid/quadrature.ts';
import { InputError } from '../input/input-error.ts';
import { breaksOnLine, driftBreaks, endsOf } from '../model/breaks.ts';
import { fastScale } from '../model/fast-scale.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import { namesOf, potentialTree } from '../model/trees.ts';

/** Gauss–Legendre nodes and weights on [0,1], exact to degree 5: the rise of a drift's potential along an edge. */
const GAUSS = [
  [0.5 - Math.sqrt(0.15), 5 / 18],
  [0.5, 4 / 9],
  [0.5 + Math.sqrt(0.15), 5 / 18],
] as const;

/** Numbers at frozen x, one per point or edge; the row is used again by the next call. */
export type RowAt = (x: Coordinates) => Float64Array;

/** The points y of a row, coordinate by coordinate. */
type Columns = readonly Float64Array[];

/** Edges along an axis from a row of points, and one of signed length. */
type Edges = { readonly axis: number; readonly lengths: Float64Array };
type Edge = { readonly axis: number; readonly length: number };

/**
 * Potential differences Φ(y_{e+1}) − Φ(y_e) between consecutive points on a line at frozen x.
 * With a potential they are exact, so π is exactly Gibbs on the nodes; with a drift −∫b/α dy by quadrature, O(h⁶), on
 * both sides of every break of b/α apart.
 * Throws InputError where one of them is not finite.
 */
export function edgeRises(problem: Problem, points: Float64Array): RowAt {
  const starts = points.slice(0, -1);
  if (problem.fast.kind === 'drift') {
    const rises = thetaRises(problem, [starts], { axis: 0, lengths: starts.map((start, e) => points[e + 1] - start) });
    const unit = fastScale(problem)?.unit ?? problem;
    return (x) => splitAtBreaks(unit, x, points, rises(x));
  }
  const potentials = potentialRow(problem, [points]);
  const rises = new Float64Array(starts.length);
  return (x) => {
    const values = potentials(x);
    for (let e = 0; e < rises.length; e++) rises[e] = values[e + 1] - values[e];
    return rises;
  };
}

/** The difference of quadratures on an edge and on its halves that is left alone. */
const SETTLED = 1e-11;
/** The same rule for edges that have not settled. */
const RULE = gaussLegendre(GAUSS.length);

/**
 * The rises of Θ, Θ' = −b_axis/α_axis, along edges: for noise √2 those of the drift. Else edges on which quadrature has
 * not settled are halved until it has, since b/α may be steep towards a zero of α beyond the box.
 */
export function thetaRises(problem: Problem, starts: Columns, edges: Edges): RowAt {
  const scale = fastScale(problem);
  const whole = driftRises(scale?.unit ?? problem, starts, edges);
  if (scale === null) return whole;
  const { axis, lengths } = edges;
  const halves = { axis, lengths: lengths.map((length) => length / 2) };
  const middles = starts.map((column, a) => (a === axis ? column.map((y, e) => y + halves.lengths[e]) : column));
  const [first, second] = [driftRises(scale.unit, starts, halves), driftRises(scale.unit, middles, halves)];
  return (x) => {
    const [rises, below, above] = [whole(x), first(x), second(x)];
    for (let e = 0; e < rises.length; e++) {
      const sum = below[e] + above[e];
      const isSettled = Math.abs(sum - rises[e]) <= SETTLED * (1 + Math.abs(sum));
      rises[e] = isSettled
        ? sum
        : settledRise(scale.unit, x, Float64Array.from(pointOf(starts, e)), { axis, length: lengths[e] });
    }
    return rises;
  };
}

/** The rise of Θ along one edge, as `thetaRises` takes it; y moves along it and back. */
export function thetaRise(problem: Problem, x: Coordinates, y: Float64Array, edge: Edge): number {
  const scale = fastScale(problem);
  return scale === null ? driftRise(problem, x, y, edge) : settledRise(scale.unit, x, y, edge);
}

/** −∫b_axis along an edge of signed length, which is halved until quadrature has settled; y moves along it and back. */
function settledRise(problem: Problem, x: Coordinates, y: Float64Array, { axis, length }: Edge): number {
  const start = y[axis];
  const slope = (at: number) => {
    y[axis] = at;
    const drift = problem.fast.drift[axis](x, y);
    requireFinite(drift, 'fastDrift', x, y);
    return -drift;
  };
  const rise = settledIntegral(slope, start, start + length, RULE);
  y[axis] = start;
  return rise;
}

/** −∫b anew, piece by piece, along the edges on which b may jump or kink. */
function splitAtBreaks(problem: Problem, x: Coordinates, points: Float64Array, rises: Float64Array): Float64Array {
  const last = points.length - 1;
  const ends = endsOf(breaksOnLine(driftBreaks(problem, x), { lower: points[0], upper: points[last] }));
  for (let e = 0, k = 0; e < last && k < ends.length; e++) {
    const inside: number[] = [];
    for (; k < ends.length && ends[k] <= points[e + 1]; k++) if (ends[k] > points[e]) inside.push(ends[k]);
    const places = [points[e], ...inside, points[e + 1]];
    if (inside.length === 0) continue;
    rises[e] = inside.concat(points[e + 1]).reduce((sum, end, i) => {
      const edge = { axis: 0, length: end - places[i] };
      return sum + driftRise(problem, x, Float64Array.of(places[i]), edge);
    }, 0);
  }
  return rises;
}

/** Whether Φ rises along an axis of y alike at all other coordinates: ∂Φ/∂y_axis, a formula, does not name them. */
export function risesAlike(problem: Problem, axis: number): boolean {
  const [, ofY] = namesOf(problem);
  const tree = potentialTree(problem);
  if (tree === null || jumpAlong(tree, ofY[axis]) !== null) return false;
  const slope = derivative(tree, ofY[axis]);
  return ofY.every((name, other) => other === axis || !dependsOn(slope, name));
}

/** Φ(x,·) on a row of points. Throws InputError where it is not finite. */
export function potentialRow(problem: Problem, points: Columns): RowAt {
  const values = new Float64Array(points[0].length);
  const { fast } = problem;
  if (fast.kind === 'drift') return (x) => values.fill(potentialAt(problem, x, pointOf(points, 0)));
  const [ofX, ofY] = namesOf(problem);
  const rows = onRows([fast.potential], ofX, ofY);
  return (x) => {
    rows([values], Array.from(x), points);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) requireFinite(values[bad], 'fastPotential', x, pointOf(points, bad));
    return values;
  };
}

/**
 * −∫ b_axis along the edges that start at a row of points; an edge of length 0 is none. Throws InputError where the
 * drift is not finite on an edge.
 */
export function driftRises(problem: Problem, starts: Columns, { axis, lengths }: Edges): RowAt {
  const [ofX, ofY] = namesOf(problem);
  const rows = onRows([problem.fast.drift[axis]], ofX, ofY);
  const along = GAUSS.map(([t]) => starts[axis].map((start, e) => start + t * lengths[e]));
  const drifts = along.map(() => new Float64Array(lengths.length));
  const rises = new Float64Array(lengths.length);
  const inside = (g: number) => starts.map((column, a) => (a === axis ? along[g] : column));
  return (x) => {
    for (const [g, out] of drifts.entries()) rows([out], Array.from(x), inside(g));
    for (let e = 0; e < rises.length; e++) {
      rises[e] = 0;
      for (let g = 0; g < GAUSS.length && lengths[e] !== 0; g++) {
        const drift = drifts[g][e];
        if (!Number.isFinite(drift)) requireFinite(drift, 'fastDrift', x, pointOf(inside(g), e));
        rises[e] -= GAUSS[g][1] * lengths[e] * drift;
      }
    }
    return rises;
  };
}

function pointOf(columns: Columns, k: number): number[] {
  return columns.map((column) => column[k]);
}

/** Φ(x,y) of a problem that has a potential. Throws InputError where it is not finite. */
export function potentialAt(problem: Problem, x: Coordinates, y: Coordinates): number {
  const value = problem.fast.kind === 'potential' ? problem.fast.potential(x, y) : Number.NaN;
  requireFinite(value, 'fastPotential', x, y);
  return value;
}

/** −∫ b_axis along the edge from y of signed length; y moves along it and back. */
function driftRise(problem: Problem, x: Coordinates, y: Float64Array, edge: Edge): number {
  const { axis, length } = edge;
  const start = y[axis];
  let rise = 0;
  for (const [t, weight] of GAUSS) {
    y[axis] = start + t * length;
    const drift = problem.fast.drift[axis](x, y);
    requireFinite(drift, 'fastDrift', x, y);
    rise -= weight * length * drift;
  }
  y[axis] = start;
  return rise;
}

function requireFinite(value: number, subject: 'fastPotential' | 'fastDrift', x: Coordinates, y: Coordinates): void {
  if (Number.isFinite(value)) return;
  const what = subject === 'fastPotential' ? 'the fast potential Φ' : 'the fast drift b';
  throw new InputError(
    `${what} is ${value} at x = ${Array.from(x).join(', ')}, y = ${Array.from(y).join(', ')}`,
    'the formula has no finite value at this node',
    'change the formula or choose a domain on which it is finite',
    subject,
  );
}
