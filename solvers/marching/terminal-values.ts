import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import { InputError } from '../../src/input/input-error.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';

/** f on the slow nodes. Throws InputError at the first node where it is not finite. */
export function terminalValues(problem: Problem, slow: Grid): Float64Array {
  const values = new Float64Array(slow.size);
  forEachNode(slow, (s, x) => {
    values[s] = slowTerminal(problem)(x);
    if (!Number.isFinite(values[s])) {
      throw new InputError(
        `the terminal cost f is ${values[s]} at x = ${[...x].join(', ')}`,
        'the formula has no finite value at this node',
        'change the formula or choose a domain on which it is finite',
        problem.fast.deepRelaxation === undefined ? 'terminalCost' : 'loss',
      );
    }
  });
  return values;
}

/** The slow nodes as a list of points. */
export function slowPoints(slow: Grid): Float64Array[] {
  const points: Float64Array[] = [];
  forEachNode(slow, (_, x) => points.push(Float64Array.from(x)));
  return points;
}
