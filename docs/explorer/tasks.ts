/** The solvers behind the panels: each task takes a scenario that was read and what the page asks, and returns data. */
import {
  type Axis,
  coordinates,
  effectiveHamiltonian,
  effectiveHamiltonianTable,
  effectiveSystem,
  feedback,
  gpuKernel,
  type Interval,
  invariantMeasure,
  type Kernel,
  type PreparedProblem,
  type Problem,
  prepare,
  sample,
  simulateSystem,
  simulateTwoScale,
  solveDeltaCell,
  solveEffectiveHjb,
  threadedKernel,
  wells,
} from 'hjb-homogenization';
import { fastAxes, fastDomain, observedBox, readScenario, type Scenario, slowAxes } from 'hjb-homogenization/scenario';
import {
  type Asked,
  type Device,
  type Found,
  type Nodes,
  SMALLEST_SIMULATED,
  type Source,
  type TaskName,
} from './protocol.ts';

/** A scenario on the line with what is kept of it between two tasks. */
export interface Subject {
  readonly scenario: Scenario;
  readonly fast: readonly Interval[];
  prepared(nodes: Nodes): PreparedProblem;
}

type Task<Name extends TaskName> = (subject: Subject, asked: Asked<Name>) => Found<Name> | Promise<Found<Name>>;

const clock = () => performance.now() / 1000;
/** Nodes of the tables and curves that are drawn. */
const TABLE = { x: 41, p: 21 };
const CURVE = 401;
const MAP = { x: 81, y: 61 };
const CELL_NODES = 801;
/** Paths that are drawn, at so many times; values kept for a feedback. */
const PATHS = { count: 24, records: 100, snapshots: 20, seed: 1 };

/** Reads a scenario. Throws ScenarioError, and Error for one in the plane, whose solves take longer than a page waits. */
export function subjectOf({ name, text }: Source): Subject {
  const scenario = readScenario(text, { name });
  const { slowDrift, fast } = scenario.problem;
  if (slowDrift.length > 1 || fast.drift.length > 1) {
    throw new Error('this page shows one slow and one fast variable – study the plane with: hjb study');
  }
  const box = fastDomain(scenario);
  let last: { readonly nodes: Nodes; readonly prepared: PreparedProblem } | null = null;
  return {
    scenario,
    fast: box,
    prepared(nodes) {
      if (last?.nodes.x !== nodes.x || last.nodes.y !== nodes.y) {
        last = { nodes, prepared: prepare(scenario.problem, axesOf(scenario, box, nodes)) };
      }
      return last.prepared;
    },
  };
}

function axesOf(scenario: Scenario, box: readonly Interval[], nodes: Nodes): { slow: Axis[]; fast: Axis[] } {
  return { slow: slowAxes(scenario, [nodes.x]), fast: fastAxes(box, [nodes.y]) };
}

const kernels = new Map<string, Promise<Kernel>>();

/** A kernel is made once, and serves every solve of this worker. */
function kernelOf(device: Device, threads: number): Promise<Kernel> {
  const key = `${device} ${threads}`;
  const made =
    kernels.get(key) ?? (device === 'processor' ? threadedKernel({ threads }) : gpuKernel({ mode: 'webgpu' }));
  kernels.set(key, made);
  return made;
}

export const tasks: { readonly [Name in TaskName]: Task<Name> } = {
  open({ scenario, fast }) {
    const { domain, study, problem } = scenario;
    const observed = observedBox(scenario);
    const [kx, ky] = [observed.x[0], observed.y[0]];
    const [{ x, p }] = study.cell.at;
    return {
      title: scenario.title,
      formulas: problem.formulas ?? [],
      x: domain.x[0],
      y: fast[0],
      observe: { x: kx, y: ky },
      start: { x: x[0], y: rounded((ky.lower + ky.upper) / 2), p: p[0] },
      horizon: problem.horizon,
    };
  },

  async value(subject, { epsilon, nodes, at, device, threads }) {
    const kernel = await kernelOf(device, threads);
    const solution = await subject.prepared(nodes).solve({ epsilon }, { kernel, clock });
    const { outcome, steps, seconds, backend, warnings, values } = solution;
    return {
      ...{ epsilon, nodes, values, steps, seconds, backend, warnings },
      threads: solution.threads,
      // Along x of degree 1, as upwind claims, and cubic along y: what `hjb solve` prints.
      at: sample(solution, at, [1, 3]),
      trouble: outcome.status === 'converged' ? null : 'advice' in outcome ? outcome.advice : outcome.status,
    };
  },

  async limit({ scenario, fast }, { nodes, steps: taken }) {
    const axes = axesOf(scenario, fast, nodes);
    const options = { ...axes, stepBound: 'pointwise', steps: taken ?? undefined } as const;
    const { values, steps } = await solveEffectiveHjb(scenario.problem, options, { clock });
    const { spacing } = axes.slow[0];
    let steepest = 0;
    for (let i = 1; i < values.length; i++)
      steepest = Math.max(steepest, Math.abs(values[i] - values[i - 1]) / spacing);
    return { nodes, values, steps, steepest };
  },

  async hamiltonian({ scenario }, { slope }) {
    const { problem, domain } = scenario;
    const [x, p] = [
      { ...domain.x[0], nodes: TABLE.x },
      { lower: -slope, upper: slope, nodes: TABLE.p },
    ];
    const method = problem.fast.kind === 'potential' ? 'gibbs' : 'stationary';
    const asked = { x: spread(x).map((each) => [each]), p: spread(p).map((each) => [each]), method } as const;
    const { values, warnings } = await effectiveHamiltonianTable(problem, asked, { clock });
    return { x, p, values, method, warnings };
  },

  measure({ scenario }, { x }) {
    const { problem } = scenario;
    const found = invariantMeasure(problem, [x]);
    const y = Float64Array.from(spread({ ...found.box[0], nodes: CURVE }));
    return {
      x,
      y,
      density: y.map((each) => found.density([each])),
      mean: found.mean[0],
      deviation: Math.sqrt(found.covariance[0][0]),
      wells: wells(problem, [x], found.box).map(({ at }) => at[0]),
      warnings: found.warnings,
    };
  },

  cell({ scenario: { problem } }, { x, p, radius, delta }) {
    const found = solveDeltaCell(problem, { x: [x], p: [p], radius, delta, nodes: CELL_NODES });
    const method = problem.fast.kind === 'potential' ? 'gibbs' : 'stationary';
    const centre = found.values[(CELL_NODES - 1) / 2];
    return {
      ...{ radius, delta },
      y: coordinates(found.grid.axes[0]),
      corrector: found.values.map((value) => value - centre),
      minusDeltaOmega: found.minusDeltaOmega([0]),
      exitWeight: found.exitWeightAt([0]),
      hamiltonian: effectiveHamiltonian(problem, { x: [x], p: [p], method }).value,
      trap: found.trap,
      warnings: found.doubts,
    };
  },

  async feedback(subject, { epsilon, nodes: on }) {
    const { problem, domain } = subject.scenario;
    if (hasNoChoice(problem)) return null;
    const [name] = problem.controls.names;
    const value = await subject.prepared(on).solve({ epsilon }, { clock });
    const law = feedback(problem, value);
    const nodes = MAP;
    const [x, y] = [spread({ ...domain.x[0], nodes: nodes.x }), spread({ ...subject.fast[0], nodes: nodes.y })];
    const values = Float64Array.from(y.flatMap((at) => x.map((each) => law(0, [each], [at])[0])));
    return { name, epsilon, nodes, values };
  },

  async paths(subject, { epsilon, nodes, x, y }) {
    const { scenario, fast } = subject;
    const { problem, domain } = scenario;
    const axes = axesOf(scenario, fast, nodes);
    const { snapshots, records, count: paths, seed } = PATHS;
    const limit = await solveEffectiveHjb(problem, { ...axes, snapshots }, { clock });
    const system = effectiveSystem(problem, { kind: 'argmin', value: limit }, axes);
    const steps = 4 * records;
    const mean = await simulateSystem(system, { initial: [x], horizon: problem.horizon, steps, records });
    const known = { epsilon, times: mean.times, limit: Float64Array.from(mean.states, ([first]) => first) };
    if (epsilon < SMALLEST_SIMULATED) return { ...known, paths: [], steps: 0, warnings: [] };
    const value = await subject.prepared(nodes).solve({ epsilon, snapshots }, { clock });
    const control = { kind: 'argmin', value } as const;
    const where = { x: [x], y: [y], slow: domain.x, fast };
    const ensemble = await simulateTwoScale(problem, { epsilon, paths, seed, records, control, ...where }, { clock });
    const { states, dimension } = ensemble;
    const drawn = Array.from({ length: paths }, (_, k) => Float64Array.from(states, (state) => state[k * dimension]));
    return { ...known, paths: drawn, steps: ensemble.steps, warnings: ensemble.warnings };
  },
};

/** Whether U has one point. */
function hasNoChoice({ controls }: Problem): boolean {
  if (controls.kind === 'values') return controls.values.length === 1;
  const boxes = controls.kind === 'box' ? [controls] : controls.boxes;
  return boxes.length === 1 && boxes[0].lower.every((low, c) => low === boxes[0].upper[c]);
}

function spread({ lower, upper, nodes }: { lower: number; upper: number; nodes: number }): number[] {
  return Array.from({ length: nodes }, (_, i) => lower + (i / (nodes - 1)) * (upper - lower));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
