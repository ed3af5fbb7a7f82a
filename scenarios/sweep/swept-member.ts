import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import { sample } from '../../src/grid/grid-function.ts';
import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import type { Study } from '../study/study.ts';
import type { StudyFields } from '../study/study-fields.ts';
import type { AtEpsilon, Bounded, MemberFields, SweptMember } from './sweep.ts';

type Row = ConvergenceTable['rows'][number];
type Place = Pick<SweptMember, 'values' | 'folder'>;

/** Degree of interpolation in y that loses no order. */
const DEGREE = 3;

/** What a sweep keeps of a study; of one that diverged no number. */
export function sweptMember(place: Place, study: Study): SweptMember {
  const solved = study.outcome.status === 'converged';
  const rows = rowsOf(study, 'values');
  const centre = centreOf(study, rows[0] ?? {});
  const [series] = tableOf(study, 'epsilon')?.series ?? [];
  const known = <Value>(value: Value, none: Value) => (solved ? value : none);
  const nothing = { value: null, bound: null };
  return {
    ...place,
    verdict: study.verdict.word,
    advice: study.outcome.advice ?? null,
    warnings: study.warnings,
    equations: study.equations,
    settings: study.settings,
    centre,
    epsilon: epsilonsOf(study, rows).map((at) => known(at, { ...at, ...nothing, distance: null, order: null })),
    order: known(
      { overall: series?.overallOrder ?? null, found: series?.found ?? null },
      { overall: null, found: null },
    ),
    limit: known(bounded(rows.find(({ epsilon }) => epsilon === 'limit')), nothing),
    hamiltonian: known(hamiltonianOf(rowsOf(study, 'hamiltonian')), nothing),
    fields: known(fieldsOf(study.fields, centre), null),
  };
}

/** A member that could not be solved at all. */
export function unsolvedMember(place: Place, advice: string): SweptMember {
  return {
    ...place,
    verdict: 'not solved',
    advice,
    ...{ warnings: [], equations: [], settings: [], centre: {}, epsilon: [] },
    order: { overall: null, found: null },
    limit: { value: null, bound: null },
    hamiltonian: { value: null, bound: null },
    fields: null,
  };
}

function tableOf({ tables }: Study, name: string): ConvergenceTable | undefined {
  return tables.find((table) => table.name === name);
}

function rowsOf(study: Study, name: string): readonly Row[] {
  return tableOf(study, name)?.rows ?? [];
}

function finite(cell: Cell | undefined): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
}

function bounded(row: Row | undefined): Bounded {
  return { value: finite(row?.value), bound: finite(row?.bound) };
}

/** The first point of the values is the centre of K. */
function centreOf(study: Study, row: Row): Record<string, number> {
  const columns = tableOf(study, 'values')?.columns ?? [];
  const names = columns.filter(({ key, kind }) => kind === 'parameter' && key !== 'epsilon').map(({ key }) => key);
  return Object.fromEntries(names.map((name) => [name, finite(row[name]) ?? Number.NaN]));
}

function epsilonsOf(study: Study, values: readonly Row[]): AtEpsilon[] {
  return rowsOf(study, 'epsilon').map((row) => ({
    epsilon: Number(row.epsilon),
    ...bounded(values.find(({ epsilon }) => epsilon === row.epsilon)),
    distance: finite(row.sameGrid),
    order: finite(row.sameGridOrder),
  }));
}

/** The first route, and what is the narrowest enclosure by any route at the same point: it holds H̄. */
function hamiltonianOf(rows: readonly Row[]): Bounded {
  const value = finite(rows[0]?.value);
  if (value === null) return { value, bound: null };
  const bounds = rows
    .filter(({ x, p }) => x === rows[0].x && p === rows[0].p)
    .map(({ lower, upper }) => [finite(lower), finite(upper)] as const)
    .flatMap(([lower, upper]) =>
      lower === null || upper === null ? [] : [Math.max(Math.abs(value - lower), Math.abs(upper - value))],
    );
  return { value, bound: bounds.length === 0 ? null : Math.min(...bounds) };
}

function fieldsOf(fields: Study['fields'], centre: SweptMember['centre']): MemberFields {
  if ('kind' in fields) {
    const { axes, values, exact } = fields.effective;
    return {
      limit: { axes, values },
      exact,
      values: fields.values.map(({ epsilon, overX }) => ({ epsilon, ...overX })),
      hamiltonians: fields.hamiltonians.map((slopes) => ({ axes: slopes.axes, values: slopes.values })),
    };
  }
  const { effective, hamiltonian, values } = fields;
  const { x, p } = hamiltonian;
  const axesOfH = [
    { name: 'x', nodes: x },
    { name: 'p', nodes: p },
  ];
  return {
    limit: { axes: [{ name: 'x', nodes: effective.x }], values: effective.values },
    exact: effective.exact,
    values: values.map((field) => ({
      epsilon: field.epsilon,
      axes: [{ name: 'x', nodes: field.x }],
      values: alongCentre(field, centre.y),
    })),
    hamiltonians: p.length === 0 ? [] : [{ axes: axesOfH, values: hamiltonian.values.flat() }],
  };
}

/** Vᵉ(·, y) between the y-nodes of a field. */
function alongCentre({ x, y, values }: StudyFields['values'][number], at: number): number[] {
  const grid = tensorGrid([uniformAxis('y', y[0], y[y.length - 1], y.length)]);
  return x.map((_, i) => sample({ grid, values: Float64Array.from(values, (row) => row[i]) }, [at], [DEGREE]));
}
