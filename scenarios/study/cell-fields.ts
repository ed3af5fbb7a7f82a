/** The solutions of the δ-cell problems as fields: over their balls in units of the radius. */
import { axisNames } from '../../src/model/trees.ts';
import type { CellRun } from './cell-tables.ts';
import { type Fields, fieldAxis, fieldsTo, mapNodes, spread } from './field.ts';

const DIGITS = 8;
const field = fieldsTo(DIGITS);
/** Points on a diameter, and per axis of the inner half of the ball by m. */
const POINTS = { line: 401, inner: [201, 61] } as const;

/**
 * −δω and the exit weight E_y e^{−δτ_n} on the diameter along the first fast axis, and ω − ω(0) on the inner half of
 * the ball, which tends to the corrector χ: one cell per (x,p) and radius.
 */
export function cellFields(runs: readonly CellRun[]): Fields {
  const cells = runs.flatMap(({ solutions, ...run }) => solutions.map((solution) => ({ ...run, solution })));
  const [first] = cells;
  if (first === undefined) return { axes: [], variables: [] };
  const [n, m] = [first.point.x.length, first.solution.grid.axes.length];
  const position = spread('position', -1, 1, POINTS.line);
  const inner = axisNames('y', m).map((name) => spread(`${name}_inner`, -0.5, 0.5, POINTS.inner[m === 1 ? 0 : 1]));
  const origin = inner.map(() => 0);
  type Cell = (typeof cells)[number];
  const number = (name: string, description: string, of: (cell: Cell) => number) =>
    field(`cell_${name}`, description, ['cell'], cells.map(of));
  const along = (name: string, description: string, of: (cell: Cell['solution'], y: number[]) => number) =>
    field(
      `cell_${name}`,
      description,
      ['cell', position.name],
      cells.flatMap(({ solution }) =>
        mapNodes([position], ([part]) => of(solution, [part * solution.radius, ...origin.slice(1)])),
      ),
    );
  return {
    axes: [
      { name: 'cell', nodes: cells.map((_, k) => k), description: 'number of the cell problem' },
      fieldAxis(position, 'first fast variable in units of the radius, the others 0'),
      ...inner.map((axis) => fieldAxis(axis, 'fast variable in units of the radius')),
    ],
    variables: [
      ...axisNames('x', n).map((name, i) => number(name, 'frozen slow variable', ({ point }) => point.x[i])),
      ...axisNames('p', n).map((name, i) => number(name, 'gradient', ({ point }) => point.p[i])),
      number('radius', 'radius of the ball', ({ solution }) => solution.radius),
      number('delta', 'discount', ({ solution }) => solution.delta),
      number('H', 'effective Hamiltonian', ({ hamiltonian }) => hamiltonian),
      along('minus_delta_omega', 'minus delta times the solution on the ball', (solution, y) =>
        solution.minusDeltaOmega(y),
      ),
      along('exit_weight', 'expected discount at the exit from the ball', (solution, y) => solution.exitWeightAt(y)),
      field(
        'corrector',
        'the solution minus its value at 0, which tends to the corrector',
        ['cell', ...inner.map(({ name }) => name).toReversed()],
        cells.flatMap(({ solution }) => {
          const atOrigin = solution.minusDeltaOmega(origin);
          const at = (part: number[]) => solution.minusDeltaOmega(part.map((each) => each * solution.radius));
          return mapNodes(inner, (part) => (atOrigin - at(part)) / solution.delta);
        }),
      ),
    ],
  };
}
