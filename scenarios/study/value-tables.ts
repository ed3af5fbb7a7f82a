import { discreteEnclosure, type EnclosedRun } from '../../solvers/index.ts';
import { type MethodDiagnostics, terminalValues } from '../../solvers/workbench.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { type Grid, tensorGrid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import type { Problem } from '../../src/model/problem.ts';
import { valleys } from '../../src/time/value-floor.ts';
import { betweenNodes, type Enclosure } from '../../src/verification/enclosure.ts';
import { supremumDifference } from '../../src/verification/norms.ts';
import { richardson } from '../../src/verification/order.ts';
import type { Cell, ConvergenceTable } from '../../src/verification/table.ts';
import { type Case, effectiveCase, gridLabel, type Solved, valueCase } from './cases.ts';
import { SAMPLED } from './control-facts.ts';
import { fastLevels } from './grid-tables.ts';
import { axesOf, type StudySetup, split } from './setup.ts';
import { sharpCaption, sharpCases, sharpCells, sharpColumns, sharpNotes } from './sharp-columns.ts';

const WIDER = ['wide-x', 'wide-y'] as const;

/** Up to three x-levels, coarse to fine; a single level of the scenario is halved to get a second one. */
export function levels(setup: StudySetup): { readonly nx: readonly number[]; readonly ny: number } {
  const { x, fine } = setup;
  if (x.length > 1) return { nx: x.slice(-3), ny: fine.ny };
  return { nx: [Math.ceil((x[0] - 1) / 2) + 1, x[0]], ny: fine.ny };
}

/** The finest grid of the values. */
export function finestOf(setup: StudySetup): { readonly nx: number; readonly ny: number } {
  const { nx, ny } = levels(setup);
  return { nx: nx[nx.length - 1], ny };
}

export function valueTableCases(setup: StudySetup): Case[] {
  const { nx, ny } = levels(setup);
  return [
    ...setup.epsilon.flatMap((epsilon) => nx.map((nodes) => valueCase(epsilon, nodes, ny))),
    ...nx.map((nodes) => effectiveCase(nodes, ny)),
    ...sharpCases(setup, finestOf(setup)),
    ...setup.epsilon.flatMap((epsilon) => lastFastLevels(setup).map((nodes) => fastCase(setup, epsilon, nodes))),
  ];
}

export function domainCases(setup: StudySetup): Case[] {
  const { nx, ny } = setup.coarse;
  return WIDER.flatMap((box) => [
    valueCase(setup.moderate, nx, ny, { box }),
    valueCase(setup.moderate, nx, ny, { stepsOf: box }),
    effectiveCase(nx, ny, { box }),
    effectiveCase(nx, ny, { stepsOf: box }),
  ]);
}

/** Values at points of K with Richardson extrapolation over the finest x-grids and an error bound. */
export function valueTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = levels(setup);
  const sharp = sharpColumns(setup);
  return {
    name: 'values',
    title: 'Values with error bounds',
    caption:
      `Nodes per axis: ${nx.join(', ')} in x, ${ny} in y. Bound: grid convergence index in x (order 1, safety 1.25; ` +
      'Roache 1994), plus the last difference in y, both the largest within an eighth of K, plus the depth of ' +
      'valleys of f between nodes, plus what the minimum over U leaves. Extrapolated: ' +
      `Richardson in x (order ${setup.order.together}).${sharpCaption(setup)}`,
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
    notes: [...controlNotes(setup, solved), ...sharpNotes(setup, solved, finestOf(setup))],
  };
}

/** Why values have no bound, where they have none. */
function controlNotes(setup: StudySetup, solved: Solved): string[] {
  const { nx, ny } = finestOf(setup);
  const { controlsError, doubts } = solved.effective(effectiveCase(nx, ny));
  const sampled = controlsError === Infinity ? [`No bound is known: ${SAMPLED}.`] : [];
  return [...sampled, ...doubts.map((doubt) => `No bound is known: ${doubt}.`)];
}

/** What the minimum over U leaves; ∞ where the nodes in y do not hold and resolve the invariant measure. */
function errorBeyondGrids({ controlsError, doubts }: Pick<MethodDiagnostics, 'controlsError' | 'doubts'>): number {
  return doubts.length > 0 ? Infinity : controlsError;
}

/** Vᵉ for every ε, then v, at the points of K. */
function valueRows(setup: StudySetup, solved: Solved): Record<string, Cell>[] {
  const { nx, ny } = levels(setup);
  const finest = nx[nx.length - 1];
  const points = valuePoints(setup);
  const tau = setup.problem.horizon;
  const { value: exactValue, limit: exactLimit } = setup.problem.exact ?? {};
  const ratio = (finest - 1) / (nx[nx.length - 2] - 1);
  const sampling = samplingError(axesOf(setup, { nx: finest, ny }, 'standard').slow, setup.problem);
  const row = (
    epsilon: number | 'limit',
    point: readonly number[],
    solutions: readonly (GridFunction & Pick<MethodDiagnostics, 'controlsError' | 'doubts'>)[],
    exact: number | null,
  ) => {
    const foundAt = (at: readonly number[]) => solutions.map((solution) => sample(solution, at, setup.degree));
    const found = foundAt(point);
    const { value: extrapolated } = richardson(found, { ratio, order: setup.order.together });
    // Of order 1 whatever the scheme claims: a kink may pass through the point.
    const slowErrorAt = (at: readonly number[]) => richardson(foundAt(at), { ratio, order: 1 }).error;
    const value = found[found.length - 1];
    const controlsError = errorBeyondGrids(solutions[solutions.length - 1]);
    const onGrids =
      largestAround(setup, point, solutions[0].grid, slowErrorAt) + fastError(setup, solved, point, epsilon);
    const known = onGrids + sampling + controlsError;
    const bound = Number.isFinite(known) ? known : null;
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

/** How far f dips between nodes at the bottom of its valleys: all that a plateau at the value of a minimum can miss. */
function samplingError(axes: readonly Axis[], problem: Problem): number {
  const grid = tensorGrid(axes);
  const bottoms = valleys(problem, grid, terminalValues(problem, grid));
  return bottoms.reduce((most, { node, bottom }) => Math.max(most, node - bottom), 0);
}

/** A difference is looked at up to this part of the width of K away: at a point it may pass through 0. */
const AROUND = 1 / 8;

/** The largest of errors ≥ 0 at a point and its neighbours, a part of K away along every axis, inside the grid. */
function largestAround(
  setup: StudySetup,
  point: readonly number[],
  { axes }: Grid,
  errorAt: (at: readonly number[]) => number,
): number {
  const { lower, upper } = setup.observe;
  const neighbours = point.reduce<number[][]>(
    (found, value, a) =>
      found.flatMap((start) => {
        const reach = AROUND * (upper[a] - lower[a]);
        const ends = [Math.max(value - reach, axes[a].lower), Math.min(value + reach, axes[a].upper)];
        return [ends[0], value, ends[1]].map((moved) => [...start, moved]);
      }),
    [[]],
  );
  return neighbours.reduce((most, at) => Math.max(most, errorAt(at)), 0);
}

/**
 * The largest |V on the finest y-grid − V on the next coarser one| around a point, on the coarsest x-grid: bounds the
 * y-error where the spacing is halved; for closer levels by Richardson, order 2.
 */
function fastError(setup: StudySetup, solved: Solved, point: readonly number[], epsilon: number | 'limit'): number {
  const [next, finest] = lastFastLevels(setup);
  const [fine, coarse] = [finest, next].map((ny) =>
    epsilon === 'limit'
      ? solved.effective(effectiveCase(setup.coarse.nx, ny, { steps: 'same' }))
      : solved.value(fastCase(setup, epsilon, ny)),
  );
  const ratio = (finest - 1) / (next - 1);
  const differenceAt = (at: readonly number[]) =>
    Math.abs(sample(fine, at, setup.degree) - sample(coarse, at, setup.degree));
  return largestAround(setup, point, fine.grid, differenceAt) * Math.max(1, 1 / (ratio ** 2 - 1));
}

/** The nodes in y of all values, and those of the level before. */
function lastFastLevels(setup: StudySetup): readonly [number, number] {
  const finest = setup.fine.ny;
  const all = fastLevels(setup);
  return [all[all.indexOf(finest) - 1] ?? all[0], finest];
}

/** The error in y falls with ε: below the ε of the tables that of these tables serves. */
function fastCase({ moderate, coarse }: StudySetup, epsilon: number, ny: number): Case & { readonly kind: 'value' } {
  return valueCase(Math.max(epsilon, moderate), coarse.nx, ny);
}

/** sup over K of the change of Vᵉ and of v when a box grows by 25 %, on the coarsest level. */
export function domainChanges(
  setup: StudySetup,
  solved: Solved,
  box: (typeof WIDER)[number],
): { readonly value: number; readonly effective: number } {
  const { nx, ny } = setup.coarse;
  const value = solved.value(valueCase(setup.moderate, nx, ny, { box }));
  const effective = solved.effective(effectiveCase(nx, ny, { box }));
  const standard = solved.value(valueCase(setup.moderate, nx, ny, { stepsOf: box }));
  const limit = solved.effective(effectiveCase(nx, ny, { stepsOf: box }));
  return {
    value: supremumDifference(standard, value, setup.observe),
    effective: supremumDifference(limit, effective, setup.observeSlow),
  };
}

/** What the truncation of the domain costs: change on K when one side of the box grows by 25 %. */
export function domainTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = setup.coarse;
  const rows = WIDER.map((box) => ({
    box: box === 'wide-x' ? 'x-box +25 %' : 'y-box +25 %',
    ...domainChanges(setup, solved, box),
    steps: solved.value(valueCase(setup.moderate, nx, ny, { box })).steps,
  }));
  return {
    name: 'domain',
    title: 'Truncation of the domain',
    caption:
      `${gridLabel(setup, nx, ny)} nodes, ε = ${setup.moderate}; change on K when the box grows ` +
      'at equal spacing and equal steps.',
    columns: [
      { key: 'box', label: 'box', kind: 'parameter' },
      { key: 'value', label: 'sup|change of Vᵉ|', kind: 'error' },
      { key: 'effective', label: 'sup|change of v|', kind: 'error' },
      { key: 'steps', label: 'steps', kind: 'count' },
    ],
    rows,
    series: [],
    notes: [],
  };
}
