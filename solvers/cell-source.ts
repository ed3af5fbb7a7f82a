/** The right-hand side h of a cell problem on its nodes. */
import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import type { FrozenNodes } from '../src/generator/frozen-generator.ts';
import { InputError } from '../src/input/input-error.ts';
import { type CellAverages, cellAverages } from '../src/measure/cell-averages.ts';
import { integrandBreaks, slowBreaks } from '../src/model/breaks.ts';
import type { Coordinates, Problem } from '../src/model/problem.ts';

/** Where the cell stands, and what replaces h = H(x̄,·,p̄). */
interface CellSource {
  readonly x: Coordinates;
  readonly p: Coordinates;
  readonly integrand?: (y: Coordinates) => number;
}

/** h on the nodes: its means over cells where it may jump. Throws InputError where it is not finite. */
export function sourceOn(
  problem: Problem,
  { x, p, integrand }: CellSource,
  { grid, among }: Pick<FrozenNodes, 'grid' | 'among'>,
): CellAverages {
  const h = integrand ?? hamiltonianAt(problem, x, p);
  const breaks = integrand === undefined ? slowBreaks(problem, x) : integrandBreaks(problem, integrand);
  const finite = (y: Coordinates) => {
    const value = h(y);
    if (Number.isFinite(value)) return value;
    throw new InputError(
      `the integrand h is ${value} at y = ${Array.from(y).join(', ')}`,
      'the formula has no finite value at this node',
      'change the formula or the radius',
      problem.fast.deepRelaxation === undefined ? 'slowDrift' : 'loss',
    );
  };
  const found = cellAverages(grid, finite, breaks, among);
  if (among === undefined) return found;
  return { ...found, values: Float64Array.from(among, (node) => found.values[node]) };
}
