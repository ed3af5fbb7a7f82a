/**
 * Integrals against the Gibbs measure μ_x ∝ e^{−Φ(x,·)} in R^m, m = 2, 3, by Fubini: along one axis, the one that
 * crosses the kink of H, the conditional measures of gibbs-measure.ts; over the others
 *   m = 2  adaptively, so that kinks along any line cost panels, not accuracy;
 *   m = 3  by the trapezoid rule, which converges faster than any power for what is smooth and decays, and with order
 *          2 across other kinks; its error is the change from half the points per axis, and where breaks that do not
 *          depend on the axis of the lines may lie between two of them, the whole change from one to the other.
 *
 * Lines end their panels at breaks of Φ, φ and ℓ along them; with m = 2 the outer panels end at those that do not
 * depend on the inner axis (model/breaks.ts).
 */

import { controlLattice, controlledRate, withFiniteEnds } from '../control/control-set.ts';
import { minimumOver, type PointwiseMinimum } from '../control/pointwise-minimum.ts';
import { coordinates, uniformAxis } from '../grid/axis.ts';
import { forEachNode, type Grid, tensorGrid } from '../grid/grid.ts';
import { integrate } from '../grid/quadrature.ts';
import {
  type Break,
  type Breaks,
  type BreakTest,
  breaksAlong,
  endsOf,
  hasTest,
  JUMP,
  slowBreaks,
  weightBreaks,
} from '../model/breaks.ts';
import {
  boxesOf,
  type Coordinates,
  dimensionsOf,
  type FastField,
  type Interval,
  type Problem,
} from '../model/problem.ts';
import { nodesThatMayBreak } from './cell-averages.ts';
import { type GibbsMeasure, gibbsMeasure, type MeanHamiltonian } from './gibbs-measure.ts';

/** Along lines; the scan finds wells a 250th of the box wide. */
const LINE = { panels: 12, scan: 501, tolerance: 1e-12 };
/** Panels over the outer axis to begin with, and points of the scan for wells across it. */
const OUTER = { panels: 12, scan: 501, tolerance: 1e-11, most: 200 };
/** Trapezoid points per outer axis, m = 3: spacing below half a deviation on a box of eight deviations each side. */
const TRAPEZOID = 41;

/** p ↦ ∫ H(x,·,p) dμ_x with its error, given a potential whose measure lives in `box`; lines serve every p. */
export function conditionalHamiltonian(
  problem: Problem,
  x: Coordinates,
  box: readonly Interval[],
): (p: Coordinates) => MeanHamiltonian {
  const known = new Map<string, GibbsMeasure>();
  const tests = [weightBreaks(problem, x), slowBreaks(problem, x)];
  return (p) => {
    const inner = axisOfKink(problem, x, p, box);
    const outer = box.map((_, a) => a).filter((a) => a !== inner);
    const lineAt = (point: readonly number[]): Line => {
      const key = [inner, ...point].join();
      const measure = known.get(key) ?? measureOn(problem, x, box, { inner, outer, point }, tests);
      known.set(key, measure);
      return { log: measure.logNormalizer, ...measure.hamiltonian(p) };
    };
    if (outer.length > 1) {
      const apart = [weightBreaks(problem, x, inner), slowBreaks(problem, x, inner)].map((test) =>
        acrossLines(test, box, { inner, outer }),
      );
      const sides = outer.map((a) => box[a]);
      return byTrapezoid(lineAt, sides, apart);
    }
    return adaptively(lineAt, box[outer[0]], endsAcross(problem, x, box, outer[0]));
  };
}

/** log ∫e^−Φ along one line and the mean of H on it. */
interface Line extends MeanHamiltonian {
  readonly log: number;
}

function adaptively(
  lineAt: (point: readonly number[]) => Line,
  side: Interval,
  ends: readonly number[],
): MeanHamiltonian {
  const highest = Math.max(...ends.map((end) => lineAt([end]).log));
  const known = new Map<number, Line & { readonly weight: number }>();
  const at = (y: number) => {
    const line = lineAt([y]);
    const found = known.get(y) ?? { ...line, weight: Math.exp(line.log - highest) };
    known.set(y, found);
    return found;
  };
  const mass = integrate((y) => at(y).weight, ends, OUTER);
  const sum = integrate((y) => at(y).weight * at(y).value, mass.ends, OUTER);
  const value = sum.value / mass.value;
  const length = side.upper - side.lower;
  const lines = [...known.values()];
  const along = lines.reduce((worst, { weight, error }) => Math.max(worst, weight * error), 0);
  const controls = (length * lines.reduce((most, line) => Math.max(most, line.weight * line.controls), 0)) / mass.value;
  const outside = [side.lower, side.upper].reduce((total, end) => total + at(end).weight * Math.abs(at(end).value), 0);
  const error = (sum.error + Math.abs(value) * mass.error + length * (along + outside)) / mass.value;
  return { value, error, controls };
}

/** Equidistant ends, breaks that do not depend on the other axis, and ends around the wells of min Φ over it. */
function endsAcross(problem: Problem, x: Coordinates, box: readonly Interval[], axis: number): number[] {
  const [along, across] = [1 - axis, axis].map((a) =>
    coordinates(uniformAxis('y', box[a].lower, box[a].upper, OUTER.scan)),
  );
  const y = new Float64Array(2);
  const profile = across.map((end) => {
    y[axis] = end;
    return along.reduce((low, other) => {
      y[1 - axis] = other;
      return Math.min(low, problem.fast.kind === 'potential' ? problem.fast.potential(x, y) : 0);
    }, Infinity);
  });
  const last = across.length - 1;
  const ends = new Set(
    Array.from({ length: OUTER.panels + 1 }, (_, k) => across[Math.round((k * last) / OUTER.panels)]),
  );
  for (let k = 1; k < last; k++) {
    const well = profile[k] <= profile[k - 1] && profile[k] < profile[k + 1];
    if (well) for (const near of [k - 1, k, k + 1]) ends.add(across[near]);
  }
  for (const test of [weightBreaks(problem, x, 1 - axis), slowBreaks(problem, x, 1 - axis)]) {
    const { lower, upper } = box[axis];
    const line = { inner: axis, outer: [1 - axis], point: [box[1 - axis].lower] };
    for (const end of endsOf(breaksThrough(test, box[axis], line))) if (end > lower && end < upper) ends.add(end);
  }
  return [...ends].sort((a, b) => a - b);
}

/** The test of breaks that do not depend on the axis of the lines, over the other axes. */
function acrossLines(
  test: Breaks,
  box: readonly Interval[],
  { inner, outer }: Pick<LineThrough, 'inner' | 'outer'>,
): BreakTest | null {
  if (!hasTest(test)) return null;
  const [lower, upper] = [new Float64Array(outer.length), new Float64Array(outer.length)];
  const kind = () => {
    test.lower[inner] = box[inner].lower;
    test.upper[inner] = box[inner].upper;
    outer.forEach((a, k) => {
      [test.lower[a], test.upper[a]] = [lower[k], upper[k]];
    });
    return test.kind();
  };
  return { lower, upper, kind };
}

/**
 * The trapezoid rule over the outer axes. Where the mean over a line or its mass may jump from one line to the next,
 * the whole change to the neighbours counts.
 */
function byTrapezoid(
  lineAt: (point: readonly number[]) => Line,
  sides: readonly Interval[],
  breaks: readonly (BreakTest | null)[],
): MeanHamiltonian {
  const grid = tensorGrid(sides.map(({ lower, upper }, a) => uniformAxis(`y${a + 1}`, lower, upper, TRAPEZOID)));
  const lines: (Line & { readonly even: boolean })[] = [];
  forEachNode(grid, (index, point) => {
    const even = grid.strides.every((stride) => (Math.floor(index / stride) % TRAPEZOID) % 2 === 0);
    lines.push({ ...lineAt(Array.from(point)), even });
  });
  const highest = lines.reduce((top, { log }) => Math.max(top, log), -Infinity);
  const meanOf = (rows: readonly Line[], read: (line: Line) => number) => {
    let [sum, mass] = [0, 0];
    for (const line of rows) {
      const weight = Math.exp(line.log - highest);
      sum += weight * read(line);
      mass += weight;
    }
    return sum / mass;
  };
  const value = meanOf(lines, (line) => line.value);
  const coarse = meanOf(
    lines.filter(({ even }) => even),
    (line) => line.value,
  );
  const jumps = breaks.reduce((sum, test) => sum + jumpsBetween(grid, test, lines, value), 0);
  const error = Math.abs(value - coarse) + meanOf(lines, (line) => line.error) + jumps;
  return { value, error, controls: meanOf(lines, (line) => line.controls) };
}

/** Σ over lines beside which there may be a jump of the change of weight · (mean − value) to their neighbours. */
function jumpsBetween(grid: Grid, test: BreakTest | null, lines: readonly Line[], value: number): number {
  if (test === null) return 0;
  const highest = lines.reduce((top, { log }) => Math.max(top, log), -Infinity);
  const mass = lines.reduce((sum, { log }) => sum + Math.exp(log - highest), 0);
  const share = (k: number) => (Math.exp(lines[k].log - highest) * (lines[k].value - value)) / mass;
  let sum = 0;
  for (const node of nodesThatMayBreak(grid, test, 1, JUMP)) {
    grid.strides.forEach((stride, a) => {
      const k = Math.floor(node / stride) % grid.shape[a];
      if (k > 0) sum += Math.abs(share(node) - share(node - stride)) / 2;
      if (k < grid.shape[a] - 1) sum += Math.abs(share(node + stride) - share(node)) / 2;
    });
  }
  return sum;
}

/** A line along the axis `inner` through a point of the others. */
interface LineThrough {
  readonly inner: number;
  readonly outer: readonly number[];
  readonly point: readonly number[];
}

/** The conditional measure on a line, with φ·p + ℓ minimised by the formulas of the whole problem. */
function measureOn(
  problem: Problem,
  x: Coordinates,
  box: readonly Interval[],
  line: LineThrough,
  tests: readonly Breaks[],
): GibbsMeasure {
  const at = pointOn(problem, line);
  const breaks = tests.flatMap((test) => endsOf(breaksThrough(test, box[line.inner], line)));
  const { kind, leastAt } = minimumOver(problem);
  const minimum: PointwiseMinimum = { kind, leastAt: (atX, s, p) => leastAt(atX, at(s), p) };
  return gibbsMeasure(onLine(problem, line, at), x, box[line.inner], { ...LINE, minimum, breaks });
}

function breaksThrough(test: Breaks, side: Interval, { inner, outer, point }: LineThrough): readonly Break[] {
  if (!hasTest(test)) return [];
  outer.forEach((a, k) => {
    test.lower[a] = test.upper[a] = point[k];
  });
  return breaksAlong(test, inner, side.lower, side.upper);
}

function pointOn(problem: Problem, { inner, outer, point }: LineThrough): (s: Coordinates) => Coordinates {
  const y = new Float64Array(dimensionsOf(problem).m);
  outer.forEach((a, k) => {
    y[a] = point[k];
  });
  return (s) => {
    y[inner] = s[0];
    return y;
  };
}

/** The fast process on the line; φ and ℓ are not asked for. */
function onLine(problem: Problem, { inner }: LineThrough, at: (s: Coordinates) => Coordinates): Problem {
  const { fast } = problem;
  const onIt =
    (field: FastField): FastField =>
    (x, s) =>
      field(x, at(s));
  const drift = [onIt(fast.drift[inner])];
  return {
    ...problem,
    fast:
      fast.kind === 'potential'
        ? { kind: fast.kind, potential: onIt(fast.potential), drift }
        : { kind: fast.kind, drift },
  };
}

/** The axis along which the rates of the ends of U differ most: lines along it cross the kink of H. */
function axisOfKink(problem: Problem, x: Coordinates, p: Coordinates, box: readonly Interval[]): number {
  const controls = boxesOf(problem.controls).flatMap((side) => controlLattice(withFiniteEnds(side), 2));
  const centre = box.map(({ lower, upper }) => (lower + upper) / 2);
  const variation = box.map(({ lower, upper }, a) => {
    const rates = Array.from(coordinates(uniformAxis('y', lower, upper, 5)), (at) => {
      const y = centre.with(a, at);
      return controls.map((u) => controlledRate(problem, x, y, p, u));
    });
    const range = (values: number[]) => Math.max(...values) - Math.min(...values);
    return Math.max(...controls.map((_, c) => range(rates.map((rate) => rate[c] - rate[0]))));
  });
  return variation.indexOf(Math.max(...variation));
}
