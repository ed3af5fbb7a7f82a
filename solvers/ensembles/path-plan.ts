/** How a control becomes steps of paths: tables for compiled loops, compiled formulas, or a system of functions. */

import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import { InputError } from '../../src/input/input-error.ts';
import { fastNoise } from '../../src/model/fast-diffusion.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { type DriftTable, type Tabulated, tableOf, tabulate } from '../../src/paths/drift-table.ts';
import { linearFastDrift, meanReversionTable, steepestDrift } from '../../src/paths/linear-drift.ts';
import { ornsteinUhlenbeckStep } from '../../src/paths/ornstein-uhlenbeck.ts';
import { hasNoiseTerms } from '../../src/paths/path-system.ts';
import { type SlopeTables, slopeTables } from '../../src/paths/slope-tables.ts';
import { formulaPlan } from './formula-plan.ts';
import { nodalControl } from './open-loop.ts';
import { sides, slopesOf } from './path-control.ts';
import type { TwoScaleOptions } from './path-options.ts';
import type { PathsPlan } from './planned-steps.ts';

/** Fewest steps on [0,T]: the error of the averaged motion, of order 2, is then below 1e-4 of its size. */
export const FEWEST_STEPS = 200;
/** dt κ/ε of Heun: the error of V is about 7e-5 there for a smooth drift. */
export const RESOLUTION = 0.2;

/** Error of a table relative to the largest drift: below the statistical error of 10⁸ paths. */
const TABLE_TOLERANCE = 1e-6;

/**
 * The plan for a control. Throws InputError where a method or a control does not fit, and the reason of `signal` where
 * it is aborted while tables are made.
 */
export async function pathsPlan(problem: Problem, options: TwoScaleOptions, signal?: AbortSignal): Promise<PathsPlan> {
  const { control, method, drift } = options;
  const { n, m } = dimensionsOf(problem);
  if (hasNoiseTerms(problem)) return formulaPlan(problem, options);
  const oneByOne = n === 1 && m === 1;
  const tables = oneByOne && problem.runningCost === undefined && drift !== 'formulas';
  if (tables && control.kind === 'constant' && method !== 'heun') {
    const K = linearFastDrift(problem, [boxOf(options)[0].lower]);
    if (K !== null) return ornsteinUhlenbeckPlan(problem, options, [control.u, K[0][0]], signal);
  }
  const linear = oneByOne ? null : linearPlan(problem, options);
  if (linear !== null) return linear;
  if (method === 'ornstein-uhlenbeck') {
    throw new InputError(
      'exact Ornstein–Uhlenbeck steps do not apply here',
      'they need b = K(m(x) − y), φ affine in y, no running cost and a constant control',
      'leave the method out, or take heun, which resolves ε',
    );
  }
  const tabled = tables ? await tabledPlan(problem, options, signal) : null;
  return tabled === null || tabled.isCoarse ? formulaPlan(problem, options) : tabled.plan;
}

/** Relative to the largest drift: tables that are worse, where a drift jumps, are of no use. */
const COARSE = 1e-3;

interface TabledPlan {
  readonly plan: PathsPlan;
  readonly isCoarse: boolean;
}

async function tabledPlan(
  problem: Problem,
  options: TwoScaleOptions,
  signal: AbortSignal | undefined,
): Promise<TabledPlan | null> {
  const { control } = options;
  if (control.kind === 'constant') return tablePlan(problem, options, { controls: [control.u] }, signal);
  const controls = finiteControls(problem);
  if (control.kind === 'argmin' && controls !== null && controls.length <= 2) {
    const slopes = slopeTables(slopesOf(problem, control));
    return tablePlan(problem, options, { controls, slopes }, signal);
  }
  return openLoopPlan(problem, options, signal);
}

function boxOf({ slow, fast }: TwoScaleOptions): [Interval, Interval] {
  return [sides(slow)[0], sides(fast)[0]];
}

async function ornsteinUhlenbeckPlan(
  problem: Problem,
  { epsilon, slow }: TwoScaleOptions,
  [u, kappa]: readonly [Coordinates, number],
  signal: AbortSignal | undefined,
): Promise<PathsPlan> {
  const frozen = { u, kappa, slow: sides(slow)[0] };
  const { table, error } = await meanReversionTable(problem, frozen, TABLE_TOLERANCE, signal);
  return {
    method: 'ornstein-uhlenbeck',
    windows: 1,
    tableError: [error[0], kappa * error[1]],
    isBoundToBox: table.x.nodes > 2,
    extra: [],
    make: ({ dt }) => ({ kind: 'ornstein-uhlenbeck', table, step: ornsteinUhlenbeckStep(kappa, epsilon, dt) }),
  };
}

/** Steps of formulas cost so much more than compiled Heun steps. */
const LINEAR_COST = 25;

/** Exact steps in several variables, where asked for or where Heun would have to take many times as many; else null. */
function linearPlan(problem: Problem, options: TwoScaleOptions): PathsPlan | null {
  const { control, method, epsilon, slow, fast } = options;
  if (control.kind !== 'constant' || problem.runningCost !== undefined || method === 'heun') return null;
  const box = { slow: sides(slow), fast: sides(fast) };
  const heun = (problem.horizon * steepestDrift(problem, box)) / (RESOLUTION * epsilon);
  if (method === undefined && heun < LINEAR_COST * FEWEST_STEPS) return null;
  const centre = box.slow.map(({ lower, upper }) => (lower + upper) / 2);
  const K = linearFastDrift(problem, centre);
  if (K === null) return null;
  const { u } = control;
  const none = { windows: 1, tableError: [0, 0] as const, isBoundToBox: false, extra: [] };
  return { ...none, method: 'ornstein-uhlenbeck', make: () => ({ linear: { K, u, epsilon } }) };
}

/** Heun on a table for every control, and the slopes that choose between two. */
async function tablePlan(
  problem: Problem,
  options: TwoScaleOptions,
  { controls, slopes }: { readonly controls: readonly Coordinates[]; readonly slopes?: SlopeTables },
  signal: AbortSignal | undefined,
): Promise<TabledPlan> {
  const { tables, plan, isCoarse } = await onSameNodes(problem, controls, options, signal);
  const choice = slopes === undefined || tables.length < 2 ? null : { other: tables[1], slopes };
  const windows = choice?.slopes.windows.length ?? 1;
  const make: PathsPlan['make'] = ({ drawn, steps }) => ({
    kind: 'heun',
    table: tables[0],
    choice,
    stepsPerWindow: steps / windows,
    noise: fastNoise(options.epsilon) * Math.sqrt(drawn),
  });
  return { plan: { ...plan, windows, make }, isCoarse };
}

/** Heun on the tables of the ends of U where every φ(·,·,u) lies between theirs as u does between them; else null. */
async function openLoopPlan(
  problem: Problem,
  options: TwoScaleOptions,
  signal: AbortSignal | undefined,
): Promise<TabledPlan | null> {
  const { control } = options;
  const extremes = finiteControls(problem);
  if (control.kind !== 'open-loop' || extremes === null || extremes.length > 2 || extremes[0].length !== 1) return null;
  const ends = [extremes[0][0], extremes[extremes.length - 1][0]] as const;
  const { tables, plan, isCoarse } = await onSameNodes(problem, [[ends[0]], [ends[1]]], options, signal);
  const make: PathsPlan['make'] = ({ dt, steps, drawn }) => {
    const nodal = nodalControl(control, dt, steps);
    return {
      kind: 'open-loop',
      table: tables[0],
      other: tables[1],
      weights: Float64Array.from({ length: steps + 1 }, (_, k) => weightBetween(ends, nodal(k)[0])),
      noise: fastNoise(options.epsilon) * Math.sqrt(drawn),
    };
  };
  return { plan: { ...plan, make }, isCoarse };
}

/** w of u = u₀ + w (u₁ − u₀); 0 where u₀ = u₁. */
function weightBetween([from, to]: readonly [number, number], u: number): number {
  return from === to ? 0 : (u - from) / (to - from);
}

/** (φ, b/ε) under every control, on the nodes that the most demanding of them needs, and what plans say of them. */
async function onSameNodes(
  problem: Problem,
  controls: readonly Coordinates[],
  options: TwoScaleOptions,
  signal: AbortSignal | undefined,
) {
  const box = boxOf(options);
  const fields = controls.map((u) => (out: Float64Array, x: number, y: number) => {
    out[0] = problem.slowDrift[0]([x], [y], u);
    out[1] = problem.fast.drift[0]([x], [y]) / options.epsilon;
  });
  const made: Tabulated[] = [];
  for (const field of fields) made.push(await tabulate(field, box, TABLE_TOLERANCE, signal));
  const most = (count: (table: DriftTable) => number) => Math.max(...made.map(({ table }) => count(table)));
  const nodes = [most(({ x }) => x.nodes), most(({ y }) => y.nodes)] as const;
  const worst = (i: 0 | 1) => Math.max(...made.map(({ error }) => error[i]));
  const isCoarse = made.some(({ error, scale }) => error.some((each, c) => each > COARSE * scale[c]));
  const plan = {
    method: 'heun',
    windows: 1,
    tableError: [worst(0), options.epsilon * worst(1)],
    isBoundToBox: nodes[0] > 2 || nodes[1] > 2,
    extra: [],
  } as const;
  const tables: DriftTable[] = [];
  for (const field of fields) tables.push(await tableOf(field, box, nodes, signal));
  return { tables, plan, isCoarse };
}
