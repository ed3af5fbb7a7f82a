import { discreteEnclosure, type EnclosedRun } from '../../solvers/index.ts';
import { type MethodDiagnostics, valueRange } from '../../solvers/workbench.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import { betweenNodes, type Enclosure } from '../../src/verification/enclosure.ts';
import { richardsonWithin } from '../../src/verification/order.ts';
import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import { SAMPLED } from './control-facts.ts';
import { finestOf, levels } from './levels.ts';
import { axesOf, type StudySetup, split } from './setup.ts';
import { sharpCaption, sharpCases, sharpCells, sharpColumns, sharpNotes } from './sharp-columns.ts';
import type { Solved } from './solved.ts';
import { boundCases, boxNotes, errorBound } from './value-bounds.ts';

export function valueTableCases(setup: StudySetup): Case[] {
  const { nx, ny } = levels(setup);
  return [
    ...setup.epsilon.flatMap((epsilon) => nx.map((nodes) => valueCase(epsilon, nodes, ny))),
    ...nx.map((nodes) => effectiveCase(nodes, ny)),
    ...sharpCases(setup, finestOf(setup)),
    ...boundCases(setup),
  ];
}

/** Values at points of K with Richardson extrapolation over the finest x-grids and an error bound. */
export function valueTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = levels(setup);
  const sharp = sharpColumns(setup);
  return {
    name: 'values',
    title: 'Values with error bounds',
    caption:
      `Nodes per axis: ${nx.join(', ')} in x, ${ny} in y. Bound: grid convergence index in x (order 1, safety 1.25 ` +
      'with three levels, 3 with two; Roache 1994), plus that in y (order 2); where the levels show no order, ' +
      'the largest difference within an eighth of K, but twice that of the point at most where it keeps its sign; ' +
      'plus what steps that do not follow dx hide, plus what wider boxes change (all further quarters, by the ratio ' +
      'of two), plus the depth of valleys of f between nodes, plus what the minimum over U ' +
      'leaves. Extrapolated: ' +
      `Richardson in x (order ${setup.order.together}), kept within the range of f.${sharpCaption(setup)}`,
    columns: [
      { key: 'epsilon', label: 'ε', kind: 'parameter' },
      ...setup.names.map((name) => ({ key: name, label: name, kind: 'parameter' as const })),
      { key: 'value', label: 'value', kind: 'value' },
      { key: 'bound', label: 'error bound', kind: 'error' },
      ...sharp.value,
      { key: 'extrapolated', label: 'extrapolated', kind: 'value' },
      { key: 'exact', label: 'exact', kind: 'value' },
      { key: 'error', label: 'error', kind: 'error' },
      ...sharp.error,
    ],
    details: [
      { key: 'discreteLower', label: 'exact discrete value ≥', kind: 'value' },
      { key: 'discreteUpper', label: 'exact discrete value ≤', kind: 'value' },
    ],
    rows: valueRows(setup, solved),
    series: [],
    notes: [...boundNotes(setup, solved), ...sharpNotes(setup, solved, finestOf(setup))],
  };
}

/** Why values have no bound, where they have none. */
function boundNotes(setup: StudySetup, solved: Solved): string[] {
  const { nx, ny } = finestOf(setup);
  const { controlsError, doubts } = solved.effective(effectiveCase(nx, ny));
  const sampled = controlsError === Infinity ? [`No bound is known: ${SAMPLED}.`] : [];
  const all = [...setup.epsilon, 'limit' as const];
  const found = all.flatMap((epsilon) =>
    valuePoints(setup).map((point) =>
      errorBound(setup, solved, { epsilon, point: epsilon === 'limit' ? split(setup, point).x : point }),
    ),
  );
  return [...sampled, ...doubts.map((doubt) => `No bound is known: ${doubt}.`), ...boxNotes(setup, found)];
}

/** Vᵉ for every ε, then v, at the points of K. */
function valueRows(setup: StudySetup, solved: Solved): Record<string, Cell>[] {
  const { nx, ny } = levels(setup);
  const finest = nx[nx.length - 1];
  const points = valuePoints(setup);
  const tau = setup.problem.horizon;
  const { value: exactValue, limit: exactLimit } = setup.problem.exact ?? {};
  const ratio = (finest - 1) / (nx[nx.length - 2] - 1);
  const range = valueRange(setup.problem);
  const row = (
    epsilon: number | 'limit',
    point: readonly number[],
    solutions: readonly (GridFunction & Pick<MethodDiagnostics, 'controlsError' | 'doubts' | 'steps'>)[],
    exact: number | null,
  ) => {
    const found = solutions.map((solution) => sample(solution, point, setup.degree));
    const { value: extrapolated } = richardsonWithin(found, { ratio, order: setup.order.together }, range);
    const value = found[found.length - 1];
    const known = errorBound(setup, solved, { epsilon, point });
    const bound = known.kind === 'known' ? known.bound : null;
    const difference = exact === null ? null : Math.abs(value - exact);
    return { epsilon, ...coordinatesAt(setup, point), value, bound, extrapolated, exact, error: difference };
  };
  const rows = setup.epsilon.flatMap((epsilon) => {
    const solutions = nx.map((nodes) => solved.value(valueCase(epsilon, nodes, ny)));
    const last = solutions[nx.length - 1];
    const enclosure = enclosureOf(setup, last, ny);
    return points.map((point) => {
      const exact = exactValue?.({ tau, epsilon, ...split(setup, point) }) ?? null;
      const sharp = sharpCells(setup, solved, valueCase(epsilon, finest, ny, { scheme: 'sharp' }), { point, exact });
      const value = sample(last, point, setup.degree);
      return { ...row(epsilon, point, solutions, exact), ...sharp, ...bounds(value, enclosure) };
    });
  });
  const limits = nx.map((nodes) => solved.effective(effectiveCase(nodes, ny)));
  const last = limits[nx.length - 1];
  const enclosure = enclosureOf(setup, last, ny);
  const limitRows = points.map((point) => {
    const { x } = split(setup, point);
    const exact = exactLimit?.(tau, x) ?? null;
    const sharp = sharpCells(setup, solved, effectiveCase(finest, ny, { scheme: 'sharp' }), { point: x, exact });
    return { ...row('limit', x, limits, exact), ...sharp, ...bounds(sample(last, x, setup.degree), enclosure) };
  });
  return [...rows, ...limitRows];
}

/** Of the discrete value at interpolated points; null where the scheme is not monotone at every node. */
function enclosureOf(
  setup: StudySetup,
  solution: EnclosedRun['solution'] & GridFunction,
  ny: number,
): Enclosure | null {
  const slow = solution.grid.axes.slice(0, setup.slow.length);
  const { fast } = axesOf(setup, { nx: slow[0].nodes, ny }, 'standard');
  const enclosure = discreteEnclosure(setup.problem, { slow, fast, solution });
  return enclosure === null ? null : betweenNodes(enclosure, setup.degree.slice(0, solution.grid.axes.length));
}

function bounds(value: number, enclosure: Enclosure | null) {
  return {
    discreteLower: enclosure && value + enclosure.below,
    discreteUpper: enclosure && value + enclosure.above,
  };
}

/** Coordinates by the names of their axes; null along axes the point does not have. */
function coordinatesAt({ names }: StudySetup, point: readonly number[]): Record<string, Cell> {
  return Object.fromEntries(names.map((name, a) => [name, point[a] ?? null]));
}

/** Points (x,y): from the centre of K to the middle of its right side, in the plane on to half of its upper side. */
export function valuePoints({ observe: { lower, upper }, slow }: StudySetup): number[][] {
  const parts =
    slow.length === 1
      ? [[0.5], [0.75], [1]]
      : [
          [0.5, 0.5],
          [0.75, 0.5],
          [1, 0.75],
        ];
  return parts.map((part) =>
    lower.map((low, a) => Number((low + (part[a] ?? 0.5) * (upper[a] - low)).toPrecision(12))),
  );
}
