/**
 * The controls among which min_{u∈U} [φ⁺(u)D⁺V + φ⁻(u)D⁻V + ℓ(u)] is attained.
 *
 * φ and ℓ affine in u: the bracket is concave or convex piecewise linear in u, with kinks where some φ_i(u) changes
 * sign, so the minimum is at a vertex of the arrangement of the faces of U and the hyperplanes φ_i(u) = 0
 * (docs/theory.md §3.2; Kushner, Dupuis 2001, ch. 5). A finite U: its values. Otherwise U is sampled and the spacing
 * stated.
 */

import { boxesOf, type ControlBox, dimensionsOf, type Problem } from '../model/problem.ts';
import { isAffineInControl } from '../model/structure.ts';
import { controlLattice, product } from './control-set.ts';

/** Samples per control when φ or ℓ is not affine in u. */
const SAMPLES = 33;

/** A crossing slot: `free` controls solve φ_i(u) = 0 for i in `axes`, the others stand at the corner. */
export interface Crossing {
  readonly corner: readonly number[];
  readonly free: readonly number[];
  readonly axes: readonly number[];
}

export interface CandidateControls {
  /** Controls that do not depend on the node. */
  readonly fixed: readonly (readonly number[])[];
  /** Controls to be solved for at every node; none unless φ is affine in u. */
  readonly crossings: readonly Crossing[];
  /** Largest distance between neighbouring samples when U had to be sampled, else null. */
  readonly sampledSpacing: number | null;
}

/** The candidates of U for the n components of φ, and `components` − n combinations of them whose signs matter too. */
export function candidateControls(problem: Problem, components?: number): CandidateControls {
  const { controls } = problem;
  const { n } = dimensionsOf(problem);
  if (controls.kind !== 'box') {
    const fixed = boxesOf(controls).flatMap((box) => controlLattice(box, SAMPLES));
    return { fixed, crossings: [], sampledSpacing: controls.kind === 'values' ? null : Number.POSITIVE_INFINITY };
  }
  const { lower, upper } = controls;
  if (!isAffineInControl(problem)) {
    const spacing = Math.max(...lower.map((low, c) => (upper[c] - low) / (SAMPLES - 1)));
    return { fixed: controlLattice(controls, SAMPLES), crossings: [], sampledSpacing: spacing };
  }
  const ends = lower.map((low, c) => (low === upper[c] ? [low] : [low, upper[c]]));
  const movable = lower.map((_, c) => c).filter((c) => lower[c] < upper[c]);
  const crossings: Crossing[] = [];
  for (let count = 1; count <= Math.min(n, movable.length); count++) {
    for (const free of subsets(movable, count)) {
      const others = ends.map((values, c) => (free.includes(c) ? [lower[c]] : values));
      for (const axes of subsets([...Array(components ?? n).keys()], count)) {
        for (const corner of product(others)) crossings.push({ corner, free, axes });
      }
    }
  }
  return { fixed: controlLattice(controls, 2), crossings, sampledSpacing: null };
}

/**
 * Solves a crossing at a node where φ(corner) = `offset` and ∂φ_i/∂u_c = `slope[i][c]`.
 * Returns the control, or null if there is none strictly inside the free faces.
 */
export function solveCrossing(
  crossing: Crossing,
  controls: ControlBox,
  offset: readonly number[],
  slope: readonly (readonly number[])[],
): number[] | null {
  const { corner, free, axes } = crossing;
  const matrix = axes.map((i) => free.map((c) => slope[i][c]));
  const right = axes.map((i) => -offset[i]);
  const step = matrix.length === 1 ? [right[0] / matrix[0][0]] : cramer(matrix, right);
  const control = [...corner];
  for (let k = 0; k < free.length; k++) {
    const c = free[k];
    control[c] = corner[c] + step[k];
    if (!(control[c] > controls.lower[c] && control[c] < controls.upper[c])) return null;
  }
  return control;
}

function cramer(a: readonly (readonly number[])[], r: readonly number[]): number[] {
  const determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
  return [(r[0] * a[1][1] - a[0][1] * r[1]) / determinant, (a[0][0] * r[1] - r[0] * a[1][0]) / determinant];
}

function subsets(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}
