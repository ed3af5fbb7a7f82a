import { invariantMeasure } from '../../solvers/index.ts';
import { coordinates } from '../../src/grid/axis.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import { arrayOf, asArray, columnsOf, fromRows, listOf } from '../fields.ts';
import { effectiveCase, valueCase } from './cases.ts';
import type { CellRun } from './cell-tables.ts';
import { type ControlMaps, controlMaps } from './control-maps.ts';
import type { StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';
import { whereFinite } from './where-finite.ts';

/** Vᵉ(τ=T; ·,·): values[j][i] at (x_i, y_j). */
export interface ValueField {
  readonly epsilon: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/** Plain data for plots and for fields.h5; everything at the finest level of the study, n = m = 1. */
export interface StudyFields {
  readonly values: readonly ValueField[];
  /** v(τ=T; ·) of the effective equation, the exact limit where the problem carries one, and f. */
  readonly effective: {
    readonly x: readonly number[];
    readonly values: readonly number[];
    readonly exact: readonly number[] | null;
    readonly terminal: readonly number[];
  };
  /** H̄: values[k][i] at (x_i, p_k); NaN where it is infinite. */
  readonly hamiltonian: {
    readonly x: readonly number[];
    readonly p: readonly number[];
    readonly values: readonly (readonly number[])[];
  };
  readonly controls: ControlMaps;
  /** Densities of μ_x for several frozen x. */
  readonly measures: readonly {
    readonly x: number;
    readonly y: readonly number[];
    readonly density: readonly number[];
    readonly mean: number;
    readonly deviation: number;
  }[];
  /** −δω_δⁿ(y) and the exit weight E_y e^{−δτ_n} on D_n, one entry per (x,p) and radius. */
  readonly cells: readonly {
    readonly x: number;
    readonly p: number;
    readonly radius: number;
    readonly delta: number;
    readonly y: readonly number[];
    readonly minusDeltaOmega: readonly number[];
    readonly exitWeight: readonly number[];
    readonly hamiltonian: number;
  }[];
}

/** Fields keep this many significant digits: far below every discretisation error, and half the bytes. */
const DIGITS = 10;
const MEASURE_POINTS = 5;
const DENSITY_NODES = 241;
const HAMILTONIAN_NODES = { x: 25, p: 41 } as const;
const LARGEST_SLOPE = 2;

/** Everything the figures need, from the finest level of the study. */
export function studyFields(setup: StudySetup, solved: Solved, cells: StudyFields['cells']): StudyFields {
  return {
    values: valueFields(setup, solved),
    effective: effectiveField(setup, solved),
    hamiltonian: hamiltonianField(setup),
    controls: controlMaps(setup, solved),
    measures: measureFields(setup),
    cells,
  };
}

/** The curves of a cell problem on the line. */
export function lineCells({ point, hamiltonian, solutions }: CellRun): StudyFields['cells'] {
  return solutions.map((solution) => ({
    x: point.x[0],
    p: point.p[0],
    radius: solution.radius,
    delta: solution.delta,
    y: thin(coordinates(solution.grid.axes[0])),
    minusDeltaOmega: thin(solution.values.map((value) => -solution.delta * value || 0)),
    exitWeight: thin(solution.exitWeight.values),
    hamiltonian: rounded(hamiltonian),
  }));
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** Every fourth of the cell nodes: 401 points across the diameter draw a smooth curve. */
function thin(values: Float64Array): number[] {
  return listOf(arrayOf(values, [values.length]).step(4)).map(rounded);
}

/** Vᵉ on all x-nodes and on the y-nodes of K widened by half its width on both sides. */
function valueFields(setup: StudySetup, solved: Solved): StudyFields['values'] {
  const { nx, ny } = setup.fine;
  const [low, high] = [setup.observe.lower[1], setup.observe.upper[1]];
  const reach = (high - low) / 2;
  return setup.epsilon.map((epsilon) => {
    const solution = solved.value(valueCase(epsilon, nx, ny));
    const [x, ys] = solution.grid.axes.map((axis) => Array.from(coordinates(axis)));
    const first = ys.findIndex((y) => y >= low - reach);
    const shown = ys.slice(first).filter((y) => y <= high + reach);
    const values = columnsOf(asArray(solution).lo(0, first).hi(nx, shown.length));
    return { epsilon, x: x.map(rounded), y: shown.map(rounded), values: values.map((row) => row.map(rounded)) };
  });
}

/** v with the steps of Vᵉ, so that Vᵉ − v on these nodes is the ε-error alone. */
function effectiveField(setup: StudySetup, solved: Solved): StudyFields['effective'] {
  const { nx, ny } = setup.fine;
  const { grid, values } = solved.effective(effectiveCase(nx, ny, { steps: 'same' }));
  const x = Array.from(coordinates(grid.axes[0]));
  const { problem } = setup;
  const limit = problem.exact?.limit;
  return {
    x: x.map(rounded),
    values: Array.from(values, rounded),
    exact: limit === undefined ? null : x.map((at) => rounded(limit(problem.horizon, [at]))),
    terminal: x.map((at) => rounded(problem.terminalCost([at]))),
  };
}

function spread(lower: number, upper: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => rounded(lower + ((upper - lower) * k) / (count - 1)));
}

function hamiltonianField(setup: StudySetup): StudyFields['hamiltonian'] {
  const x = spread(setup.observeSlow.lower[0], setup.observeSlow.upper[0], HAMILTONIAN_NODES.x);
  const p = spread(-LARGEST_SLOPE, LARGEST_SLOPE, HAMILTONIAN_NODES.p);
  const columns = x.map((at) => {
    const measure = gibbsMeasure(setup.problem, [at], supportAt(setup.problem, [at]));
    return p.map((slope) => rounded(whereFinite(() => measure.meanHamiltonian([slope]))));
  });
  return { x, p, values: columnsOf(fromRows(columns)) };
}

function measureFields(setup: StudySetup): StudyFields['measures'] {
  const { lower, upper } = setup.observeSlow;
  return spread(lower[0], upper[0], MEASURE_POINTS).map((x) => {
    const { density, ...moments } = invariantMeasure(setup.problem, [x]);
    const mean = moments.mean[0];
    const deviation = Math.sqrt(moments.covariance[0][0]);
    const y = spread(mean - 5 * deviation, mean + 5 * deviation, DENSITY_NODES);
    return {
      x,
      y,
      density: y.map((at) => rounded(density([at]))),
      mean: rounded(mean),
      deviation: rounded(deviation),
    };
  });
}
