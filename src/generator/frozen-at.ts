/** L_h at one frozen x on a ball or a box of R^m: on a line or in space, as the problem is. */
import type { Axis } from '../grid/axis.ts';
import type { Coordinates, Problem } from '../model/problem.ts';
import type { FastBoundary, FastScheme } from './fast-generator.ts';
import type { BallGenerator, FrozenGenerator } from './frozen-generator.ts';
import { lineOnAxis, lineOnDiameter } from './frozen-line.ts';
import { spaceOnBall, spaceOnBox } from './frozen-space.ts';

/** L_h on the nodes inside a ball of R^m. Throws InputError where b or Φ has no value, and where the noise may be 0. */
export function frozenOnBall(
  problem: Problem,
  x: Coordinates,
  ball: { readonly radius: number; readonly across: number; readonly boundary: FastBoundary },
  scheme?: FastScheme,
): BallGenerator {
  return (problem.fast.drift.length === 1 ? lineOnDiameter : spaceOnBall)(problem, x, ball, scheme);
}

/** L_h on all nodes of a reflecting box. Throws InputError as `frozenOnBall` does. */
export function frozenOnBox(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  scheme?: FastScheme,
): FrozenGenerator {
  return (axes.length === 1 ? lineOnAxis : spaceOnBox)(problem, x, axes, scheme);
}
