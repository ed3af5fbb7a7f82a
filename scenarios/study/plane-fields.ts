/** What the figures of a study with two slow or two fast variables show, from the finest level. */
import { evenAxes, invariantMeasure, stationaryMeasure, supportBox } from '../../solvers/index.ts';
import { type Axis, coordinate, coordinates } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { type GridFunction, sample } from '../../src/grid/grid-function.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import { effectiveCase, valueCase } from './cases.ts';
import type { CellRun } from './cell-tables.ts';
import { type ControlMaps, controlMaps } from './control-maps.ts';
import { type Descents, followDescents } from './descents.ts';
import { frozenMeasures, frozenMotion } from './frozen-motion.ts';
import { type StudySetup, split } from './setup.ts';
import { flattened, slopeAt, steepestSlope } from './slopes.ts';
import type { Solved } from './solved.ts';
import { whereFinite } from './where-finite.ts';

/** A function on the nodes of one or two axes, the first axis fastest. */
export interface NodeValues {
  readonly axes: readonly { readonly name: string; readonly nodes: readonly number[] }[];
  readonly values: readonly number[];
}

/** Plain data for plots and for fields.h5, where n or m is 2. */
export interface PlaneFields {
  readonly kind: 'plane';
  /** Vᵉ(τ=T; ·,ȳ) on the slow nodes and Vᵉ(τ=T; x̄,·) on K widened, ȳ in the centre of K. */
  readonly values: readonly { readonly epsilon: number; readonly overX: NodeValues; readonly overY: NodeValues }[];
  /** x̄ for the values over y is the middle of the right side of K. */
  readonly centre: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly beside: readonly number[];
  /** f and the exact limit along the first slow axis, the second at the node nearest to x̄. */
  readonly line: {
    readonly nodes: readonly number[];
    readonly second: number | null;
    readonly terminal: readonly number[];
    readonly exact: readonly number[] | null;
  };
  /** v(τ=T; ·) of the effective equation with the steps of Vᵉ, f, and the exact limit where it is known. */
  readonly effective: NodeValues & { readonly exact: readonly number[] | null; readonly terminal: readonly number[] };
  /** The optimal velocity φ̄(x, ν_p), p = Dv(τ=T; x), on a lattice of the x-box; n = 2. */
  readonly feedback: readonly { readonly x: readonly number[]; readonly velocity: readonly number[] }[];
  readonly controls: ControlMaps;
  /** p ↦ H̄(x,p) at frozen x; NaN where it is infinite. */
  readonly hamiltonians: readonly ({ readonly x: readonly number[] } & NodeValues)[];
  /** Densities of μ_x at frozen x. */
  readonly measures: readonly ({
    readonly x: readonly number[];
    readonly mean: readonly number[];
    readonly covariance: readonly (readonly number[])[];
  } & NodeValues)[];
  /** −δω_δⁿ and the exit weight E_y e^{−δτ_n} along the first fast axis. */
  readonly cells: readonly {
    readonly x: readonly number[];
    readonly p: readonly number[];
    readonly radius: number;
    readonly delta: number;
    readonly hamiltonian: number;
    readonly line: readonly number[];
    readonly minusDeltaOmega: readonly number[];
    readonly exitWeight: readonly number[];
    /** ω − ω(0) on the inner half of the ball, which tends to the corrector χ. */
    readonly corrector: NodeValues;
  }[];
  /** Where descents end; deep relaxation in the plane. */
  readonly descents: Descents | null;
}

/** Far below every discretisation error. */
const DIGITS = 8;
const LARGEST_SLOPE = 2;
/** Points per axis of H̄, of a density, of −δω on the ball; nodes of μ_x behind H̄ and φ̄. */
const POINTS = { slopes: 41, fast: 41, arrows: 15, density: 81, corrector: 61, line: 201, measure: 61 } as const;

/** Everything the figures need. Rejects as the solvers do. */
export async function planeFields(
  setup: StudySetup,
  solved: Solved,
  { cells, run }: { readonly cells: PlaneFields['cells']; readonly run: Run },
): Promise<PlaneFields> {
  const centre = split(
    setup,
    setup.observe.lower.map((low, a) => (low + setup.observe.upper[a]) / 2),
  );
  const frozen = frozenPoints(setup, centre.x);
  const { nx, ny } = setup.fine;
  const effective = solved.effective(effectiveCase(nx, ny, { steps: 'same' }));
  return {
    kind: 'plane',
    values: setup.epsilon.map((epsilon) => ({
      epsilon,
      ...sectionsOf(setup, solved.value(valueCase(epsilon, nx, ny)), { x: frozen[1], y: centre.y }),
    })),
    centre,
    beside: frozen[1],
    line: lineField(setup, effective, centre.x),
    effective: effectiveField(setup, effective),
    feedback: setup.slow.length === 2 ? feedbackField(setup, effective) : [],
    controls: controlMaps(setup, solved),
    hamiltonians: frozen.map((x) => ({ x, ...hamiltonianField(setup.problem, x) })),
    measures: frozen.map((x) => measureField(setup.problem, x)),
    cells,
    descents: await followDescents(setup, run),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The centre of K and the middle of its right side. */
function frozenPoints({ observeSlow }: StudySetup, centre: readonly number[]): number[][] {
  return [[...centre], [observeSlow.upper[0], ...centre.slice(1)]];
}

function onAxes(axes: readonly Axis[], values: Float64Array | readonly number[]): NodeValues {
  return {
    axes: axes.map((axis) => ({ name: axis.name, nodes: Array.from(coordinates(axis), rounded) })),
    values: Array.from(values, rounded),
  };
}

function sectionsOf(setup: StudySetup, solution: GridFunction, { x, y }: PlaneFields['centre']) {
  const n = setup.slow.length;
  const slow = solution.grid.axes.slice(0, n);
  const shown = solution.grid.axes.slice(n).map(({ name, ...box }, a) => {
    const [low, high] = [setup.observe.lower[n + a], setup.observe.upper[n + a]];
    const reach = (high - low) / 2;
    return spread(name, Math.max(low - reach, box.lower), Math.min(high + reach, box.upper), POINTS.fast);
  });
  const at = (point: readonly number[]) => sample(solution, point, setup.degree);
  return {
    overX: onAxes(
      slow,
      mapNodes(slow, (node) => at([...node, ...y])),
    ),
    overY: onAxes(
      shown,
      mapNodes(shown, (node) => at([...x, ...node])),
    ),
  };
}

function mapNodes(axes: readonly Axis[], value: (node: readonly number[]) => number): number[] {
  const values: number[] = [];
  forEachNode(tensorGrid(axes), (_, node) => values.push(value(Array.from(node))));
  return values;
}

function effectiveField({ problem }: StudySetup, { grid, values }: GridFunction): PlaneFields['effective'] {
  const { exact, horizon, terminalCost } = problem;
  const limit = exact?.limit;
  return {
    ...onAxes(grid.axes, values),
    exact: limit === undefined ? null : mapNodes(grid.axes, (x) => rounded(limit(horizon, x))),
    terminal: mapNodes(grid.axes, (x) => rounded(terminalCost(x))),
  };
}

function lineField({ problem }: StudySetup, { grid }: GridFunction, centre: readonly number[]): PlaneFields['line'] {
  const [first, second] = grid.axes;
  const nodes = Array.from(coordinates(spread('x', first.lower, first.upper, POINTS.line)));
  const nearest =
    second === undefined ? null : coordinate(second, Math.round((centre[1] - second.lower) / second.spacing));
  const points = nodes.map((x) => (nearest === null ? [x] : [x, nearest]));
  const limit = problem.exact?.limit;
  return {
    nodes: nodes.map(rounded),
    second: nearest === null ? null : rounded(nearest),
    terminal: points.map((x) => rounded(problem.terminalCost(x))),
    exact: limit === undefined ? null : points.map((x) => rounded(limit(problem.horizon, x))),
  };
}

/** φ̄ on a lattice of cells of the x-box. */
function feedbackField(setup: StudySetup, v: GridFunction): PlaneFields['feedback'] {
  const steepest = steepestSlope(v);
  const measures = frozenMeasures(setup.problem, setup.slow);
  const cells = setup.slow.map(({ lower, upper }, a) => {
    const half = (upper - lower) / (2 * POINTS.arrows);
    return spread(setup.names[a], lower + half, upper - half, POINTS.arrows);
  });
  const arrows: { readonly x: readonly number[]; readonly velocity: readonly number[] }[] = [];
  forEachNode(tensorGrid(cells), (_, node) => {
    const x = Array.from(node);
    const { velocity } = frozenMotion(setup.problem, x, measures(x));
    arrows.push({ x: x.map(rounded), velocity: velocity(flattened(slopeAt(v, x), steepest)).map(rounded) });
  });
  return arrows;
}

function measureAt(problem: Problem, x: readonly number[]) {
  return stationaryMeasure(problem, x, evenAxes(supportBox(problem, x), POINTS.measure));
}

function spread(name: string, lower: number, upper: number, nodes: number): Axis {
  return { name, lower, upper, nodes, spacing: (upper - lower) / (nodes - 1) };
}

function hamiltonianField(problem: Problem, x: readonly number[]): NodeValues {
  const { hamiltonian } = frozenMotion(problem, x, measureAt(problem, x));
  const axes = x.map((_, i) =>
    spread(x.length === 1 ? 'p' : `p${i + 1}`, -LARGEST_SLOPE, LARGEST_SLOPE, POINTS.slopes),
  );
  return onAxes(
    axes,
    mapNodes(axes, (p) => whereFinite(() => hamiltonian(p))),
  );
}

function measureField(problem: Problem, x: readonly number[]): PlaneFields['measures'][number] {
  const { density, mean, covariance } = invariantMeasure(problem, x);
  const axes = mean.map((middle, a) => {
    const reach = 4.5 * Math.sqrt(covariance[a][a]);
    return spread(mean.length === 1 ? 'y' : `y${a + 1}`, middle - reach, middle + reach, POINTS.density);
  });
  const shown = { mean: mean.map(rounded), covariance: covariance.map((row) => row.map(rounded)) };
  return { x, ...shown, ...onAxes(axes, mapNodes(axes, density)) };
}

/** The curves of a cell problem in the plane. */
export function planeCells({ point, hamiltonian, solutions }: CellRun): PlaneFields['cells'] {
  return solutions.map((solution) => {
    const { radius, delta, grid } = solution;
    const half = grid.axes.map(({ name }) => spread(name, -radius / 2, radius / 2, POINTS.corrector));
    const line = Array.from(coordinates(spread('y', -radius, radius, POINTS.line)));
    const along = (y: number) => [y, ...grid.axes.slice(1).map(() => 0)];
    const atOrigin = solution.minusDeltaOmega(grid.axes.map(() => 0));
    return {
      x: [...point.x],
      p: [...point.p],
      radius,
      delta,
      hamiltonian: rounded(hamiltonian),
      line: line.map(rounded),
      minusDeltaOmega: line.map((y) => rounded(solution.minusDeltaOmega(along(y)))),
      exitWeight: line.map((y) => rounded(solution.exitWeightAt(along(y)))),
      corrector: onAxes(
        half,
        mapNodes(half, (y) => (atOrigin - solution.minusDeltaOmega(y)) / delta),
      ),
    };
  });
}
