/**
 * Where H(x,·,p), the weights e^−Φ(x,·) and the fast drift may jump or kink in y, from the formulas of a problem
 * (formula/breaks.ts). H = −min over U of φ·p + ℓ jumps where φ or ℓ do; arguments that name controls take all values
 * that they have on U, so that every place at which some control may break counts.
 */
import { type Break, type BreakTest, breaksAlong, breakTest, JUMP, KINK, SMOOTH } from '../formula/breaks.ts';
import { type Formula, treeIn } from '../formula/formula.ts';
import type { Tree } from '../formula/tree.ts';
import { fastScale } from './fast-scale.ts';
import { type Coordinates, hullOf, type Interval, type Problem } from './problem.ts';
import { controlTrees, namesOf, potentialTree, treesIn } from './trees.ts';

export { type Break, type BreakTest, breaksAlong, JUMP, KINK, SMOOTH };

/** The test asks about boxes of y alone. Null: nothing breaks. 'unknown': a function without a formula takes part. */
export type Breaks = BreakTest | null | 'unknown';

/** Whether there is a test to ask: something may break, and formulas tell where. */
export function hasTest(breaks: Breaks): breaks is BreakTest {
  return breaks !== null && breaks !== 'unknown';
}

/** Breaks of φ and ℓ, and so of H(x,·,p), at frozen x; without those that depend on the axis `apart` of y. */
export function slowBreaks(problem: Problem, x: Coordinates, apart?: number): Breaks {
  const trees = controlTrees(problem);
  if (trees === null) return 'unknown';
  const { slowDrift, runningCost } = trees;
  return frozen(problem, x, runningCost === undefined ? slowDrift : [...slowDrift, runningCost], apart);
}

/** Breaks of a function of y. */
export function integrandBreaks(problem: Problem, integrand: Formula<(y: Coordinates) => number>): Breaks {
  const [, ofY] = namesOf(problem);
  const tree = treeIn(integrand, ofY);
  return tree === undefined ? 'unknown' : breakTest([tree], ofY, ofY);
}

/** Breaks of Φ(x,·); of a drift those of −∫(b − α')/α, which kinks where that jumps. `apart` as for slowBreaks. */
export function weightBreaks(problem: Problem, x: Coordinates, apart?: number): Breaks {
  if (problem.fast.kind === 'drift') return smoothed(driftBreaks(fastScale(problem)?.balanced ?? problem, x));
  const tree = potentialTree(problem);
  return tree === null ? 'unknown' : frozen(problem, x, [tree], apart);
}

/** Breaks of b(x,·). */
export function driftBreaks(problem: Problem, x: Coordinates): Breaks {
  const [ofX, ofY] = namesOf(problem);
  const trees = treesIn(problem.fast.drift, [ofX, ofY]);
  return trees === null ? 'unknown' : frozen(problem, x, trees);
}

/** Whether b(x,·) may jump in a box; false for closures, of which nothing is known. */
export function driftJumps(problem: Problem, x: Coordinates, box: readonly Interval[]): boolean {
  const test = problem.fast.kind === 'drift' ? driftBreaks(problem, x) : null;
  if (!hasTest(test)) return false;
  box.forEach((side, a) => {
    [test.lower[a], test.upper[a]] = [side.lower, side.upper];
  });
  return test.kind() === JUMP;
}

/** The intervals on [from, to] that may hold breaks, m = 1; none where nothing is known. */
export function breaksOnLine(breaks: Breaks, { lower, upper }: Interval): readonly Break[] {
  return hasTest(breaks) ? breaksAlong(breaks, 0, lower, upper) : [];
}

/** Both ends of all intervals that may hold a break. */
export function endsOf(breaks: readonly Break[]): number[] {
  return breaks.flatMap(({ lower, upper }) => [lower, upper]);
}

/** The test with x frozen and u in the hull of U, over y. */
function frozen(problem: Problem, x: Coordinates, trees: readonly Tree[], apart?: number): BreakTest | null {
  const [ofX, ofY, ofU] = namesOf(problem);
  const test = breakTest(trees, [...ofX, ...ofY, ...ofU], ofY, apart === undefined ? [] : [ofY[apart]]);
  if (test === null) return null;
  for (const row of [test.lower, test.upper]) row.set([...Array.from(x), ...ofY.map(() => 0)]);
  hullOf(problem.controls).forEach(({ lower, upper }, c) => {
    const k = ofX.length + ofY.length + c;
    [test.lower[k], test.upper[k]] = [lower, upper];
  });
  const [lower, upper] = [test.lower, test.upper].map((row) => row.subarray(ofX.length, ofX.length + ofY.length));
  return { lower, upper, kind: test.kind };
}

function smoothed(breaks: Breaks): Breaks {
  if (!hasTest(breaks)) return breaks;
  return { ...breaks, kind: () => (breaks.kind() === JUMP ? KINK : SMOOTH) };
}
