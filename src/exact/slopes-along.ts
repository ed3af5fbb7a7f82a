/** How finely x must be looked at so that no change of φ and b along it hides between two points. */
import { derivative } from '../formula/derivative.ts';
import { intervalProgram } from '../formula/interval.ts';
import { jumpAlong, type Tree } from '../formula/tree.ts';
import { fastBox } from '../measure/fast-box.ts';
import { hullOf, type Interval, type Problem } from '../model/problem.ts';
import { isLinear } from '../model/structure.ts';
import { treesOf } from '../model/trees.ts';

/** Pieces of the range and of the y-box over which slopes are enclosed. */
const PIECES = { x: 64, y: 16 } as const;
const FEWEST = 16;

/**
 * Intervals of a range of x, n = m = 1, between which φ and b change by no more than about their size: enclosures of
 * their slopes along x leave no room for what hides between two points. Infinity where one jumps along x, or is neither
 * a formula nor declared linear.
 */
export function intervalsAlong(problem: Problem, range: Interval): number {
  const trees = treesOf(problem);
  if (trees === null) return isLinear(problem) ? FEWEST : Infinity;
  const box = fastBox(problem, range);
  const names = trees.names.flat();
  const controls = hullOf(problem.controls);
  const parts = [...trees.slowDrift, ...trees.fastDrift];
  if (parts.some((tree) => jumpAlong(tree, 'x') !== null)) return Infinity;
  const fastest = Math.max(...parts.map((tree) => relativeSlope(tree, names, { range, box, controls })));
  return Math.max(FEWEST, Math.ceil(((range.upper - range.lower) * fastest) / 2));
}

/** sup|∂g/∂x|/sup|g| over the range, the y-box and U, by enclosures on pieces. */
function relativeSlope(
  tree: Tree,
  names: readonly string[],
  on: { readonly range: Interval; readonly box: Interval; readonly controls: readonly Interval[] },
): number {
  const piece = ({ lower, upper }: Interval, count: number, k: number): [number, number] => {
    return [lower + ((upper - lower) * k) / count, lower + ((upper - lower) * (k + 1)) / count];
  };
  const program = intervalProgram([tree, derivative(tree, 'x')], names, 1);
  on.controls.forEach(({ lower, upper }, c) => {
    [program.lower[2 + c], program.upper[2 + c]] = [lower, upper];
  });
  const [size, slope] = program.results;
  const largest = (k: number) => Math.max(Math.abs(program.lower[k]), Math.abs(program.upper[k]));
  let [steepest, most] = [0, 0];
  for (let i = 0; i < PIECES.x; i++) {
    [program.lower[0], program.upper[0]] = piece(on.range, PIECES.x, i);
    for (let j = 0; j < PIECES.y; j++) {
      [program.lower[1], program.upper[1]] = piece(on.box, PIECES.y, j);
      program.run();
      steepest = Math.max(steepest, largest(slope));
      most = Math.max(most, largest(size));
    }
  }
  return steepest === 0 ? 0 : steepest / most;
}
