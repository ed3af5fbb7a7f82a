/** φ and ℓ as formulas of the one control that moves in a box, with their derivatives. */
import { zero } from '../formula/algebra.ts';
import { derivative } from '../formula/derivative.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import type { Tree } from '../formula/tree.ts';
import type { ControlBox, Problem } from '../model/problem.ts';
import { controlTrees } from '../model/trees.ts';

/** φ_1, …, φ_n, ℓ, their slopes and their second derivatives in one control, the others standing where they are. */
export interface WrittenFormulas {
  readonly box: ControlBox;
  /** The names of a point (x, y, u), and which of them is the control. */
  readonly names: readonly string[];
  readonly control: number;
  readonly lower: number;
  readonly upper: number;
  /** A point with the controls that do not move. */
  readonly point: Float64Array;
  /** φ and ℓ, then their slopes, then their second derivatives. */
  readonly trees: readonly Tree[];
  /** Whether φ_i is affine in the control. */
  readonly isAffine: readonly boolean[];
}

/** Most coordinates of a point (src/kernel/wasm/assembly/formula-family.ts). */
const MOST_NAMES = 16;

/**
 * The formulas of a finite box with one control that moves; null for other boxes, closures and derivatives that are not
 * known.
 */
export function writtenFormulas(problem: Problem, { lower, upper }: ControlBox): WrittenFormulas | null {
  const fields = controlTrees(problem);
  const movable = lower.flatMap((low, c) => (low < upper[c] ? [c] : []));
  if (fields === null || movable.length !== 1) return null;
  const names = fields.names.flat();
  if (names.length > MOST_NAMES || fields.slowDrift.length > 2) return null;
  const [c] = movable;
  const before = fields.names[0].length + fields.names[1].length;
  const point = new Float64Array(names.length);
  point.set(lower, before);
  const name = names[before + c];
  const values = [...fields.slowDrift, fields.runningCost ?? zero];
  const slopes = values.map((tree) => derivative(tree, name));
  const bends = slopes.map((tree) => derivative(tree, name));
  return {
    box: { lower, upper },
    names,
    control: before + c,
    lower: lower[c],
    upper: upper[c],
    point,
    trees: [...values, ...slopes, ...bends],
    isAffine: fields.slowDrift.map((tree) => polynomialIn(tree, [name], 1) !== null),
  };
}
