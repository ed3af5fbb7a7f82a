import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import { type Field, type Fields, nodesOf, type Selected, select } from '../study/field.ts';
import type { Study } from '../study/study.ts';
import type { AtEpsilon, Bounded, SweptMember } from './sweep.ts';

type Row = ConvergenceTable['rows'][number];
type Place = Pick<SweptMember, 'values' | 'folder'>;

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
    fields: known(keptOf(study.fields), null),
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

/** Names of the fields that are put side by side. */
const KEPT = ['v', 'v_exact', 'V_over_x', 'H', 'x1_table', 'x2_table'];

/** At τ = T alone: a sweep may have thousands of members. */
function keptOf(fields: Fields): Fields {
  const tau = nodesOf(fields, 'tau').length - 1;
  const variables = fields.variables
    .filter(({ name }) => KEPT.includes(name))
    .map((field): Field => {
      const { axes, values } = select(fields, field.name, { tau }) as Selected;
      return {
        ...field,
        axes: axes.map(({ name }) => name),
        values: values.map((value) => (Number.isNaN(value) ? null : value)),
      };
    });
  return { axes: fields.axes.filter(({ name }) => variables.some(({ axes }) => axes.includes(name))), variables };
}
