/** The models on which the claims are measured, and how finely. */
import { evenAxes, stationaryMeasure } from '../../solvers/index.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode } from '../../src/grid/grid.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import {
  boxesOf,
  type Coordinates,
  dimensionsOf,
  type Exact,
  type Interval,
  type Problem,
} from '../../src/model/problem.ts';
import { fastAxes, fastDomain, observedBox, slowAxes } from '../grids.ts';
import { knownLimit } from '../known-limit.ts';
import type { Scenario } from '../scenario.ts';

/** How much work is spent on a row. */
export type Effort = 'quick' | 'full';

/** What the measurements are lent. */
export interface ClaimRun {
  readonly kernel: Kernel;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly effort: Effort;
  readonly seed: number;
}

/** A value (τ, x) ↦ v. */
type Limit = NonNullable<Exact['limit']>;

export interface Model {
  readonly name: string;
  readonly title: string;
  readonly problem: Problem;
  /** The same with the learning rate held at its upper end: (S) without control. */
  readonly uncontrolled: Problem;
  /** A point at which values, cells and paths are compared. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** K. */
  readonly observe: { readonly x: readonly Interval[]; readonly y: readonly Interval[] };
  /** v, exact. */
  readonly limit: Limit;
  /** 𝒱, exact: the least f on the way of entropic gradient descent, at which a control that does not see Y may stop. */
  readonly blindLimit: Limit;
  /** Where μ_x lives for x in the domain. */
  readonly fastBox: readonly Interval[];
  /** Slow and fast axes; `share` of the nodes of the effort. */
  axes(share?: number): { readonly slow: Axis[]; readonly fast: Axis[] };
  /** The share at which Vᵉ itself is compared, beside half of it; in the plane half the usual nodes are too few. */
  readonly valueShare: number;
  /** Nodes per fast axis of cell problems. */
  readonly cellNodes: number;
  /** Scale separations at which values and paths are compared, falling. */
  readonly epsilons: {
    readonly values: readonly number[];
    /** At a fixed learning rate, and under a feedback, whose steps must resolve ε. */
    readonly paths: readonly number[];
    readonly feedback: readonly number[];
  };
  readonly paths: number;
}

interface Sizes {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Nodes per slow and fast axis, per effort. */
  readonly nodes: Record<Effort, readonly [number, number]>;
  readonly cellNodes: Record<Effort, number>;
  readonly epsilons: Model['epsilons'];
  readonly paths: Record<Effort, number>;
}

/** In the plane Vᵉ needs more than the usual nodes to be told from 𝒱. */
const VALUE_SHARES: Record<Effort, number> = { quick: 1.5, full: 1.875 };

const VALUES = [0.1, 0.01, 0.001, 1e-4];

/** The library scenarios of `hjb reproduce`: quadratic, not convex, in the plane. */
export const modelSizes: Readonly<Record<string, Sizes>> = {
  quadratic: {
    x: [1],
    y: [0],
    nodes: { quick: [101, 51], full: [401, 101] },
    cellNodes: { quick: 401, full: 1601 },
    epsilons: { values: VALUES, paths: [0.01, 0.001, 1e-4], feedback: [0.1, 0.05, 0.01] },
    paths: { quick: 6000, full: 20000 },
  },
  multiwell: {
    x: [1.8],
    y: [0.5],
    nodes: { quick: [129, 65], full: [385, 97] },
    cellNodes: { quick: 401, full: 1601 },
    epsilons: { values: VALUES, paths: [0.01, 0.003, 0.001], feedback: [0.04, 0.02, 0.005] },
    paths: { quick: 6000, full: 20000 },
  },
  'isotropic-2d': {
    x: [1.25, 0],
    y: [0, 0],
    nodes: { quick: [17, 13], full: [25, 17] },
    cellNodes: { quick: 101, full: 161 },
    epsilons: { values: VALUES, paths: [0.03, 0.01, 0.005], feedback: [0.2, 0.1, 0.03] },
    paths: { quick: 600, full: 4000 },
  },
};

export function modelOf(scenario: Scenario, effort: Effort): Model {
  const { problem } = scenario;
  const sizes = modelSizes[scenario.name];
  const box = fastDomain(scenario);
  const [slowNodes, fastNodes] = sizes.nodes[effort];
  const { controls } = problem;
  const upper = controls.kind === 'box' ? { ...controls, lower: controls.upper } : controls;
  const uncontrolled = { ...problem, controls: upper, exact: undefined };
  const descended = exactLimit({ ...scenario, problem: uncontrolled });
  return {
    name: scenario.name,
    title: scenario.title,
    problem,
    uncontrolled,
    x: sizes.x,
    y: sizes.y,
    observe: observedBox(scenario),
    limit: exactLimit(scenario),
    blindLimit: (tau, x) => Math.min(...STOPS.map((share) => descended(share * tau, x))),
    fastBox: box,
    axes: (share = 1) => ({
      slow: slowAxes(scenario, [fraction(slowNodes, share)]),
      fast: fastAxes(box, [fraction(fastNodes, share)]),
    }),
    valueShare: sizes.x.length === 1 ? 1 : VALUE_SHARES[effort],
    cellNodes: sizes.cellNodes[effort],
    epsilons: sizes.epsilons,
    paths: sizes.paths[effort],
  };
}

/** p̄ of the cell problems, the first unit vector. */
export function slopeOf({ x }: Model): number[] {
  return x.map((_, i) => (i === 0 ? 1 : 0));
}

/** Shares of [0,T] at which a blind control may stop. */
const STOPS = Array.from({ length: 9 }, (_, k) => k / 8);

function exactLimit(scenario: Scenario): Limit {
  const limit = knownLimit(scenario);
  if (limit !== undefined) return limit;
  throw new InputError(
    `no exact limit is known for ${scenario.name}`,
    'claims are compared with the exact v and 𝒱',
    'measure them on quadratic, multiwell or isotropic-2d',
  );
}

/** 𝒱 − v at (T, x): what separates the theorem from the control that does not see Y. */
export function exactGain({ blindLimit, limit, problem, x }: Model): number {
  return blindLimit(problem.horizon, x) - limit(problem.horizon, x);
}

/** Nodes that halve the number of cells, not that of nodes. */
function fraction(nodes: number, share: number): number {
  return Math.round((nodes - 1) * share) + 1;
}

/**
 * Entropic gradient descent dX/dt = φ̄(X), φ̄ = ∫φ(X,y,u) dμ_X = u∇F(X) at the upper end of U, up to time T: the points
 * of `steps` equal steps of the classical Runge–Kutta method, the start included.
 */
export function entropicDescent(model: Model, steps: number): number[][] {
  const slope = (point: readonly number[]) => averagedDrift(model, point);
  const dt = model.problem.horizon / steps;
  const moved = (from: readonly number[], along: readonly number[], by: number) =>
    from.map((v, i) => v + by * along[i]);
  const path = [[...model.x]];
  for (let k = 0; k < steps; k++) {
    const at = path[k];
    const first = slope(at);
    const second = slope(moved(at, first, dt / 2));
    const third = slope(moved(at, second, dt / 2));
    const fourth = slope(moved(at, third, dt));
    path.push(at.map((v, i) => v + (dt / 6) * (first[i] + 2 * second[i] + 2 * third[i] + fourth[i])));
  }
  return path;
}

/** Nodes per fast axis on which smooth fields are averaged: the trapezoidal rule is exact to round-off there. */
const AVERAGE_NODES = { 1: 201, 2: 61, 3: 41 } as const;

/** φ̄(x) at the upper end of U. */
export function averagedDrift({ uncontrolled: problem, fastBox }: Model, x: readonly number[]): number[] {
  const { grid, weights } = stationaryMeasure(problem, x, evenAxes(fastBox, AVERAGE_NODES[dimensionsOf(problem).m]));
  const u = upperEnd(problem);
  const sums = problem.slowDrift.map(() => 0);
  forEachNode(grid, (j, y) => {
    problem.slowDrift.forEach((drift, i) => {
      sums[i] += weights[j] * drift(x, y, u);
    });
  });
  return sums;
}

/** The upper end of U. */
export function upperEnd({ controls }: Problem): Coordinates {
  const boxes = boxesOf(controls);
  return boxes[boxes.length - 1].upper;
}
