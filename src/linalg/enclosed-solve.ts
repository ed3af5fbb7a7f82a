/**
 * Solution of A w = r, A = killing − L an M-matrix given by rates, stopped by a two-sided enclosure of the solution.
 *
 * A has an inverse with entries ≥ 0. So if lo·Ag ≤ r − A w ≤ hi·Ag for some g ≥ 0 with Ag > 0, then w* = A⁻¹r has
 *   lo·g ≤ w* − w ≤ hi·g.
 * With g = 1 is Ag = killing, and the bound costs nothing, but it weighs a residual next to the sphere, where it is
 * largest and where its rounding alone is 1e-16 Σ rate·|w_j − w_i|, like one in the middle. So once the steps are
 * small and g = 1 proves too little, g ≈ A⁻¹(|r − A w| + θ killing) is solved for, to the one digit that matters.
 */
import { accelerate, type TwoSum } from './anderson.ts';
import type { Multigrid } from './multigrid.ts';
import type { SparseRates } from './sparse-rates.ts';

export interface EnclosedSolution {
  readonly values: Float64Array;
  /** values + lower ≤ A⁻¹r ≤ values + upper at every node. */
  readonly lower: number;
  readonly upper: number;
  readonly converged: boolean;
  /** Multigrid cycles: those of the solution, and those of g where 1 was not enough. */
  readonly cycles: { readonly solution: number; readonly enclosure: number };
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

const NOTHING: Bounds = { lower: -Infinity, upper: Infinity };

/** Steps this far below the width leave nothing to improve; then, where too little was proved, ever smaller ones. */
const SETTLED = [1 / 32, 1 / 1024, 1e-5] as const;
/** θ, in widths: g is at least that, and need not be found more accurately. */
const FLOOR = 1 / 8;

/**
 * Solves until lower and upper are within `width` of each other and of 0; every killing must be positive. `seen` is
 * told the width after every cycle, and may throw.
 */
export function solveEnclosed(
  jumps: SparseRates,
  solver: Multigrid,
  right: Float64Array,
  width: number,
  seen?: (width: number) => void,
): EnclosedSolution {
  const found = enclosedBy(jumps, solver, right, { width, seen });
  const exact = found.converged ? null : solver.exactly();
  return exact === null ? found : enclosedBy(jumps, exact, right, { width, seen });
}

function enclosedBy(
  jumps: SparseRates,
  solver: Multigrid,
  right: Float64Array,
  { width, seen }: { readonly width: number; readonly seen?: (width: number) => void },
): EnclosedSolution {
  const w = zero(jumps.size);
  const rest = new Float64Array(jumps.size);
  const residual = (out: Float64Array, iterate: TwoSum) => rowResidual(out, jumps, right, iterate);
  const cycles = { solution: 0, enclosure: 0 };
  let bounds: Bounds = NOTHING;
  for (const settled of SETTLED) {
    const judge = (found: Float64Array, lastStep: number) => {
      bounds = boundedBy(found, jumps.killing, 1);
      rest.set(found);
      seen?.(bounds.upper - bounds.lower);
      return { width: bounds.upper - bounds.lower, done: isWithin(bounds, width) || lastStep <= settled * width };
    };
    cycles.solution += accelerate(w, { residual, correct: solver.cycle }, judge).cycles;
    if (isWithin(bounds, width)) break;
    const sharper = sharpened(jumps, solver, rest, width);
    cycles.enclosure += sharper.cycles;
    bounds = { lower: Math.max(bounds.lower, sharper.lower), upper: Math.min(bounds.upper, sharper.upper) };
    if (isWithin(bounds, width)) break;
  }
  return { values: w.head, ...bounds, converged: isWithin(bounds, width), cycles };
}

/** Bounds of A⁻¹ rest by g ≈ A⁻¹(|rest| + θ killing), solved until they are within `width` or no longer improve. */
function sharpened(
  jumps: SparseRates,
  solver: Multigrid,
  rest: Float64Array,
  width: number,
): Bounds & { readonly cycles: number } {
  const { size, killing } = jumps;
  const goal = rest.map((value, i) => Math.abs(value) + FLOOR * width * killing[i]);
  const g = zero(size);
  g.head.fill(FLOOR * width);
  const image = new Float64Array(size);
  let best = NOTHING;
  const judge = (residual: Float64Array) => {
    for (let i = 0; i < size; i++) image[i] = g.head[i] >= 0 ? goal[i] - residual[i] : Number.NaN;
    const bounds = boundedBy(
      rest,
      image,
      g.head.reduce((a, b) => Math.max(a, b), 0),
    );
    if (bounds.upper - bounds.lower < best.upper - best.lower) best = bounds;
    const found = best.upper - best.lower;
    return { width: Number.isFinite(found) ? found : Number.MAX_VALUE, done: isWithin(best, width) };
  };
  const residual = (out: Float64Array, iterate: TwoSum) => rowResidual(out, jumps, goal, iterate);
  const { cycles } = accelerate(g, { residual, correct: solver.cycle }, judge);
  return { ...best, cycles };
}

/** Bounds of A⁻¹ rest from Ag = `image` and 0 ≤ g ≤ `most`; infinite unless Ag > 0. */
function boundedBy(rest: Float64Array, image: Float64Array, most: number): Bounds {
  let [lower, upper] = [Infinity, -Infinity];
  for (let i = 0; i < rest.length; i++) {
    if (!(image[i] > 0)) return NOTHING;
    const share = rest[i] / image[i];
    if (share < lower) lower = share;
    if (share > upper) upper = share;
  }
  // g may be as small as 0: where g is not 1, only shares on both sides of 0 bound anything.
  return most === 1 ? { lower, upper } : { lower: most * Math.min(lower, 0), upper: most * Math.max(upper, 0) };
}

function isWithin({ lower, upper }: Bounds, width: number): boolean {
  return Math.max(upper, 0) - Math.min(lower, 0) <= width;
}

function zero(size: number): TwoSum {
  return { head: new Float64Array(size), tail: new Float64Array(size) };
}

/** out = right + L(head + tail), killing included: differences of heads are exact for neighbours within 2:1. */
export function rowResidual(out: Float64Array, jumps: SparseRates, right: Float64Array, w: TwoSum): void {
  const { size, starts, targets, rates, killing } = jumps;
  const { head, tail } = w;
  for (let i = 0; i < size; i++) {
    let sum = right[i] - killing[i] * (head[i] + tail[i]);
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = targets[e];
      sum += rates[e] * (head[j] - head[i] + (tail[j] - tail[i]));
    }
    out[i] = sum;
  }
}
