/**
 * How the resolvent (I − κL)⁻¹ of several fast variables is taken: by line solves along every axis, s sub-sweeps, or by
 * one unsplit solve in the plane of two. As κ → ∞ a sub-sweep contracts by c (gibbs-sweep.ts) in place of 0; s with
 * cˢ ≤ 0.1 relaxes nearly as a resolvent does (docs/theory.md §4.8).
 */

import { InputError } from '../input/input-error.ts';
import { inverseLength } from '../linalg/plane-elimination.ts';
import { type LaneMeasures, sweepContraction } from './gibbs-sweep.ts';

/** How a resolvent is taken: line by line along every axis, in so many sub-sweeps, or unsplit in the plane. */
export type FastSolve =
  | { readonly kind: 'lines'; readonly subSweeps: number }
  /** One solve in the plane of two fast variables, by block elimination. */
  | { readonly kind: 'planes' };

export interface FastSolveChoice {
  /** Default: lines, unless they take so many sub-sweeps that planes cost less. */
  readonly fastSolve?: FastSolve['kind'];
  /** Most bytes the inverses of solves in planes may take in one resolvent. */
  readonly room: number;
}

/** Contraction of one resolvent towards the stationary measure, as κ → ∞. */
const CONTRACTION = 0.1;
/** More sub-sweeps than this are not made. */
export const MOST_SUB_SWEEPS = 64;
/** c beyond which lines are given up. */
const LARGEST_CONTRACTION = CONTRACTION ** (1 / MOST_SUB_SWEEPS);

/**
 * The fast solve for the measures of a potential, which every line solve keeps.
 * Throws InputError for planes of other than two fast variables, and where neither lines nor planes will do.
 */
export function chooseFastSolve(measures: LaneMeasures, { fastSolve, room }: FastSolveChoice): FastSolve {
  const { shape } = measures.grid;
  if (fastSolve === 'planes') {
    requirePlane(shape.length);
    return { kind: 'planes' };
  }
  const contraction = sweepContraction(measures, LARGEST_CONTRACTION);
  const subSweeps = contraction <= CONTRACTION ? 1 : Math.ceil(Math.log(CONTRACTION) / Math.log(contraction));
  const fits = shape.length === 2 && inverseBytes(measures) <= room;
  if (fastSolve === undefined && fits && subSweeps > worthOfPlane(shape)) return { kind: 'planes' };
  if (contraction < LARGEST_CONTRACTION) return { kind: 'lines', subSweeps };
  throw tooCorrelated(measures, room);
}

/** Throws InputError unless there are two fast variables. */
export function requirePlane(fastDimension: number): void {
  if (fastDimension === 2) return;
  throw new InputError(
    `unsplit solves are for two fast variables, and there are ${fastDimension}`,
    fastDimension === 1 ? 'a line solve along the only one is not split' : 'they eliminate a plane of nodes',
    'leave the choice of planes out',
    'fastDrift',
  );
}

/** Bytes of the inverses of one resolvent in planes. */
function inverseBytes({ grid, lanes }: Pick<LaneMeasures, 'grid' | 'lanes'>): number {
  const [width, rows] = [...grid.shape].sort((a, b) => a - b);
  return 8 * inverseLength(lanes, [width, rows]);
}

/** Sub-sweeps that move as much memory as an unsplit solve: 6 doubles a node and axis, against 2·width + 9. */
function worthOfPlane(shape: readonly number[]): number {
  return (2 * Math.min(...shape) + 9) / 12;
}

function tooCorrelated({ grid, lanes }: LaneMeasures, room: number): InputError {
  const fitting = Math.floor(Math.cbrt(room / (8 * lanes)));
  const unsplit = grid.shape.length === 2 && fitting >= 3;
  const smaller = unsplit ? `at most ${fitting} nodes per fast axis for an unsplit solve, or ` : '';
  return new InputError(
    `line solves along the fast axes would need more than ${MOST_SUB_SWEEPS} sub-sweeps a step`,
    'under μ_x the fast variables nearly determine each other',
    `take ${smaller}fast variables along the axes of the correlation`,
    'fastPotential',
  );
}
