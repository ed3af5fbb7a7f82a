/**
 * A control in the noise of x: the minimum over U of tr(a M) + φ·p + ℓ, a = ½ssᵀ, M = D²_xV, is that of a problem
 * without noise whose running cost is ℓ + tr(a M), with the entries of M on and below its diagonal behind the
 * coordinates of y.
 */
import { numberTree, product, sum, zero } from '../formula/algebra.ts';
import { type Formula, fromTrees } from '../formula/formula.ts';
import type { Tree } from '../formula/tree.ts';
import type { ControlledField, Problem } from '../model/problem.ts';
import { controlTrees, namesOf, treesIn } from '../model/trees.ts';

/** Entries of M by row and column, in the order in which they stand behind y. */
export function curvatureEntries(n: number): readonly (readonly [number, number])[] {
  return n === 1
    ? [[0, 0]]
    : [
        [0, 0],
        [1, 0],
        [1, 1],
      ];
}

/** The problem without noise in x that has the same minimum over U; formulas stay formulas. */
export function withTraceInCost(problem: Problem): Problem {
  const { slowNoise = [], runningCost, slowDrift, fast, ...rest } = problem;
  const [ofX, ofY, ofU] = namesOf(problem);
  const entries = curvatureEntries(slowDrift.length);
  const all = [...ofY, ...entries.map(([i, j]) => `m${i + 1}${j + 1}`)];
  const m = ofY.length;
  const trees = controlTrees(problem);
  const rows = slowNoise.map((row) => treesIn(row, [ofX, ofY, ofU]));
  const drift = all.map(() => fast.drift[0]);
  const still = { ...rest, fast: { kind: 'drift', drift } } as const;
  if (trees === null || rows.some((row) => row === null)) {
    const trace: ControlledField = (x, y, u) =>
      entries.reduce(
        (total, [i, j], k) => {
          const square = slowNoise[i].reduce((sum, s, c) => sum + s(x, y, u) * slowNoise[j][c](x, y, u), 0);
          return total + (i === j ? 0.5 : 1) * y[m + k] * square;
        },
        runningCost?.(x, y, u) ?? 0,
      );
    return { ...still, slowDrift, runningCost: trace };
  }
  const trace = entries.reduce((total, [i, j], k) => {
    const [one, other] = [rows[i] ?? [], rows[j] ?? []];
    const square = one.reduce<Tree>((whole, s, c) => sum(whole, product(s, other[c])), zero);
    const entry: Tree = { kind: 'name', name: all[m + k] };
    return sum(total, product(numberTree(i === j ? 0.5 : 1), product(entry, square)));
  }, trees.runningCost ?? zero);
  const parts = [...trees.slowDrift, trace].map((tree) => ({ tree }));
  const made = fromTrees(parts, ofX, all, ofU) as readonly Formula<ControlledField>[];
  return { ...still, slowDrift: made.slice(0, -1), runningCost: made[made.length - 1] };
}
