/** What the two solvers on a grid, `solve` and `effective`, have in common. */
import type { ArgsDef } from 'citty';
import type { Outcome } from '../../solvers/index.ts';
import type { FastScheme } from '../../src/generator/fast-generator.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { axesOn, fastAxes, fastDomain, slowAxes } from '../grids.ts';
import type { Scenario } from '../scenario.ts';
import type { Request } from './command.ts';
import { nodesPerAxis } from './flag-values.ts';
import type { FramedDomain } from './frame.ts';
import { columns, comparison, shownInterval } from './layout.ts';
import { fastSchemes } from './method.ts';
import { onKernel } from './on-kernel.ts';
import { inScenario } from './opened.ts';
import { namesOf } from './points.ts';
import { progressOf } from './progress.ts';

export const gridFlags = {
  nodes: {
    type: 'string',
    valueHint: 'x=401,y=201',
    description: 'nodes per axis (default: finest level of the study)',
  },
  steps: {
    type: 'string',
    valueHint: 'K',
    description: 'time steps (default: the fewest the scheme allows)',
  },
  fast: {
    type: 'enum',
    options: Object.keys(fastSchemes),
    description: 'scheme in y (default scharfetter-gummel, order 2)',
  },
} satisfies ArgsDef;

/** Axes with the nodes of --nodes; in a moving frame the fast ones are those of z. Throws InputError. */
export function gridsOf(scenario: Scenario, { given }: Request, framed: FramedDomain | null = null) {
  const names = namesOf(scenario);
  const { x, y } = scenario.study.nodes;
  const [nx, ny] = nodesPerAxis(given, [
    { letter: 'x', names: names.x, usual: Math.max(...x) },
    { letter: 'y', names: names.y, usual: Math.max(...y) },
  ]);
  const fastScheme = (given.value('fast') ?? 'scharfetter-gummel') as FastScheme;
  const fast = framed === null ? fastAxes(fastDomain(scenario), ny) : axesOn('z', framed.box, ny);
  return { names, slow: slowAxes(scenario, nx), fast, fastScheme };
}

/** What a solver is lent for a run. */
export interface SolverRun {
  readonly kernel: Kernel;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly progress: (fraction: number) => void;
}

/** Runs a solver with progress; its InputErrors get their line of the scenario. */
export async function solving<Value>(
  request: Request,
  label: string,
  scenario: Scenario,
  solver: (run: SolverRun) => Promise<Value>,
): Promise<Value> {
  const { signal, clock } = request.io;
  const progress = progressOf(request);
  const report = (fraction: number) => progress.report(label, fraction);
  try {
    return await onKernel(request, (kernel) =>
      inScenario(scenario, () => solver({ kernel, signal, clock, progress: report })),
    );
  } finally {
    progress.stop();
  }
}

/** 401 × 101 nodes, x ∈ [-2.5, 2.5], y ∈ [-4.5, 4.5]. */
export function shownGrid(axes: readonly { name: string; lower: number; upper: number; nodes: number }[]): string {
  const boxes = axes.map((axis) => `${axis.name} ∈ ${shownInterval(axis)}`);
  return `${axes.map(({ nodes }) => nodes).join(' × ')} nodes, ${boxes.join(', ')}`;
}

/** A value at a point, beside the exact one where it is known. */
export interface PointValue {
  readonly value: number | null;
  readonly exact?: number;
  readonly error?: number;
}

/** A value beside the exact one; null where the solution diverged, whatever numbers it left behind. */
export function compared({ outcome }: { readonly outcome: Outcome }, value: number, exact?: number): PointValue {
  if (outcome.status === 'diverged' || !Number.isFinite(value)) return { value: null };
  if (exact === undefined || !Number.isFinite(exact)) return { value };
  return { value, exact, error: Math.abs(value - exact) };
}

/** The points with their values. */
export function pointTable(
  names: readonly string[],
  points: readonly (readonly number[])[],
  at: readonly PointValue[],
  label: string,
): string {
  const { header, cells } = comparison(at, label);
  return columns(
    [...names, ...header],
    points.map((point, k) => [...point.map(String), ...cells[k]]),
  );
}
