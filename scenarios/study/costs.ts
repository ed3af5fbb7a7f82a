/**
 * What the pieces of a study take, in seconds of one core of a usual machine and in bytes: good enough to share work
 * between processes and to say whether a study takes seconds, minutes or hours. Measured on the library scenarios.
 */
import { dimensionsOf } from '../../src/model/problem.ts';
import type { Case } from './cases.ts';
import type { StudySetup } from './setup.ts';

/** Coefficients and operators at a node, by how the minimum over U is taken; an update of a node. */
const SETUP = { affine: 3e-6, other: 3e-5 } as const;
const UPDATE = { own: 1.2e-8, sharp: 7e-8 } as const;
/** A step of a path, with what the error of its time step takes. */
const PATH_STEP = 2e-7;
/** Steps of a path, roughly. */
const PATH_STEPS = 1500;
/** Doubles per node that a solve holds: six of IMEX Euler, those of several stages, the values. */
const HELD = 16;

export function costOfCase(setup: StudySetup, wanted: Case): number {
  const steps = wanted.nx * wanted.timeFactor;
  const isAffine = setup.problem.controls.kind !== 'box' || dimensionsOf(setup.problem).n === 1;
  return nodesOf(setup, wanted) * (SETUP[isAffine ? 'affine' : 'other'] + UPDATE[wanted.scheme] * steps);
}

export function bytesOfCase(setup: StudySetup, wanted: Case): number {
  return 8 * HELD * nodesOf(setup, wanted);
}

function nodesOf({ slow, fast }: StudySetup, { nx, ny }: Case): number {
  return nx ** slow.length * ny ** fast.length;
}

/** An ensemble at one ε. */
export function costOfPaths({ slow, fast }: StudySetup, count: number): number {
  return count * PATH_STEPS * PATH_STEP * (slow.length + fast.length);
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
  fields: [0.7, 2],
  limitPath: [0.2, 1],
} as const;

export function costOfPart({ slow, fast }: StudySetup, part: keyof typeof partCosts): number {
  return partCosts[part][slow.length + fast.length > 2 ? 1 : 0];
}
