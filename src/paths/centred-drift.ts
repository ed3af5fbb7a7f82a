/** A centred drift at one ε: φ + ε^{−1/2} g in the place of φ. */
import { fromTrees } from '../formula/formula.ts';
import { call } from '../formula/tree.ts';
import type { ControlledField, Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';

/** The problem without a centred drift that has the same paths at ε; itself where there is none. */
export function atEpsilon(problem: Problem, epsilon: number): Problem {
  const { slowDrift, centredDrift, ...rest } = problem;
  if (centredDrift === undefined) return problem;
  const names = namesOf(problem);
  const scale = 1 / Math.sqrt(epsilon);
  const [phi, g] = [treesIn(slowDrift, names), treesIn(centredDrift, names)];
  if (phi === null || g === null) {
    const sums = slowDrift.map((each, i): ControlledField => {
      return (x, y, u) => each(x, y, u) + scale * centredDrift[i](x, y);
    });
    return { ...rest, slowDrift: sums };
  }
  const fast = g.map((tree) => call('*', { kind: 'number', value: scale }, tree));
  const sums = phi.map((tree, i) => ({ tree: call('+', tree, fast[i]) }));
  return { ...rest, slowDrift: fromTrees(sums, ...names) };
}
