/**
 * The minimum over a box U of what a node of a grid sees of a control (node-bracket.ts), where r_i is affine in u and ℓ
 * quadratic (for one control r_i may be quadratic too): exact to round-off. On a region in which no r_i changes sign q
 * is quadratic, so that its minimum is a stationary point of that quadratic on a face of the region: on a face of U,
 * cut with some of the hyperplanes r_i = 0. All of them are tried, and q itself is evaluated there, clipped to U: what
 * is found is a value of q, and no value is smaller (Nocedal, Wright 2006, ch. 16, for equality-constrained problems).
 */
import { leastOnFaces } from './least-on-faces.ts';
import { leastOnLine } from './least-on-line.ts';
import type { Box, Least, NodeBracket } from './node-bracket.ts';

/**
 * The minimum of q over `box`, whose ends may be infinite. On an endless box of several controls it is −∞ unless q is
 * seen to grow: by a curvature that is positive definite in the endless controls, or by its slopes in those without.
 */
export function leastOf(bracket: NodeBracket, box: Box): Least {
  return box.lower.length === 1 ? leastOnLine(bracket, box) : leastOnFaces(bracket, box);
}
