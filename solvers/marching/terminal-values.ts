import { averaged } from '../../src/control/slow-hamiltonian.ts';
import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import { InputError } from '../../src/input/input-error.ts';
import { slowTerminal, terminalSeesY } from '../../src/model/general-terms.ts';
import type { Problem } from '../../src/model/problem.ts';

/** f on the slow nodes. Throws InputError at the first node where it is not finite. */
export function terminalValues(problem: Problem, slow: Grid): Float64Array {
  const f = slowTerminal(problem);
  const values = new Float64Array(slow.size);
  forEachNode(slow, (s, x) => {
    values[s] = f(x);
    if (!Number.isFinite(values[s])) throw notFinite(values[s], `x = ${[...x].join(', ')}`, problem);
  });
  return values;
}

/** g on slow × fast nodes. Throws InputError at the first node where it is not finite. */
export function terminalOnNodes(problem: Problem, slow: Grid, fast: Grid): Float64Array {
  const values = new Float64Array(slow.size * fast.size);
  forEachNode(fast, (j, y) => {
    forEachNode(slow, (s, x) => {
      const value = problem.terminalCost(x, y);
      if (!Number.isFinite(value))
        throw notFinite(value, `x = ${[...x].join(', ')}, y = ${[...y].join(', ')}`, problem);
      values[j * slow.size + s] = value;
    });
  });
  return values;
}

/** What a march starts from. */
export interface Terminal {
  /** f on the slow nodes, or ḡ(x) = Σ_j π_j g(x,y_j). */
  readonly slow: Float64Array;
  /** g on slow × fast nodes where it depends on y. */
  readonly whole: Float64Array | null;
}

/** The terminal values of a problem on its nodes, with the stationary measure where g depends on y. */
export function terminalOf(problem: Problem, slow: Grid, fast: Grid, stationary: () => Float64Array): Terminal {
  if (!terminalSeesY(problem)) return { slow: terminalValues(problem, slow), whole: null };
  const whole = terminalOnNodes(problem, slow, fast);
  return { slow: averaged(whole, stationary(), slow.size), whole };
}

function notFinite(value: number, place: string, { fast }: Problem): InputError {
  return new InputError(
    `the terminal cost is ${value} at ${place}`,
    'the formula has no finite value at this node',
    'change the formula or choose a domain on which it is finite',
    fast.deepRelaxation === undefined ? 'terminalCost' : 'loss',
  );
}

/** The slow nodes as a list of points. */
export function slowPoints(slow: Grid): Float64Array[] {
  const points: Float64Array[] = [];
  forEachNode(slow, (_, x) => points.push(Float64Array.from(x)));
  return points;
}
