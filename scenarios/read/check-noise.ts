import { ellipticityOf } from '../../src/assumptions/ellipticity.ts';
import { fastField } from '../../src/assumptions/fields.ts';
import { dependsOn } from '../../src/formula/tree.ts';
import type { Interval, Problem } from '../../src/model/problem.ts';
import { namesOf } from '../../src/model/trees.ts';
import type { Scenario } from '../scenario.ts';
import type { Reader } from './reader.ts';

/** Where values are looked at when nothing is said of y. */
const guess: Interval = { lower: -3, upper: 3 };

/**
 * Refuse a fast noise that vanishes in the y-box, or of which that is not excluded: decided by intervals of r² on the
 * box. Where the box is left to the measure a zero in the set that is observed is refused here, others by the solvers
 * on the box that they find. Ends at which r vanishes stay outside of it.
 */
export function checkFastNoise(reader: Reader, problem: Problem, boxes: Pick<Scenario, 'domain' | 'observe'>): void {
  const { domain, observe } = boxes;
  const { fast } = problem;
  if (fast.kind !== 'drift' || fast.noise === undefined) return;
  const [x, y] = namesOf(problem);
  const box = { slow: domain.x, fast: domain.y ?? observe.y ?? y.map(() => guess) };
  for (const [k, noise] of fast.noise.entries()) {
    const field = fastField(problem, box, [noise]);
    if (field === null) continue;
    const { least, zeroAt } = ellipticityOf(field, 1);
    if (least.lower > 0 || (domain.y === null && zeroAt === null)) continue;
    const path = ['model', 'fast', 'noise', y[k]];
    const names = [...x, ...y];
    const [tree] = field.formulas.trees;
    const place = names.flatMap((name, i) => (dependsOn(tree, name) ? `${name} = ${shown(zeroAt?.[i] ?? 0)}` : []));
    const where = `in y ∈ ${box.fast.map(shownSide).join(' × ')}`;
    const fact =
      zeroAt === null
        ? `r of ${y[k]} may come as near to 0 as ½r² ≤ ${least.upper.toPrecision(3)}, ${where}`
        : `r of ${y[k]} is 0 ${place.length === 0 ? 'everywhere' : `at ${place.join(', ')}`}, ${where}`;
    reader.refuse(
      path,
      fact,
      'the fast process must not be degenerate inside its box: it would not mix across that place, and rates there ' +
        'have no monotone scheme',
      `let the box end before it, as in domain: {${y[k]}: [1e-4, 1]}, where Y is reflected, or add a constant to r²`,
    );
  }
}

function shownSide({ lower, upper }: Interval): string {
  return `[${shown(lower)}, ${shown(upper)}]`;
}

function shown(value: number): number {
  return Number(value.toPrecision(6)) + 0;
}
