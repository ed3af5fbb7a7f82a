import { eachRow } from '../control/rare-values.ts';
import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import { forEachNode, type Grid } from '../grid/grid.ts';
import { slowTerminal, termsOf } from '../model/general-terms.ts';
import type { Problem } from '../model/problem.ts';
import type { Discretisation } from './field-slots.ts';

/** Round-off of a solve, relative to max|f|. */
const ROUND_OFF = 1e-12;

/** Halvings of the steps of a descent: to 1e-9 cells, hence to 1e-18 D²f dx² in f. */
const HALVINGS = 30;

/**
 * min f − T max ℓ⁻, less round-off: no exact value is smaller, nor any of a monotone scheme. −∞ where nothing is known:
 * with a source, or where f decreases up to an end of the x-box.
 */
export function valueFloor(problem: Problem, { grid, slow, source }: Discretisation, terminal: Float64Array): number {
  // With noise X leaves every box, and −λ < 0 brings negative values up.
  if (source !== null || termsOf(problem).length > 0) return -Infinity;
  // What a minimum leaves open may make a cost smaller.
  const cheapest = problem.runningCost === undefined ? 0 : leastCost(slow) - slow.controlsError;
  const largest = terminal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = valleys(slowTerminal(problem), grid, terminal).reduce(
    (low, { bottom }) => Math.min(low, bottom),
    Infinity,
  );
  if (least > terminal.reduce(smaller, Infinity)) return -Infinity;
  return least + problem.horizon * cheapest - ROUND_OFF * largest;
}

/** min ℓ⁻ over all nodes and controls. */
function leastCost({ used, slowNodes, fastNodes }: SlowHamiltonian): number {
  let least = 0;
  eachRow(used.leastCosts, { lanes: slowNodes, size: slowNodes * fastNodes }, (costs) => {
    for (let s = 0; s < costs.length; s++) if (costs[s] < least) least = costs[s];
  });
  return least;
}

/** A terminal cost of x: f, or ḡ. */
type SlowCost = (x: readonly number[]) => number;

/** The inner nodes that are the least ones nearby, by their f, with the least f on the way down from them. */
export function valleys(
  terminalCost: SlowCost,
  grid: Grid,
  terminal: Float64Array,
): { readonly node: number; readonly bottom: number }[] {
  const found: { node: number; bottom: number }[] = [];
  forEachNode(grid, (s, x) => {
    if (isLeastNearby(grid, terminal, s))
      found.push({ node: terminal[s], bottom: descend(terminalCost, grid, [...x]) });
  });
  return found;
}

/** How far the values fall below the floor; null where there is none. */
export function undershootOf(values: ArrayLike<number>, floor: number): number | null {
  if (floor === -Infinity) return null;
  let most = 0;
  for (let k = 0; k < values.length; k++) most = Math.max(most, floor - values[k]);
  return most;
}

/** Whether an inner node has no smaller neighbour along the axes. */
function isLeastNearby({ shape, strides }: Grid, values: Float64Array, s: number): boolean {
  return shape.every((nodes, axis) => {
    const [stride, position] = [strides[axis], Math.floor(s / strides[axis]) % nodes];
    if (position === 0 || position === nodes - 1) return false;
    return values[s] <= values[s - stride] && values[s] <= values[s + stride];
  });
}

/** The least f on the way down from x, at most a cell at a time and along the axes (Hooke, Jeeves 1961). */
function descend(terminalCost: SlowCost, { axes }: Grid, x: number[]): number {
  let least = terminalCost(x);
  for (let halvings = 0; halvings < HALVINGS; ) {
    const before = least;
    for (const [axis, { spacing }] of axes.entries()) {
      for (const step of [1, -1]) {
        const [here, there] = [x[axis], x[axis] + (step * spacing) / 2 ** (halvings + 1)];
        x[axis] = there;
        const value = terminalCost(x);
        if (value < least) least = value;
        else x[axis] = here;
      }
    }
    if (!(least < before)) halvings++;
  }
  return least;
}

function smaller(a: number, b: number): number {
  return Math.min(a, b);
}
