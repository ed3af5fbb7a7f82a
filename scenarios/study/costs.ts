/**
 * What the pieces of a study take, in seconds of one core of a usual machine and in bytes: good enough to share work
 * between processes and to say whether a study takes seconds, minutes or hours. Measured on the library scenarios.
 */

import { stepsOfHeun } from '../../solvers/workbench.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import { isReversible } from '../../src/model/fast-scale.ts';
import { linearFastDrift } from '../../src/paths/linear-drift.ts';
import type { Case } from './cases.ts';
import type { StudySetup } from './setup.ts';
import { snapshotsOf } from './values-on-the-way.ts';

/** Coefficients and operators at a node: on the line by how the minimum over U is taken; in the plane. */
const SETUP = { finite: 4e-7, other: 8e-6, inPlane: 2.5e-6 } as const;
/** An update of a node: on the line; in the plane by lines with a potential, else by planes; of sharper schemes. */
const UPDATE = { onLine: 1e-8, byLines: 2.5e-8, byPlanes: 1.7e-7, sharp: 5e-8 } as const;
/** Steps per node of an x-axis, and the fewest: problems in the plane have few nodes and steep drifts. */
const STEPS = { perNode: 0.35, fewest: 60 } as const;
/** A case beside its nodes. */
const CASE = 5e-3;

/** Doubles per node that a solve holds beside the values it keeps: six of IMEX Euler, those of several stages. */
const HELD = 16;

export function costOfCase(setup: StudySetup, wanted: Case): number {
  const usual = Math.max(STEPS.fewest, STEPS.perNode * wanted.nx);
  const steps = usual * wanted.timeFactor;
  return CASE + nodesOf(setup, wanted) * (setupOf(setup) + updateOf(setup, wanted) * steps);
}

function setupOf({ problem, slow, fast }: StudySetup): number {
  if (slow.length + fast.length > 2) return SETUP.inPlane;
  return finiteControls(problem) === null ? SETUP.other : SETUP.finite;
}

function updateOf({ problem, slow, fast }: StudySetup, { scheme, kind }: Case): number {
  if (scheme === 'sharp') return UPDATE.sharp;
  // The limit equation solves nothing in y.
  if (slow.length + fast.length === 2 || kind === 'effective') return UPDATE.onLine;
  return isReversible(problem) ? UPDATE.byLines : UPDATE.byPlanes;
}

export function bytesOfCase(setup: StudySetup, wanted: Case): number {
  return 8 * (HELD + (snapshotsOf(setup, wanted) ?? 0)) * nodesOf(setup, wanted);
}

function nodesOf({ slow, fast }: StudySetup, { nx, ny }: Case): number {
  return nx ** slow.length * ny ** fast.length;
}

/** A step of a path with what the error of its time step takes, by what the step is made of; what all share. */
const PATH_STEP = { exact: 2e-7, table: 5e-8, formulas: 2.8e-7, system: 3.2e-6 } as const;
const ENSEMBLE = 1;
/** Fewest steps: those of a plain motion; with a table for every window of time on the line, and in the plane. */
const PATH_STEPS = { plain: 200, onLine: 1500, inPlane: 500 } as const;

/** An ensemble of so many paths at one ε, from y, on these axes. */
export function costOfPaths(
  { problem, slow, fast }: StudySetup,
  { count, ...place }: Omit<Parameters<typeof stepsOfHeun>[1], 'control'> & { readonly count: number },
): number {
  const isLine = slow.length + fast.length === 2;
  const isFree = problem.controls.names.length === 0;
  const middle = slow.map(({ lower, upper }) => (lower + upper) / 2);
  if (isFree && isLine && problem.runningCost === undefined && linearFastDrift(problem, middle) !== null) {
    return ENSEMBLE + count * PATH_STEPS.plain * PATH_STEP.exact;
  }
  const control = { kind: isFree ? 'constant' : 'argmin' } as const;
  const fewest = isFree ? PATH_STEPS.plain : isLine ? PATH_STEPS.onLine : PATH_STEPS.inPlane;
  const steps = Math.max(fewest, stepsOfHeun(problem, { ...place, control }));
  const isChosen = finiteControls(problem) !== null;
  const made = !isLine || !isChosen ? 'system' : problem.runningCost === undefined ? 'table' : 'formulas';
  return ENSEMBLE + count * steps * PATH_STEP[made];
}

/** Parts beside the solves: on the line, in the plane. */
export const partCosts = {
  assumptions: [0.2, 0.5],
  cells: [0.2, 5],
  trap: [0.05, 3],
  cellGrids: [0.05, 1],
  hamiltonians: [0.2, 3.5],
  certificateOfValue: [1.3, 7],
  certificateOfLimit: [1, 3],
  values: [0.1, 0.5],
  budget: [0.1, 0.5],
  fields: [0.7, 4],
  limitPath: [0.2, 1],
} as const;

export function costOfPart({ slow, fast }: StudySetup, part: keyof typeof partCosts): number {
  return partCosts[part][slow.length + fast.length > 2 ? 1 : 0];
}
