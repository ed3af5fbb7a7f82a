/**
 * Kinks and jumps along y that lie between nodes: there the error due to dy is dy² (or dy) times a function of the
 * place within the cell that takes both signs, so that no comparison of grids tells its sign.
 */
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { type Axis, coordinates } from '../../src/grid/axis.ts';
import { splitAtKinks } from '../../src/measure/kinks.ts';
import { type Breaks, breaksAlong, driftBreaks, slowBreaks, weightBreaks } from '../../src/model/breaks.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../../src/model/problem.ts';

/** Places this close to a node, in cells, are at the node. */
const AT_NODE = 1e-6;
/** Φ this much above its minimum on the line: less than 1e-5 of the measure notices a kink there. */
const HIGH = 12;

/** Whether φ, ℓ, b or, with slopes ±1 along an axis of x, the minimum over U break between nodes of a line along y. */
export function breaksBetweenNodes(problem: Problem, x: Coordinates, fast: readonly Axis[], at: Coordinates): boolean {
  return fast.some((axis, a) => {
    const counts = carriesMass(problem, x, at, { axis, a });
    const isBetween = (y: number) => {
      const cell = (y - axis.lower) / axis.spacing;
      return Math.abs(cell - Math.round(cell)) > AT_NODE && counts(y);
    };
    const formulas = [slowBreaks(problem, x), weightBreaks(problem, x), driftBreaks(problem, x)];
    return (
      formulas.some((test) => placesOn(test, at, { axis, a }).some(isBetween)) ||
      switches(problem, x, at, { axis, a }).some(isBetween)
    );
  });
}

interface Along {
  readonly axis: Axis;
  readonly a: number;
}

function placesOn(test: Breaks, at: Coordinates, { axis, a }: Along): number[] {
  if (test === null || test === 'unknown') return [];
  for (let k = 0; k < at.length; k++) [test.lower[k], test.upper[k]] = [at[k], at[k]];
  return breaksAlong(test, a, axis.lower, axis.upper).map(({ lower, upper }) => (lower + upper) / 2);
}

/** Where the best control jumps; where it moves on smoothly, H has no kink. */
function switches(problem: Problem, x: Coordinates, at: Coordinates, { axis, a }: Along): number[] {
  const { kind, leastAt } = minimumOver(problem);
  if (kind === 'quadratic' || kind === 'sampled') return [];
  const nodes = coordinates(axis);
  const known = new Set(nodes);
  const slopes = Array.from({ length: dimensionsOf(problem).n }, (_, i) =>
    [1, -1].map((sign) => Array.from(x, (_, k) => (k === i ? sign : 0))),
  ).flat();
  return slopes.flatMap((p) => {
    const split = splitAtKinks((y) => leastAt(x, Array.from(at).with(a, y), p), nodes, kind);
    return Array.from(split).filter((y) => !known.has(y));
  });
}

function carriesMass(problem: Problem, x: Coordinates, at: Coordinates, { axis, a }: Along): (y: number) => boolean {
  const { fast } = problem;
  if (fast.kind === 'drift') return () => true;
  const potential = (y: number) => fast.potential(x, Array.from(at).with(a, y));
  const floor = Math.min(...Array.from(coordinates(axis), potential));
  return (y) => potential(y) - floor < HIGH;
}
