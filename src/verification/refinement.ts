/**
 * A refinement of any declared parameters, alone or several together along a path of levels: solve, measure against a
 * reference, observe orders, judge every row. The driver knows no solver, and returns data.
 */

import type { GridFunction } from '../grid/grid-function.ts';
import { reached, type Watch } from '../input/watch.ts';
import { allNorms, type Box, differenceNorms, errorNorms, type Norm, type Norms } from './norms.ts';
import { type LevelEstimate, levelEstimates, observedOrders, overallOrder, type Verdict, verdicts } from './order.ts';
import { type Column, type ConvergenceTable, convergenceTable, type Refinement } from './table.ts';

/** The parameters of one level by name: { dx: 0.1, dt: 0.02 }, or along a path { n: 4, delta: 4 ** -4.5 }. */
export type Level = Readonly<Record<string, number>>;

/** What the solutions of the levels, coarse to fine, are measured against. */
export type Against =
  | {
      readonly kind: 'exact';
      /** The solution at a node of a level. */
      readonly value: (point: Float64Array, level: Level) => number;
    }
  | { readonly kind: 'fine'; readonly solution: GridFunction }
  /** The next finer level; the last one has none. */
  | { readonly kind: 'next' }
  /** A limit on the same grid per level, of the leading axes alone (v(x) beside Vᵉ(x,y)) or of all. */
  | { readonly kind: 'limits'; readonly solutions: readonly GridFunction[] };

/** How solved levels are compared. */
export interface Comparison {
  /** From coarse to fine. */
  readonly levels: readonly Level[];
  readonly against: Against;
  /** The parameter in which the order is claimed, one of every level. */
  readonly size: string;
  readonly claimedOrder: number;
  /** The compact set K. */
  readonly within: Box;
  /** The first one is the one shown; default all. */
  readonly norms?: readonly Norm[];
  /** Size of rounding in the errors; default: one unit in the last place of the largest value. */
  readonly floor?: number;
}

/** The errors of all levels in one norm, and what follows from them. */
export interface NormSeries {
  readonly norm: Norm;
  /** One per level, coarse to fine; null where there is none. */
  readonly errors: readonly (number | null)[];
  readonly orders: readonly (number | null)[];
  readonly verdicts: readonly (Verdict | null)[];
  /** Least-squares slope over the rows that stand for the order; null without such rows. */
  readonly overallOrder: number | null;
  /** The error of a level as the differences of consecutive levels show it, without any reference. */
  readonly estimates: readonly (LevelEstimate | null)[];
}

/**
 * A refinement, solved and compared: solutions[k] is that of levels[k].
 *
 * @typeParam Solution What the solver gives.
 */
export interface RefinementData<Solution extends GridFunction = GridFunction> {
  readonly levels: readonly Level[];
  readonly solutions: readonly Solution[];
  readonly size: string;
  readonly claimedOrder: number;
  readonly floor: number;
  readonly series: readonly NormSeries[];
}

/**
 * What is refined, and against what errors are measured.
 *
 * @typeParam Solution What the solver gives.
 */
export interface RefinementPlan<Solution extends GridFunction> extends Omit<Comparison, 'against'> {
  /** The solver; it is called for one level after the other. */
  readonly solve: (level: Level) => Promise<Solution>;
  /** Against a limit on the same grid: the solver of the limit, given what was found on that level. */
  readonly against:
    | Exclude<Against, { kind: 'limits' }>
    | {
        readonly kind: 'limit';
        /** v on the slow nodes of that level. */
        readonly solve: (level: Level, solution: Solution) => Promise<GridFunction>;
      };
}

/** Solves the levels one after the other and compares them. Rejects with what a solver or `compareLevels` throws. */
export async function refine<Solution extends GridFunction>(
  plan: RefinementPlan<Solution>,
  watch: Watch = {},
): Promise<RefinementData<Solution>> {
  const solutions: Solution[] = [];
  const limits: GridFunction[] = [];
  for (const [k, level] of plan.levels.entries()) {
    reached(watch, k / plan.levels.length);
    const solution = await plan.solve(level);
    solutions.push(solution);
    if (plan.against.kind === 'limit') limits.push(await plan.against.solve(level, solution));
  }
  reached(watch, 1);
  const against = plan.against.kind === 'limit' ? ({ kind: 'limits', solutions: limits } as const) : plan.against;
  return compareLevels(solutions, { ...plan, against });
}

/**
 * Errors, orders, verdicts and Richardson's estimates of solved levels (Roache 1994). Throws RangeError if a size is
 * missing, K holds no node, or a limit is on another grid.
 */
export function compareLevels<Solution extends GridFunction>(
  solutions: readonly Solution[],
  comparison: Comparison,
): RefinementData<Solution> {
  const { levels, size, claimedOrder, within, norms = allNorms } = comparison;
  const sizes = levels.map((level) => level[size]);
  const without = sizes.findIndex((value) => !(value > 0));
  if (without >= 0) throw new RangeError(`level ${without + 1} has no positive size "${size}"`);
  const floor = comparison.floor ?? roundingFloor(solutions[solutions.length - 1], 1);
  const changes = solutions.map((solution, k) =>
    k === 0 ? null : differenceNorms(solutions[k - 1], solution, within),
  );
  const measured = solutions.map((solution, k) =>
    comparison.against.kind === 'next' ? (changes[k + 1] ?? null) : errorsOf(solution, k, comparison),
  );
  const series = norms.map((norm): NormSeries => {
    const errors = measured.map((found) => finiteOrNull(found?.[norm]));
    const orders = observedOrders(sizes, errors);
    const marks = verdicts(errors, orders, { order: claimedOrder, floor });
    const between = changes.map((found) => finiteOrNull(found?.[norm]));
    const estimates = levelEstimates(sizes, between, claimedOrder);
    return { norm, errors, orders, verdicts: marks, overallOrder: overallOrder(sizes, errors, marks), estimates };
  });
  return { levels, solutions, size, claimedOrder, floor, series };
}

/** Rounding in a difference of two values after `steps` steps: one unit in the last place of the largest per step. */
export function roundingFloor(f: GridFunction, steps: number): number {
  return Number.EPSILON * steps * f.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function errorsOf(solution: GridFunction, k: number, { levels, against, within }: Comparison): Norms | null {
  switch (against.kind) {
    case 'exact':
      return errorNorms(solution, within, (point) => against.value(point, levels[k]));
    case 'fine':
      return differenceNorms(solution, against.solution, within);
    case 'limits':
      return errorNorms(minusLimit(solution, against.solutions[k]), within, () => 0);
    case 'next':
      return null;
  }
}

/** V(x,y) − v(x) node by node: slow axes come first in memory. */
function minusLimit({ grid, values }: GridFunction, limit: GridFunction): GridFunction {
  const size = limit.grid.size;
  if (limit.grid.shape.some((nodes, a) => nodes !== grid.shape[a])) {
    throw new RangeError(`a limit on ${limit.grid.shape} nodes is not on the grid of ${grid.shape} nodes`);
  }
  return { grid, values: values.map((value, k) => value - limit.values[k % size]) };
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

type TableSeries = Refinement['series'][number];

/** The errors of a refinement as a series of a table: the first norm in its columns, the others in its data files. */
export function tableSeries(data: RefinementData, name: { readonly key: string; readonly label: string }): TableSeries {
  const [shown, ...others] = data.series;
  return {
    ...name,
    size: data.size,
    errors: shown.errors,
    otherNorms: Object.fromEntries(others.map(({ norm, errors }) => [norm, errors])),
    claimedOrder: data.claimedOrder,
    floor: data.floor,
  };
}

/** A refinement as a table: parameters, the errors in every norm with orders and verdicts, Richardson's estimates. */
export function refinementTable(
  data: RefinementData,
  about: {
    readonly name: string;
    readonly title: string;
    readonly caption: string;
    /** What the error is, "|Vᵉ − v|"; the norm is added. */
    readonly error: string;
    /** Headings of the parameters; default: their names. */
    readonly labels?: Readonly<Record<string, string>>;
  },
): ConvergenceTable {
  const { levels, size, claimedOrder, floor, series } = data;
  const { name, title, caption, error, labels = {} } = about;
  const parameters = Object.keys(levels[0]).map(
    (key): Column => ({ key, label: labels[key] ?? key, kind: 'parameter' }),
  );
  const rows = levels.map((level, k) => ({
    ...level,
    estimate: series[0].estimates[k]?.estimate ?? null,
    bound: series[0].estimates[k]?.bound ?? null,
  }));
  return convergenceTable({
    name,
    title,
    caption,
    columns: parameters,
    rows,
    series: series.map(({ norm, errors }) => ({
      key: norm,
      label: `${norm} of ${error}`,
      size,
      errors,
      claimedOrder,
      floor,
    })),
    trailing: [
      { key: 'estimate', label: 'Richardson estimate', kind: 'error' },
      { key: 'bound', label: 'bound (GCI)', kind: 'error' },
    ],
  });
}
