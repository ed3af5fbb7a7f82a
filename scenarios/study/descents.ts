/**
 * Where descents of a loss in the plane end, from the same starts:
 *
 *   ẋ = −∇f(x)          gradient descent, to rest;
 *   Ẋ = ∇F(X)           entropic gradient descent, F the local entropy, to rest;
 *   Ẋ = φ̄(X, ν_p)       the limit of the controlled system, p = Dv(T−t, X), up to T.
 */
import { solveEffectiveHjb } from '../../solvers/index.ts';
import { type Axis, coordinates } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { sample } from '../../src/grid/grid-function.ts';
import { dimensionsOf } from '../../src/model/problem.ts';
import type { Run } from '../../src/time/march.ts';
import { fastAxes, slowAxes } from '../grids.ts';
import type { Field, Fields } from './field.ts';
import { type FrozenMeasures, frozenMeasures, frozenMotion } from './frozen-motion.ts';
import type { StudySetup } from './setup.ts';
import { flattened, slopeAt, steepestSlope } from './slopes.ts';

/** How a loss is descended. */
export const descentMethods = ['gradient', 'entropic', 'controlled'] as const;

type DescentMethod = (typeof descentMethods)[number];

/** One descent: its way, the first point the start and the last one the end. */
type Way = readonly (readonly number[])[];

interface Descents {
  /** f on nodes of the x-box, the first axis fastest. */
  readonly landscape: { readonly axes: readonly (readonly number[])[]; readonly values: readonly number[] };
  readonly methods: readonly {
    readonly method: DescentMethod;
    readonly ways: readonly Way[];
    /** f at the ends. */
    readonly losses: readonly number[];
  }[];
}

/** Starts per axis, in this part of the x-box; nodes per axis of the landscape, of the table of ∇F, of v on the way. */
const STARTS = 6;
const INNER = 0.8;
const NODES = { landscape: 121, entropy: 49, value: 65 } as const;
/** Values v(τ, ·) kept for the controlled limit, at most, and its steps with each of them. */
const STEPS = 100;
const SUBSTEPS = 2;
/** Gradient descents: step, slope at which a point rests, and the most steps. */
const DESCENT = { step: 0.02, rest: 1e-4, most: 20_000 } as const;
/** Ends at least this far apart are two. */
const APART = 0.01;
/** Points of a way that are kept, at most. */
const KEPT = 60;

/** The descents of a deep-relaxation model with n = 2 and several valleys, else null. Rejects as the solver of v. */
export async function followDescents(setup: StudySetup, run: Run): Promise<Descents | null> {
  const { problem, scenario } = setup;
  if (problem.fast.deepRelaxation === undefined || dimensionsOf(problem).n !== 2) return null;
  const { loss, gradient } = problem.fast.deepRelaxation;
  const starts = startsIn(setup);
  const inside = (x: readonly number[]) =>
    x.map((value, i) => Math.min(Math.max(value, setup.slow[i].lower), setup.slow[i].upper));
  const measures = frozenMeasures(problem, setup.slow);
  const descended = starts.map((x) => toRest(x, (at) => gradient.map((slope) => -slope(at))));
  if (!partsWays(descended)) return null;
  const ascent = entropyGradient(setup, measures);
  const ways: [DescentMethod, Way[]][] = [
    ['gradient', descended],
    ['entropic', starts.map((x) => toRest(x, (at) => ascent(inside(at))))],
    ['controlled', await controlledWays(setup, measures, { starts, inside, run })],
  ];
  return {
    landscape: landscapeOf(slowAxes(scenario, [NODES.landscape]), loss),
    methods: ways.map(([method, found]) => ({
      method,
      ways: found.map(thinned),
      losses: found.map((way) => shortened(loss(way[way.length - 1]))),
    })),
  };
}

/** Descents as fields: ways over (start, point), the last points of shorter ones left out; none without descents. */
export function descentFields(descents: Descents | null): Fields {
  if (descents === null) return { axes: [], variables: [] };
  const { landscape, methods } = descents;
  const points = Math.max(...methods.flatMap(({ ways }) => ways.map((way) => way.length)));
  const axes = landscape.axes.map((nodes, a) => ({ name: `x${a + 1}_loss`, nodes, description: 'slow variable' }));
  const count = (name: string, length: number, description: string) => ({
    name,
    nodes: Array.from({ length }, (_, k) => k),
    description,
  });
  return {
    axes: [
      ...axes,
      count('descent', methods[0].ways.length, 'number of the descent'),
      count('descent_point', points, 'number of a point of the way, the start first'),
    ],
    variables: [
      {
        name: 'loss',
        description: 'the loss that is descended',
        axes: axes.map(({ name }) => name).toReversed(),
        values: landscape.values,
      },
      ...methods.flatMap(({ method, ways, losses }): Field[] => [
        ...[0, 1].map((i) => ({
          name: `descent_${method}_x${i + 1}`,
          description: `way of the ${method} descent`,
          axes: ['descent', 'descent_point'],
          values: ways.flatMap((way) => Array.from({ length: points }, (_, k) => way[k]?.[i] ?? null)),
        })),
        {
          name: `descent_${method}_loss`,
          description: `loss at the end of the ${method} descent`,
          axes: ['descent'],
          values: losses,
        },
      ]),
    ],
  };
}

/** Whether gradient descents end at different places. */
function partsWays(ways: readonly Way[]): boolean {
  const [first, ...others] = ways.map((way) => way[way.length - 1]);
  return others.some((end) => Math.hypot(end[0] - first[0], end[1] - first[1]) > APART);
}

/** The centres of a lattice of cells of the x-box without its rim. */
function startsIn({ slow }: StudySetup): number[][] {
  const along = slow.map(({ lower, upper }) =>
    Array.from({ length: STARTS }, (_, k) => {
      const part = (2 * (k + 0.5)) / STARTS - 1;
      return shortened((lower + upper) / 2 + (INNER * part * (upper - lower)) / 2);
    }),
  );
  return along[1].flatMap((second) => along[0].map((first) => [first, second]));
}

function landscapeOf(axes: readonly Axis[], loss: (x: readonly number[]) => number): Descents['landscape'] {
  const values: number[] = [];
  forEachNode(tensorGrid(axes), (_, x) => values.push(shortened(loss(Array.from(x)))));
  return { axes: axes.map((axis) => Array.from(coordinates(axis), shortened)), values };
}

/** ∇F(x) = −γ∫(x−y)dμ_x from a table, cubic between its nodes. */
function entropyGradient({ scenario, problem }: StudySetup, measures: FrozenMeasures) {
  const { gamma } = problem.fast.deepRelaxation as { gamma: number };
  const grid = tensorGrid(slowAxes(scenario, [NODES.entropy]));
  const tables = grid.axes.map(() => new Float64Array(grid.size));
  forEachNode(grid, (k, node) => {
    const measure = measures(Array.from(node));
    const mean = [0, 0];
    forEachNode(measure.grid, (j, y) => {
      for (let i = 0; i < 2; i++) mean[i] += measure.weights[j] * y[i];
    });
    for (let i = 0; i < 2; i++) tables[i][k] = -gamma * (node[i] - mean[i]);
  });
  return (x: readonly number[]) => tables.map((values) => sample({ grid, values }, x, [3, 3]));
}

/** Steps of Euler down a smooth field until it rests. */
function toRest(start: readonly number[], field: (x: readonly number[]) => readonly number[]): Way {
  const way: number[][] = [[...start]];
  for (let step = 0; step < DESCENT.most; step++) {
    const x = way[way.length - 1];
    const velocity = field(x);
    if (Math.hypot(...velocity) < DESCENT.rest) break;
    way.push(x.map((value, i) => value + DESCENT.step * velocity[i]));
  }
  return way;
}

/** Ẋ = φ̄(X, ν_p) with p from v(T−t, ·), solved on a finer x-grid than the tables and monotone. */
async function controlledWays(
  setup: StudySetup,
  measures: FrozenMeasures,
  {
    starts,
    inside,
    run,
  }: {
    readonly starts: readonly (readonly number[])[];
    readonly inside: (x: readonly number[]) => number[];
    readonly run: Run;
  },
): Promise<Way[]> {
  const { problem, scenario } = setup;
  const slow = slowAxes(scenario, [Math.max(NODES.value, setup.fine.nx)]);
  const fast = fastAxes(setup.fast, [setup.fine.ny]);
  const options = { slow, fast, scheme: 'upwind', snapshots: STEPS } as const;
  const solution = await solveEffectiveHjb(problem, options, { ...run, progress: undefined });
  const values = [...solution.history].sort((a, b) => b.tau - a.tau);
  const dt = problem.horizon / values.length / SUBSTEPS;
  const steepest = steepestSlope(solution);
  return starts.map((start) => {
    const way: number[][] = [[...start]];
    for (const snapshot of values) {
      for (let k = 0; k < SUBSTEPS; k++) {
        const x = way[way.length - 1];
        const p = slopeAt({ grid: solution.grid, values: snapshot.values }, x);
        const velocity = frozenMotion(problem, x, measures(x)).velocity(flattened(p, steepest));
        way.push(inside(x.map((value, i) => value + dt * velocity[i])));
      }
    }
    return way;
  });
}

function thinned(way: Way): Way {
  const every = Math.ceil(way.length / KEPT);
  return way.filter((_, k) => k % every === 0 || k === way.length - 1).map((x) => x.map(shortened));
}

function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
