/**
 * Noise in x as the rates of second differences. Between nodes they are taken along the axes, for cross terms along
 * diagonals too (noise-stencil.ts), or along the columns of s (differencing/noise-columns.ts).
 */
import type { Grid } from '../grid/grid.ts';
import type { Problem } from '../model/problem.ts';
import type { CandidateOptions } from './candidate-rates.ts';
import { largestIn } from './family-reach.ts';
import { hasCrossTerms, type NoiseColumns, noiseColumns, refuseControlledCross, steadyNoise } from './noise-rates.ts';
import { noiseStencil } from './noise-stencil.ts';
import type { Family } from './quadratic-families.ts';

/** How a sweep takes noise with cross terms: between nodes, where a is dominated, or along the columns of s. */
export type CrossTerms = 'stencil' | 'columns';

/** Noise in x as second differences Σ_d ν_d δ_d²V/2, or along columns. */
export interface SlowNoise {
  /** The directions d in cells per slow axis: the axes first. */
  readonly directions: readonly (readonly number[])[];
  /** ν_d per direction; null where controls move the noise, so that families hold it, and for columns. */
  readonly steady: readonly Float64Array[] | null;
  /** The columns of s; null for differences between nodes. */
  readonly columns: NoiseColumns | null;
  /** out[s] = the largest ν over U at node from + s, summed over these directions, by default over all. */
  rates(out: Float64Array, from: number, along?: readonly number[]): void;
}

/** Both forms of noise in x; they differ where there are cross terms. */
export interface SlowNoiseForms {
  /** Evaluated once. Throws InputError where the form is not possible, or a coefficient not finite. */
  as(crossTerms: CrossTerms): SlowNoise;
}

/**
 * The noise of a problem on its nodes; null without. Throws InputError where a coefficient is not finite, with cross
 * terms when a form is asked for, and for cross terms that a control moves.
 */
export function slowNoiseOn(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  { allocate, families }: CandidateOptions & { readonly families: readonly Family[] },
): SlowNoiseForms | null {
  if (problem.slowNoise === undefined) return null;
  const axes = slow.axes.map((_, i) => slow.axes.map((_unused, k) => (i === k ? 1 : 0)));
  if (!hasCrossTerms(problem)) {
    const steady = steadyNoise(problem, slow, fast, allocate);
    const noise = steady === null ? ofFamilies(axes, families) : ofStencil(axes, steady);
    return { as: () => noise };
  }
  refuseControlledCross(problem);
  const made: Partial<Record<CrossTerms, SlowNoise>> = {};
  const make: Readonly<Record<CrossTerms, () => SlowNoise>> = {
    columns: () => ofColumns(axes, noiseColumns(problem, slow, fast, allocate)),
    stencil: () => {
      const { directions, rates } = noiseStencil(problem, slow, fast, allocate);
      return ofStencil(directions, rates);
    },
  };
  return {
    as(crossTerms) {
      made[crossTerms] ??= make[crossTerms]();
      return made[crossTerms];
    },
  };
}

type Directions = SlowNoise['directions'];

function ofStencil(directions: Directions, steady: readonly Float64Array[]): SlowNoise {
  const rates = summed(directions, (out, from, d) => {
    for (let s = 0; s < out.length; s++) out[s] += steady[d][from + s];
  });
  return { directions, steady, columns: null, rates };
}

function ofColumns(axes: Directions, columns: NoiseColumns): SlowNoise {
  const rates = summed(axes, (out, from, i) => {
    for (const column of columns) {
      const entries = column[i];
      if (entries !== null) for (let s = 0; s < out.length; s++) out[s] += entries[from + s] ** 2;
    }
  });
  return { directions: axes, steady: null, columns, rates };
}

function ofFamilies(axes: Directions, families: readonly Family[]): SlowNoise {
  const rates = summed(axes, (out, from, i) => {
    const [most, own] = [new Float64Array(out.length), new Float64Array(out.length)];
    for (const { noise = [], box } of families) {
      largestIn(own, noise[i], box, from);
      for (let s = 0; s < out.length; s++) most[s] = Math.max(most[s], own[s]);
    }
    for (let s = 0; s < out.length; s++) out[s] += most[s];
  });
  return { directions: axes, steady: null, columns: null, rates };
}

/** The sum over directions of what `add` adds for one. */
function summed(
  directions: Directions,
  add: (out: Float64Array, from: number, direction: number) => void,
): SlowNoise['rates'] {
  const all = directions.map((_, d) => d);
  return (out, from, along = all) => {
    out.fill(0);
    for (const d of along) add(out, from, d);
  };
}
