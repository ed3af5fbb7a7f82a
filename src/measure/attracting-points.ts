/**
 * Points that a drift in R^m without a potential is drawn to, m = 2, 3: zeros of b, which enclosures of b over ever
 * smaller cells find wherever they are (Moore 1966) and Newton's method follows, with A = D_y b stable there. Nearby
 * the invariant measure is about N(c, Σ),
 *
 *   A Σ + Σ Aᵀ = −2 diag(α(c)),   α = 1, or r²/2 (the process with unit noise and the same measure, where there is one)
 *
 * and 4/√(Σ⁻¹)_aa wide along the axis a, as wells are (wells-on-line.ts). How much of the measure each one holds is
 * not known.
 */
import { derivative } from '../formula/derivative.ts';
import { type IntervalProgram, intervalProgram, middleOf } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { lyapunov } from '../linalg/matrix-exponential.ts';
import { apply, inverseOf, isStable, scaled } from '../linalg/small-matrix.ts';
import { fastScale, unitNoiseTwin } from '../model/fast-scale.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { type Cell, cellOf, halves, refined, setCell, setFrozen, steepestAxis } from './cells.ts';

export interface AttractingPoint {
  readonly at: readonly number[];
  /** Σ⁻¹. */
  readonly precision: readonly (readonly number[])[];
  readonly widths: readonly number[];
}

/** Cells that are looked at, and the part of the side at which they are left to Newton's method. */
const [MOST, SMALL] = [3000, 1e-4];
const STEPS = 30;
/** Zeros closer than this part of the box are one. */
const SAME = 1e-7;
/** Deviations on both sides of a well. */
const ACROSS = 4;

/** The attracting points in a box; null where there is a potential, m = 1, or b has no formula. */
export function attractingPoints(
  problem: Problem,
  x: Coordinates,
  box: readonly Interval[],
): readonly AttractingPoint[] | null {
  return pointsIn(problem, [...Array.from(x), ...box.flatMap(({ lower, upper }) => [lower, upper])]);
}

/** b, then its slopes row by row. */
const driftProgram = oncePerProblem((problem): IntervalProgram | null => {
  const [ofX, ofY] = namesOf(problem);
  const trees = treesIn(unitNoiseTwin(problem).fast.drift, [ofX, ofY]);
  if (trees === null) return null;
  const slopes = trees.flatMap((tree) => ofY.map((name) => derivative(tree, name)));
  return intervalProgram([...trees, ...slopes], [...ofX, ...ofY], trees.length);
});

const pointsIn = oncePerProblem((problem, numbers): readonly AttractingPoint[] | null => {
  const { n, m } = dimensionsOf(problem);
  const program = problem.fast.kind === 'potential' || m === 1 ? null : driftProgram(problem, []);
  if (program === null) return null;
  setFrozen(program, numbers.slice(0, n));
  const box = Array.from({ length: m }, (_, a) => ({ lower: numbers[n + 2 * a], upper: numbers[n + 2 * a + 1] }));
  const found: AttractingPoint[] = [];
  for (const { middle } of cellsWithZeros(program, n, box)) {
    const at = zeroFrom(program, n, middle);
    const isInside = at?.every((y, a) => y >= box[a].lower && y <= box[a].upper) ?? false;
    if (at === null || !isInside || found.some((other) => isSame(other.at, at, box))) continue;
    const alpha = fastScale(unitNoiseTwin(problem))?.alpha.map((each) => each(numbers.slice(0, n), at));
    const point = attractingAt(at, jacobianAt(program, n, at), alpha ?? at.map(() => 1));
    if (point !== null) found.push(point);
  }
  return found;
});

function isSame(one: readonly number[], other: readonly number[], box: readonly Interval[]): boolean {
  return box.every(({ lower, upper }, a) => Math.abs(one[a] - other[a]) <= SAME * (upper - lower));
}

/** A cell that b may vanish on, with the axis to halve it along; −1 where it is proved that b does not. */
interface ZeroCell extends Cell {
  readonly axis: number;
}

function cellsWithZeros(program: IntervalProgram, n: number, box: readonly Interval[]): readonly ZeroCell[] {
  const least = box.map(({ lower, upper }) => SMALL * (upper - lower));
  const judge = (cell: Cell): ZeroCell[] => {
    const changes = changesOf(program, n, cell);
    if (changes === null) return [];
    const isSmall = cell.half.every((half, a) => half <= least[a]);
    return [{ ...cell, axis: isSmall ? -1 : steepestAxis(cell, changes) }];
  };
  const { cells } = refined(judge(cellOf(box)), {
    most: MOST,
    openOf: ({ volume, axis }) => (axis < 0 ? 0 : volume),
    split: (cell) => halves(cell, cell.axis).flatMap(judge),
    isEnough: (_, open) => open.every((each) => each === 0),
  });
  return cells;
}

/** By how much b may change along the axes of a cell; null where b has no zero there, by its mean-value form. */
function changesOf(program: IntervalProgram, n: number, cell: Cell): readonly number[] | null {
  const { lower, upper, flags, results, run } = program;
  const m = cell.half.length;
  setCell(program, n, cell, 0);
  run(m);
  const middles = results.slice(0, m).map((b) => [lower[b], upper[b]] as const);
  setCell(program, n, cell, 1);
  run();
  const total = cell.half.map(() => 0);
  for (let i = 0; i < m; i++) {
    const b = results[i];
    if (flags[b] & EMPTY || lower[b] > 0 || upper[b] < 0) return null;
    const changes = cell.half.map((half, a) => {
      const slope = results[m + i * m + a];
      return flags[slope] & EMPTY ? Infinity : half * Math.max(-lower[slope], upper[slope]);
    });
    const change = changes.reduce((sum, each) => sum + each, 0);
    const [near, far] = middles[i];
    if (flags[b] === 0 && (near - change > 0 || far + change < 0)) return null;
    for (let a = 0; a < m; a++) total[a] += changes[a];
  }
  return total;
}

function jacobianAt(program: IntervalProgram, n: number, at: readonly number[]): number[][] {
  const { lower, upper, results, run } = program;
  const m = at.length;
  setCell(program, n, { middle: at, half: at.map(() => 0), volume: 0 }, 0);
  run();
  const entry = (k: number) => middleOf(lower[results[k]], upper[results[k]]);
  return at.map((_, i) => at.map((_, a) => entry(m + i * m + a)));
}

/** Newton's method; null where it does not converge. */
function zeroFrom(program: IntervalProgram, n: number, start: readonly number[]): readonly number[] | null {
  const { lower, upper, results } = program;
  const step = new Float64Array(start.length);
  let at = start;
  for (let k = 0; k < STEPS; k++) {
    const slopes = jacobianAt(program, n, at);
    const drift = Float64Array.from(start, (_, i) => middleOf(lower[results[i]], upper[results[i]]));
    apply(step, inverseOf(slopes), drift);
    if (!step.every(Number.isFinite)) return null;
    at = at.map((y, a) => y - step[a]);
    if (at.every((y, a) => Math.abs(step[a]) <= 1e-12 * (1 + Math.abs(y)))) return at;
  }
  return null;
}

function attractingAt(at: readonly number[], slopes: number[][], alpha: readonly number[]): AttractingPoint | null {
  const m = at.length;
  if (!isStable(scaled(slopes, -1))) return null;
  const right = Float64Array.from({ length: m * m }, (_, k) => (k % (m + 1) === 0 ? -2 * alpha[k / (m + 1)] : 0));
  const covariance = new Float64Array(m * m);
  apply(covariance, inverseOf(lyapunov(slopes)), right);
  const precision = inverseOf(at.map((_, i) => Array.from(covariance.subarray(i * m, (i + 1) * m))));
  const widths = at.map((_, a) => ACROSS / Math.sqrt(precision[a][a]));
  return widths.every((width) => width > 0 && Number.isFinite(width)) ? { at, precision, widths } : null;
}
