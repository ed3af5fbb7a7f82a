/**
 * The controls among which min_{u∈U} [φ⁺(u)D⁺V + φ⁻(u)D⁻V + ℓ(u)] is attained, box by box of U.
 *
 * φ and ℓ affine in u: the bracket is concave or convex piecewise linear in u, with kinks where some φ_i(u) changes
 * sign, so the minimum is at a vertex of the arrangement of the faces of the box and the hyperplanes φ_i(u) = 0
 * (docs/theory.md §3.2; Kushner, Dupuis 2001, ch. 5). φ and ℓ quadratic: a family, whose minimum is found at every node
 * in closed form. One control in other formulas: a search at every node, by what is known of them on pieces of U. A box
 * without extent is its value. Otherwise the box is sampled, and how far the minimum lies below is not known.
 */

import { InputError } from '../input/input-error.ts';
import { boxesOf, type ControlBox, dimensionsOf, type Problem } from '../model/problem.ts';
import { isAffineInControl } from '../model/structure.ts';
import { controlLattice, product } from './control-set.ts';
import { noiseSeesControl } from './noise-rates.ts';
import { quadraticFamily, type WrittenFamily } from './quadratic-families.ts';
import { type WrittenFormulas, writtenFormulas } from './written-formulas.ts';

/** Samples per control when nothing is known of φ or ℓ as functions of u. */
const SAMPLES = 33;

/** A crossing slot: `free` controls solve φ_i(u) = 0 for i in `axes`, the others stand at the corner of the box. */
export interface Crossing {
  readonly box: ControlBox;
  readonly corner: readonly number[];
  readonly free: readonly number[];
  readonly axes: readonly number[];
}

/** Two fixed controls, by their numbers; all controls between them are admissible too, φ and ℓ affine along the way. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

export interface CandidateControls {
  /** Controls that do not depend on the node. */
  readonly fixed: readonly (readonly number[])[];
  readonly edges: readonly Edge[];
  /** Controls to be solved for at every node; none unless φ is affine in u. */
  readonly crossings: readonly Crossing[];
  /** Boxes whose minimum is found in closed form. */
  readonly families: readonly WrittenFamily[];
  /** Boxes of one control whose minimum is searched at every node. */
  readonly formulas: readonly WrittenFormulas[];
  /** Whether a box had to be sampled. */
  readonly isSampled: boolean;
}

/** The candidates of U for the n components of φ, and `components` − n combinations of them whose signs matter too. */
export function candidateControls(problem: Problem, components?: number): CandidateControls {
  const parts = boxesOf(problem.controls).map((box) => candidatesOf(problem, box, components));
  const fixed = parts.flatMap((part) => part.fixed);
  let before = 0;
  const edges = parts.flatMap((part) => {
    const start = before;
    before += part.fixed.length;
    return part.edges.map(({ from, to }) => ({ from: from + start, to: to + start }));
  });
  return {
    fixed,
    edges,
    crossings: parts.flatMap(({ crossings }) => crossings),
    families: parts.flatMap(({ families }) => families),
    formulas: parts.flatMap(({ formulas }) => formulas),
    isSampled: parts.some(({ isSampled }) => isSampled),
  };
}

function candidatesOf(problem: Problem, box: ControlBox, components?: number): CandidateControls {
  const { lower, upper } = box;
  const none = { fixed: [], edges: [], crossings: [], families: [], formulas: [], isSampled: false };
  if (noiseSeesControl(problem)) return { ...none, families: [noisyFamily(problem, box)] };
  if (lower.every((low, c) => low === upper[c])) return { ...none, fixed: [lower] };
  const hasEnds = [...lower, ...upper].every(Number.isFinite);
  if (hasEnds && isAffineInControl(problem)) return verticesOf(problem, box, components);
  const family = quadraticFamily(problem, box);
  if (family !== null) return { ...none, families: [family] };
  if (!hasEnds) throw endless(problem);
  // In a moving frame the minimum is over more rates than φ has components.
  const isFixedFrame = (components ?? problem.slowDrift.length) === problem.slowDrift.length;
  const formulas = isFixedFrame ? writtenFormulas(problem, box) : null;
  if (formulas !== null) return { ...none, formulas: [formulas] };
  return { ...none, fixed: controlLattice(box, SAMPLES), isSampled: true };
}

/** The family of a box whose controls move the noise of x. Throws InputError where it is not known to be quadratic. */
function noisyFamily(problem: Problem, box: ControlBox): WrittenFamily {
  const family = quadraticFamily(problem, box);
  const hasEnds = [...box.lower, ...box.upper].every(Number.isFinite);
  if (family !== null && hasEnds) return family;
  const reason = hasEnds ? 'φ, ½ssᵀ, ℓ are not quadratic in it' : 'has an infinite end';
  throw new InputError(
    `the control of ${problem.name} moves the noise of x, and ${reason}`,
    'the minimum of tr(a(u)D²V) + φ(u)·DV + ℓ(u) is taken in closed form, for polynomials of degree 2 at most in u',
    hasEnds ? 'write noise that is affine in u, such as "u*sqrt(y)"' : 'give every control finite ends',
    'slowNoise',
  );
}

/** Corners, edges and crossings of a box where φ and ℓ are affine. */
function verticesOf(problem: Problem, box: ControlBox, components?: number): CandidateControls {
  const { lower, upper } = box;
  const { n } = dimensionsOf(problem);
  const ends = lower.map((low, c) => (low === upper[c] ? [low] : [low, upper[c]]));
  const movable = lower.map((_, c) => c).filter((c) => lower[c] < upper[c]);
  const crossings: Crossing[] = [];
  for (let count = 1; count <= Math.min(n, movable.length); count++) {
    for (const free of subsets(movable, count)) {
      const others = ends.map((values, c) => (free.includes(c) ? [lower[c]] : values));
      for (const axes of subsets([...Array(components ?? n).keys()], count)) {
        for (const corner of product(others)) crossings.push({ box, corner, free, axes });
      }
    }
  }
  const fixed = controlLattice(box, 2);
  const edges = fixed.flatMap((corner, from) =>
    fixed.flatMap((other, to) => (to > from && differences(corner, other) === 1 ? [{ from, to }] : [])),
  );
  return { fixed, edges, crossings, families: [], formulas: [], isSampled: false };
}

function differences(a: readonly number[], b: readonly number[]): number {
  return a.filter((value, c) => value !== b[c]).length;
}

function endless(problem: Problem): InputError {
  return new InputError(
    `the control of ${problem.name} has an infinite end, but φ and ℓ are not quadratic in it`,
    'which controls can be minimisers is known only where the formulas are polynomials of degree 2 at most in u',
    'give every control finite ends',
    'control',
  );
}

function subsets(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}
